"""What the values of training images mean: which of them are black and white, in all images alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import DataError
from ..raster.nodata import declares_nodata, find_collar
from ..raster.value_range import BYTE, UNIT, Range, Sample, find_full_range, pool_samples, take_sample
from .pairs import Pair
from .rasters import open_image

SAMPLED = 64
"""Images whose values are looked at, at most, spread evenly over the data."""

SIDE = 256
"""Longest side at which each of them is read, px."""


@dataclass(frozen=True)
class PixelValues:
    """What the values of some images mean."""

    stored: str
    """The type that holds them all."""
    dtype: str = "uint8"
    """The type whose values they are: `uint8` too for 8-bit values in another type."""
    range: Range | None = None
    """Black and white, where these are not those of `dtype`."""
    told: str = ""
    """That in words, if there is anything to say."""

    @property
    def black_and_white(self) -> Range:
        """The values that are black and white."""
        return self.range or find_full_range(self.dtype)

    @property
    def clipped(self) -> Range | None:
        """The range beyond which values are clipped, as they are when a model runs; None: there are none."""
        return self.range or (BYTE if self.dtype == "uint8" != self.stored else None)


def find_values(
    pairs: Sequence[Pair], bands: Callable[[Pair], Sequence[int]], *, given: Range | None = None
) -> PixelValues:
    """Find out what the values of the images mean, from a sample of all of them unless all are 8-bit.

    Args:
        pairs: The pairs; at least one.
        bands: The bands of an image that count, 1-based.
        given: Black and white if they are known.

    Raises:
        DataError: An image is unreadable, has no real numbers, or means something else than the others.
    """
    types = [read_type(pair) for pair in pairs]
    stored = str(np.result_type(*set(types)))
    if set(types) == {"uint8"} and given is None:
        return PixelValues(stored)
    if given is not None:
        said = f"black and white are {given[0]:g} and {given[1]:g} in all images, as the recipe says"
        return PixelValues(stored, "uint8", None, said) if given == BYTE else PixelValues(stored, stored, given, said)
    samples = _take_samples(pairs, bands)
    if not samples:
        raise DataError(
            "images-without-data", "No image has any data.", "Check the nodata value and the mask of the images."
        )
    _require_one_meaning(samples)
    sample = pool_samples([one for _, _, one in samples])
    black, white = sample.black_and_white
    if (black, white) == BYTE:
        return PixelValues(stored, told=f"the images hold 8-bit values as {stored}: 0 is black and 255 is white")
    if (black, white) == UNIT and np.dtype(stored).kind == "f":
        return PixelValues(
            stored, stored, told=f"the images hold fractions of one as {stored}: 0 is black and 1 is white"
        )
    said = (
        f"the images are {stored}: {black:g} is black and {white:g} is white in all of them, 2…98 % of a sample of"
        f" {len(samples)} of {len(pairs)}; `range` in the [card] of a recipe says otherwise"
    )
    return PixelValues(stored, stored, (black, white), said)


def read_type(pair: Pair) -> str:
    """Read the type of an image's values; uint8 for a palette image.

    Raises:
        DataError: The image is unreadable, or its values are no real numbers.
    """
    with open_image(pair.image) as image:
        dtype: str = image.dtypes[0]
    if not dtype.startswith(("uint", "int", "float")):
        raise DataError(
            "image-type-unusable",
            "The image {image} is {dtype}.",
            "Convert it to real numbers: gdal_translate -ot Float32.",
            image=pair.image,
            dtype=dtype,
        )
    return dtype


Found = tuple[Pair, str, Sample]


def _take_samples(pairs: Sequence[Pair], bands: Callable[[Pair], Sequence[int]]) -> list[Found]:
    """Image, type and values of some of the pairs; one that has too few bands is reported elsewhere."""
    count = min(len(pairs), SAMPLED)
    found = []
    for pair in (pairs[(2 * k + 1) * len(pairs) // (2 * count)] for k in range(count)):
        wanted = bands(pair)
        with open_image(pair.image) as source:
            if max(wanted) > source.count:
                continue
            nodata = pair.nodata
            if nodata is None and not declares_nodata(source) and (collar := find_collar(source, wanted)):
                nodata = collar.value
            sample = take_sample(source, wanted, side=SIDE, nodata=nodata)
            if sample is not None:
                found.append((pair, source.dtypes[0], sample))
    return found


def _require_one_meaning(samples: Sequence[Found]) -> None:
    """Refuse images that no range can serve together, such as fractions beside 8-bit values.

    A dark image of 16 bit may hold nothing beyond 255: among integers of one type, those of all images together count.
    """
    by_type: dict[str, list[Sample]] = {}
    for _, dtype, sample in samples:
        by_type.setdefault(dtype, []).append(sample)
    common = {dtype: pool_samples(own).scale for dtype, own in by_type.items()}
    meanings: dict[str, Pair] = {}
    for pair, dtype, sample in samples:
        fractions = sample.scale == "fractions" and np.dtype(dtype).kind == "f"
        meanings.setdefault("fractions" if fractions else common[dtype], pair)
    if len(meanings) > 1:
        (one, first), (other, second) = list(meanings.items())[:2]
        what = {"8-bit": "8-bit values", "fractions": "fractions of one", "counts": "larger numbers"}
        raise DataError(
            "images-differ",
            "{first} holds {what}, {second} {other}.",
            "Bring them to one measure, as in gdal_translate -ot Float32 -scale 0 255 0 1.",
            first=first.image,
            what=what[one],
            second=second.image,
            other=what[other],
        )
