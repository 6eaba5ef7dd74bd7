"""`aerialseg polygons`."""

from __future__ import annotations

from pathlib import Path

import click

from .options import output_option, overwrite_option, progress_option, run, say


@click.command(short_help="Turn a class raster into polygons.")
@click.argument("classes")
@output_option("GeoPackage to write.")
@click.option("--classes", "wanted", metavar="1,3", help="Ids or names of the classes wanted; all by default.")
@overwrite_option
@progress_option
def polygons(classes: str, output: Path, wanted: str | None, overwrite: bool, progress: str) -> None:
    """Turn CLASSES, a class raster, into class polygons that share their edges exactly.

    The layer opens in QGIS in the colours of its classes.

    \b
    Examples:
      aerialseg polygons classes.tif -o classes.gpkg
      aerialseg polygons classes.tif -o built.gpkg --classes Building,Road --overwrite
    """
    from ..vectorization import polygons as run_polygons

    class_ids = None if wanted is None else wanted.split(",")
    with run(progress) as reporter:
        result = run_polygons(classes, output, class_ids=class_ids, overwrite=overwrite, reporter=reporter)
        reporter.result(polygons=result.path, count=result.count, areas=result.areas, unit=result.unit)
    say(progress, f"wrote {result.path}: {result.count} polygons")
    for one in result.classes:
        say(progress, f"{one.landcover.name:>14} {one.count:>10} {one.area:>16,.1f} {result.unit}")
