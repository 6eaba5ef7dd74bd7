"""`aerialseg evaluate` as a user runs it, and the page that it makes."""

from __future__ import annotations

import json
import re
import shlex
import signal
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from greyset import random_labels, save_reader, write_pair
from support import contents

from aerialseg_core import evaluate
from aerialseg_core.cli.evaluate import evaluate as command_line
from aerialseg_core.cli.main import main
from aerialseg_core.config import SegmentConfig
from aerialseg_core.raster.classes import MBRSC, ClassScheme


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """The command line takes SIGINT and SIGTERM for itself: give them back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def run(*arguments: object) -> int:
    """Run the command line; its exit code."""
    with pytest.raises(SystemExit) as ended:
        main(["evaluate", *map(str, arguments), "--engine", "onnxruntime"])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_from_images_and_masks_to_a_report(
    model: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(model, data, "-o", tmp_path / "report", "--overlap", "0.5", "--tta", "4", "--progress", "none") == 0
    out = capsys.readouterr().out
    assert f"wrote {tmp_path / 'report' / 'index.html'}" in out
    assert re.search(r"Vegetation IoU 1\.000 \(1\.000–1\.000\)", out)
    assert contents(tmp_path / "report") == {"index.html", "evaluation.json"}


def test_other_programs_get_events(model: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(model, data, "-o", tmp_path / "report", "--progress", "json") == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    result = events[-1]
    assert result["event"] == "result"
    assert result["scores"]["accuracy"] == 1
    progress = [event for event in events if event["event"] == "progress" and event["unit"] == "windows"]
    assert progress[-1]["done"] == progress[-1]["total"]


def test_exit_codes_are_those_of_the_errors(
    model: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report"
    assert run(tmp_path / "no.onnx", data, "-o", report) == 5
    assert run(model, tmp_path / "nothing", "-o", report) == 9
    assert run(model, data, "-o", tmp_path / "no" / "report") == 6
    assert run(model, data, "-o", report, "--overlap", "2") == 2
    assert run(model, data, "-o", report, "--bands", "1,2,9") == 4
    assert run(model, data, "-o", report, "--extent", "0,0,1,1") == 2  # no such option here
    assert "Traceback" not in capsys.readouterr().err
    assert not report.exists()


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"overlap": 0.5, "tta": 8, "blend": "crop", "engine": "onnxruntime"},
        {"bands": (3, 2, 1), "range": (0.0, 255.0), "gsd": "source", "memory": 100 << 20, "threads": 1, "block": 64},
    ],
)
def test_the_command_in_the_report_makes_it_again(
    model: Path, data: Path, tmp_path: Path, options: dict[str, Any]
) -> None:
    report = tmp_path / "a report"
    command = shlex.split(evaluate(model, data, report, **options).findings["command"])
    assert command[:2] == ["aerialseg", "evaluate"]
    given = command_line.make_context("evaluate", command[2:]).params
    assert (Path(given.pop("model")), given.pop("data"), given.pop("output")) == (model, data, report)
    assert {**vars(SegmentConfig()), **options}.items() >= {
        key: value for key, value in given.items() if key not in {"overwrite", "progress"}
    }.items()


class _Page(HTMLParser):
    """Collects what a page refers to, its elements and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.references: list[str] = []
        self.elements: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.references += [value or "" for name, value in attrs if name in {"src", "href", "srcset", "action"}]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_page_refers_to_nothing_outside_and_runs_nothing(model: Path, data: Path, tmp_path: Path) -> None:
    run(model, data, "-o", tmp_path / "report", "--progress", "none")
    text = (tmp_path / "report" / "index.html").read_text("utf-8")
    page = _Page(text)
    assert (
        page.elements.count("img") == 3 * 4
    )  # the best, the median and the worst: image, labels, prediction, mistakes
    assert all(reference.startswith(("data:image/", "#")) for reference in page.references)
    assert not {"script", "link", "iframe", "object", "embed", "base"} & set(page.elements)
    assert "http" not in re.sub(r"data:image/[a-z]+;base64,[A-Za-z0-9+/=]+", "", text)
    assert not re.search(r"url\(|@import|\son\w+=", text)


def test_names_are_escaped(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script> & \"quotes'"
    scheme = ClassScheme.of([(evil if c.name == "Water" else c.name, c.colour) for c in MBRSC])
    save_reader(tmp_path / "evil.onnx", scheme, name=evil, description=evil)
    for number in range(2):
        write_pair(tmp_path / "data" / "<img src=x>" / "deep", f"<b>{number}", random_labels(number))
    (tmp_path / "data" / "set.toml").write_text(
        "\n".join(f"[[classes]]\nname = {json.dumps(c.name)}\ncolour = '{c.colour}'" for c in scheme)
        + "\n[[pairs]]\nimages = '<img src=x>/deep/images'\nmasks = '<img src=x>/deep/masks'\ngroup = '<i>'\n"
    )
    run(tmp_path / "evil.onnx", tmp_path / "data" / "set.toml", "-o", tmp_path / "report", "--progress", "none")
    text = (tmp_path / "report" / "index.html").read_text("utf-8")
    page = _Page(text)
    assert not {"script", "b" * 9} & set(page.elements)
    assert "x" not in page.references
    assert evil in "".join(page.words)
