"""aerialseg: land-cover maps from aerial and satellite images of any size.

Public functions, imported on first use so that `import aerialseg_core` stays cheap:

- `segment`: one scene to a class raster (and confidence raster, and class polygons).
- `describe_plan`: what `segment` would do, without doing it.
- `batch`: a folder of scenes.
- `write_stac_collection`: a folder of results to a STAC collection with an item for each class raster.
- `polygonize`: a class raster to class polygons (its former name `polygons` is deprecated).
- `audit`: what is wrong with labelled images, and what a split must keep together.
- `patches`: labelled images to patches of images and masks.
- `train`: images and masks to a model.
- `evaluate`: a model on labelled images to a report.
- `suggest`: squares of a map that are worth looking at, to be corrected.
- `retrain`: a model and the corrected squares to a better model.
- `sample_points`: points in a class raster to be labelled.
- `estimate_areas`: labelled points to areas and accuracies, with intervals.

With them go what they take (`SegmentConfig`, `PolygonConfig`: the meaning of every option; `Reporter`: progress and
cancellation), what they return, and the root of what they raise, `AerialSegError`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # for editors and type checkers; when the program runs, `__getattr__` imports them
    from .auditing.audit import Audit, audit
    from .config import (
        AreaConfig,
        AreaOptions,
        PolygonConfig,
        PolygonOptions,
        SampleConfig,
        SampleOptions,
        SegmentConfig,
        SegmentOptions,
    )
    from .datasets.patch_files import PatchSet, patches
    from .errors import AerialSegError, Cancelled
    from .estimation.areas import AreasResult, estimate_areas
    from .estimation.sample_points import SampleResult, sample_points
    from .evaluation.evaluate import EvaluateOptions, EvaluationResult, evaluate
    from .polygons.polygonize import PolygonsResult, polygonize
    from .progress import Reporter
    from .review.suggest import SuggestConfig, Suggestion, SuggestOptions, suggest
    from .segmentation.batch import batch
    from .segmentation.catalogue import SceneStatus
    from .segmentation.segment import SegmentResult, describe_plan, segment
    from .segmentation.stac import write_stac_collection
    from .training import Recipe, TrainResult, train
    from .training.retrain import RetrainConfig, RetrainOptions, RetrainResult, retrain

__version__ = "0.1.0"

__all__ = [
    "AerialSegError",
    "AreaConfig",
    "AreaOptions",
    "AreasResult",
    "Audit",
    "Cancelled",
    "EvaluateOptions",
    "EvaluationResult",
    "PatchSet",
    "PolygonConfig",
    "PolygonOptions",
    "PolygonsResult",
    "Recipe",
    "Reporter",
    "RetrainConfig",
    "RetrainOptions",
    "RetrainResult",
    "SampleConfig",
    "SampleOptions",
    "SampleResult",
    "SceneStatus",
    "SegmentConfig",
    "SegmentOptions",
    "SegmentResult",
    "SuggestConfig",
    "SuggestOptions",
    "Suggestion",
    "TrainResult",
    "__version__",
    "audit",
    "batch",
    "describe_plan",
    "estimate_areas",
    "evaluate",
    "patches",
    "polygonize",
    "retrain",
    "sample_points",
    "segment",
    "suggest",
    "train",
    "write_stac_collection",
]

_MODULES = {
    "AerialSegError": "errors",
    "AreaConfig": "config",
    "AreaOptions": "config",
    "AreasResult": "estimation.areas",
    "Audit": "auditing.audit",
    "Cancelled": "errors",
    "EvaluateOptions": "evaluation.evaluate",
    "EvaluationResult": "evaluation.evaluate",
    "PatchSet": "datasets.patch_files",
    "PolygonConfig": "config",
    "PolygonOptions": "config",
    "PolygonsResult": "polygons.polygonize",
    "Recipe": "training",
    "RetrainConfig": "training.retrain",
    "RetrainOptions": "training.retrain",
    "RetrainResult": "training.retrain",
    "retrain": "training.retrain",
    "Reporter": "progress",
    "SampleConfig": "config",
    "SampleOptions": "config",
    "SampleResult": "estimation.sample_points",
    "SceneStatus": "segmentation.catalogue",
    "SegmentConfig": "config",
    "SegmentOptions": "config",
    "SegmentResult": "segmentation.segment",
    "SuggestConfig": "review.suggest",
    "SuggestOptions": "review.suggest",
    "Suggestion": "review.suggest",
    "TrainResult": "training",
    "audit": "auditing.audit",
    "batch": "segmentation.batch",
    "describe_plan": "segmentation.segment",
    "estimate_areas": "estimation.areas",
    "evaluate": "evaluation.evaluate",
    "patches": "datasets.patch_files",
    "polygonize": "polygons.polygonize",
    "sample_points": "estimation.sample_points",
    "segment": "segmentation.segment",
    "suggest": "review.suggest",
    "train": "training",
    "write_stac_collection": "segmentation.stac",
}

_LIGHT = frozenset({"config", "errors", "progress"})
"""Modules that read no raster."""

if not TYPE_CHECKING:  # with a `__getattr__`, any name would be one to a type checker

    def __getattr__(name: str) -> object:
        """Import a public name on first use.

        Raises:
            AttributeError: The package has no such name.
            DependencyError: PROJ is led to the data of another program.
        """
        if name == "polygons":  # the former name of `polygonize`, and the package, which can be called
            return import_module(".polygons", __name__)
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if _MODULES[name] not in _LIGHT:
            import_module(".raster.proj_data", __name__).require_projections()
        return getattr(import_module(f".{_MODULES[name]}", __name__), name)

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
