"""Variables of other programs, and modules that lie in the current folder: neither is ours."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from aerialseg_core import environ

AERIALSEG = Path(sys.executable).with_name("aerialseg")
PLANTED = ("json", "numpy", "runpy", "sitecustomize", "usercustomize", "pip", "keras")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A folder of modules that say when somebody executes them."""
    folder = tmp_path / "beside my images"
    folder.mkdir()
    trap = f"open({str(tmp_path / 'executed')!r}, 'a').write(__name__)\n"
    for name in PLANTED:
        (folder / f"{name}.py").write_text(trap, encoding="utf-8")
    for name in ("pip", "aerialseg_core", "certifi"):
        (folder / name).mkdir()
        for file in ("__init__.py", "__main__.py"):
            (folder / name / file).write_text(trap, encoding="utf-8")
    return folder


def test_modules_of_the_current_folder_are_not_executed_by_children(
    planted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the path of this process has of it, as a console and a notebook have."""
    monkeypatch.chdir(planted)
    for first in ("", ".", str(planted)):
        monkeypatch.syspath_prepend(first)
        commands = (environ.isolated("pip", "--version"), environ.isolated("aerialseg_core", "--version"))
        for command, name in zip(commands, ("pip ", "aerialseg, version"), strict=True):
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            assert done.stdout.startswith(name)
    done = subprocess.run(environ.isolated("json.tool", os.devnull), capture_output=True, text=True, check=False)
    assert "Expecting value" in done.stderr
    assert not (tmp_path / "executed").exists()


def test_pip_of_the_sample_is_not_that_of_the_current_folder(planted: Path, tmp_path: Path) -> None:
    variables = {"XDG_CACHE_HOME": str(tmp_path), "PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_CONFIG_FILE": os.devnull}
    done = subprocess.run(
        [str(AERIALSEG), "sample", "scene.tif"],
        cwd=planted,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "cannot be fetched" in done.stderr  # by the real pip, which found no index
    assert not (tmp_path / "executed").exists()


def test_a_child_imports_from_where_its_parent_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "packages").mkdir()
    (tmp_path / "packages" / "of_this_cluster.py").write_text("print('found')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "packages"))
    done = subprocess.run(environ.isolated("of_this_cluster"), capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "found"
