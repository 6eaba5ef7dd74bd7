"""The metadata of the QGIS plugin Deepness: read from models that were published for it, written into our own.

Deepness keeps its parameters as JSON texts in the metadata of the ONNX file
(https://qgis-plugin-deepness.readthedocs.io/en/latest/creators/creators_add_metadata_to_model.html). All but the kind
of model are optional. It divides pixels by 255 before it standardises them.
"""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ..errors import ModelError
from ..raster.classes import clean_name
from .card import Card
from .description import Description

LONGEST_VALUE = 1 << 20
"""Longest text of a parameter."""

_KINDS = {
    "detector": "finds objects",
    "regressor": "gives quantities",
    "superresolution": "makes images finer",
    "recognition": "compares images",
}
_HOW = "Write the metadata that docs/guides/models.md lists into the file."


def read_metadata(name: str, metadata: Mapping[str, str], *, skip: Collection[str] = ()) -> Description:
    """Read what the metadata of an ONNX file say.

    Args:
        name: Name to give the model.
        metadata: Values as JSON texts, or as Python literals as older models have them.
        skip: Keys that are not looked at.

    Returns:
        The description; one that says nothing if the metadata have no `model_type`.

    Raises:
        ModelError: It is another kind of model, or a value cannot be used.
    """
    if "model_type" not in metadata:
        return Description(name)
    values = {key: _parse_value(key, text, name) for key, text in metadata.items() if key in _KEYS and key not in skip}
    kind = str(values["model_type"]).strip().lower()
    if kind != "segmentor":
        does = f", which {_KINDS[kind]}" if kind in _KINDS else ""
        shown = clean_name(kind.capitalize())[:40]
        raise ModelError(
            "model-wrong-kind",
            "{name} is a {kind} model{does}.",
            "Choose a segmentation model.",
            name=name,
            kind=shown,
            does=does,
        )
    return Description(
        name=name,
        text="A segmentation model with Deepness metadata.",
        complete=True,
        classes=_read_classes(values.get("class_names", values.get("names")), name),
        gsd=_read_number(values, ("resolution",), name, least=1e-3, most=1e8, scale=0.01) or None,
        patch=int(_read_number(values, ("tiles_size", "tile_size"), name, least=1, most=1e5)),
        threshold=_read_number(values, ("seg_thresh",), name, least=0, most=1 - 1e-6),
        mean=_read_numbers(values, "standardization_mean", name),
        std=_read_numbers(values, "standardization_std", name),
        small_segment=_read_number(values, ("seg_small_segment",), name, least=0, most=1e6),
    )


def write_metadata(card: Card, overlap: float) -> dict[str, str]:
    """Write what Deepness must know of a model, so that it runs there.

    Args:
        card: The model's card.
        overlap: Overlap of the windows as a share of the patch.
    """
    values = {
        "model_type": "Segmentor",
        "class_names": {str(i): name for i, name in enumerate(card.classes.names)},
        "resolution": card.gsd * 100,
        "tile_size": card.patch,
        "tiles_size": card.patch,
        "tiles_overlap": overlap * 100,
        "standardization_mean": [b.mean * b.scale / 255 for b in card.bands],
        "standardization_std": [b.std * b.scale / 255 for b in card.bands],
    }
    return {key: json.dumps(value) for key, value in values.items()}


_KEYS = {
    "model_type",
    "class_names",
    "names",
    "resolution",
    "tiles_size",
    "tile_size",
    "seg_thresh",
    "seg_small_segment",
    "standardization_mean",
    "standardization_std",
}


def _parse_value(key: str, text: str, name: str) -> Any:
    """A value: JSON, or a Python literal; other text as it is. Neither runs anything."""
    if len(text) > LONGEST_VALUE:
        raise ModelError(
            "metadata-too-long",
            "The {key} in the metadata of {name} has {length} characters, too many to be one.",
            _HOW,
            key=key,
            name=name,
            length=len(text),
        )
    for parse in (json.loads, ast.literal_eval):
        try:
            value = parse(text)
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            continue
        twice = isinstance(value, str) and value[:1] in ("{", "[")  # a dictionary that was turned into text first
        return _parse_value(key, value, name) if twice and value != text else value
    return text


def _read_classes(given: Any, name: str) -> Mapping[int, str]:
    """The names of the classes: a dictionary, a list of names, or a list of one of these."""
    if given in (None, {}, []):
        return {}
    nested = isinstance(given, list) and all(isinstance(one, (dict, list)) for one in given)
    heads = tuple(_read_names(one, name) for one in (given if nested else [given]))
    if len(heads) > 1:
        told = "; ".join(", ".join(one.values()) for one in heads)
        raise ModelError(
            "model-many-maps",
            "{name} makes {count} maps at once ({maps}).",
            'Name one in a card: output = "…", and its classes = ["…", …]; then run `aerialseg models add`.',
            name=name,
            count=len(heads),
            maps=clean_name(told)[:200],
        )
    return heads[0]


def _read_names(given: Any, name: str) -> Mapping[int, str]:
    pairs = given.items() if isinstance(given, dict) else enumerate(given) if isinstance(given, list) else None
    try:
        names = {int(number): str(label) for number, label in pairs or ()}
    except (ValueError, TypeError, OverflowError):
        names = {}
    if not names or min(names) < 0 or max(names) > 10**6:
        raise ModelError(
            "metadata-class-names",
            "The class_names in the metadata of {name} are no names by number, from 0 on.",
            _HOW,
            name=name,
        )
    return names


def _read_number(
    values: Mapping[str, Any], keys: Sequence[str], name: str, *, least: float, most: float, scale: float = 1.0
) -> float:
    """The first of these keys that is there, as a number; 0 if none is."""
    key = next((key for key in keys if values.get(key) is not None), None)
    if key is None:
        return 0.0
    try:
        value = float(values[key])
    except (TypeError, ValueError, OverflowError):
        value = math.nan
    if not least <= value <= most:
        raise ModelError(
            "metadata-no-number",
            "The {key} in the metadata of {name} is not a number of {least:g} to {most:g}.",
            _HOW,
            key=key,
            name=name,
            least=least,
            most=most,
        )
    return value * scale


def _read_numbers(values: Mapping[str, Any], key: str, name: str) -> tuple[float, ...]:
    given = values.get(key)
    if given in (None, [], ()):
        return ()
    try:
        return tuple(float(value) for value in given)
    except (TypeError, ValueError, OverflowError) as error:
        raise ModelError(
            "metadata-no-list", "The {key} in the metadata of {name} is no list of numbers.", _HOW, key=key, name=name
        ) from error
