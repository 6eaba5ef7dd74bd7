"""The history of a training: a table, and TensorBoard's event files."""

from __future__ import annotations

import csv
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("keras")

from aerialseg_core.errors import OutputError
from aerialseg_core.training.logs import TensorBoardLog, require_tensorboard, write_history


def test_a_column_that_comes_later_is_empty_before(tmp_path: Path) -> None:
    write_history(tmp_path / "h.csv", [{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.25, "miou": 0.75}])
    with (tmp_path / "h.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [["epoch", "loss", "miou"], ["1", "0.5", ""], ["2", "0.25", "0.75"]]


def test_logs_that_cannot_be_written_are_refused_before_anything_is_trained(tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX")
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"Logs cannot be written to .*another folder"):
        require_tensorboard(tmp_path / "file" / "logs")


def read_events(folder: Path) -> Iterator[Any]:
    """The events of all files in a folder: each is a length, a checksum, the event, and a checksum."""
    from tensorboardX.proto import event_pb2

    for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns):
        data = path.read_bytes()
        while data:
            (length,) = struct.unpack_from("<Q", data)
            event = event_pb2.Event()
            event.ParseFromString(data[12 : 12 + length])
            yield event
            data = data[16 + length :]


def test_tensorboard_is_told_to_forget_what_an_interrupted_run_wrote_beyond_its_checkpoint(tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX")
    for name, step in (("fresh", 0), ("resumed", 5)):
        with TensorBoardLog(tmp_path / name, step) as log:
            log.add({"loss": 1.0, "miou": None}, step + 1)
        events = list(read_events(tmp_path / name))
        starts = [event.step for event in events if event.HasField("session_log")]
        assert starts == ([] if name == "fresh" else [6])  # this step and those after it are begun anew
        figures = [(value.tag, event.step) for event in events for value in event.summary.value]
        assert figures == [("loss", step + 1)]


def test_without_a_folder_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with TensorBoardLog(None) as log:
        log.add({"loss": 1.0}, 1)
    assert not list(tmp_path.iterdir())
