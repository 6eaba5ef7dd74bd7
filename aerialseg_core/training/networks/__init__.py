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
from collections.abc import Iterator, Mapping
from types import ModuleType

import keras

from ...errors import AerialSegError, ParameterError
from .scaling import Scaling

_HELPERS = frozenset({"scaling", "encoder_weights", "lite"})
_CORRECT = "Correct [network] options in the recipe."
_WIDEST = 1 << 14


def list_names() -> tuple[str, ...]:
    """List the names of the networks, sorted."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name not in _HELPERS))


def _import_network(name: str) -> ModuleType:
    """Import the module of a network."""
    if name not in list_names():
        raise ParameterError(
            "network-unknown",
            "There is no network {name!r}.",
            "The networks are {known}.",
            name=name,
            known=", ".join(list_names()),
        )
    return importlib.import_module(f"{__name__}.{name}")


def find_scaling(name: str) -> Scaling:
    """Find how the pixels of every band are scaled for this network.

    Raises:
        ParameterError: There is no such network.
    """
    value: Scaling = _import_network(name).SCALING
    return value


def build(name: str, bands: int, classes: int, **options: object) -> keras.Model:
    """Build a network with fresh weights (those of its encoder may be pretrained).

    Args:
        name: One of `list_names()`.
        bands: Bands of the input.
        classes: Classes of the output.
        options: Options of this network, such as `filters`.

    Returns:
        `(batch, rows, cols, bands)` float32 → `(batch, rows, cols, classes)` float32 softmax, with rows and cols
        multiples of 32 that need not be known beforehand.

    Raises:
        ParameterError: There is no such network, or it does not have such an option.
    """
    module = _import_network(name)
    if any(number > _WIDEST for number in _list_whole_numbers(options)):
        raise ParameterError(
            "network-too-large",
            "The network {name!r} cannot be that large: {options}.",
            _CORRECT,
            name=name,
            options=options,
        )
    try:
        model: keras.Model = module.build(bands, classes, **options)
    except AerialSegError:
        raise
    except (TypeError, ValueError) as error:  # ValueError: what Keras says of numbers that its layers do not take
        why = str(error).partition("\n")[0].rstrip(".")
        raise ParameterError(
            "network-wrong",
            "The network {name!r} cannot be built with {options}: {cause}.",
            _CORRECT,
            name=name,
            options=options,
            cause=why,
        ) from error
    return model


def _list_whole_numbers(value: object) -> Iterator[int]:
    """List the whole numbers of an option, of a list, or of a table."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for one in value:
            yield from _list_whole_numbers(one)
    elif isinstance(value, int):
        yield value


__all__ = ["Scaling", "build", "find_scaling", "list_names"]
