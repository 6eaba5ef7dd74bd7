"""`aerialseg polygons`, as a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
from affine import Affine

from aerialseg_core.cli.main import main

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def handlers_as_before():
    """The command line takes SIGINT and SIGTERM; give them back."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def exit_code(*arguments):
    with pytest.raises(SystemExit) as stopped:
        main([str(a) for a in arguments])
    return stopped.value.code


@pytest.fixture
def classes(tmp_path):
    path = tmp_path / "classes.tif"
    profile = {"driver": "GTiff", "width": 3, "height": 2, "count": 1, "dtype": "uint8", "crs": "EPSG:28992"}
    with rasterio.open(path, "w", transform=Affine(1, 0, 1e5, 0, -1, 4e5), **profile) as dataset:
        dataset.write(np.array([[1, 1, 2], [0, 3, 2]], np.uint8), 1)
        names = [{"id": i, "name": name, "colour": "#102030"} for i, name in enumerate(("Land", "Road", "Water"), 1)]
        dataset.update_tags(AERIALSEG_CLASSES=json.dumps(names))
    return path


def test_writes_and_says_what_it_wrote(tmp_path, classes):
    arguments = ["polygons", classes, "-o", tmp_path / "p.gpkg", "--classes", "Road,3", "--progress", "none"]
    command = [sys.executable, "-m", "aerialseg_core.cli.main", *arguments]
    run = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert [line.split() for line in run.stdout.splitlines()[1:]] == [
        ["Road", "1", "2.0", "m²"],
        ["Water", "1", "1.0", "m²"],
    ]
    assert sorted(pyogrio.read_dataframe(tmp_path / "p.gpkg", layer="classes").class_id) == [2, 3]


def test_event_stream(tmp_path, classes, capsys):
    assert exit_code("polygons", classes, "-o", tmp_path / "p.gpkg", "--progress", "json") == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [e["event"] for e in events] == ["start", "progress", "message", "result"]
    assert events[-1]["areas"] == {"Land": 2.0, "Road": 2.0, "Water": 1.0}


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["absent.tif", "-o", "p.gpkg"], 3, "absent.tif cannot be read"),
        (["{classes}", "-o", "{classes}/p.gpkg"], 6, "does not exist"),
        (["{classes}", "-o", "p.gpkg", "--classes", "Forest"], 2, "It has 1 Land, 2 Road, 3 Water."),
    ],
)
def test_errors(tmp_path, classes, capsys, arguments, code, text):
    assert exit_code("polygons", *(a.format(classes=classes) for a in arguments)) == code
    assert text in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["classes.tif"]


def test_all_options(tmp_path, classes, capsys):
    options = [
        "--min-area",
        "1.5",
        "--simplify",
        "0.1",
        "--majority",
        "3",
        "--connectivity",
        "8",
        "--confidence",
        classes,
    ]
    machine = ["--memory", "100MB", "--threads", "1"]
    assert exit_code("polygons", classes, "-o", tmp_path / "p.gpkg", *options, *machine) == 0
    assert "certificate: gaps 0, overlaps 0, invalid 0" in capsys.readouterr().err
    assert "confidence_min" in pyogrio.read_dataframe(tmp_path / "p.gpkg", layer="classes")


def test_check(tmp_path, classes, capsys):
    assert exit_code("polygons", classes, "-o", tmp_path / "p.gpkg", "--progress", "none") == 0
    assert exit_code("polygons", "--check", tmp_path / "p.gpkg", "--progress", "none") == 0
    assert "3 polygons, gaps 0, overlaps 0, invalid 0" in capsys.readouterr().out
    frame = pyogrio.read_dataframe(tmp_path / "p.gpkg", layer="classes")
    frame.geometry = frame.geometry.buffer(0.1)
    frame.to_file(tmp_path / "broken.gpkg")
    assert exit_code("polygons", "--check", tmp_path / "broken.gpkg", "--progress", "json") == 11
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [e["event"] for e in events] == ["start", "progress", "result", "error"]
    assert events[2]["holds"] is False
    assert events[2]["certificate"]["overlaps"] > 0


def test_too_little_is_asked_for(capsys):
    assert exit_code("polygons", "classes.tif") == 2
    assert "--check POLYGONS" in capsys.readouterr().err


def test_help_has_examples(capsys):
    assert exit_code("polygons", "--help") == 0
    assert "aerialseg polygons classes.tif -o classes.gpkg" in capsys.readouterr().out
