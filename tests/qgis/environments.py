"""What tests of the environment have in common: tiny wheels, a package index that listens, a profile of their own."""

from __future__ import annotations

import os
import socket
import threading
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

ENVIRONMENT = "aerialseg.plugin.environment"


def module(name: str) -> ModuleType:
    """A module of plugin/environment, as the plugin has it."""
    return import_module(f"{ENVIRONMENT}.{name}")


def make_wheel(folder: Path, name: str, version: str = "1.0", code: str = "") -> Path:
    """A wheel with one module of its name."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}-py3-none-any.whl"
    about = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}.py", code)
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{about}/RECORD", f"{name}.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n")
    return path


def make_requirements(
    path: Path, names: tuple[str, ...] = ("aerialseg_tiny", "aerialseg_small"), extra: str = "run"
) -> Any:
    """Requirements of tiny packages, with a requirement that is for other systems only."""
    lines = [f"{name.replace('_', '-')}==1.0" for name in names]
    path.write_text("\n".join([*lines, "aerialseg-elsewhere==1.0 ; sys_platform == 'plan9'"]) + "\n", encoding="utf-8")
    contains = {"run"} if extra == "run" else {"run", "train"}
    newest = None if extra == "run" else (3, 99)
    return module("requirements").Requirements(extra, path, names, frozenset(contains), 1, newest)


@dataclass
class TinyEnvironment:
    """An environment of tiny packages in a profile of its own."""

    folder: Path
    """Where the environment goes."""
    wheels: Path
    """Has the wheels of the tiny packages."""
    requirements: dict[str, Any]
    lines: list[str] = field(default_factory=list)
    """What the set-up said."""
    percents: list[float] = field(default_factory=list)

    def install(self, extra: str = "run", *, on_line: Callable[[str], None] | None = None, **options: Any) -> Any:
        """Set it up as the plugin does; `on_line` gets each line in the thread of the set-up."""
        from qgis.core import QgsFeedback

        feedback = options.pop("feedback", None) or QgsFeedback()
        feedback.progressChanged.connect(self.percents.append)

        def say(line: str) -> None:
            self.lines.append(line)
            if on_line is not None:
                on_line(line)

        return module("installer").install(extra, feedback, say, **options)

    def problem(self, extra: str = "run", **options: Any) -> Any:
        """Set it up in vain; what it says."""
        try:
            self.install(extra, **options)
        except module("problem").EnvironmentProblem as problem:
            return problem
        raise AssertionError("it was set up")

    def left(self) -> list[str]:
        """What lies beside the environment, and itself."""
        return sorted(path.name for path in self.folder.parent.iterdir()) if self.folder.parent.is_dir() else []

    def python(self) -> Path:
        """Its interpreter."""
        return module("state").find_python(self.folder)

    def packages(self) -> Path:
        """Where its packages are."""
        return next(self.folder.glob("lib/python3*/site-packages"))


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Listener:
    """A server on this machine that takes one request after the other.

    Args:
        answer: What it sends to each; None for nothing, until the other side hangs up.
        heard: Called in its thread when a request has come.
    """

    def __init__(self, answer: bytes | None, heard: Callable[[], None] = lambda: None) -> None:
        self.requests: list[str] = []
        self.hung_up = threading.Event()
        self._answer, self._heard = answer, heard
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:  # closed
                return
            with connection:
                self.requests.append(connection.recv(65536).decode(errors="replace"))
                self._heard()
                if self._answer is not None:
                    connection.sendall(self._answer)
                    continue
                try:
                    while connection.recv(65536):
                        pass
                except OSError:
                    pass
                self.hung_up.set()

    def close(self) -> None:
        """Stop listening."""
        self._server.close()


def without_index() -> dict[str, str]:
    """Variables that keep pip to two tries, and to no configuration of this machine."""
    return {"PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "1", "PIP_DEFAULT_TIMEOUT": "20"}
