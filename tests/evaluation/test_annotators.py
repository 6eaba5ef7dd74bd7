"""The ceiling: two annotations of the same ground against each other."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from greyset import GREY, random_labels, write_pair
from support import NORTH_UP, save_scene

Evaluated = Callable[..., dict[str, Any]]


def place(folder: Path, name: str, labels: np.ndarray, col: int) -> None:
    """Put a pair on the ground, so many metres to the east."""
    (folder / "images" / f"{name}.png").unlink()
    pixels = np.repeat((labels * np.uint8(GREY))[None], 3, axis=0)
    save_scene(folder / "images" / f"{name}.tif", pixels, transform=NORTH_UP @ NORTH_UP.translation(col, 0))


def test_two_annotations_of_the_same_ground_are_compared(evaluated: Evaluated, model: Path, tmp_path: Path) -> None:
    ground = random_labels(5, 64, 96)
    west, east = ground[:, :64], ground[:, 32:]
    said = east.copy()
    said[:16, :32] = (said[:16, :32] + 1) % 6  # a quarter of what both show
    for group, labels, truth, col in (("West", west, west, 0), ("East", east, said, 32)):
        write_pair(tmp_path / "set" / group, "a", labels, truth=truth)
        place(tmp_path / "set" / group, "a", labels, col)
    found = evaluated(model, tmp_path / "set")["agreement"]
    assert found["overlaps"] == 1
    assert found["pixels"] == 64 * 32
    assert found["accuracy"] == pytest.approx(0.75)
    assert found["parts"] == [{"groups": ["East", "West"], "accuracy": 0.75, "pixels": 64 * 32}]
    assert "The ceiling." in (tmp_path / "report" / "index.html").read_text("utf-8")


def test_a_class_that_hardly_occurs_there_is_no_ceiling(evaluated: Evaluated, model: Path, tmp_path: Path) -> None:
    ground = np.zeros((64, 96), np.uint8)
    ground[:, 60:] = 1
    ground[0, 40] = 4  # a single pixel of water
    for group, labels, col in (("West", ground[:, :64], 0), ("East", ground[:, 32:], 32)):
        truth = np.where(labels == 4, 1, labels).astype(np.uint8) if group == "East" else labels
        write_pair(tmp_path / "set" / group, "a", labels, truth=truth)
        place(tmp_path / "set" / group, "a", labels, col)
    found = evaluated(model, tmp_path / "set")["agreement"]
    assert found["iou"]["Water"] == 0
    assert "Water" in found["rare"]
    assert not {"Building", "Land"} & set(found["rare"])
    page = (tmp_path / "report" / "index.html").read_text("utf-8")
    assert page.count("two annotators: ") == 2  # pixels right and kappa; no mean that Water would spoil


def test_without_shared_ground_a_sentence_says_so(evaluated: Evaluated, model: Path, data: Path) -> None:
    assert "No two images show the same ground" in evaluated(model, data)["agreement"]


def test_without_opencv_a_sentence_says_how_to_get_it(
    evaluated: Evaluated, model: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)  # as if it were not installed
    assert "pip install" in evaluated(model, data)["agreement"]
