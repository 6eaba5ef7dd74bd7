"""`aerialseg engines`."""

from __future__ import annotations

from dataclasses import asdict

import click

from .options import open_reporter, print_result, progress_option


@click.command(short_help="List what can run a model here.")
@progress_option
def engines(progress: str) -> None:
    """List the engines that are usable here, on which device and precision, and why the rest is not.

    The first one is what `--engine auto` takes.

    \b
    Example:
      aerialseg engines
    """
    from ..model.engines import explain_unused_gpu, list_engines

    with open_reporter(progress) as reporter:
        infos, unused = list_engines(), explain_unused_gpu()
        reporter.result(engines=[asdict(info) for info in infos])
    for info in infos:
        state = f"{info.device}, {info.precision}" if info.usable else f"not usable: {info.reason}"
        print_result(progress, f"{info.name:<12} {state}")
    if unused:
        print_result(progress, unused)
