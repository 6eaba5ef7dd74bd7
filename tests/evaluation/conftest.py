"""A data set, models that are right and wrong about it, and a way to evaluate them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from greyset import random_labels, save_reader, write_pair
from support import save_model

from aerialseg_core.raster.classes import MBRSC

Evaluated = Callable[..., dict[str, Any]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Three images in two groups that show just what their masks say."""
    for number, group in enumerate(("North", "North", "South")):
        write_pair(tmp_path / "data" / group, f"part_{number}", random_labels(number))
    return tmp_path / "data"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A network that reads them without a mistake."""
    return save_reader(tmp_path / "reader.onnx").path


@pytest.fixture
def blurred(tmp_path: Path) -> Path:
    """A network that makes many mistakes."""
    return save_model(tmp_path / "blurred.onnx", scheme=MBRSC).path


@pytest.fixture
def evaluated(tmp_path: Path) -> Evaluated:
    """A function that evaluates and gives the findings."""
    from aerialseg_core import evaluate

    def run(model: Path, data: Path, **options: Any) -> dict[str, Any]:
        result = evaluate(model, data, tmp_path / "report", engine="onnxruntime", overwrite=True, **options)
        found: dict[str, Any] = result.findings
        return found

    return run
