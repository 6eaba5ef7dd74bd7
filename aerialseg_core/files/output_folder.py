"""The folder of a report: whole or absent, as every output."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import AerialSegError, OutputError
from .outputs import explain, sweep, temporary_name


def check_folder(path: Path, names: frozenset[str], *, overwrite: bool = False) -> None:
    """Refuse, before anything is computed, a folder that could not be put in place at the end.

    Args:
        path: Where the folder will be.
        names: The files that a report of this kind consists of.
        overwrite: Whether an earlier report may be replaced; nothing but a report ever is.

    Raises:
        OutputError: The parent is missing or read-only, or there is something at the path that is in the way.
    """
    parent = path.absolute().parent
    if not parent.is_dir():
        raise OutputError(f"The output folder {parent} does not exist.", "Create it, or choose another one.")
    if path.exists() and not path.is_dir():
        raise OutputError(f"The output {path} is a file.", "Give the name of a folder.")
    found = {entry.name for entry in path.iterdir()} if path.is_dir() else set()
    if found and not overwrite:
        raise OutputError(f"The output {path} exists already.", "Choose another name, or allow it with --overwrite.")
    if found - names:
        raise OutputError(
            f"The folder {path} holds more than a report ({min(found - names)}), so it is not replaced.",
            "Choose another name, or empty it.",
        )
    if not os.access(parent, os.W_OK | os.X_OK):
        raise OutputError(f"The output folder {parent} is read-only.", "Choose another one.")


@contextmanager
def whole_folder(path: Path, names: frozenset[str], *, overwrite: bool = False) -> Iterator[Path]:
    """Fill a folder under a temporary name that is renamed to `path` when the block ends well.

    The caller has `reserved` the path: what runs that were killed have left beside it is removed.

    Args:
        path: Where the folder will be.
        names: As for `check_folder`.
        overwrite: As for `check_folder`.

    Yields:
        An empty folder beside `path`; gone after the block, whatever happens.

    Raises:
        OutputError: As `check_folder`; or the disk is full.
    """
    check_folder(path, names, overwrite=overwrite)
    sweep(path)
    temporary = temporary_name(path.absolute())
    try:
        temporary.mkdir()
        usual = temporary.stat().st_mode
        temporary.chmod(0o700)  # nobody else reads what is not finished
        yield temporary
        temporary.chmod(usual)
        check_folder(path, names, overwrite=overwrite)  # something may have come there meanwhile
        _put_in_place(temporary, path)
    except AerialSegError:
        raise
    except OSError as error:
        explained = explain(error, path)
        if explained is None:
            raise
        raise explained from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _put_in_place(temporary: Path, path: Path) -> None:
    """Rename the finished folder; an earlier report goes only when the new one is in its place."""
    if path.is_dir() and not any(path.iterdir()):
        path.rmdir()
    if not path.exists():
        os.rename(temporary, path)  # fails where a folder with something in it has come this very moment
        return
    earlier = temporary_name(path.absolute())
    os.replace(path, earlier)
    try:
        os.replace(temporary, path)
    except OSError:
        os.replace(earlier, path)
        raise
    shutil.rmtree(earlier, ignore_errors=True)
