"""`aerialseg train`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from .options import FILE, output_option, overwrite_option, progress_option, run, say


@click.command(short_help="Train a model on images and masks.")
@click.argument("data", type=FILE)
@output_option("Model bundle to write (*.onnx); the Keras model is written beside it (*.keras).")
@click.option(
    "--recipe", default="default", show_default=True, metavar="NAME|FILE", help="default, quick, seed, or a TOML file."
)
@overwrite_option
@progress_option
def train(data: Path, output: Path, recipe: str, overwrite: bool, progress: str) -> None:
    """Train a model on DATA, a folder of images/ and masks/ at any depth.

    Whole groups of images are held out and scored. Ctrl-C, or the recipe's time budget, ends the training early and
    keeps the best model so far.

    \b
    Examples:
      aerialseg train data/dubai -o model.onnx
      aerialseg train data/dubai -o model.onnx --recipe quick
      aerialseg train data/dubai -o model.onnx --recipe my-recipe.toml --overwrite
    """
    from ..training import train as run_train

    with run(progress) as reporter:
        result = run_train(data, output, recipe=recipe, overwrite=overwrite, reporter=reporter)
        reporter.result(model=result.model, keras_model=result.keras_model, scores=asdict(result.scores))
    say(progress, f"wrote {result.model} and {result.keras_model}")
    for name, iou in result.scores.iou.items():
        say(progress, f"{name:>14} IoU {iou:.3f}" if iou is not None else f"{name:>14} not in the held-out images")
    say(progress, f"{'mean':>14} IoU {result.scores.miou:.3f}, accuracy {result.scores.accuracy:.3f}")
