"""How users call the public functions, for mypy alone (`make lint`): it is never run.

A line with `type: ignore` is one that must be an error: mypy complains when it is none.
"""

from __future__ import annotations

from pathlib import Path

import aerialseg_core
from aerialseg_core import (
    Audit,
    EvaluationResult,
    PolygonsResult,
    Reporter,
    SceneStatus,
    SegmentOptions,
    SegmentResult,
    TrainResult,
)


def segment_a_scene() -> SegmentResult:
    return aerialseg_core.segment("ortho.tif", Path("classes.tif"), tta=8, overlap=0.5, range=(0, 3000), gsd="source")


def describe_it() -> list[str]:
    return aerialseg_core.describe_plan("ortho.tif", reporter=Reporter(), extent=(0, 0, 10, 10), out_gsd=0.5)


def segment_a_folder() -> list[SceneStatus]:
    options: SegmentOptions = {"blend": "crop", "square": ("Building",), "bands": (4, 3, 2)}
    return aerialseg_core.batch("photos", "maps", pattern=["*.tif", "*.jp2"], **options)


def polygonize_to_a_file() -> PolygonsResult:
    return aerialseg_core.polygonize("classes.tif", "classes.gpkg", min_area=4, square=["Building"], connectivity=8)


def polygonize_in_memory() -> int:
    return len(aerialseg_core.polygonize(Path("classes.tif"), simplify=0.5, class_ids=(1, "Water")))


def make_a_model() -> tuple[Audit, TrainResult, EvaluationResult]:
    return (
        aerialseg_core.audit("data", "audit"),
        aerialseg_core.train("data", "model.onnx", recipe="lite0", resume=True),
        aerialseg_core.evaluate("model.onnx", "data", "report", tta=4, blend="none"),
    )


def make_mistakes() -> None:
    aerialseg_core.segment("ortho.tif", "classes.tif", overlaps=0.5)  # type: ignore[call-arg]
    aerialseg_core.segment("ortho.tif", "classes.tif", overlap="half")  # type: ignore[arg-type]
    aerialseg_core.segment("ortho.tif", "classes.tif", blend="splines")  # type: ignore[arg-type]
    aerialseg_core.batch("photos", "maps", tta=3)  # type: ignore[arg-type]
    aerialseg_core.segments("ortho.tif")  # type: ignore[attr-defined]
    aerialseg_core.polygonize("classes.tif", "classes.gpkg", connectivity=6)  # type: ignore[call-overload]
    aerialseg_core.evaluate("model.onnx", "data", "report", mask="areas.gpkg")  # type: ignore[call-arg]
    aerialseg_core.audit("data", report="audit")  # type: ignore[call-arg]
    aerialseg_core.train("data", "model.onnx", epochs=3)  # type: ignore[call-arg]
