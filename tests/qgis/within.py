"""What tests inside QGIS have in common: runs of algorithms, feedbacks that remember, programs beside QGIS."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

REPO = Path(__file__).resolve().parents[2]


@dataclass
class Run:
    """What a run of an algorithm came to."""

    ok: bool
    results: dict[str, Any]
    log: str
    """All that it told its feedback."""
    layers: dict[str, Any]
    """By output name, or by path: the layers that QGIS would load, styled and in the project."""
    warnings: str = ""


def load_layers(context: Any, feedback: Any, project: Any) -> dict[str, Any]:
    """Load the layers of a finished run as Processing does."""
    from qgis.core import QgsProcessingUtils

    loaded = {}
    for path, details in context.layersToLoadOnCompletion().items():
        layer = QgsProcessingUtils.mapLayerFromString(path, context, True, details.layerTypeHint)
        assert layer is not None, path
        details.setOutputLayerName(layer)
        layer = context.temporaryLayerStore().takeMapLayer(layer)
        group = getattr(details, "groupName", "")
        project.addMapLayer(layer, not group)
        if group:
            root = project.layerTreeRoot()
            (root.findGroup(group) or root.insertGroup(0, group)).addLayer(layer)
        if details.postProcessor():
            details.postProcessor().postProcessLayer(layer, context, feedback)
        loaded[details.outputName or path] = layer
    return loaded


def feedback_class() -> type:
    """A feedback that keeps what it is told; `on_progress` gets it with every percentage, in the thread of the run."""
    from qgis.core import QgsProcessingFeedback

    class Recorder(QgsProcessingFeedback):
        def __init__(self, on_progress: Callable[[Any], None] | None = None) -> None:
            super().__init__(False)
            self.lines: list[str] = []
            self.progress_texts: list[str] = []
            if on_progress is not None:
                self.progressChanged.connect(lambda percent: on_progress(self) if percent > 0 else None)

        def pushInfo(self, text: str) -> None:
            self.lines.append(text)

        def pushWarning(self, text: str) -> None:
            self.lines.append(f"Warning: {text}")

        def reportError(self, text: str, fatalError: bool = False) -> None:
            self.lines.append(f"Error: {text}")

        def pushCommandInfo(self, text: str) -> None:
            self.lines.append(f"$ {text}")

        def pushConsoleInfo(self, text: str) -> None:
            self.lines.append(f"> {text}")

        def setProgressText(self, text: str) -> None:
            self.progress_texts.append(text)

    return Recorder


def qgis_process_command() -> list[str]:
    """The program `qgis_process`; Debian's wrapper adds an option that it does not know, so the binary comes first."""
    found = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    if found is None:
        pytest.skip("qgis_process is not installed; the Debian package `qgis` has it")
    return [found]


def command_of(interpreter: Path) -> list[str]:
    """The start of a command line of the core as it lies in the repository."""
    return [str(interpreter), "-m", "aerialseg_core"]


def core(command: list[str]) -> str:
    """Run the core outside of QGIS; what it printed."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "QT_", "QGIS_"))}
    environment["PYTHONPATH"] = str(REPO)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
