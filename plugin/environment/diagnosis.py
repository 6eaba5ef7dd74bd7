# SPDX-License-Identifier: GPL-2.0-or-later
"""All that a maintainer would ask, as one text: in English for everybody, without passwords, with ~ for the home."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Optional

from qgis.core import QgsApplication, QgsCommandLineUtils, QgsFeedback, QgsSettings
from qgis.PyQt.QtCore import QLocale

from .. import processes, settings, worker
from ..__about__ import ROOT, TITLE, VERSION
from ..models import list_models
from . import interpreter, proxy, state
from .problem import EnvironmentProblem
from .programs import ask_program

_FREEZE = """
import importlib.metadata as metadata, sys
print(*sorted({f"{d.metadata['Name']}=={d.version}" for d in metadata.distributions()}, key=str.lower), sep="\\n")
"""

_SECONDS = 60


def diagnose(feedback: Optional[QgsFeedback] = None) -> str:
    """Look at everything. Starts programs and takes seconds: not for the main thread.

    Args:
        feedback: Cancels, and gets the progress.
    """
    feedback = feedback or QgsFeedback()
    parts: tuple[tuple[str, Callable[[], Iterator[str]]], ...] = (
        ("Versions", _describe_versions),
        ("System", _describe_system),
        ("Settings", _describe_settings),
        ("Python of QGIS", _describe_qgis_python),
        ("Environment", _describe_environment),
        ("Packages", _list_packages),
        ("Engines", _list_engines),
        ("Models", _list_models),
    )
    lines: list[str] = []
    for number, (title, part) in enumerate(parts):
        if feedback.isCanceled():
            break
        feedback.setProgress(100 * number / len(parts))
        lines += [f"== {title}", *part(), ""]
    feedback.setProgress(100)
    return hide_home("\n".join(lines))


def hide_home(text: str, home: Optional[str] = None) -> str:
    """Return a text with ~ where the user's home is named, with slashes of either kind."""
    home = home or str(Path.home())
    for form in dict.fromkeys((home, home.replace("\\", "/"), home.replace("\\", "\\\\"))):
        text = text.replace(form, "~") if len(form) > 1 else text
    return text


def _describe_versions() -> Iterator[str]:
    yield f"{TITLE} {VERSION} in {ROOT}"
    yield from QgsCommandLineUtils.allVersions().strip().splitlines()


def _describe_system() -> Iterator[str]:
    yield f"{platform.platform()}, {platform.machine()}, {os.cpu_count()} processors"
    memory = _measure_memory()
    yield f"memory: {memory}" if memory else "memory: unknown"
    folders = {"profile": QgsApplication.qgisSettingsDirPath(), "temporary files": tempfile.gettempdir()}
    for name, folder in folders.items():
        yield f"{name}: {folder} ({_measure_free_space(folder)})"
    yield f"locale: {QgsApplication.locale()} / {QLocale.system().name()}, encoding {sys.getfilesystemencoding()}"
    foreign = sorted(name for name in os.environ if name.startswith(processes.FOREIGN))
    yield f"variables that the worker does not get: {', '.join(foreign) or 'none'}"
    own = sorted(
        name for name in os.environ if name.upper().startswith(("PIP_", "AERIALSEG_")) or "PROXY" in name.upper()
    )
    yield f"variables of pip, proxies and aerialseg: {', '.join(own) or 'none'}"


def _measure_free_space(folder: str) -> str:
    try:
        return f"{shutil.disk_usage(folder).free / 1e9:.1f} GB free"
    except OSError as error:
        return str(error)


def _measure_memory() -> str:
    """Return the memory of the machine, where the standard library tells it."""
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.1f} GiB"
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf
        return ""


def _describe_settings() -> Iterator[str]:
    stored = settings.load()
    yield f"interpreter: {stored.python or 'the own environment'}"
    yield f"{settings.INTERPRETER_VARIABLE}: {os.environ.get(settings.INTERPRETER_VARIABLE, 'not set')}"
    yield f"folder of wheels: {stored.wheels or 'none, the index'}"
    through = proxy.find_proxy()
    kind = (
        QgsSettings().value("proxy/proxyType", "")
        if QgsSettings().value("proxy/proxyEnabled", False, type=bool)
        else ""
    )
    yield f"proxy: {through.format_address(hide=True) if through else kind or 'none'}"


def _describe_qgis_python() -> Iterator[str]:
    host = interpreter.describe_host()
    yield f"sys.executable {host.executable}, prefixes {', '.join(host.prefixes)}"
    try:
        found = interpreter.find_interpreter(host)
    except EnvironmentProblem as problem:
        yield str(problem)
        yield from problem.log.splitlines()
        return
    pip = interpreter.format_version(found.pip) if found.pip else "none"
    yield f"{found.path}: Python {interpreter.format_version(found.version)}, pip {pip}"
    yield f"venv {_format_yes(found.has_venv)}, ensurepip {_format_yes(found.has_ensurepip)}"


def _format_yes(there: bool) -> str:
    return "yes" if there else "no"


def _describe_environment() -> Iterator[str]:
    found = state.find_environment(probe=True)
    yield f"{found.state.value}: {found.python} ({'own' if found.own else 'named by the user'})"
    yield f"for: {', '.join(sorted(found.extras)) or 'nothing'}"
    yield from found.detail.splitlines()
    if found.own:
        yield f"mark: {json.dumps(state.read_mark(state.find_environment_folder())) or 'none'}"


def _list_packages() -> Iterator[str]:
    try:
        command = [*processes.make_isolated_command(state.find_environment().python), "-c", _FREEZE]
        _, lines = ask_program(command, processes.make_clean_environment(), seconds=_SECONDS)
    except EnvironmentProblem as problem:
        lines = [str(problem)]
    yield from lines


def _list_engines() -> Iterator[str]:
    command, environment = worker.make_command(state.find_environment().python, ["engines"])
    try:
        result = worker.run(command, environment, on_event=lambda event: None, is_cancelled=lambda: False)
    except worker.WorkerError as error:
        yield str(error)
        yield from error.log.splitlines()
        return
    for engine in result.get("engines", []):
        usable = f"{engine['device']}, {engine['precision']}" if engine["usable"] else f"not usable: {engine['reason']}"
        yield f"{engine['name']}: {usable}"


def _list_models() -> Iterator[str]:
    added = settings.load().models
    known = list_models(added)
    for model in known.values():
        yield f"{model.name}: {model.path}"
    for path in added:
        if all(str(model.path) != str(Path(path)) for model in known.values()):
            yield f"not readable: {path}"
