"""Folders, patterns, lists, tables and STAC items on servers: of real servers, as those on a disk."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from bucketserver import BUCKET, Bucket
from support import REPO, image, read, save_model, save_scene
from webserver import Site, serve

from aerialseg_core.errors import DataError, OutputError
from aerialseg_core.files import remote
from aerialseg_core.segmentation.scenes import Selection, select_scenes

OUT = Path("/nowhere/maps")
KEYS = ("z.tif", "in/b.TIF", "in/a.tif", "in/a.tfw", "in/note", "in/.x/h.tif", "in/deep/er/c.tif", "inner/d.tif")


@pytest.fixture
def bucket(bucket: Bucket) -> Bucket:
    """The bucket with objects that nobody opens."""
    for key in KEYS:
        put(bucket, key, b"II*\0")
    return bucket


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    (tmp_path / "www" / "lists").mkdir(parents=True)
    with serve(tmp_path / "www", tmp_path / "log") as running:
        yield running


def put(bucket: Bucket, key: str, content: bytes) -> None:
    bucket.client.put_object(Bucket=BUCKET, Key=key, Body=content)


def show(selection: Selection) -> list[tuple[str, str]]:
    """What the results are called, and where each comes from, in order."""
    return [(scene.name, scene.source) for scene in selection.scenes]


def test_a_folder_of_a_bucket_is_as_one_on_a_disk(bucket: Bucket) -> None:
    flat = [("a", "s3://box/in/a.tif"), ("b", "s3://box/in/b.TIF")]
    found = select_scenes("s3://box/in/", OUT)
    assert show(found) == flat
    assert found.passed_over == "passed over in s3://box/in/: 1 .tfw, 1 without ending"
    deep = [*flat, ("deep/er/c", "s3://box/in/deep/er/c.tif")]
    assert sorted(show(select_scenes("s3://box/in/", OUT, "**/*.tif"))) == deep
    assert show(select_scenes("s3://box/in/*.tif", OUT)) == flat
    assert sorted(show(select_scenes("s3://box/in/**/*.TIF", OUT))) == deep
    assert show(select_scenes("s3://box/i*/d*.tif", OUT)) == [("inner/d", "s3://box/inner/d.tif")]
    assert show(select_scenes("s3://box", OUT)) == [("z", "s3://box/z.tif")]


def test_results_in_the_bucket_are_no_scenes(bucket: Bucket) -> None:
    put(bucket, "in/maps/a_classes.tif", b"II*\0")
    found = select_scenes("s3://box/in/", Path("s3://box/in/maps"), "**/*.tif")
    assert sorted(name for name, _ in show(found)) == ["a", "b", "deep/er/c"]
    with pytest.raises(OutputError, match="also the folder"):
        select_scenes("s3://box/in/", Path("s3://box/in"))


@pytest.mark.parametrize("given", ["s3://box/none/", "s3://box/none/*.tif"])
def test_a_folder_without_scenes_is_refused(bucket: Bucket, given: str) -> None:
    with pytest.raises(DataError, match="holds no scene"):
        select_scenes(given, OUT)


@pytest.mark.parametrize("given", ["s3://gone/in/", "s3://box/gone.txt", "s3://box/in/../"])
def test_what_a_store_says_is_one_sentence(bucket: Bucket, given: str) -> None:
    with pytest.raises(DataError) as caught:
        select_scenes(given, OUT)
    assert caught.value.hint
    bucket.fail(forbid="GET")
    with pytest.raises(DataError):
        select_scenes(given, OUT)


LIST = (
    "# sheets\n../in/a.tif\nnorth/b c.tif\n/top.tif\nhttps://me:S3CR3T@host/x/y%20z.tif?sig=S3CR3T\ns3://other/e.tif\n"
)


def test_lists_in_a_bucket_are_relative_to_themselves(bucket: Bucket) -> None:
    put(bucket, "lists/l.txt", LIST.encode("utf-16"))
    assert show(select_scenes("s3://box/lists/l.txt", OUT)) == [
        ("a", "s3://box/in/a.tif"),
        ("north/b c", "s3://box/lists/north/b c.tif"),
        ("top", "s3://box/top.tif"),
        ("y z", "https://me:S3CR3T@host/x/y%20z.tif?sig=S3CR3T"),
        ("e", "s3://other/e.tif"),
    ]


def test_tables_and_items_on_a_web_server_are_relative_to_themselves(tmp_path: Path, site: Site) -> None:
    www, base = tmp_path / "www" / "lists", f"{site.address}/lists"
    (www / "t.csv").write_text("path,name\na.tif,north/a\n../b.tif,\n")
    asset = {"href": "./deep/c.tif", "type": "image/tiff"}
    items = [{"type": "Feature", "id": key, "assets": one} for key, one in (("one", {"data": asset}), ("two", {}))]
    (www / "i.json").write_text(json.dumps({"type": "FeatureCollection", "features": items}))
    assert show(select_scenes(f"{base}/t.csv?sig=S3CR3T", OUT)) == [
        ("north/a", f"{base}/a.tif"),
        ("b", f"{site.address}/b.tif"),
    ]
    one, two = select_scenes(f"{base}/i.json?sig=S3CR3T", OUT).scenes
    assert (one.name, one.source) == ("one", f"{base}/deep/c.tif")
    assert "has no raster" in two.refusal
    assert "S3CR3T" not in two.source


def test_no_server_says_what_is_read_here(tmp_path: Path, site: Site) -> None:
    (tmp_path / "www" / "l.txt").write_text(
        "/etc/a.tif\nfile:///etc/b.tif\nNETCDF:/etc/c.nc:x\nC:\\d.tif\n/vsigzip/e\n"
    )
    first, *others, last = select_scenes(f"{site.address}/l.txt", OUT).scenes
    assert (first.source, first.refusal) == (f"{site.address}/etc/a.tif", None)
    assert [one.refusal and "on this computer" in one.refusal for one in others] == [True] * 3
    assert last.source == f"{site.address}/vsigzip/e"


def test_what_is_wrong_with_a_list_on_a_server_is_one_sentence(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    www, secret = tmp_path / "www", site.address.replace("//", "//me:S3CR3T@")
    (www / "bad.txt").write_bytes(b"a\n\xff\n")
    (www / "bad.json").write_text("{")
    (www / "bad.csv").write_text("id\n1\n")
    (www / "large.txt").write_text("a.tif\n" * 10)
    monkeypatch.setattr(remote, "LARGEST", 50)
    for name, said in (
        ("bad.txt", "no UTF-8 text: see line 2"),
        ("bad.json", "no JSON"),
        ("bad.csv", "no column"),
        ("large.txt", "so it is no text"),
        ("none.csv", "the server answers 404"),
        ("folder/", "on a web server"),
        ("*.tif", "on a web server"),
    ):
        with pytest.raises(DataError, match=said) as caught:
            select_scenes(f"{secret}/{name}", OUT)
        assert "S3CR3T" not in str(caught.value)
        assert caught.value.hint


@pytest.mark.parametrize("given", ["s3://box/scenes/", "s3://box/scenes/*.tif", "s3://box/scenes.txt"])
def test_a_run_on_a_bucket_makes_what_one_on_a_disk_makes(bucket: Bucket, tmp_path: Path, given: str) -> None:
    save_model(tmp_path / "m.onnx")
    (tmp_path / "scenes").mkdir()
    for seed, name in enumerate("ab"):
        save_scene(tmp_path / "scenes" / f"{name}.tif", image(70, 60, seed=seed))
        put(bucket, f"scenes/{name}.tif", (tmp_path / "scenes" / f"{name}.tif").read_bytes())
    put(bucket, "scenes.txt", b"scenes/a.tif\nscenes/b.tif\n")
    made = []
    for scenes, output in ((tmp_path / "scenes", "near"), (given, "far")):
        command = [sys.executable, "-m", "aerialseg_core", "batch", scenes, "-o", tmp_path / output]
        command += ["--model", tmp_path / "m.onnx", "--engine", "onnxruntime", "--threads", 1]
        done = subprocess.run(list(map(str, command)), cwd=REPO, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "S3CR3T" not in done.stdout + done.stderr
        maps = tmp_path / output
        made.append({str(path.relative_to(maps)): read(path).tobytes() for path in maps.rglob("*.tif")})
    near, far = made
    assert len(near) == 2
    assert far == {f"scenes/{name}" if given.endswith(".txt") else name: pixels for name, pixels in near.items()}
