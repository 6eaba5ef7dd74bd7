"""The metadata of the QGIS plugin Deepness: read from models that were published for it, written into our own.

Deepness keeps its parameters as JSON texts in the metadata of the ONNX file
(https://qgis-plugin-deepness.readthedocs.io/en/latest/creators/creators_add_metadata_to_model.html). All but the kind
of model are optional. It divides pixels by 255 before it standardises them.
"""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import ModelError
from ..raster.classes import ClassScheme, clean_name
from .card import COLOURS_FOR_UNKNOWN, Band, Card
from .signature import ONE_CHANNEL, Signature

USUAL_PATCH = 512
"""Side of the patch where the network takes any and the metadata name none, px."""

ANY_GSD = (1e-6, 1e6)
"""Range of ground resolutions of a model that names none: scenes are read as they are."""

LONGEST_VALUE = 1 << 20
"""Longest text of a parameter."""

_KINDS = {
    "detector": "finds objects",
    "regressor": "gives quantities",
    "superresolution": "makes images finer",
    "recognition": "compares images",
}
_HOW = "Write the metadata that docs/guides/models.md lists into the file."


@dataclass(frozen=True)
class Deepness:
    """The parameters of a segmentation model for Deepness."""

    name: str
    """Name of the model."""
    heads: tuple[Mapping[int, str], ...]
    """Names of the classes of each output, by their number; empty if none are given."""
    gsd: float | None
    """Ground resolution, metres per pixel; None if it is not given."""
    patch: int
    """Side of the patch, px."""
    threshold: float
    """`seg_thresh`; 0 if it is not given."""
    mean: tuple[float, ...]
    """Mean of each band after division by 255; empty if it is not given."""
    std: tuple[float, ...]
    """Standard deviation of each band after division by 255; empty if it is not given."""
    small_segment: float
    """`seg_small_segment`; 0 if it is not given."""

    @property
    def named(self) -> int:
        """Number of classes that are named; 0 if none are."""
        return max(self.heads[0], default=-1) + 1 if self.heads else 0

    def card(self, signature: Signature, *, bands: int, patch: int) -> Card:
        """Make the card of the model.

        Args:
            signature: How the network is used.
            bands: Bands that it takes.
            patch: The only side of a patch that it takes, px; 0 for any.

        Raises:
            ModelError: The standardisation is of another number of bands, or a value is impossible.
        """
        given = [len(values) for values in (self.mean, self.std) if values]
        if any(n != bands for n in given):
            raise ModelError(f"{self.name} takes {bands} bands, but its metadata standardise {given[0]}.", _HOW)
        names = _name_classes(self.heads[0] if self.heads else {}, signature)
        gsd = self.gsd or 1.0
        scale, mean, std = (1.0, [0.0] * bands, [1.0] * bands)
        if not signature.raw:
            scale, mean, std = 255.0, [*self.mean] or mean, [*self.std] or std
        return Card(
            name=self.name,
            description="A segmentation model with Deepness metadata.",
            classes=ClassScheme.of(
                [(name, COLOURS_FOR_UNKNOWN[i % len(COLOURS_FOR_UNKNOWN)]) for i, name in enumerate(names)]
            ),
            bands=tuple(Band(f"band {i + 1}", scale, mean[i], std[i]) for i in range(bands)),
            patch=patch or self.patch,
            gsd=gsd,
            gsd_range=(gsd, gsd) if self.gsd else ANY_GSD,
            dtype="uint16" if signature.dtype == "uint16" else "uint8",
            fixed_patch=bool(patch),
        )

    def notes(self, signature: Signature) -> list[str]:
        """Say what of the metadata is missing or not followed, in sentences for people."""
        said = []
        if self.gsd is None:
            said.append("It names no ground resolution: scenes are read at their own.")
        if signature.raw and (self.mean or self.std):
            said.append("Its standardisation is not applied, for its input takes pixels as they are stored.")
        if self.small_segment:
            said.append("Its seg_small_segment is not applied: remove small areas with --min-area.")
        return said


def read_metadata(name: str, metadata: Mapping[str, str]) -> Deepness:
    """Read what the metadata of an ONNX file say.

    Args:
        name: Name to give the model.
        metadata: Values as JSON texts, or as Python literals as older models have them.

    Raises:
        ModelError: It is another kind of model, no kind is said, or a value cannot be used.
    """
    if "model_type" not in metadata:
        raise ModelError(
            f"{name} carries neither an aerialseg card nor complete Deepness metadata: it has no model_type.",
            "Export it with `aerialseg train`, or add the metadata that docs/guides/models.md lists.",
        )
    values = {key: _parse_value(key, text, name) for key, text in metadata.items() if key in _KEYS}
    kind = str(values["model_type"]).strip().lower()
    if kind != "segmentor":
        does = f", which {_KINDS[kind]}" if kind in _KINDS else ""
        shown = clean_name(kind.capitalize())[:40]
        raise ModelError(f"{name} is a {shown} model{does}.", "Choose a segmentation model.")
    return Deepness(
        name=name,
        heads=_read_heads(values.get("class_names", values.get("names")), name),
        gsd=_read_number(values, ("resolution",), name, least=1e-3, most=1e8, scale=0.01) or None,
        patch=int(_read_number(values, ("tiles_size", "tile_size"), name, least=1, most=1e5) or USUAL_PATCH),
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
        raise ModelError(f"The {key} in the metadata of {name} has {len(text)} characters, too many to be one.", _HOW)
    for parse in (json.loads, ast.literal_eval):
        try:
            value = parse(text)
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            continue
        twice = isinstance(value, str) and value[:1] in ("{", "[")  # a dictionary that was turned into text first
        return _parse_value(key, value, name) if twice and value != text else value
    return text


def _read_heads(given: Any, name: str) -> tuple[Mapping[int, str], ...]:
    """The names of the classes of every output: a dictionary, a list of names, or a list of these."""
    if given in (None, {}, []):
        return ()
    nested = isinstance(given, list) and all(isinstance(one, (dict, list)) for one in given)
    heads = tuple(_read_names(one, name) for one in (given if nested else [given]))
    if len(heads) > 1:
        told = "; ".join(", ".join(one.values()) for one in heads)
        raise ModelError(
            f"{name} makes {len(heads)} maps at once ({clean_name(told)[:200]}).",
            "Save it with one output alone: onnx.utils.extract_model(IN, OUT, [input], [output]), and its class_names.",
        )
    return heads


def _read_names(given: Any, name: str) -> Mapping[int, str]:
    pairs = given.items() if isinstance(given, dict) else enumerate(given) if isinstance(given, list) else None
    try:
        names = {int(number): str(label) for number, label in pairs or ()}
    except (ValueError, TypeError, OverflowError):
        names = {}
    if not names or min(names) < 0 or max(names) > 10**6:
        raise ModelError(f"The class_names in the metadata of {name} are no names by number, from 0 on.", _HOW)
    return names


def _name_classes(given: Mapping[int, str], signature: Signature) -> list[str]:
    """A name for each class, all of them different."""
    if signature.meaning in ONE_CHANNEL and list(given) == [0]:
        given = {0: "background", 1: given[0]}  # one name is that of what is looked for
    elif signature.meaning in ONE_CHANNEL and not given:
        given = {0: "background"}
    names: list[str] = []
    for number in range(signature.classes):
        name = given.get(number) or f"class {number}"
        names.append(name if name not in names else f"{name} ({number})")
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
        raise ModelError(f"The {key} in the metadata of {name} is not a number of {least:g} to {most:g}.", _HOW)
    return value * scale


def _read_numbers(values: Mapping[str, Any], key: str, name: str) -> tuple[float, ...]:
    given = values.get(key)
    if given in (None, [], ()):
        return ()
    try:
        return tuple(float(value) for value in given)
    except (TypeError, ValueError, OverflowError) as error:
        raise ModelError(f"The {key} in the metadata of {name} is no list of numbers.", _HOW) from error
