"""The event stream, and who may end a run by not listening any more."""

from __future__ import annotations

import io
import os
import socket

import pytest

from aerialseg_core.errors import Cancelled
from aerialseg_core.progress import JsonReporter


@pytest.mark.skipif(os.name == "nt", reason="Windows tells of a reader that has gone when the next line is written")
@pytest.mark.parametrize("kind", ["pipe", "socket"])
def test_a_reader_that_goes_away_cancels_although_nothing_is_written(kind: str) -> None:
    if kind == "pipe":
        reading, writing = os.pipe()
    else:
        reading, writing = (end.detach() for end in socket.socketpair())
    with open(writing, "w", encoding="utf-8") as stream:
        reporter = JsonReporter(stream)
        reporter.check()
        os.close(reading)
        with pytest.raises(Cancelled):
            reporter.check()


def test_what_nobody_reads_as_it_comes_is_not_watched() -> None:
    JsonReporter(io.StringIO()).check()
    with open(os.devnull, "w", encoding="utf-8") as stream:
        reporter = JsonReporter(stream)
        reporter.message("heard by nobody")
        reporter.check()
