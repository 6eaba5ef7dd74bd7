"""The history of a training, for people and their tools: a CSV table and TensorBoard's event files."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import DependencyError, OutputError

Row = Mapping[str, float | int | None]
"""Figures by their names."""


def write_history(path: Path, rows: Sequence[Row]) -> None:
    """Write rows as CSV with a header; what a row does not have is empty.

    Args:
        path: File to write.
        rows: Each maps columns to figures; columns stand in the order in which they first occur.
    """
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, restval="")
        table.writeheader()
        table.writerows(rows)


class TensorBoardLog:
    """A writer of TensorBoard's event files under any backend; without a folder it writes nothing.

    Args:
        folder: Where the files go; None for nowhere.
        step: Steps that are done already: TensorBoard forgets what an interrupted run wrote beyond them.

    Raises:
        DependencyError: tensorboardX is not installed.
        OutputError: The folder cannot be made.
    """

    def __init__(self, folder: Path | None, step: int = 0) -> None:
        self._writer: Any = None
        if folder is not None:
            require_tensorboard(folder)
            from tensorboardX import SummaryWriter

            self._writer = SummaryWriter(str(folder), purge_step=step + 1 if step else None)

    def __enter__(self) -> TensorBoardLog:
        return self

    def __exit__(self, *_: object) -> None:
        """Write what is pending."""
        if self._writer is not None:
            self._writer.close()

    def add(self, figures: Row, step: int) -> None:
        """Add figures at a step; those that are None are left out."""
        if self._writer is None:
            return
        for name, figure in figures.items():
            if figure is not None:
                self._writer.add_scalar(name, figure, step)


def require_tensorboard(folder: Path) -> None:
    """Check that event files can be written, and make their folder.

    Raises:
        DependencyError: tensorboardX is not installed.
        OutputError: The folder cannot be made.
    """
    try:
        import tensorboardX  # noqa: F401
    except ModuleNotFoundError as error:
        raise DependencyError(
            "needs-tensorboardx",
            "Logs for TensorBoard need tensorboardX, which is not installed.",
            "Run `pip install tensorboardX`.",
        ) from error
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            "logs-not-written",
            "Logs cannot be written to {folder}: {reason}.",
            "Give [run] logs of the recipe another folder.",
            folder=folder,
            reason=error.strerror,
        ) from error
