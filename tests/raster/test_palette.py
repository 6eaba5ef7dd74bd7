"""Palette images are the colours that they show: in windows and resampled, with what is transparent as no data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray
from rasterio.shutil import copy
from rasterio.windows import Window as RasterWindow
from support import NORTH_UP, UTM, card, read, save_model, save_scene

from aerialseg_core import segment
from aerialseg_core.datasets.rasters import open_image, read_image, validity_reader
from aerialseg_core.errors import SceneError
from aerialseg_core.raster.palette import read_averaged
from aerialseg_core.raster.scene import open_scene
from aerialseg_core.raster.window import Window

RGB = card().band_names

ROWS, COLS, GAP = 60, 90, 7
"""Pixels of `GAP` are those that have no data, if any have none."""

Maker = Callable[[str], tuple[Path, Path]]


def colours() -> NDArray[np.uint8]:
    """A palette in which neighbouring numbers are far apart."""
    return np.random.default_rng(3).integers(0, 256, (256, 3), np.uint8)


@pytest.fixture
def make(tmp_path: Path) -> Maker:
    """A function that writes a palette image, and the same with its colours spelt out."""

    def pair(kind: str) -> tuple[Path, Path]:
        rng = np.random.default_rng(4)
        numbers = np.kron(rng.integers(0, 40, (ROWS // 5, COLS // 5), np.uint8), np.ones((5, 5), np.uint8))
        valid = numbers != GAP if kind != "whole" else np.ones_like(numbers, bool)
        spelt = np.moveaxis(colours()[numbers], -1, 0)
        alpha = np.where(valid, 255, 0).astype(np.uint8)
        rgb = spelt if kind == "whole" else np.concatenate([spelt, alpha[None]])
        true = save_scene(tmp_path / "rgb.tif", rgb, photometric="rgb", **({} if kind == "whole" else {"alpha": "yes"}))
        return _write(tmp_path, kind, numbers, valid), true

    return pair


def _write(folder: Path, kind: str, numbers: NDArray[np.uint8], valid: NDArray[np.bool_]) -> Path:
    path = folder / ("palette.png" if kind == "transparent" else "palette.tif")
    profile: dict[str, Any] = {"height": ROWS, "width": COLS, "count": 1, "dtype": "uint8", "crs": UTM}
    profile |= {"driver": "PNG"} if kind == "transparent" else {"driver": "GTiff", "photometric": "palette"}
    if kind == "nodata":
        profile["nodata"] = GAP
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(path, "w", transform=NORTH_UP, **profile) as made:
        opaque = dict.fromkeys(range(256), 255) | ({GAP: 0, 200: 0} if kind == "transparent" else {})
        made.write_colormap(1, {i: (*map(int, colours()[i]), opaque[i]) for i in range(256)})
        made.write(numbers, 1)
        if kind == "mask":
            made.write_mask(valid)
    return path


KINDS = pytest.mark.parametrize("kind", ["whole", "nodata", "transparent", "mask"])


@KINDS
@pytest.mark.parametrize("options", [{}, {"gsd": 2.0}, {"gsd": 1.7, "out_gsd": "model"}, {"gsd": 0.6}], ids=str)
def test_a_palette_image_is_segmented_as_its_colours_are(
    tmp_path: Path, make: Maker, kind: str, options: dict[str, Any]
) -> None:
    palette, rgb = make(kind)
    model = save_model(tmp_path / "model.onnx", gsd_range=(0.5, 3.0))
    made = []
    for source in (palette, rgb):
        output = tmp_path / f"{source.stem}_classes.tif"
        segment(source, output, model=str(model.path), threads=1, **options)
        made.append(read(output))
    np.testing.assert_array_equal(*made)
    assert len(np.unique(made[0])) > 2
    assert (made[0] == 0).any() == (kind != "whole")


@KINDS
def test_its_windows_are_its_colours_in_a_scene_and_in_labelled_data(make: Maker, kind: str) -> None:
    palette, rgb = make(kind)
    window = Window(3, 5, 40, 31)
    with open_scene(str(palette), RGB) as scene, open_scene(str(rgb), RGB) as true:
        for got, wanted in zip(scene.read(window), true.read(window), strict=True):
            np.testing.assert_array_equal(got, wanted)
        assert scene.whole == (kind == "whole")
        assert scene.crs == true.crs
        assert scene.transform == true.transform
    np.testing.assert_array_equal(read_image(palette, (3, 1), window), read_image(rgb, (3, 1), window))
    with validity_reader(palette) as got_valid, validity_reader(rgb) as true_valid:
        assert (got_valid is None) == (kind == "whole")
        if got_valid and true_valid:
            np.testing.assert_array_equal(got_valid(window), true_valid(window))


@pytest.mark.parametrize(
    "form", ["{}/palette.vrt", "zip://{}/palette.zip!/palette.tif", "zip://{}/palette.zip!/palette.vrt"]
)
def test_a_palette_is_looked_up_whatever_rasterio_calls_the_image(tmp_path: Path, make: Maker, form: str) -> None:
    palette, rgb = make("nodata")
    copy(palette, tmp_path / "palette.vrt", driver="VRT")
    with ZipFile(tmp_path / "palette.zip", "w") as archive:
        for path in (palette, tmp_path / "palette.vrt"):
            archive.write(path, path.name)
    with open_scene(form.format(tmp_path), RGB) as scene, open_scene(rgb, RGB) as true:
        for got, wanted in zip(scene.read(scene.window), true.read(true.window), strict=True):
            np.testing.assert_array_equal(got, wanted)


@pytest.mark.parametrize("window", [None, RasterWindow(10, 20, 30, 40)])
def test_what_is_made_smaller_is_the_mean_of_colours_not_of_numbers(make: Maker, window: RasterWindow | None) -> None:
    with open_image(make("whole")[0]) as image, open_image(make("whole")[1]) as true:
        got, wanted = (read_averaged(one, (1, 2, 3), window, (8, 6)).astype(int) for one in (image, true))
    assert abs(got - wanted).max() <= 1


def test_an_image_with_a_palette_beside_an_alpha_band_is_one_too(tmp_path: Path) -> None:
    numbers = np.random.default_rng(5).integers(0, 9, (2, 20, 30), np.uint8)
    numbers[1] = np.where(numbers[1] > 4, 255, 0)
    path = save_scene(tmp_path / "image.tif", numbers, photometric="palette", alpha="yes")
    with rasterio.open(path, "r+") as made:
        made.write_colormap(1, {i: (*map(int, colours()[i]), 255) for i in range(256)})
    with open_scene(path, RGB) as scene:
        pixels, valid = scene.read(scene.window)
    np.testing.assert_array_equal(np.moveaxis(pixels, 0, -1), colours()[numbers[0]])
    np.testing.assert_array_equal(valid, numbers[1] > 0)


def test_an_image_that_has_lost_its_palette_is_one_of_one_band(tmp_path: Path) -> None:
    path = tmp_path / "image.tif"
    save_scene(path, np.ones((1, 20, 30), np.uint8))
    path.with_name("image.tif.aux.xml").write_text(
        "<PAMDataset><PAMRasterBand band='1'><ColorInterp>Palette</ColorInterp></PAMRasterBand></PAMDataset>"
    )
    with pytest.raises(SceneError, match="3 bands"), open_scene(path, RGB):
        pass
