# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the plugin's own environment: installed, tried, and only then marked as finished – whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Optional

from qgis.core import QgsFeedback
from qgis.PyQt.QtCore import QLockFile

from .. import settings
from ..i18n import tr
from ..processes import make_clean_environment, make_isolated_command
from . import proxy, requirements, state
from .interpreter import (
    Interpreter,
    examine,
    find_interpreter,
    find_version_problem,
    format_pip_command,
    format_version,
)
from .other_python import find_fetched_python, find_other_python, make_fetch_arguments
from .pip_errors import explain_pip_error
from .problem import EnvironmentProblem, SetUpCancelled, name_options_page
from .programs import run_program
from .requirements import NEWEST_FOR_TRAINING, Requirements
from .state import Environment

LOG_LINES = 40
"""Lines of pip that are kept, for the message when it fails."""

_WORK = ".new-"  # beginning of the folder in which an environment is built
_PIP_FOR_ANOTHER = (22, 3)  # the first pip that installs into another Python (`--python`)
_DISTRACTING = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PIP_PYTHON")

# Percent of the whole at which a step begins.
_MAKING, _FETCHING, _UNPACKING, _TRYING = 1.0, 6.0, 70.0, 94.0


def install(extra: str, feedback: QgsFeedback, say: Callable[[str], None], wheels: Optional[str] = None) -> Environment:
    """Make the environment, or make it anew. If that fails, the old one is back.

    Takes minutes; not for the main thread.

    Args:
        extra: What it is for: "run", or "train", which contains "run".
        feedback: Gets the progress; cancelling it ends everything within two seconds.
        say: Gets what happens, line by line.
        wheels: Folder of wheels to install from without a network; None for the one in the settings, "" for the index.

    Raises:
        EnvironmentProblem: It could not be made; an environment that was there is as it was.
        SetUpCancelled: The user cancelled, likewise.
    """
    required = requirements.REQUIREMENTS[extra]
    wheels = settings.load().wheels if wheels is None else wheels
    named = settings.find_named_interpreter()
    if named:  # it is the user's: nothing is installed into it
        raise EnvironmentProblem(
            tr("The interpreter {} is in use, and aerialseg installs nothing into it.").format(named),
            tr("Install with: {} – or clear the field “Interpreter” in {}.").format(
                format_pip_command(named, required), name_options_page()
            ),
        )
    if wheels and not os.path.isdir(wheels):
        raise EnvironmentProblem(
            tr("The folder of wheels {} is not there.").format(wheels),
            tr("Name another in {}.").format(name_options_page()),
        )
    interpreter = find_interpreter()
    refused = find_version_problem(interpreter.version, required)
    target = state.find_environment_folder()
    pythons = target.with_name("python")
    other = find_other_python(required, folder=pythons) if refused else None
    with _open_work_folder(target.parent, required) as work, _set_aside(target, work / "old"):
        feedback.setProgress(_MAKING)
        if refused:
            say(refused.text)
            fetcher = _Builder(work / "uv", work / "tmp", requirements.UV, feedback, say)
            interpreter = other or fetcher.fetch_python(
                interpreter, refused, required=required, folder=pythons, wheels=wheels
            )
        say(
            tr("Making an environment with {} (Python {})").format(
                interpreter.path, format_version(interpreter.version)
            )
        )
        builder = _Builder(target, work / "tmp", required, feedback, say)
        pip = builder.make_environment(interpreter)
        builder.install_packages(pip, format_version(interpreter.version[:2]), wheels)
        feedback.setProgress(_TRYING)
        say(tr("Trying it"))
        builder.try_out()
        if feedback.isCanceled():
            raise SetUpCancelled
        state.write_mark(target, required, format_version(interpreter.version))
    feedback.setProgress(100.0)
    say(tr("The environment is ready: {}").format(target))
    return state.find_environment()


class _Builder:
    """One environment while it is made.

    Args:
        folder: Where it goes.
        temporary: For the temporary files of pip.
        required: What goes into it.
        feedback: Cancels, and gets the progress.
        say: Gets lines.
    """

    def __init__(
        self, folder: Path, temporary: Path, required: Requirements, feedback: QgsFeedback, say: Callable[[str], None]
    ) -> None:
        self._folder, self._temporary = folder, temporary
        self._required, self._feedback, self._tell = required, feedback, say
        self._proxy = proxy.find_proxy()
        self._tail: deque[str] = deque(maxlen=LOG_LINES)
        self._expected, self._fetched, self._unpacking, self._there = len(required.pins()), 0, False, 0

    def make_environment(self, base: Interpreter) -> list[str]:
        """Make the empty environment.

        Returns:
            The command that is its pip.
        """
        python = state.find_python(self._folder)
        here = [*make_isolated_command(python), "-u", "-m", "pip"]
        make = [*make_isolated_command(base.path), "-u", "-m", "venv"]
        if base.has_venv and base.has_ensurepip and self._run([*make, str(self._folder)]) == 0:
            return here
        # Debian keeps ensurepip in a package of its own: QGIS's Python lends its pip.
        lends = base.has_venv and not base.has_ensurepip and base.pip and base.pip >= _PIP_FOR_ANOTHER
        if lends and self._run([*make, "--without-pip", str(self._folder)]) == 0:
            return [*make_isolated_command(base.path), "-u", "-m", "pip", "--python", str(python)]
        raise EnvironmentProblem(
            tr("{} cannot make virtual environments.").format(base.path),
            tr("On Debian and Ubuntu: sudo apt install python3-venv. Elsewhere name another Python in {}.").format(
                name_options_page()
            ),
            "\n".join(self._tail),
        )

    def fetch_python(
        self, base: Interpreter, refused: EnvironmentProblem, *, required: Requirements, folder: Path, wheels: str
    ) -> Interpreter:
        """Have uv fetch a Python that there are packages for; what it downloads it compares with its checksums.

        Args:
            base: QGIS's Python, in an environment of which uv is installed.
            refused: Why that one does not do.
            required: What the other one is for.
            folder: Where it goes, for good.
            wheels: Folder of wheels with uv; "" for the index.

        Raises:
            EnvironmentProblem: It cannot be fetched here.
        """
        version = required.newest_python or NEWEST_FOR_TRAINING
        self._tell(tr("Fetching Python {}").format(format_version(version)))
        try:
            self.install_packages(self.make_environment(base), format_version(base.version[:2]), wheels)
            command = [*make_isolated_command(state.find_python(self._folder)), "-m", "uv"]
            code = self._run([*command, *make_fetch_arguments(folder, self._temporary / "uv", version)])
            found = find_fetched_python(folder, version)
            if code == 0 and found is not None:
                return examine(str(found))
        except SetUpCancelled:
            raise
        except EnvironmentProblem as problem:
            self._tail.append(str(problem))
        none = tr("No other Python was found on this machine, and none could be fetched.")
        raise EnvironmentProblem(f"{refused.text} {none}", refused.hint, "\n".join(self._tail))

    def install_packages(self, pip: list[str], python: str, wheels: str) -> None:
        """Install the requirements."""
        self._there = self._count_distributions()
        say_source = tr("from the folder {}").format(wheels) if wheels else tr("from the package index")
        self._tell(tr("Installing {} packages {}").format(self._expected, say_source))
        if self._proxy and not wheels:
            self._tell(tr("Proxy: {}").format(self._proxy.format_address(hide=True)))
        # The pins are complete, so nothing is left to resolve; building from source would need compilers.
        source = ["--no-index", "--find-links", wheels] if wheels else []
        command = [*pip, "install", "--no-deps", "--only-binary", ":all:", *source, "-r", str(self._required.file)]
        self._feedback.setProgress(_FETCHING)
        if self._run(command, self._show_collected, self._show_unpacked) != 0:
            raise explain_pip_error(list(self._tail), python=python, wheels=wheels)

    def try_out(self) -> None:
        """Import what must import."""
        wrong = state.find_failing_import(
            state.find_python(self._folder), self._required.modules, self._feedback.isCanceled
        )
        if wrong:
            hint = tr("Run Diagnose in {} and report what it says.").format(name_options_page())
            raise EnvironmentProblem(tr("The packages are installed, but {}").format(wrong), hint, wrong)

    def _run(
        self,
        command: list[str],
        on_line: Callable[[str], None] = lambda line: None,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> int:
        def hear(line: str) -> None:
            line = self._proxy.hide_password(line) if self._proxy else line
            self._tail.append(line)
            self._tell(line)
            on_line(line)

        environment = make_pip_environment(self._proxy, self._temporary)
        cancelled, folder = self._feedback.isCanceled, str(self._temporary)  # where Python finds nobody's modules
        return run_program(command, environment, say=hear, is_cancelled=cancelled, meanwhile=meanwhile, folder=folder)

    def _show_collected(self, line: str) -> None:
        """Show progress by what pip says: it collects requirement by requirement and ignores those of other systems."""
        if line.startswith("Ignoring "):
            self._expected -= 1
        elif line.startswith(("Collecting ", "Processing ")):
            self._fetched += 1
            share = min(self._fetched / max(self._expected, 1), 1.0)
            self._feedback.setProgress(_FETCHING + (_UNPACKING - _FETCHING) * share)
        elif line.startswith("Installing collected packages"):
            self._unpacking = True

    def _show_unpacked(self) -> None:
        """Show progress by what is there: while pip unpacks, it is silent."""
        if self._unpacking:
            share = min((self._count_distributions() - self._there) / max(self._expected, 1), 1.0)
            self._feedback.setProgress(_UNPACKING + (_TRYING - _UNPACKING) * share)

    def _count_distributions(self) -> int:
        folders = (
            self._folder.glob("lib/python3*/site-packages")
            if os.name == "posix"
            else [self._folder / "Lib" / "site-packages"]
        )
        return sum(1 for folder in folders for _ in folder.glob("*.dist-info"))


def make_pip_environment(through: Optional[proxy.Proxy], temporary: Path) -> dict[str, str]:
    """Return the environment of pip: clean, with the user's own configuration of pip, and QGIS's proxy.

    Args:
        through: The proxy, if there is one.
        temporary: Where it unpacks: what a killed pip leaves must not stay.
    """
    kept = {name: value for name, value in make_clean_environment().items() if name not in _DISTRACTING}
    own = {
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_COLOR": "1",
        "PIP_NO_INPUT": "1",
        "PIP_PROGRESS_BAR": "off",
        "PIP_USER": "0",
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary)),
    }
    return {**kept, **own, **(through.make_variables() if through else {})}


@contextmanager
def _open_work_folder(parent: Path, required: Requirements) -> Iterator[Path]:
    """Make a folder to build in, on the disk of the environment; one set-up at a time has one."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(parent).free // 1_000_000
    except OSError as error:
        raise _make_unwritable_problem(parent, error) from error
    if free < required.megabytes:
        raise EnvironmentProblem(
            tr("The set-up needs {} MB, and the disk of {} has {} MB left.").format(required.megabytes, parent, free),
            tr("Make room and try again."),
        )
    lock = QLockFile(str(parent / "install.lock"))
    lock.setStaleLockTime(0)  # only the death of its process makes it void
    if not lock.tryLock(0):
        if lock.error() != QLockFile.LockError.LockFailedError:
            raise _make_unwritable_problem(parent, None)
        raise EnvironmentProblem(
            tr("Another set-up is running in this profile."), tr("Wait until it is done, or cancel it.")
        )
    try:
        for left_over in parent.glob(f"{_WORK}*"):  # of a QGIS that was killed
            shutil.rmtree(left_over, ignore_errors=True)
        work = Path(tempfile.mkdtemp(prefix=_WORK, dir=parent))
        try:
            (work / "tmp").mkdir()
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
    finally:
        lock.unlock()


def _make_unwritable_problem(folder: Path, error: Optional[OSError]) -> EnvironmentProblem:
    reason = f" ({error.strerror or error})" if error else ""
    return EnvironmentProblem(
        tr("The folder {} cannot be written{}.").format(folder, reason),
        tr("Start QGIS with a profile folder that you may write to."),
    )


@contextmanager
def _set_aside(target: Path, old: Path) -> Iterator[None]:
    """Set an environment aside while another is made in its place; unless that one is finished, the old one is back.

    Built in its place, not moved there afterwards: environments know where they are, and virus scanners hold fresh
    files open.
    """
    try:
        if state.read_mark(target):
            target.rename(old)
        elif target.exists():
            shutil.rmtree(target)
    except OSError as error:
        raise EnvironmentProblem(
            tr("The environment in {} is in use.").format(target),
            tr("End runs of aerialseg in all windows of QGIS, and try again."),
            str(error),
        ) from error
    try:
        yield
    except OSError as error:
        raise EnvironmentProblem(
            tr("The environment could not be made in {}: {}.").format(target, error.strerror or error),
            tr("Make room where the QGIS profile is, and try again."),
        ) from error
    finally:
        if not state.read_mark(target):
            shutil.rmtree(target, ignore_errors=True)
            if old.exists():
                old.rename(target)
