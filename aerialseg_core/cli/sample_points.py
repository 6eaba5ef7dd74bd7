"""`aerialseg sample-points`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..config import ALLOCATIONS, EXPECTED_ACCURACY, SAMPLING_METHODS, SampleConfig
from ..errors import ParameterError
from .options import open_reporter, output_option, overwrite_option, print_result, progress_option

_DEFAULTS = SampleConfig()


def _to_accuracies(context: click.Context, parameter: click.Parameter, text: str | None) -> dict[str, float]:
    """Take Building=0.7,Road=0.6 apart."""
    found = {}
    for part in text.split(",") if text else ():
        name, equals, share = part.rpartition("=")
        try:
            found[name.strip()] = float(share)
        except ValueError:
            equals = ""
        if not equals:
            raise ParameterError(
                "accuracy-no-share",
                "--expected-accuracy {part} is no share of a class.",
                "Write Building=0.7,Road=0.6.",
                part=part,
            )
    return found


@click.command("sample-points", short_help="Draw points to label, for areas with intervals.")
@click.argument("classes")
@output_option("GeoPackage to write: points, the form in which QGIS labels them, and how they were drawn.")
@click.option("--method", type=click.Choice(SAMPLING_METHODS), default=_DEFAULTS.method, show_default=True)
@click.option(
    "--allocation",
    type=click.Choice(ALLOCATIONS),
    default=_DEFAULTS.allocation,
    show_default=True,
    help="Stratified: how many points a class gets.",
)
@click.option("--points", type=int, metavar="N", help="Points in all; by default as many as the standard error needs.")
@click.option(
    "--standard-error",
    type=float,
    default=_DEFAULTS.standard_error,
    show_default=True,
    help="Standard error that the overall accuracy is to have.",
)
@click.option(
    "--expected-accuracy",
    callback=_to_accuracies,
    metavar="CLASS=SHARE,…",
    help=f"User's accuracies that you expect; {EXPECTED_ACCURACY} for other classes.",
)
@click.option(
    "--minimum", type=int, default=_DEFAULTS.minimum, show_default=True, help="Stratified: least points of a class."
)
@click.option(
    "--min-distance",
    type=float,
    default=_DEFAULTS.min_distance,
    metavar="METRES",
    help="Least distance between two points (px without CRS).",
)
@click.option(
    "--cluster-side",
    type=float,
    default=_DEFAULTS.cluster_side,
    metavar="METRES",
    show_default=True,
    help="Cluster: side of the squares that points lie in together (px without CRS).",
)
@click.option(
    "--cluster-points",
    type=int,
    default=_DEFAULTS.cluster_points,
    show_default=True,
    help="Cluster: points in each of them.",
)
@click.option(
    "--seed", type=int, default=_DEFAULTS.seed, show_default=True, help="The same seed draws the same points."
)
@click.option("--nodata", metavar="VALUE", help="Value that is no data, or none; by default what the raster says.")
@overwrite_option
@progress_option
def sample_points(classes: str, output: Path, overwrite: bool, progress: str, **options: Any) -> None:
    """Draw points in CLASSES, a class raster, of which you then say what is on the ground.

    They are a probability sample: `aerialseg areas` estimates from them how large each class really is, and how right
    the map is, with intervals. QGIS opens the points with a form that hides the class of the map. A file in which
    points are labelled is never replaced.

    \b
    Examples:
      aerialseg sample-points classes.tif -o points.gpkg --points 150
      aerialseg sample-points classes.tif -o points.gpkg --standard-error 0.01 --expected-accuracy Building=0.7,Road=0.6
      aerialseg sample-points classes.tif -o points.gpkg --method simple --points 300 --seed 7 --overwrite
      aerialseg sample-points classes.tif -o points.gpkg --method cluster --cluster-side 100 --points 300
    """
    from ..auditing.formatting import format_count
    from ..estimation.sample_points import sample_points as draw_points

    with open_reporter(progress) as reporter:
        result = draw_points(classes, output, overwrite=overwrite, reporter=reporter, **options)
        design = result.design
        strata = {one.name: {"points": one.points, "pixels": one.pixels, "area": one.area} for one in design.strata}
        reporter.result(points=result.path, count=design.points, method=design.method, strata=strata, unit=design.unit)
    print_result(progress, f"wrote {result.path}: {design.points} points, {design.method}")
    for one in design.strata:
        print_result(
            progress, f"{one.name:>14} {format_count(one.points, 'point'):>13} in {one.area:>14,.2f} {design.unit}"
        )
