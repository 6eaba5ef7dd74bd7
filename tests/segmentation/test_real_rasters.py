"""Real rasters with awkward properties: outputs on their own grid, or one sentence and nothing left behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rio_cogeo.cogeo import cog_validate
from support import REPO, contents, save_model

from aerialseg_core import segment

pytestmark = pytest.mark.realdata

GOOD: dict[str, Any] = {
    "colorado_0.15m_nodata.tif": {},
    "drone_rgba_0.35m_alpha.tif": {},
    "rgb_epsg4326_geographic.tif": {"gsd": "source"},
    "rgba_uint16_1.4m.tif": {"gsd": "source"},
    "tiny_51px.tif": {"gsd": "source"},
    "urban_rgb_0.25m_epsg28992.tif": {},
    "naip_rgbn_5m_nodata0.tif": {"gsd": "source"},
}
BAD = {"corrupt.tif": 3, "naip_rgbn_5m_nodata0.tif": 4}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return save_model(tmp_path / "tiny.onnx", patch=64, gsd=0.3, gsd_range=(0.25, 0.35)).path


@pytest.mark.parametrize("name", GOOD)
def test_a_real_raster_is_segmented_on_its_own_grid(data_dir: Path, tmp_path: Path, model: Path, name: str) -> None:
    scene = data_dir / "rasters" / name
    segment(scene, tmp_path / "classes.tif", confidence=tmp_path / "sure.tif", model=str(model), **GOOD[name])
    with rasterio.open(scene) as before, rasterio.open(tmp_path / "classes.tif") as after:
        assert (after.crs, after.shape) == (before.crs, before.shape)
        assert after.transform.almost_equals(before.transform, 1e-12)
        data = before.dataset_mask() > 0
        classes = after.read(1)
    assert np.array_equal(classes > 0, data)
    assert classes.max() <= 4
    with rasterio.open(tmp_path / "sure.tif") as sure:
        assert np.array_equal(sure.read(1) == 255, ~data)
    assert cog_validate(tmp_path / "classes.tif", quiet=True)[0]
    assert contents(tmp_path) == {"tiny.onnx", "classes.tif", "classes.tif.aux.xml", "sure.tif"}


@pytest.mark.parametrize("name", BAD)
def test_a_real_raster_that_does_not_fit_gets_one_sentence(
    data_dir: Path, tmp_path: Path, model: Path, name: str
) -> None:
    command = [sys.executable, "-m", "aerialseg_core", "segment", data_dir / "rasters" / name, "--model", model]
    command += ["-o", tmp_path / "classes.tif", "--confidence", tmp_path / "sure.tif", "--progress", "none"]
    done = subprocess.run(list(map(str, command)), cwd=REPO, capture_output=True, text=True, timeout=120)
    assert done.returncode == BAD[name]
    assert len([line for line in done.stderr.splitlines() if line.startswith("Error: ")]) == 1
    assert "Traceback" not in done.stderr
    assert contents(tmp_path) == {"tiny.onnx"}


def test_every_real_raster_is_tested(data_dir: Path) -> None:
    assert {path.name for path in (data_dir / "rasters").glob("*.tif")} == {*GOOD, *BAD}
