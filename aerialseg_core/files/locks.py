"""Locks: who is writing an output, so that a second run is told so at once and not when its work is done.

While a run lasts a small hidden file lies beside each of its outputs. The operating system keeps a lock on that file
for as long as the process lives, so a run that was killed holds nothing; the text in the file says who it is. Two cases
can only be decided by people, and are left to them: a process on another computer (on some network drives locks reach
no further than the computer), and a process of another user.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ..errors import OutputError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LONGEST_NAME = 240
"""Bytes that a hidden name may have: 255 are allowed nearly everywhere, and GDAL and SQLite add their own endings."""

_NOT_SUPPORTED = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL}
_HELD = {errno.EACCES, errno.EAGAIN, errno.EDEADLK, errno.EWOULDBLOCK}
_FAR = 1 << 30  # Windows lets nobody read the bytes that are locked: so one is locked that is not there
_TRIES = 20


@dataclass(frozen=True)
class Holder:
    """Who holds a lock."""

    task: str
    """What it is doing, as the command is called."""
    pid: int
    """Its process."""
    started: str
    """When that process began, in words of the system; tells it from a later one of the same number."""
    host: str
    """Its computer."""
    boot: str
    """Since when that computer runs; containers on it have names of their own, but this in common. May be empty."""
    since: str
    """When the lock was taken."""

    @classmethod
    def of_this_process(cls, task: str) -> Holder:
        """Describe this process."""
        now = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
        return cls(task, os.getpid(), _read_start(os.getpid()), platform.node(), _read_boot(), now)

    @property
    def is_near(self) -> bool:
        """Whether it is, or was, on this computer."""
        return self.host == platform.node() or bool(self.boot and self.boot == _read_boot())

    @property
    def is_running(self) -> bool:
        """Whether the process is there still; to be asked of one on this computer only."""
        if sys.platform == "win32":
            return True  # never asked there: every file system of Windows has locks
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:  # somebody else's
            pass
        return _read_start(self.pid) == self.started

    def __str__(self) -> str:
        return f"aerialseg {self.task}, process {self.pid} on {self.host}, since {self.since}"


def make_hidden_path(path: Path, ending: str) -> Path:
    """Make the path of something hidden beside an output; a checksum stands for a very long name.

    Args:
        path: The output.
        ending: What is added to its name.
    """
    name = f".{path.name}{ending}"
    if len(os.fsencode(name)) > LONGEST_NAME:
        name = f".{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:32]}{ending}"
    return path.with_name(name)


@contextmanager
def lock(path: Path, task: str, file: Path | None = None) -> Iterator[None]:
    """Keep other runs from writing an output while the block lasts.

    Args:
        path: The output, a file or a folder; it need not be there, but the folder that it is in.
        task: What the run does, in a word, for the message that others get.
        file: The file that shows it; by default a hidden one beside the output.

    Raises:
        OutputError: Another run is writing it.
        OSError: The folder is missing or read-only, or the disk is full.
    """
    file = file or make_hidden_path(path, ".lock")
    descriptor = _acquire(file, path)
    try:
        with suppress(OSError):  # a full disk: the lock is held, but nobody can read by whom
            os.truncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.write(descriptor, json.dumps(asdict(Holder.of_this_process(task))).encode())
        yield
    finally:
        _release(file, descriptor)


def refuse_locked(path: Path) -> None:
    """Refuse to begin where another run holds the lock on an output, without taking it: others may do the same.

    Args:
        path: The output.

    Raises:
        OutputError: Another run is writing it.
    """
    file = make_hidden_path(path.absolute(), ".lock")
    try:
        descriptor = os.open(file, os.O_RDWR)
    except OSError:  # nobody is
        return
    try:
        _lock(descriptor, shared=True)
    except BlockingIOError:
        raise _make_lock_error(path, file, _read_holder(file), certain=True) from None
    finally:
        os.close(descriptor)


def _acquire(file: Path, output: Path) -> int:
    """Open and lock the file, and return its descriptor.

    Another run may remove it, as it ends, between the two: the lock would be on a file that has no name any more.
    """
    for _ in range(_TRIES):
        try:
            descriptor, is_new = _open(file)
        except PermissionError:
            if file.exists():
                raise _make_lock_error(output, file, _read_holder(file), certain=False) from None
            raise
        taken = False
        try:
            supported = _lock(descriptor)
            if not _is_at(file, descriptor):
                continue
            holder = None if is_new else _read_holder(file)
            if holder and not holder.is_near:
                raise _make_lock_error(output, file, holder, certain=False)
            if not supported and not is_new:
                if holder is None or holder.is_running:
                    raise _make_lock_error(output, file, holder, certain=holder is not None)
                file.unlink(missing_ok=True)
                continue
            taken = True
        except BlockingIOError:
            raise _make_lock_error(output, file, _read_holder(file), certain=True) from None
        finally:
            if not taken:
                os.close(descriptor)
        return descriptor
    raise _make_lock_error(output, file, _read_holder(file), certain=True)


def _open(file: Path) -> tuple[int, bool]:
    """Open the file; its descriptor, and whether it is new."""
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666), True
    except FileExistsError:
        return os.open(file, os.O_RDWR | os.O_CREAT, 0o666), False


def _lock(descriptor: int, *, shared: bool = False) -> bool:
    """Lock a file without waiting; False where the file system has no locks.

    Args:
        descriptor: The open file.
        shared: Whether others may lock it so as well; Windows knows no such locks.

    Raises:
        BlockingIOError: Another process, or another thread, holds it.
    """
    try:
        if sys.platform == "win32":
            os.lseek(descriptor, _FAR, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            raise BlockingIOError(error.errno, "held") from error
        if error.errno in _NOT_SUPPORTED:
            return False
        raise
    return True


def _release(file: Path, descriptor: int) -> None:
    """Remove the file, if it is there and still this one, and let go of it."""
    with suppress(OSError):
        if sys.platform == "win32":  # an open file cannot be removed there
            os.close(descriptor)
            file.unlink(missing_ok=True)
            return
        if _is_at(file, descriptor):
            file.unlink(missing_ok=True)
    with suppress(OSError):
        os.close(descriptor)


def _is_at(file: Path, descriptor: int) -> bool:
    """Tell whether a name still leads to an open file."""
    try:
        return os.path.samestat(os.stat(file), os.fstat(descriptor))
    except OSError:
        return False


def _read_holder(file: Path) -> Holder | None:
    """Read what the file says; None where nothing can be made of it, as of one that is just being written."""
    try:
        stored: Any = json.loads(file.read_text("utf-8"))
        found = Holder(**stored)
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    return found if isinstance(stored["pid"], int) else None


def _make_lock_error(output: Path, file: Path, holder: Holder | None, *, certain: bool) -> OutputError:
    """Make the error that says who writes an output, or seems to."""
    who = f" ({holder})" if holder else ""
    if certain:
        return OutputError(
            "output-being-written",
            "Another run is writing {output}{who}.",
            "Wait until it has ended, stop it, or choose another output.",
            output=output,
            who=who,
        )
    return OutputError(
        "output-seems-written",
        "Another run seems to be writing {output}{who}.",
        "Whether it still lasts cannot be seen from here: if it has ended, delete {file} and run it again.",
        output=output,
        who=who,
        file=file,
    )


def _read_start(pid: int) -> str:
    """Read when a process began, as the kernel counts; empty where it does not say."""
    with suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rsplit(")", 1)[1].split()[19]
    return ""


def _read_boot() -> str:
    """Read what tells one boot of this computer from another; empty where the kernel does not say."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text("utf-8").strip()
    return ""
