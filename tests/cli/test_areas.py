"""`aerialseg sample-points` and `aerialseg areas`, as processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from classmaps import make_classes, save_map
from support import REPO, SCHEME

from aerialseg_core.estimation.sample_file import read_sample


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "aerialseg_core", *map(str, arguments), "--progress", "json"]
    return subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False)


def test_from_a_map_to_hectares(tmp_path: Path) -> None:
    class_map, points = save_map(tmp_path / "classes.tif", make_classes(60, 80)), tmp_path / "points.gpkg"
    drawn = run("sample-points", class_map, "-o", points, "--points", "100", "--expected-accuracy", "Dark=0.9,Blue=0.5")
    assert drawn.returncode == 0, drawn.stderr
    made = json.loads(drawn.stdout.splitlines()[-1])
    assert made["count"] == sum(one["points"] for one in made["strata"].values()) == 100
    design, sample = read_sample(points)
    values = {one.name: one.id for one in design.classes}
    labels = tmp_path / "labels.csv"
    lines = (f"{number},{values[name]}" for number, name in zip(sample.ids, sample.map_classes, strict=True))
    labels.write_text("\n".join(["id,label", *lines]))
    done = run("areas", class_map, points, "--labels", labels, "-o", tmp_path / "report")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    pixels = np.bincount(make_classes(60, 80).ravel())[1:]
    assert np.allclose([one["area"]["value"] for one in result["classes"]], pixels / 10_000)
    assert [one["name"] for one in result["classes"]] == list(SCHEME.names)
    assert np.isclose(result["overall"]["value"], 1)
    assert Path(result["page"]).is_file()


def test_what_is_no_sample_ends_with_one_sentence(tmp_path: Path) -> None:
    class_map = save_map(tmp_path / "classes.tif", make_classes(60, 80))
    done = run("areas", class_map, REPO / "docs" / "examples" / "digitised.geojson")
    assert done.returncode == 9
    error = json.loads(done.stdout.splitlines()[-1])
    assert "no probability sample" in error["text"]
    assert "sample-points" in error["hint"]
