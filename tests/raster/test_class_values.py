"""Class values: every raster of whole numbers gives the polygons of its classes, and no data is what it says it is."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.enums import ColorInterp
from rasterio.io import MemoryFile

from aerialseg_core.errors import ParameterError, SceneError
from aerialseg_core.polygons.polygonize import polygonize
from aerialseg_core.progress import Reporter
from aerialseg_core.raster.categories import Declared
from aerialseg_core.raster.class_values import MOST, find_class_values, read_codes

UTM = Affine(1, 0, 500_000, 0, -1, 5_000_000)
TYPES = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"]
THIRDS = np.repeat(np.arange(3, dtype=np.uint8), 4)[None].repeat(6, 0)
NO_NAMES = Declared({}, {})


class Recorder(Reporter):
    """Keeps what it is told."""

    def __init__(self):
        super().__init__()
        self.texts = []

    def message(self, text, level="info"):
        self.texts.append(text)


def save(path, pixels, mask=None, tags=None, alpha=False, colormap=None, **profile):
    profile = {"driver": "GTiff", "crs": "EPSG:32633", "transform": UTM, "count": 1 + alpha, **profile}
    height, width = pixels.shape
    with rasterio.open(path, "w", height=height, width=width, dtype=pixels.dtype, **profile) as dataset:
        dataset.write(pixels, 1)
        if alpha:
            dataset.colorinterp = [ColorInterp.gray, ColorInterp.alpha]
            dataset.write(mask.astype(pixels.dtype), 2)
        elif mask is not None:
            dataset.write_mask(mask)
        if tags:
            dataset.update_tags(**tags)
        if colormap:
            dataset.write_colormap(1, colormap)
    return path


def describe(path, *elements):
    root = ElementTree.Element("PAMDataset")
    ElementTree.SubElement(root, "PAMRasterBand", band="1").extend(elements)
    Path(f"{path}.aux.xml").write_bytes(ElementTree.tostring(root, "utf-8"))


def category_names(*names):
    root = ElementTree.Element("CategoryNames")
    for name in names:
        ElementTree.SubElement(root, "Category").text = name
    return root


def attribute_table(columns, rows):
    """Columns as (name, type, usage)."""
    root = ElementTree.Element("GDALRasterAttributeTable")
    for index, column in enumerate(columns):
        one = ElementTree.SubElement(root, "FieldDefn", index=str(index))
        for key, text in zip(("Name", "Type", "Usage"), column, strict=True):
            ElementTree.SubElement(one, key).text = str(text)
    for index, cells in enumerate(rows):
        row = ElementTree.SubElement(root, "Row", index=str(index))
        for cell in cells:
            ElementTree.SubElement(row, "F").text = str(cell)
    return root


def found(source, **options):
    """Area by class id, and by name, of the polygons in a GeoPackage."""
    reporter = Recorder()
    output = Path(f"{source}.gpkg")
    polygonize(source, output, overwrite=True, reporter=reporter, **options)
    frame = pyogrio.read_dataframe(output, layer="classes")
    sums = frame.groupby(["class_id", "class_name"]).area_m2.sum()
    return {key: float(area) for key, area in sums.items()}, reporter.texts


@pytest.mark.parametrize("dtype", TYPES)
def test_every_type_of_whole_numbers_gives_the_same_polygons(tmp_path, dtype):
    pixels = np.random.default_rng(3).integers(1, 5, (40, 50)).astype(np.uint8)
    polygonize(save(tmp_path / "a.tif", pixels), tmp_path / "a.gpkg", min_area=3, simplify=1)
    polygonize(save(tmp_path / "b.tif", pixels.astype(dtype)), tmp_path / "b.gpkg", min_area=3, simplify=1)
    one, other = (pyogrio.read_dataframe(tmp_path / name, layer="classes") for name in ("a.gpkg", "b.gpkg"))
    assert one.class_id.tolist() == other.class_id.tolist()
    assert shapely.equals_identical(one.geometry.values, other.geometry.values).all()


@pytest.mark.parametrize(
    ("dtype", "values"),
    [("int16", (-3, 112, 523)), ("uint32", (1, 70_000, 4_000_000_000)), ("int64", (-(2**40), 5, 2**52)),
     ("float32", (10.0, 300.0, -9999.0)), ("uint16", (0, 256, 65_535))],
)  # fmt: skip
@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".geojson", ".shp", ".parquet"])
def test_values_beyond_a_byte_stand_in_the_file(tmp_path, dtype, values, suffix):
    pixels = np.array(values)[THIRDS].astype(dtype)
    polygonize(save(tmp_path / "c.tif", pixels, nodata=1), tmp_path / f"c{suffix}")
    import geopandas

    read = geopandas.read_parquet if suffix == ".parquet" else geopandas.read_file
    expected = {int(v) for v in values if v != 1}
    assert {int(v) for v in read(tmp_path / f"c{suffix}").class_id} == expected


@settings(max_examples=60, deadline=None)
@given(
    data=st.data(),
    dtype=st.sampled_from(TYPES),
    nodata=st.sampled_from([None, 0, 1, 100]),
    count=st.integers(1, 9),
)
def test_code_and_value_are_one_to_one_and_all_else_is_no_data(data, dtype, nodata, count):
    limits = np.iinfo(dtype) if dtype[0] in "iu" else np.iinfo(np.int32)
    chosen = data.draw(st.lists(st.integers(int(limits.min), min(int(limits.max), 2**63 - 1)), min_size=count,
                                max_size=count))  # fmt: skip
    if dtype == "float32":
        chosen = [v % 2**24 for v in chosen]
    pixels = np.array(chosen, dtype=dtype)[np.random.default_rng(count).integers(0, count, (6, 7))]
    with MemoryFile() as memory:
        with memory.open(driver="GTiff", height=6, width=7, count=1, dtype=dtype, nodata=nodata) as dataset:
            dataset.write(pixels, 1)
        with memory.open() as dataset:
            classes = find_class_values(dataset, NO_NAMES, None, Reporter())
            codes = np.empty(pixels.shape, np.uint8)
            read_codes(dataset, classes, (0, 6), (0, 7), codes)
    values = np.array([0, *classes.values], dtype=object)
    is_class = (pixels != nodata) & ((pixels != 0) | (nodata is not None))
    assert ((codes > 0) == is_class).all()
    assert (values[codes][is_class] == pixels[is_class].astype(object)).all()
    assert list(classes.values) == sorted(classes.values)


def test_zero_is_a_class_where_the_no_data_value_is_another(tmp_path):
    assert found(save(tmp_path / "c.tif", THIRDS, nodata=255))[0] == {
        (0, "class 0"): 24, (1, "class 1"): 24, (2, "class 2"): 24
    }  # fmt: skip


@pytest.mark.parametrize("alpha", [True, False], ids=["alpha", "mask"])
@pytest.mark.parametrize("dtype", ["uint8", "int16"])
def test_a_mask_or_an_alpha_band_says_what_is_no_data(tmp_path, alpha, dtype):
    mask = np.full(THIRDS.shape, 255, np.uint8)
    mask[:, :2] = mask[:, -1:] = 0
    areas, texts = found(save(tmp_path / "c.tif", THIRDS.astype(dtype), mask=mask, alpha=alpha))
    assert areas == {(0, "class 0"): 12, (1, "class 1"): 24, (2, "class 2"): 18}
    assert not [text for text in texts if "taken for" in text]


def test_nan_and_a_large_negative_number_are_no_data(tmp_path):
    pixels = THIRDS.astype(np.float32)
    pixels[:, :4] = np.nan
    assert list(found(save(tmp_path / "a.tif", pixels))[0]) == [(1, "class 1"), (2, "class 2")]
    pixels[:, :4] = np.finfo(np.float32).min
    source = save(tmp_path / "b.tif", pixels, nodata=float(np.finfo(np.float32).min))
    assert list(found(source)[0]) == [(1, "class 1"), (2, "class 2")]


@pytest.mark.parametrize(
    ("names", "zero", "why"),
    [
        (("Water", "Trees", "Grass"), True, "named Water"),
        (("", "Trees", "Grass"), False, "names other values"),
        (("No data", "Trees", "Grass"), False, None),
        (("Unclassified", "Trees", "Grass"), False, None),
        ((), False, "does not say"),
    ],
)
@pytest.mark.parametrize("dtype", ["uint8", "int32"])
def test_without_a_declared_value_names_decide_and_it_is_said(tmp_path, names, zero, why, dtype):
    source = save(tmp_path / "c.tif", THIRDS.astype(dtype))
    if names:
        describe(source, category_names(*names))
    areas, texts = found(source)
    assert ([key for key in areas if key[0] == 0] == ([(0, names[0])] if zero else [])) is True
    said = [text for text in texts if "taken for" in text]
    assert [why in text for text in said] == ([True] if why else [])


def test_a_colour_of_zero_tells_too(tmp_path):
    blue = {0: (0, 0, 200, 255), 1: (0, 120, 0, 255), 2: (200, 200, 0, 255)}
    areas, [text, *_] = found(save(tmp_path / "c.tif", THIRDS, colormap=blue))
    assert (0, "class 0") in areas
    assert "#0000C8" in text
    transparent = {**blue, 0: (0, 0, 200, 0)}
    describe(save(tmp_path / "d.tif", THIRDS, colormap=transparent))
    assert len(found(tmp_path / "d.tif")[0]) in (2, 3)  # a GeoTIFF has no place for transparency


def test_a_named_zero_that_is_the_no_data_value_stays_no_data_and_it_is_said(tmp_path):
    source = save(tmp_path / "c.tif", THIRDS, nodata=0)
    describe(source, category_names("Water", "Trees", "Grass"))
    areas, texts = found(source)
    assert list(areas) == [(1, "Trees"), (2, "Grass")]
    assert "Water" in texts[0]
    assert "--nodata none" in texts[0]
    assert (0, "Water") in found(source, nodata="none")[0]
    with pytest.raises(ParameterError, match=r"no class 0.*--nodata none"):
        found(source, class_ids=["0"])


def test_our_own_tag_says_that_zero_is_no_data(tmp_path):
    tag = json.dumps([{"id": 1, "name": "A", "colour": "#102030"}, {"id": 2, "name": "B", "colour": "#302010"}])
    for nodata in (None, 0, 255):
        source = save(tmp_path / f"{nodata}.tif", THIRDS, tags={"AERIALSEG_CLASSES": tag}, nodata=nodata)
        assert found(source)[0] == {(1, "A"): 24, (2, "B"): 24}


@pytest.mark.parametrize("wanted", ["Water", "0", 0, " water "])
def test_class_zero_is_wanted_by_name_and_by_number(tmp_path, wanted):
    source = save(tmp_path / "c.tif", THIRDS, nodata=255)
    describe(source, category_names("Water", "Trees", "Grass"))
    assert found(source, class_ids=[wanted])[0] == {(0, "Water"): 24}


def test_nodata_by_hand(tmp_path):
    source = save(tmp_path / "c.tif", THIRDS)
    assert [key[0] for key in found(source, nodata="none")[0]] == [0, 1, 2]
    assert [key[0] for key in found(source, nodata="2")[0]] == [0, 1]
    assert [key[0] for key in found(source, nodata="0")[0]] == [1, 2]
    with pytest.raises(ParameterError, match="--nodata x"):
        found(source, nodata="x")


def test_all_256_values_of_a_byte_are_too_many_but_255_are_not(tmp_path):
    pixels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert len(found(save(tmp_path / "a.tif", pixels, nodata=7))[0]) == MOST
    with pytest.raises(SceneError, match="256 values"):
        found(save(tmp_path / "b.tif", pixels), nodata="none")


@pytest.mark.parametrize(
    ("pixels", "text"),
    [
        (np.arange(900, dtype=np.int16).reshape(30, 30), "hold 270 values, from 0 to 269"),
        (np.linspace(200, 900, 900, dtype=np.float32).reshape(30, 30), "it holds 200.779, and classes are whole"),
        (np.full((4, 4), np.inf, np.float64), "it holds inf"),
        (np.full((4, 4), 2**64 - 1, np.uint64), "18446744073709551615"),
    ],
    ids=["elevation", "fractions", "infinite", "huge"],
)
def test_what_holds_no_classes_is_refused_and_it_is_said_what_to_do(tmp_path, pixels, text):
    with pytest.raises(SceneError, match=rf"is not a class raster.*{text}.*at most 255 classes") as refused:
        found(save(tmp_path / "c.tif", pixels, blockysize=1))
    assert "Reclassify" in refused.value.hint
    assert [p.name for p in tmp_path.iterdir()] == ["c.tif"]


RED_GREEN_BLUE = [("Red", 0, 6), ("Green", 0, 7), ("Blue", 0, 8)]


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        ([("VALUE", 0, 5), ("Class", 2, 2), *RED_GREEN_BLUE], [(0, "Water", 0, 0, 255), (500, "Wald & Co", 0, 128, 0)]),
        ([("Value", 0, 0), ("Count", 0, 1), ("Class_Name", 2, 0), ("R", 1, 0), ("G", 1, 0), ("B", 1, 0)],
         [(0, 7, "Water", 0.0, 0.0, 1.0), (500, 9, "Wald & Co", 0.0, 0.502, 0.0)]),
        ([("OBJECTID", 0, 0), ("value", 1, 0), ("LABEL3", 2, 0), *RED_GREEN_BLUE],
         [(1, 0.0, "Water", 0, 0, 255), (2, 500.0, "Wald & Co", 0, 128, 0)]),
        ([("lo", 1, 3), ("hi", 1, 4), ("x", 2, 2), *RED_GREEN_BLUE],
         [(0, 0, "Water", 0, 0, 255), (500, 500, "Wald & Co", 0, 128, 0), (501, 900, "range", 9, 9, 9)]),
    ],
    ids=["usages", "ArcGIS", "text", "ranges"],
)  # fmt: skip
def test_names_and_colours_of_an_attribute_table(tmp_path, columns, rows):
    source = save(tmp_path / "c.tif", np.array([0, 500], np.int16)[THIRDS // 2], nodata=-1)
    describe(source, attribute_table(columns, rows))
    assert list(found(source)[0]) == [(0, "Water"), (500, "Wald & Co")]
    scheme = pyogrio.read_dataframe(f"{source}.gpkg", layer="class_scheme")
    assert scheme.colour.tolist() == ["#0000FF", "#008000"]


def test_without_a_column_of_values_the_row_is_the_value(tmp_path):
    source = save(tmp_path / "c.tif", THIRDS, nodata=255)
    describe(source, attribute_table([("Class_Names", 2, 2)], [("Water",), ("Trees",), ("",)]))
    assert list(found(source)[0]) == [(0, "Water"), (1, "Trees"), (2, "class 2")]


def test_the_table_that_arcgis_writes_beside_a_raster(tmp_path):
    source = save(tmp_path / "c.tif", THIRDS + np.uint8(10))
    table = {"Value": [10, 11, 12], "Count": [24.0, 24.0, 24.0], "CLASS_NAME": ["Été", "Trees", "Grass"]}
    data = [np.array(column, dtype=object if isinstance(column[0], str) else None) for column in table.values()]
    pyogrio.raw.write(
        tmp_path / "t.dbf",
        geometry=None,
        field_data=data,
        fields=list(table),
        driver="ESRI Shapefile",
        encoding="UTF-8",
    )
    for ending in ("dbf", "cpg"):
        (tmp_path / f"t.{ending}").rename(tmp_path / f"c.tif.vat.{ending}")
    assert list(found(source)[0]) == [(10, "Été"), (11, "Trees"), (12, "Grass")]


@pytest.mark.parametrize(
    "content",
    [b"<PAMDataset><PAMRasterBand band='1'><GDALRasterAttributeTable><Row><F>1</F>", b"", b"\xff\xfe\x00",
     b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><PAMDataset>&b;</PAMDataset>'],
)  # fmt: skip
def test_a_damaged_table_says_nothing(tmp_path, content):
    source = save(tmp_path / "c.tif", THIRDS, nodata=0)
    Path(f"{source}.aux.xml").write_bytes(content)
    Path(f"{source}.vat.dbf").write_bytes(content)
    assert list(found(source)[0]) == [(1, "class 1"), (2, "class 2")]


def test_names_are_brought_to_one_legible_line(tmp_path):
    hostile = ["a\nb\r\tc", "abc\u202egpj.exe", "\x07bell", "\u200e", "<b>'\"&;--"]
    tag = json.dumps([{"id": i, "name": name, "colour": "#102030"} for i, name in enumerate(hostile, 1)])
    pixels = np.arange(1, 6, dtype=np.uint8).reshape(1, 5)
    for suffix in (".gpkg", ".geojson", ".shp", ".fgb"):
        polygonize(save(tmp_path / "c.tif", pixels, tags={"AERIALSEG_CLASSES": tag}), tmp_path / f"c{suffix}")
        frame = pyogrio.read_dataframe(tmp_path / f"c{suffix}", **({"layer": "classes"} if suffix == ".gpkg" else {}))
        names = frame.sort_values("class_id").class_name.tolist()
        assert names == ["a b c", "abcgpj.exe", "bell", "class 4", "<b>'\"&;--"]
    style = pyogrio.read_dataframe(tmp_path / "c.gpkg", layer="layer_styles").styleQML[0]
    labels = [one.get("label") for one in ElementTree.fromstring(style).iter("category")]
    assert labels == names
