"""Scenes of servers that fail: the real command line gives the right pixels, or one sentence and a run that continues.

The limits of time are those that a user sets in the environment, so that a stalling server costs a second only.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import REPO, contents, image, read, save_model, save_scene
from webserver import MOST_REQUESTS, serve

PIXELS = image(500, 400)
TILED = {"tiled": True, "blockxsize": 64, "blockysize": 64, "compress": "deflate"}
ENVIRONMENT = {
    "GDAL_HTTP_RETRY_DELAY": "0.02",
    "GDAL_HTTP_MAX_RETRY": "3",
    "GDAL_HTTP_TIMEOUT": "2",
    "GDAL_HTTP_LOW_SPEED_TIME": "1",
}

Runs = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for a server, beside a model and the map that a run on the local file makes."""
    folder = tmp_path_factory.mktemp("remote")
    (folder / "www").mkdir()
    save_scene(folder / "www" / "scene.tif", PIXELS, **TILED)
    save_scene(folder / "www" / "scene.tif.new", PIXELS[:, ::-1], **TILED)
    save_scene(folder / "www" / "raw.tif", PIXELS)
    save_model(folder / "m.onnx")
    for name in ("scene.tif", "scene.tif.new"):
        done = _run(folder, folder / "www" / name, folder / f"{name}.map.tif")
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def run(site_folder: Path, tmp_path: Path) -> Runs:
    """Segment a scene into `map.tif` in the folder of the test."""
    return lambda scene: _run(site_folder, scene, tmp_path / "map.tif")


def _run(folder: Path, scene: object, output: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "aerialseg_core", "segment", scene, "-o", output, "--model", folder / "m.onnx"]
    command += ["--block", 32, "--memory", "64MiB", "--engine", "onnxruntime", "--threads", 1, "--progress", "json"]
    environment = {**os.environ, **ENVIRONMENT}
    return subprocess.run(
        list(map(str, command)), cwd=REPO, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def _read_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence of a run that failed to read."""
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    (error,) = [event for event in map(json.loads, done.stdout.splitlines()) if event["event"] == "error"]
    assert error["hint"]
    return str(error["text"])


def _blocks(folder: Path) -> set[str]:
    return {path.name for path in (folder / ".map.tif.blocks").glob("*-*-*-*-*.tif")}


SEEDS = [*range(2), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 30))]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bad_server_gives_the_right_pixels_or_a_run_that_continues(
    site_folder: Path, tmp_path: Path, run: Runs, seed: int
) -> None:
    name = ("scene.tif", "raw.tif")[seed % 2]
    done, finished = None, set[str]()
    how = {"busy": 0.1, "cut": 0.03, "stall": 0.02, "short": 0.03, "seed": seed}
    with serve(site_folder / "www", tmp_path / "log", **how) as site:
        for _ in range(20):
            done = run(f"{site.address}/{name}")
            if done.returncode == 0:
                break
            _read_sentence(done)
            assert not (tmp_path / "map.tif").exists()
            assert finished <= _blocks(tmp_path)  # nothing that was done is lost
            finished = _blocks(tmp_path)
        assert any(request.endswith(" 503") for request in site.requests)
    assert done
    assert done.returncode == 0, done.stderr
    assert ("continues an earlier run" in done.stdout) == bool(finished)
    assert np.array_equal(read(tmp_path / "map.tif"), read(site_folder / "scene.tif.map.tif"))
    assert contents(tmp_path) == {"log", "map.tif", "map.tif.aux.xml"}


def test_a_virtual_raster_of_remote_files_continues_too(site_folder: Path, tmp_path: Path, run: Runs) -> None:
    """Its own file is local, but what cannot be read now may be read later."""

    def name(address: str) -> Path:
        bands = "".join(
            f'<VRTRasterBand dataType="Byte" band="{band}"><SimpleSource><SourceFilename>/vsicurl/{address}/scene.tif'
            f"</SourceFilename><SourceBand>{band}</SourceBand></SimpleSource></VRTRasterBand>"
            for band in (1, 2, 3)
        )
        (tmp_path / "mosaic.vrt").write_text(f'<VRTDataset rasterXSize="400" rasterYSize="500">{bands}</VRTDataset>')
        return tmp_path / "mosaic.vrt"

    with serve(site_folder / "www", tmp_path / "log") as site:
        assert run(name(site.address)).returncode == 0
        asked = len(site.requests)
    for path in tmp_path.glob("map.tif*"):
        path.unlink()
    for moment in (asked - 1, asked - 4):
        with serve(site_folder / "www", tmp_path / "log", end=moment) as site:
            assert re.search("cannot be (read|found out)", _read_sentence(run(name(site.address))))
        assert _blocks(tmp_path)


def test_a_scene_that_changes_on_its_server_during_the_run_is_refused(
    site_folder: Path, tmp_path: Path, run: Runs
) -> None:
    with serve(site_folder / "www", tmp_path / "log") as site:
        assert run(f"{site.address}/scene.tif").returncode == 0
        asked = len(site.requests)
        known = site.requests.index("GET /scene.tif bytes=0-0 206") + 1  # which state it is; what was read before, goes
    for path in tmp_path.glob("map.tif*"):
        path.unlink()
    for moment in (known, asked - 5, asked - 2):
        with serve(site_folder / "www", tmp_path / "log", change=moment) as site:
            assert "was changed or removed while it was read" in _read_sentence(run(f"{site.address}/scene.tif"))
            assert contents(tmp_path) == {"log"}  # no block of two states
            assert run(f"{site.address}/scene.tif").returncode == 0
        assert np.array_equal(read(tmp_path / "map.tif"), read(site_folder / "scene.tif.new.map.tif"))
        for path in tmp_path.glob("map.tif*"):
            path.unlink()


def test_a_server_that_does_not_say_whether_a_scene_has_changed_is_tolerated(
    site_folder: Path, tmp_path: Path, run: Runs
) -> None:
    with serve(site_folder / "www", tmp_path / "log", tags=False, busy=0.1) as site:
        done = run(f"{site.address}/scene.tif")
    assert done.returncode == 0, done.stderr
    assert "no ETag, no date" in done.stdout
    assert np.array_equal(read(tmp_path / "map.tif"), read(site_folder / "scene.tif.map.tif"))


def test_an_address_that_leads_elsewhere_is_followed(site_folder: Path, tmp_path: Path, run: Runs) -> None:
    with serve(site_folder / "www", tmp_path / "log", busy=0.05) as site:
        done = run(f"{site.address}/moved/scene.tif")
    assert done.returncode == 0, done.stderr
    assert np.array_equal(read(tmp_path / "map.tif"), read(site_folder / "scene.tif.map.tif"))


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"refuse": {"scene": 404}}, r"cannot be read: .*(404|not exist)"),
        ({"refuse": {"scene": 403}}, r"cannot be read: .*403"),
        ({"refuse": {"scene": 401}}, r"cannot be read: .*401"),
        ({"refuse": {"scene": 500}}, r"cannot be read: .*500"),
        ({"ranges": False}, r"cannot be read: .*[Rr]ange"),
        ({"end": 0}, r"cannot be read: .*503"),
    ],
)
def test_a_server_that_refuses_is_one_sentence(
    site_folder: Path, tmp_path: Path, run: Runs, how: dict[str, Any], said: str
) -> None:
    with serve(site_folder / "www", tmp_path / "log", **how) as site:
        done = run(f"{site.address}/scene.tif")
        assert len(site.requests) < min(100, MOST_REQUESTS)
    assert re.search(said, _read_sentence(done))
    assert contents(tmp_path) == {"log"}
