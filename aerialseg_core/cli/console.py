"""The terminal, or what stands for it: its streams, and a reporter that shows a bar and messages on stderr."""

from __future__ import annotations

import codecs
import errno
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from ..errors import AerialSegError, OutputError
from ..files.texts import replace_controls
from ..progress import Reporter
from ..redaction import redact
from ..sentences import tell

_PLAIN = str.maketrans(
    {"×": "x", "²": "2", "…": "...", "–": "-", "—": "-", "−": "-", "→": "->", "≤": "<=", "≥": ">=", "“": '"', "”": '"'}
)


def prepare_streams() -> None:
    """Make stdout and stderr take every text, whatever their encoding, and be there at all.

    A pipe on Windows speaks cp1252, a console cp437, a server without a locale ASCII; and no name of a file need be
    text in any of them.
    """
    codecs.register_error("plain", _replace_unencodable)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by who started us: `>&-`, or a program without a console
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - as long as the process
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="plain")
    if type(sys.stdout) is io.TextIOWrapper and sys.stdout is sys.__stdout__:  # not that of somebody who listens in
        encoding, lines = sys.stdout.encoding, sys.stdout.line_buffering
        sys.stdout = Stdout(sys.stdout.detach(), encoding, "plain", line_buffering=lines)


def _replace_unencodable(error: UnicodeError) -> tuple[str | bytes, int]:
    """Replace characters that an encoding lacks: by a likeness if there is one, else by their number."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return lacking.translate(_PLAIN).encode("ascii", "backslashreplace").decode("ascii"), error.end


@contextmanager
def hold_back_stderr() -> Iterator[None]:
    """Hold back what is written to stderr, also by compiled code; if this fails, it is written after all.

    TensorFlow tells its log while it is imported, before any setting of its own can silence it.
    """
    sys.stderr.flush()
    try:
        stderr = os.dup(2)
    except OSError:  # closed by who started us
        yield
        return
    with tempfile.TemporaryFile() as held, os.fdopen(stderr, "wb") as shown:
        os.dup2(held.fileno(), 2)
        done = False
        try:
            yield
            done = True
        finally:
            sys.stderr.flush()
            os.dup2(stderr, 2)
            if not done:
                held.seek(0)
                shutil.copyfileobj(held, shown)


class Stdout(io.TextIOWrapper):
    """Stdout that says in a sentence what is wrong with it; a terminal that was closed takes nothing, and is no error.

    Raises:
        BrokenPipeError: Whoever read it has seen enough, as `head` has.
        OutputError: It takes no more for another reason, as a file on a full disk.
    """

    lost = False
    """Whether it takes no more; what is written goes nowhere then."""

    def write(self, text: str, /) -> int:
        with self._explain_errors():
            return super().write(text)
        return len(text)

    def flush(self) -> None:
        with self._explain_errors():
            super().flush()

    @contextmanager
    def _explain_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.lost = True
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())  # so that nothing fails at the end of Python
            if isinstance(error, BrokenPipeError):
                raise
            if error.errno != errno.EIO:
                raise OutputError(
                    "stdout-full",
                    "What was to be printed could not be written: {reason}.",
                    "Send stdout to where there is room.",
                    reason=error.strerror,
                ) from error


class ConsoleReporter(Reporter):
    """Shows progress with tqdm. When the terminal is closed it falls silent, and the run continues.

    Args:
        quiet: Whether to show errors only.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        super().__init__()
        self._quiet = quiet
        self._bar: Any = None

    def start(self, task: str, total: int, unit: str) -> None:
        super().start(task, total, unit)
        self.close()
        if not self._quiet:
            from tqdm import tqdm

            with self._survive_hangup():
                self._bar = tqdm(total=total, desc=task, unit=f" {unit}", file=sys.stderr, disable=None, leave=False)

    def part(self, number: int, total: int, name: str) -> None:
        self.message(f"[{number}/{total}] {name}")

    def advance(self, n: int = 1, **state: Any) -> None:
        super().advance(n, **state)
        if self._bar is not None:
            with self._survive_hangup():
                if state:
                    self._bar.set_postfix(state, refresh=False)
                self._bar.update(n)

    def message(self, text: str, level: str = "info") -> None:
        if not self._quiet:
            self._write(redact(f"Warning: {tell(text)}" if level == "warning" else tell(text)))

    def error(self, error: AerialSegError) -> None:
        self.close()
        self._write(f"Error: {error}")

    def close(self) -> None:
        if self._bar is not None:
            with self._survive_hangup():
                self._bar.close()
            self._bar = None

    def _write(self, text: str) -> None:
        text = replace_controls(text)
        with self._survive_hangup():
            if self._bar is not None:
                self._bar.write(text, file=sys.stderr)
            else:
                click.echo(text, err=True)

    @contextmanager
    def _survive_hangup(self) -> Iterator[None]:
        """Lose what is written to a terminal that was closed, or to a reader that went away, and nothing else."""
        try:
            yield
        except OSError:
            self._quiet, self._bar = True, None
