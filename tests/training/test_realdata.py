"""The MBRSC images: what a look at every file showed must be found again."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("keras")

from aerialseg_core.classes import MBRSC
from aerialseg_core.labelled.labels import count_labels, total
from aerialseg_core.labelled.pairs import find_pairs
from aerialseg_core.labelled.split import split_pairs
from aerialseg_core.training.recipe import load_recipe


@pytest.mark.realdata
def test_the_dubai_set_is_read_and_split_without_a_leak(data_dir: Path) -> None:
    pairs = find_pairs(data_dir / "dubai")
    censuses = [count_labels(pair, MBRSC) for pair in pairs]
    assert len(pairs) == 56
    ignored = {f"{p.group}/{p.image.stem[-3:]}": c.ignored for p, c in zip(pairs, censuses, strict=True) if c.ignored}
    assert ignored["Tile 8/003"] == 545_723
    assert sum(ignored.values()) - ignored["Tile 8/003"] < 10_000
    split = split_pairs(pairs, censuses, load_recipe("default").split)
    assert {pairs[i].group for i in split.holdout} == {"Tile 2"}
    assert (total([censuses[i] for i in split.holdout]) > 0).all()
