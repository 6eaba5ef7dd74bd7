"""What a split must keep together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from auditing.factories import texture, write_mosaic, write_pair
from hypothesis import given
from hypothesis import strategies as st
from support import NORTH_UP, UTM, save_scene

from aerialseg_core.auditing.grouping import find_components, find_grounds, find_groups
from aerialseg_core.auditing.relations import find_relations
from aerialseg_core.datasets.labelled_data import LabelledData
from aerialseg_core.progress import Reporter

Opened = Callable[..., LabelledData]

ties = st.integers(1, 12).flatmap(
    lambda n: st.tuples(st.just(n), st.lists(st.lists(st.integers(0, n - 1), min_size=1, max_size=4), max_size=8))
)


@given(ties)
def test_components_are_the_finest_partition_that_splits_no_tie(case: tuple[int, list[list[int]]]) -> None:
    count, tied = case
    found = find_components(count, tied)
    assert sorted(number for members in found for number in members) == list(range(count))
    home = {number: place for place, members in enumerate(found) for number in members}
    assert all(len({home[number] for number in tie}) == 1 for tie in tied)
    for members in found:  # whoever is in a component is reached from its first member, tie by tie
        reached = {members[0]}
        for _ in range(count):
            reached |= {number for tie in tied if reached & set(tie) for number in tie}
        assert reached == set(members)


def test_groups_are_named_and_say_why(tmp_path: Path, opened: Opened) -> None:
    data = tmp_path / "data"
    write_mosaic(data / "North", texture(300, 300, seed=1), (2, 2))
    write_pair(data / "South", "one", texture(200, 200, seed=2))
    write_pair(data / "Copies", "two", texture(200, 200, seed=2))
    write_pair(data / "East", "three", texture(210, 220, seed=3))
    groups = find_groups(opened(), Reporter())
    assert {group.name: len(group.members) for group in groups} == {"Copies + South": 2, "East": 1, "North": 4}
    reasons = {group.name: " ".join(group.reasons) for group in groups}
    assert "parts of one picture, 2 × 2" in reasons["North"]
    assert "same file" in reasons["Copies + South"]
    assert reasons["East"] == ""


def test_neighbours_that_only_touch_show_no_common_ground(tmp_path: Path, opened: Opened) -> None:
    data = tmp_path / "data"
    picture = texture(300, 300, seed=1)
    write_mosaic(data / "North", picture, (2, 2))
    write_pair(data / "South", "shifted", picture[20:140, 20:140])  # lies in the first part
    write_pair(data / "Copies", "same", picture[150:, 150:])  # is the last part
    labelled = opened()
    names = [labelled.show(pair) for pair in labelled.pairs]
    grounds = find_grounds(labelled, find_relations(labelled, Reporter()))
    assert sorted(sorted(names[i] for i in ground) for ground in grounds if len(ground) > 1) == [
        ["Copies/images/same.png", "North/images/part_004.png"],
        ["North/images/part_001.png", "South/images/shifted.png"],
    ]
    assert sorted(i for ground in grounds for i in ground) == list(range(6))


def test_georeferenced_images_of_one_mosaic_that_overlap_show_common_ground(tmp_path: Path, opened: Opened) -> None:
    """Two columns that touch; the parts of the right one are shifted, so that both parts of the left one overlap."""
    picture = texture(300, 200, seed=1)
    places = {"a": (0, 0), "b": (60, 0), "c": (30, 100), "d": (190, 100)}
    for name, (row, col) in places.items():
        write_pair(tmp_path / "data", name, picture[row : row + 100, col : col + 100])
        image = tmp_path / "data" / "images" / f"{name}.png"
        pixels = np.moveaxis(picture[row : row + 100, col : col + 100], -1, 0)
        save_scene(image.with_suffix(".tif"), pixels, crs=UTM, transform=NORTH_UP * NORTH_UP.translation(col, row))
        image.unlink()
    labelled = opened()
    grounds = find_grounds(labelled, find_relations(labelled, Reporter()))
    assert grounds == ((0, 1), (2,), (3,))


def test_two_images_that_the_data_declare_to_be_one_group_stay_together(tmp_path: Path, opened: Opened) -> None:
    for seed, name in enumerate(("North", "South", "East")):
        write_pair(tmp_path / "data" / name, name, texture(200, 200, seed=seed))
    data = replace(opened(), declared_groups=(("North", "South"), ("East",)))
    groups = find_groups(data, Reporter())
    assert {group.name: len(group.members) for group in groups} == {"East": 1, "North + South": 2}
    (reason,) = next(group.reasons for group in groups if len(group.members) == 2)
    assert reason == "North + South: the data declare them to be one group."
    assert not next(group.reasons for group in groups if len(group.members) == 1)


def test_images_right_under_the_data_are_grouped_by_evidence_alone(tmp_path: Path, opened: Opened) -> None:
    write_mosaic(tmp_path / "data", texture(200, 400, seed=1), (1, 2))
    for seed in (2, 3):
        write_pair(tmp_path / "data", f"x{seed}", texture(150, 150, seed))
    groups = find_groups(opened(), Reporter())
    assert sorted(len(group.members) for group in groups) == [1, 1, 2]
    assert len({group.name for group in groups}) == 3
