"""`aerialseg audit`, end to end."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from auditing.factories import COLOURS, texture, write_mosaic, write_pair
from datasets.factories import write_tiff
from PIL import Image as Pillow
from support import contents

from aerialseg_core import audit
from aerialseg_core.cli.main import main
from aerialseg_core.errors import DataError, OutputError
from aerialseg_core.raster.classes import MBRSC


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as leave:
        main(["audit", *map(str, arguments)])
    said = capsys.readouterr()
    return int(leave.value.code or 0), said.out, said.err


@pytest.fixture
def flawed(tmp_path: Path) -> Path:
    """A set with one of everything that an audit looks for."""
    from PIL import Image as Pillow

    data = tmp_path / "data"
    write_mosaic(data / "North", texture(300, 360, seed=1), (2, 2))
    write_pair(data / "South <b>&", "good", texture(120, 120, seed=2))
    write_pair(data / "South <b>&", "twice", texture(120, 120, seed=2))
    write_pair(data / "East", "spot", texture(200, 200, seed=3))
    mask = np.array(Pillow.open(data / "East" / "masks" / "spot.png"))
    mask[150:160, 30:50] = (1, 2, 3)
    mask[10, 190] = (1, 2, 3)
    Pillow.fromarray(mask).save(data / "East" / "masks" / "spot.png")
    write_pair(data / "East", "palette", texture(90, 90, seed=4))
    indexed = Pillow.fromarray(np.ones((90, 90), np.uint8), mode="P")
    indexed.putpalette(COLOURS.ravel().tolist())
    indexed.save(data / "East" / "masks" / "palette.png")
    write_pair(data / "East", "alone", texture(90, 90, seed=5))
    (data / "East" / "masks" / "alone.png").unlink()
    write_pair(data / "East", "orphan", texture(90, 90, seed=6))
    (data / "East" / "images" / "orphan.png").unlink()
    write_pair(data / "East", "size", texture(90, 90, seed=7))
    Pillow.fromarray(COLOURS[np.ones((80, 90), int)]).save(data / "East" / "masks" / "size.png")
    write_pair(data / "East", "broken", texture(90, 90, seed=8))
    whole = (data / "East" / "images" / "broken.png").read_bytes()
    (data / "East" / "images" / "broken.png").write_bytes(whole[: len(whole) // 2])
    (data / "classes.json").write_text('{"classes": [{"title": "Moss", "color": "#123456"}]}')
    return data


def test_everything_is_found_and_the_data_are_no_error(
    flawed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, flawed, "-o", tmp_path / "report", "--progress", "none")
    assert code == 0
    found = json.loads((tmp_path / "report" / "audit.json").read_text(encoding="utf-8"))
    kinds = {finding["kind"] for finding in found["findings"]}
    assert {"no mask", "no image", "size", "unreadable", "classes", "palette", "colours", "duplicates"} <= kinds
    assert len(found["images"]) == 8
    (place,) = found["off_palette"]
    assert place["image"] == "East/images/spot.png"
    assert place["pixels"] == 201
    assert place["value"] == "#010203"
    assert place["box"] == {"row": 10, "col": 30, "height": 150, "width": 161}
    assert 150 - 16 <= place["centre"][0] < 160 + 16
    assert 30 - 16 <= place["centre"][1] < 50 + 16
    assert [mosaic["layout"] for mosaic in found["mosaics"]] == [[2, 2]]
    assert "#010203 is no class: 201 px in 1 file" in out
    assert "palette PNG" in out
    assert "there twice" in out


class Tags(HTMLParser):
    """Collects what a page would load, and its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.sources += [value or "" for name, value in attrs if name in {"src", "href"}]


def test_the_page_holds_everything_and_escapes_names(flawed: Path, tmp_path: Path) -> None:
    audit(flawed, tmp_path / "report")
    assert contents(tmp_path / "report") == {"audit.html", "audit.json"}
    page = (tmp_path / "report" / "audit.html").read_text(encoding="utf-8")
    assert "South &lt;b&gt;&amp;" in page
    assert "South <b>" not in page
    tags = Tags()
    tags.feed(page)
    assert "script" not in tags.tags
    assert all(source.startswith(("data:image/", "#")) for source in tags.sources)
    assert any(source.startswith("data:image/jpeg") for source in tags.sources)


def test_its_events_are_json_lines(flawed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, flawed, "--progress", "json")
    assert code == 0
    events: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
    assert [event["event"] for event in events].count("result") == 1
    result = events[-1]
    assert result["event"] == "result"
    assert result["report"] is None
    assert {group["name"] for group in result["groups"]} == {"East", "North", "South <b>&"}
    assert {event["task"] for event in events if event["event"] == "start"} >= {"read images", "count labels"}


def test_what_is_no_data_is_one_sentence_and_exit_code_9(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "bad.toml").write_text("pairs = 7")
    for name in ("empty", "notes.txt", "nothing", "bad.toml"):
        code, out, err = run(capsys, tmp_path / name, "-o", tmp_path / "report", "--progress", "none")
        assert code == 9
        assert not out
        assert err.startswith("Error: ")
        assert err.count("\n") == 1
    assert not (tmp_path / "report").exists()


def test_data_of_which_nothing_can_be_used_say_the_first_reason(tmp_path: Path) -> None:
    for name in "ab":
        write_pair(tmp_path / "data", name, texture(40, 40))
        (tmp_path / "data" / "masks" / f"{name}.png").unlink()
    with pytest.raises(DataError, match=r"No pair can be used: .*has no mask"):
        audit(tmp_path / "data")


def test_a_report_is_replaced_only_when_asked_to(tmp_path: Path) -> None:
    write_pair(tmp_path / "data", "one", texture(40, 50))
    audit(tmp_path / "data", tmp_path / "report")
    before = (tmp_path / "report" / "audit.json").read_bytes()
    with pytest.raises(OutputError, match="exists already"):
        audit(tmp_path / "data", tmp_path / "report")
    audit(tmp_path / "data", tmp_path / "report", overwrite=True)
    assert (tmp_path / "report" / "audit.json").read_bytes() == before
    assert contents(tmp_path) == {
        "data", "data/images", "data/images/one.png", "data/masks", "data/masks/one.png",
        "report", "report/audit.html", "report/audit.json",
    }  # fmt: skip


@pytest.mark.parametrize("size", [(1, 1), (1, 90), (7, 5), (64, 3)])
def test_tiny_images_are_audited(tmp_path: Path, size: tuple[int, int]) -> None:
    for name, seed in (("a", 1), ("b", 2)):
        write_pair(tmp_path / "data" / name, "one", texture(*size, seed=seed))
    found = audit(tmp_path / "data", tmp_path / "report")
    assert len(found.evidence.groups) in (1, 2)


def test_shares_are_those_of_the_labels(tmp_path: Path) -> None:
    labels = np.repeat(np.arange(4, dtype=np.uint8), 20)[:, None].repeat(60, axis=1)
    write_pair(tmp_path / "data", "one", texture(80, 60), labels)
    document = audit(tmp_path / "data").document
    assert [entry["share"] for entry in document["classes"]] == [0.25] * 4 + [0.0] * 2
    assert [entry["name"] for entry in document["classes"]] == list(MBRSC.names)
    assert any("Water and Unlabeled: no pixel" in finding["text"] for finding in document["findings"])


def test_bands_in_another_order_are_said_once_for_all_images(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_pair(tmp_path / "data", name, texture(60, 80, seed=ord(name)))
        png = tmp_path / "data" / "images" / f"{name}.png"
        write_tiff(png.with_suffix(".tif"), np.zeros((3, 60, 80), np.uint8), photometric="rgb")
        png.unlink()
        with rasterio.open(png.with_suffix(".tif"), "r+") as image:
            image.descriptions = ("Blue", "Green", "Red")
    (finding,) = [finding for finding in audit(tmp_path / "data").findings if finding.kind == "bands"]
    assert "a.tif and 1 more image: bands red = 3, green = 2, blue = 1, by name" in finding.text
    assert "contradict" in finding.text
    assert len(finding.details) == 2


def test_a_palette_image_is_compared_by_its_colours(tmp_path: Path) -> None:
    shown = texture(120, 120)
    write_pair(tmp_path / "data", "plain", shown)
    write_pair(tmp_path / "data", "palette", shown)
    order = np.random.default_rng(0).permutation(256).astype(np.uint8)  # number order[i] is the colour i
    indexed = Pillow.fromarray(order[shown[..., 0]], mode="P")
    palette = np.zeros((256, 3), np.uint8)
    palette[order] = np.arange(256)[:, None]
    indexed.putpalette(palette.ravel().tolist())
    indexed.save(tmp_path / "data" / "images" / "palette.png")
    found = audit(tmp_path / "data", tmp_path / "report")
    assert any("1 image is there twice" in finding.text for finding in found.findings)


@pytest.mark.realdata
@pytest.mark.slow
def test_it_finds_what_is_known_about_dubai(data_dir: Path, tmp_path: Path) -> None:
    pytest.importorskip("cv2")
    found = audit(data_dir / "dubai", tmp_path / "report")
    document = found.document
    assert len(document["images"]) == 56
    assert any(f["kind"] == "classes" and "classes.json" in f["text"] for f in document["findings"])
    assert {i["folder"] for i in document["images"] if i["palette"]} == {"Tile 2", "Tile 4"}
    assert {place["value"] for place in document["off_palette"]} == {"#000000"}
    worst = document["off_palette"][0]
    assert (worst["image"], worst["pixels"]) == ("Tile 8/images/image_part_003.jpg", 545_723)
    assert not document["duplicates"]

    mosaics = {mosaic["name"]: mosaic for mosaic in document["mosaics"]}
    assert set(mosaics) == {f"Tile {n}" for n in range(1, 9)}
    for mosaic in mosaics.values():
        assert mosaic["layout"] == [3, 3]
        assert mosaic["numbered_along"] == "rows"
        for part in mosaic["parts"]:
            assert 3 * part["cell"][0] + part["cell"][1] + 1 == int(part["image"][-7:-4])

    grounds = {(ground["first"], ground["second"]): ground for ground in document["overlaps"]}
    assert set(grounds) == {("Tile 1", "Tile 3"), ("Tile 4", "Tile 8"), ("Tile 7", "Tile 8")}
    one = grounds["Tile 1", "Tile 3"]
    assert one["origin"] == {"of": "Tile 1", "in": "Tile 3", "col": 1506, "row": 1614}
    assert one["pixels"] == pytest.approx(194_000, rel=0.01)
    assert one["agreement"]["share"] == pytest.approx(0.846, abs=0.002)
    seven = grounds["Tile 7", "Tile 8"]
    assert seven["origin"] == {"of": "Tile 7", "in": "Tile 8", "col": 3427, "row": 3744}
    assert seven["pixels"] == pytest.approx(2_100_000, rel=0.01)
    assert seven["agreement"]["share"] == pytest.approx(0.807, abs=0.001)
    named = [seven["agreement"]["iou"][name] for name in ("Building", "Land", "Road", "Vegetation", "Water")]
    assert np.abs(np.subtract(named, (0.63, 0.74, 0.64, 0.18, 0.88))).max() < 0.006
    # Laid over each other with the shear that these two have, they agree better than when merely turned and scaled.
    assert grounds["Tile 4", "Tile 8"]["agreement"]["share"] > 0.65
    assert grounds["Tile 4", "Tile 8"]["likeness"] > 0.7
    assert {group["name"] for group in document["groups"]} == {
        "Tile 1 + Tile 3", "Tile 2", "Tile 4 + Tile 7 + Tile 8", "Tile 5", "Tile 6",
    }  # fmt: skip
    assert (tmp_path / "report" / "audit.html").stat().st_size < 4_000_000
