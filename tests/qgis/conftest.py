"""A real QGIS without windows, and the plugin in a plugins folder as a user has it."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

REPO = Path(__file__).resolve().parents[2]
HOW_TO_GET_QGIS = "QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"


def pytest_report_header() -> str:
    """Which QGIS is tested, if any."""
    try:
        from qgis.core import Qgis
    except ImportError:
        return f"QGIS –: {HOW_TO_GET_QGIS}"
    return f"QGIS {Qgis.version()}"


@pytest.fixture(scope="session")
def qgis_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """One QGIS application with an empty profile."""
    from qgis.core import QgsApplication

    application = QgsApplication([], False, str(tmp_path_factory.mktemp("profile")))
    application.initQgis()
    yield application
    application.exitQgis()


@pytest.fixture
def plugins_dir(tmp_path: Path) -> Path:
    """A plugins folder that holds the repository under the name `aerialseg`."""
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "aerialseg").symlink_to(REPO, target_is_directory=True)
    return folder


@pytest.fixture
def plugin_package(plugins_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The plugin's package, imported as QGIS imports it, and forgotten afterwards."""
    monkeypatch.syspath_prepend(str(plugins_dir))
    yield importlib.import_module("aerialseg")
    for name in [n for n in sys.modules if n.split(".")[0] == "aerialseg"]:
        del sys.modules[name]
