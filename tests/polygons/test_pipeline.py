"""The pipeline: the same polygons whatever the memory and the threads, and no small regions."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from affine import Affine
from polygons.class_rasters import HALF, Recorder, as_set, class_raster, noise, patches, read, save
from rasterio.features import rasterize

from aerialseg_core import polygonize
from aerialseg_core.polygons.pipeline import choose_strip_height


@pytest.mark.parametrize(
    "options", [{}, {"min_area": 3}, {"simplify": 1}, {"min_area": 3, "simplify": 1, "majority": 3}]
)
@pytest.mark.parametrize("connectivity", [4, 8])
def test_neither_memory_nor_threads_change_anything(tmp_path, options, connectivity):
    pixels = patches(530, 1040, size=25)
    source = save(tmp_path / "c.tif", pixels)
    frames = [
        polygonize(source, **options, connectivity=connectivity, memory=memory, threads=threads)
        for memory, threads in ((64 << 20, 1), (4 << 30, 3))
    ]
    assert as_set(frames[0]) == as_set(frames[1])
    parts = shapely.get_parts(frames[0].geometry.values)
    assert shapely.coverage_is_valid(parts)
    assert shapely.is_valid(frames[0].geometry.values).all()
    assert frames[0].attrs["certificate"].holds
    if not options:
        shapes = zip(frames[0].geometry, frames[0].class_id.tolist(), strict=True)
        np.testing.assert_array_equal(rasterize(shapes, pixels.shape, transform=HALF, dtype="uint8"), pixels)


@pytest.mark.parametrize("crs", ["EPSG:28992", "EPSG:4326", None])
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_no_region_is_small_but_islands(tmp_path, crs):
    transform = Affine(5e-6, 0, 5, 0, -5e-6, 52) if crs == "EPSG:4326" else HALF
    pixels = patches(300, 200)
    minimum = 20.0 if crs is None else 5.0
    reporter = Recorder()
    frame = polygonize(save(tmp_path / "c.tif", pixels, crs, transform), min_area=minimum, reporter=reporter)
    area = frame["area_m2" if crs else "area_px2"]
    small = frame[area < minimum].geometry.values
    others = shapely.STRtree(frame.geometry.values)
    for one in small:  # nothing but itself shares a side with it
        touched = frame.geometry.values[others.query(one)]
        assert sum(shapely.length(shapely.intersection(one, touched)) > 0) == 1
    assert (area >= minimum).sum() > 50
    assert any("went to a neighbour" in text for _, text in reporter.messages)
    back = rasterize(frame.geometry, pixels.shape, transform=transform, dtype="uint8")
    np.testing.assert_array_equal(back > 0, pixels > 0)  # no data gains and loses nothing


def test_noise_is_announced(tmp_path, monkeypatch):
    monkeypatch.setattr("aerialseg_core.polygons.pipeline.MANY", 1000)
    reporter = Recorder()
    noise = np.random.default_rng(0).integers(1, 7, (1200, 200), np.uint8)
    polygonize(save(tmp_path / "c.tif", noise), reporter=reporter)
    assert [text for _, text in reporter.messages if "million polygons" in text]


def test_memory_does_not_change_the_polygons(tmp_path):
    pixels = np.repeat(np.repeat(noise(60, 250), 5, axis=0), 12, axis=1)
    source = class_raster(tmp_path / "c.tif", pixels, tiled=True, blockxsize=256, blockysize=256)
    assert choose_strip_height(3000, 64 << 20) < 20 < 80 < choose_strip_height(3000, 1 << 30)
    polygonize(source, tmp_path / "little.gpkg", memory=64 << 20)
    polygonize(source, tmp_path / "much.gpkg", memory=1 << 30)
    assert as_set(read(tmp_path / "little.gpkg")) == as_set(read(tmp_path / "much.gpkg"))
