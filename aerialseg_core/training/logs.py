"""The course of a training, for people and their tools: a CSV table and TensorBoard's event files."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import DependencyError, OutputError

Row = Mapping[str, Any]


def write_table(path: Path, rows: Sequence[Row]) -> None:
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


class Board:
    """Writes TensorBoard's event files under any backend; without a folder it writes nothing.

    Args:
        folder: Where the files go; None for nowhere.
        step: Steps that are done already: what an interrupted run wrote beyond them is taken back.

    Raises:
        DependencyError: tensorboardX is not installed.
        OutputError: The folder cannot be made.
    """

    def __init__(self, folder: Path | None, step: int = 0) -> None:
        self._writer: Any = None if folder is None else _writer(folder, step)

    def add(self, figures: Mapping[str, Any], step: int) -> None:
        """Add figures at a step; those that are None are left out."""
        if self._writer is None:
            return
        for name, figure in figures.items():
            if figure is not None:
                self._writer.add_scalar(name, figure, step)

    def close(self) -> None:
        """Write what is pending."""
        if self._writer is not None:
            self._writer.close()


def require_board(folder: Path) -> None:
    """Check that event files can be written, and make their folder.

    Raises:
        DependencyError: tensorboardX is not installed.
        OutputError: The folder cannot be made.
    """
    try:
        import tensorboardX  # noqa: F401
    except ModuleNotFoundError as error:
        raise DependencyError(
            "Logs for TensorBoard need tensorboardX, which is not installed.", "Run `pip install tensorboardX`."
        ) from error
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        text = f"Logs cannot be written to {folder}: {error.strerror}."
        raise OutputError(text, "Give [run] logs of the recipe another folder.") from error


def _writer(folder: Path, step: int) -> Any:
    require_board(folder)
    from tensorboardX import SummaryWriter

    return SummaryWriter(str(folder), purge_step=step or None)
