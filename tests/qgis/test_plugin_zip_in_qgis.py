"""A new user: a fresh profile, the archive of `make plugin` put in by QGIS's own installer, and a first map."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from within import REPO, qgis_process_command

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = pytest.mark.qgis

INSTALL = """
import json, os, traceback
from pathlib import Path
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QApplication

def install():
    said = {}
    try:
        import pyplugin_installer
        import qgis.utils
        from qgis.core import QgsApplication
        pyplugin_installer.instance().installFromZipFile(os.environ["AERIALSEG_ZIP"])
        said["active"] = list(qgis.utils.active_plugins)
        provider = QgsApplication.processingRegistry().providerById("aerialseg")
        said["algorithms"] = [algorithm.name() for algorithm in provider.algorithms()]
        said["menus"] = [a.text() for a in qgis.utils.iface.rasterMenu().actions()]
        qgis.utils.unloadPlugin("aerialseg")
        said["left"] = QgsApplication.processingRegistry().providerById("aerialseg") is not None
    except Exception:
        said["error"] = traceback.format_exc()
    Path(os.environ["AERIALSEG_SAID"]).write_text(json.dumps(said))
    qgis.utils.iface.actionExit().trigger()
    QTimer.singleShot(0, QApplication.instance().quit)

QTimer.singleShot(0, install)
"""
"""What runs inside the QGIS with windows; the profile keeps the plugin."""


@dataclass
class NewUser:
    """Somebody who has just installed the plugin."""

    environment: dict[str, str]
    plugin: Path
    """The folder of the installed plugin."""
    said: dict[str, object]
    """What the QGIS with windows told of itself; empty where there is none, and the archive was only unpacked."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, str(REPO / "scripts" / "build_plugin.py"), "--output", str(folder)]
    done = subprocess.run(build, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    (archive,) = folder.iterdir()
    return archive


@pytest.fixture(scope="module")
def new_user(archive: Path, interpreter: Path, tmp_path_factory: pytest.TempPathFactory) -> NewUser:
    home = tmp_path_factory.mktemp("Zoë’s home")
    home.chmod(0o700)
    config = home / "config"
    plugins = config / "profiles" / "default" / "python" / "plugins"
    ours = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "QGIS_PLUGINPATH", "AERIALSEG_COMMAND", "XDG_DATA_HOME")
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ours},
        "HOME": str(home),
        "QGIS_CUSTOM_CONFIG_PATH": str(config),
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(home),
        "AERIALSEG_PYTHON": str(interpreter),
    }
    qgis = shutil.which("qgis.bin") or shutil.which("qgis")
    if qgis and shutil.which("xvfb-run"):
        said = installed_by_qgis(qgis, archive, home, environment)
    else:
        said = {}
        plugins.mkdir(parents=True)
        with zipfile.ZipFile(archive) as plugin:
            plugin.extractall(plugins)
        enable = [*qgis_process_command(), "plugins", "enable", "aerialseg"]
        subprocess.run(enable, env=environment, capture_output=True, timeout=300, check=True)
    return NewUser(environment, plugins / "aerialseg", said)


def installed_by_qgis(qgis: str, archive: Path, home: Path, environment: dict[str, str]) -> dict[str, object]:
    """Start QGIS with windows that nobody sees, and have its plugin manager install the archive."""
    code, said = home / "install.py", home / "said.json"
    code.write_text(INSTALL)
    windows = {k: v for k, v in environment.items() if k != "QT_QPA_PLATFORM"}
    windows |= {"AERIALSEG_ZIP": str(archive), "AERIALSEG_SAID": str(said)}
    start = ["xvfb-run", "-a", qgis, "--nologo", "--noversioncheck", "--profiles-path", str(home / "config")]
    done = subprocess.run(
        [*start, "--code", str(code)], env=windows, capture_output=True, text=True, timeout=300, check=False
    )
    assert said.is_file(), done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return json.loads(said.read_text())


def test_the_plugin_manager_installs_starts_and_stops_it(new_user: NewUser) -> None:
    if not new_user.said:
        pytest.skip("no QGIS with windows, or no xvfb-run: the archive was unpacked into the profile instead")
    assert "error" not in new_user.said, new_user.said["error"]
    assert "aerialseg" in new_user.said["active"]
    assert {"segmentraster", "classpolygons", "trainmodel"} <= set(new_user.said["algorithms"])
    assert any("aerialseg" in text.replace("&", "") for text in new_user.said["menus"])
    assert not new_user.said["left"]


def test_what_is_installed_is_what_is_in_the_archive(new_user: NewUser, archive: Path) -> None:
    with zipfile.ZipFile(archive) as plugin:
        wanted = {name.partition("/")[2]: plugin.read(name) for name in plugin.namelist()}
    found = {p.relative_to(new_user.plugin).as_posix() for p in new_user.plugin.rglob("*") if p.is_file()}
    assert {name for name in found if "__pycache__" not in name} == set(wanted)
    assert all((new_user.plugin / name).read_bytes() == content for name, content in wanted.items())


def test_a_training_can_start_from_the_shipped_model(new_user: NewUser) -> None:
    command = [*qgis_process_command(), "help", "aerialseg:trainmodel"]
    done = subprocess.run(command, env=new_user.environment, capture_output=True, text=True, timeout=300, check=True)
    offered = done.stdout.partition("Start from a model\n")[2].partition("Continue an interrupted")[0]
    assert "mbrsc-lite0" in offered.partition("Available values:")[2], done.stdout


def test_a_first_map_without_windows(new_user: NewUser, scene: Path, tmp_path: Path) -> None:
    out = tmp_path / "Meine Karte"
    out.mkdir()
    given = {"INPUT": scene, "OUTPUT": out / "c.tif", "CONFIDENCE": out / "s.tif", "POLYGONS": out / "c.gpkg"}
    command = [*qgis_process_command(), "run", "aerialseg:segmentraster", *(f"--{k}={v}" for k, v in given.items())]
    done = subprocess.run(
        command, env=new_user.environment, capture_output=True, text=True, timeout=600, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert {path.name for path in out.iterdir()} >= {"c.tif", "s.tif", "c.gpkg"}
    from osgeo import gdal

    with_map, image = gdal.Open(str(out / "c.tif")), gdal.Open(str(scene))
    assert (with_map.RasterXSize, with_map.RasterYSize) == (image.RasterXSize, image.RasterYSize)
    assert with_map.GetRasterBand(1).ComputeRasterMinMax()[1] > 0
