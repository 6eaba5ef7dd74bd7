"""The card of a model: everything that a run must know and that must not be typed twice.

The card travels inside the model file (`bundle.py`). It is plain data: reading one executes nothing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import ModelError
from ..raster.classes import ClassScheme, check_name
from ..sentences import Sentence
from .known_ground import PER_BAND, KnownGround
from .quantization import Activations

CARD_VERSION = 3
"""Version of the card's JSON; a reader refuses a newer one. What an older reader would understand is still written as
version 1, or as version 2 if it has a `range`."""

LONGEST_CARD = 1 << 20
"""Characters of the longest card that is read."""

LARGEST_PATCH = 8192
"""Largest side of a patch, px: four bytes a pixel and class must fit into memory several times."""

_AGAIN = "Get the model file again."

_DTYPES = {"uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"}

_LEAST, _MOST = 1e-30, 1e30
"""A scaling within these stays a number in float32."""

_FINEST, _COARSEST = 1e-6, 1e8
"""Ground resolutions that are one, metres per pixel."""

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
        check_name(self.name, "The name of a band of the model's card")
        usable = self.scale > 0 and self.std > 0 and math.isfinite(self.scale + self.std + self.mean)
        if not usable or not _LEAST < self.scale * self.std < _MOST or abs(self.mean) > self.std * _MOST:
            raise ModelError(
                "card-band-scaling", "Band {band!r} of the model's card has an unusable scaling.", band=self.name
            )


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
    output: str = ""
    """Name of the output that is the scores, where a network has several; empty: the one that can be."""
    threshold: float = 0.0
    """Probability from which the class of one channel, or any class but the first, counts; 0 for none."""
    sha256: str | None = None
    """SHA-256 of the network (graph and weights), in hex."""
    range: tuple[float, float] | None = None
    """Values of the training images that were black and white, beyond which they were clipped; None: those of `dtype`.

    It is part of the scaling of the bands already: this is what values of another meaning are brought to.
    """
    known: KnownGround | None = None
    """What the training images look like; None: nobody has looked, and nothing is said of other ground."""
    parent: str | None = None
    """SHA-256 of the file of the model that this one was retrained from, in hex; None: it was not."""
    activations: Activations | None = field(default=None, hash=False)
    """Values of the feature maps of the ONNX network, between which they may be bytes; None: it computes as it was
    trained."""

    def __post_init__(self) -> None:
        low, high = self.gsd_range
        check_name(self.name, "The name of the model")
        if not self.bands:
            raise ModelError("card-no-band", "The model's card names no input band.")
        if self.patch < 16:
            raise ModelError(
                "card-patch-small", "The model's patch of {patch} px is too small to use.", patch=self.patch
            )
        if self.patch > LARGEST_PATCH:
            raise ModelError(
                "card-patch-large",
                "The model's patch of {patch:.6g} px is larger than {most} px.",
                patch=self.patch,
                most=LARGEST_PATCH,
            )
        if not _FINEST <= low <= self.gsd <= high <= _COARSEST:
            raise ModelError(
                "card-gsd",
                "The model's GSD of {gsd} m lies outside its range {low}…{high} m.",
                gsd=self.gsd,
                low=low,
                high=high,
            )
        if self.dtype not in _DTYPES:
            raise ModelError(
                "card-type", "The model's card names images of type {dtype!r}, which are none.", dtype=self.dtype[:40]
            )
        self._check_decision()
        self._check_training_images()

    def _check_decision(self) -> None:
        """Check what is done with the scores before a class wins, and after."""
        if not 0 < self.temperature < math.inf:
            raise ModelError(
                "card-temperature",
                "The model's temperature of {temperature} is not a positive number.",
                temperature=self.temperature,
            )
        if not 1e-3 <= self.temperature <= 1e6:
            raise ModelError(
                "card-temperature-range",
                "The model's temperature of {temperature} is beyond 0.001…1000000.",
                temperature=self.temperature,
            )
        if not 0 <= self.threshold < 1:
            raise ModelError(
                "card-threshold",
                "The model's threshold of {threshold:g} is no probability below 1.",
                threshold=self.threshold,
            )
        check_name(self.output, "The output that the model's card names")
        limits = (self.activations or {}).values()
        if not all(-_MOST < low <= 0 <= high < _MOST for low, high in limits):
            raise ModelError(
                "card-values", "What the model's card tells of the values inside the network is no range.", _AGAIN
            )

    def _check_training_images(self) -> None:
        if self.range is not None:
            black, white = self.range
            if not (max(abs(black), abs(white)) < 1e30 and white - black > 1e-30):
                raise ModelError(
                    "card-range",
                    "The model's range {black:g}…{white:g} is empty or out of measure.",
                    black=black,
                    white=white,
                )
        if self.known is not None and self.known.statistics != PER_BAND * len(self.bands):
            raise ModelError(
                "card-other-bands", "What the model's card tells of its training images is of other bands."
            )

    @property
    def band_names(self) -> tuple[str, ...]:
        """Names of the bands in the order that the network expects."""
        return tuple(band.name for band in self.bands)

    def format_gsd_range(self) -> str:
        """Write the ground resolutions that the model is made for, for people."""
        finest, coarsest = self.gsd_range
        if finest == coarsest:
            return Sentence("resolution", "{gsd:.3g} m", gsd=finest)
        return Sentence("resolutions", "{finest:.3g} to {coarsest:.3g} m", finest=finest, coarsest=coarsest)

    def with_sha256(self, sha256: str) -> Card:
        """Copy the card for a network with this checksum."""
        return replace(self, sha256=sha256)

    def to_dict(self) -> dict[str, Any]:
        """Express the card as JSON-serializable data."""
        version = 1 if self.range is None else 2  # older readers would scale other types wrongly
        if self.output or self.threshold:
            version = 3  # they would read another output, or decide otherwise
        return {
            "version": version,
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
            **({"output": self.output} if self.output else {}),
            **({"threshold": self.threshold} if self.threshold else {}),
            "sha256": self.sha256,
            **({} if self.known is None else {"known": self.known.to_dict()}),
            **({} if self.parent is None else {"parent": self.parent}),
            **({} if not self.activations else {"activations": {k: list(v) for k, v in self.activations.items()}}),
        }

    def to_json(self) -> str:
        """Write the card as a JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Card:
        """Read a card.

        Raises:
            ModelError: The text is no card, or one of a newer aerialseg.
        """
        if len(text) > LONGEST_CARD:
            raise ModelError(
                "card-too-long",
                "The model's card has {length} characters, too many to be one.",
                _AGAIN,
                length=len(text),
            )
        try:
            data = json.loads(text)
            json.dumps(data, ensure_ascii=False).encode()  # halves of characters could not be shown or written
            version = int(data["version"])
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            raise ModelError("card-unreadable", "The model's card is not readable.", _AGAIN) from error
        if version > CARD_VERSION:
            raise ModelError(
                "card-version",
                "The model's card has version {version}.",
                "Update aerialseg to run this model.",
                version=version,
            )
        try:
            return cls._from_dict(data)
        except ModelError:
            raise
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            raise ModelError(
                "card-incomplete", "The model's card is not complete: {error}.", _AGAIN, error=error
            ) from error

    @classmethod
    def _from_dict(cls, data: Mapping[str, Any]) -> Card:
        low, high = data["gsd_range"]
        stored, known, told = data.get("range"), data.get("known"), data.get("activations")
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
            output=str(data.get("output", "")),
            threshold=float(data.get("threshold", 0.0)),
            sha256=data.get("sha256"),
            known=None if known is None else KnownGround.from_dict(known),
            parent=None if data.get("parent") is None else str(data["parent"]),
            activations={str(k): (float(low), float(high)) for k, (low, high) in told.items()} if told else None,
        )
