"""What the core refuses is one sentence with its remedy in QGIS too, and the options that remedies name are there."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from within import REPO, Run

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = pytest.mark.qgis

RunAlgorithm = Callable[..., Run]

RASTERS = """
import sys, numpy as np, rasterio
from affine import Affine
def save(name, pixels, **profile):
    rows, cols = pixels.shape[-2:]
    with rasterio.open(name, "w", driver="GTiff", width=cols, height=rows, count=len(pixels), dtype=pixels.dtype,
                       crs="EPSG:28992", transform=Affine(0.25, 0, 155000, 0, -0.25, 463000), **profile) as out:
        out.write(pixels)
noise = np.random.default_rng(0).integers(1, 255, (3, 300, 300)).astype("uint8")
noise[:, :, :40] = 0
save("collar.tif", noise)
save("HIGH.TIF", noise.astype("uint16") * 10 + 1)
save("low.tiff", noise.astype("uint16") + 1)
save("two.tif", noise[:2])
classes = np.zeros((1, 300, 300), "uint8")
classes[:, :, 100:] = 7
save("classes.tif", classes)
open("broken.onnx", "w").write("no network")
"""


@pytest.fixture(scope="session")
def rasters(interpreter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Images with a collar, of other depths, of two bands, and a class raster that counts from 0."""
    folder = tmp_path_factory.mktemp("rasters")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    subprocess.run([str(interpreter), "-I", "-c", RASTERS], cwd=folder, env=environment, check=True)
    return folder


REFUSALS: dict[str, tuple[str, dict[str, Any], str]] = {
    "no number": ("collar.tif", {"NODATA": "black"}, "“No-data value” takes a number, not “black”"),
    "no such pixel": ("collar.tif", {"NODATA": "0.5"}, "No pixel of"),
    "no range": ("HIGH.TIF", {"RANGE": "low,high"}, "“low,high” in “Range of values” is no list of numbers"),
    "two bands": ("two.tif", {}, "two.tif"),
    "empty range": ("collar.tif", {"RANGE": "9,3"}, "9 to 3 in “Range of values” is empty: the low value comes first"),
    "no model": ("collar.tif", {"MODEL_FILE": "broken.onnx"}, "broken.onnx"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_a_sentence(run: RunAlgorithm, rasters: Path, tmp_path: Path, name: str) -> None:
    image, parameters, text = REFUSALS[name]
    files = {key: str(rasters / value) for key, value in parameters.items() if key == "MODEL_FILE"}
    output = tmp_path / "classes.tif"
    done = run("segmentraster", {"INPUT": str(rasters / image), "OUTPUT": output, **parameters, **files})
    assert not done.ok
    assert text in done.log
    assert "Traceback" not in done.log
    assert "Unforeseen" not in done.log
    assert list(tmp_path.glob("classes*")) == []


def test_who_writes_the_output_is_said(run: RunAlgorithm, rasters: Path, interpreter: Path, tmp_path: Path) -> None:
    output = tmp_path / "classes.tif"
    holder = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path\n"
        "from aerialseg_core.files.outputs import lock_outputs\n"
        "with lock_outputs('segment', Path(sys.argv[2])):\n    print('held', flush=True); sys.stdin.read()"
    )
    command = [str(interpreter), "-I", "-c", holder, str(REPO), str(output)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "held"
        done = run("segmentraster", {"INPUT": str(rasters / "collar.tif"), "OUTPUT": output})
        process.communicate()
    assert not done.ok
    assert str(process.pid) in done.log
    assert "Traceback" not in done.log
    assert not output.exists()


def test_a_value_for_no_data_leaves_out_the_collar(run: RunAlgorithm, rasters: Path, tmp_path: Path) -> None:
    done = run("segmentraster", {"INPUT": str(rasters / "collar.tif"), "NODATA": "0", "OUTPUT": tmp_path / "c.tif"})
    assert done.ok, done.log
    whole, left_out = 300 * 300 / 16, 300 * 40 / 16  # m²
    assert sum(json.loads(done.results["AREAS"]).values()) == pytest.approx(whole - left_out, rel=0.002)


def test_a_folder_takes_several_patterns_in_any_case_and_one_range_or_each_its_own(
    run: RunAlgorithm, rasters: Path, tmp_path: Path
) -> None:
    given = {"INPUT": str(rasters), "PATTERN": "high.tif,low.*"}
    for name, value in (("one", "auto"), ("each", "per-raster")):
        done = run("segmentfolder", {**given, "RANGE": value, "OUTPUT": str(tmp_path / name)})
        assert done.ok, done.log
        assert done.results["DONE"] == 2
    one, each = ((tmp_path / name / "low_classes.tif").read_bytes() for name in ("one", "each"))
    assert one != each


def test_zero_is_a_class_where_one_says_so(run: RunAlgorithm, rasters: Path, tmp_path: Path) -> None:
    counts = {}
    for value in ("0", "none"):
        target = tmp_path / f"{value}.gpkg"
        done = run("classpolygons", {"INPUT": str(rasters / "classes.tif"), "NODATA": value, "OUTPUT": target})
        assert done.ok, done.log
        counts[value] = done.results["COUNT"]
    assert counts == {"0": 1, "none": 2}
