"""The header tells of a model what its card does: whole names, resolution, where it learnt, how good it is."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [pytest.mark.qgis, pytest.mark.usefixtures("qgis_app")]

from within import REPO  # noqa: E402 - after the check for QGIS

SHIPPED = REPO / "models" / "mbrsc-lite0.onnx"

EDIT = """
import json, sys, onnx
model = onnx.load(sys.argv[1])
for entry in model.metadata_props:
    if entry.key == "aerialseg":
        entry.value = json.dumps({**json.loads(entry.value), **json.loads(sys.argv[2])})
onnx.save(model, sys.argv[1])
"""


def changed(interpreter: Path, path: Path, **card: Any) -> Path:
    """The shipped model with another card."""
    shutil.copy(SHIPPED, path)
    subprocess.run([str(interpreter), "-c", EDIT, str(path), json.dumps(card)], check=True)
    return path


@pytest.fixture
def chooser(plugin: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    from aerialseg.plugin.gui.wdg_model import ModelChooser

    chooser = ModelChooser()
    yield chooser
    chooser.facts.deleteLater()
    chooser.deleteLater()


def shown(chooser: Any) -> dict[str, str]:
    return {title: field.text() for title, field in chooser.facts.list_rows()}


def names(chooser: Any) -> list[Any]:
    """The labels of the legend."""
    grid = chooser.facts.legend._grid
    widgets = [grid.itemAt(i).widget() for i in range(grid.count())]
    return [widget for widget in widgets if hasattr(widget, "text")]


def show(chooser: Any, path: Path) -> None:
    from aerialseg.plugin.models import read_model

    chooser.models[path.stem] = read_model(path)
    chooser.box.addItem(path.stem, path.stem)
    chooser.box.setCurrentIndex(chooser.box.count() - 1)


def test_shipped_model_tells_resolution_data_and_score(chooser: Any) -> None:
    told = shown(chooser)
    assert told["Resolution"] == "0.714 to 1.33 m per pixel"
    assert "Humans in the Loop and MBRSC" in told["Trained on"]
    assert told["Score"] == "mIoU 0.70 on held-out parts of the same places"  # not 0.58: nobody labels "Unlabeled"
    assert "85\N{NO-BREAK SPACE}% of the pixels" in chooser.facts.score.toolTip()


@pytest.mark.parametrize(
    ("metrics", "score"),
    [
        ({}, "not told"),
        ({"on": "nothing was held out"}, "not told"),
        ({"on": "whole held-out images", "miou": 0.5}, "mIoU 0.50 on held-out images"),
        (
            {"on": "7 squares of the scene, drawn by chance and not trained on", "accuracy": 0.914},
            "91\N{NO-BREAK SPACE}% of the pixels right on squares to check with (7)",
        ),
        ({"on": "two villages", "miou": 0.5}, "mIoU 0.50 on two villages"),
        ("damaged", "not told"),
    ],
)
def test_score_is_said_as_far_as_a_card_tells_it(
    chooser: Any, interpreter: Path, tmp_path: Path, metrics: Any, score: str
) -> None:
    show(chooser, changed(interpreter, tmp_path / "mine.onnx", metrics=metrics))
    assert shown(chooser)["Score"] == score


def test_foreign_model_that_tells_nothing_is_shown_as_one(chooser: Any, interpreter: Path, tmp_path: Path) -> None:
    card = {"training": {}, "metrics": {}, "gsd_range": [1e-6, 1e8]}
    show(chooser, changed(interpreter, tmp_path / "foreign.onnx", **card))
    assert shown(chooser) == {"Resolution": "any", "Trained on": "not told", "Score": "not told"}


def test_long_names_are_cut_with_a_tooltip_and_too_many_are_counted(
    chooser: Any, interpreter: Path, tmp_path: Path
) -> None:
    long = "Herbaceous vegetation and agricultural land of all kinds"
    listed = [long, *(f"Kind {i}" for i in range(2, 26))]
    classes = [{"id": i, "name": name, "colour": "#123456"} for i, name in enumerate(listed, start=1)]
    show(chooser, changed(interpreter, tmp_path / "many.onnx", classes=classes))
    chooser.facts.resize(290, 400)
    chooser.facts.show()
    labels = names(chooser)
    assert labels[0].shown_text().endswith("…")
    assert labels[0].toolTip() == labels[0].accessibleName() == long
    assert labels[1].shown_text() == "Kind 2"
    assert labels[1].toolTip() == ""
    assert labels[-1].text() == f"and {25 - len(labels) + 1} more"
    assert "Kind 25" in labels[-1].toolTip()
    assert max(label.geometry().right() for label in labels) < chooser.facts.width()
