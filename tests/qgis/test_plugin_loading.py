"""The plugin loads, shows its provider, and goes without a trace."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [pytest.mark.qgis, pytest.mark.usefixtures("qgis_app")]

IDS = (
    "auditdata",
    "classpolygons",
    "diagnose",
    "estimateareas",
    "evaluatemodel",
    "exporttrainingdata",
    "retrainmodel",
    "samplepoints",
    "segmentfolder",
    "segmentraster",
    "setupenvironment",
    "suggestsquares",
    "trainmodel",
)
"""Stable for ever: scripts, models and histories of users name them."""

FOREIGN = ("aerialseg_core", "numpy", "rasterio", "onnxruntime")


def registered(provider_id: str = "aerialseg"):
    """The registered provider of this id, or None."""
    from qgis.core import QgsApplication

    return QgsApplication.processingRegistry().providerById(provider_id)


def test_provider_is_there_while_loaded_and_gone_afterwards_also_the_second_time(plugin_package: ModuleType) -> None:
    for _ in range(2):
        plugin = plugin_package.classFactory(None)
        assert registered() is None
        plugin.initGui()
        assert registered().name() == "aerialseg"
        plugin.unload()
        assert registered() is None


def test_the_same_plugin_object_can_be_loaded_again(plugin_package: ModuleType) -> None:
    plugin = plugin_package.classFactory(None)
    for _ in range(2):
        plugin.initProcessing()
        plugin.initGui()  # the windows come after Processing: still one provider
        assert registered() is not None
        plugin.unload()
        assert registered() is None


def test_unload_without_load_and_twice_is_harmless(plugin_package: ModuleType) -> None:
    plugin = plugin_package.classFactory(None)
    plugin.unload()
    plugin.initGui()
    plugin.unload()
    plugin.unload()
    assert registered() is None


def test_unload_after_qgis_took_the_provider_away(plugin_package: ModuleType) -> None:
    from qgis.core import QgsApplication

    plugin = plugin_package.classFactory(None)
    plugin.initGui()
    QgsApplication.processingRegistry().removeProvider("aerialseg")
    plugin.unload()
    assert registered() is None


def test_provider_names_version_and_icon_come_from_the_metadata(plugin_package: ModuleType) -> None:
    plugin = plugin_package.classFactory(None)
    plugin.initGui()
    try:
        provider = registered()
        metadata = (Path(plugin_package.__file__).parent / "metadata.txt").read_text(encoding="utf-8")
        assert f"version={provider.versionInfo()}\n" in metadata
        assert provider.versionInfo() in provider.longName()
        assert not provider.icon().isNull()
        assert provider.icon().pixmap(24, 24).toImage().pixelColor(12, 12).alpha() == 255
        provider.refreshAlgorithms()
        assert sorted(algorithm.name() for algorithm in provider.algorithms()) == sorted(IDS)
    finally:
        plugin.unload()


def test_loading_imports_neither_the_core_nor_its_libraries(plugins_dir: Path) -> None:
    code = (
        "import sys; from qgis.core import QgsApplication\n"
        "app = QgsApplication([], False); app.initQgis(); before = set(sys.modules)\n"
        "import aerialseg; plugin = aerialseg.classFactory(None); plugin.initGui(); plugin.unload()\n"
        f"print(sorted(m for m in set(sys.modules) - before if m.split('.')[0] in {FOREIGN!r} or '_core.' in m))"
    )
    environment = {**os.environ, "PYTHONPATH": str(plugins_dir), "QT_QPA_PLATFORM": "offscreen"}
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip().splitlines()[-1] == "[]"


def test_qgis_process_lists_the_provider_when_the_plugin_is_enabled(plugins_dir: Path, tmp_path: Path) -> None:
    # Debian's wrapper adds an option of the windowed QGIS that qgis_process does not know: the binary comes first.
    qgis_process = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    if qgis_process is None:
        pytest.skip("qgis_process is not installed; the Debian package `qgis` has it")
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    environment = {
        **os.environ,
        "HOME": str(home),
        "QGIS_CUSTOM_CONFIG_PATH": str(home / "config"),
        "QGIS_PLUGINPATH": str(plugins_dir),
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(home),
    }

    def say(*arguments: str) -> list[str]:
        run = subprocess.run(
            [qgis_process, *arguments], env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert run.returncode == 0, run.stderr
        assert "Traceback" not in run.stderr
        return run.stdout.splitlines()

    assert "  aerialseg" in say("plugins")  # seen, not loaded
    assert "aerialseg" not in say("list")
    say("plugins", "enable", "aerialseg")
    assert "* aerialseg" in say("plugins")
    assert "aerialseg" in say("list")  # the heading of the provider
