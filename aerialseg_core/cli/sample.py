"""`aerialseg sample`."""

from __future__ import annotations

from pathlib import Path

import click

from .options import FILE, open_reporter, overwrite_option, print_result, progress_option


@click.command(short_help="Get a scene to try things on.")
@click.argument("output", metavar="OUT.tif", type=FILE)
@click.option("--offline", is_flag=True, help="Draw the built-in scene, without asking the package index.")
@overwrite_option
@progress_option
def sample(output: Path, offline: bool, overwrite: bool, progress: str) -> None:
    """Write OUT.tif, an aerial RGB scene of 1000 × 1000 px at 0.25 m.

    It is a real orthophoto out of the Python package index, kept in the user's cache. Where the index cannot be
    reached the built-in scene is drawn, and the reason said.

    \b
    Examples:
      aerialseg sample scene.tif
      aerialseg sample scene.tif --offline --overwrite
    """
    from ..samples.sample import sample as get_sample

    with open_reporter(progress) as reporter:
        info = get_sample(output, offline=offline, overwrite=overwrite, reporter=reporter)
    print_result(progress, f"wrote {info.path}: {info.source}")
