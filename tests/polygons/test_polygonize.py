"""`polygonize`: a class raster in, polygons out, in a file or in none; what it refuses, and what it leaves."""

from __future__ import annotations

import hashlib
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
import rasterio.shutil
from affine import Affine
from polygons.class_rasters import HALF, NAMES, Recorder, as_set, class_raster, noise, patches, read, save
from rasterio.features import rasterize
from rasterio.vrt import WarpedVRT

import aerialseg_core
from aerialseg_core.errors import Cancelled, OutputError, ParameterError, RasterReadError, SceneError
from aerialseg_core.polygons.polygonize import polygonize
from aerialseg_core.progress import Reporter

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture
def classes(tmp_path):
    return class_raster(tmp_path / "classes.tif")


def test_attributes_grid_and_nothing_else_left(tmp_path, classes):
    before = hashlib.sha256(classes.read_bytes()).hexdigest()
    output = tmp_path / "p.gpkg"
    reporter = Recorder()
    result = polygonize(classes, output, reporter=reporter)
    frame = read(output)
    assert sorted(zip(frame.class_id, frame.class_name, frame.area_m2, strict=True)) == [
        (1, NAMES[0], 3 / 16),
        (2, NAMES[1], 4 / 16),
        (3, NAMES[2], 3 / 16),
    ]
    assert frame.crs.to_epsg() == 28992
    assert frame.union_all().area == 10 / 16
    assert result.count == 3
    assert result.areas == {NAMES[0]: 3 / 16, NAMES[1]: 4 / 16, NAMES[2]: 3 / 16}
    assert reporter.done == reporter.total == 3
    assert reporter.messages == [("info", "certificate: gaps 0, overlaps 0, invalid 0")]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["classes.tif", "p.gpkg"]
    assert hashlib.sha256(classes.read_bytes()).hexdigest() == before


@pytest.mark.parametrize("wanted", [[3, 1], ["1", NAMES[2]], [NAMES[0].upper(), " 3 "]])
def test_some_classes_by_id_or_name(tmp_path, classes, wanted):
    polygonize(classes, tmp_path / "all.gpkg")
    polygonize(classes, tmp_path / "some.gpkg", class_ids=wanted)
    everything = read(tmp_path / "all.gpkg")
    assert as_set(read(tmp_path / "some.gpkg")) == as_set(everything[everything.class_id != 2])


@pytest.mark.parametrize("wanted", ["Wald", "0", "256", "-1", ""])
def test_an_unknown_class_is_refused(tmp_path, classes, wanted):
    with pytest.raises(ParameterError, match="has no class"):
        polygonize(classes, tmp_path / "p.gpkg", class_ids=[wanted])
    assert not (tmp_path / "p.gpkg").exists()


def test_cog_vrt_and_warped_vrt(tmp_path, classes):
    polygonize(classes, tmp_path / "tif.gpkg")
    expected = as_set(read(tmp_path / "tif.gpkg"))
    for name, driver in (("cog.tif", "COG"), ("c.vrt", "VRT")):
        rasterio.shutil.copy(classes, tmp_path / name, driver=driver)
        polygonize(tmp_path / name, tmp_path / f"{driver}.gpkg")
        assert as_set(read(tmp_path / f"{driver}.gpkg")) == expected
    with rasterio.open(classes) as dataset, WarpedVRT(dataset, crs="EPSG:28992") as warped:
        polygonize(warped, tmp_path / "warped.gpkg")
        assert not warped.closed
    assert as_set(read(tmp_path / "warped.gpkg")) == expected


def test_no_data_of_the_raster_is_in_no_polygon(tmp_path):
    polygonize(class_raster(tmp_path / "c.tif", nodata=2), tmp_path / "p.gpkg")
    assert sorted(read(tmp_path / "p.gpkg").class_id) == [1, 3]


def test_a_raster_of_no_data_gives_an_empty_layer(tmp_path):
    result = polygonize(class_raster(tmp_path / "c.tif", np.zeros((5, 6), np.uint8)), tmp_path / "p.gpkg")
    assert result.count == 0
    assert result.classes == ()
    assert list(read(tmp_path / "p.gpkg").columns) == ["class_id", "class_name", "area_m2", "perimeter_m", "geometry"]


@pytest.mark.parametrize("profile", [{"count": 3}, {"dtype": "complex64"}])
def test_what_is_no_class_raster_is_refused(tmp_path, profile):
    source = class_raster(tmp_path / "photo.tif", tagged=False, names=(), **profile)
    with pytest.raises(SceneError, match=r"is not a class raster.*Give a raster with one band"):
        polygonize(source, tmp_path / "p.gpkg")
    assert [p.name for p in tmp_path.iterdir()] == ["photo.tif"]


def test_a_raster_whose_place_cannot_be_true_is_refused(tmp_path):
    """Numbers that are no degrees, and pixels without area (in a VRT, as a GeoTIFF takes no such transform)."""
    metres = class_raster(tmp_path / "metres.tif", crs="EPSG:4326")
    with pytest.raises(SceneError, match=r"metres\.tif is said to be in degrees of WGS 84, but its centre is at"):
        polygonize(metres, tmp_path / "p.gpkg")
    flat = tmp_path / "flat.vrt"
    with rasterio.open(class_raster(tmp_path / "c.tif")) as dataset:
        rasterio.shutil.copy(dataset, flat, driver="VRT")
    flat.write_text(re.sub("(<GeoTransform>).*(</GeoTransform>)", r"\g<1>9, 0, 0, 9, 0, -1\g<2>", flat.read_text()))
    with pytest.raises(SceneError, match=r"The pixels of .*flat\.vrt have no area"):
        polygonize(flat, tmp_path / "p.gpkg")
    assert not (tmp_path / "p.gpkg").exists()


def test_a_missing_or_damaged_raster_is_refused(tmp_path):
    with pytest.raises(RasterReadError, match="cannot be read"):
        polygonize(tmp_path / "absent.tif", tmp_path / "p.gpkg")
    source = class_raster(tmp_path / "c.tif", noise(600, 600), compress="deflate")
    whole = source.read_bytes()
    source.write_bytes(whole[: len(whole) // 2] + b"\xff" * 2000 + whole[len(whole) // 2 + 2000 :])
    with pytest.raises(RasterReadError, match="damaged at rows"):
        polygonize(source, tmp_path / "p.gpkg")
    assert [p.name for p in tmp_path.iterdir()] == ["c.tif"]


def test_outputs_that_are_refused(tmp_path, classes):
    (tmp_path / "p.gpkg").write_text("mine")
    (tmp_path / "raster.gpkg").write_bytes(classes.read_bytes())
    for output, error, text in (
        ("p.gpkg", OutputError, "exists already"),
        ("absent/p.gpkg", OutputError, "does not exist"),
        ("classes.tif/p.gpkg", OutputError, "does not exist"),
        ("p.txt", ParameterError, "no format that is known"),
    ):
        with pytest.raises(error, match=text):
            polygonize(classes, tmp_path / output)
    with pytest.raises(OutputError, match="also the input"):
        polygonize(tmp_path / "raster.gpkg", tmp_path / "raster.gpkg", overwrite=True)
    with pytest.raises(ParameterError, match="memory"):
        polygonize(classes, tmp_path / "q.gpkg", memory=1000)
    assert (tmp_path / "p.gpkg").read_text() == "mine"
    assert (tmp_path / "raster.gpkg").read_bytes() == classes.read_bytes()
    polygonize(classes, tmp_path / "p.gpkg", overwrite=True)
    assert len(read(tmp_path / "p.gpkg")) == 3


STOPPED_IN_THE_MIDDLE = """
import os, signal, sys
from pathlib import Path
from aerialseg_core.polygons.polygonize import polygonize
from aerialseg_core.polygons.writers import ogr
from aerialseg_core.progress import Reporter

ogr.CHUNK_POINTS = 1  # every strip is written at once

class Killer(Reporter):
    def advance(self, n=1, **state):
        super().advance(n, **state)
        if self.done > self.total // 2:
            [half] = Path(sys.argv[2]).parent.glob(".p.*.gpkg")
            print(half.stat().st_size, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)

polygonize(sys.argv[1], sys.argv[2], memory=64 << 20, overwrite=True, reporter=Killer())
"""


@pytest.mark.parametrize("before", [None, "the output of an earlier run"])
def test_kill_9_in_the_middle_leaves_the_final_name_alone(tmp_path, before):
    source = class_raster(tmp_path / "c.tif", np.repeat(noise(60, 600), 5, axis=1))
    output = tmp_path / "out" / "p.gpkg"
    output.parent.mkdir()
    if before:
        output.write_text(before)
    command = [sys.executable, "-c", STOPPED_IN_THE_MIDDLE, source, output]
    run = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False)
    assert run.returncode == -signal.SIGKILL, run.stderr
    assert int(run.stdout) > 500_000  # polygons had been written
    assert (output.read_text() if output.exists() else None) == before
    result = polygonize(source, output, overwrite=True)
    assert len(read(output)) == result.count


def test_a_cancelled_run_leaves_nothing(tmp_path, classes):
    class Impatient(Reporter):
        def start(self, task, total, unit):
            super().start(task, total, unit)
            self.cancel()

    with pytest.raises(Cancelled):
        polygonize(classes, tmp_path / "p.gpkg", reporter=Impatient())
    assert [p.name for p in tmp_path.iterdir()] == ["classes.tif"]


def test_confidence_of_every_polygon(tmp_path):
    pixels = patches(200, 700)
    sure = np.random.default_rng(1).integers(0, 101, pixels.shape, np.uint8)
    sure[:40, :40] = 255
    confidence = save(tmp_path / "sure.tif", sure, nodata=255)
    for options in ({}, {"connectivity": 8}, {"class_ids": [2]}):
        frame = polygonize(save(tmp_path / "c.tif", pixels), confidence=str(confidence), **options)
        for geometry, mean, least in zip(frame.geometry, frame.confidence_mean, frame.confidence_min, strict=True):
            inside = sure[rasterize([geometry], pixels.shape, transform=HALF, dtype="uint8") == 1]
            inside = inside[inside != 255]
            if len(inside):
                assert (mean, least) == (pytest.approx(inside.mean()), inside.min())
            else:
                assert np.isnan([mean, least]).all()


@pytest.mark.parametrize(
    ("change", "error", "text"),
    [
        ({"transform": Affine(1, 0, 0, 0, -1, 0)}, SceneError, "not the confidence raster"),
        ({"pixels": np.zeros((5, 5), np.uint8)}, SceneError, "not the confidence raster"),
        (None, RasterReadError, "cannot be read"),
    ],
)
def test_another_confidence_raster_is_refused(tmp_path, change, error, text):
    pixels = patches(20, 30)
    source = save(tmp_path / "c.tif", pixels)
    if change is not None:
        save(tmp_path / "sure.tif", **{"pixels": pixels, **change})
    with pytest.raises(error, match=text):
        polygonize(source, tmp_path / "p.gpkg", confidence=str(tmp_path / "sure.tif"))
    assert not (tmp_path / "p.gpkg").exists()


@pytest.mark.parametrize(
    "options",
    [{"min_area": -1}, {"min_area": float("nan")}, {"simplify": float("inf")}, {"majority": 4}, {"majority": 999},
     {"connectivity": 6}, {"memory": 1}, {"threads": -1}],
)  # fmt: skip
def test_impossible_options(tmp_path, options):
    with pytest.raises(ParameterError, match=f"--{next(iter(options)).replace('_', '-')}"):
        polygonize(tmp_path / "absent.tif", **options)


def test_the_former_name_still_works_and_says_the_new_one(classes):
    with pytest.warns(DeprecationWarning, match=r"aerialseg_core\.polygons is now called polygonize") as caught:
        found = aerialseg_core.polygons(classes, class_ids=[1, 3])
    said = [one for one in caught if "aerialseg_core.polygons" in str(one.message)]
    assert [Path(one.filename).name for one in said] == [Path(__file__).name]
    assert found.equals(aerialseg_core.polygonize(classes, class_ids=[1, 3]))
