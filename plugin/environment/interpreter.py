# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS's own Python as a program that can be started: `sys.executable` is QGIS itself on Windows and macOS."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Optional

from ..i18n import tr
from ..worker import clean_environment, isolated
from .kits import NEWEST_FOR_TRAINING, OLDEST_PYTHON, Kit
from .problem import EnvironmentProblem, where
from .process import answer

_SECONDS = 60  # a first start from a slow disk, under a virus scanner

_QUESTION = """
import json, sys
from importlib.util import find_spec
pip = None
if find_spec("pip"):
    import pip as module
    pip = [int(part) for part in module.__version__.split(".")[:2]]
have = {name: bool(find_spec(name)) for name in ("venv", "ensurepip")}
print(json.dumps({"version": sys.version_info[:3], "pip": pip, **have}))
"""


@dataclass(frozen=True)
class Host:
    """What the program that QGIS is knows of its Python."""

    platform: str
    """`sys.platform`."""
    executable: str
    """`sys.executable`, which may be QGIS, or any Python that comes first on the PATH."""
    prefixes: tuple[str, ...]
    """`sys.base_prefix` and its like, best first."""
    version: tuple[int, int]
    """Of its Python."""
    osgeo4w: str = ""
    """Root of the OSGeo4W installation, on Windows."""


@dataclass(frozen=True)
class Interpreter:
    """A Python that answers when it is started."""

    path: Path
    version: tuple[int, int, int]
    has_venv: bool
    """Whether it can make virtual environments at all."""
    has_ensurepip: bool
    """Whether it can put pip into them."""
    pip: Optional[tuple[int, int]]
    """Version of its own pip, if it has one."""


def this_host() -> Host:
    """The QGIS in which this runs."""
    prefixes = tuple(dict.fromkeys((sys.base_prefix, sys.base_exec_prefix, sys.prefix)))
    osgeo4w = os.environ.get("OSGEO4W_ROOT", "")
    return Host(sys.platform, sys.executable or "", prefixes, sys.version_info[:2], osgeo4w)


def candidates(host: Host, exists: Callable[[str], bool]) -> list[str]:
    """Files that may be QGIS's Python, the likeliest first.

    Args:
        host: The program that asks.
        exists: Whether there is a file of a name.
    """
    places = {"win32": _on_windows, "darwin": _on_macos}.get(host.platform, _on_linux)
    found = (str(path) for path in places(host))
    return [path for path in dict.fromkeys(found) if exists(path)]


def _on_windows(host: Host) -> Iterator[PurePath]:
    major, minor = host.version
    executable = PureWindowsPath(host.executable)
    roots = [PureWindowsPath(host.osgeo4w)] if host.osgeo4w else []
    # …/bin/qgis-bin.exe and …/apps/qgis/bin/qgis-bin.exe
    roots += [p for p in executable.parents if p.name.lower() not in ("bin", "apps")]
    folders = [PureWindowsPath(p) for p in host.prefixes]
    folders += [root / "apps" / f"Python{major}{minor}" for root in roots]
    # Those in bin come last: they find their library only by PYTHONHOME.
    folders += [executable.parent, *(root / "bin" for root in roots)]
    yield from (folder / name for folder in folders for name in ("python.exe", "python3.exe"))


def _on_macos(host: Host) -> Iterator[PurePath]:
    major, minor = host.version
    executable = PurePosixPath(host.executable)
    known = [executable, *map(PurePosixPath, host.prefixes)]
    contents = dict.fromkeys(p for path in known for p in path.parents if p.name == "Contents")
    folders = [PurePosixPath(p) / "bin" for p in host.prefixes]
    for root in contents:
        framework = root / "Frameworks" / "Python.framework" / "Versions"
        folders += [root / "MacOS" / "bin", root / "MacOS", root / "Frameworks" / "bin"]
        folders += [framework / f"{major}.{minor}" / "bin", framework / "Current" / "bin"]
        folders += [root / "Resources" / "python" / "bin"]
    for folder in folders:
        yield from (folder / name for name in (f"python{major}.{minor}", "python3", "python"))
    if executable.name.startswith("python"):
        yield executable


def _on_linux(host: Host) -> Iterator[PurePath]:
    major, minor = host.version
    for prefix in host.prefixes:
        # The full name first: after an upgrade of the system it is gone, and the loss is noticed.
        yield from (PurePosixPath(prefix) / "bin" / n for n in (f"python{major}.{minor}", "python3", "python"))
    if PurePosixPath(host.executable).name.startswith("python"):
        yield PurePosixPath(host.executable)


def examine(path: str) -> Interpreter:
    """Start a Python and ask what it can do.

    Raises:
        EnvironmentProblem: It does not start, or does not answer as Python does.
    """
    code, lines = answer([*isolated(path), "-c", _QUESTION], clean_environment(), seconds=_SECONDS)
    last = (lines or [tr("no answer")])[-1]
    try:
        facts = json.loads(last) if code == 0 else {}
        version = tuple(facts["version"])
    except (ValueError, KeyError, TypeError):
        raise EnvironmentProblem(tr("{} does not work as a Python: {}.").format(path, last.rstrip("."))) from None
    pip = tuple(facts["pip"][:2]) if facts["pip"] else None
    return Interpreter(Path(path), version, facts["venv"], facts["ensurepip"], pip)


def find(
    host: Optional[Host] = None,
    *,
    exists: Callable[[str], bool] = os.path.isfile,
    ask: Callable[[str], Interpreter] = examine,
) -> Interpreter:
    """QGIS's own Python: the first candidate that starts and is of the version that QGIS has.

    Raises:
        EnvironmentProblem: There is none.
    """
    host = host or this_host()
    looked_at = []
    for path in candidates(host, exists):
        try:
            interpreter = ask(path)
        except EnvironmentProblem as problem:
            looked_at.append(str(problem))
            continue
        if interpreter.version[:2] == host.version:
            return interpreter
        looked_at.append(f"{path}: Python {written(interpreter.version)}")
    raise EnvironmentProblem(
        tr("QGIS's own Python was not found."),
        tr("Name a Python {} or newer in {}.").format(written(OLDEST_PYTHON), where()),
        "\n".join(looked_at),
    )


def refusal(version: tuple[int, ...], kit: Kit) -> Optional[EnvironmentProblem]:
    """Why there are no packages for a version of QGIS's Python, and what to do instead; None if there are."""
    if version[:2] < OLDEST_PYTHON:
        text = tr("QGIS's Python is {}, and aerialseg needs {} or newer.").format(
            written(version[:2]), written(OLDEST_PYTHON)
        )
    elif kit.newest_python and version[:2] > kit.newest_python:
        text = tr("Training needs TensorFlow, which there is for Python {} to {}; QGIS's Python is {}.").format(
            written(OLDEST_PYTHON), written(kit.newest_python), written(version[:2])
        )
    else:
        return None
    hint = tr("Make an environment with Python {}, install into it with: {} – and name its python in {}.").format(
        written(kit.newest_python or NEWEST_FOR_TRAINING), pip_line("python", kit), where()
    )
    return EnvironmentProblem(text, hint)


def pip_line(python: str, kit: Kit) -> str:
    """What to type so that another Python has all that a kit holds."""
    quoted = [f'"{word}"' if " " in word else word for word in (str(python), str(kit.requirements))]
    return f"{quoted[0]} -m pip install -r {quoted[1]}"


def written(version: tuple[int, ...]) -> str:
    """A version as people write it."""
    return ".".join(map(str, version))
