"""Scenes of every kind: what is read, from which bands, with which mask, at which ground resolution."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.control import GroundControlPoint
from rasterio.crs import CRS
from rasterio.enums import ColorInterp
from rasterio.rpc import RPC
from support import NORTH_UP, UTM, card, image, read, save_model, save_scene

from aerialseg_core import segment
from aerialseg_core.config import SegmentConfig
from aerialseg_core.errors import RasterReadError, SceneError
from aerialseg_core.model.card import Band
from aerialseg_core.model.normalization import normalize
from aerialseg_core.raster.geodesy import measure_resolution
from aerialseg_core.raster.scene import Scene, open_scene
from aerialseg_core.segmentation.engine_facts import EngineFacts
from aerialseg_core.segmentation.plan import describe
from aerialseg_core.segmentation.planning import plan_scene

RGB = card().band_names


def _coloured(path: Path, colours: tuple[ColorInterp, ...], **profile: Any) -> Path:
    """A raster whose band i is filled with 10·i."""
    pixels = np.stack([np.full((20, 30), 10 * i, np.uint8) for i in range(1, len(colours) + 1)])
    save_scene(path, pixels, **profile)
    with rasterio.open(path, "r+") as dataset:
        dataset.colorinterp = colours
    return path


R, G, B, A, UNDEFINED = (getattr(ColorInterp, n) for n in ("red", "green", "blue", "alpha", "undefined"))


@pytest.mark.parametrize(
    ("colours", "expected"),
    [
        ((R, G, B), (1, 2, 3)),
        ((B, G, R), (3, 2, 1)),
        ((UNDEFINED, A, B, G, R), (5, 4, 3)),
        ((R, G, B, A), (1, 2, 3)),
        ((A, R, G, B), (2, 3, 4)),
        ((UNDEFINED,) * 4, (1, 2, 3)),
    ],
)
def test_bands_go_by_their_colour_and_else_by_their_order(
    tmp_path: Path, colours: tuple[ColorInterp, ...], expected: tuple[int, ...]
) -> None:
    path = _coloured(tmp_path / "scene.tif", colours, photometric="minisblack")
    with open_scene(path, RGB) as scene:
        assert scene.bands == expected
        pixels, _ = scene.read(scene.window)
        assert pixels[:, 0, 0].tolist() == [10 * b for b in expected]


def test_bands_that_are_named_are_taken_in_their_order(tmp_path: Path) -> None:
    path = _coloured(tmp_path / "scene.tif", (R, G, B, UNDEFINED))
    with open_scene(path, RGB, bands=(4, 3, 2)) as scene, scene.resample((10, 15)) as coarse:
        assert coarse.read(coarse.window)[0][:, 3, 3].tolist() == [40, 30, 20]
    nir = (*RGB, "nir")
    with open_scene(path, nir) as scene:
        assert scene.bands == (1, 2, 3, 4)


@pytest.mark.parametrize("bands", [(1, 2), (1, 2, 9), None])
def test_bands_that_are_not_there_are_refused(tmp_path: Path, bands: tuple[int, ...] | None) -> None:
    path = save_scene(tmp_path / "scene.tif", image(9, 9, 3 if bands else 2))
    with (
        pytest.raises(SceneError, match=r"needs 3 bands \(red, green, blue\).*--bands"),
        open_scene(path, RGB, bands=bands),
    ):
        pass


@pytest.mark.parametrize("dtype", ["complex64", "complex_int16"])
def test_complex_values_are_refused(tmp_path: Path, dtype: str) -> None:
    path = tmp_path / "sar.tif"
    with rasterio.open(path, "w", driver="GTiff", width=8, height=8, count=3, dtype=dtype, crs=UTM, transform=NORTH_UP):
        pass
    with pytest.raises(SceneError, match=f"not of one real type.*{dtype}.*gdal_translate -ot"), open_scene(path, RGB):
        pass


def test_a_scene_located_by_control_points_only_is_refused(tmp_path: Path) -> None:
    points = [GroundControlPoint(r, c, 300_000.0 + c, 2_800_000.0 - r) for r, c in ((0, 0), (0, 9), (9, 0), (9, 9))]
    path = tmp_path / "gcps.tif"
    with rasterio.open(path, "w", driver="GTiff", width=9, height=9, count=3, dtype="uint8") as dataset:
        dataset.write(image(9, 9))
        dataset.gcps = (points, CRS.from_string(UTM))
    with pytest.raises(SceneError, match=r"ground control points only.*gdalwarp -t_srs"), open_scene(path, RGB):
        pass


def test_a_scene_located_by_rpcs_only_is_refused(tmp_path: Path) -> None:
    one = [1.0, *[0.0] * 19]
    values = {f"{axis}_{what}": 1.0 for axis in ("line", "samp", "lat", "long", "height") for what in ("off", "scale")}
    coefficients = {f"{axis}_{part}_coeff": one for axis in ("line", "samp") for part in ("num", "den")}
    path = tmp_path / "rpcs.tif"
    with rasterio.open(path, "w", driver="GTiff", width=9, height=9, count=3, dtype="uint8") as dataset:
        dataset.write(image(9, 9))
        dataset.rpcs = RPC(**values, **coefficients)
    with pytest.raises(SceneError, match=r"RPCs only.*gdalwarp -rpc"), open_scene(path, RGB):
        pass


@pytest.mark.parametrize(
    ("crs", "transform", "expected"),
    [
        (UTM, NORTH_UP, (1, 1)),
        (UTM, NORTH_UP * Affine.scale(0.5, 0.25), (0.25, 0.5)),
        (UTM, NORTH_UP * Affine.rotation(30) * Affine.scale(2), (2, 2)),
        (UTM, Affine(1, 0, 300_000, 0, 1, 2_800_000), (1, 1)),
        ("EPSG:4326", Affine(1e-5, 0, 25, 0, -1e-5, 60), (1.114, 0.558)),
        ("EPSG:2263", Affine(1, 0, 990_000, 0, -1, 200_000), (0.3048, 0.3048)),
        ("EPSG:3857", Affine(1, 0, 1e6, 0, -1, 8_399_788), (0.5004, 0.5013)),
        ('LOCAL_CS["drone",UNIT["metre",1]]', Affine(0.05, 0, 0, 0, -0.05, 0), (0.05, 0.05)),
        ('LOCAL_CS["drone",UNIT["foot",0.3048]]', Affine(1, 0, 0, 0, -1, 0), (0.3048, 0.3048)),
        ("IAU_2015:30100", Affine(1e-4, 0, 25, 0, -1e-4, 60), (3.0323, 1.5163)),  # the Moon, in degrees
        ("IAU_2015:30110", Affine(2, 0, 100, 0, -2, 100), (2, 2)),  # the Moon, in metres
    ],
)
def test_the_ground_resolution_is_in_metres_whatever_the_crs(
    crs: str, transform: Affine, expected: tuple[float, float]
) -> None:
    assert measure_resolution(CRS.from_user_input(crs).to_wkt(), transform, (100, 100)) == pytest.approx(
        expected, rel=2e-3
    )


Declare = Callable[[Path, NDArray[np.uint8], NDArray[np.bool_]], Path]


def _by_nodata(path: Path, pixels: NDArray[np.uint8], hole: NDArray[np.bool_]) -> Path:
    return save_scene(path, np.where(hole, 0, np.maximum(pixels, 1)), nodata=0)


def _by_alpha(path: Path, pixels: NDArray[np.uint8], hole: NDArray[np.bool_]) -> Path:
    return save_scene(
        path, np.concatenate([pixels, np.where(hole, 0, 255).astype("uint8")[None]]), photometric="rgb", alpha="yes"
    )


def _by_uint16_alpha(path: Path, pixels: NDArray[np.uint8], hole: NDArray[np.bool_]) -> Path:
    alpha = np.where(hole, 0, 65535).astype("uint16")[None]
    return save_scene(path, np.concatenate([pixels.astype("uint16"), alpha]), photometric="rgb", alpha="yes")


def _by_mask_band(path: Path, pixels: NDArray[np.uint8], hole: NDArray[np.bool_], *, internal: bool = True) -> Path:
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=internal):
        save_scene(path, pixels)
        with rasterio.open(path, "r+") as dataset:
            dataset.write_mask(~hole)
    assert path.with_name(path.name + ".msk").exists() is not internal
    return path


def _by_mask_file(path: Path, pixels: NDArray[np.uint8], hole: NDArray[np.bool_]) -> Path:
    return _by_mask_band(path, pixels, hole, internal=False)


def _by_nan(path: Path, pixels: NDArray[np.uint8], hole: NDArray[np.bool_]) -> Path:
    return save_scene(path, np.where(hole, np.nan, pixels).astype("float32"))


def _by_nan_in_one_band(path: Path, pixels: NDArray[np.uint8], hole: NDArray[np.bool_]) -> Path:
    values = pixels.astype("float64")
    values[1][hole] = np.nan
    return save_scene(path, values)


def _by_float_nodata(path: Path, pixels: NDArray[np.uint8], hole: NDArray[np.bool_]) -> Path:
    return save_scene(path, np.where(hole, np.float32(-9999), pixels.astype("float32")), nodata=-9999)


def _by_nan_nodata(path: Path, pixels: NDArray[np.uint8], hole: NDArray[np.bool_]) -> Path:
    return save_scene(path, np.where(hole, np.nan, pixels).astype("float32"), nodata=np.nan)


DECLARATIONS = [
    _by_nodata,
    _by_alpha,
    _by_uint16_alpha,
    _by_mask_band,
    _by_mask_file,
    _by_nan,
    _by_nan_in_one_band,
    _by_float_nodata,
    _by_nan_nodata,
]


@pytest.mark.parametrize("declare", DECLARATIONS)
@pytest.mark.parametrize("scale", [1, 2, 0.5])
def test_what_has_no_data_is_0_in_the_class_raster(tmp_path: Path, declare: Declare, scale: float) -> None:
    """Also where the scene is read resampled: the class raster has the holes of the scene, pixel by pixel."""
    hole = np.zeros((90, 100), bool)
    hole[:, :20] = hole[30:60, 40:80] = True
    scene = declare(tmp_path / "scene.tif", image(90, 100), hole)
    save_model(tmp_path / "tiny.onnx")
    segment(
        scene, tmp_path / "c.tif", confidence=tmp_path / "s.tif", model=str(tmp_path / "tiny.onnx"), gsd=float(scale)
    )
    assert np.array_equal(read(tmp_path / "c.tif") == 0, hole)
    assert np.array_equal(read(tmp_path / "s.tif") == 255, hole)


@pytest.mark.parametrize("declare", DECLARATIONS)
@pytest.mark.parametrize("shape", [(45, 50), (180, 200)])
def test_what_has_no_data_does_not_bleed_into_the_pixels_beside_it(
    tmp_path: Path, declare: Declare, shape: tuple[int, int]
) -> None:
    hole = np.zeros((90, 100), bool)
    hole[:, 30:60] = True
    grey = np.full((3, 90, 100), 100, np.uint8)
    grey[:, hole] = 1
    path = declare(tmp_path / "scene.tif", grey, hole)
    with open_scene(path, RGB) as scene, scene.resample(shape) as resampled:
        pixels, valid = resampled.read(resampled.window)
        assert np.array_equal(valid, resampled.read_valid(resampled.window))
    assert 0.6 < valid.mean() < 0.8
    if declare not in (_by_alpha, _by_uint16_alpha):
        assert np.allclose(pixels[:, valid], 100)


def test_a_scene_without_any_declaration_is_whole(tmp_path: Path) -> None:
    with open_scene(save_scene(tmp_path / "scene.tif", image(20, 30)), RGB) as scene, scene.resample((40, 60)) as fine:
        assert scene.whole
        assert fine.read(fine.window)[1].all()


def _levels(scene: Scene) -> NDArray[np.float64]:
    pixels, _ = scene.read(scene.window)
    return pixels.reshape(3, -1).mean(axis=1)


@pytest.mark.parametrize("shape", [(30, 36), (120, 150), (60, 37)])
@pytest.mark.parametrize(
    ("crs", "transform"),
    [
        (UTM, NORTH_UP),
        (UTM, NORTH_UP * Affine.rotation(30)),
        (UTM, Affine(1, 0, 300_000, 0, 1, 2_800_000)),
        ("EPSG:4326", Affine(1e-5, 0, 25, 0, -1e-5, 60)),
        (None, Affine.identity()),
    ],
)
def test_resampling_happens_in_pixels_whatever_the_georeference(
    tmp_path: Path, crs: str | None, transform: Affine, shape: tuple[int, int]
) -> None:
    rows, cols = np.mgrid[:60, :72].astype("float32")
    path = save_scene(tmp_path / "scene.tif", np.stack([rows, cols, rows + cols]), crs=crs, transform=transform)
    with open_scene(path, RGB) as scene, scene.resample(shape) as other:
        pixels, valid = other.read(other.window)
        assert other.shape == shape
        corner = other.transform * (shape[1], shape[0])
        assert corner == pytest.approx(scene.transform * (72, 60))
        assert _levels(other) == pytest.approx(_levels(scene), abs=0.2)
    assert valid.all()
    inner = (slice(None), slice(4, -4), slice(4, -4))
    down, across = (np.mgrid[: shape[0], : shape[1]][i] for i in (0, 1))
    expected = ((down + 0.5) * 60 / shape[0] - 0.5, (across + 0.5) * 72 / shape[1] - 0.5)
    assert np.abs(pixels[:2][inner] - np.stack(expected)[inner]).max() < 0.26


@pytest.mark.parametrize("dtype", ["uint16", "int16", "float32", "uint32", "float64"])
def test_other_types_are_stretched_by_one_range_for_the_whole_scene(tmp_path: Path, dtype: str) -> None:
    top = 1.0 if dtype.startswith("float") else 10_000
    values = (image(300, 200, dtype="float64") * 0.5 * top + 0.25 * top).astype(dtype)
    values[:, :50] = 0
    path = save_scene(tmp_path / "scene.tif", values, nodata=0)
    with plan_scene(str(path), card(), SegmentConfig()) as (plan, _):
        assert plan.stretch == pytest.approx(tuple(np.percentile(values[:, 50:], (2, 98))), rel=0.02)
    with plan_scene(str(path), card(), SegmentConfig(range=(3, 40))) as (plan, _):
        assert plan.stretch == (3, 40)
    with plan_scene(str(path), card(dtype=dtype), SegmentConfig()) as (plan, _):
        assert plan.stretch is None


def test_8_bit_scenes_are_stretched_only_when_a_range_is_given(tmp_path: Path) -> None:
    path = save_scene(tmp_path / "scene.tif", image(30, 30))
    with plan_scene(str(path), card(), SegmentConfig()) as (plan, _):
        assert plan.stretch is None
    with plan_scene(str(path), card(), SegmentConfig(range=(10, 90))) as (plan, _):
        assert plan.stretch == (10, 90)


def test_a_scene_without_data_has_no_range(tmp_path: Path) -> None:
    path = save_scene(tmp_path / "scene.tif", np.zeros((3, 30, 30), "uint16"), nodata=0)
    with pytest.raises(SceneError, match="no data at all"), plan_scene(str(path), card(), SegmentConfig()):
        pass


def test_scaling_is_what_the_card_says() -> None:
    bands = (Band("red", 255.0, 0.5, 0.25), Band("nir", 10.0, 1.0, 2.0))
    pixels = np.array([[[0, 255]], [[0, 255]]], np.uint8)
    expected = [[(0 / 255 - 0.5) / 0.25, (255 / 255 - 0.5) / 0.25], [(0 / 10 - 1) / 2, (255 / 10 - 1) / 2]]
    assert normalize(pixels, bands)[:, 0] == pytest.approx(np.array(expected))
    stretched = normalize(np.array([[[0, 100, 150, 200, 300]]], "uint16"), bands[:1], stretch_from=(100, 200))
    assert stretched[0, 0] == pytest.approx([-2, -2, 0, 2, 2], abs=1e-6)


def test_a_stretched_scene_gives_the_classes_of_the_8_bit_one(tmp_path: Path) -> None:
    pixels = image(50, 60)
    save_model(tmp_path / "tiny.onnx")
    model = str(tmp_path / "tiny.onnx")
    segment(save_scene(tmp_path / "8.tif", pixels), tmp_path / "8c.tif", model=model)
    wide = save_scene(tmp_path / "16.tif", pixels.astype("int16") * 100 - 5000)
    segment(wide, tmp_path / "16c.tif", model=model, range=(-5000, 20_500))
    assert np.array_equal(read(tmp_path / "8c.tif"), read(tmp_path / "16c.tif"))


@pytest.mark.parametrize(
    ("gsd", "shape"), [(0.9, (60, 80)), (1.14, (60, 80)), (1.2, (72, 96)), (0.5, (30, 40)), (3.9, (234, 312))]
)
def test_a_scene_is_read_at_the_resolution_of_the_model_beyond_15_percent(
    tmp_path: Path, gsd: float, shape: tuple[int, int]
) -> None:
    path = save_scene(tmp_path / "scene.tif", image(60, 80), transform=NORTH_UP * Affine.scale(gsd))
    with plan_scene(str(path), card(), SegmentConfig()) as (plan, _):
        assert plan.work_shape == shape
        assert plan.full_shape == (60, 80)
    with plan_scene(str(path), card(), SegmentConfig(out_gsd="model")) as (plan, _):
        assert plan.full_shape == shape
    with plan_scene(str(path), card(), SegmentConfig(gsd="source")) as (plan, _):
        assert plan.work_shape == (60, 80)


def test_a_missing_scene_names_what_is_missing(tmp_path: Path) -> None:
    with (
        pytest.raises(RasterReadError, match=r"nowhere.tif cannot be read.*Check the path"),
        open_scene(tmp_path / "nowhere.tif", RGB),
    ):
        pass


WORLD = Affine(0.1, 0, 500_000, 0, -0.1, 5_000_000)


@pytest.mark.parametrize(
    ("transform", "gsd", "read_as", "said"),
    [
        (WORLD, "auto", (60, 80), "unknown, --gsd METRES takes its pixel size, 0.1, as metres"),
        (WORLD, "source", (60, 80), "unknown"),
        (WORLD, 0.5, (12, 16), "its pixel size, 0.1, is taken as metres"),
        (Affine.identity(), "auto", (60, 80), "unknown, --gsd METRES is the size of its pixels"),
        (Affine.identity(), 0.25, (15, 20), "its pixels are as large as --gsd says"),
        (Affine.identity(), 1.1, (60, 80), "its pixels are as large as --gsd says"),
    ],
)
def test_an_image_without_crs_is_measured_as_the_user_says(
    tmp_path: Path, transform: Affine, gsd: Any, read_as: tuple[int, int], said: str
) -> None:
    """A world file has a pixel size, which is in metres then; a photo has the one that is named, for a model of 1 m."""
    path = save_scene(tmp_path / "scene.tif", image(60, 80), crs=None, transform=transform)
    with plan_scene(str(path), card(), SegmentConfig(gsd=gsd)) as (plan, _):
        assert plan.work_shape == read_as
        assert plan.full_shape == (60, 80)
        assert said in describe(plan, EngineFacts("none", 1))[-1]


def test_an_image_without_crs_is_refused_where_its_numbers_are_degrees(tmp_path: Path) -> None:
    path = save_scene(tmp_path / "scene.tif", image(60, 80), crs=None, transform=Affine(1e-6, 0, 11, 0, -1e-6, 48))
    with pytest.raises(SceneError, match="cannot be true"), plan_scene(str(path), card(), SegmentConfig(gsd=0.5)):
        pass
