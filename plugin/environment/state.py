# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the core runs, and whether it can: the plugin's own environment, or an interpreter that the user named."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Optional

from qgis.core import QgsApplication

from ..__about__ import VERSION
from ..i18n import tr
from ..processes import make_clean_environment, make_isolated_command
from ..settings import INTERPRETER_VARIABLE, find_named_interpreter
from . import requirements
from .interpreter import format_pip_command
from .problem import EnvironmentProblem, SetUpCancelled, name_options_page
from .programs import ask_program
from .requirements import RUN, TRAIN, Requirements

MARK = "aerialseg.json"
"""File inside the environment that says what it holds; written last, so that what has none is unfinished."""

_SECONDS = 180  # TensorFlow from a cold disk

_IMPORT = """
import importlib, sys
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except BaseException as error:
        print(name, type(error).__name__, " ".join(str(error).split())[:300], sep="\\t")
        sys.exit(1)
"""

_LOOK = """
import json, sys
from importlib.util import find_spec
print(json.dumps({"version": list(sys.version_info[:3]), "missing": [n for n in sys.argv[1:] if not find_spec(n)]}))
"""


class State(Enum):
    """What an environment is good for."""

    READY = "ready"
    MISSING = "missing"
    OUTDATED = "outdated"
    BROKEN = "broken"


@dataclass(frozen=True)
class Environment:
    """An interpreter and what is known of it."""

    python: Path
    state: State
    own: bool
    """The plugin's own; otherwise the user named it."""
    extras: frozenset[str] = frozenset()
    """What it is for: "run", "train"."""
    detail: str = ""
    """What is wrong with it, or what is inside."""


def find_environment_folder() -> Path:
    """Return where the plugin's own environment is, or would be: inside the QGIS profile."""
    return Path(QgsApplication.qgisSettingsDirPath()) / "aerialseg" / "env"


def find_python(folder: Path, platform: str = sys.platform) -> Path:
    """Return the interpreter of a virtual environment."""
    return folder / "Scripts" / "python.exe" if platform == "win32" else folder / "bin" / "python"


def find_environment(probe: bool = False) -> Environment:
    """Return the environment that the next run would take.

    Args:
        probe: Also start it and import what it must have. That takes seconds: not in the main thread.
    """
    named = find_named_interpreter()
    environment = _read_named(Path(named)) if named else _read_own(find_environment_folder())
    if probe and environment.state is State.READY:
        return _probe_named(environment) if named else _probe_own(environment)
    return environment


def require_python(extra: str = RUN) -> Path:
    """Return the interpreter that a run needs.

    Of the plugin's own environment the mark is read; an interpreter that the user named is started for a moment, so
    this is not for the main thread.

    Raises:
        EnvironmentProblem: There is none that is fit, and the sentence names the remedy.
    """
    environment = find_environment()
    if not environment.own and environment.state is State.READY:
        environment = _probe_named(environment, import_all=False)
    if environment.state is State.READY and extra in environment.extras:
        return environment.python
    raise describe_problem(environment, extra)


def describe_problem(environment: Environment, extra: str = RUN) -> EnvironmentProblem:
    """Return why an environment is not fit for a run, and what to do."""
    if not environment.own and _look_up(environment.python) is None:
        return EnvironmentProblem(
            environment.detail, tr("Correct it, or leave it empty for the plugin's own environment.")
        )
    if not environment.own:
        hint = tr("Install what is missing with: {} – or name another interpreter in {}.").format(
            format_pip_command(str(environment.python), requirements.REQUIREMENTS[extra]), name_options_page()
        )
        lacking = tr("{} lacks what training needs.").format(environment.python)
        return EnvironmentProblem(lacking if environment.state is State.READY else environment.detail, hint)
    if environment.state is State.READY:  # and the extra is not in it
        return EnvironmentProblem(
            tr("Training is not installed."), tr("Press “Install training too” in {}.").format(name_options_page())
        )
    button = tr("Set up") if environment.state is State.MISSING else tr("Repair")
    return EnvironmentProblem(environment.detail, tr("Press “{}” in {}.").format(button, name_options_page()))


def write_mark(folder: Path, required: Requirements, python: str) -> None:
    """Say that an environment is finished and what it holds."""
    facts = {"plugin": VERSION, "python": python, "kit": required.extra, "requirements": required.digest()}
    (folder / MARK).write_text(json.dumps(facts, indent=1), encoding="utf-8")


def read_mark(folder: Path) -> dict[str, Any]:
    """Return what an environment says of itself; empty if it is unfinished."""
    try:
        facts = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) and facts.get("kit") in requirements.REQUIREMENTS else {}


def find_failing_import(
    python: Path, modules: tuple[str, ...], is_cancelled: Callable[[], bool] = lambda: False
) -> str:
    """Import modules in an interpreter; what went wrong, in a few words, or nothing.

    Raises:
        SetUpCancelled: The user cancelled.
    """
    environment = {**make_clean_environment(), "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [*make_isolated_command(python), "-c", _IMPORT, *modules]
    try:
        code, lines = ask_program(command, environment, seconds=_SECONDS, is_cancelled=is_cancelled)
    except SetUpCancelled:
        raise
    except EnvironmentProblem as problem:
        return str(problem)
    if code == 0:
        return ""
    last = (lines or [tr("it ended with code {}.").format(code)])[-1]
    name, kind, text = ([*last.split("\t"), "", ""])[:3]
    if kind:
        return tr("{} does not import ({}: {}).").format(name, kind, text)
    return tr("{} does not start: {}").format(python, last)


def _read_own(folder: Path) -> Environment:
    """Look at the plugin's own environment: its mark and its files."""
    python, mark = find_python(folder), read_mark(folder)
    if not mark:
        return Environment(python, State.MISSING, own=True, detail=tr("The environment is not set up yet."))
    required = requirements.REQUIREMENTS[mark["kit"]]
    lost = _find_loss(folder, python)
    if lost:
        return Environment(python, State.BROKEN, own=True, extras=required.contains, detail=lost)
    if mark.get("requirements") != required.digest():
        detail = tr("The environment was made for another version of the plugin.")
        return Environment(python, State.OUTDATED, own=True, extras=required.contains, detail=detail)
    detail = tr("Python {}").format(mark.get("python", "?"))
    return Environment(python, State.READY, own=True, extras=required.contains, detail=detail)


def _find_loss(folder: Path, python: Path) -> str:
    """Say what an environment has lost since it was made: QGIS may have been updated, and its Python with it."""
    config = folder / "pyvenv.cfg"
    try:
        pairs = (line.split("=", 1) for line in config.read_text(encoding="utf-8").splitlines() if "=" in line)
        home = {key.strip(): value.strip() for key, value in pairs}.get("home", "")
    except OSError:
        home = ""
    if not python.exists() or not os.path.isdir(home):
        return tr("The Python that the environment was made with is gone, perhaps with an update of QGIS.")
    return ""


def _read_named(named: Path) -> Environment:
    """Look at an interpreter that the user named; a name without a folder is looked up as a terminal does."""
    found = _look_up(named)
    if found is None:
        source = INTERPRETER_VARIABLE if os.environ.get(INTERPRETER_VARIABLE, "").strip() else name_options_page()
        detail = tr("The interpreter {} that is named in {} is not there or cannot be started.").format(named, source)
        return Environment(named, State.BROKEN, own=False, detail=detail)
    detail = tr("Named by the user")
    return Environment(Path(found), State.READY, own=False, extras=frozenset({RUN, TRAIN}), detail=detail)


def _look_up(named: Path) -> Optional[str]:
    """Find a program; what has a name only never comes from the current folder, where Windows looks first."""
    folders = os.pathsep.join(folder for folder in os.get_exec_path() if os.path.isabs(folder))
    found = shutil.which(os.path.expanduser(named), path=folders)
    return found if found and (os.path.isabs(found) or os.path.dirname(named)) else None


def _probe_own(environment: Environment) -> Environment:
    required = requirements.REQUIREMENTS[TRAIN if TRAIN in environment.extras else RUN]
    wrong = find_failing_import(environment.python, required.modules)
    if not wrong:
        return environment
    return Environment(environment.python, State.BROKEN, own=True, extras=environment.extras, detail=wrong)


def _probe_named(environment: Environment, import_all: bool = True) -> Environment:
    """Look which packages a named interpreter has, and import them if that is asked for."""
    python = environment.python
    facts, wrong = _ask_for_packages(python, requirements.REQUIREMENTS[TRAIN].modules)
    missing = facts.get("missing", [])
    lacks_run = [name for name in missing if name in requirements.REQUIREMENTS[RUN].modules]
    if not wrong and facts["version"] < list(requirements.OLDEST_PYTHON):
        wrong = tr("{} is Python {}, and aerialseg needs {} or newer.").format(
            python, ".".join(map(str, facts["version"])), ".".join(map(str, requirements.OLDEST_PYTHON))
        )
    if not wrong and lacks_run:
        wrong = tr("{} lacks {}.").format(python, ", ".join(lacks_run))
    extras = requirements.REQUIREMENTS[RUN].contains if missing else requirements.REQUIREMENTS[TRAIN].contains
    if not wrong and import_all:
        wrong = find_failing_import(python, requirements.REQUIREMENTS[RUN if missing else TRAIN].modules)
    if wrong:
        return Environment(python, State.BROKEN, own=False, detail=wrong)
    detail = tr("Python {}, named by the user").format(".".join(map(str, facts["version"])))
    return Environment(python, State.READY, own=False, extras=extras, detail=detail)


def _ask_for_packages(python: Path, modules: tuple[str, ...]) -> tuple[dict[str, Any], str]:
    """Return version and missing packages of an interpreter, or what is wrong with it."""
    try:
        code, lines = ask_program(
            [*make_isolated_command(python), "-c", _LOOK, *modules], make_clean_environment(), seconds=60
        )
        last = (lines or [""])[-1]
        if code == 0:
            return json.loads(last), ""
    except (EnvironmentProblem, ValueError) as error:
        last = str(error)
    return {}, tr("{} does not work as a Python: {}").format(python, last)
