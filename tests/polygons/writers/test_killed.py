"""Formats and kill -9: the final name is absent, or the whole old file, or the whole new one."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine

from aerialseg_core.errors import OutputError
from aerialseg_core.polygons.polygonize import polygonize

REPO = Path(__file__).resolve().parents[3]

KILLED = """
import json, os, signal, sys
from pathlib import Path
import pyogrio.raw, shapely
from aerialseg_core.polygons.polygonize import polygonize
from aerialseg_core.polygons.writers import formats, ogr

source, suffix, overwrite, points = sys.argv[1], sys.argv[2], sys.argv[3] == "True", json.loads(sys.argv[4])
ogr.CHUNK_POINTS = 1  # every chunk is written at once
writer = formats._WRITERS[suffix]
owners = {"write": writer, "finish": writer, "replace": os, "link": os, "unlink": Path}

def kill_at(when, name, number):
    if name == "replace" and not overwrite:
        name = "link"  # which, unlike a rename, never takes the place of a file
    owner, calls = owners[name], []
    real = getattr(owner, name)

    def killer(*args, **named):
        calls.append(name)
        if when == "before" and len(calls) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*args, **named)
        if when == "after" and len(calls) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, killer)

for folder, (when, name, number) in points.items():
    child = os.fork()
    if not child:
        kill_at(when, name, number)
        polygonize(source, Path(folder) / f"p{suffix}", overwrite=overwrite)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
"""Runs the same command once for each point, in a process of its own that kills itself there."""

ANYWHERE = [
    ("before", "write", 1),
    ("after", "write", 1),
    ("after", "write", 4),
    ("before", "finish", 1),
    ("after", "finish", 1),
    ("before", "replace", 1),
    ("after", "replace", 1),
]
SIDE_FILES = [("after", "unlink", n) for n in range(2, 11)] + [("after", "replace", n) for n in range(2, 6)]
"""Between any two files of a Shapefile; the first file that is removed is the probe of the folder."""


def class_raster(path, crs, seed):
    pixels = np.random.default_rng(seed).integers(0, 4, (60, 60), np.uint8).repeat(10, axis=0).repeat(10, axis=1)
    profile = {"driver": "GTiff", "width": 600, "height": 600, "count": 1, "dtype": "uint8", "crs": crs}
    with rasterio.open(path, "w", transform=Affine(0.5, 0, 1e5, 0, -0.5, 4e5), **profile) as dataset:
        dataset.write(pixels, 1)
    return path


def read(path):
    if path.suffix == ".parquet":
        return geopandas.read_parquet(path)
    return pyogrio.read_dataframe(path, layer="classes" if path.suffix == ".gpkg" else None)


def content(path):
    """All that a file says, in an order that does not matter; None if there is no such file."""
    if not path.exists():
        return None
    frame = read(path)
    wkb = shapely.to_wkb(shapely.normalize(frame.geometry.values)).tolist()
    attributes = frame.drop(columns="geometry")
    return frame.crs.to_epsg(), sorted(zip(wkb, *(attributes[name] for name in attributes), strict=True))


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows knows no kill -9")
@pytest.mark.parametrize("before", [False, True], ids=["nothing before", "an older output"])
@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".parquet", ".fgb", ".shp"])
def test_the_final_name_is_absent_or_whole(tmp_path, suffix, before):
    if suffix in {".parquet", ".fgb"}:
        pytest.importorskip("pyarrow")
    source = class_raster(tmp_path / "new.tif", "EPSG:28992", 1)
    older, newer = tmp_path / "old" / f"p{suffix}", tmp_path / "new" / f"p{suffix}"
    for path in (older, newer):
        path.parent.mkdir()
    polygonize(source, newer)
    if before:
        polygonize(class_raster(tmp_path / "old.tif", "EPSG:32631", 2), older)
    old, new = content(older), content(newer)

    points = ANYWHERE + (SIDE_FILES if suffix == ".shp" else [])
    folders = {str(shutil.copytree(older.parent, tmp_path / str(i))): point for i, point in enumerate(points)}
    command = [sys.executable, "-c", KILLED, source, suffix, str(before), json.dumps(folders)]
    run = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False)
    assert run.stdout.split() == [str(-signal.SIGKILL)] * len(points), run.stderr

    found = {point: content(Path(folder) / f"p{suffix}") for folder, point in folders.items()}
    allowed = [old, new, None] if suffix == ".shp" else [old, new]
    assert [point for point in points if found[point] not in allowed] == []
    assert found["before", "replace", 1] == (None if suffix == ".shp" else old)
    assert found["after", "replace", 5 if suffix == ".shp" else 1] == new
    for folder, point in folders.items():
        again(source, Path(folder) / f"p{suffix}", before, found[point])
        assert content(Path(folder) / f"p{suffix}") == new, point


def again(source, path, overwrite, found):
    """The same command once more."""
    if found is None or overwrite:
        polygonize(source, path, overwrite=overwrite)
    else:
        with pytest.raises(OutputError, match="exists already"):
            polygonize(source, path)
