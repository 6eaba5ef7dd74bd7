"""`aerialseg batch`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from .options import FILE, open_reporter, overwrite_option, print_result, progress_option, segment_options


@click.command(short_help="Segment a folder of rasters.")
@click.argument("folder", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, help="Folder for the results.")
@click.option(
    "--pattern",
    multiple=True,
    metavar="PATTERN",
    help="Which files of the folder; may be repeated.  [default: *.tif,*.tiff]",
)
@click.option("--recursive", is_flag=True, help="Sub-folders too.")
@click.option("--polygons", is_flag=True, help="Write class polygons as well.")
@click.option("--confidence", is_flag=True, help="Write confidence rasters as well.")
@click.option("--unlike", is_flag=True, help="Write rasters of how unlike the training images it is as well.")
@segment_options
@overwrite_option
@progress_option
def batch(folder: Path, output: Path, pattern: tuple[str, ...], recursive: bool, progress: str, **options: Any) -> None:
    """Segment every raster of FOLDER with one loaded model.

    A bad file does not stop the others; a second run does only what is missing. Rasters that are not 8-bit are
    stretched by one range, estimated over the folder and recorded in the maps; --range per-raster stretches each by
    itself.

    Patterns take capital and small letters alike; what lies beside rasters (.tfw, .aux.xml, …) and maps that aerialseg
    has made are passed over.

    \b
    Examples:
      aerialseg batch orthophotos/ -o maps/ --recursive --polygons
      aerialseg batch orthophotos/ -o maps/ --pattern "*.jp2" --pattern "*.tif"
    """
    from ..errors import BatchError
    from ..segmentation.batch import PATTERNS, format_table, make_recursive
    from ..segmentation.batch import batch as run_batch

    with open_reporter(progress) as reporter:
        patterns = make_recursive(pattern or PATTERNS) if recursive else pattern or PATTERNS
        results = run_batch(folder, output, pattern=patterns, reporter=reporter, **options)
        reporter.result(scenes=[asdict(result) for result in results])
    print_result(progress, format_table(results))
    failed = [result for result in results if result.status == "failed"]
    if failed:
        raise BatchError(f"{len(failed)} of {len(results)} scenes failed.", "The table says why; the others are done.")
