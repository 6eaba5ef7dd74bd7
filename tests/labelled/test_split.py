"""The split by group."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aerialseg_core.errors import DataError, ParameterError
from aerialseg_core.labelled.labels import Census
from aerialseg_core.labelled.pairs import Pair
from aerialseg_core.labelled.split import SplitOptions, group_of, split_pairs

FOLDERS = [f"Tile {n}" for n in range(1, 9)]
SAME_GROUND = (("Tile 1", "Tile 3"), ("Tile 4", "Tile 7", "Tile 8"))


def pairs_in(folders: list[str]) -> list[Pair]:
    return [Pair(Path(f"{i}.jpg"), Path(f"{i}.png"), folder, (8, 8)) for i, folder in enumerate(folders)]


@given(st.lists(st.sampled_from(FOLDERS), min_size=2, max_size=30), st.data())
def test_no_group_is_on_both_sides_and_every_pair_on_one(folders: list[str], data: st.DataObject) -> None:
    pairs = pairs_in(folders)
    censuses = [Census((data.draw(st.integers(0, 5)), data.draw(st.integers(1, 5))), 0) for _ in pairs]
    options = SplitOptions(groups=SAME_GROUND)
    if len({group_of(pair, options) for pair in pairs}) < 2:
        with pytest.raises(DataError, match="one group"):
            split_pairs(pairs, censuses, options)
        return
    split = split_pairs(pairs, censuses, options)
    assert sorted(split.training + split.holdout) == list(range(len(pairs)))
    training, holdout = ({group_of(pairs[i], options) for i in part} for part in (split.training, split.holdout))
    assert training
    assert holdout
    assert not training & holdout


def test_a_folder_that_is_held_out_takes_its_group_along() -> None:
    pairs = pairs_in(["Tile 1", "Tile 2", "Tile 3"])
    split = split_pairs(pairs, [Census((1,), 0)] * 3, SplitOptions(groups=SAME_GROUND, holdout=("Tile 3",)))
    assert (split.training, split.holdout) == ((1,), (0, 2))


def test_by_itself_the_smallest_group_with_every_class_is_held_out() -> None:
    pairs = pairs_in(["Tile 2", "Tile 5", "Tile 6"])
    censuses = [Census((50, 50), 0), Census((10, 10), 0), Census((5, 0), 0)]
    assert split_pairs(pairs, censuses, SplitOptions()).holdout == (1,)


def test_unknown_and_exhaustive_holdouts_are_refused() -> None:
    pairs, censuses = pairs_in(["Tile 2", "Tile 5"]), [Census((1,), 0)] * 2
    with pytest.raises(ParameterError, match="Tile 9"):
        split_pairs(pairs, censuses, SplitOptions(holdout=("Tile 9",)))
    with pytest.raises(DataError, match="none is left to train on"):
        split_pairs(pairs, censuses, SplitOptions(holdout=("Tile 2", "Tile 5")))
