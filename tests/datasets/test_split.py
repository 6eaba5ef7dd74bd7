"""The split by group, inside one group, and at random."""

from __future__ import annotations

import itertools
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from affine import Affine
from datasets.factories import GRID, TWO, count_data, pair_of, write_image, write_tiff
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from aerialseg_core.datasets.labelled_data import LabelledData
from aerialseg_core.datasets.labels import Census, count_labels
from aerialseg_core.datasets.pairs import LabelRaster, Mask, Pair
from aerialseg_core.datasets.split import Part, Split, SplitOptions, find_units, make_splits
from aerialseg_core.errors import DataError, ParameterError
from aerialseg_core.raster.window import Window

FOLDERS = [f"Tile {n}" for n in range(1, 9)]
SAME_GROUND = (("Tile 1", "Tile 3"), ("Tile 4", "Tile 7", "Tile 8"))
CUT = 16


@dataclass(frozen=True)
class Group:
    """What an audit finds."""

    name: str
    members: tuple[int, ...]


def data_of(*pairs: Pair, declared: tuple[tuple[str, ...], ...] = ()) -> LabelledData:
    """Pairs that are on no disk."""
    return LabelledData(Path("data"), pairs, TWO, declared)


def pairs_in(folders: list[str], size: tuple[int, int] = (40, 50)) -> LabelledData:
    return data_of(*(Pair(Path(f"{i}.jpg"), Mask(Path(f"{i}.png")), name, size) for i, name in enumerate(folders)))


def sides(split: Split) -> tuple[set[int], set[int]]:
    return {part.pair for part in split.training}, {part.pair for part in split.holdout}


def painted(data: Any, parts: tuple[Part, ...]) -> list[np.ndarray[Any, Any]]:
    """How often every pixel of every pair is in one of the parts."""
    images = [np.zeros(pair.size, np.uint8) for pair in data.pairs]
    for part in parts:
        assert part.window.intersection(Window(0, 0, *data.pairs[part.pair].size)) == part.window
        images[part.pair][part.window.slices] += 1
    return images


def tied(folders: list[str], audited: list[int], i: int, j: int) -> bool:
    """Whether two pairs are in one group: by the recipe, or where that says nothing of both, by the audit."""
    named = [next((group for group in SAME_GROUND if folders[k] in group), None) for k in (i, j)]
    if named != [None, None]:
        return named[0] == named[1]
    return max(i, j) < len(audited) and audited[i] == audited[j]


groupings = st.lists(st.integers(0, 5), min_size=2, max_size=20)


@settings(deadline=None)
@given(st.lists(st.sampled_from(FOLDERS), min_size=2, max_size=20), groupings, st.integers(0, 5), st.data())
def test_no_group_is_on_both_sides(folders: list[str], audited: list[int], folds: int, data: st.DataObject) -> None:
    labelled = pairs_in(folders)
    found = [Group(f"g{k}", tuple(i for i, g in enumerate(audited[: len(folders)]) if g == k)) for k in range(6)]
    groups = [group for group in found if group.members]
    censuses = [Census((data.draw(st.integers(0, 5)), data.draw(st.integers(1, 5))), 0) for _ in folders]
    options = SplitOptions(groups=SAME_GROUND, folds=max(folds, 2) if folds else 0, buffer=8)
    units = find_units(labelled, groups, options)
    assert sorted(i for unit in units for i in unit.members) == list(range(len(folders)))
    assume(len(units) > 1)
    splits = make_splits(labelled, censuses, groups, options)
    assert splits == make_splits(labelled, censuses, groups, options)
    for split in splits:
        training, holdout = sides(split)
        assert training
        assert holdout
        assert not training & holdout
        assert training | holdout == set(range(len(folders)))
        for i, j in itertools.product(training, holdout):
            assert not tied(folders, audited, i, j)
    if folds:
        assert len(splits) == min(options.folds, len(units))
        held = [i for split in splits for i in sides(split)[1]]
        assert sorted(held) == list(range(len(folders)))


def test_explicit_groups_override_the_audit_and_the_rest_follows_it() -> None:
    data = pairs_in(["Tile 1", "Tile 2", "Tile 3", "Tile 5"])
    groups = [Group("mosaic", (0, 1)), Group("other", (2,))]
    units = find_units(data, groups, SplitOptions(groups=SAME_GROUND))
    assert [(unit.name, unit.members) for unit in units] == [("Tile 1 + Tile 3", (0, 2)), ("mosaic", (1,)), ("3", (3,))]
    declared = data_of(*data.pairs, declared=(("Tile 5",), ("Tile 2",)))
    assert [unit.name for unit in find_units(declared, groups, SplitOptions())] == [
        "mosaic",
        "Tile 2",
        "other",
        "Tile 5",
    ]


def test_a_folder_that_is_held_out_takes_its_group_along() -> None:
    data = pairs_in(["Tile 1", "Tile 2", "Tile 3"])
    options = SplitOptions(groups=SAME_GROUND, holdout=("Tile 3",))
    (split,) = make_splits(data, [Census((1, 1), 0)] * 3, [], options)
    assert sides(split) == ({1}, {0, 2})
    assert split.name == "Tile 1 + Tile 3"
    (split,) = make_splits(data, [Census((1, 1), 0)] * 3, [Group("m", (1, 2))], SplitOptions(holdout=("m",)))
    assert sides(split) == ({0}, {1, 2})


def test_the_held_out_share_has_every_class_if_it_can() -> None:
    data = pairs_in(["a", "b", "c", "d", "e"])
    censuses = [Census(c, 0) for c in ((50, 0), (20, 0), (15, 5), (0, 20), (10, 30))]
    (split,) = make_splits(data, censuses, [], SplitOptions(share=0.15))
    assert sides(split)[1] == {2}


def test_unknown_and_exhaustive_holdouts_are_refused() -> None:
    data, censuses = pairs_in(["Tile 2", "Tile 5"]), [Census((1, 1), 0)] * 2
    with pytest.raises(ParameterError, match="Tile 9"):
        make_splits(data, censuses, [], SplitOptions(holdout=("Tile 9",)))
    with pytest.raises(DataError, match="none is left to train on"):
        make_splits(data, censuses, [], SplitOptions(holdout=("Tile 2", "Tile 5")))
    with pytest.raises(DataError, match="No pixel of the data is labelled"):
        make_splits(data, [Census((0, 0), 9)] * 2, [], SplitOptions())


@pytest.mark.parametrize("folds", [0, 4])
def test_parts_are_held_out_of_every_folder_and_no_ground_is_on_both_sides(folds: int) -> None:
    data = pairs_in(["North"] * 8 + ["South"] * 8)
    censuses = [Census((i % 2, 1 - i % 2), 0) for i in range(16)]
    grounds = [(0, 8), *((i,) for i in range(1, 8)), *((i,) for i in range(9, 16))]
    options = SplitOptions(kind="parts", folds=folds, share=0.25)
    splits = make_splits(data, censuses, [Group("all", tuple(range(16)))], options, grounds=grounds)
    assert len(splits) == max(folds, 1)
    for split in splits:
        training, holdout = sides(split)
        assert split.kind == "parts"
        assert training | holdout == set(range(16))
        assert not training & holdout
        assert len({0, 8} & holdout) in (0, 2)
        assert sum(i < 8 for i in holdout) == sum(i >= 8 for i in holdout) == 2
    if folds:
        assert sorted(i for split in splits for i in sides(split)[1]) == list(range(16))
        assert splits[0].name == "fold 1 of 4: other parts of the same places"


@pytest.mark.parametrize(
    "wrong",
    [
        {"share": -0.1},
        {"share": 1.0},
        {"folds": 1},
        {"buffer": -1},
        {"kind": "best"},
        {"kind": "parts", "holdout": ("Tile 2",)},
    ],
)
def test_unusable_options_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ParameterError, match=r"\[split\]"):
        SplitOptions(**wrong)


def labelled_scene(folder: Path, size: tuple[int, int], seed: int, **options: Any) -> Pair:
    """An image whose labels are stripes of random classes, some of them missing."""
    rng = np.random.default_rng(seed)
    ids = np.repeat(np.repeat(rng.integers(0, 3, (-(-size[0] // 7), -(-size[1] // 5))), 7, axis=0), 5, axis=1)
    ids[0, 0] = 1
    name = f"{seed}-{size[0]}-{size[1]}"
    labels = write_tiff(folder / f"{name}-ids.tif", ids[None, : size[0], : size[1]].astype(np.uint8), **options)
    return pair_of(write_image(folder, size, f"{name}.tif", **options), LabelRaster(labels))


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 20), st.integers(0, 4), st.integers(0, 9))
def test_one_image_is_split_with_a_buffer(
    tmp_path: Path, rows: int, cols: int, buffer: int, folds: int, seed: int
) -> None:
    data = data_of(labelled_scene(tmp_path, (rows, cols), seed))
    options = SplitOptions(buffer=buffer, folds=folds if folds >= 2 else 0)
    censuses = [count_labels(pair, TWO) for pair in data.pairs]
    if max(rows, cols) < 3 * buffer + 20:
        with suppress(DataError):  # too small, or just large enough
            make_splits(data, censuses, [], options)
        return
    splits = make_splits(data, censuses, [], options)
    assert splits == make_splits(data, censuses, [], options)
    for split in splits:
        assert split.kind == "inside"
        (training,), (holdout,) = painted(data, split.training), painted(data, split.holdout)
        assert (training + holdout).max() == 1
        assert training.any()
        assert holdout.any()
        for part, other in itertools.product(split.training, split.holdout):
            a, b = part.window, other.window
            gap = max(
                max(a.row, b.row) - min(a.row + a.height, b.row + b.height),
                max(a.col, b.col) - min(a.col + a.width, b.col + b.width),
            )
            assert gap >= buffer


def test_the_strip_that_is_held_out_has_the_classes(tmp_path: Path) -> None:
    ids = np.ones((1, 30, 200), np.uint8)
    ids[..., 90:110] = 2
    pair = pair_of(write_image(tmp_path, (30, 200)), LabelRaster(write_tiff(tmp_path / "ids.tif", ids)))
    (split,) = make_splits(data_of(pair), [count_labels(pair, TWO)], [], SplitOptions(buffer=4))
    training, holdout = (
        {int(v) for part in side for v in np.unique(ids[0][part.window.slices])}
        for side in (split.training, split.holdout)
    )
    assert training == holdout == {1, 2}


def test_a_mosaic_with_coordinates_is_split_as_one_ground(tmp_path: Path) -> None:
    offsets = [(0, 0), (0, 50), (40, 0), (40, 50), (80, 10)]
    pairs = [
        labelled_scene(tmp_path, (40, 50), seed, transform=GRID * Affine.translation(col, row))
        for seed, (row, col) in enumerate(offsets)
    ]
    data = data_of(*pairs)
    censuses = [count_labels(pair, TWO) for pair in pairs]
    mosaic = [Group("mosaic", tuple(range(5)))]
    for options in (SplitOptions(buffer=8), SplitOptions(buffer=8, folds=3)):
        for split in make_splits(data, censuses, mosaic, options):
            ground = [np.zeros((120, 100), np.uint8) for _ in range(2)]
            for side, parts in enumerate((split.training, split.holdout)):
                for image, (row, col) in zip(painted(data, parts), offsets, strict=True):
                    ground[side][row : row + 40, col : col + 50] += image
            rows = [set(np.nonzero(side.any(axis=1))[0]) for side in ground]
            assert min(abs(a - b) for a in rows[0] for b in rows[1]) > 8
            assert ground[0].any()
            assert ground[1].any()


def test_a_mosaic_without_coordinates_loses_the_borders_of_what_is_held_out(tmp_path: Path) -> None:
    data = data_of(*(labelled_scene(tmp_path, (40, 50), seed, crs=None) for seed in range(6)))
    mosaic = [Group("mosaic", tuple(range(6)))]
    (split,) = make_splits(data, [Census((10, 10), 0)] * 6, mosaic, SplitOptions(buffer=8))
    assert split.kind == "inside"
    assert {part.window for part in split.holdout} == {Window(8, 8, 24, 34)}
    assert not sides(split)[0] & sides(split)[1]
    with pytest.raises(DataError, match="too small to be held out without 20 px"):
        make_splits(data, [Census((10, 10), 0)] * 6, mosaic, SplitOptions(buffer=20))


@settings(deadline=None)
@given(st.integers(1, 80), st.integers(1, 80), st.integers(1, 4), st.integers(0, 5), st.integers(0, 3))
def test_a_random_split_is_made_only_when_asked_for_and_covers_everything(
    rows: int, cols: int, n: int, folds: int, seed: int
) -> None:
    data = pairs_in(["a"] * n, (rows, cols))
    options = SplitOptions(kind="random", folds=folds if folds >= 2 else 0, seed=seed)
    censuses = [Census((1, 1), 0)] * n
    cells = -(-rows // CUT) * -(-cols // CUT) * n
    if cells < 2:
        with pytest.raises(DataError, match="one patch"):
            make_splits(data, censuses, [], options, cut=CUT)
        return
    splits = make_splits(data, censuses, [], options, cut=CUT)
    assert splits == make_splits(data, censuses, [], options, cut=CUT)
    for split in splits:
        assert split.kind == "random"
        assert split.training
        assert split.holdout
        for image in painted(data, split.training + split.holdout):
            assert (image == 1).all()
    if options.folds:
        assert len({part for split in splits for part in split.holdout}) == cells


@pytest.mark.realdata
def test_the_dubai_set_is_split_without_a_leak(data_dir: Path) -> None:
    data, censuses = count_data(data_dir / "dubai")
    options = SplitOptions(groups=(*SAME_GROUND, ("Tile 2",), ("Tile 5",), ("Tile 6",)))
    (split,) = make_splits(data, censuses, [], options)
    held = np.sum([censuses[part.pair].counts for part in split.holdout], axis=0)
    assert (held > 0).all()
    assert 0.1 < held.sum() / np.sum([census.counts for census in censuses]) < 0.3
    for one in (split, *make_splits(data, censuses, [], SplitOptions(groups=options.groups, folds=5))):
        tiles = [{data.pairs[i].group for i in side} for side in sides(one)]
        assert not tiles[0] & tiles[1]
        assert all(any(set(group) <= side for side in tiles) for group in options.groups)
