"""The card of a model: everything that a run must know and that must not be typed twice.

The card travels inside the model file (`bundle.py`). It is plain data: reading one executes nothing.
"""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .classes import ClassScheme
from .errors import ModelError

CARD_VERSION = 2
"""Version of the card's JSON; a reader refuses a newer one. A card without `range` is still written as version 1."""

COLOURS_FOR_UNKNOWN = (
    "#E41A1C",
    "#377EB8",
    "#4DAF4A",
    "#984EA3",
    "#FF7F00",
    "#FFFF33",
    "#A65628",
    "#F781BF",
    "#999999",
)
"""Colours for classes that come without one: ColorBrewer's Set1, repeated."""


@dataclass(frozen=True)
class Band:
    """One input band and its scaling `(x / scale − mean) / std`."""

    name: str
    """`red`, `green`, `blue`, `nir`, …"""
    scale: float
    """Divisor of the stored value; > 0."""
    mean: float
    """Mean of the scaled value."""
    std: float
    """Standard deviation of the scaled value; > 0."""

    def __post_init__(self) -> None:
        if not (self.scale > 0 and self.std > 0 and math.isfinite(self.scale + self.std + self.mean)):
            raise ModelError(f"Band {self.name!r} of the model's card has an unusable scaling.")


@dataclass(frozen=True)
class Card:
    """What a model is, needs and was trained on.

    Raises:
        ModelError: A value is missing or impossible.
    """

    name: str
    """Short name, as in `--model NAME`."""
    description: str
    """One sentence for people."""
    classes: ClassScheme
    """Classes in the order of the scores."""
    bands: tuple[Band, ...]
    """Input bands in the order that the network expects."""
    patch: int
    """Side of the square patch, px."""
    gsd: float
    """Ground resolution at which the model works best, metres per pixel."""
    gsd_range: tuple[float, float]
    """Ground resolutions on which it was trained, (finest, coarsest), metres per pixel."""
    dtype: str = "uint8"
    """Type of the training images; `uint8` too where they held 8-bit values in another type."""
    range: tuple[float, float] | None = None
    """Values of the training images that were black and white, beyond which they were clipped; None: those of `dtype`.

    It is part of the scaling of the bands already: this is what values of another meaning are brought to.
    """
    fixed_patch: bool = False
    """Whether the network accepts no other patch than `patch`."""
    training: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """Training data, split and recipe."""
    metrics: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """Scores on data that the model has not seen, and how they were taken."""
    temperature: float = 1.0
    """Temperature at which the scores are a confidence (`calibration.py`); > 0. It never changes the winning class."""
    licence: str = ""
    """SPDX identifier of the weights."""
    sha256: str | None = None
    """SHA-256 of the network (graph and weights), in hex."""

    def __post_init__(self) -> None:
        low, high = self.gsd_range
        if not self.bands:
            raise ModelError("The model's card names no input band.")
        if self.patch < 16:
            raise ModelError(f"The model's patch of {self.patch} px is too small to use.")
        if not 0 < low <= self.gsd <= high < math.inf:
            raise ModelError(f"The model's GSD of {self.gsd} m lies outside its range {low}…{high} m.")
        if self.range is not None:
            black, white = self.range
            if not (max(abs(black), abs(white)) < 1e30 and white - black > 1e-30):
                raise ModelError(f"The model's range {black:g}…{white:g} is empty or out of measure.")
        if not 0 < self.temperature < math.inf:
            raise ModelError(f"The model's temperature of {self.temperature} is not a positive number.")

    def with_sha256(self, sha256: str) -> Card:
        """The same card, for a network with this checksum."""
        return replace(self, sha256=sha256)

    def to_dict(self) -> dict[str, Any]:
        """The card as JSON-serialisable data."""
        return {
            "version": 1 if self.range is None else CARD_VERSION,  # older readers would scale other types wrongly
            "name": self.name,
            "description": self.description,
            "classes": [{"id": c.id, "name": c.name, "colour": c.colour} for c in self.classes],
            "bands": [{"name": b.name, "scale": b.scale, "mean": b.mean, "std": b.std} for b in self.bands],
            "patch": self.patch,
            "gsd": self.gsd,
            "gsd_range": list(self.gsd_range),
            "dtype": self.dtype,
            **({} if self.range is None else {"range": list(self.range)}),
            "fixed_patch": self.fixed_patch,
            "training": dict(self.training),
            "metrics": dict(self.metrics),
            "temperature": self.temperature,
            "licence": self.licence,
            "sha256": self.sha256,
        }

    def to_json(self) -> str:
        """The card as a JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Card:
        """Read a card.

        Raises:
            ModelError: The text is no card, or one of a newer aerialseg.
        """
        try:
            data = json.loads(text)
            version = int(data["version"])
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            raise ModelError("The model's card is not readable.", "Get the model file again.") from error
        if version > CARD_VERSION:
            raise ModelError(f"The model's card has version {version}.", "Update aerialseg to run this model.")
        try:
            return cls._from_dict(data)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            raise ModelError(f"The model's card is not complete: {error}.", "Get the model file again.") from error

    @classmethod
    def _from_dict(cls, data: Mapping[str, Any]) -> Card:
        low, high = data["gsd_range"]
        stored = data.get("range")
        black, white = stored or (0, 0)
        return cls(
            name=str(data["name"]),
            description=str(data["description"]),
            classes=ClassScheme.of([(str(c["name"]), str(c["colour"])) for c in data["classes"]]),
            bands=tuple(
                Band(str(b["name"]), float(b["scale"]), float(b["mean"]), float(b["std"])) for b in data["bands"]
            ),
            patch=int(data["patch"]),
            gsd=float(data["gsd"]),
            gsd_range=(float(low), float(high)),
            dtype=str(data["dtype"]),
            range=None if stored is None else (float(black), float(white)),
            fixed_patch=bool(data.get("fixed_patch", False)),
            training=dict(data.get("training", {})),
            metrics=dict(data.get("metrics", {})),
            temperature=float(data.get("temperature", 1.0)),
            licence=str(data.get("licence", "")),
            sha256=data.get("sha256"),
        )

    def to_deepness(self, overlap: float) -> dict[str, str]:
        """The metadata that the QGIS plugin Deepness reads; it divides by 255 before it standardises.

        Args:
            overlap: Overlap of the windows as a share of the patch.
        """
        values = {
            "model_type": "Segmentor",
            "class_names": {str(i): name for i, name in enumerate(self.classes.names)},
            "resolution": self.gsd * 100,
            "tile_size": self.patch,
            "tiles_size": self.patch,
            "tiles_overlap": overlap * 100,
            "standardization_mean": [b.mean * b.scale / 255 for b in self.bands],
            "standardization_std": [b.std * b.scale / 255 for b in self.bands],
        }
        return {key: json.dumps(value) for key, value in values.items()}

    @classmethod
    def from_deepness(cls, name: str, metadata: Mapping[str, str], shape: tuple[int, int, int]) -> Card:
        """Make a card for a segmentation model that was published for Deepness.

        Args:
            name: Name to give the model.
            metadata: The model's metadata, values as JSON texts.
            shape: (bands, patch, classes) as the network's input and output tell; patch 0 if it is free.

        Raises:
            ModelError: It is not a segmentation model, or its metadata are incomplete.
        """
        bands, fixed, classes = shape
        try:
            values = {key: _parsed(text) for key, text in metadata.items()}
            if str(values["model_type"]).lower() != "segmentor":
                raise ModelError(f"{name} is a {values['model_type']} model.", "Choose a segmentation model.")
            named = values["class_names"] if "class_names" in values else values["names"]
            names = {int(i): str(n) for i, n in named.items()}
            patch = fixed or int(values.get("tiles_size", values.get("tile_size", 512)))
            gsd = float(values["resolution"]) / 100
            mean = values.get("standardization_mean") or [0.0] * bands
            std = values.get("standardization_std") or [1.0] * bands
            scheme = [
                (names.get(i, f"class {i}"), COLOURS_FOR_UNKNOWN[i % len(COLOURS_FOR_UNKNOWN)]) for i in range(classes)
            ]
            return cls(
                name=name,
                description="A segmentation model with Deepness metadata.",
                classes=ClassScheme.of(scheme),
                bands=tuple(Band(f"band {i + 1}", 255.0, float(mean[i]), float(std[i])) for i in range(bands)),
                patch=patch,
                gsd=gsd,
                gsd_range=(gsd, gsd),
                fixed_patch=bool(fixed),
            )
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
            if isinstance(error, ModelError):
                raise
            raise ModelError(
                f"{name} carries neither an aerialseg card nor complete Deepness metadata ({error!r}).",
                "Export it with `aerialseg train`, or add the metadata.",
            ) from error


def _parsed(text: str) -> Any:
    """A value of Deepness: JSON, or a Python literal as its older models have it; other text as it is."""
    for parse in (json.loads, ast.literal_eval):  # neither runs anything
        try:
            return parse(text)
        except (ValueError, SyntaxError, RecursionError):
            continue
    return text
