"""The real thing: the environment as a user gets it, made by the algorithm, and the core at work in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from environments import closed_port, make_requirements, make_wheel, module
from within import feedback_class

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [pytest.mark.qgis, pytest.mark.usefixtures("qgis_app")]

NO_INDEX = ("cannot be reached", "did not let pip through", "does not trust", "gave no")
"""What is said where no package index answers: on such a machine the real thing cannot be had."""


@pytest.fixture
def profile(plugin_package: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh profile, with settings of its own."""
    from qgis.core import QgsSettings
    from qgis.PyQt.QtCore import QSettings

    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    monkeypatch.delenv("AERIALSEG_PYTHON", raising=False)
    folder = tmp_path / "neues Profil" / "aerialseg" / "env"
    monkeypatch.setattr(module("state"), "find_environment_folder", lambda: folder)
    yield folder
    QgsSettings().remove("aerialseg")
    shutil.rmtree(folder.parent, ignore_errors=True)  # pytest keeps the folders of three runs, this one has 900 MB


def run(name: str, class_name: str, parameters: dict[str, Any]) -> tuple[dict[str, Any], bool, Any]:
    """Run an algorithm as the toolbox does; its results, whether it went well, and its feedback."""
    from qgis.core import QgsProcessingContext

    algorithm = getattr(import_module(f"aerialseg.plugin.processing.{name}"), class_name)().create()
    feedback, context = feedback_class()(), QgsProcessingContext()
    context.setFeedback(feedback)
    good, why = algorithm.checkParameterValues(parameters, context)
    assert good, why
    results, went_well = algorithm.run(parameters, context, feedback)
    return results, went_well, feedback


@pytest.mark.slow
def test_environment_of_a_fresh_profile_runs_the_core(profile: Path, tmp_path: Path) -> None:
    results, went_well, feedback = run("setupenvironment", "SetUpEnvironment", {"EXTRA": "run"})
    log = "\n".join(feedback.lines)
    if not went_well and any(words in log for words in NO_INDEX):
        pytest.skip(f"no package index answers here: {feedback.lines[-1]}")
    assert went_well, log
    assert results == {"FOLDER": str(profile)}
    worker, state = import_module("aerialseg.plugin.worker"), module("state")
    python = state.require_python()

    def ask(*arguments: str) -> dict[str, Any]:
        command, environment = worker.make_command(python, arguments)
        return worker.run(command, environment, on_event=lambda event: None, is_cancelled=lambda: False)

    assert any(engine["usable"] for engine in ask("engines")["engines"])
    scene, classes = tmp_path / "scene.tif", tmp_path / "classes.tif"
    ask("sample", str(scene))
    ask("segment", str(scene), "-o", str(classes), "--polygons", str(tmp_path / "classes.gpkg"))
    assert classes.is_file()

    again, went_well, feedback = run("setupenvironment", "SetUpEnvironment", {"EXTRA": "run"})
    assert went_well
    assert again == results
    assert not any("Collecting" in line for line in feedback.lines), "what is in order is left alone"

    report = tmp_path / "Bericht für alle.txt"
    results, went_well, feedback = run("diagnose", "Diagnose", {"OUTPUT": str(report)})
    assert went_well
    text = report.read_text(encoding="utf-8")
    assert text == results["TEXT"]
    for line in (f"ready: {python} (own)", "QGIS 3", "GDAL", "rasterio==", "onnxruntime: CPU", "mbrsc-lite0:"):
        assert line in text, line


def test_set_up_by_the_algorithm_says_why_it_failed(profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_RETRIES", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{closed_port()}/simple")
    _, went_well, feedback = run("setupenvironment", "SetUpEnvironment", {"EXTRA": "run"})
    assert not went_well
    assert any("The package index cannot be reached." in line for line in feedback.lines)
    assert list(profile.parent.iterdir()) == []


def test_set_up_by_the_algorithm_takes_a_folder_of_wheels(
    profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheels = make_wheel(tmp_path / "wheels", "aerialseg_tiny").parent
    requirements = {"run": make_requirements(tmp_path / "run.txt", ("aerialseg_tiny",))}
    monkeypatch.setattr(module("requirements"), "REQUIREMENTS", requirements)
    monkeypatch.setattr(import_module("aerialseg.plugin.processing.setupenvironment"), "REQUIREMENTS", requirements)
    results, went_well, feedback = run("setupenvironment", "SetUpEnvironment", {"EXTRA": "run", "WHEELS": str(wheels)})
    assert went_well, feedback.lines
    assert results == {"FOLDER": str(profile)}


def test_diagnosis_of_a_broken_installation_still_tells_all(
    profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qgis.core import QgsSettings

    fake = tmp_path / "python"
    fake.write_text("#!/bin/sh\necho it is no Python; exit 3\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setenv("AERIALSEG_PYTHON", str(fake))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, value in {"proxyEnabled": True, "proxyType": "HttpProxy", "proxyHost": "h", "proxyUser": "u"}.items():
        QgsSettings().setValue(f"proxy/{name}", value)
    QgsSettings().setValue("proxy/proxyPassword", "top secret")
    QgsSettings().setValue("aerialseg/models", [str(tmp_path / "gone.onnx")])
    results, went_well, _ = run("diagnose", "Diagnose", {})
    QgsSettings().remove("proxy")
    assert went_well
    text = results["TEXT"]
    assert f"broken: ~/{fake.name} (named by the user)" in text
    assert "it is no Python" in text
    assert "proxy: http://u:***@h" in text
    assert "not readable: ~/gone.onnx" in text
    assert "mbrsc-lite0:" in text
    assert "top" not in text
    assert "OUTPUT" not in results or results["OUTPUT"] is None


def test_report_that_cannot_be_written_is_said(profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("aerialseg.plugin.processing.diagnose"), "diagnose", lambda feedback: "text")
    _, went_well, feedback = run("diagnose", "Diagnose", {"OUTPUT": str(tmp_path / "no" / "such" / "report.txt")})
    assert not went_well
    assert any("The report cannot be written to" in line for line in feedback.lines)


@pytest.mark.parametrize(("name", "class_name"), [("setupenvironment", "SetUpEnvironment"), ("diagnose", "Diagnose")])
def test_algorithms_of_the_environment_are_furnished(plugin_package: ModuleType, name: str, class_name: str) -> None:
    algorithm = getattr(import_module(f"aerialseg.plugin.processing.{name}"), class_name)().create()
    assert algorithm.name() == name
    assert algorithm.displayName()
    assert algorithm.group() == "Environment"
    assert "Example:" in algorithm.shortHelpString()
    assert all("Example:" in parameter.help() for parameter in algorithm.parameterDefinitions())
    assert not algorithm.icon().isNull()
