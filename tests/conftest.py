"""What all tests share: where the real images are, and a header that says what is being tested with what."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("AERIALSEG_DATA") or REPO.parent / "shared" / "data")


@pytest.fixture
def data_dir() -> Path:
    """Folder of the real images; use it in tests marked `realdata`."""
    return DATA


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
