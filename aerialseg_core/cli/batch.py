"""`aerialseg batch`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..config import ORDERS, POLYGON_FORMATS
from .options import FILE, open_reporter, overwrite_option, print_result, progress_option, segment_options, stac_option

if TYPE_CHECKING:
    from ..progress import Reporter

_OF_RESULTS = ("polygons", "polygon_format", "confidence", "unlike", "seams", "stac", "overwrite", "shard")


@click.command(short_help="Segment many rasters.")
@click.argument("scenes", metavar="INPUT...", nargs=-1, required=True)
@click.option("-o", "--output", type=FILE, required=True, help="Folder for the results, or s3://BUCKET/KEY.")
@click.option(
    "--pattern",
    multiple=True,
    metavar="PATTERN",
    help="Which files of a folder; may be repeated.  [default: *.tif,*.tiff]",
)
@click.option("--recursive", is_flag=True, help="Sub-folders too.")
@click.option("--asset", metavar="KEY", help="Which asset of STAC items is the raster.  [default: the only one]")
@click.option("--polygons", is_flag=True, help="Write class polygons as well.")
@click.option(
    "--polygon-format",
    type=click.Choice(POLYGON_FORMATS),
    default="gpkg",
    show_default=True,
    help="Ending of the names of polygons; parquet/ makes folders of GeoParquet files.",
)
@click.option("--confidence", is_flag=True, help="Write confidence rasters as well.")
@click.option("--unlike", is_flag=True, help="Write rasters of how unlike the training images it is as well.")
@click.option("--seams", is_flag=True, help="Write rasters of how much overlapping windows disagreed as well.")
@click.option("--mosaic", is_flag=True, help="Read rasters that belong together as one: no seams between them.")
@click.option(
    "--order",
    type=click.Choice(ORDERS),
    default="newest",
    show_default=True,
    help="Which raster of a mosaic is seen where they overlap; first and last by name.",
)
@click.option(
    "--shard",
    metavar="I/N",
    help="Do the I-th of N shares of the rasters, or of the blocks of a mosaic; the same command without it the rest.",
)
@stac_option
@segment_options
@overwrite_option
@click.option("--plan", "plan_only", is_flag=True, help="Say what would be done, and stop.")
@progress_option
def batch(
    scenes: tuple[str, ...],
    output: Path,
    pattern: tuple[str, ...],
    recursive: bool,
    plan_only: bool,
    progress: str,
    **options: Any,
) -> None:
    """Segment many rasters with one loaded model.

    INPUT is a folder, a pattern in quotes, a list of paths and addresses (.txt), a table with a column path (.csv),
    an item collection of STAC (.json), or a raster; each of them may be an address (https://, s3://), folders and
    patterns in object stores only. What is relative in a file is relative to that file.

    A bad file does not stop the others, and one that cannot be read is tried again at the end; a second run does only
    what is missing. Rasters that are not 8-bit are stretched by one range, estimated over all of them and recorded in
    the maps; --range per-raster stretches each by itself.

    Patterns take capital and small letters alike; what lies beside rasters (.tfw, .aux.xml, …) and maps that aerialseg
    has made are passed over.

    \b
    Examples:
      aerialseg batch orthophotos/ -o maps/ --recursive --polygons
      aerialseg batch orthophotos/ -o maps/ --pattern "*.jp2" --pattern "*.tif"
      aerialseg batch "orthophotos/2025*/*.tif" -o maps/
      aerialseg batch sheets.csv -o maps/
      aerialseg batch items.json -o maps/ --asset visual
      aerialseg batch s3://bucket/orthophotos/ -o s3://bucket/maps --plan
      aerialseg batch sheets/ -o maps/ --mosaic --polygons
      aerialseg batch country/ -o maps/ --mosaic --polygons --polygon-format parquet/
      aerialseg batch sheets/ -o maps/ --cluster tcp://scheduler:8786
      aerialseg batch sheets.csv -o s3://bucket/maps --shard 3/16
    """
    from ..errors import BatchError
    from ..segmentation.batch import batch as run_batch
    from ..segmentation.batch import format_table
    from ..segmentation.scenes import PATTERNS, make_recursive

    with open_reporter(progress) as reporter:
        patterns = make_recursive(pattern or PATTERNS) if recursive else pattern or PATTERNS
        if plan_only:
            _plan(scenes, output, patterns, progress, reporter=reporter, **options)
            return
        results = run_batch(scenes, output, pattern=patterns, reporter=reporter, **options)
        reporter.result(scenes=[asdict(result) for result in results])
    print_result(progress, format_table(results))
    failed = [result for result in results if result.status == "failed"]
    if failed:
        raise BatchError(
            "scenes-failed",
            "{failed} of {scenes} scenes failed.",
            "The table says why; the others are done.",
            failed=len(failed),
            scenes=len(results),
        )


def _plan(
    scenes: tuple[str, ...], output: Path, pattern: Any, progress: str, *, reporter: Reporter, **options: Any
) -> None:
    """Say what would be done, and of what nothing can be made."""
    from ..errors import BatchError
    from ..segmentation.batch_plan import plan_batch
    from ..sentences import describe

    asked = {key: value for key, value in options.items() if key not in _OF_RESULTS}
    planned = plan_batch(scenes, output, pattern=pattern, reporter=reporter, **asked)
    reporter.result(plan=planned.lines, rows=[describe(line) for line in planned.lines])
    print_result(progress, "\n".join(planned.lines))
    if planned.refused:
        raise BatchError(
            "scenes-refused",
            "{refused} of {scenes} scenes cannot be segmented.",
            "The plan says why; the others can.",
            refused=planned.refused,
            scenes=planned.scenes,
        )
