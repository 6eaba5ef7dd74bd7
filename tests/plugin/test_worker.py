"""The plugin's end of the event stream: bounded, whatever comes out of the worker, and never held up by it."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin import worker
from plugin.processes import NICE, LineReader, end_process, start_process

RESULT = {"event": "result", "paths": ["classes.tif"], "areas": {"Dark": 1.5}}
SAY_RESULT = f"\nprint({json.dumps(RESULT)!r}, flush=True)\n"


def heard(script: str, is_cancelled: Any = lambda: False) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Run a program as the worker; its result and its events."""
    events: list[dict[str, Any]] = []
    command = [*worker.make_isolated_command(sys.executable), "-c", f"import os, sys, json\n{script}"]
    result = worker.run(command, dict(os.environ), on_event=events.append, is_cancelled=is_cancelled)
    return result, events


GARBAGE = {
    "what a library prints": "print('hello'); print('[1]'); print('null'); print('\"event\"')",
    "no UTF-8": "sys.stdout.buffer.write(bytes(range(256)) + b'\\n')",
    "NUL and half a line": 'sys.stdout.buffer.write(b\'\\0\\0{"event": "mess\\n\'); sys.stdout.flush()',
    "deep": "print('{\"event\": ' + '[' * 100_000)",
    "deep and whole": "print('[' * 100_000 + ']' * 100_000)",
    "an unknown event": "print(json.dumps({'event': 'explode', 'text': 'x'}))",
    "an event that is no text": "print(json.dumps({'event': ['message'], 'text': 'x'}))",
    "no such number": 'print(\'{"event": "progress", "done": \' + \'9\' * 4000 + \', "total": 1}\')',
}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_is_no_event_and_hides_none(name: str) -> None:
    result, events = heard(f"{GARBAGE[name]}\nsys.stdout.flush()\n{SAY_RESULT}")
    assert result == {key: value for key, value in RESULT.items() if key != "event"}
    assert events == []


TEXT = st.text("ab<\0ü", max_size=3)
SIMPLE = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
JSON = SIMPLE | st.lists(SIMPLE, max_size=2) | st.dictionaries(TEXT, SIMPLE, max_size=2)
KINDS = ("part", "start", "progress", "message", "error")
NAMES = ("number", "total", "name", "task", "unit", "done", "eta", "loss", "text", "level", "code", "hint")


@settings(deadline=None)
@given(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(NAMES), JSON))
def test_an_event_that_is_heard_is_one_that_can_be_shown(kind: str, fields: dict[str, Any]) -> None:
    """Whatever has the name of an event: its texts are texts, its numbers finite, or it is none."""
    event = worker.parse_event(json.dumps({"event": kind, **fields}))
    for name in {*worker._OPTIONAL, *worker._FIELDS[kind]} & set(event):
        if isinstance(event[name], (int, float)):
            assert f"{float(event[name]):,.0f} {int(event[name])}"
        else:
            assert event[name] is None or isinstance(event[name], (str, dict))
    assert not event or not (set(worker._FIELDS[kind]) - set(event))


ENDLESS = {
    "a line without end": "while True: sys.stdout.write('x' * 65536)",
    "an event without end": 'sys.stdout.write(chr(123) + chr(34))\nwhile True: sys.stdout.write("x" * 65536)',
    "a log without end": "while True: sys.stderr.write('x' * 65536)",
    "a flood of lines": "while True: print('x' * 10_000)",
    "a flood of lines in the log": "while True: print('x' * 10_000, file=sys.stderr)",
}


@pytest.mark.parametrize("name", ENDLESS)
def test_what_never_ends_is_cancelled_and_takes_no_memory(name: str) -> None:
    begin, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(worker.WorkerCancelled):
        heard(ENDLESS[name], is_cancelled=lambda: time.monotonic() - begin > 1.5)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KiB; a pipe brings a GB in this time


def test_a_flood_of_events_waits_until_it_is_heard() -> None:
    script = "for i in range(100_000): print(json.dumps({'event': 'message', 'text': 'x' * 9000}))"
    numbers, texts = [0], set()

    def hear(event: dict[str, Any]) -> None:
        numbers[0] += 1
        texts.add(len(event["text"]))

    command = [*worker.make_isolated_command(sys.executable), "-c", f"import json\n{script}{SAY_RESULT}"]
    begin = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(worker.WorkerCancelled):
        worker.run(command, dict(os.environ), on_event=hear, is_cancelled=lambda: numbers[0] > 5000)
    assert texts == {worker.LONGEST_MESSAGE}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - begin < 100_000


def test_a_long_result_of_many_scenes_is_heard_whole() -> None:
    script = "print(json.dumps({'event': 'result', 'scenes': ['a' * 100] * 50_000}))"
    assert len(heard(script)[0]["scenes"]) == 50_000


def test_a_worker_that_closes_its_stream_and_stays_can_be_cancelled() -> None:
    begin = time.monotonic()
    script = "os.close(1); import signal; signal.pause()"
    with pytest.raises(worker.WorkerCancelled):
        heard(script, is_cancelled=lambda: time.monotonic() - begin > 1)


def test_a_worker_that_dies_is_noticed_though_its_child_holds_the_stream() -> None:
    child = "import signal; signal.pause()"
    script = f"import subprocess; subprocess.Popen([sys.executable, '-c', {child!r}]); os.kill(os.getpid(), 9)"
    begin = time.monotonic()
    with pytest.raises(worker.WorkerDied, match="killed"):
        heard(script, is_cancelled=lambda: time.monotonic() - begin > 60)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows counts otherwise")
def test_a_program_gives_way_to_the_windows_of_qgis() -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    process = start_process(
        [sys.executable, "-c", "import time; time.sleep(60)"], dict(os.environ), stderr=subprocess.PIPE
    )
    try:
        assert os.getpriority(os.PRIO_PROCESS, process.pid) == min(own + NICE, 19)
        assert os.getpriority(os.PRIO_PROCESS, 0) == own
    finally:
        end_process(process)


def test_the_log_of_a_worker_that_dies_is_its_last_lines_each_cut() -> None:
    script = "for i in range(100): print('ü' * 9000, i, file=sys.stderr)\nprint('last', file=sys.stderr); sys.exit(3)"
    with pytest.raises(worker.WorkerDied, match="ended with code 3") as died:
        heard(script)
    lines = died.value.log.splitlines()
    assert lines[-1] == "last"
    assert len(lines) == worker.LOG_LINES
    assert max(map(len, lines)) <= worker.LONGEST_LINE


def test_what_a_process_has_left_in_its_pipe_is_read_before_the_pipe_is_closed() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"x\n" * 16_000)
    os.close(writing)
    lines: list[str] = []
    with os.fdopen(reading, "rb") as pipe:
        LineReader(pipe, 100, lines.append).close(60, drain=True)
    assert len(lines) == 16_000
