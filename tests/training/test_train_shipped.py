"""What `make train-shipped` writes into the card of the shipped model is what the training measured."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("keras")

from aerialseg_core.training import train
from aerialseg_core.training.recipe import DistillationOptions, SplitOptions

REPO = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def script() -> Any:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("train_shipped", REPO / "scripts" / "train_shipped.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["train_shipped"] = module  # a dataclass looks for its module there
    spec.loader.exec_module(module)
    return module


def test_the_section_tells_what_was_measured(script: Any, make_set: Any, recipe: Any, tmp_path: Path) -> None:
    plan = replace(
        recipe,
        split=SplitOptions(kind="parts", folds=2),
        distillation=DistillationOptions(weight=0.5, epochs=3),
        run=replace(recipe.run, epochs=2),
    )
    result = train(make_set(), tmp_path / "toy.onnx", recipe=plan)
    own, last = script.read_training(plan, result.model)
    section = script.describe(own, own, last)
    metrics = result.card.metrics
    assert f"accuracy {metrics['over symmetries']['accuracy']:.3f}." in " ".join(section.split())
    assert len(own.scores) == len(metrics["folds"]) == 2
    assert len(last) == 3
    # beside itself, every difference is none
    (row,) = [line for line in section.splitlines() if line.startswith("| accuracy |")]
    mean = f"{sum(fold['accuracy'] for fold in metrics['folds']) / 2:.3f}"
    assert [cell.split(" ± ")[0].strip() for cell in row.split("|")[2:5]] == [mean, mean, "0.000"]
    curve = [line for line in section.splitlines() if line.startswith("| 0.00 |")]
    assert len(curve) == plan.run.epochs


def test_the_minutes_are_those_of_the_quickest_epochs(script: Any) -> None:
    """The machine had other work during every second epoch."""
    minutes, rows = 0.0, []
    for epoch in range(20):
        minutes += 1 + 5 * (epoch % 2)
        rows.append({"minutes": minutes})
    assert script.measure_minutes([rows]) == pytest.approx(20)
