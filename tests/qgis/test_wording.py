"""What the core says is said in the words of QGIS, and in German where QGIS is German."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from within import Run, command_of, core

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = pytest.mark.qgis


@pytest.fixture
def german(plugin: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from aerialseg.plugin import i18n

    monkeypatch.setattr(i18n, "_find_locale", lambda: "de")
    translation = i18n.Translation()
    translation.install()
    yield
    translation.remove()


def say_plan(interpreter: Path, scene: Path) -> dict[str, str]:
    """The plan of a real run as the dock shows it."""
    from aerialseg.plugin import wording
    from aerialseg.plugin.gui.wdg_plan import split_lines

    told = core([*command_of(interpreter), "segment", str(scene), "-o", str(scene.with_name("plan.tif")), "--plan"])
    return {key: wording.say_plan(key, text) for key, text in split_lines(told.splitlines())}


def test_plan_has_no_words_of_developers(plugin: Any, interpreter: Path, scene: Path) -> None:
    rows = say_plan(interpreter, scene)
    assert "px that overlap by" in rows["windows"]
    assert rows["read at"].endswith("px: the model was made for 0.714–1.33 m")
    assert rows["engine"].startswith("the processor, ")
    assert "buffers" not in rows["needs"]
    assert "--" not in " ".join(rows.values())


@pytest.mark.usefixtures("german")
def test_plan_classes_and_model_are_german(interpreter: Path, scene: Path) -> None:
    from aerialseg.plugin.models import list_models
    from aerialseg.plugin.wording import describe_model, name_class

    rows = say_plan(interpreter, scene)
    assert "Quadrate von 512 px" in rows["windows"]
    assert "das Modell ist für 0.714–1.33 m gemacht" in rows["read at"]
    assert rows["model"] == "mbrsc-lite0: Gebäude, Boden, Straße, Vegetation, Wasser, Unbestimmt"
    shipped = list_models([])["mbrsc-lite0"]
    assert describe_model(shipped.description).startswith("Gebäude, Boden, Straßen")
    assert [name_class(cover.name) for cover in shipped.classes][:2] == ["Gebäude", "Boden"]
    assert name_class("Parking") == "Parking"


def test_options_of_the_command_line_are_called_as_the_controls(plugin: Any) -> None:
    from aerialseg.plugin.wording import name_controls

    assert name_controls("Name them with --bands.") == "Name them with “Bands, in the order of the model”."
    assert name_controls("segment --help, --out-gsd model") == "segment --help, “Resolution to write” model"


def test_what_is_typed_wrong_is_said(run: Callable[..., Run], scene: Path, tmp_path: Path) -> None:
    done = run("segmentraster", {"INPUT": str(scene), "GSD": "wide", "OUTPUT": tmp_path / "classes.tif"})
    assert not done.ok
    assert "no reason" not in done.log
    assert "“Resolution to read at”" in done.log
