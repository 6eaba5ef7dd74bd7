"""Training: from a folder of images and masks to a model bundle. Needs `pip install "aerialseg[train]"`.

May use: Keras and its back ends, OpenCV, Pillow; of the core everything but `evaluation` and `cli`. Only `cli` uses it.
Offers: `train`, `load_recipe`, `recipe_names`, `Recipe`, `TrainResult`.
"""

from __future__ import annotations

from ..errors import DependencyError

try:
    from ..metrics import Scores
    from .recipe import Recipe, load_recipe, recipe_names
    from .trainer import TrainResult, train
except ModuleNotFoundError as error:
    raise DependencyError(
        f"Training needs {error.name}, which is not installed.", 'Run `pip install "aerialseg[train]"`.'
    ) from error

__all__ = ["Recipe", "Scores", "TrainResult", "load_recipe", "recipe_names", "train"]
