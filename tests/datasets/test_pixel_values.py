"""What the values of training images mean, whatever type holds them; and that a model sees them as in training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from datasets.factories import write_tiff
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from aerialseg_core.config import SegmentConfig
from aerialseg_core.datasets.pairs import LabelRaster, Pair
from aerialseg_core.datasets.pixel_values import SAMPLED, PixelValues, find_values
from aerialseg_core.errors import DataError
from aerialseg_core.model.card import Band, Card
from aerialseg_core.model.normalization import normalize
from aerialseg_core.raster.classes import MBRSC
from aerialseg_core.raster.value_range import BYTE
from aerialseg_core.segmentation.planning import plan_scene

RGB = (1, 2, 3)


def _noise(low: float, high: float, dtype: str = "float64", seed: int = 0) -> NDArray[Any]:
    values = np.random.default_rng(seed).uniform(low, high, (3, 40, 50))
    return (np.rint(values) if np.dtype(dtype).kind in "ui" else values).astype(dtype)


def _pairs(folder: Path, *images: NDArray[Any], **options: Any) -> list[Pair]:
    made = []
    for number, pixels in enumerate(images):
        path = write_tiff(folder / f"{number}.tif", pixels, **options)
        made.append(Pair(path, LabelRaster(path), ".", pixels.shape[1:]))
    return made


def _values(folder: Path, *images: NDArray[Any], **options: Any) -> PixelValues:
    return find_values(_pairs(folder, *images, **options), lambda _: RGB)


BYTES = _noise(0, 255, "uint8")


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "float32", "float64"])
def test_8_bit_values_are_of_8_bit_whatever_type_holds_them(tmp_path: Path, dtype: str) -> None:
    found = _values(tmp_path, BYTES.astype(dtype), BYTES.astype(dtype))
    assert (found.stored, found.dtype, found.range, found.black_and_white) == (dtype, "uint8", None, BYTE)
    assert ("8-bit values as " + dtype in found.told) is (dtype != "uint8")


def test_noise_between_0_and_255_in_floats_is_of_8_bit(tmp_path: Path) -> None:
    assert _values(tmp_path, _noise(1, 255, "float32")).dtype == "uint8"
    assert _values(tmp_path, _noise(1, 255, "float32"), BYTES).stored == "float32"  # uint8 and float32 in one set


def test_other_values_have_one_range_over_all_images(tmp_path: Path) -> None:
    dark, bright = _noise(300, 500, "int16"), _noise(2000, 3000, "uint16", 1)
    found = _values(tmp_path, dark, bright)
    low, high = np.percentile(np.concatenate([dark.ravel(), bright.ravel()]), (2, 98))
    assert (found.stored, found.dtype) == ("int32", "int32")
    assert found.range == pytest.approx((low, high))
    assert "2…98 % of a sample of 2 of 2; `range` in the [card] of a recipe says otherwise" in found.told
    assert _values(tmp_path, _noise(0, 200, "uint16"), bright).range is not None  # dark for 16 bit, not of 8 bit


@settings(deadline=None, max_examples=20)
@given(hole=st.sampled_from([np.nan, np.inf, -9999.0]), seed=st.integers(0, 9))
def test_what_is_no_data_has_no_part_in_it(tmp_path_factory: Any, hole: float, seed: int) -> None:
    folder, pixels = tmp_path_factory.mktemp("set"), _noise(100, 3000, "float32", seed)
    expected = _values(folder, pixels[:, 10:]).range
    pixels[:, :10] = hole
    assert _values(folder, pixels, nodata=hole if np.isfinite(hole) else None).range == expected


def test_a_constant_set_divides_by_nothing(tmp_path: Path) -> None:
    for value in (0.0, 0.5, 7.5, 4000.0):
        black, white = _values(tmp_path, np.full((3, 9, 9), value, "float32")).black_and_white
        assert white > black


def test_images_of_different_meaning_are_refused(tmp_path: Path) -> None:
    for images, text in (
        ((BYTES, _noise(300, 4000, "uint16")), r"0\.tif holds 8-bit values, .*1\.tif larger numbers\."),
        ((BYTES.astype("float32"), _noise(0, 1, "float32")), r"holds 8-bit values, .* fractions of one\."),
        ((_noise(0, 0.4, "float32"), BYTES), r"holds fractions of one, .* 8-bit values\."),
    ):
        with pytest.raises(DataError, match=text + ".*gdal_translate"):
            _values(tmp_path, *images)
    with pytest.raises(DataError, match="No image has any data"):
        _values(tmp_path, np.zeros((3, 9, 9), "uint16"), nodata=0)
    with pytest.raises(DataError, match=r"0\.tif is complex64\. Convert it"):
        _values(tmp_path, np.ones((3, 9, 9), "complex64"))


def test_a_range_that_is_given_is_taken(tmp_path: Path) -> None:
    pairs = _pairs(tmp_path, _noise(300, 4000, "uint16"), BYTES)
    assert find_values(pairs, lambda _: RGB, given=(0, 10_000)).range == (0, 10_000)
    assert find_values(pairs, lambda _: RGB, given=BYTE).dtype == "uint8"


def test_only_some_images_are_looked_at(tmp_path: Path) -> None:
    (pair,) = _pairs(tmp_path, _noise(300, 4000, "uint16"))
    looked: list[Pair] = []

    def bands(one: Pair) -> tuple[int, ...]:
        looked.append(one)
        return RGB

    find_values([pair] * (3 * SAMPLED), bands)
    assert len(looked) == SAMPLED


@pytest.mark.parametrize(
    "pixels",
    [
        BYTES,
        BYTES.astype("float32"),
        _noise(0, 262, "float32"),
        BYTES.astype("float32") / 255,
        _noise(0.01, 0.4, "float32"),
        _noise(300, 4000, "uint16"),
        _noise(-500, 9000, "int16"),
        _noise(200, 3000, "float64"),
    ],
    ids=lambda pixels: f"{pixels.dtype} {pixels.max():.4g}",
)
def test_a_model_sees_its_training_image_as_in_training(tmp_path: Path, pixels: NDArray[Any]) -> None:
    """And what is at most white and at least black in training is so when it runs."""
    (pair,) = _pairs(tmp_path, pixels)
    values = find_values([pair], lambda _: RGB)
    black, white = values.black_and_white
    bands = tuple(Band(n, white - black, black / (white - black), 1.0) for n in ("red", "green", "blue"))
    card = Card("m", "", MBRSC, bands, 64, 2.0, (2.0, 2.0), values.dtype, range=values.range)
    card = Card.from_json(card.to_json())
    with plan_scene(str(pair.image), card, SegmentConfig()) as (plan, scene):
        seen = normalize(scene.read(scene.window)[0], bands, stretch_from=plan.stretch, onto=values.black_and_white)
    scored = normalize(pixels, bands, stretch_from=values.clipped, onto=values.clipped or BYTE)
    assert np.array_equal(seen, scored)
    assert -1e-6 < seen.min() < 0.05
    assert 0.95 < seen.max() < 1 + 1e-6
