"""Outputs are whole or absent, and nothing that is somebody else's is replaced, whenever it came."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support import contents, image, save_model, save_scene

from aerialseg_core import segment
from aerialseg_core.errors import OutputError
from aerialseg_core.files.output_folder import whole_folder
from aerialseg_core.files.outputs import place, whole_or_absent
from aerialseg_core.progress import Reporter


def make(path: Path, appearing: Path, *, overwrite: bool = False) -> None:
    """Write an output, while somebody else writes something."""
    with whole_or_absent(path, overwrite=overwrite) as temporary:
        for ending in (".shp", ".shx", ".dbf") if path.suffix == ".shp" else (path.suffix,):
            temporary.with_suffix(ending).write_text("ours")
        appearing.write_text("theirs")


def make_folder(path: Path, *, overwrite: bool = False) -> None:
    """Write a report, while somebody else does."""
    with whole_folder(path, frozenset({"index.html"}), overwrite=overwrite) as folder:
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
    place(new, target, overwrite=False)
    assert (target.read_text(), new.exists()) == ("ours", False)
    new.write_text("newer")
    with pytest.raises(OutputError, match="exists already"):
        place(new, target, overwrite=False)
    assert target.read_text() == "ours"
    target.unlink()
    target.symlink_to(tmp_path / "nothing")
    place(new, target, overwrite=False)
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
