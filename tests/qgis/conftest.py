"""A real QGIS without windows, and the plugin in a plugins folder as a user has it."""

from __future__ import annotations

import gc
import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from within import Run, command_of, core, feedback_class, load_layers, qgis_process_command

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

REPO = Path(__file__).resolve().parents[2]
HOW_TO_GET_QGIS = "QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"


def pytest_report_header() -> str:
    """Which QGIS is tested, if any."""
    try:
        from qgis.core import Qgis
    except ImportError:
        return f"QGIS –: {HOW_TO_GET_QGIS}"
    return f"QGIS {Qgis.version()}"


@pytest.fixture(scope="session")
def qgis_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """One QGIS application with an empty profile."""
    from qgis.core import QgsApplication
    from qgis.PyQt.QtCore import QSettings

    profile = tmp_path_factory.mktemp("profile")  # for settings too: the user's are none of the tests' business
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(profile))
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(profile))
    application = QgsApplication([], False, str(profile))
    application.initQgis()
    yield application
    gc.collect()  # what a failed run still holds must not outlive the application
    application.exitQgis()


@pytest.fixture
def plugins_dir(tmp_path: Path) -> Path:
    """A plugins folder that holds the repository under the name `aerialseg`."""
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "aerialseg").symlink_to(REPO, target_is_directory=True)
    return folder


@pytest.fixture
def plugin_package(plugins_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The plugin's package, imported as QGIS imports it, and forgotten afterwards."""
    monkeypatch.syspath_prepend(str(plugins_dir))
    yield importlib.import_module("aerialseg")
    for name in [n for n in sys.modules if n.split(".")[0] == "aerialseg"]:
        del sys.modules[name]


@pytest.fixture(scope="session")
def interpreter() -> Path:
    """A Python that has what the core needs: AERIALSEG_PYTHON, or the one that `make test` made."""
    named = os.environ.get("AERIALSEG_PYTHON") or REPO / ".venv" / "bin" / "python"
    found = shutil.which(str(named))
    if found is None:
        pytest.skip(f"{named} is no Python: nothing can be computed")
    return Path(found)


@pytest.fixture(scope="session")
def knowing(tmp_path_factory: pytest.TempPathFactory, interpreter: Path) -> Path:
    """The shipped model, with a card that tells of training images unlike any image of these tests."""
    path = tmp_path_factory.mktemp("model") / "knowing.onnx"
    shutil.copy(REPO / "models" / "mbrsc-lite0.onnx", path)
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]); from support import known_ground; "
        "from aerialseg_core.model.bundle import update_bundle; update_bundle(Path(sys.argv[2]), known=known_ground())"
    )
    subprocess.run([str(interpreter), "-c", code, str(REPO / "tests"), str(path)], check=True)
    return path


@pytest.fixture
def plugin(
    qgis_app: object, plugin_package: ModuleType, interpreter: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """The plugin, loaded as in qgis_process, with a real environment."""
    monkeypatch.setenv("AERIALSEG_PYTHON", str(interpreter))
    plugin = plugin_package.classFactory(None)
    plugin.initProcessing()
    yield plugin
    plugin.unload()


@pytest.fixture
def project(qgis_app: object) -> Iterator[Any]:
    """The project of QGIS, empty before and after."""
    from qgis.core import QgsProject

    project = QgsProject.instance()
    project.clear()
    yield project
    project.clear()


@pytest.fixture
def iface(qgis_app: object) -> Iterator[Any]:
    """A stand-in for QGIS's window, with a map and a message bar."""
    from interface import FakeInterface
    from qgis.PyQt import sip

    iface = FakeInterface()
    yield iface
    sip.delete(iface.window)  # a canvas must not outlive the application


@pytest.fixture
def windows(plugin: Any, project: Any, iface: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """What opens the dock, and plans as soon as the choices have changed; the project is empty."""
    from aerialseg.plugin.gui import planner
    from aerialseg.plugin.gui.windows import PluginWindows
    from interface import tasks_are_over, until

    monkeypatch.setattr(planner, "_PAUSE", 20)
    windows = PluginWindows(iface)
    yield windows
    windows.close()
    until(tasks_are_over)


@pytest.fixture
def run(plugin: Any, project: Any) -> Callable[..., Run]:
    """Run an algorithm as the toolbox does, and load its layers as the toolbox does.

    Its arguments: name of the algorithm, its parameters, and a feedback (see `feedback_class`) if a special one.
    """
    from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingOutputLayerDefinition

    def run_algorithm(name: str, parameters: dict[str, Any], feedback: Any = None) -> Run:
        algorithm = QgsApplication.processingRegistry().algorithmById(f"aerialseg:{name}")
        feedback = feedback or feedback_class()()
        context = QgsProcessingContext()
        context.setProject(project)
        context.setFeedback(feedback)
        given = dict(parameters)
        for definition in algorithm.destinationParameterDefinitions():
            if isinstance(given.get(definition.name()), (str, Path)) and "layer" not in definition.type().lower():
                given[definition.name()] = str(given[definition.name()])
            if definition.type() in ("rasterDestination", "vectorDestination") and given.get(definition.name()):
                given[definition.name()] = QgsProcessingOutputLayerDefinition(str(given[definition.name()]), project)
        good, why = algorithm.checkParameterValues(given, context)
        if not good:
            return Run(False, {}, why, {})
        results, ok = algorithm.run(given, context, feedback)
        return Run(ok, results, "\n".join(feedback.lines), load_layers(context, feedback, project) if ok else {})

    return run_algorithm


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory, interpreter: Path) -> Path:
    """The scene of `aerialseg sample`, under a path with spaces and letters beyond ASCII, made 1000 × 1000 px of 0.25 m
    and put where the polygons of the tests lie."""
    from osgeo import gdal

    folder = tmp_path_factory.mktemp("bilder") / "Müller & Söhne 東京"
    folder.mkdir()
    path = folder / "mein bild.tif"
    core([*command_of(interpreter), "sample", str(folder.parent / "dubai.tif")])
    place = {"outputSRS": "EPSG:28992", "outputBounds": [155_000, 463_250, 155_250, 463_000]}
    gdal.Translate(str(path), str(folder.parent / "dubai.tif"), width=1000, height=1000, **place)
    return path


@pytest.fixture(scope="session")
def large_scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scene that keeps a worker busy for minutes: 6000 × 6000 px of 1 m."""
    from osgeo import gdal, osr

    path = tmp_path_factory.mktemp("large") / "large.tif"
    options = ["TILED=YES", "COMPRESS=DEFLATE", "SPARSE_OK=TRUE"]
    raster = gdal.GetDriverByName("GTiff").Create(str(path), 6000, 6000, 3, gdal.GDT_Byte, options)
    system = osr.SpatialReference()
    system.ImportFromEPSG(28992)
    raster.SetProjection(system.ExportToWkt())
    raster.SetGeoTransform((155000, 1, 0, 463000, 0, -1))
    for band in (1, 2, 3):
        raster.GetRasterBand(band).Fill(40 * band)
    raster = None
    return path


@pytest.fixture
def review(tmp_path: Path, interpreter: Path) -> Path:
    """A review of four squares, as the core makes it."""
    code = (
        "import sys; sys.path.insert(0, 'tests'); from pathlib import Path; from review.maps import make_map;"
        " from aerialseg_core import suggest; made = make_map(Path(sys.argv[1]));"
        " suggest(made.classes, sys.argv[1] + '/review.gpkg', confidence=made.confidence, side=20, count=4)"
    )
    subprocess.run([str(interpreter), "-c", code, str(tmp_path)], cwd=REPO, check=True)
    return tmp_path / "review.gpkg"


def headless_variables(home: Path, plugins: Path) -> dict[str, str]:
    """The environment variables of a user without windows.

    Args:
        home: The user's folder, with the profile.
        plugins: Folder of plugins.
    """
    return {
        **os.environ,
        "HOME": str(home),
        "QGIS_CUSTOM_CONFIG_PATH": str(home / "config"),
        "QGIS_PLUGINPATH": str(plugins),
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(home),
    }


@pytest.fixture(scope="session")
def enabled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a user whose fresh profile has the plugin enabled; to be copied."""
    folder = tmp_path_factory.mktemp("user")
    (folder / "home").mkdir(mode=0o700)
    (folder / "plugins").mkdir()
    (folder / "plugins" / "aerialseg").symlink_to(REPO, target_is_directory=True)
    environment = headless_variables(folder / "home", folder / "plugins")
    enable = [*qgis_process_command(), "plugins", "enable", "aerialseg"]
    subprocess.run(enable, env=environment, capture_output=True, timeout=300, check=True)
    return folder / "home"


@pytest.fixture
def headless(tmp_path: Path, plugins_dir: Path, interpreter: Path, enabled_home: Path) -> dict[str, str]:
    """The environment variables of a user without windows whose fresh profile has the plugin enabled."""
    home = shutil.copytree(enabled_home, tmp_path / "home")
    return {**headless_variables(home, plugins_dir), "AERIALSEG_PYTHON": str(interpreter)}
