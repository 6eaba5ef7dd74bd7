"""Which rasters a run is about: folders, patterns, lists, tables, STAC items, addresses."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
import rasterio
from support import image, save_model, save_scene

from aerialseg_core import batch
from aerialseg_core.errors import DataError, OutputError, ParameterError
from aerialseg_core.segmentation.scenes import ListedScene, make_scene, select_scenes

OUT = Path("/nowhere/maps")


def select(given: Any, **options: Any) -> dict[str, str]:
    """The names of the results and where each comes from."""
    return {scene.name: scene.source for scene in select_scenes(given, OUT, **options).scenes}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in ("a.tif", "deep/b.tif", "deep/er/c.TIF", "d.jp2"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"II*\0")
    return tmp_path


def test_a_pattern_finds_what_a_folder_finds(data: Path) -> None:
    every = {"a": f"{data}/a.tif", "deep/b": f"{data}/deep/b.tif", "deep/er/c": f"{data}/deep/er/c.TIF"}
    assert select(data, pattern="**/*.tif") == every
    assert select(f"{data}/**/*.tif") == every
    assert select(f"{data}/de*/*.tif") == {"deep/b": every["deep/b"]}
    assert select([data / "d.jp2", data]) == {"d": f"{data}/d.jp2", "a": every["a"]}
    with pytest.raises(DataError, match="no scene"):
        select(f"{data}/*.png")
    with pytest.raises(OutputError, match="also the folder"):
        select_scenes(f"{data}/*.tif", data)
    with pytest.raises(ParameterError, match="for a folder"):
        select(f"{data}/*.tif", pattern="*.tif")


def test_paths_in_a_list_are_relative_to_it(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / "deep" / "list.txt").write_text(
        "# sheets\n\ner/c.TIF\n../a.tif\nhttps://user:word@host/x/y%20z.tif?sig=abc\ns3://bucket/e.tif\n"
        f"er/c.TIF\n{data}/d.jp2\n",
        encoding="utf-16",
    )
    monkeypatch.chdir(data)
    assert select("deep/list.txt") == {
        "er/c": f"{data}/deep/er/c.TIF",
        "a": f"{data}/deep/../a.tif",
        "y z": "https://user:word@host/x/y%20z.tif?sig=abc",
        "e": "s3://bucket/e.tif",
        "d": f"{data}/d.jp2",
    }


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_names_rasters_and_results(data: Path, mark: str) -> None:
    rows = [["id", "Location", "NAME"], ["1", "a.tif", "north/a"], ["2", "deep/b.tif", ""], ["3", "", "x"], ["4"]]
    (data / "t.csv").write_text("\n".join(mark.join(row) for row in rows), encoding="utf-8-sig")
    assert select(data / "t.csv") == {"north/a": f"{data}/a.tif", "deep/b": f"{data}/deep/b.tif"}


@pytest.mark.parametrize("name", ["../out", "/etc/x", "a/../../b", ".hidden", "a//b", "..", "a/.b"])
def test_no_name_leads_out_of_the_folder_of_the_results(data: Path, name: str) -> None:
    (data / "t.csv").write_text(f"path,name\na.tif,{name}\n")
    (scene,) = select_scenes(data / "t.csv", OUT).scenes
    assert "cannot be called" in scene.refusal
    assert scene.name == "_"


def test_a_table_must_name_rasters(data: Path) -> None:
    (data / "t.csv").write_text("id,area\n1,2\n")
    with pytest.raises(DataError, match="no column that names rasters"):
        select(data / "t.csv")
    for name in ("none.csv", "none.txt", "none.json", "none.tif", "none"):
        with pytest.raises(DataError, match="none"):
            select(data / name)
    with pytest.raises(DataError, match="on a web server"):
        select("https://host/folder/")


def item(name: str, **assets: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": name, "assets": assets}


TIFF = {"type": "image/tiff; application=geotiff; profile=cloud-optimized"}
SMALL = {"type": "image/png", "href": "t.png", "roles": ["thumbnail"]}
TEXT = {"type": "application/json", "href": "m.json", "roles": ["metadata"]}


def test_of_a_stac_item_the_only_raster_is_taken(data: Path) -> None:
    items = [
        item("one", image={**TIFF, "href": "a.tif", "roles": ["data"]}, thumb=SMALL, about=TEXT),
        item("two:b", cog={**TIFF, "href": "https://host/x.tif?token=q"}, thumb=SMALL),
        item("three", data={"href": "deep/b.tif"}),
        item("four", thumb=SMALL, about=TEXT),
    ]
    (data / "items.json").write_text(json.dumps({"type": "FeatureCollection", "features": items}))
    scenes = select_scenes(data / "items.json", OUT).scenes
    assert [(one.name, one.source) for one in scenes[:3]] == [
        ("one", f"{data}/a.tif"),
        ("two_b", "https://host/x.tif?token=q"),
        ("three", f"{data}/deep/b.tif"),
    ]
    assert [bool(one.refusal) for one in scenes] == [False, False, False, True]
    assert "has no raster; its assets: thumb, about" in scenes[3].refusal
    (data / "item.geojson").write_text(json.dumps(items[0]))
    assert select(data / "item.geojson") == {"one": f"{data}/a.tif"}


def test_of_several_rasters_the_user_says_which(data: Path) -> None:
    one = {**TIFF, "href": "a.tif", "roles": ["data"]}
    (data / "items.json").write_text(json.dumps(item("both", red=one, visual={**one, "href": "d.jp2"})))
    with pytest.raises(DataError, match=r"several rasters: red, visual\. Say which with --asset") as caught:
        select(data / "items.json")
    assert str(caught.value).count(".") >= 1
    assert select(data / "items.json", asset="visual") == {"both": f"{data}/d.jp2"}
    (scene,) = select_scenes(data / "items.json", OUT, asset="nir").scenes
    assert "no asset nir" in scene.refusal


@pytest.mark.parametrize(
    "content", ["[]", "{}", '{"type": "Collection", "assets": {}}', '{"features": [1]}', "nonsense"]
)
def test_json_that_is_no_stac_is_refused(data: Path, content: str) -> None:
    (data / "x.json").write_text(content)
    with pytest.raises(DataError, match=r"x\.json"):
        select(data / "x.json")


def test_twins_are_refused_and_say_so_without_secrets() -> None:
    given = ["https://me:word@one.host/a.tif", "https://other.host/a.tif?sig=word", "s3://bucket/b.tif"]
    scenes = select_scenes(given, OUT).scenes
    assert [bool(scene.refusal) for scene in scenes] == [True, True, False]
    assert "word" not in scenes[0].refusal + scenes[1].refusal


def test_a_scene_can_be_sent_to_another_process() -> None:
    scene = make_scene("https://host/a.tif")
    assert pickle.loads(pickle.dumps(scene)) == scene == ListedScene("https://host/a.tif", "a")


def test_a_table_is_segmented_and_no_secret_is_said(tmp_path: Path) -> None:
    save_model(tmp_path / "tiny.onnx")
    (tmp_path / "in").mkdir()
    save_scene(tmp_path / "in" / "a.tif", image(40, 40))
    (tmp_path / "t.csv").write_text("path,name\nin/a.tif,north/first\nhttp://u:geheim@127.0.0.1:9/b.tif?sig=geheim,b\n")
    results = batch(tmp_path / "t.csv", tmp_path / "maps", model=str(tmp_path / "tiny.onnx"))
    assert [one.status for one in results] == ["done", "failed"]
    assert (tmp_path / "maps" / "north" / "first_classes.tif").is_file()
    assert "geheim" not in repr(results)


def test_a_map_of_ours_is_known_however_small_and_whoever_wrote_it_again(tmp_path: Path) -> None:
    """The quick look at a small TIFF says what opening it says."""
    (tmp_path / "in").mkdir()
    save_scene(tmp_path / "in" / "plain.tif", image(8, 8))
    for name, options in {"ours": {}, "packed": {"compress": "deflate"}, "bare": {}}.items():
        path = save_scene(tmp_path / "in" / f"{name}.tif", image(8, 8), **options)
        if name == "bare":
            (tmp_path / "in" / "bare.tif.aux.xml").write_text(
                '<PAMDataset><Metadata><MDI key="AERIALSEG_JOB">x</MDI></Metadata></PAMDataset>'
            )
        else:
            with rasterio.open(path, "r+") as dataset:
                dataset.update_tags(AERIALSEG_JOB="x")
    selection = select_scenes(tmp_path / "in", OUT)
    assert [one.name for one in selection.scenes] == ["plain"]
    assert "3 made by aerialseg" in selection.passed_over
