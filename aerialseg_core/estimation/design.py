"""Design of a sample: how its points were drawn, and from what; without it nothing can be estimated from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from ..config import SAMPLING_METHODS, SamplingMethod
from ..errors import DataError

VERSION = 1
"""Version of the tables."""

AreaUnit = Literal["ha", "px"]


@dataclass(frozen=True)
class SampledClass:
    """A class of the map that points were drawn from."""

    id: int
    """Value in the class raster."""
    name: str
    """Name, unlike that of any other class."""
    colour: str
    """`#RRGGBB`."""
    pixels: int
    """Its pixels in the map; 0 for a class that the map does not have but a point may be."""
    area: float
    """Its area in the map, in the unit of the design."""
    points: int
    """Points that were drawn in it."""


@dataclass(frozen=True)
class SamplingDesign:
    """How a sample was drawn."""

    method: SamplingMethod
    """How its points were drawn."""
    classes: tuple[SampledClass, ...]
    """All classes; those of the map are the strata of a stratified sample."""
    unit: AreaUnit
    """Unit of areas."""
    seed: int
    """Seed of the random numbers."""
    map_name: str
    """Name of the file of the map."""
    map_digest: str
    """Tells the map from others."""
    transform: Affine
    """Pixel (col, row) of the map to its CRS."""
    facts: Mapping[str, str]
    """What else there is to know, for people."""

    @property
    def strata(self) -> tuple[SampledClass, ...]:
        """The classes that the map has."""
        return tuple(one for one in self.classes if one.pixels)

    @property
    def points(self) -> int:
        """How many points were drawn."""
        return sum(one.points for one in self.classes)

    @property
    def area(self) -> float:
        """Area of the map, without no data."""
        return sum(one.area for one in self.classes)

    def tabulate(self) -> list[tuple[str, str]]:
        """Write what is no table of its own as pairs of texts."""
        return [
            ("version", str(VERSION)),
            ("method", self.method),
            ("seed", str(self.seed)),
            ("points", str(self.points)),
            ("map", self.map_name),
            ("map_digest", self.map_digest),
            ("transform", " ".join(f"{value!r}" for value in self.transform[:6])),
            ("area_unit", self.unit),
            *self.facts.items(),
        ]


def parse_design(items: Mapping[str, str], classes: tuple[SampledClass, ...]) -> SamplingDesign:
    """Parse what `SamplingDesign.tabulate` wrote.

    Args:
        items: The pairs.
        classes: The classes.

    Raises:
        DataError: It is no design, or one of a later version.
    """
    if items.get("version", "").isdecimal() and int(items["version"]) > VERSION:
        raise DataError("sample-too-new", "The sample is of a later version of aerialseg.", "Update aerialseg.")
    try:
        method, unit = items["method"], items["area_unit"]
        a, b, c, d, e, f = map(float, items["transform"].split())
        if method not in SAMPLING_METHODS or unit not in ("ha", "px") or not any(one.pixels for one in classes):
            raise ValueError(method)
        own = {"version", "method", "seed", "points", "map", "map_digest", "transform", "area_unit"}
        facts = {name: value for name, value in items.items() if name not in own}
        return SamplingDesign(
            method,
            classes,
            unit,  # type: ignore[arg-type]  # likewise
            int(items["seed"]),
            items["map"],
            items["map_digest"],
            Affine(a, b, c, d, e, f),
            facts,
        )
    except (KeyError, ValueError) as error:
        raise DataError(
            "sample-damaged", "The design of the sample is damaged: {error}.", "Draw the points anew.", error=error
        ) from error


def compute_probabilities(design: SamplingDesign, ids: NDArray[np.int64], weights: NDArray[np.float64]) -> list[float]:
    """Compute how likely each pixel of a sample was to be in it.

    Args:
        design: How it was drawn.
        ids: Classes of the pixels in the map.
        weights: Areas of the pixels, in the unit of the design.
    """
    if design.method != "stratified":
        return [min(1.0, design.points * weight / design.area) for weight in weights.tolist()]
    strata = {one.id: one for one in design.strata}
    pairs = zip((strata[one] for one in ids.tolist()), weights.tolist(), strict=True)
    return [min(1.0, one.points * weight / one.area) for one, weight in pairs]
