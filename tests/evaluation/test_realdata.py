"""The shipped model on real images."""

from __future__ import annotations

from pathlib import Path

import pytest

from aerialseg_core import evaluate

pytestmark = [pytest.mark.realdata, pytest.mark.slow]


def test_the_shipped_model_is_scored_on_every_labelled_pixel(data_dir: Path, tmp_path: Path) -> None:
    result = evaluate("mbrsc-lite0", data_dir / "dubai" / "Tile 2", tmp_path / "report")
    assert result.scores.pixels == 1_939_360
    assert result.scores.accuracy > 0.75
    low, high = result.findings["intervals"]["miou"]
    assert low < result.scores.miou < high
    assert (tmp_path / "report" / "index.html").stat().st_size > 100_000
