"""aerialseg: land-cover maps from aerial and satellite images of any size.

Public functions, imported on first use so that `import aerialseg_core` stays cheap:

- `segment`: one scene to a class raster (and confidence raster, and class polygons).
- `describe_plan`: what `segment` would do, without doing it.
- `batch`: a folder of scenes.
- `polygonize`: a class raster to class polygons (its former name `polygons` is deprecated).
- `audit`: what is wrong with labelled images, and what a split must keep together.
- `patches`: labelled images to patches of images and masks.
- `train`: images and masks to a model.
- `evaluate`: a model on labelled images to a report.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_FUNCTIONS = {
    "segment": "segmentation.segment",
    "describe_plan": "segmentation.segment",
    "batch": "segmentation.batch",
    "polygonize": "polygons.polygonize",
    "audit": "auditing.audit",
    "patches": "datasets.patch_files",
    "train": "training",
    "evaluate": "evaluation.evaluate",
}

__all__ = ["__version__", "audit", "batch", "describe_plan", "evaluate", "patches", "polygonize", "segment", "train"]  # noqa: F822 - resolved by __getattr__


def __getattr__(name: str) -> Any:
    """Import a public function on first use.

    Raises:
        AttributeError: The package has no such function.
        DependencyError: PROJ is led to the data of another program.
    """
    if name == "polygons":  # the former name of `polygonize`, and the package, which can be called
        return import_module(".polygons", __name__)
    if name not in _FUNCTIONS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import_module(".raster.proj_data", __name__).require_projections()
    return getattr(import_module(f".{_FUNCTIONS[name]}", __name__), name)
