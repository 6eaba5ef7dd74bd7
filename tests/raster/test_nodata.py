"""Black and white borders that nobody declared: found, said, and left out with `--nodata`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from rasterio.io import MemoryFile
from support import NORTH_UP, UTM, Listener, card, image, read, save_model, save_scene

from aerialseg_core import batch, segment
from aerialseg_core.config import SegmentConfig
from aerialseg_core.errors import ParameterError, SceneError
from aerialseg_core.raster.nodata import Collar, find_collar
from aerialseg_core.segmentation.engine_facts import EngineFacts
from aerialseg_core.segmentation.plan import describe
from aerialseg_core.segmentation.planning import plan_scene

RGB = (1, 2, 3)


def _found(pixels: NDArray[Any]) -> Collar | None:
    bands, rows, cols = pixels.shape
    with MemoryFile() as file:
        with file.open(driver="GTiff", count=bands, height=rows, width=cols, dtype=pixels.dtype, crs=UTM) as dataset:
            dataset.write(pixels)
        with file.open() as dataset:
            return find_collar(dataset, RGB[:bands])


def _picture(rows: int, cols: int, dtype: str, seed: int) -> NDArray[Any]:
    """Noise that is no filler anywhere."""
    return np.random.default_rng(seed).integers(1, 250, (3, rows, cols)).astype(dtype)


FILLERS = {"uint8": (0, 255), "uint16": (0, 65535), "int16": (0, -32768, -9999), "float32": (0, -9999, -3.4028235e38)}


@settings(deadline=None, max_examples=60)
@given(
    kind=st.sampled_from([(dtype, value) for dtype, values in FILLERS.items() for value in values]),
    size=st.tuples(st.integers(20, 200), st.integers(20, 200)),
    turn=st.integers(0, 3),
    share=st.floats(0.1, 0.6),
    slanted=st.booleans(),
    seed=st.integers(0, 9),
)
def test_a_border_of_a_filler_is_a_collar(
    kind: tuple[str, float], size: tuple[int, int], turn: int, share: float, slanted: bool, seed: int
) -> None:
    """On any side, straight or slanted as a turned picture leaves it."""
    (dtype, value), (rows, cols) = kind, size
    pixels = _picture(rows, cols, dtype, seed)
    down, across = np.mgrid[:rows, :cols]
    collar = across < share * cols * (1 + slanted * (1 - 2 * down / rows)) + 1
    collar = np.rot90(collar, 2) if turn % 2 else collar
    pixels[:, collar] = value
    pixels[:, rows // 2 : rows // 2 + 2, cols // 2 + (2 if turn % 2 else 0)] = pixels[0, 0, 0]
    pixels, expected = (np.rot90(one, turn // 2, axes=(-2, -1)) for one in (pixels, collar))
    found = _found(np.ascontiguousarray(pixels))
    assert found is not None
    assert found.value == np.dtype(dtype).type(value)
    assert found.share == pytest.approx(expected.mean(), abs=0.06)


@settings(deadline=None, max_examples=40)
@given(dtype=st.sampled_from(list(FILLERS)), size=st.tuples(st.integers(1, 90), st.integers(1, 90)))
def test_a_picture_without_a_border_has_no_collar(dtype: str, size: tuple[int, int]) -> None:
    pixels = _picture(*size, dtype, 0)
    assert _found(pixels) is None
    pixels[:, 2:-2, 2:-2] = 0  # black, but nowhere at the edge
    assert _found(pixels) is None
    red = _picture(*size, dtype, 0)
    red[1:, : size[0] // 2] = 0  # red is no black
    assert _found(red) is None
    for value in FILLERS[dtype]:
        assert _found(np.full((3, *size), value, dtype)) is None


def test_what_is_not_connected_with_the_edge_is_no_collar() -> None:
    pixels = _picture(100, 120, "uint8", 0)
    pixels[:, :, :24] = 0
    pixels[:, 30:70, 50:110] = 0  # a lake, larger than the collar
    found = _found(pixels)
    assert found is not None
    assert found.share == pytest.approx(0.2, abs=0.02)


def test_a_collar_is_said_with_what_to_do(tmp_path: Path) -> None:
    pixels = np.maximum(image(80, 100), 1)
    pixels[:, :20] = 0
    for name, profile, said in (("plain", {}, True), ("declared", {"nodata": 0}, False)):
        path = save_scene(tmp_path / f"{name}.tif", pixels, **profile)
        with plan_scene(str(path), card(), SegmentConfig()) as (plan, _):
            text = "\n".join(describe(plan, EngineFacts("none", 1)))
        assert ("about 25% of the scene, along its edge, is 0 in all bands" in text) is said
        assert ("--nodata 0 leaves it out" in text) is said
    with plan_scene(str(tmp_path / "plain.tif"), card(), SegmentConfig(nodata=0)) as (plan, _):
        assert plan.collar is None


@pytest.mark.parametrize("scale", [1, 2, 0.5])
@pytest.mark.parametrize(("dtype", "value"), [("uint8", 0), ("uint8", 255), ("int16", -9999), ("float32", -9999)])
def test_a_nodata_value_that_is_named_is_one_that_is_declared(
    tmp_path: Path, dtype: str, value: float, scale: float
) -> None:
    """The same map to the bit, also where it is read resampled; inside the picture it is no data too."""
    pixels = (np.clip(image(90, 100), 1, 254)).astype(dtype)
    pixels[:, :20] = pixels[:, 50:60, 40:70] = value
    pixels[0, 70:80, :10] = value  # in one band only: data
    save_model(tmp_path / "tiny.onnx")
    options: dict[str, Any] = {"model": str(tmp_path / "tiny.onnx"), "gsd": float(scale), "range": (0, 255)}
    plain = save_scene(tmp_path / "plain.tif", pixels)
    segment(plain, tmp_path / "named.tif", nodata=value, **options)
    segment(save_scene(tmp_path / "declared.tif", pixels, nodata=value), tmp_path / "c.tif", **options)
    named = read(tmp_path / "named.tif")
    assert np.array_equal(named, read(tmp_path / "c.tif"))
    assert np.array_equal(named == 0, (pixels == value).all(axis=0))


def test_all_bands_count_and_so_does_alpha(tmp_path: Path) -> None:
    """Also a fourth band that the model does not see, as for a declared value, which the named one replaces."""
    pixels = np.maximum(image(60, 80, bands=4), 1)
    pixels[:3, :20] = 0
    pixels[3, :10] = 0
    plain: dict[str, Any] = {"photometric": "minisblack"}
    save_model(tmp_path / "tiny.onnx")
    model = str(tmp_path / "tiny.onnx")
    segment(save_scene(tmp_path / "four.tif", pixels, **plain), tmp_path / "c.tif", model=model, nodata=0)
    segment(save_scene(tmp_path / "own.tif", pixels, nodata=0, **plain), tmp_path / "d.tif", model=model)
    assert np.array_equal(read(tmp_path / "c.tif"), read(tmp_path / "d.tif"))
    segment(save_scene(tmp_path / "other.tif", pixels, nodata=7, **plain), tmp_path / "e.tif", model=model, nodata=0)
    assert np.array_equal(read(tmp_path / "e.tif"), read(tmp_path / "d.tif"))
    pixels[3] = 255
    pixels[3, :, 60:] = 0
    for scale in (1.0, 2.0):
        alpha = save_scene(tmp_path / "alpha.tif", pixels, photometric="rgb", alpha="yes")
        segment(alpha, tmp_path / "a.tif", model=model, nodata=0, gsd=scale, overwrite=True)
        none = read(tmp_path / "a.tif") == 0
        assert none[:20].all()
        assert none[:, 60:].all()
        assert not none[20:, :60].any()


def test_a_collar_has_no_part_in_the_range(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(500, 3000, (3, 80, 100)).astype("uint16")
    expected = []
    for collar in (0, 40):
        pixels[:, :collar] = 0
        path = save_scene(tmp_path / f"{collar}.tif", pixels)
        for options in ({}, {"nodata": 0}):
            with plan_scene(str(path), card(), SegmentConfig(**options)) as (plan, _):
                expected.append(plan.stretch)
    assert np.ptp(np.array(expected), axis=0).max() < 30


def test_a_value_that_cannot_be_no_data_is_refused(tmp_path: Path) -> None:
    def refused(name: str, value: float, match: str) -> None:
        with (
            pytest.raises(SceneError, match=match),
            plan_scene(str(tmp_path / name), card(), SegmentConfig(nodata=value)),
        ):
            pass

    save_scene(tmp_path / "byte.tif", image(20, 30))
    for value in (-9999, 256, 0.5):
        refused("byte.tif", value, rf"No pixel of .*byte\.tif can be {value:g}: it is uint8\. Correct the nodata value")
    save_scene(tmp_path / "float.tif", image(20, 30, dtype="float32"))
    refused("float.tif", 1e300, "it is float32")
    save_scene(tmp_path / "mask.tif", image(20, 30))
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(tmp_path / "mask.tif", "r+") as dataset:
        dataset.write_mask(np.ones((20, 30), bool))
        dataset.write_mask(np.arange(600).reshape(20, 30) > 50)
    refused("mask.tif", 0, "has a mask that says where it has no data. Name no nodata value")
    with pytest.raises(ParameterError, match="--nodata nan is no number"):
        SegmentConfig(nodata=float("nan"))


def test_maps_of_a_folder_are_made_again_for_another_nodata_value(tmp_path: Path) -> None:
    save_model(tmp_path / "tiny.onnx")
    (tmp_path / "in").mkdir()
    pixels = np.maximum(image(40, 50), 1)
    pixels[:, :9] = 0
    save_scene(tmp_path / "in" / "a.tif", pixels, transform=NORTH_UP * Affine.scale(1))

    def run(**options: Any) -> str:
        listener = Listener()
        (one,) = batch(
            tmp_path / "in", tmp_path / "maps", model=str(tmp_path / "tiny.onnx"), reporter=listener, **options
        )
        return one.status

    assert [run(), run(), run(nodata=0, overwrite=True), run(nodata=0)] == ["done", "skipped", "done", "skipped"]
    assert (read(tmp_path / "maps" / "a_classes.tif")[:9] == 0).all()
