"""`aerialseg preview`."""

from __future__ import annotations

import json
import signal
import sys
from dataclasses import asdict
from typing import Any

import click

from .options import open_reporter, print_result, progress_option
from .segment import segment
from .usage import make_usage_error


@click.command(short_help="Segment places one by one, as they are asked for on stdin.")
@progress_option
def preview(progress: str) -> None:
    """Answer requests until stdin ends: each line of it is a JSON list of arguments of `aerialseg segment`.

    The model stays loaded between them. Only the class raster is written, and replaced if it is there. With
    `--progress json` each request is answered by one `result` or `error`, and an error ends only its request.

    \b
    Example:
      echo '["ortho.tif", "-o", "here.tif", "--extent", "0,0,300,300"]' | aerialseg preview
    """
    from ..config import SegmentOptions
    from ..errors import AerialSegError, Cancelled
    from ..segmentation.preview import Previewer

    previewer = Previewer()
    for line in sys.stdin:
        with open_reporter(progress) as reporter:
            try:
                asked = _read_request(line)
                wanted: Any = {name: asked[name] for name in SegmentOptions.__annotations__ if name in asked}
                result = previewer.segment(asked["scene"], asked["output"], reporter=reporter, **wanted)
                reporter.result(**{key: value for key, value in asdict(result).items() if key != "grid"})
                print_result(progress, f"wrote {result.classes}")
            except Cancelled:
                raise
            except AerialSegError as error:
                reporter.error(error)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # who waits for a line has nothing to stop within a batch
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _read_request(line: str) -> dict[str, Any]:
    """Return the parameters of `aerialseg segment` for a line of stdin.

    Raises:
        ParameterError: It is no list of its arguments.
    """
    from ..errors import ParameterError

    try:
        arguments = json.loads(line)
    except (ValueError, RecursionError):
        arguments = None
    if not isinstance(arguments, list) or not all(isinstance(text, str) for text in arguments):
        raise ParameterError(
            "preview-no-list", "A request is no list of texts.", 'Send a line such as ["a.tif", "-o", "b.tif"].'
        )
    try:
        return dict(segment.make_context("segment", arguments, help_option_names=[]).params)
    except click.ClickException as error:
        raise make_usage_error(error, "See `aerialseg segment --help`.") from None
