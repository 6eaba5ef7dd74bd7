# SPDX-License-Identifier: GPL-2.0-or-later
"""Another Python than QGIS's, where that one is too new or too old for the packages: found here, or fetched by uv."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Optional

from .interpreter import Interpreter, examine
from .problem import EnvironmentProblem
from .requirements import NEWEST_FOR_TRAINING, OLDEST_PYTHON, Requirements


def find_other_python(
    required: Requirements,
    *,
    folder: Path,
    which: Callable[[str], Optional[str]] = shutil.which,
    ask: Callable[[str], Interpreter] = examine,
) -> Optional[Interpreter]:
    """Find a Python on this machine that there are packages for, the newest first; None if there is none.

    Args:
        required: What it is for.
        folder: Where an earlier set-up has put one.
        which: Finds a program by its name.
        ask: Starts a Python and asks what it can do.
    """
    newest = required.newest_python or NEWEST_FOR_TRAINING
    versions = [(3, minor) for minor in range(newest[1], OLDEST_PYTHON[1] - 1, -1)]
    for version in versions:
        fetched = find_fetched_python(folder, version)
        for path in (*([str(fetched)] if fetched else []), *_list_places(version, which)):
            try:
                found = ask(path)
            except EnvironmentProblem:
                continue
            if found.version[:2] == version and found.has_venv and found.has_ensurepip:
                return found
    return None


def _list_places(version: "tuple[int, int]", which: Callable[[str], Optional[str]]) -> Iterator[str]:
    name = "{}.{}".format(*version)
    found = which(f"python{name}")
    if found and os.path.isabs(found):  # nothing from the current folder
        yield found
    if sys.platform == "win32":
        bases = (os.environ.get("LOCALAPPDATA", ""), os.environ.get("PROGRAMFILES", ""))
        folders = [Path(bases[0]) / "Programs" / "Python", Path(bases[1])]
        places = [folder / "Python{}{}".format(*version) / "python.exe" for folder in folders]
    elif sys.platform == "darwin":
        framework = Path("/Library/Frameworks/Python.framework/Versions") / name / "bin" / f"python{name}"
        places = [framework, *(Path(base) / "bin" / f"python{name}" for base in ("/opt/homebrew", "/usr/local"))]
    else:
        places = sorted(Path.home().glob(f".pyenv/versions/{name}.*/bin/python{name}"), reverse=True)
    yield from (str(path) for path in places if path.is_absolute() and path.is_file())


def find_fetched_python(folder: Path, version: "tuple[int, int]") -> Optional[Path]:
    """Return the Python of a version that uv has put into a folder; None if there is none."""
    name = "{}.{}".format(*version)
    ending = "python.exe" if sys.platform == "win32" else f"bin/python{name}"
    return next((path for path in sorted(folder.glob(f"cpython-{name}.*/{ending}")) if path.is_file()), None)


def make_fetch_arguments(folder: Path, cache: Path, version: "tuple[int, int]") -> "list[str]":
    """Return what uv is told, so that it leaves everything else on the machine as it is.

    Args:
        folder: Where the Python goes.
        cache: For its temporary files.
        version: Of the Python.
    """
    own = ["--install-dir", str(folder), "--cache-dir", str(cache), "--no-config", "--no-bin"]
    registry = ["--no-registry"] if sys.platform == "win32" else []
    return ["python", "install", *own, *registry, "--no-progress", "{}.{}".format(*version)]
