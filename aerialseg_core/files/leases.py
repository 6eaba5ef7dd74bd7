"""Leases: who is writing an object, told to other machines, as a store has no locks that end with a process.

While a run lasts a small object lies below `.aerialseg/` beside what it writes, and is written again every minute. One
that has not been for ten minutes, or whose process was on this computer and is not there any more, is taken over.
"""

from __future__ import annotations

import json
import platform
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime, timedelta, timezone

from ..errors import OutputError
from .locks import Holder
from .uploads import ObjectAddress, delete_stored, find_stored, read_stored, write_stored

RENEWED = 60.0
"""Seconds from one time of writing to the next."""

EXPIRED = timedelta(minutes=10)
"""Age at which a lease holds no longer. Clocks may differ by less: stores refuse those that are far from theirs."""


@contextmanager
def lease(output: ObjectAddress, task: str) -> Iterator[None]:
    """Keep runs on other machines from writing an output while the block lasts.

    Args:
        output: What is written.
        task: What this run does, in a word, for the message that others get.

    Raises:
        OutputError: Another run is writing it, or the store does not answer.
    """
    folder, _, name = output.key.rpartition("/")
    address = ObjectAddress(output.scheme, output.bucket, folder).join(f".aerialseg/{name}.lock")
    content = json.dumps(asdict(Holder.of_this_process(task))).encode()
    earlier = find_stored(address)
    if earlier:
        told = read_stored(address)
        holder = _parse(told or b"")
        dead = holder is not None and holder.host == platform.node() and not holder.is_running
        if told is not None and not dead and datetime.now(timezone.utc) - earlier.written < EXPIRED:
            raise _make_error(output, holder)
    if not write_stored(address, content, instead_of=earlier):
        raise _make_error(output, _parse(read_stored(address) or b""))
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(RENEWED):
            with suppress(OutputError):  # the next time may go better
                write_stored(address, content)

    renewal = threading.Thread(target=renew, daemon=True)
    renewal.start()
    try:
        yield
    finally:
        ended.set()
        renewal.join()
        with suppress(OutputError):
            delete_stored(address)


def _parse(content: bytes) -> Holder | None:
    try:
        return Holder(**json.loads(content))
    except (ValueError, TypeError, RecursionError):
        return None


def _make_error(output: ObjectAddress, holder: Holder | None) -> OutputError:
    """Make the error that says who writes an output."""
    who = f" ({holder})" if holder else ""
    return OutputError(
        "output-being-uploaded",
        "Another run is writing {output}{who}.",
        "Wait until it has ended, or choose another output; if it was killed, it is forgotten after ten minutes.",
        output=output,
        who=who,
    )
