"""Files: a class raster in, a GeoPackage out, with attributes, areas and colours; whole or absent."""

from __future__ import annotations

import hashlib
import json
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pyogrio
import pytest
import rasterio
import rasterio.shutil
import shapely
from affine import Affine
from pyproj import Geod
from rasterio.vrt import WarpedVRT

from aerialseg_core.errors import Cancelled, OutputError, ParameterError, RasterReadError, SceneError
from aerialseg_core.polygons import pipeline as polygonization
from aerialseg_core.polygons.pipeline import choose_strip_height
from aerialseg_core.polygons.polygonize import polygonize
from aerialseg_core.progress import Reporter

REPO = Path(__file__).resolve().parents[2]
RD = Affine(0.25, 0, 100_000, 0, -0.25, 400_000)
PIXELS = np.array([[1, 1, 2, 0], [1, 3, 2, 2], [3, 3, 0, 2]], np.uint8)
NAMES = ("Gebäude", 'O\'Neil "x"; DROP TABLE classes;--', "<Wasser & Eis>")
COLOURS = ("#3C1098", "#8429F6", "#6EC1E4")


class Recorder(Reporter):
    """Keeps what it is told."""

    def __init__(self):
        super().__init__()
        self.messages = []

    def message(self, text, level="info"):
        self.messages.append((level, text))


def class_raster(path, pixels=PIXELS, *, tagged=True, names=NAMES, crs="EPSG:28992", transform=RD, **profile):
    """Write a class raster; its classes stand in our tag, or as GDAL category names and a colour table."""
    profile = {"driver": "GTiff", "count": 1, "dtype": "uint8", "nodata": 0, **profile}
    with rasterio.open(
        path, "w", width=pixels.shape[1], height=pixels.shape[0], crs=crs, transform=transform, **profile
    ) as dataset:
        dataset.write(pixels, 1)
        if tagged:
            rows = zip(names, COLOURS, strict=True)
            classes = [{"id": i, "name": name, "colour": colour} for i, (name, colour) in enumerate(rows, 1)]
            dataset.update_tags(AERIALSEG_CLASSES=json.dumps(classes))
        elif names:
            table = {i: (*bytes.fromhex(colour[1:]), 255) for i, colour in enumerate(COLOURS, 1)}
            dataset.write_colormap(1, {0: (0, 0, 0, 0), **table})
    if names and not tagged:
        root = ElementTree.Element("PAMDataset")
        categories = ElementTree.SubElement(ElementTree.SubElement(root, "PAMRasterBand", band="1"), "CategoryNames")
        for name in ("", *names):
            ElementTree.SubElement(categories, "Category").text = name
        Path(f"{path}.aux.xml").write_bytes(ElementTree.tostring(root, "utf-8"))
    return path


@pytest.fixture
def classes(tmp_path):
    return class_raster(tmp_path / "classes.tif")


def read(path):
    return pyogrio.read_dataframe(path, layer="classes")


def as_set(frame):
    return set(zip(shapely.to_wkb(frame.geometry.values).tolist(), frame.class_id.tolist(), strict=True))


def query(path, sql):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


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


def test_spatial_index_and_integrity(tmp_path, classes):
    polygonize(classes, tmp_path / "p.gpkg")
    assert query(tmp_path / "p.gpkg", "SELECT count(*) FROM rtree_classes_geom") == [(3,)]
    assert query(tmp_path / "p.gpkg", "PRAGMA integrity_check") == [("ok",)]
    assert ("classes", "features") in query(tmp_path / "p.gpkg", "SELECT table_name, data_type FROM gpkg_contents")


@pytest.mark.parametrize("tagged", [True, False], ids=["tag", "category names"])
def test_style_of_the_layer(tmp_path, tagged):
    source = class_raster(tmp_path / "classes.tif", tagged=tagged)
    polygonize(source, tmp_path / "p.gpkg")
    assert sorted(set(read(tmp_path / "p.gpkg").class_name)) == sorted(NAMES)
    fields = "f_table_schema, f_table_name, f_geometry_column, useAsDefault, styleQML"
    [(schema, table, geometry, default, qml)] = query(tmp_path / "p.gpkg", f"SELECT {fields} FROM layer_styles")
    assert (schema, table, geometry, default) == ("", "classes", "geom", 1)
    renderer = ElementTree.fromstring(qml).find("renderer-v2")
    assert (renderer.get("type"), renderer.get("attr")) == ("categorizedSymbol", "class_id")
    legend = {c.get("value"): (c.get("label"), c.get("symbol")) for c in renderer.findall("categories/category")}
    assert [legend[value][0] for value in "123"] == list(NAMES)
    for value, colour in zip("123", COLOURS, strict=True):
        [option] = renderer.findall(f"symbols/symbol[@name='{legend[value][1]}']/layer/Option/Option[@name='color']")
        assert option.get("value") == ",".join(str(v) for v in (*bytes.fromhex(colour[1:]), 255))


def test_a_raster_without_names_still_gets_names_and_colours(tmp_path):
    source = class_raster(tmp_path / "classes.tif", tagged=False, names=())
    polygonize(source, tmp_path / "p.gpkg")
    assert sorted(read(tmp_path / "p.gpkg").class_name) == ["class 1", "class 2", "class 3"]
    [(qml,)] = query(tmp_path / "p.gpkg", "SELECT styleQML FROM layer_styles")
    colours = [o.get("value") for o in ElementTree.fromstring(qml).iterfind(".//layer/Option/Option[@name='color']")]
    assert len(set(colours)) == 3


@pytest.mark.parametrize("damaged", ["{", "[1]", '[{"id": 1}]', '[{"id": 1, "name": "a", "colour": "red"}]', "null"])
def test_a_damaged_tag_is_passed_over(tmp_path, damaged):
    source = class_raster(tmp_path / "classes.tif", tagged=False)
    with rasterio.open(source, "r+") as dataset:
        dataset.update_tags(AERIALSEG_CLASSES=damaged)
    polygonize(source, tmp_path / "p.gpkg")
    assert sorted(set(read(tmp_path / "p.gpkg").class_name)) == sorted(NAMES)


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


def noise(rows, cols, values=4):
    return np.random.default_rng(7).integers(0, values, (rows, cols), np.uint8)


@pytest.mark.parametrize(
    "transform",
    [
        Affine(1e-5, 0, 4.9, 0, -1e-5, 52.1),
        Affine(1e-5, 0, 150.9, 0, 1e-5, -33.2),
        Affine(8e-4, 6e-4, 10.0, 6e-4, -8e-4, 0.003),
    ],
    ids=["north-up", "south-up, south", "rotated, on the equator"],
)
def test_geographic_area_against_geod(tmp_path, transform):
    source = class_raster(tmp_path / "classes.tif", noise(20, 20), crs="EPSG:4326", transform=transform)
    polygonize(source, tmp_path / "p.gpkg")
    frame = read(tmp_path / "p.gpkg")
    geod = Geod(ellps="WGS84")
    fine = shapely.segmentize(frame.geometry.values, abs(transform.a) / 8)
    expected = [abs(geod.geometry_area_perimeter(polygon)[0]) for polygon in fine]
    np.testing.assert_allclose(frame.area_m2, expected, rtol=2e-6)


def test_geographic_area_of_large_slanted_pixels(tmp_path):
    source = class_raster(tmp_path / "c.tif", noise(5, 5), crs="EPSG:4326", transform=Affine(4, 3, 10, 3, -4, 40))
    polygonize(source, tmp_path / "p.gpkg")
    frame = read(tmp_path / "p.gpkg")
    expected = [Geod(ellps="WGS84").geometry_area_perimeter(p)[0] for p in shapely.segmentize(frame.geometry, 0.03)]
    np.testing.assert_allclose(frame.area_m2, np.abs(expected), rtol=1e-6)


def test_geographic_area_of_the_whole_earth_and_of_a_pole(tmp_path):
    pixels = np.ones((18, 36), np.uint8)
    pixels[:3] = 2
    source = class_raster(tmp_path / "c.tif", pixels, crs="EPSG:4326", transform=Affine(10, 0, -180, 0, -10, 90))
    polygonize(source, tmp_path / "p.gpkg")
    area = read(tmp_path / "p.gpkg").set_index("class_id").area_m2
    assert area.sum() == pytest.approx(510_065_621_724_088, rel=1e-12)  # WGS 84, as GeographicLib gives it
    lon = np.linspace(-180, 180, 361)[:-1]
    cap = abs(Geod(ellps="WGS84").polygon_area_perimeter(lon, np.full(360, 60.0))[0])
    assert area[2] == pytest.approx(cap, rel=1e-4)


def test_area_in_feet(tmp_path):
    source = class_raster(tmp_path / "c.tif", crs="EPSG:2263", transform=Affine(2, 0, 1e6, 0, -2, 2e5))
    result = polygonize(source, tmp_path / "p.gpkg")
    foot = 1200 / 3937
    np.testing.assert_allclose(read(tmp_path / "p.gpkg").area_m2.sum(), 10 * 4 * foot**2, rtol=1e-9)
    assert result.unit == "m²"


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_area_without_crs_is_in_pixels_and_the_run_says_so(tmp_path):
    source = class_raster(tmp_path / "c.tif", crs=None, transform=Affine.identity())
    reporter = Recorder()
    result = polygonize(source, tmp_path / "p.gpkg", reporter=reporter)
    frame = read(tmp_path / "p.gpkg")
    assert frame.crs is None
    assert sorted(frame.area_px2) == [3, 3, 4]
    assert "area_m2" not in frame
    assert result.unit == "px²"
    (level, text), _ = reporter.messages
    assert level == "warning"
    assert "no CRS" in text


def test_areas_add_up_to_the_pixels(tmp_path):
    pixels = noise(120, 90)
    result = polygonize(class_raster(tmp_path / "c.tif", pixels), tmp_path / "p.gpkg")
    for one in result.classes:
        assert one.area == pytest.approx(np.count_nonzero(pixels == one.landcover.id) / 16, rel=1e-12)


def lost(finished):
    """A bug: some regions are never written."""


def twice(finished):
    """A bug: some regions are written twice."""
    yield finished
    yield finished


def shifted(finished):
    """A bug: a vertex lies elsewhere in one of the polygons that have it."""
    vertex = finished.rings.vertex.copy()
    vertex[1] += 1
    yield replace(finished, rings=replace(finished.rings, vertex=vertex))


@pytest.mark.parametrize("options", [{}, {"simplify": 0.25, "connectivity": 8}])
@pytest.mark.parametrize("bug", [lost, twice, shifted])
def test_the_certificate_shows_what_a_bug_would_do(tmp_path, monkeypatch, bug, options):
    made, sound, recorder = polygonization._make_polygons, Recorder(), Recorder()

    def wrong(*arguments):
        for number, finished in enumerate(made(*arguments)):
            yield from (bug(finished) or ()) if number == 1 else (finished,)

    source = class_raster(tmp_path / "c.tif", np.kron(noise(56, 54), np.ones((10, 10), np.uint8)))
    assert polygonize(source, tmp_path / "right.gpkg", reporter=sound, **options).certificate.holds
    assert not any(level == "warning" for level, _ in sound.messages)
    monkeypatch.setattr(polygonization, "_make_polygons", wrong)
    certificate = polygonize(source, tmp_path / "wrong.gpkg", reporter=recorder, **options).certificate
    assert not certificate.holds
    assert {lost: certificate.gaps, twice: certificate.overlaps}.get(bug, 1)
    [said] = query(tmp_path / "wrong.gpkg", "SELECT sum(value) FROM certificate WHERE item IN ('gaps', 'overlaps')")
    assert said[0] == certificate.gaps + certificate.overlaps
    assert "do not fit together" in recorder.messages[0][1]
    assert [level for level, text in recorder.messages if text.startswith("certificate")] == ["warning"]


def test_memory_does_not_change_the_polygons(tmp_path):
    pixels = np.repeat(np.repeat(noise(60, 250), 5, axis=0), 12, axis=1)
    source = class_raster(tmp_path / "c.tif", pixels, tiled=True, blockxsize=256, blockysize=256)
    assert choose_strip_height(3000, 64 << 20) < 20 < 80 < choose_strip_height(3000, 1 << 30)
    polygonize(source, tmp_path / "little.gpkg", memory=64 << 20)
    polygonize(source, tmp_path / "much.gpkg", memory=1 << 30)
    assert as_set(read(tmp_path / "little.gpkg")) == as_set(read(tmp_path / "much.gpkg"))


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
