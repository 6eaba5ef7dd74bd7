"""Every command that reads a raster copes with a server that is busy now and then, and makes what it makes of a file.

`GDAL_NUM_THREADS` is set as people set it: where it counted, GDAL would not ask again, or would take a 503 for pixels.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import geopandas
import numpy as np
import pytest
import rasterio
from greyset import random_labels, save_reader, write_raster
from support import NORTH_UP, REPO, UTM, contents
from webserver import Site, serve

from aerialseg_core.raster.classes import MBRSC

ENVIRONMENT = {"GDAL_NUM_THREADS": "ALL_CPUS", "GDAL_HTTP_RETRY_DELAY": "0.02"}
LABELS = [random_labels(seed, 200, 200) for seed in range(2)]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A busy server of two images, with labels and a class raster."""
    (tmp_path / "www").mkdir()
    profile = {"driver": "GTiff", "height": 200, "width": 200, "dtype": "uint8", "crs": UTM, "transform": NORTH_UP}
    tiles = {"tiled": True, "blockxsize": 64, "blockysize": 64}
    for number, labels in enumerate(LABELS):
        grey = np.repeat((labels * 40)[None], 3, axis=0)
        write_raster(tmp_path / "www" / f"image{number}.tif", grey, count=3, **profile, **tiles)
        write_raster(tmp_path / "www" / f"labels{number}.tif", labels[None] + 1, count=1, **profile, **tiles)
    with serve(tmp_path / "www", tmp_path / "log", busy=0.15, seed=5) as running:
        yield running
        assert any(line.endswith("503") for line in running.requests)


def _write_manifests(folder: Path, site: Site) -> tuple[Path, Path]:
    """Two data sets of the same pairs: by virtual rasters over the server, and by the files themselves."""
    classes = "".join(f'[[classes]]\nname = "{one.name}"\ncolour = "{one.colour}"\nvalue = {one.id}\n' for one in MBRSC)
    remote, local = classes, classes
    for number in range(len(LABELS)):
        for kind, bands in (("image", 3), ("labels", 1)):
            shown = "".join(
                f'<VRTRasterBand dataType="Byte" band="{band}"><SimpleSource><SourceFilename>/vsicurl/{site.address}/'
                f"{kind}{number}.tif</SourceFilename><SourceBand>{band}</SourceBand></SimpleSource></VRTRasterBand>"
                for band in range(1, bands + 1)
            )
            place = "<SRS>EPSG:32640</SRS><GeoTransform>300000, 1, 0, 2800000, 0, -1</GeoTransform>"
            vrt = f'<VRTDataset rasterXSize="200" rasterYSize="200">{place}{shown}</VRTDataset>'
            (folder / f"{kind}{number}.vrt").write_text(vrt)
        remote += f'[[pairs]]\nimage = "image{number}.vrt"\nlabels = "labels{number}.vrt"\n'
        local += f'[[pairs]]\nimage = "www/image{number}.tif"\nlabels = "www/labels{number}.tif"\n'
    (folder / "remote.toml").write_text(remote)
    (folder / "local.toml").write_text(local)
    return folder / "remote.toml", folder / "local.toml"


def _run(*arguments: object) -> list[dict[str, object]]:
    command = [sys.executable, "-m", "aerialseg_core", *map(str, arguments), "--progress", "json"]
    environment = {**os.environ, **ENVIRONMENT}
    done = subprocess.run(command, cwd=REPO, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_polygons_of_a_remote_class_raster(site: Site, tmp_path: Path) -> None:
    _run("polygons", f"{site.address}/labels0.tif", "-o", tmp_path / "remote.gpkg", "--min-area", 0)
    _run("polygons", tmp_path / "www" / "labels0.tif", "-o", tmp_path / "local.gpkg", "--min-area", 0)
    remote, local = (geopandas.read_file(tmp_path / name, layer="classes") for name in ("remote.gpkg", "local.gpkg"))
    assert remote.equals(local)


def test_polygons_of_a_class_raster_that_changes_meanwhile_are_refused(tmp_path: Path) -> None:
    profile = {"driver": "GTiff", "height": 200, "width": 200, "dtype": "uint8", "crs": UTM, "transform": NORTH_UP}
    (tmp_path / "www").mkdir()
    for name, labels in (("labels.tif", LABELS[0]), ("labels.tif.new", LABELS[1])):
        write_raster(tmp_path / "www" / name, labels[None] + 1, count=1, **profile)
    command = ["polygons", "-o", tmp_path / "p.gpkg", "--progress", "json"]
    with serve(tmp_path / "www", tmp_path / "log") as site:
        _run(*command[:-2], f"{site.address}/labels.tif")
        asked = len(site.requests)
    (tmp_path / "p.gpkg").unlink()
    with serve(tmp_path / "www", tmp_path / "log", change=asked - 1) as site:
        arguments = [sys.executable, "-m", "aerialseg_core", *map(str, command), f"{site.address}/labels.tif"]
        done = subprocess.run(arguments, cwd=REPO, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "was changed or removed while it was read" in done.stdout
    assert contents(tmp_path) == {"log", "www", "www/labels.tif", "www/labels.tif.new"}


def test_patches_of_remote_images(site: Site, tmp_path: Path) -> None:
    made = []
    for manifest in _write_manifests(tmp_path, site):
        folder = tmp_path / f"{manifest.stem} patches"
        _run("patches", manifest, "-o", folder, "--size", 64)
        made.append(folder)
    rasters = [name for name in sorted(contents(made[0])) if name.endswith((".tif", ".png"))]
    assert len(rasters) > 20
    for name in rasters:
        pixels = []
        for folder in made:
            with rasterio.open(folder / name) as dataset:
                pixels.append(dataset.read())
        assert np.array_equal(*pixels)


def test_audit_of_remote_images(site: Site, tmp_path: Path) -> None:
    found = []
    for manifest in _write_manifests(tmp_path, site):
        _run("audit", manifest, "-o", tmp_path / manifest.stem)
        text = (tmp_path / manifest.stem / "audit.json").read_text("utf-8")
        found.append(json.loads(text.replace("www/image", "image").replace(".vrt", ".tif"))["findings"])
    assert found[0] == found[1]


def test_evaluation_on_remote_images(site: Site, tmp_path: Path) -> None:
    save_reader(tmp_path / "reader.onnx")
    remote, _ = _write_manifests(tmp_path, site)
    events = _run("evaluate", tmp_path / "reader.onnx", remote, "-o", tmp_path / "report", "--engine", "onnxruntime")
    scores = events[-1]["scores"]
    assert isinstance(scores, dict)
    assert scores["accuracy"] == 1
