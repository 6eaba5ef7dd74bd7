"""`aerialseg train`."""

from __future__ import annotations

import os
from dataclasses import asdict, replace
from pathlib import Path

import click

from .console import hold_back_stderr
from .options import FILE, open_reporter, output_option, overwrite_option, print_result, progress_option


@click.command(short_help="Train a model on labelled images.")
@click.argument("data", type=FILE)
@output_option("Model bundle to write (*.onnx); the Keras model (*.keras) and a table (*.csv) are written beside it.")
@click.option(
    "--recipe",
    default="default",
    show_default=True,
    metavar="NAME|FILE",
    help="default, quick, seed, shipped, or a TOML file.",
)
@click.option("--resume", is_flag=True, help="Continue an interrupted training.")
@click.option("--from", "start", metavar="MODEL|NAME", help="Start from a trained model (*.onnx or *.keras).")
@click.option("--minutes", type=float, help="Time budget of each network, instead of that of the recipe.")
@click.option("--logs", metavar="FOLDER", help="Write the course of the training for TensorBoard.")
@overwrite_option
@progress_option
def train(
    data: Path,
    output: Path,
    recipe: str,
    resume: bool,
    start: str | None,
    minutes: float | None,
    logs: str | None,
    overwrite: bool,
    progress: str,
) -> None:
    """Train a model on DATA: a folder of images/ and masks/ at any depth, or a TOML that pairs rasters with labels.

    Places that the model has not seen are held out and scored. Ctrl-C, or the time budget, ends the training
    early and keeps the best model so far; a training that was killed continues with --resume.

    \b
    Examples:
      aerialseg train data/dubai -o model.onnx
      aerialseg train data/dubai -o model.onnx --recipe quick
      aerialseg train data/dubai -o model.onnx --resume
      aerialseg train my-town.toml -o town.onnx --from mbrsc-lite0 --minutes 15
      aerialseg train my-town.toml -o town.onnx --from model.onnx --recipe my-recipe.toml
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # its log is no news to anyone, and is no JSON
    with hold_back_stderr():
        from ..training import load_recipe
        from ..training import train as run_train

    with open_reporter(progress) as reporter:
        plan = load_recipe(recipe)
        if minutes is not None:
            plan = replace(plan, run=replace(plan.run, minutes=minutes))
        if logs:
            plan = replace(plan, run=replace(plan.run, logs=logs))
        result = run_train(
            data, output, recipe=plan, resume=resume, start=start, overwrite=overwrite, reporter=reporter
        )
        scores = asdict(result.scores) if result.scores else None
        reporter.result(model=result.model, keras_model=result.keras_model, table=result.table, scores=scores)
    print_result(progress, f"wrote {result.model}, {result.keras_model.name} and {result.table.name}")
    if result.scores is None:
        return
    for name, iou in result.scores.iou.items():
        print_result(
            progress, f"{name:>14} IoU {iou:.3f}" if iou is not None else f"{name:>14} not in the held-out images"
        )
    print_result(progress, f"{'mean':>14} IoU {result.scores.miou:.3f}, accuracy {result.scores.accuracy:.3f}")
