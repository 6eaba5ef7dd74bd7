"""STAC items and collections: valid by the schemas of STAC and its extensions, true, and without secrets."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely.geometry
from affine import Affine
from support import NORTH_UP, SCHEME, UTM, image, save_model, save_scene

from aerialseg_core import __version__, batch, segment, write_stac_collection
from aerialseg_core.errors import DataError, DependencyError, OutputError
from aerialseg_core.segmentation.stac import PROCESSING_SCHEMA, RASTER_SCHEMA

pystac = pytest.importorskip("pystac", reason="the extra stac is not installed")
pytest.importorskip("jsonschema", reason="pystac[validation] is not installed")

SCHEMAS = Path(__file__).with_name("stac_schemas")


def _validate(path: Path) -> Any:
    """Validate an item or a collection by the schemas of the core, which pystac has, and of its extensions."""
    from pystac.validation.stac_validator import JsonSchemaSTACValidator

    validator = JsonSchemaSTACValidator()
    for one in SCHEMAS.glob("*.json"):
        name, version = one.stem.split("-")
        uri = f"https://stac-extensions.github.io/{name}/v{version}/schema.json"
        validator.schema_cache[uri] = json.loads(one.read_text())
    read = pystac.read_file(str(path))
    content = json.loads(path.read_text("utf-8"))
    assert content["stac_version"] == "1.1.0"
    kind = pystac.STACObjectType.ITEM if content["type"] == "Feature" else pystac.STACObjectType.COLLECTION
    validator.validate(content, kind, "1.1.0", content["stac_extensions"], str(path))
    return read


def _segment(folder: Path, **profile: Any) -> Path:
    scene = save_scene(folder / "scene.tif", image(70, 90), **profile)
    model = str(save_model(folder / "tiny.onnx").path)
    maps = folder / "maps"
    maps.mkdir()
    files = {"confidence": maps / "sure.tif", "polygons": maps / "map.gpkg"}
    made = segment(scene, maps / "classes.tif", model=model, stac=True, **files)
    assert made.item == maps / "classes.json"
    return maps / "classes.json"


@pytest.mark.parametrize("crs", [UTM, "EPSG:4326", None, "+proj=tmerc +lon_0=55.3 +lat_0=25 +ellps=GRS80"])
def test_an_item_is_valid(tmp_path: Path, crs: str | None) -> None:
    places = {UTM: NORTH_UP, "EPSG:4326": Affine(1e-5, 0, 55, 0, -1e-5, 25)}
    item = _validate(_segment(tmp_path, crs=crs, transform=places.get(str(crs), Affine(1, 0, 500, 0, -1, 900))))
    properties = item.properties
    assert properties["proj:shape"] == [70, 90]
    assert properties["proj:code"] == (crs if crs in places else None)
    assert ("proj:wkt2" in properties) == (crs is not None and crs not in places)
    assert ("gsd" in properties) == (item.geometry is not None) == (crs is not None)
    if item.geometry is not None:
        outline = shapely.geometry.shape(item.geometry)
        assert outline.bounds == pytest.approx(item.bbox)
        assert outline.exterior.is_ccw


def test_an_item_says_what_was_made_of_what_by_whom(tmp_path: Path) -> None:
    path = _segment(tmp_path)
    item = _validate(path)
    assert item.properties["processing:level"] == "L4"
    assert item.properties["processing:software"] == {"aerialseg": __version__}
    assert item.properties["gsd"] == pytest.approx(1, abs=0.01)
    assert set(item.assets) == {"classes", "attributes", "confidence", "polygons"}
    for asset in item.assets.values():
        content = (path.parent / asset.href).read_bytes()
        assert asset.extra_fields["file:size"] == len(content)
        assert asset.extra_fields["file:checksum"] == "1220" + hashlib.sha256(content).hexdigest()
    classes = item.assets["classes"].extra_fields["classification:classes"]
    assert [(one["value"], one.get("title")) for one in classes] == [(0, "No data"), *((c.id, c.name) for c in SCHEME)]
    assert [one["color_hint"] for one in classes[1:]] == [c.colour[1:] for c in SCHEME]
    with rasterio.open(path.parent / "classes.tif") as dataset:
        assert item.properties["proj:transform"] == list(dataset.transform)[:6]
        assert item.properties["proj:bbox"] == list(dataset.bounds)


def test_an_item_leads_to_its_scene_and_to_its_model(tmp_path: Path) -> None:
    path = _segment(tmp_path)
    scene, model = _validate(path).get_links("derived_from")
    assert (path.parent / scene.href).resolve() == tmp_path / "scene.tif"
    _validate(path.parent / model.href)
    described = json.loads((path.parent / model.href).read_text("utf-8"))
    assert "https://stac-extensions.github.io/mlm/v1.5.0/schema.json" in described["stac_extensions"]
    assert described["id"] == model.extra_fields["mlm:name"] == "tiny"
    assert str(tmp_path) not in json.dumps(described)  # where the model is on this machine
    copy = (path.parent / model.href).parent / described["assets"]["model"]["href"]
    assert copy.read_bytes() == (tmp_path / "tiny.onnx").read_bytes()
    digest = hashlib.sha256(copy.read_bytes()).hexdigest()
    assert described["assets"]["model"]["file:checksum"] == "1220" + digest


def test_no_secret_gets_into_an_item(tmp_path: Path) -> None:
    path = _segment(tmp_path)
    secret = "https://reader:hunter2@example.org/scene.tif?X-Amz-Signature=0123456789abcdef"  # nosec B105
    with rasterio.open(path.parent / "classes.tif", "r+", IGNORE_COG_LAYOUT_BREAK="YES") as dataset:
        dataset.update_tags(AERIALSEG_SOURCE=secret)
    write_stac_collection(path.parent)
    for text in (one.read_text("utf-8") for one in path.parent.glob("*.json")):
        assert "hunter2" not in text
        assert "0123456789abcdef" not in text


def test_an_item_is_published_with_its_raster_or_not_at_all(tmp_path: Path) -> None:
    scene = save_scene(tmp_path / "scene.tif", image(70, 90))
    model = str(save_model(tmp_path / "tiny.onnx").path)
    (tmp_path / "classes.json").write_text("mine")
    with pytest.raises(OutputError, match=r"classes\.json exists already"):
        segment(scene, tmp_path / "classes.tif", model=model, stac=True)
    assert not (tmp_path / "classes.tif").exists()
    assert (tmp_path / "classes.json").read_text() == "mine"
    segment(scene, tmp_path / "classes.tif", model=model, stac=True, overwrite=True)
    _validate(tmp_path / "classes.json")


def test_without_pystac_nothing_is_computed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = save_scene(tmp_path / "scene.tif", image(70, 90))
    model = str(save_model(tmp_path / "tiny.onnx").path)
    monkeypatch.setitem(sys.modules, "pystac", None)
    with pytest.raises(DependencyError, match=r"aerialseg\[stac\]"):
        segment(scene, tmp_path / "classes.tif", model=model, stac=True)
    with pytest.raises(DependencyError):
        batch(tmp_path, tmp_path / "maps", model=model, stac=True)
    assert not (tmp_path / "maps").exists()


@pytest.fixture
def scenes(tmp_path: Path) -> Path:
    folder = tmp_path / "scenes"
    for name, east in (("a", 0), ("sub/a", 2000), ("sub/b", 4000)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        save_scene(folder / f"{name}.tif", image(40, 50), transform=NORTH_UP * Affine.translation(east, 0))
    return folder


def _batch(scenes: Path, maps: Path, **options: Any) -> Any:
    model = scenes.parent / "tiny.onnx"
    if not model.exists():
        save_model(model)
    return batch(scenes, maps, pattern="**/*.tif", model=str(model), stac=True, **options)


def test_a_collection_of_a_batch_is_valid_with_all_its_items(tmp_path: Path, scenes: Path) -> None:
    maps = tmp_path / "maps"
    _batch(scenes, maps, polygons=True, confidence=True)
    collection = _validate(maps / "collection.json")
    assert {PROCESSING_SCHEMA, RASTER_SCHEMA} <= {*collection.stac_extensions}
    items = list(collection.get_items())
    assert sorted(item.id for item in items) == ["a_classes", "sub__a_classes", "sub__b_classes"]
    for item in items:
        _validate(Path(item.get_self_href()))
        assert item.collection_id == collection.id
        assert item.get_parent() is collection
        assert set(item.assets) == {"classes", "attributes", "confidence", "polygons"}
        for link in item.get_links("derived_from"):
            assert (Path(item.get_self_href()).parent / link.href).is_file()
    (model,) = maps.glob("tiny-*.json")
    assert (maps / json.loads(model.read_text("utf-8"))["assets"]["model"]["href"]).is_file()
    boxes = np.array([item.bbox for item in items])
    assert collection.extent.spatial.bboxes == [[*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0)]]
    assert collection.summaries.get_list("proj:code") == [UTM]
    assert collection.to_dict()["item_assets"]["classes"]["classification:classes"][1]["title"] == "Dark"


def test_a_collection_leads_to_what_there_is_of_a_mosaic(tmp_path: Path) -> None:
    folder = tmp_path / "sheets"
    folder.mkdir()
    for col in (0, 50):
        place = NORTH_UP * Affine.translation(col, 0)
        save_scene(folder / f"{col}.tif", image(40, 100)[:, :, col : col + 50], transform=place)
    maps = tmp_path / "maps"
    _batch(folder, maps, mosaic=True, polygons=True)
    collection = _validate(maps / "collection.json")
    assert {"polygons.gpkg", "classes.gti.gpkg", "classes.vrt", "scenes.gpkg", "index.html"} == {*collection.assets}
    for asset in collection.assets.values():
        assert (maps / asset.href).stat().st_size == asset.extra_fields["file:size"]
    assert {Path(item.get_links("derived_from")[0].href).name for item in collection.get_items()} == {"0.tif", "50.tif"}


def test_items_come_from_the_rasters_whoever_made_them(tmp_path: Path, scenes: Path) -> None:
    """As where shards of a batch ran elsewhere, and somebody puts their maps together."""
    maps, gathered = tmp_path / "maps", tmp_path / "gathered"
    _batch(scenes, maps)
    shutil.copytree(maps, gathered, ignore=shutil.ignore_patterns("*_classes.json", "collection.json"))
    write_stac_collection(gathered)
    for name in ("a_classes.json", "sub/a_classes.json", "sub/b_classes.json"):
        there, here = (json.loads((folder / name).read_text("utf-8")) for folder in (maps, gathered))
        assert there.pop("collection") != here.pop("collection")
        assert there == here


def test_only_what_has_changed_is_described_anew(tmp_path: Path, scenes: Path) -> None:
    maps = tmp_path / "maps"
    _batch(scenes, maps)
    item, other = maps / "a_classes.json", maps / "sub/a_classes.json"
    before = [path.stat().st_mtime_ns for path in (item, other)]
    later = before[0] + 10**9
    os.utime(maps / "a_classes.tif", ns=(later, later))
    results = _batch(scenes, maps)
    assert {result.status for result in results} == {"skipped"}
    assert item.stat().st_mtime_ns != before[0]
    assert other.stat().st_mtime_ns == before[1]
    assert len(list(pystac.read_file(str(maps / "collection.json")).get_items())) == 3


def test_files_of_somebody_else_are_not_replaced(tmp_path: Path, scenes: Path) -> None:
    maps = tmp_path / "maps"
    _batch(scenes, maps)
    for name in ("a_classes.json", "collection.json"):
        (maps / name).write_text('{"type": "FeatureCollection"}')
        with pytest.raises(OutputError, match="exists already"):
            write_stac_collection(maps)
        write_stac_collection(maps, overwrite=True)
        _validate(maps / name)


def test_a_folder_without_maps_has_no_collection(scenes: Path) -> None:
    with pytest.raises(DataError, match="no class raster"):
        write_stac_collection(scenes)
    assert not (scenes / "collection.json").exists()
