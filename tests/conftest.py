"""What all tests share: where the real images are, and a header that says what is being tested with what."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

with suppress(ImportError):  # now, as a command line that is tested in this process leaves out what is not there yet
    import boto3  # noqa: F401

if TYPE_CHECKING:
    from bucketserver import Bucket

REPO = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("AERIALSEG_DATA") or REPO.parent / "shared" / "data")

os.environ["AERIALSEG_MODELS"] = str(REPO / "tests" / "no models")  # those that the user has added are not tested
os.environ["AERIALSEG_CACHE"] = "off"  # what earlier runs have kept is not tested; `test_cache` has a cache of its own


@pytest.fixture
def data_dir() -> Path:
    """Folder of the real images; use it in tests marked `realdata`."""
    return DATA


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """A function that mounts a disk of so many KiB, or gives the mounted one that size."""
    disk = tmp_path / "disk"
    disk.mkdir()

    def mount(size: int) -> Path:
        again = ["remount,"] if disk.is_mount() else [""]
        command = ["mount", "-t", "tmpfs", "-o", f"{again[0]}size={size}k", "tmpfs", str(disk)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
        return disk

    if os.name != "posix":
        pytest.skip("mounts a disk")
    yield mount
    if disk.is_mount():
        subprocess.run(["umount", str(disk)], check=True)


@pytest.fixture(scope="module")
def bucket_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    """A running object store with one bucket, where what serves one is installed."""
    from bucketserver import serve_bucket  # skips the test where it is not

    with serve_bucket(tmp_path_factory.mktemp("bucket") / "log") as running:
        yield running


@pytest.fixture
def bucket(bucket_server: Bucket, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """The bucket, empty, for which the environment has all variables; GDAL sends files in parts of 2 kB."""
    bucket_server.empty()
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in {**bucket_server.variables, "VSIS3_CHUNK_SIZE": "0.002"}.items():
        monkeypatch.setenv(name, value)
    return bucket_server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests on real images where there are none."""
    if DATA.is_dir():
        return
    absent = pytest.mark.skip(reason=f"the real images are not here ({DATA}; AERIALSEG_DATA names another folder)")
    for item in items:
        if item.get_closest_marker("realdata"):
            item.add_marker(absent)


def pytest_report_header() -> str:
    """Versions of what the results depend on."""
    packages = ("numpy", "rasterio", "onnxruntime", "openvino", "shapely", "keras")
    return f"Python {platform.python_version()} · " + " · ".join(f"{p} {_version(p)}" for p in packages)


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "–"
