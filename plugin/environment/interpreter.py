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
from ..processes import make_clean_environment, make_isolated_command
from .problem import EnvironmentProblem, name_options_page
from .programs import ask_program
from .requirements import NEWEST_FOR_TRAINING, OLDEST_PYTHON, Requirements

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


def describe_host() -> Host:
    """Return the QGIS in which this runs."""
    prefixes = tuple(dict.fromkeys((sys.base_prefix, sys.base_exec_prefix, sys.prefix)))
    osgeo4w = os.environ.get("OSGEO4W_ROOT", "")
    return Host(sys.platform, sys.executable or "", prefixes, sys.version_info[:2], osgeo4w)


def list_candidates(host: Host, exists: Callable[[str], bool]) -> list[str]:
    """List files that may be QGIS's Python, the likeliest first.

    Args:
        host: The program that asks.
        exists: Whether there is a file of a name.
    """
    places = {"win32": _list_on_windows, "darwin": _list_on_macos}.get(host.platform, _list_on_linux)
    found = (str(path) for path in places(host))
    return [path for path in dict.fromkeys(found) if exists(path)]


def _list_on_windows(host: Host) -> Iterator[PurePath]:
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


def _list_on_macos(host: Host) -> Iterator[PurePath]:
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


def _list_on_linux(host: Host) -> Iterator[PurePath]:
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
    code, lines = ask_program(
        [*make_isolated_command(path), "-c", _QUESTION], make_clean_environment(), seconds=_SECONDS
    )
    last = (lines or [tr("no answer")])[-1]
    try:
        facts = json.loads(last) if code == 0 else {}
        version = tuple(facts["version"])
    except (ValueError, KeyError, TypeError):
        raise EnvironmentProblem(tr("{} does not work as a Python: {}.").format(path, last.rstrip("."))) from None
    pip = tuple(facts["pip"][:2]) if facts["pip"] else None
    return Interpreter(Path(path), version, facts["venv"], facts["ensurepip"], pip)


def find_interpreter(
    host: Optional[Host] = None,
    *,
    exists: Callable[[str], bool] = os.path.isfile,
    ask: Callable[[str], Interpreter] = examine,
) -> Interpreter:
    """Find QGIS's own Python: the first candidate that starts and is of the version that QGIS has.

    Raises:
        EnvironmentProblem: There is none.
    """
    host = host or describe_host()
    looked_at = []
    for path in list_candidates(host, exists):
        try:
            interpreter = ask(path)
        except EnvironmentProblem as problem:
            looked_at.append(str(problem))
            continue
        if interpreter.version[:2] == host.version:
            return interpreter
        looked_at.append(f"{path}: Python {format_version(interpreter.version)}")
    raise EnvironmentProblem(
        tr("QGIS's own Python was not found."),
        tr("Name a Python {} or newer in {}.").format(format_version(OLDEST_PYTHON), name_options_page()),
        "\n".join(looked_at),
    )


def find_version_problem(version: tuple[int, ...], required: Requirements) -> Optional[EnvironmentProblem]:
    """Return why a version of QGIS's Python has no packages, and what to do instead; None if it has some."""
    if version[:2] < OLDEST_PYTHON:
        text = tr("QGIS's Python is {}, and aerialseg needs {} or newer.").format(
            format_version(version[:2]), format_version(OLDEST_PYTHON)
        )
    elif required.newest_python and version[:2] > required.newest_python:
        text = tr("Training needs TensorFlow, which there is for Python {} to {}; QGIS's Python is {}.").format(
            format_version(OLDEST_PYTHON), format_version(required.newest_python), format_version(version[:2])
        )
    else:
        return None
    hint = tr("Make an environment with Python {}, install into it with: {} – and name its python in {}.").format(
        format_version(required.newest_python or NEWEST_FOR_TRAINING),
        format_pip_command("python", required),
        name_options_page(),
    )
    return EnvironmentProblem(text, hint)


def format_pip_command(python: str, required: Requirements) -> str:
    """Return what to type so that another Python has all that is required."""
    quoted = [f'"{word}"' if " " in word else word for word in (str(python), str(required.file))]
    return f"{quoted[0]} -m pip install -r {quoted[1]}"


def format_version(version: tuple[int, ...]) -> str:
    """Return a version as people write it."""
    return ".".join(map(str, version))
