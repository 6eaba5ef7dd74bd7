"""What `pip install .` installs: the package, its types, its licence and the shipped models, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the files in the wheel."""
    pytest.importorskip("hatchling", reason="building the wheel needs hatchling: pip install '.[dev]'")
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    run = subprocess.run(build, cwd=REPO, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    (wheel,) = folder.glob("aerialseg-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_wheel_holds_the_core_and_its_recipes(members: set[str]) -> None:
    core = {
        str(path.relative_to(REPO))
        for path in (REPO / "aerialseg_core").rglob("*")
        if path.suffix in {".py", ".toml", ".typed", ".html", ".css", ".tif", ".md"}
    }
    assert core <= members
    assert "aerialseg_core/py.typed" in members


def test_wheel_holds_the_shipped_models_with_their_card(members: set[str]) -> None:
    shipped = {f"aerialseg_core/_models/{path.name}" for path in (REPO / "models").glob("*.onnx")}
    card = {"aerialseg_core/_models/MODEL_CARD.md"} if (REPO / "models" / "MODEL_CARD.md").exists() else set()
    assert {name for name in members if "/_models/" in name} == shipped | card


def test_wheel_holds_nothing_else(members: set[str]) -> None:
    assert {name.split("/")[0].split("-")[0] for name in members} == {"aerialseg_core", "aerialseg"}
    licences = [name for name in members if "/licenses/" in name]
    assert [Path(name).name for name in licences] == ["LICENSE"]
