"""The networks that can be trained: one module of this package each, found by its name.

A network module has `SCALING`, the `Scaling` that its first layer expects, and
`build(bands, classes, **options) -> keras.Model`: from `(batch, rows, cols, bands)` float32 to
`(batch, rows, cols, classes)` float32 softmax, for any rows and cols that are multiples of 32, from built-in Keras
layers alone. A new network is a new file here; nothing else changes: its name is that of the file, its options are the
keyword arguments of `build`, which a recipe gives as `[network] options`. Options that do not fit raise
`ParameterError` or `TypeError`. The layer of the scores has `dtype="float32"`, for mixed precision.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Any

import keras

from ...errors import ParameterError
from .scaling import Scaling

_HELPERS = frozenset({"scaling", "encoder_weights"})


def names() -> tuple[str, ...]:
    """Names of the networks, sorted."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name not in _HELPERS))


def _module(name: str) -> ModuleType:
    if name not in names():
        raise ParameterError(f"There is no network {name!r}.", f"The networks are {', '.join(names())}.")
    return importlib.import_module(f"{__name__}.{name}")


def scaling(name: str) -> Scaling:
    """How the pixels of every band are scaled for this network.

    Raises:
        ParameterError: There is no such network.
    """
    value: Scaling = _module(name).SCALING
    return value


def build(name: str, bands: int, classes: int, **options: Any) -> keras.Model:
    """Build a network with fresh weights (those of its encoder may be pretrained).

    Args:
        name: One of `names()`.
        bands: Bands of the input.
        classes: Classes of the output.
        options: Options of this network, such as `filters`.

    Returns:
        `(batch, rows, cols, bands)` float32 → `(batch, rows, cols, classes)` float32 softmax, with rows and cols
        multiples of 32 that need not be known beforehand.

    Raises:
        ParameterError: There is no such network, or it does not have such an option.
    """
    module = _module(name)
    try:
        model: keras.Model = module.build(bands, classes, **options)
    except TypeError as error:
        raise ParameterError(f"The network {name!r} cannot be built with {options}: {error}.") from error
    return model


__all__ = ["Scaling", "build", "names", "scaling"]
