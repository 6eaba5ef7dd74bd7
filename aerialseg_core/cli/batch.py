"""`aerialseg batch`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from .options import FILE, overwrite_option, progress_option, run, say, segment_options


@click.command(short_help="Segment a folder of rasters.")
@click.argument("folder", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, help="Folder for the results.")
@click.option("--pattern", default="*.tif", show_default=True, help="Which files of the folder.")
@click.option("--recursive", is_flag=True, help="Sub-folders too.")
@click.option("--polygons", is_flag=True, help="Write class polygons as well.")
@click.option("--confidence", is_flag=True, help="Write confidence rasters as well.")
@segment_options
@overwrite_option
@progress_option
def batch(folder: Path, output: Path, pattern: str, recursive: bool, progress: str, **options: Any) -> None:
    """Segment every raster of FOLDER with one loaded model.

    A bad file does not stop the others; a second run does only what is missing. Rasters that are not 8-bit are
    stretched by one range, estimated over the folder and recorded in the maps; --range per-raster stretches each by
    itself.

    \b
    Example:
      aerialseg batch orthophotos/ -o maps/ --recursive --polygons
    """
    from ..errors import BatchError
    from ..folder import batch as run_batch
    from ..folder import table

    with run(progress) as reporter:
        pattern = f"**/{pattern}" if recursive else pattern
        results = run_batch(folder, output, pattern=pattern, reporter=reporter, **options)
        reporter.result(scenes=[asdict(result) for result in results])
    say(progress, table(results))
    failed = [result for result in results if result.status == "failed"]
    if failed:
        raise BatchError(f"{len(failed)} of {len(results)} scenes failed.", "The table says why; the others are done.")
