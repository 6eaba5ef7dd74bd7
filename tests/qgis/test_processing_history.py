"""Runs of the dock are in Processing's history, from which they can be run again."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [pytest.mark.qgis, pytest.mark.usefixtures("qgis_app")]

from interface import finished, opened, planned  # noqa: E402 - after the check


@pytest.fixture
def processing(qgis_app: object, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Processing's plugin, as QGIS itself has it."""
    from qgis.core import QgsApplication
    from qgis.gui import QgsGui

    monkeypatch.syspath_prepend(str(Path(QgsApplication.pkgDataPath(), "python", "plugins")))
    if not hasattr(QgsGui, "historyProviderRegistry"):  # it has one since 3.24, with Processing's provider in it
        importlib.import_module("processing.core.ProcessingLog")
    return importlib.import_module("processing")


def list_commands() -> list[str]:
    """The Python commands of the history, the oldest first."""
    from qgis.gui import QgsGui

    if hasattr(QgsGui, "historyProviderRegistry"):
        entries = QgsGui.historyProviderRegistry().queryEntries(providerId="processing")
        return [entry.entry["python_command"] for entry in entries]
    log = sys.modules["processing.core.ProcessingLog"].ProcessingLog
    return [entry.text for entry in log.getLogEntries()]


@pytest.fixture
def dock(windows: Any, project: Any, iface: Any, scene: Path) -> Any:
    return windows.open(opened(project, iface, scene))


def test_run_of_the_dock_can_be_run_again_from_processings_history(
    processing: Any, dock: Any, project: Any, tmp_path: Path
) -> None:
    from processing.core.Processing import Processing

    before = len(list_commands())
    dock.map.form.outputs.file.setFilePath(str(tmp_path / "one.tif"))
    planned(dock)
    dock.map.start()
    finished(dock)
    commands = list_commands()
    assert len(commands) == before + 1
    assert commands[-1].startswith('processing.run("aerialseg:segmentraster", {')
    Processing.initialize()
    again = re.sub(r"one(\w*)\.", r"two\1.", commands[-1])
    exec(again, {"processing": processing})
    assert (tmp_path / "two.tif").read_bytes() == (tmp_path / "one.tif").read_bytes()
