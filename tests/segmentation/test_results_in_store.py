"""Results in an object store: the real command line writes to a real server of S3, is killed, and continues.

The server is moto. What is in the bucket is what a run on a disk writes, to the last bit.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from affine import Affine
from bucketserver import BUCKET, Bucket
from support import NORTH_UP, REPO, contents, image, save_model, save_scene

from aerialseg_core.cli.main import main
from aerialseg_core.files.vectors import read_frame

OPTIONS = ["--block", "32", "--engine", "onnxruntime", "--threads", "1", "--progress", "json"]
STORED = ["-o", "s3://box/maps/a.tif", "--polygons", "s3://box/maps/a.gpkg", "--confidence", "s3://box/maps/sure.tif"]
MAPS = ["-o", "s3://box/maps", "--confidence"]

Events = list[dict[str, Any]]
Run = Callable[..., Events]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three scenes and a model."""
    folder = tmp_path_factory.mktemp("scenes")
    save_model(folder / "m.onnx")
    (folder / "in").mkdir()
    for seed, name in enumerate("abc"):
        save_scene(folder / "in" / f"{name}.tif", image(70, 60, seed=seed))
    return folder


@pytest.fixture
def bucket(bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """The bucket, with a scratch folder of its own; the command line's signals are given back."""
    monkeypatch.setenv("AERIALSEG_SCRATCH", str(tmp_path / "scratch"))
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield bucket
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def run(folder: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the command line; what it reports."""

    def run(*arguments: object, code: int = 0) -> Events:
        with pytest.raises(SystemExit) as ended:
            main([str(one) for one in (*arguments, "--model", folder / "m.onnx", *OPTIONS)])
        out, said = capfd.readouterr()
        assert ended.value.code == code, out + said
        assert "S3CR3T" not in out + said
        assert "Traceback" not in said
        return list(map(json.loads, out.splitlines()))

    return run


def _start(folder: Path, *arguments: object, **variables: str) -> subprocess.Popen[str]:
    """Start the command line in a process of its own."""
    command = [sys.executable, "-m", "aerialseg_core", *arguments, "--model", folder / "m.onnx", *OPTIONS]
    environment = {**os.environ, **variables}
    return subprocess.Popen(list(map(str, command)), cwd=REPO, env=environment, stdout=subprocess.PIPE, text=True)


def _texts(events: Events) -> str:
    return "\n".join(event["text"] for event in events if "text" in event)


def _statuses(events: Events) -> dict[str, str]:
    return {Path(scene["source"]).stem: scene["status"] for scene in events[-1]["scenes"]}


def test_the_objects_are_the_files_of_a_run_on_a_disk(bucket: Bucket, folder: Path, tmp_path: Path, run: Run) -> None:
    scene, disk = folder / "in" / "a.tif", tmp_path / "disk"
    disk.mkdir()
    run("segment", scene, "-o", disk / "a.tif", "--polygons", disk / "a.gpkg", "--confidence", disk / "sure.tif")
    result = run("segment", scene, *STORED)[-1]
    assert (result["classes"], result["polygons"]) == ("s3://box/maps/a.tif", "s3://box/maps/a.gpkg")
    stored = bucket.read()
    assert {key.removeprefix("maps/") for key in stored} == contents(disk)
    for name in ("a.tif", "sure.tif", "a.tif.aux.xml"):
        assert stored[f"maps/{name}"] == (disk / name).read_bytes()
    assert not bucket.uploads
    assert not contents(tmp_path / "scratch")
    written = [line.split("?")[0] for line in bucket.requests if line.startswith(("POST /box/maps/", "PUT /box/maps/"))]
    finished = [line for line in written if not line.endswith(".lock")]
    assert finished[-1] == "POST /box/maps/a.tif"  # the class raster comes last
    again = run("segment", scene, *STORED, code=6)
    assert "s3://box/maps/a.gpkg exists already" in _texts(again) or "s3://box/maps/a.tif exists" in _texts(again)
    assert bucket.read() == stored
    run("segment", scene, *STORED, "--overwrite")
    assert bucket.read()["maps/a.tif"] == stored["maps/a.tif"]


def test_a_run_that_is_killed_while_it_uploads_leaves_no_half_object_and_continues(
    bucket: Bucket, folder: Path, tmp_path: Path, run: Run
) -> None:
    bucket.fail(hold="maps/a.tif?partNumber=2")
    with _start(folder, "segment", folder / "in" / "a.tif", *STORED) as process:
        assert "maps/a.tif" in bucket.wait()
        process.kill()
    bucket.fail()
    assert {*bucket.read()} == {"maps/a.gpkg", "maps/sure.tif", "maps/a.tif.aux.xml", "maps/.aerialseg/a.tif.lock"}
    assert bucket.uploads == ["maps/a.tif"]
    bucket.client.create_multipart_upload(Bucket=BUCKET, Key="maps/a.tif.of.somebody")
    events = run("segment", folder / "in" / "a.tif", *STORED)
    assert "continues an earlier run" in _texts(events)
    assert "removed the parts of 1 uploads" in _texts(events)
    assert bucket.uploads == ["maps/a.tif.of.somebody"]
    assert {*bucket.read()} == {"maps/a.gpkg", "maps/sure.tif", "maps/a.tif.aux.xml", "maps/a.tif"}
    assert not contents(tmp_path / "scratch")


def test_a_server_that_fails_is_one_sentence_and_a_run_that_continues(bucket: Bucket, folder: Path, run: Run) -> None:
    bucket.fail(busy="maps/a.tif?partNumber=")
    (error,) = [
        event for event in run("segment", folder / "in" / "a.tif", *STORED, code=6) if event["event"] == "error"
    ]
    assert error["text"] == "s3://box/maps/a.tif could not be written: the server answers 503 Service Unavailable."
    assert "same command again" in error["hint"]
    assert not bucket.uploads
    bucket.fail()
    assert "continues an earlier run" in _texts(run("segment", folder / "in" / "a.tif", *STORED))
    assert "maps/a.tif" in bucket.read()


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("s3://nobody/a.tif", "There is no bucket for s3://nobody/a.tif"),
        ("s3://me:S3CR3T@box/a.tif", "is no address for results"),
        ("s3://box/a.tif?X-Amz-Signature=S3CR3T", "is no address for results"),
        ("s3://box/a/../b.tif", "is no address for results"),
        ("s3://box/a.png", "GeoTIFF under the name of another format"),
    ],
)
def test_addresses_that_cannot_be_written_are_refused_at_once(
    bucket: Bucket, folder: Path, run: Run, output: str, said: str
) -> None:
    events = run("segment", folder / "in" / "a.tif", "-o", output, code=6 if "nobody" in output else 2)
    assert said in _texts(events)
    assert not bucket.read()


def test_keys_that_do_not_suffice_are_refused_at_once(bucket: Bucket, folder: Path, run: Run) -> None:
    bucket.fail(forbid="POST /box/maps")
    assert "the store refuses" in _texts(run("segment", folder / "in" / "a.tif", *STORED, code=6))


def test_a_scene_is_never_replaced_by_its_map(bucket: Bucket, folder: Path, run: Run) -> None:
    scene = (folder / "in" / "a.tif").read_bytes()
    bucket.client.put_object(Bucket=BUCKET, Key="maps/a.tif", Body=scene)
    events = run("segment", "s3://box/maps/a.tif", "-o", "s3://box/maps/a.tif", "--overwrite", code=6)
    assert "is also the input" in _texts(events)
    assert bucket.read() == {"maps/a.tif": scene}


def test_shares_of_a_scene_meet_in_a_scratch_folder(
    bucket: Bucket, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for share in ("2/2", "1/2"):
        run("segment", folder / "in" / "a.tif", *STORED, "--blocks", share)
    assert not bucket.read()
    assert "2 of 2 blocks are done already" in _texts(run("segment", folder / "in" / "a.tif", *STORED))
    monkeypatch.delenv("AERIALSEG_SCRATCH")
    assert "AERIALSEG_SCRATCH" in str(run("segment", folder / "in" / "a.tif", *STORED, "--blocks", "1/2", code=2))


def test_a_folder_is_done_when_its_manifests_say_it_is(bucket: Bucket, folder: Path, tmp_path: Path, run: Run) -> None:
    assert set(_statuses(run("batch", folder / "in", *MAPS)).values()) == {"done"}
    stored = bucket.read()
    of_a_scene = ("{}_classes.tif", "{}_classes.tif.aux.xml", "{}_confidence.tif", ".aerialseg/{}.json")
    names = {form.format(name) for form in of_a_scene for name in "abc"} | {"scenes.gpkg", "index.html"}
    assert {key.removeprefix("maps/") for key in stored} == names
    assert stored["maps/index.html"].count(b"data:image") == 3
    assert not contents(tmp_path / "scratch")
    events = run("batch", folder / "in", *MAPS)
    assert set(_statuses(events).values()) == {"skipped"}
    assert {scene["output"] for scene in events[-1]["scenes"]} == {
        f"s3://box/maps/{name}_classes.tif" for name in "abc"
    }
    bucket.client.delete_object(Bucket=BUCKET, Key="maps/a_confidence.tif")
    bucket.client.put_object(Bucket=BUCKET, Key="maps/b_classes.tif", Body=b"something else")
    failed = run("batch", folder / "in", *MAPS, code=10)
    assert _statuses(failed[:-1]) == {"a": "failed", "b": "failed", "c": "skipped"}
    assert "s3://box/maps/a_classes.tif exists already" in _texts(failed)
    repaired = run("batch", folder / "in", *MAPS, "--overwrite")
    assert _statuses(repaired) == {"a": "done", "b": "done", "c": "skipped"}
    maps = {key: content for key, content in stored.items() if key.endswith(".tif")}
    assert maps.items() <= bucket.read().items()


def test_shards_write_at_the_same_time_and_the_last_run_gathers_them(
    bucket: Bucket, folder: Path, tmp_path: Path, run: Run
) -> None:
    """On machines of their own: they share nothing but the bucket."""
    shards = [
        _start(folder, "batch", folder / "in", *MAPS, "--shard", f"{n}/2", AERIALSEG_SCRATCH=str(tmp_path / str(n)))
        for n in (1, 2)
    ]
    for shard in shards:
        with shard:
            out, _ = shard.communicate(timeout=600)
            assert shard.returncode == 0, out
    assert "maps/scenes.gpkg" not in bucket.read()
    assert _statuses(run("batch", folder / "in", *MAPS)) == dict.fromkeys("abc", "skipped")
    (tmp_path / "scenes.gpkg").write_bytes(bucket.read()["maps/scenes.gpkg"])
    with closing(sqlite3.connect(tmp_path / "scenes.gpkg")) as catalogue:
        rows = catalogue.execute("SELECT output, state, unit, geom IS NULL FROM scenes ORDER BY output").fetchall()
    assert rows == [(f"{name}_classes.tif", "done", "m²", 0) for name in "abc"]


def test_a_page_of_somebody_else_stays(bucket: Bucket, folder: Path, run: Run) -> None:
    bucket.client.put_object(Bucket=BUCKET, Key="maps/index.html", Body=b"<html>mine</html>")
    assert "is no page of aerialseg" in _texts(run("batch", folder / "in" / "a.tif", *MAPS))
    assert bucket.read()["maps/index.html"] == b"<html>mine</html>"


def test_the_item_of_a_scene_is_an_object_too(bucket: Bucket, folder: Path, tmp_path: Path, run: Run) -> None:
    pytest.importorskip("pystac")
    assert run("segment", folder / "in" / "a.tif", *STORED, "--stac")[-1]["item"] == "s3://box/maps/a.json"
    (model,) = (key for key in bucket.read() if key.startswith("maps/tiny-") and key.endswith(".json"))
    item, described = (json.loads(bucket.read()[key]) for key in ("maps/a.json", model))
    hrefs = {asset["href"] for one in (item, described) for asset in one["assets"].values()}
    hrefs |= {link["href"] for link in item["links"]}
    hrefs.remove(str(folder / "in" / "a.tif"))
    assert {f"maps/{href.removeprefix('./')}" for href in hrefs} == {*bucket.read()} - {"maps/a.json"}
    assert not contents(tmp_path / "scratch")


@pytest.fixture
def sheets(tmp_path: Path) -> Path:
    """Four sheets that touch, and one that lies apart, too far for any window to see both."""
    pixels, folder = image(60, 500), tmp_path / "sheets"
    folder.mkdir()
    boxes = {"a": (0, 0, 30, 40), "b": (0, 40, 30, 40), "c": (30, 0, 30, 40), "d": (30, 40, 30, 40)}
    for name, (row, col, rows, cols) in {**boxes, "apart": (0, 460, 60, 40)}.items():
        place = NORTH_UP * Affine.translation(col, row)
        save_scene(folder / f"{name}.tif", pixels[:, row : row + rows, col : col + cols], transform=place)
    return folder


SHEETS = ("a", "apart", "b", "c", "d")
MOSAIC = ["-o", "s3://box/maps", "--mosaic", "--confidence", "--polygons"]


def test_the_maps_of_a_mosaic_are_those_of_a_run_on_a_disk(
    bucket: Bucket, sheets: Path, tmp_path: Path, run: Run
) -> None:
    disk = tmp_path / "disk"
    run("batch", sheets, *MOSAIC[2:], "-o", disk)
    assert _statuses(run("batch", sheets, *MOSAIC)) == dict.fromkeys(SHEETS, "done")
    stored = bucket.read()
    told = {f"maps/.aerialseg/{name}.json" for name in SHEETS}
    assert {*stored} - told == {f"maps/{name}" for name in contents(disk)}
    for name in contents(disk):
        if name.endswith((".tif", ".vrt", ".xml")):
            assert stored[f"maps/{name}"] == (disk / name).read_bytes(), name
    assert not bucket.uploads
    assert not contents(tmp_path / "scratch")
    again = run("batch", sheets, *MOSAIC)
    assert _statuses(again) == dict.fromkeys(SHEETS, "skipped")
    after = bucket.read()
    assert {name: after[name] for name in after if "scenes.gpkg" not in name and "index.html" not in name} == {
        name: stored[name] for name in stored if "scenes.gpkg" not in name and "index.html" not in name
    }
    assert not contents(tmp_path / "scratch")


def test_of_a_mosaic_what_has_changed_is_made_again_beside_what_is_there(
    bucket: Bucket, sheets: Path, tmp_path: Path, run: Run
) -> None:
    run("batch", sheets, *MOSAIC)
    before = bucket.read()
    place = NORTH_UP * Affine.translation(460, 0)
    save_scene(sheets / "apart.tif", image(60, 40, seed=9), transform=place)
    events = run("batch", sheets, *MOSAIC)
    assert _statuses(events) == {**dict.fromkeys("abcd", "skipped"), "apart": "done"}
    run("batch", sheets, *MOSAIC[2:], "-o", tmp_path / "disk")
    after = bucket.read()
    changed = {name for name in after if after[name] != before.get(name) and name.endswith(".tif")}
    assert changed == {"maps/apart_classes.tif", "maps/apart_confidence.tif"}
    for name in changed:
        assert after[name] == (tmp_path / name.replace("maps/", "disk/")).read_bytes()
    (tmp_path / "stored.gpkg").write_bytes(after["maps/polygons.gpkg"])
    ours, theirs = (read_frame(tmp_path / name, "classes") for name in ("stored.gpkg", "disk/polygons.gpkg"))
    assert ours.geometry.normalize().to_wkb().tolist() == theirs.geometry.normalize().to_wkb().tolist()
    assert not contents(tmp_path / "scratch")


@pytest.mark.parametrize("held", ["maps/polygons.gpkg?partNumber=2", "maps/b_classes.tif?partNumber=1"])
def test_a_mosaic_that_is_killed_while_it_uploads_continues(
    bucket: Bucket, folder: Path, sheets: Path, tmp_path: Path, run: Run, held: str
) -> None:
    bucket.fail(hold=held)
    with _start(folder, "batch", sheets, *MOSAIC) as process:
        assert held.partition("?")[0] in bucket.wait()
        process.kill()
    bucket.fail()
    assert held.partition("?")[0] not in bucket.read()
    events = run("batch", sheets, *MOSAIC)
    assert {*_statuses(events).values()} <= {"done", "skipped"}
    assert not bucket.uploads
    run("batch", sheets, *MOSAIC[2:], "-o", tmp_path / "disk")
    stored = bucket.read()
    for name in contents(tmp_path / "disk"):
        if name.endswith((".tif", ".vrt")):
            assert stored[f"maps/{name}"] == (tmp_path / "disk" / name).read_bytes(), name
    assert not contents(tmp_path / "scratch")


def test_maps_of_a_mosaic_that_are_not_ours_are_not_replaced(bucket: Bucket, sheets: Path, run: Run) -> None:
    bucket.client.put_object(Bucket=BUCKET, Key="maps/b_classes.tif", Body=b"mine")
    events = run("batch", sheets, *MOSAIC, code=10)
    assert "s3://box/maps/b_classes.tif exists already" in _texts(events)
    assert bucket.read()["maps/b_classes.tif"] == b"mine"


def test_shares_of_a_mosaic_meet_in_a_scratch_folder(
    bucket: Bucket, sheets: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("batch", sheets, *MOSAIC, "--shard", "2/2")
    assert not [name for name in bucket.read() if name.endswith(".tif")]
    assert _statuses(run("batch", sheets, *MOSAIC)) == dict.fromkeys(SHEETS, "done")
    monkeypatch.delenv("AERIALSEG_SCRATCH")
    assert "AERIALSEG_SCRATCH" in str(run("batch", sheets, *MOSAIC, "--shard", "1/2", code=2))


def test_two_machines_do_not_write_one_mosaic(
    bucket: Bucket, folder: Path, sheets: Path, tmp_path: Path, run: Run
) -> None:
    bucket.fail(hold="maps/a_classes.tif")
    with _start(folder, "batch", sheets, *MOSAIC, AERIALSEG_SCRATCH=str(tmp_path / "other")) as process:
        bucket.wait()
        assert "Another run is writing s3://box/maps/classes.vrt" in _texts(run("batch", sheets, *MOSAIC, code=6))
        process.kill()


def test_polygons_as_a_folder_of_files_are_objects_too(bucket: Bucket, folder: Path, tmp_path: Path, run: Run) -> None:
    areas = ["--polygons", "s3://box/maps/areas.parquet/"]
    scene, disk = folder / "in" / "a.tif", tmp_path / "areas.parquet"
    run("segment", scene, "-o", tmp_path / "a.tif", "--polygons", f"{disk}/")
    run("segment", scene, *STORED[:2], *areas)
    parts = {name.removeprefix("maps/areas.parquet/"): content for name, content in bucket.read().items()}
    assert {name: content for name, content in parts.items() if name.startswith("part-")} == {
        path.name: path.read_bytes() for path in disk.iterdir()
    }
    assert "areas.parquet exists already" in _texts(run("segment", scene, "-o", "s3://box/b.tif", *areas, code=6))
    bucket.client.put_object(Bucket=BUCKET, Key="maps/areas.parquet/part-00009.parquet", Body=b"of an earlier run")
    run("segment", scene, *STORED[:2], *areas, "--overwrite")
    assert "maps/areas.parquet/part-00009.parquet" not in bucket.read()
    bucket.client.put_object(Bucket=BUCKET, Key="maps/areas.parquet/thesis.doc", Body=b"mine")
    events = run("segment", scene, *STORED[:2], *areas, "--overwrite", code=6)
    assert "holds more than an earlier result (thesis.doc)" in _texts(events)
    assert bucket.read()["maps/areas.parquet/thesis.doc"] == b"mine"


def test_a_folder_with_folders_of_polygons_is_done_when_they_are_there(
    bucket: Bucket, folder: Path, tmp_path: Path, run: Run
) -> None:
    options = ["-o", "s3://box/maps", "--polygons", "--polygon-format", "parquet/"]
    run("batch", folder / "in", *options)
    assert set(_statuses(run("batch", folder / "in", *options)).values()) == {"skipped"}
    lost = next(name for name in bucket.read() if name.startswith("maps/b_classes.parquet/"))
    bucket.client.delete_object(Bucket=BUCKET, Key=lost)
    events = run("batch", folder / "in", *options, "--overwrite")
    assert _statuses(events) == {"a": "skipped", "b": "done", "c": "skipped"}
    assert lost in bucket.read()
    assert not contents(tmp_path / "scratch")


def test_items_and_their_collection_are_those_of_a_run_on_a_disk(
    bucket: Bucket, folder: Path, tmp_path: Path, run: Run
) -> None:
    """But for the moments at which they were made, and the path of the scene, which is whole."""
    pytest.importorskip("pystac")
    run("batch", folder / "in", *MAPS, "--shard", "1/3")
    assert "made without --stac" in _texts(run("batch", folder / "in", *MAPS, "--stac"))
    run("batch", folder / "in", "-o", "s3://box/new/maps", "--confidence", "--stac")
    run("batch", folder / "in", "-o", tmp_path / "maps", "--confidence", "--stac")
    stored = {key.removeprefix("new/maps/"): content for key, content in bucket.read().items() if key[:4] == "new/"}
    assert {name for name in stored if "/" not in name} == contents(tmp_path / "maps")
    assert contents(tmp_path / "scratch") == set()
    for name in ("a_classes.json", "collection.json"):
        ours, theirs = json.loads(stored[name]), json.loads((tmp_path / "maps" / name).read_text("utf-8"))
        assert [link["rel"] for link in ours["links"]] == [link["rel"] for link in theirs["links"]]
        for one in (ours, theirs):  # others in size
            for asset in ("index.html", "scenes.gpkg"):
                one["assets"].pop(asset, None)
        assert ours["assets"] == theirs["assets"]
        hrefs = [[link["href"] for link in one["links"] if link.get("title") != "The scene"] for one in (ours, theirs)]
        assert hrefs[0] == hrefs[1]
        assert (ours["id"], ours.get("bbox")) == (theirs["id"], theirs.get("bbox"))
