"""The reporter of a terminal: a progress bar and messages on stderr, results on stdout."""

from __future__ import annotations

import sys
from typing import Any

import click

from ..errors import AerialSegError
from ..progress import Reporter


class ConsoleReporter(Reporter):
    """Shows progress with tqdm.

    Args:
        quiet: Whether to show errors only.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        super().__init__()
        self._quiet = quiet
        self._bar: Any = None

    def start(self, task: str, total: int, unit: str) -> None:
        from tqdm import tqdm

        super().start(task, total, unit)
        self.close()
        if not self._quiet:
            self._bar = tqdm(total=total, desc=task, unit=f" {unit}", file=sys.stderr, disable=None, leave=False)

    def part(self, number: int, total: int, name: str) -> None:
        self.message(f"[{number}/{total}] {name}")

    def advance(self, n: int = 1, **state: Any) -> None:
        super().advance(n, **state)
        if self._bar is not None:
            if state:
                self._bar.set_postfix(state, refresh=False)
            self._bar.update(n)

    def message(self, text: str, level: str = "info") -> None:
        if not self._quiet:
            self._say(f"Warning: {text}" if level == "warning" else text)

    def error(self, error: AerialSegError) -> None:
        self.close()
        self._say(f"Error: {error}")

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _say(self, text: str) -> None:
        if self._bar is not None:
            self._bar.write(text, file=sys.stderr)
        else:
            click.echo(text, err=True)
