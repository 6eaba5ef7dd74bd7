"""A folder of scenes: the good ones are done, the bad ones are named, and nothing is done twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import REPO, Listener, contents, image, read, save_model, save_scene

from aerialseg_core import batch, segment
from aerialseg_core.errors import Cancelled, DataError, ModelError, OutputError, ParameterError
from aerialseg_core.progress import Reporter
from aerialseg_core.segmentation.batch import format_table


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two good scenes, one of them in a sub-folder, a corrupt one, and one with too few bands."""
    folder = tmp_path / "scenes"
    (folder / "deep" / "er").mkdir(parents=True)
    save_model(tmp_path / "tiny.onnx")
    save_scene(folder / "b_good.tif", image(50, 60))
    save_scene(folder / "deep" / "er" / "good.tif", image(40, 40))
    (folder / "a_corrupt.tif").write_bytes(b"II*\x00nonsense")
    save_scene(folder / "c_grey.tif", image(50, 60, bands=1))
    (folder / "notes.txt").write_text("not a scene")
    return folder


def _batch(folder: Path, **options: Any) -> dict[str, str]:
    results = batch(folder, folder.parent / "maps", model=str(folder.parent / "tiny.onnx"), **options)
    return {Path(result.source).name: result.status for result in results}


def test_bad_files_do_not_stop_the_good_ones(folder: Path) -> None:
    assert _batch(folder) == {"a_corrupt.tif": "failed", "b_good.tif": "done", "c_grey.tif": "failed"}
    maps = folder.parent / "maps"
    assert contents(maps) == {"b_good_classes.tif", "b_good_classes.tif.aux.xml", "index.html", "scenes.gpkg"}
    assert read(maps / "b_good_classes.tif").shape == (50, 60)


def test_sub_folders_keep_their_names(folder: Path) -> None:
    assert _batch(folder, pattern="**/*.tif")["good.tif"] == "done"
    assert (folder.parent / "maps" / "deep" / "er" / "good_classes.tif").exists()


def test_a_second_run_does_only_what_is_missing(folder: Path) -> None:
    _batch(folder, pattern="**/*.tif", confidence=True)
    maps = folder.parent / "maps"
    before = (maps / "b_good_classes.tif").stat().st_mtime_ns
    (maps / "deep" / "er" / "good_confidence.tif").unlink()
    (maps / "deep" / "er" / "good_classes.tif").unlink()
    again = _batch(folder, pattern="**/*.tif", confidence=True)
    assert (again["b_good.tif"], again["good.tif"]) == ("skipped", "done")
    assert (maps / "b_good_classes.tif").stat().st_mtime_ns == before


def test_other_parameters_replace_a_result_only_when_allowed(folder: Path) -> None:
    _batch(folder)
    path = folder.parent / "maps" / "b_good_classes.tif"
    first = read(path)
    assert _batch(folder, blend="none")["b_good.tif"] == "failed"
    assert np.array_equal(read(path), first)
    assert _batch(folder, blend="none", overwrite=True)["b_good.tif"] == "done"
    assert not np.array_equal(read(path), first)
    assert _batch(folder, blend="none", overwrite=True)["b_good.tif"] == "skipped"
    assert _batch(folder, blend="none", threads=2, block=32)["b_good.tif"] == "skipped"


def test_a_scene_that_has_changed_is_not_skipped(folder: Path) -> None:
    _batch(folder)
    save_scene(folder / "b_good.tif", image(50, 61, seed=4))
    assert _batch(folder, overwrite=True)["b_good.tif"] == "done"
    assert read(folder.parent / "maps" / "b_good_classes.tif").shape == (50, 61)


def test_what_is_bad_in_a_folder_fails_with_its_sentence_and_the_rest_is_done(folder: Path) -> None:
    good = (folder / "b_good.tif").read_bytes()
    (folder / "empty.tif").touch()
    (folder / "folder.tif").mkdir()
    for name in ("twin.tif", "twin.tiff"):
        (folder / name).write_bytes(good)
    save_scene(folder / "two.tif", image(50, 60, bands=2))
    expected = {
        "a_corrupt.tif": "cannot be read",
        "b_good.tif": "",
        "c_grey.tif": "needs 3 bands",
        "empty.tif": "cannot be read",
        "folder.tif": "is a folder and no raster",
        "twin.tif": "would give results of the same name",
        "twin.tiff": "would give results of the same name",
        "two.tif": "needs 3 bands",
    }
    if sys.platform != "win32":
        (folder / "broken.tif").symlink_to("nowhere.tif")
        (folder / "circular.tif").symlink_to("circular.tif")
        (folder / "deep" / "round").symlink_to(folder, target_is_directory=True)
        expected |= {"broken.tif": "is a link that leads nowhere", "circular.tif": "is a link that leads to itself"}
    for expected_good in ("done", "skipped"):
        results = batch(
            folder, folder.parent / "maps", pattern="**/*.tif,**/*.tiff", model=str(folder.parent / "tiny.onnx")
        )
        found = {Path(one.source).name: one for one in results}
        assert set(found) == {*expected, "good.tif"}
        assert len(results) == len(found)
        for name, sentence in expected.items():
            assert sentence in found[name].error, name
            assert found[name].status == ("failed" if sentence else expected_good), name
        assert found["good.tif"].status == expected_good


class Mending(Listener):
    """Puts a raster in order when it has failed once, as a server does that answers again."""

    def __init__(self, path: Path, content: bytes) -> None:
        super().__init__()
        self.path, self.content = path, content

    def message(self, text: str, level: str = "info") -> None:
        super().message(text, level)
        if level == "warning":
            self.path.write_bytes(self.content)


def test_what_could_not_be_read_is_tried_again_at_the_end(folder: Path) -> None:
    reporter = Mending(folder / "a_corrupt.tif", (folder / "b_good.tif").read_bytes())
    assert _batch(folder, reporter=reporter) == {"a_corrupt.tif": "done", "b_good.tif": "done", "c_grey.tif": "failed"}
    assert sum("c_grey.tif" in text and "failed" in text for text in reporter.messages) == 1, "it could be read"
    assert sum("a_corrupt.tif failed" in text for text in reporter.messages) == 1


def test_results_may_go_where_the_scenes_are(folder: Path) -> None:
    """Into the same folder or below it: results are not taken for scenes in the next run."""
    model = str(folder.parent / "tiny.onnx")
    for _ in range(2):
        results = batch(folder, folder / "maps", pattern="**/b_*.tif", model=model)
        assert [Path(result.source).name for result in results] == ["b_good.tif"]
    with pytest.raises(OutputError, match="also the folder of the scenes"):
        batch(folder, folder, model=model)


class Stumbling(Reporter):
    """Raises something at the start of one scene's work, as a library may for a scene that nobody foresaw."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error, self.name, self.texts = error, "", list[str]()

    def part(self, number: int, total: int, name: str) -> None:
        self.name = name

    def start(self, task: str, total: int, unit: str) -> None:
        if self.name.endswith("b_good.tif"):
            raise self.error

    def message(self, text: str, level: str = "info") -> None:
        self.texts.append(text)


@pytest.mark.parametrize("error", [IndexError("tuple index"), RecursionError(), MemoryError(), UnicodeError("x")])
def test_any_error_of_one_scene_is_its_failure(folder: Path, error: Exception, caplog: Any) -> None:
    said = Stumbling(error)
    results = batch(
        folder, folder.parent / "maps", pattern="**/*good.tif", model=str(folder.parent / "tiny.onnx"), reporter=said
    )
    assert [one.status for one in results] == ["failed", "done"]
    assert ("memory is full" if isinstance(error, MemoryError) else type(error).__name__) in results[0].error
    assert [text for text in said.texts if text.endswith(results[0].error)]
    assert ("Traceback" in caplog.text) is not isinstance(error, MemoryError)
    assert contents(folder.parent / "maps") >= {"deep/er/good_classes.tif"}


@pytest.mark.parametrize("error", [Cancelled("cancelled", "Stop."), KeyboardInterrupt()])
def test_stopping_stops_all(folder: Path, error: BaseException) -> None:
    with pytest.raises(type(error)):
        batch(
            folder,
            folder.parent / "maps",
            pattern="**/*good.tif",
            model=str(folder.parent / "tiny.onnx"),
            reporter=Stumbling(error),
        )
    assert not list((folder.parent / "maps").rglob(".*.lock"))


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names of files are Unicode there")
def test_names_that_are_no_utf8_or_too_long_fail_alone(folder: Path) -> None:
    good = (folder / "b_good.tif").read_bytes()
    names = [b"d\xff.tif", b"e" * 244 + b".tif", b"f" * 240 + b".tif", b"g" * 227 + b".tif", b"h'\x1b\n.tif"]
    for name in names:
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(good)
    command = [sys.executable, "-m", "aerialseg_core", "batch", folder, "-o", folder.parent / "maps"]
    command += ["--model", folder.parent / "tiny.onnx", "--confidence", "--polygons", "--progress"]
    for progress in ("json", "none"):
        run = subprocess.run([*map(str, command), progress], cwd=REPO, capture_output=True, check=False, timeout=60)
        assert run.returncode == 10, run.stderr
        assert b"Traceback" not in run.stderr
        if progress == "none":
            assert run.stdout.decode().endswith("0 done, 3 skipped, 5 failed\n")
            continue
        result = next(e for e in map(json.loads, run.stdout.splitlines()) if e["event"] == "result")
        found = {os.fsencode(Path(one["source"]).name): one for one in result["scenes"]}
        assert [found[name]["status"] for name in names] == ["failed", "failed", "failed", "done", "done"]
        assert "no UTF-8" in found[names[0]]["error"]
        assert "bytes, more than 247" in found[names[1]]["error"]


def test_endings_count_in_any_case(folder: Path) -> None:
    for name in ("d.TIF", "e.tiff", "f.Tiff", "g.TIFF.txt"):
        save_scene(folder / name, image(40, 40))
    assert set(_batch(folder)) == {"a_corrupt.tif", "b_good.tif", "c_grey.tif", "d.TIF", "e.tiff", "f.Tiff"}
    assert set(_batch(folder, pattern="D*.tif")) == {"d.TIF"}
    assert set(_batch(folder, pattern=["d.*", "e.tif[f], f.tiff"])) == {"d.TIF", "e.tiff", "f.Tiff"}
    for pattern in ("**d", "/x/*.tif", "", ",", []):
        with pytest.raises(ParameterError, match=r"pattern.*\*\.tif"):
            _batch(folder, pattern=pattern)


def test_what_lies_beside_rasters_is_passed_over_and_said(folder: Path) -> None:
    for name in ("b_good.tfw", "b_good.tif.aux.xml", "b_good.tif.ovr", "x.prj", "x.XML", ".hidden.tif", "._b_good.tif"):
        (folder / name).write_text("beside")
    (folder / ".b.tif.blocks").mkdir()
    save_scene(folder / ".b.tif.blocks" / "0-0-0-9-9.tif", image(9, 9))
    good = save_scene(folder / "c_good.tif", image(40, 40))
    segment(good, folder / "my map.tif", model=str(folder.parent / "tiny.onnx"))
    listener = Listener()
    found = _batch(folder, pattern="**/*", reporter=listener)
    assert set(found) == {"a_corrupt.tif", "b_good.tif", "c_grey.tif", "c_good.tif", "good.tif"}
    (said,) = [text for text in listener.messages if text.startswith("passed over")]
    assert said.endswith(": 2 .aux.xml, 1 .ovr, 1 .prj, 1 .tfw, 1 .txt, 1 .xml, 1 made by aerialseg")
    assert set(_batch(folder, pattern="x.xml", reporter=listener)) == {"x.XML"}  # asked for by its ending
    assert any(text.endswith(": 2 .aux.xml, 1 .ovr, 1 .prj, 1 .tfw, 5 .tif, 1 .txt") for text in listener.messages)


def test_the_command_takes_several_patterns(folder: Path) -> None:
    save_scene(folder / "deep" / "d.IMG", image(30, 30))
    command = [sys.executable, "-m", "aerialseg_core", "batch", folder, "-o", folder.parent / "maps", "--recursive"]
    command += ["--model", folder.parent / "tiny.onnx", "--progress", "none", "--pattern", "b*.tif,x.png"]
    command += ["--pattern", "*.img"]
    done = subprocess.run(list(map(str, command)), cwd=REPO, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert [line.split()[0].rpartition("/")[2] for line in done.stdout.splitlines()[:-1]] == ["b_good.tif", "d.IMG"]


def test_a_folder_without_scenes_is_an_error(folder: Path) -> None:
    with pytest.raises(DataError, match=r"holds no scene \*\.jp2.*--pattern"):
        _batch(folder, pattern="*.jp2")
    with pytest.raises(DataError, match="There is no folder"):
        _batch(folder / "nowhere")
    with pytest.raises(ModelError):
        batch(folder, folder.parent / "maps", model="no-such-model")
    assert not (folder.parent / "maps").exists()


def test_an_output_folder_that_cannot_be_made_is_an_error(folder: Path) -> None:
    with pytest.raises(OutputError, match="cannot be made"):
        batch(folder, folder / "notes.txt" / "maps", model=str(folder.parent / "tiny.onnx"))


def test_the_command_ends_with_a_table_and_an_exit_code(folder: Path) -> None:
    command = [sys.executable, "-m", "aerialseg_core", "batch", folder, "-o", folder.parent / "maps"]
    command += ["--model", folder.parent / "tiny.onnx", "--progress", "none"]
    done = subprocess.run(list(map(str, command)), cwd=REPO, capture_output=True, text=True, timeout=60)
    lines = done.stdout.splitlines()
    assert done.returncode == 10
    assert [line.split()[1] for line in lines[:3]] == ["failed", "done", "failed"]
    assert "needs 3 bands" in lines[2]
    assert lines[-1] == "1 done, 0 skipped, 2 failed"
    assert "2 of 3 scenes failed" in done.stderr
    for name in ("a_corrupt.tif", "c_grey.tif"):
        (folder / name).unlink()
    again = batch(folder, folder.parent / "maps", model=str(folder.parent / "tiny.onnx"))
    assert format_table(again).splitlines()[-1] == "0 done, 1 skipped, 0 failed"


def test_the_table_of_a_folder_is_for_people(folder: Path) -> None:
    text = format_table(batch(folder, folder.parent / "maps", model=str(folder.parent / "tiny.onnx")))
    assert "b_good.tif" in text
