"""Which values are black and white: the same for a scene, a folder and a training set, whatever type holds them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.io import MemoryFile
from support import NORTH_UP, UTM, card, image, read, save_model, save_scene

from aerialseg_core import batch, describe_plan, segment
from aerialseg_core.config import SegmentConfig
from aerialseg_core.model.card import Band, Card
from aerialseg_core.model.deepness import write_metadata
from aerialseg_core.model.normalization import find_range_by_values, find_trained_range, normalize
from aerialseg_core.raster.value_range import Range, take_sample
from aerialseg_core.segmentation.planning import plan_scene

BYTES = card()
WIDE = ("int16", "uint16", "int32", "uint32", "float32", "float64")


def _seen(pixels: NDArray[Any], model: Card = BYTES, **profile: Any) -> NDArray[np.float32]:
    """What a network sees of a raster."""
    found, _ = find_range_by_values(_sample(pixels, **profile), str(pixels.dtype), model)
    return normalize(pixels, model.bands, stretch_from=found, onto=find_trained_range(model))


def _sample(pixels: NDArray[Any], **profile: Any) -> Any:
    bands, rows, cols = pixels.shape
    shape = {"count": bands, "height": rows, "width": cols, "dtype": pixels.dtype}
    with MemoryFile() as file:
        with file.open(driver="GTiff", crs=UTM, transform=NORTH_UP, **shape, **profile) as dataset:
            dataset.write(pixels)
        with file.open() as dataset:
            return take_sample(dataset, (1, 2, 3))


@st.composite
def byte_images(draw: st.DrawFn) -> NDArray[np.uint8]:
    """Images of 8 bit: dark, bright, of little contrast, or full of it; more than black and a hair above it."""
    low, high = sorted(draw(st.tuples(st.integers(0, 255), st.integers(2, 255))))
    rows, cols, seed = draw(st.tuples(st.integers(1, 40), st.integers(1, 40), st.integers(0, 99)))
    pixels = np.random.default_rng(seed).integers(low, high + 1, (3, rows, cols)).astype(np.uint8)
    pixels[0, 0, 0] = high
    return pixels


@settings(deadline=None, max_examples=60)
@given(byte_images(), st.sampled_from(WIDE))
def test_8_bit_values_are_seen_alike_whatever_type_holds_them(pixels: NDArray[np.uint8], dtype: str) -> None:
    expected = normalize(pixels, BYTES.bands)
    assert np.array_equal(_seen(pixels.astype(dtype)), expected)


@settings(deadline=None, max_examples=60)
@given(byte_images(), st.sampled_from(["float32", "float64"]))
def test_8_bit_values_as_fractions_are_seen_alike_up_to_rounding(pixels: NDArray[np.uint8], dtype: str) -> None:
    expected = normalize(pixels, BYTES.bands)
    assert np.abs(_seen((pixels / 255).astype(dtype)) - expected).max() < 1e-6


@settings(deadline=None, max_examples=60)
@given(byte_images(), st.sampled_from([0.0, 500.0, -3e4]), st.sampled_from([16.0, 77.7]))
def test_other_values_are_stretched_from_black_to_white(
    pixels: NDArray[np.uint8], offset: float, factor: float
) -> None:
    """Whatever their offset and their unit; and never beyond."""
    one, other = (
        _seen(np.concatenate([pixels, pixels], 1).astype("float64") * f + o)
        for f, o in ((factor * 4, offset), (factor * 8, 2 * offset))
    )
    assert one.min() >= 0
    assert one.max() <= 1 + 1e-6
    if np.ptp(pixels) > 20:
        assert np.abs(one - other).max() < 0.05


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(WIDE), st.sampled_from([0, 1, 7, 255, 256, 4095, 0.25, 1e20, -1e20]))
def test_a_constant_image_divides_by_nothing(dtype: str, value: float) -> None:
    if np.dtype(dtype).kind in "ui" and (value != int(value) or not 0 <= value < 30_000):
        return
    for model in (BYTES, card(dtype="uint16"), card(dtype="float32"), card(dtype="uint16", range=(100.0, 3000.0))):
        assert np.isfinite(_seen(np.full((3, 9, 9), value, dtype), model)).all()


@settings(deadline=None, max_examples=40)
@given(st.sampled_from([np.nan, np.inf, -np.inf, -9999.0, 1e30]), st.integers(0, 99))
def test_what_is_no_data_has_no_part_in_the_range(hole: float, seed: int) -> None:
    pixels = image(40, 50, dtype="float32", seed=seed) * 3000
    sample = _sample(pixels[:, :, 10:])
    pixels[:, :, :10] = hole
    assert _sample(pixels, nodata=hole if abs(hole) < 1e31 else None).black_and_white == sample.black_and_white


def test_a_warped_8_bit_image_that_overshoots_is_one_of_8_bit(tmp_path: Path) -> None:
    """As cubic resampling into float32 leaves it; also where overviews hide that its values were whole."""
    pixels = image(300, 300)
    pixels[:, 100:120, 100:120] = 255
    pixels[:, 160:180, 100:120] = 0
    source = save_scene(tmp_path / "byte.tif", pixels)
    with rasterio.open(source) as dataset:
        cubic = dataset.read(out_shape=(3, 451, 453), resampling=Resampling.cubic, out_dtype="float32")
    assert _sample(cubic * np.float32(1.05) - np.float32(3)).black_and_white == (0, 255)
    dark = save_scene(tmp_path / "dark.tif", (image(1200, 1300) // 6).astype("float32"), tiled=True)
    with rasterio.open(dark, "r+") as dataset:
        dataset.build_overviews([2, 4, 8], Resampling.average)
    with rasterio.open(dark) as dataset:
        sample = take_sample(dataset, (1, 2, 3), side=200)
        assert sample is not None
        assert (sample.values != np.rint(sample.values)).any()
        assert sample.black_and_white == (0, 255)


@pytest.mark.parametrize(
    ("changes", "values", "dtype", "expected"),
    [
        ({"dtype": "uint16"}, (200, 3000), "uint16", None),  # the type that it was trained on, as it is
        ({"dtype": "float32"}, (0.02, 0.4), "float64", None),
        ({"dtype": "float32"}, (2, 255), "float32", (0, 255)),
        ({"dtype": "float32"}, (20, 4000), "float32", "estimated"),
        ({"dtype": "uint16", "range": (100.0, 3000.0)}, (30, 4000), "float32", (100, 3000)),  # of the same meaning
        ({"dtype": "uint16", "range": (100.0, 3000.0)}, (30, 4000), "int16", (100, 3000)),
        ({"dtype": "uint16", "range": (100.0, 3000.0)}, (2, 255), "float32", (0, 255)),
        ({"dtype": "float32", "range": (0.01, 0.3)}, (0.0, 0.25), "float32", (0.01, 0.3)),
        ({"dtype": "float32", "range": (0.01, 0.3)}, (30, 4000), "uint16", "estimated"),
        ({}, (0.02, 0.4), "float32", "estimated"),
    ],
)
def test_values_of_the_meaning_that_a_model_knows_are_taken_as_they_are(
    changes: dict[str, Any], values: Range, dtype: str, expected: Any, tmp_path: Path
) -> None:
    low, high = values
    ramp = np.linspace(low, high, 3 * 40 * 50).reshape(3, 40, 50).astype(dtype)
    made = card(**changes)
    path = save_scene(tmp_path / "scene.tif", ramp)
    with plan_scene(str(path), made, SegmentConfig()) as (plan, _):
        if expected == "estimated":
            assert plan.stretch == pytest.approx(tuple(np.percentile(ramp, (2, 98))), rel=1e-3)
            assert "2…98 % of this raster; --range LO,HI says otherwise" in plan.stretched_as
        else:
            assert plan.stretch == expected


def test_maps_of_8_bit_values_in_other_types_are_those_of_the_8_bit_raster(tmp_path: Path) -> None:
    pixels = image(50, 60)
    save_model(tmp_path / "tiny.onnx")
    model = str(tmp_path / "tiny.onnx")
    segment(save_scene(tmp_path / "8.tif", pixels), tmp_path / "8c.tif", model=model)
    for dtype in WIDE:
        wide = save_scene(tmp_path / f"{dtype}.tif", pixels.astype(dtype))
        segment(wide, tmp_path / "c.tif", model=model, overwrite=True)
        assert np.array_equal(read(tmp_path / "8c.tif"), read(tmp_path / "c.tif"))
        assert any("range 0…255 as" in line for line in describe_plan(wide, model=model))


def test_the_range_of_a_card_survives_json_and_old_readers_refuse_it() -> None:
    ranged, plain = card(dtype="int16", range=(-20.0, 3000.0)), card()
    assert Card.from_json(ranged.to_json()) == ranged
    assert (ranged.to_dict()["version"], plain.to_dict()["version"]) == (2, 1)
    assert "range" not in plain.to_dict()


@pytest.fixture
def tiles(tmp_path: Path) -> Path:
    """Three uint16 tiles of one flight, half dark, dark and bright, an 8-bit one and one that is damaged."""
    folder = tmp_path / "tiles"
    folder.mkdir()
    save_model(tmp_path / "tiny.onnx")
    for name, bright in (("a", 30), ("b", 60), ("c", 0)):
        save_scene(folder / f"{name}.tif", _tile(bright))
    save_scene(folder / "d.tif", image(40, 60))
    (folder / "e.tif").write_bytes(b"II*\x00nonsense")
    return folder


def _tile(bright: int) -> NDArray[np.uint16]:
    pixels = 300 + 50 * np.random.default_rng(bright).random((3, 40, 60))
    pixels[:, :, bright:] += 2500
    return pixels.astype("uint16")


def _maps(tiles: Path, **options: Any) -> dict[str, tuple[str, NDArray[np.uint8] | None]]:
    maps = tiles.parent / "maps"
    done = batch(tiles, maps, model=str(tiles.parent / "tiny.onnx"), **options)
    return {
        Path(one.source).stem: (one.status, read(Path(one.output)) if Path(one.output).exists() else None)
        for one in done
    }


def test_a_folder_has_one_range(tiles: Path) -> None:
    """Dark is the same class in a tile that is dark all over as in one that is dark by half; 8 bit stays 8 bit."""
    found = _maps(tiles)
    assert [status for status, _ in found.values()] == ["done", "done", "done", "done", "failed"]
    (_, half), (_, dark), (_, bright), (_, byte), _ = found.values()
    assert half is not None
    assert dark is not None
    assert bright is not None
    assert byte is not None
    assert (dark == 1).mean() > 0.95
    assert np.array_equal(half[:, :25], dark[:, :25])
    assert (half[:, 35:] == 1).mean() < 0.05
    assert (bright == 1).mean() < 0.05
    segment(tiles / "d.tif", tiles.parent / "d.tif", model=str(tiles.parent / "tiny.onnx"))
    assert np.array_equal(byte, read(tiles.parent / "d.tif"))
    alone = _maps(tiles, range="per-raster", overwrite=True)["b"][1]
    segment(tiles / "b.tif", tiles.parent / "b.tif", model=str(tiles.parent / "tiny.onnx"))
    assert np.array_equal(alone, read(tiles.parent / "b.tif"))
    assert not np.array_equal(alone, dark)


def test_a_raster_that_is_added_is_stretched_as_the_others_were(tiles: Path) -> None:
    before = _maps(tiles)
    save_scene(tiles / "0.tif", _tile(0) * 4)
    again = _maps(tiles)
    assert {name: status for name, (status, _) in again.items()} == {
        "0": "done",
        **dict.fromkeys("abcd", "skipped"),
        "e": "failed",
    }
    anew = _maps(tiles, overwrite=True)
    assert {name: status for name, (status, _) in anew.items()} == {
        **dict.fromkeys("0abc", "done"),
        "d": "skipped",
        "e": "failed",
    }
    assert not np.array_equal(before["a"][1], anew["a"][1])
    assert np.array_equal(before["d"][1], anew["d"][1])
    assert {status for status, _ in _maps(tiles, overwrite=True).values()} == {"skipped", "failed"}


def test_the_range_of_a_folder_is_said(tiles: Path) -> None:
    from support import Listener

    said = Listener()
    _maps(tiles, reporter=said)
    (first,) = (line for line in said.messages if line.startswith("range "))
    assert "for all uint16 rasters of the folder, from 3 of 5 rasters; --range per-raster" in first
    assert sum("one for the folder, estimated from 3 of its rasters" in line for line in said.messages) == 3
    save_scene(tiles / "f.tif", _tile(20))
    again = Listener()
    _maps(tiles, reporter=again)
    (second,) = (line for line in again.messages if line.startswith("range "))
    assert second.split(",")[0] == first.split(",")[0]
    assert "as in the maps that are there already; --overwrite estimates it anew" in second


def test_the_scaling_of_a_card_with_a_range_is_what_deepness_computes() -> None:
    """Deepness divides by 255 before it standardises; the range is folded into mean and scale of the bands."""
    import json

    made = card(bands=tuple(Band(n, 2900.0, 0.5 + 100 / 2900, 0.25) for n in ("red", "green", "blue")))
    values = write_metadata(made, 0.125)
    mean, std = (np.array(json.loads(values[f"standardization_{key}"])) for key in ("mean", "std"))
    for stored, seen in ((100, -2.0), (3000, 2.0)):
        assert (stored / 255 - mean) / std == pytest.approx([seen] * 3)
