"""Modules that lie in the current folder of QGIS, beside somebody's project: nothing that is started executes them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from environments import TinyEnvironment, make_requirements, make_wheel, module, without_index

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [pytest.mark.qgis, pytest.mark.usefixtures("qgis_app")]

PLANTED = ("json", "numpy", "runpy", "sitecustomize", "usercustomize", "importlib", "pip", "venv", "ensurepip")


@pytest.fixture
def executed(plugin_package: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file that a planted module writes; the current folder has one of every name that a start could want."""
    mark, folder = tmp_path / "executed", tmp_path / "project"
    trap = f"open({str(mark)!r}, 'a').write(__name__ + ' ')\n"
    for name in (*PLANTED, "aerialseg_core", "click", "aerialseg_tiny", "aerialseg_small"):
        (folder / name).mkdir(parents=True)
        for path in (folder / f"{name}.py", folder / name / "__init__.py", folder / name / "__main__.py"):
            path.write_text(trap, encoding="utf-8")
    here = Path.cwd()
    os.chdir(folder)
    # As a user's shell has them: an empty part stands for the current folder.
    monkeypatch.setenv("PYTHONPATH", f"{os.pathsep}/somewhere")
    monkeypatch.setenv("PATH", f"{os.pathsep}.{os.pathsep}{os.environ['PATH']}")
    yield mark
    os.chdir(here)


@pytest.fixture
def place(executed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinyEnvironment:
    """An environment of two tiny packages that can be made from a folder of wheels."""
    monkeypatch.delenv("AERIALSEG_PYTHON", raising=False)
    for name, value in without_index().items():
        monkeypatch.setenv(name, value)
    for name in ("aerialseg_tiny", "aerialseg_small"):
        make_wheel(tmp_path / "wheels", name)
    requirements = {
        "run": make_requirements(tmp_path / "run.txt"),
        "train": make_requirements(tmp_path / "train.txt", extra="train"),
    }
    monkeypatch.setattr(module("requirements"), "REQUIREMENTS", requirements)
    place = TinyEnvironment(tmp_path / "profile" / "env", tmp_path / "wheels", requirements)
    monkeypatch.setattr(module("state"), "find_environment_folder", lambda: place.folder)
    return place


def test_making_and_trying_an_environment(place: TinyEnvironment, executed: Path) -> None:
    made = place.install(wheels=str(place.wheels))
    assert made.state.value == "ready"
    assert module("state").find_environment(probe=True) == made
    assert not executed.exists(), executed.read_text()


def test_looking_at_a_named_interpreter_and_diagnosing_it(
    executed: Path, interpreter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    requirements = module("requirements")
    # Which modules are imported does not matter here, and TensorFlow takes ten seconds.
    light = {extra: replace(all_, modules=("numpy", "rasterio")) for extra, all_ in requirements.REQUIREMENTS.items()}
    monkeypatch.setattr(requirements, "REQUIREMENTS", light)
    monkeypatch.setenv("AERIALSEG_PYTHON", str(interpreter))
    found = module("state").find_environment(probe=True)
    assert found.state.value == "ready", found.detail
    text = module("diagnosis").diagnose()
    assert "onnxruntime: CPU" in text
    assert "rasterio==" in text
    assert not executed.exists(), executed.read_text()


def test_the_worker(executed: Path, interpreter: Path) -> None:
    worker = import_module("aerialseg.plugin.worker")
    command, environment = worker.make_command(interpreter, ["engines"])
    result = worker.run(command, environment, on_event=lambda event: None, is_cancelled=lambda: False)
    assert [engine["name"] for engine in result["engines"]]
    assert not executed.exists(), executed.read_text()


def test_a_name_of_an_interpreter_is_not_looked_up_in_the_current_folder(
    executed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = Path("python-of-mine")
    planted.write_text(f"#!/bin/sh\ntouch '{executed}'\n", encoding="utf-8")
    planted.chmod(0o755)
    monkeypatch.setenv("AERIALSEG_PYTHON", planted.name)
    found = module("state").find_environment(probe=True)
    assert found.state.value == "broken"
    assert "is not there" in found.detail
    assert not executed.exists()
