"""The page of a batch: failures first, areas, pictures; it runs nothing and is of bounded size."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from support import SCHEME, Listener, image, read, save_model, save_scene

from aerialseg_core import batch
from aerialseg_core.errors import Cancelled, OutputError
from aerialseg_core.progress import Reporter
from aerialseg_core.segmentation import index_page as module
from aerialseg_core.segmentation.catalogue import Catalogue, SceneRecord, SceneStatus
from aerialseg_core.segmentation.index_page import write_index


class Reading(HTMLParser):
    """Reads the texts, links, pictures and attributes of a page."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.pictures: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.attributes |= set(found)
        self.links += [found["href"]] if tag == "a" else []
        self.pictures += [found["src"]] if tag == "img" else []

    def handle_data(self, data: str) -> None:
        self.text += data + "|"


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    (folder / "in" / "deep").mkdir(parents=True)
    save_model(folder / "tiny.onnx")
    names = ["a.tif", "deep/b c.tif"]
    names += ["<img src=x onerror=alert(1)>'\"&.tif"] if sys.platform != "win32" else []
    for number, name in enumerate(names):
        save_scene(folder / "in" / name, image(40, 50, seed=number))
    save_scene(folder / "in" / "nowhere.tif", image(20, 20), crs=None)
    (folder / "in" / "javascript:alert(2)<b>.tif").write_bytes(b"II*\0nonsense")
    return folder


def run(material: Path, output: Path, **options: Any) -> list[SceneStatus]:
    return batch(material / "in", output, pattern="**/*.tif", model=str(material / "tiny.onnx"), **options)


def test_it_shows_failures_first_then_areas_then_maps(material: Path, tmp_path: Path) -> None:
    results = run(material, tmp_path)
    page = Reading(tmp_path / "index.html")
    places = [page.text.index(word) for word in ("1 failed", "Failed|", "cannot be read", "Areas", "Maps|", "deep/b c")]
    assert places == sorted(places)
    done = [one for one in results if one.status == "done"]
    assert len(page.pictures) == len(done)
    assert all(one.startswith("data:image/png;base64,") for one in page.pictures)
    counted = sum((read(Path(one.output)) == 2).sum() for one in done if "nowhere" not in one.output)
    shown = re.search(r"\d[\d\u202f]*", page.text[page.text.index(SCHEME.names[1]) :])
    assert shown
    assert int(shown[0].replace("\u202f", "")) == pytest.approx(counted, rel=3e-3)
    assert "px²" in page.text


def test_it_runs_nothing_and_leads_nowhere_else(material: Path, tmp_path: Path) -> None:
    run(material, tmp_path)
    page = Reading(tmp_path / "index.html")
    assert "script" not in page.tags
    assert page.tags.count("b") == 0
    assert not [name for name in page.attributes if name.startswith("on")]
    assert all(link.startswith("./") for link in page.links)
    assert "./deep/b%20c_classes.tif" in page.links
    assert "http" not in (tmp_path / "index.html").read_text("utf-8").replace("data:image", "")


def test_it_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LISTED", 50)
    monkeypatch.setattr(module, "MOST_PICTURES", 5)
    with Catalogue(tmp_path, Reporter()) as catalogue:
        for number in range(55):
            output = save_scene(tmp_path / f"{number}_classes.tif", image(10, 10, bands=1))
            status = SceneStatus(f"{number}.tif", "done", str(output))
            catalogue.add(SceneRecord(status, areas={"A": 100.0}, unit="m²"))
            bad = replace(status, status="failed", error="x", source="f" + status.source, output=status.output + "x")
            catalogue.add(SceneRecord(bad))
    page = Reading(write_index(tmp_path))
    assert len(page.pictures) == 5
    assert page.tags.count("tr") == 2 * 50 + 4
    assert page.text.count("The first 50 of 55.") == 2
    assert "5\u202f500" in page.text, "areas are those of all"


class Stopping(Reporter):
    def part(self, number: int, total: int, name: str) -> None:
        if number == 3:
            self.cancel()


def test_a_run_that_is_stopped_leaves_one(material: Path, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        run(material, tmp_path, reporter=Stopping())
    assert "2 scenes: 2 done" in Reading(tmp_path / "index.html").text


def test_the_page_of_somebody_else_stays(material: Path, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<html>mine</html>")
    listener = Listener()
    results = run(material, tmp_path, reporter=listener)
    assert sum(one.status == "done" for one in results) >= 3
    assert (tmp_path / "index.html").read_text() == "<html>mine</html>"
    assert any("no page of aerialseg" in text for text in listener.messages)
    with pytest.raises(OutputError, match="nowhere does not exist"):
        write_index(tmp_path / "nowhere")
