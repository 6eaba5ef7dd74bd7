"""How users call the public functions, for mypy alone (`make lint`): it is never run.

A line with `type: ignore` is one that must be an error: mypy complains when it is none.
"""

from __future__ import annotations

from pathlib import Path

import aerialseg_core
from aerialseg_core import Reporter, SceneStatus, SegmentOptions, SegmentResult


def segment_a_scene() -> SegmentResult:
    return aerialseg_core.segment("ortho.tif", Path("classes.tif"), tta=8, overlap=0.5, range=(0, 3000), gsd="source")


def describe_it() -> list[str]:
    return aerialseg_core.describe_plan("ortho.tif", reporter=Reporter(), extent=(0, 0, 10, 10), out_gsd=0.5)


def segment_a_folder() -> list[SceneStatus]:
    options: SegmentOptions = {"blend": "crop", "square": ("Building",), "bands": (4, 3, 2)}
    return aerialseg_core.batch("photos", "maps", pattern=["*.tif", "*.jp2"], **options)


def make_mistakes() -> None:
    aerialseg_core.segment("ortho.tif", "classes.tif", overlaps=0.5)  # type: ignore[call-arg]
    aerialseg_core.segment("ortho.tif", "classes.tif", overlap="half")  # type: ignore[arg-type]
    aerialseg_core.segment("ortho.tif", "classes.tif", blend="splines")  # type: ignore[arg-type]
    aerialseg_core.batch("photos", "maps", tta=3)  # type: ignore[arg-type]
    aerialseg_core.segments("ortho.tif")  # type: ignore[attr-defined]
