"""`aerialseg retrain`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .console import hold_back_stderr
from .options import FILE, open_reporter, output_option, overwrite_option, print_result, progress_option

if TYPE_CHECKING:
    from ..training.retrain import RetrainOptions


@click.command(short_help="Retrain a model on a corrected map, and compare both.")
@click.argument("model")
@click.argument("review", type=FILE)
@output_option("Model to write (*.onnx); the comparison with MODEL (*.html, *.json) is written beside it.")
@click.option("--scene", metavar="IMAGE", help="The image; by default the one that the map was made of.")
@click.option("--data", type=FILE, metavar="DATA", help="What MODEL was trained on, if at hand: it forgets less.")
@click.option("--minutes", type=float, default=6.0, show_default=True, help="Time budget of the training.")
@click.option("--flips", type=FILE, metavar="F.tif", help="Raster to write of what flipped in the squares.")
@click.option("--suspicious", is_flag=True, help="List the labels that the new model contradicts loudest.")
@overwrite_option
@progress_option
def retrain(
    model: str,
    review: Path,
    output: Path,
    scene: str | None,
    data: Path | None,
    minutes: float,
    flips: Path | None,
    suspicious: bool,
    overwrite: bool,
    progress: str,
) -> None:
    """Retrain MODEL on REVIEW, a GeoPackage of `aerialseg suggest` in which squares were corrected and reviewed.

    The new model is compared with the old one on the reviewed squares to check with, which are never trained on. The
    old model stays as it is.

    \b
    Examples:
      aerialseg retrain mbrsc-lite0 review.gpkg -o mine.onnx
      aerialseg retrain mine.onnx review2.gpkg -o mine2.onnx --data data/dubai --suspicious
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # its log is no news to anyone, and is no JSON
    with hold_back_stderr():
        from ..review.report import describe_comparison
        from ..training.retrain import retrain as run_retrain

    with open_reporter(progress) as reporter:
        options: RetrainOptions = {"scene": scene, "data": data, "minutes": minutes, "flips": flips}
        made = run_retrain(model, review, output, overwrite=overwrite, reporter=reporter, **options)
        reporter.result(model=made.model, page=made.page, figures=made.figures, **made.findings["comparison"])
    print_result(progress, f"wrote {made.model}, {made.page.name} and {made.figures.name}")
    for line in describe_comparison(made.findings):
        print_result(progress, line)
    for row in made.findings["suspicious"] if suspicious else ():
        print_result(
            progress,
            f"square {row['square']:>4}: {row['label']} at {row['x']:.10g}, {row['y']:.10g}; the model says"
            f" {row['model']} of {row['share']:.0%} of it, {row['confidence']:.0%} sure",
        )
