"""Variables of other programs, and modules that lie in the current folder: neither is ours."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import rasterio
from support import image, save_model, save_scene

from aerialseg_core import environ
from aerialseg_core.errors import DependencyError

AERIALSEG = Path(sys.executable).with_name("aerialseg")
PLANTED = ("json", "numpy", "runpy", "sitecustomize", "usercustomize", "pip", "keras")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A folder of modules that say when somebody executes them."""
    folder = tmp_path / "beside my images"
    folder.mkdir()
    trap = f"open({str(tmp_path / 'executed')!r}, 'a').write(__name__)\n"
    for name in PLANTED:
        (folder / f"{name}.py").write_text(trap, encoding="utf-8")
    for name in ("pip", "aerialseg_core", "certifi"):
        (folder / name).mkdir()
        for file in ("__init__.py", "__main__.py"):
            (folder / name / file).write_text(trap, encoding="utf-8")
    return folder


def test_modules_of_the_current_folder_are_not_executed_by_children(
    planted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the path of this process has of it, as a console and a notebook have."""
    monkeypatch.chdir(planted)
    for first in ("", ".", str(planted)):
        monkeypatch.syspath_prepend(first)
        commands = (environ.isolated("pip", "--version"), environ.isolated("aerialseg_core", "--version"))
        for command, name in zip(commands, ("pip ", "aerialseg, version"), strict=True):
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            assert done.stdout.startswith(name)
    done = subprocess.run(environ.isolated("json.tool", os.devnull), capture_output=True, text=True, check=False)
    assert "Expecting value" in done.stderr
    assert not (tmp_path / "executed").exists()


def test_pip_of_the_sample_is_not_that_of_the_current_folder(planted: Path, tmp_path: Path) -> None:
    variables = {"XDG_CACHE_HOME": str(tmp_path), "PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_CONFIG_FILE": os.devnull}
    done = subprocess.run(
        [str(AERIALSEG), "sample", "scene.tif", "--scene", "dutch"],
        cwd=planted,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == DependencyError.exit_code, done.stderr
    assert "cannot be fetched" in done.stderr  # by the real pip, which found no index
    assert not (tmp_path / "executed").exists()


def test_a_child_imports_from_where_its_parent_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "packages").mkdir()
    (tmp_path / "packages" / "of_this_cluster.py").write_text("print('found')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "packages"))
    done = subprocess.run(environ.isolated("of_this_cluster"), capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "found"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scene, a model, and the folders that another program has installed."""
    folder = tmp_path_factory.mktemp("foreign")
    save_scene(folder / "scene.tif", image(40, 50))
    save_model(folder / "tiny.onnx")
    (folder / "empty").mkdir()
    (folder / "postgis").mkdir()
    (folder / "postgis" / "proj.db").write_bytes(b"of another version")
    return folder


@pytest.mark.parametrize(
    "variables",
    [
        {"PROJ_LIB": "empty"},
        {"PROJ_DATA": "empty"},
        {"PROJ_LIB": "postgis", "PROJ_DATA": "postgis", "PROJ_AUX_DB": "postgis/proj.db"},
        {"GDAL_DATA": "empty", "GDAL_DRIVER_PATH": "empty", "GDAL_PYTHON_DRIVER_PATH": "empty"},
        {"GDAL_SKIP": "GTiff COG VRT", "OGR_SKIP": "GPKG"},
    ],
    ids=lambda variables: "+".join(variables),
)
def test_variables_of_another_program_change_nothing(folder: Path, tmp_path: Path, variables: dict[str, str]) -> None:
    outputs = ("-o", str(tmp_path / "classes.tif"), "--polygons", str(tmp_path / "classes.gpkg"))
    done = subprocess.run(
        [str(AERIALSEG), "segment", "scene.tif", *outputs, "--model", "tiny.onnx"],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with rasterio.open(tmp_path / "classes.tif") as classes:
        assert classes.crs == rasterio.CRS.from_epsg(32640)


@pytest.mark.parametrize("brings_its_own", [True, False])
def test_a_gdal_of_the_system_keeps_what_tells_it_where_its_data_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, brings_its_own: bool
) -> None:
    """As in conda and Debian, whose packages have no data folders; one of them among wheels is enough."""
    for package in ("rasterio", "pyogrio", "pyproj"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
        monkeypatch.delitem(sys.modules, package)
        if brings_its_own or package != "pyogrio":
            for data in ("gdal_data", "proj_data", "proj_dir"):
                (tmp_path / package / data).mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("PROJ_DATA", "GDAL_DATA", "GDAL_DRIVER_PATH", "PROJ_NETWORK", "GDAL_HTTP_PROXY"):
        monkeypatch.setenv(name, "/opt/conda/share")
    environ.clear()
    left = {name for name in os.environ if os.environ[name] == "/opt/conda/share"}
    users_own = {"PROJ_NETWORK", "GDAL_HTTP_PROXY"}
    assert left == users_own if brings_its_own else left == users_own | {"PROJ_DATA", "GDAL_DATA", "GDAL_DRIVER_PATH"}


@pytest.mark.parametrize("function", ["segment", "polygonize"])
def test_the_library_leaves_the_environment_alone_and_says_what_is_wrong_with_it(folder: Path, function: str) -> None:
    script = f"from aerialseg_core import {function}"
    environment = {**os.environ, "PROJ_LIB": str(folder / "empty")}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    last = done.stderr.splitlines()[-1]
    assert last.startswith(
        "aerialseg_core.errors.DependencyError: PROJ finds no coordinate systems of its version in PROJ"
    )
    assert "environ.clear()" in last
    cleared = f"from aerialseg_core import environ; environ.clear(); {script}"
    subprocess.run([sys.executable, "-c", cleared], env=environment, check=True)


def test_a_proj_of_the_system_that_is_led_astray_is_no_unforeseen_error(folder: Path, tmp_path: Path) -> None:
    """As in conda, where the variables may be right, and are not cleared."""
    script = (
        "from aerialseg_core import environ; environ.clear = lambda: None; from aerialseg_core.cli.main import main"
    )
    arguments = ["segment", "scene.tif", "-o", str(tmp_path / "classes.tif"), "--model", "tiny.onnx"]
    command = [sys.executable, "-c", f"{script}; main({arguments!r})"]
    environment = {**os.environ, "PROJ_DATA": str(folder / "postgis")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 8, done.stderr
    assert "Error: PROJ finds no coordinate systems of its version in PROJ_DATA=" in done.stderr
    assert "Traceback" not in done.stderr
