"""`aerialseg evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .options import (
    FILE,
    open_reporter,
    output_option,
    overwrite_option,
    print_result,
    progress_option,
    segment_options,
)


@click.command(short_help="Measure how good a model is on labelled images.")
@click.argument("model")
@click.argument("data", type=FILE)
@output_option("Folder of the report: index.html for people, evaluation.json for programs.")
@segment_options
@overwrite_option
@progress_option
def evaluate(model: str, data: Path, output: Path, overwrite: bool, progress: str, **options: Any) -> None:
    """Measure how good MODEL is on DATA: a folder of images/ and masks/, or a TOML of rasters and labels.

    Whole images go through the pipeline of `aerialseg segment`; the report says how far they agree with their labels.

    \b
    Examples:
      aerialseg evaluate mbrsc-lite0 data/dubai -o report/
      aerialseg evaluate model.onnx fields.toml -o report/ --overlap 0.5 --tta 8 --overwrite
    """
    from ..evaluation.evaluate import evaluate as run_evaluate
    from ..evaluation.report import describe_results

    with open_reporter(progress) as reporter:
        result = run_evaluate(model, data, output, overwrite=overwrite, reporter=reporter, **options)
        named = {key: result.findings[key] for key in ("scores", "intervals", "per_class")}
        reporter.result(report=result.report, page=result.page, figures=result.figures, **named)
    print_result(progress, f"wrote {result.page} and {result.figures}")
    for line in describe_results(result.findings):
        print_result(progress, line)


# MODEL is an argument; some options move the pixels, and there are no polygons
_ELSEWHERE = frozenset({"model", "out_gsd", "extent", "mask", "min_area", "simplify", "smooth", "square"})
evaluate.params = [p for p in evaluate.params if not (isinstance(p, click.Option) and p.name in _ELSEWHERE)]
