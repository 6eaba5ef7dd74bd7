"""The shipped model on the real images that its card says were held out."""

from __future__ import annotations

from pathlib import Path

import pytest

from aerialseg_core import evaluate
from aerialseg_core.models import load_model

pytestmark = [pytest.mark.realdata, pytest.mark.slow]


def test_the_shipped_model_scores_what_its_card_says(data_dir: Path, tmp_path: Path) -> None:
    card = load_model("mbrsc-lite0").card
    held_out = card.training.get("split", {}).get("holdout", [])
    if held_out != ["Tile 2"]:
        pytest.skip("the card names no single tile that was held out")
    result = evaluate("mbrsc-lite0", data_dir / "dubai" / "Tile 2", tmp_path / "report")
    assert result.scores.pixels == card.metrics["pixels"]
    assert result.scores.miou == pytest.approx(card.metrics["miou"], abs=0.005)  # its windows lie elsewhere
    assert result.scores.accuracy == pytest.approx(card.metrics["accuracy"], abs=0.005)
    low, high = result.findings["intervals"]["miou"]
    assert low < result.scores.miou < high
    assert result.findings["subsets"]["seen"]["images"] == 0
