"""`aerialseg areas`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .options import FILE, open_reporter, overwrite_option, print_result, progress_option


@click.command(short_help="Estimate areas and accuracies from labelled points, with intervals.")
@click.argument("classes")
@click.argument("points")
@click.option(
    "-o", "--output", type=FILE, metavar="FOLDER", help="Folder of the report: index.html, areas.json, areas.csv."
)
@click.option("--labels", metavar="FILE", help="Labels of the points by id in another file, such as AcATaMa saves.")
@click.option("--zones", metavar="POLYGONS", help="Estimate the areas in each of these as well.")
@click.option("--zone-column", metavar="NAME", help="Column with their names; by default the first one of text.")
@click.option("--incomplete", is_flag=True, help="Leave out points without a label, as if that were chance.")
@click.option("--nodata", metavar="VALUE", help="Value that is no data, or none; by default what the raster says.")
@overwrite_option
@progress_option
def areas(classes: str, points: str, output: Path | None, overwrite: bool, progress: str, **options: Any) -> None:
    """Estimate from POINTS, drawn by `aerialseg sample-points` and labelled, how large each class is.

    The sum of the pixels of a class is wrong by the mistakes of the map; the points tell by how much. CLASSES is the
    map whose accuracy is told: the one that the points were drawn from, or another one of the same ground. What is no
    probability sample is refused.

    \b
    Examples:
      aerialseg areas classes.tif points.gpkg
      aerialseg areas classes.tif points.gpkg -o report/ --zones districts.gpkg --overwrite
      aerialseg areas classes.tif points.gpkg --labels acatama.gpkg --incomplete
    """
    from ..estimation.areas import estimate_areas
    from ..estimation.report import describe_areas

    with open_reporter(progress) as reporter:
        result = estimate_areas(classes, points, output, overwrite=overwrite, reporter=reporter, **options)
        found = result.findings
        named = {key: found[key] for key in ("unit", "overall", "classes", "zones", "notes")}
        page = None if result.report is None else result.report / "index.html"
        reporter.result(report=result.report, page=page, **named)
    if page is not None:
        print_result(progress, f"wrote {page}")
    for line in describe_areas(found):
        print_result(progress, line)
