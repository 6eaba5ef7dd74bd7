"""The MBRSC images, as training takes them."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("keras")

from aerialseg_core.datasets.labels import total
from aerialseg_core.progress import Reporter
from aerialseg_core.training.data import choose_splits, load_data
from aerialseg_core.training.recipe import load_recipe

SAME_GROUND = ({"Tile 1", "Tile 3"}, {"Tile 4", "Tile 7", "Tile 8"})


@pytest.mark.realdata
@pytest.mark.slow
def test_the_dubai_set_is_read_and_split_without_a_leak(data_dir: Path) -> None:
    """No recipe and no list says which tiles overlap: it is found in the images."""
    recipe = load_recipe("default")
    data = load_data(data_dir / "dubai", recipe, Reporter())
    assert len(data.pairs) == 56
    ignored = {f"{p.group}/{p.image.stem[-3:]}": c.off_scheme for p, c in zip(data.pairs, data.censuses, strict=True)}
    assert ignored["Tile 8/003"] == 545_723
    assert sum(ignored.values()) - ignored["Tile 8/003"] < 10_000
    (split,) = choose_splits(data, recipe)
    sides = [{data.pairs[part.pair].group for part in side} for side in (split.training, split.holdout)]
    assert not sides[0] & sides[1]
    for tiles in SAME_GROUND:
        assert any(tiles <= side for side in sides)
    assert (total([data.censuses[part.pair] for part in split.holdout])[:5] > 0).all()
