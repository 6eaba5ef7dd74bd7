"""The command line beside consoles, pipes and terminals that do not take what it says, or are closed meanwhile."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support import SCHEME, image, save_model, save_scene

AERIALSEG = str(Path(sys.executable).with_name("aerialseg"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scene and a model, of which the names of the classes are no ASCII."""
    folder = tmp_path_factory.mktemp("console")
    save_scene(folder / "scene.tif", image(200, 150))
    save_model(folder / "tiny.onnx", description="Für 1 m², → und …")
    return folder


def run(folder: Path, *arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run the real command in the folder of the material."""
    variables = options.pop("variables", {})
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    environment = {**os.environ, **variables}
    return subprocess.run([AERIALSEG, *arguments], cwd=folder, env=environment, timeout=120, check=False, **streams)


def segment(output: Path, *options: str) -> list[str]:
    return ["segment", "scene.tif", "-o", str(output), "--model", "tiny.onnx", *options]


ENCODINGS = {
    "cp1252": {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
    "cp437": {"PYTHONIOENCODING": "cp437", "PYTHONUTF8": "0"},
    "ascii": {"PYTHONIOENCODING": "ascii:strict", "PYTHONUTF8": "0"},
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_every_encoding_takes_what_is_said(folder: Path, tmp_path: Path, name: str) -> None:
    """× and ² of the plan and the results, the name of a class, and what a code page lacks, to the letter."""
    done = run(folder, *segment(tmp_path / "classes.tif"), variables=ENCODINGS[name])
    assert done.returncode == 0, done.stderr
    encoding = ENCODINGS[name].get("PYTHONIOENCODING", "ascii").split(":")[0]
    assert any(word in done.stdout for word in (b" m2", "m²".encode(encoding, "replace")))
    listed = run(folder, "models", "show", "日−.onnx", variables=ENCODINGS[name])
    assert listed.returncode == 5, listed.stderr
    assert rb"\u65e5-.onnx" in listed.stderr or "日".encode() in listed.stderr or name == "C"


def test_files_have_the_same_names_in_every_locale(folder: Path, tmp_path: Path) -> None:
    """To Python, to GDAL, and whether given or found; and what is printed is in the encoding of the locale."""
    scenes = tmp_path / "größe"
    scenes.mkdir()
    (scenes / "東京.tif").write_bytes((folder / "scene.tif").read_bytes())
    target = scenes / "fläche.tif"
    done = run(folder, *segment(target, "--polygons", str(target.with_suffix(".gpkg"))), variables=ENCODINGS["C"])
    assert done.returncode == 0, done.stderr
    assert {"fläche.tif", "fläche.gpkg"} <= {path.name for path in scenes.iterdir()}
    assert done.stdout.isascii()
    every = ["batch", str(scenes), "--pattern", "東*.tif", "-o", str(tmp_path / "maps"), "--model", "tiny.onnx"]
    done = run(folder, *every, variables=ENCODINGS["C"])
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "maps" / "東京_classes.tif").is_file()


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no such names")
def test_a_name_that_is_no_text_is_refused(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / os.fsdecode(b"gr\xf6\xdfe.tif")
    done = run(folder, *segment(output))
    assert done.returncode == 2
    assert done.stderr.endswith(rb"\udcdfe.tif is no UTF-8, so GDAL cannot open or write it. Rename it." + b"\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["cp437", "ascii"])
def test_what_programs_read_is_ascii_and_loses_nothing(folder: Path, tmp_path: Path, name: str) -> None:
    events = run(folder, *segment(tmp_path / "²日.tif", "--progress", "json"), variables=ENCODINGS[name])
    result = json.loads(events.stdout.decode("ascii").splitlines()[-1])
    assert result["event"] == "result"
    assert set(result["areas"]) == {landcover.name for landcover in SCHEME.classes}
    card = run(folder, "models", "show", "tiny.onnx", variables=ENCODINGS[name])
    assert json.loads(card.stdout.decode("ascii"))["description"] == "Für 1 m², → und …"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
@pytest.mark.parametrize(
    "arguments", [["models", "list"], ["--help"], ["segment", "--help"], ["engines"]], ids=" ".join
)
def test_a_full_disk_below_stdout_is_said_in_one_sentence(folder: Path, arguments: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = run(folder, *arguments, stdout=full)
    said = b"Error: What was to be printed could not be written: No space left on device. Send stdout to where there is"
    assert (done.returncode, done.stderr.strip()) == (6, said + b" room.")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
def test_events_that_cannot_be_written_end_a_run(folder: Path, tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = run(folder, *segment(tmp_path / "c.tif", "--progress", "json"), stdout=full)
    assert done.returncode == 6
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_run_is_complete_though_nobody_reads_what_it_says(folder: Path, tmp_path: Path, stream: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = run(folder, *segment(tmp_path / "classes.tif"), **{stream: writing})
    os.close(writing)
    assert (tmp_path / "classes.tif").exists(), done.stderr
    assert done.returncode == (130 if stream == "stdout" else 0)
    assert not done.stderr or b"Traceback" not in done.stderr


def test_streams_may_be_closed_or_full(folder: Path, tmp_path: Path) -> None:
    """As a program without a console has them; a file that is opened must not become stdout."""
    command = [AERIALSEG, *segment(tmp_path / "classes.tif")]
    for streams in ("1>&- 2>&-", "1>&- 2>/dev/full"):
        subprocess.run(["sh", "-c", f'exec "$@" {streams}', "sh", *command], cwd=folder, timeout=120, check=True)
        (tmp_path / "classes.tif").unlink()


@pytest.fixture
def terminal() -> Iterator[tuple[int, str]]:
    """A terminal: our end of it, and the name of the other."""
    ours, other = pty.openpty()
    yield ours, os.ttyname(other)
    os.close(other)


IN_A_SESSION = """
import fcntl, os, sys, termios
os.setsid()
terminal = os.open(sys.argv[1], os.O_RDWR)
fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
for stream in (0, 1, 2):
    os.dup2(terminal, stream)
os.execv(sys.argv[2], sys.argv[2:])
"""
"""Start a program as the leader of a session on a terminal, which the system hangs up when the terminal is closed."""


def until(condition: Callable[[], bool]) -> None:
    """Wait until something is true, for a minute at most."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        os.sched_yield()


@pytest.fixture
def long_run(folder: Path, tmp_path: Path) -> list[str]:
    """A command of seconds, which begins its blocks when it has said its plan and set its signals."""
    save_scene(tmp_path / "wide.tif", image(3000, 600))
    command = [AERIALSEG, "segment", str(tmp_path / "wide.tif"), "-o", str(tmp_path / "classes.tif")]
    return [*command, "--model", str(folder / "tiny.onnx"), "--block", "64"]


def test_a_closed_terminal_does_not_cancel_a_run(
    tmp_path: Path, terminal: tuple[int, str], long_run: list[str]
) -> None:
    ours, other = terminal
    process = subprocess.Popen([sys.executable, "-c", IN_A_SESSION, other, *long_run])
    until((tmp_path / ".classes.tif.blocks").exists)
    os.close(ours)
    assert process.wait(120) == 0
    assert (tmp_path / "classes.tif").exists()


@pytest.mark.parametrize("progress", ["bar", "json"])
def test_nohup_and_a_shell_that_ends_do_not_cancel_a_run(tmp_path: Path, long_run: list[str], progress: str) -> None:
    """Nor does the signal that the terminal sends, nor Control-C that is meant for another program."""
    held, end = os.pipe()  # closed by the last process that has it
    script = 'nohup "$@" > events.txt 2>&1 < /dev/null & echo $!; read forever'
    command = ["sh", "-c", script, "sh", *long_run, "--progress", progress]
    with subprocess.Popen(
        command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=[end]
    ) as shell:
        os.close(end)
        assert shell.stdout
        run = int(shell.stdout.readline())
        until((tmp_path / ".classes.tif.blocks").exists)
    for number in (signal.SIGHUP, signal.SIGINT):
        os.kill(run, number)
    assert os.read(held, 1) == b""
    os.close(held)
    assert (tmp_path / "classes.tif").exists(), (tmp_path / "events.txt").read_text()


def test_a_program_that_watches_and_goes_away_cancels(tmp_path: Path, long_run: list[str]) -> None:
    watcher = (
        "import os, subprocess, sys\n"
        "subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)\n"
        "while not os.path.exists('.classes.tif.blocks'): os.sched_yield()\n"
        "os._exit(0)"
    )
    command = [sys.executable, "-c", watcher, *long_run, "--progress", "json"]
    done = subprocess.run(command, cwd=tmp_path, stderr=subprocess.PIPE, timeout=120, check=True)  # until both ended
    assert b"Error: Cancelled." in done.stderr
    assert not (tmp_path / "classes.tif").exists()


@pytest.mark.parametrize("fails", [False, True])
def test_what_compiled_code_says_of_an_import_is_shown_only_if_that_fails(fails: bool) -> None:
    script = (
        "import os, sys\n"
        "from aerialseg_core.cli.console import hold_back_stderr\n"
        "with hold_back_stderr():\n"
        "    os.write(2, b'I0000 a log\\n')\n"
        "    if len(sys.argv) > 1: raise SystemExit('no such module')\n"
        "print('said later', file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", script, *(["fails"] if fails else [])]
    done = subprocess.run(command, stderr=subprocess.PIPE, check=False, timeout=120)
    assert done.stderr.splitlines() == ([b"I0000 a log", b"no such module"] if fails else [b"said later"])


def test_nothing_is_held_back_where_there_is_no_stderr() -> None:
    script = (
        "import os; os.close(2)\n"
        "from aerialseg_core.cli.console import hold_back_stderr\n"
        "with hold_back_stderr(): print('in')"
    )
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, check=True, timeout=120)
    assert done.stdout.split() == [b"in"]
