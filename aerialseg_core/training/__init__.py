"""Training: from a folder of images and masks to a model bundle. Needs `pip install "aerialseg[train]"`.

May use: Keras and its back ends, OpenCV, Pillow; of the core everything but `evaluation` and `cli`. Only `cli` uses it.
Offers: `train`, `load_recipe`, `recipe_names`, `Recipe`, `TrainResult`, `Accuracy`.
"""

from __future__ import annotations

import warnings

from ..errors import DependencyError
from ..metrics import Accuracy

try:
    from .recipe import Recipe, load_recipe, recipe_names
    from .trainer import TrainResult, train
except ModuleNotFoundError as error:
    raise DependencyError(
        "needs-training-package",
        "Training needs {package}, which is not installed.",
        'Run `pip install "aerialseg[train]"`.',
        package=error.name,
    ) from error

__all__ = ["Accuracy", "Recipe", "TrainResult", "load_recipe", "recipe_names", "train"]


def __getattr__(name: str) -> type[Accuracy]:
    """Give `Accuracy` by its former name."""
    if name != "Scores":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    warnings.warn("training.Scores is deprecated: it is metrics.Accuracy now.", DeprecationWarning, stacklevel=2)
    return Accuracy
