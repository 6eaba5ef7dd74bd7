"""The plugin speaks the language of QGIS while it is loaded, and leaves nothing of it behind."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [pytest.mark.qgis, pytest.mark.usefixtures("qgis_app")]

ENGLISH, GERMAN = "Segment raster layer", "Rasterlayer segmentieren"


@pytest.fixture
def speak(tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """Choose the language of QGIS, in settings of its own."""
    from qgis.core import QgsSettings
    from qgis.PyQt.QtCore import QSettings

    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))

    def choose(locale: str) -> None:
        settings = QgsSettings()
        settings.setValue("locale/overrideFlag", True)
        settings.setValue("locale/userLocale", locale)

    yield choose
    QgsSettings().remove("locale")


@pytest.fixture
def loaded(plugin_package: ModuleType) -> Iterator[Callable[[], Any]]:
    """Load the plugin, whose provider is returned."""
    plugins = []

    def load() -> Any:
        from qgis.core import QgsApplication

        plugin = plugin_package.classFactory(None)
        plugins.append(plugin)
        plugin.initProcessing()
        return QgsApplication.processingRegistry().providerById("aerialseg")

    yield load
    for plugin in plugins:
        plugin.unload()


def title() -> str:
    """What the algorithm is called at this moment."""
    return importlib.import_module("aerialseg.plugin.processing.segmentraster").SegmentRaster().displayName()


@pytest.mark.parametrize("locale", ["de", "de_CH"])
def test_german_qgis_has_german_algorithms_until_the_plugin_is_unloaded(
    speak: Callable[[str], None], plugin_package: ModuleType, locale: str
) -> None:
    from qgis.core import QgsApplication

    speak(locale)
    plugin = plugin_package.classFactory(None)
    plugin.initProcessing()
    try:
        algorithm = QgsApplication.processingRegistry().algorithmById("aerialseg:segmentraster")
        assert algorithm.displayName() == GERMAN
        assert algorithm.group() == "Segmentierung"
        assert algorithm.parameterDefinition("INPUT").description() == "Rasterlayer"
        assert "Beispiel:" in algorithm.shortHelpString()
    finally:
        plugin.unload()
    assert title() == ENGLISH


def test_language_without_a_translation_is_english(speak: Callable[[str], None], loaded: Callable[[], Any]) -> None:
    speak("tlh")
    assert loaded().algorithm("segmentraster").displayName() == ENGLISH


def test_names_of_algorithms_and_parameters_stay_in_every_language(
    speak: Callable[[str], None], loaded: Callable[[], Any]
) -> None:
    def names() -> dict[str, list[str]]:
        return {a.id(): [p.name() for p in a.parameterDefinitions()] for a in provider.algorithms()}

    speak("en")
    provider = loaded()
    english = names()
    speak("de")
    translation = importlib.import_module("aerialseg.plugin.i18n").Translation()
    translation.install()
    try:
        provider.refreshAlgorithms()
        assert title() == GERMAN
        assert names() == english
    finally:
        translation.remove()


@pytest.mark.parametrize(
    ("locale", "numbers"),
    [
        ("de", ["1.234,5", "84,5\N{NO-BREAK SPACE}%", "0,714", "+0,3", "7"]),
        ("en", ["1,234.5", "84.5\N{NO-BREAK SPACE}%", "0.714", "+0.3", "7"]),
        ("fr", ["1,234.5", "84.5\N{NO-BREAK SPACE}%", "0.714", "+0.3", "7"]),  # its texts are English
    ],
)
def test_numbers_are_written_as_in_the_language_of_the_texts(
    speak: Callable[[str], None], plugin_package: ModuleType, locale: str, numbers: list[str]
) -> None:
    speak(locale)
    i18n = importlib.import_module("aerialseg.plugin.i18n")
    translation = i18n.Translation()
    translation.install()
    given = ((1234.5, ",.1f"), (0.845, ".1%"), (0.7142857, ".3g"), (0.31, "+.1f"), (7, ""))
    try:
        assert [i18n.format_number(value, form) for value, form in given] == numbers
        assert ["{:{}}".format(i18n.Number(value), form) for value, form in given] == numbers
    finally:
        translation.remove()
