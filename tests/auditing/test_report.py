"""What an audit does with names and files that mean no good."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import zlib
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from aerialseg_core.cli.main import main
from aerialseg_core.files.texts import replace_controls

NAMES = [
    "<script>alert(1)<",
    "<img src=x onerror=alert(1)>",
    "\"quotes' & co",
    "a\x1b[31mred\nbelow",
    "\u202egnp.exe",
    "=cmd|' calc'!A0",
    "{{ 7 * 7 }}",
    "שלום",
]


class Page(HTMLParser):
    """Elements, attributes and words of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def write_pair(folder: Path, name: str | bytes, seed: int) -> None:
    random = np.random.default_rng(seed)
    for part, pixels in (
        ("images", random.integers(0, 255, (64, 64, 3), np.uint8)),
        ("masks", np.array([[60, 16, 152], [132, 41, 246]], np.uint8)[random.integers(0, 2, (64, 64))]),
    ):
        (folder / part).mkdir(parents=True, exist_ok=True)
        path = os.path.join(os.fsencode(folder / part), os.fsencode(name) + b".png")
        with open(path, "wb") as file:
            Image.fromarray(pixels).save(file, "PNG")


def audited(capsys: pytest.CaptureFixture[str], data: Path, report: Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as leave:
        main(["audit", str(data), "-o", str(report), "--progress", "none"])
    said = capsys.readouterr()
    return int(leave.value.code or 0), said.out, said.err


def test_names_of_files_and_classes_are_words_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for seed, name in enumerate(NAMES):
        write_pair(tmp_path / "data", name, seed)
    plain = [name for name in NAMES if name.isprintable() and "\u202e" not in name]
    colours = ["#3C1098", "#8429F6", *(f"#0000{i:02X}" for i in range(len(plain) - 2))]
    classes = [f"[[classes]]\nname = {json.dumps(n)}\ncolour = '{c}'" for n, c in zip(plain, colours, strict=True)]
    toml = tmp_path / "data.toml"
    toml.write_text("\n".join([*classes, "[[pairs]]\nimages = 'data/images'\nmasks = 'data/masks'"]), "utf-8")
    code, out, _ = audited(capsys, toml, tmp_path / "report")
    assert code == 0
    text = (tmp_path / "report" / "audit.html").read_text("utf-8")
    page = Page(text)
    assert not {"script", "iframe", "object", "link", "base"} & page.elements
    assert all(value.startswith(("data:image/", "#")) for name, value in page.attributes if name in ("src", "href"))
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    words = "".join(page.words)
    assert all(replace_controls(name) in words for name in NAMES)
    assert all(replace_controls(one) == one for one in (text, out)), (
        "nothing that a terminal obeys or that turns text round"
    )
    document = json.loads((tmp_path / "report" / "audit.json").read_text("utf-8"))
    assert {Path(image["image"]).stem for image in document["images"]} == set(NAMES)
    assert [one["name"] for one in document["classes"]] == plain


def test_a_name_that_is_no_text_is_one_file_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_pair(tmp_path / "data", b"\xff\xfe", 1)
    write_pair(tmp_path / "data", "good", 2)
    code, out, _ = audited(capsys, tmp_path / "data", tmp_path / "report")
    assert code == 0
    assert "1 pair" in out
    assert "udcff" in (tmp_path / "report" / "audit.html").read_text("utf-8")
    assert json.loads((tmp_path / "report" / "audit.json").read_text("utf-8"))["problems"]


def png(rows: int, cols: int, *, interlaced: bool = False) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", cols, rows, 8, 2, 0, 0, int(interlaced))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


def jpeg(rows: int, cols: int) -> bytes:
    """A JPEG of a few pixels that claims another size."""
    import io

    file = io.BytesIO()
    Image.new("RGB", (16, 16)).save(file, "JPEG", progressive=True)
    content = bytearray(file.getvalue())
    at = content.index(b"\xff\xc2") + 5
    content[at : at + 4] = struct.pack(">HH", rows, cols)
    return bytes(content)


DAMAGED = {
    "empty.png": b"",
    "text.png": b"no image",
    "million.png": png(1_000_000, 1_000_000),
    "huge.png": png(60_000, 60_000),
    "interlaced.png": png(60_000, 60_000, interlaced=True),
    "wide.jpg": jpeg(65_000, 65_000),
    "head.tif": b"II*\0\x08\0\0\0",
    "bomb.tif": b"II*\0" + b"\xff" * 4000,
    "zeros.tif": bytes(5000),
    "vrt.png": b"<VRTDataset rasterXSize='9' rasterYSize='9'><VRTRasterBand dataType='Byte' band='1'/></VRTDataset>",
}


@pytest.mark.parametrize("kind", ["images", "masks", "both"])
def test_damaged_files_are_named_in_bounded_memory_and_the_others_used(tmp_path: Path, kind: str) -> None:
    data = tmp_path / "data"
    write_pair(data, "good", 1)
    for name, content in DAMAGED.items():
        write_pair(data, Path(name).stem, 2)
        for part in ("images", "masks"):
            if kind in (part, "both"):
                (data / part / name).with_suffix(".png").unlink()
                (data / part / name).write_bytes(content)
    code = (
        "import resource, sys\n"
        "from aerialseg_core.auditing.audit import audit\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "found = audit(sys.argv[1])\n"
        "print(len(found.evidence.data.pairs), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
        "print(*(problem.path.name for problem in found.evidence.data.problems if problem.fatal))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(data)], capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
    counts, named = done.stdout.strip().splitlines()[-2:]
    pairs, memory = map(int, counts.split())
    assert pairs == 1
    assert {Path(name).stem for name in named.split()} == {Path(name).stem for name in DAMAGED}
    assert memory < 400 << 10, "KiB"
