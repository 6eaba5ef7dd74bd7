"""`aerialseg suggest`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .options import open_reporter, output_option, overwrite_option, print_result, progress_option


@click.command(short_help="Suggest squares of a map to look at and correct.")
@click.argument("classes")
@click.option("--confidence", required=True, metavar="C.tif", help="Confidence raster of the same run.")
@click.option("--unlike", metavar="U.tif", help="Raster of the distance from the training images of the same run.")
@click.option("-n", "--count", type=int, default=20, show_default=True, help="How many squares.")
@click.option(
    "--side", type=float, default=128.0, show_default=True, metavar="METRES", help="Side of a square (px without CRS)."
)
@click.option(
    "--check-share", type=float, default=0.25, show_default=True, help="Share of them drawn by chance, to check with."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of that draw.")
@click.option(
    "--min-area",
    type=float,
    default=4.0,
    show_default=True,
    metavar="M2",
    help="Smaller regions go to the neighbour with the longest shared edge, m² (px² without CRS).",
)
@click.option("--simplify", type=float, default=0.0, metavar="METRES", help="Simplify shared edges.")
@output_option("Review to write, a GeoPackage (*.gpkg).")
@overwrite_option
@progress_option
def suggest(
    classes: str, output: Path, confidence: str, unlike: str | None, overwrite: bool, progress: str, **options: Any
) -> None:
    """Suggest squares of CLASSES, a class raster, that are worth looking at, with its polygons in them.

    First come those from which a model has most to learn: uncertain, of rare classes, unlike the images that it was
    trained on. A share is drawn by chance and never trained on, to check with. Open the GeoPackage in QGIS over the
    image, correct the labels of a square, and set its state to reviewed; `aerialseg retrain` learns from it.

    \b
    Examples:
      aerialseg segment scene.tif -o classes.tif --confidence sure.tif --unlike unlike.tif
      aerialseg suggest classes.tif --confidence sure.tif --unlike unlike.tif -o review.gpkg --side 100
    """
    from ..auditing.formatting import format_count
    from ..review.suggest import list_chosen
    from ..review.suggest import suggest as run_suggest

    with open_reporter(progress) as reporter:
        made = run_suggest(
            classes, output, confidence=confidence, unlike=unlike, overwrite=overwrite, reporter=reporter, **options
        )
        reporter.result(
            review=made.path, squares=len(made.squares), checks=made.checks, labels=made.labels, unit="squares"
        )
    print_result(
        progress,
        f"wrote {made.path}: {format_count(len(made.squares), 'square')}, {made.checks} of them to check with, "
        f"{format_count(made.labels, 'polygon')}",
    )
    for line in list_chosen(made.squares):
        print_result(progress, line)
