"""Outputs are whole or absent, and nothing that is somebody else's is replaced, whenever it came."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support import contents, image, save_model, save_scene

from aerialseg_core import segment
from aerialseg_core.errors import OutputError, RasterReadError
from aerialseg_core.files.outputs import check_folder, rename_output, write_atomically, write_folder_atomically
from aerialseg_core.progress import Reporter

NAMES = frozenset({"index.html", "figures.json"})


def make(path: Path, appearing: Path, *, overwrite: bool = False) -> None:
    """Write an output, while somebody else writes something."""
    with write_atomically(path, overwrite=overwrite) as temporary:
        for ending in (".shp", ".shx", ".dbf") if path.suffix == ".shp" else (path.suffix,):
            temporary.with_suffix(ending).write_text("ours")
        appearing.write_text("theirs")


def make_folder(path: Path, *, overwrite: bool = False) -> None:
    """Write a report, while somebody else does."""
    with write_folder_atomically(path, frozenset({"index.html"}), overwrite=overwrite) as folder:
        assert folder.stat().st_mode & 0o077 == 0  # nobody else reads what is not finished
        (folder / "index.html").write_text("ours")
        path.mkdir(exist_ok=True)
        (path / "index.html").write_text("theirs")


def test_what_appears_while_an_output_is_made_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "map.gpkg"
    with pytest.raises(OutputError, match="exists already"):
        make(path, path)
    assert path.read_text() == "theirs"
    make(path, path, overwrite=True)
    assert path.read_text() == "ours"
    assert contents(tmp_path) == {"map.gpkg"}


def test_parts_of_somebody_elses_shapefile_stay(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"map\.dbf exists"):
        make(tmp_path / "map.shp", tmp_path / "map.dbf")
    assert (tmp_path / "map.dbf").read_text() == "theirs"
    assert contents(tmp_path) == {"map.dbf"}


@pytest.mark.parametrize("links", [True, False])
def test_a_rename_never_replaces_unless_it_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    if not links:

        def link(*_: object) -> None:
            raise PermissionError(1, "Operation not permitted")  # as FAT says

        monkeypatch.setattr(os, "link", link)
    new, target = tmp_path / "new", tmp_path / "map.tif"
    new.write_text("ours")
    rename_output(new, target, overwrite=False)
    assert (target.read_text(), new.exists()) == ("ours", False)
    new.write_text("newer")
    with pytest.raises(OutputError, match="exists already"):
        rename_output(new, target, overwrite=False)
    assert target.read_text() == "ours"
    target.unlink()
    target.symlink_to(tmp_path / "nothing")
    rename_output(new, target, overwrite=False)
    assert target.read_text() == "newer"


def test_a_folder_that_appears_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="exists already"):
        make_folder(tmp_path / "report")
    assert (tmp_path / "report" / "index.html").read_text() == "theirs"
    make_folder(tmp_path / "report", overwrite=True)
    assert (tmp_path / "report" / "index.html").read_text() == "ours"
    assert (tmp_path / "report").stat().st_mode & 0o777 == 0o777 & ~umask()
    assert contents(tmp_path) == {"report", "report/index.html"}


def umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


class Meanwhile(Reporter):
    """Does something when the first windows are done."""

    def __init__(self, what: Callable[[], object]) -> None:
        super().__init__()
        self._what, self._done = what, False

    def advance(self, n: int = 1, **state: object) -> None:
        super().advance(n)
        if not self._done:
            self._done = True
            self._what()


@pytest.mark.parametrize("name", ["classes.tif", "map.gpkg", "sure.tif"])
def test_a_map_that_appears_during_a_run_stays(tmp_path: Path, name: str) -> None:
    scene, out = save_scene(tmp_path / "scene.tif", image(60, 40)), tmp_path / "out"
    out.mkdir()
    save_model(tmp_path / "tiny.onnx")
    listener = Meanwhile(lambda: (out / name).write_text("theirs"))

    def run() -> None:
        segment(
            scene,
            out / "classes.tif",
            polygons=out / "map.gpkg",
            confidence=out / "sure.tif",
            reporter=listener,
            model=str(tmp_path / "tiny.onnx"),
        )

    with pytest.raises(OutputError, match=rf"{name} exists already"):
        run()
    assert (out / name).read_text() == "theirs"
    assert {path.name for path in out.iterdir()} == {name, ".classes.tif.blocks"}
    (out / name).unlink()
    run()
    assert contents(out) == {"classes.tif", "classes.tif.aux.xml", "map.gpkg", "sure.tif"}


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_finished_files_have_the_rights_that_the_user_gives_new_ones(tmp_path: Path, mask: int) -> None:
    save_model(tmp_path / "tiny.onnx")
    scene = save_scene(tmp_path / "scene.tif", image(40, 40))
    before = os.umask(mask)
    try:
        segment(scene, tmp_path / "c.tif", polygons=tmp_path / "map.gpkg", model=str(tmp_path / "tiny.onnx"))
    finally:
        os.umask(before)
    for name in ("c.tif", "c.tif.aux.xml", "map.gpkg"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o666 & ~mask


def write_report(path: Path, text: str, *, overwrite: bool = False) -> None:
    with write_folder_atomically(path, NAMES, overwrite=overwrite) as folder:
        for name in NAMES:
            (folder / name).write_text(text)


def test_a_folder_appears_as_a_whole(tmp_path: Path) -> None:
    with write_folder_atomically(tmp_path / "report", NAMES) as folder:
        assert not (tmp_path / "report").exists()
        (folder / "index.html").write_text("x")
    assert contents(tmp_path) == {"report", "report/index.html"}


@pytest.mark.parametrize("error", [ValueError, RasterReadError("x", "x"), OSError(5, "x")])
def test_an_error_leaves_nothing(tmp_path: Path, error: Exception) -> None:
    with (
        pytest.raises(type(error) if isinstance(error, Exception) else error),
        write_folder_atomically(tmp_path / "r", NAMES),
    ):
        raise error
    assert contents(tmp_path) == set()


def test_an_earlier_report_is_replaced_only_when_asked_and_only_by_a_whole_one(tmp_path: Path) -> None:
    write_report(tmp_path / "report", "first")
    with pytest.raises(OutputError, match="exists already"):
        write_report(tmp_path / "report", "second")
    with pytest.raises(ValueError, match="x"), write_folder_atomically(tmp_path / "report", NAMES, overwrite=True):
        raise ValueError("x")
    assert (tmp_path / "report" / "index.html").read_text() == "first"
    write_report(tmp_path / "report", "second", overwrite=True)
    assert (tmp_path / "report" / "index.html").read_text() == "second"
    assert contents(tmp_path) == {"report", "report/index.html", "report/figures.json"}


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    write_report(tmp_path / "report", "x")
    assert (tmp_path / "report" / "index.html").exists()


def test_a_folder_with_anything_else_is_never_replaced(tmp_path: Path) -> None:
    write_report(tmp_path / "report", "x")
    (tmp_path / "report" / "thesis.docx").write_text("years of work")
    with pytest.raises(OutputError, match=r"holds more than an earlier result \(thesis\.docx\)"):
        check_folder(tmp_path / "report", NAMES, overwrite=True)


def test_what_is_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="is a file"):
        check_folder(tmp_path / "file", NAMES, overwrite=True)
    with pytest.raises(OutputError, match="does not exist"):
        check_folder(tmp_path / "no" / "report", NAMES)
