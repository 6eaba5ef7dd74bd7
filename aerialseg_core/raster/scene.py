"""A scene: one raster to segment, read by window at whatever ground resolution is wanted.

Nothing here holds more than the window asked for. Rotated, south-up and geographic rasters and those without CRS are
all read alike, because resampling happens in pixel space.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.enums import MaskFlags, Resampling
from rasterio.windows import Window as RasterioWindow

from ..errors import SceneError
from .bands import BandChoice, choose_bands, read_facts, unset_false_alpha
from .geodesy import Gsd, measure_resolution, require_located
from .nodata import Collar, cast_nodata, declares_nodata, find_collar, find_valid
from .opening import Dataset, gdal_environment, open_raster, open_resampled, raise_read_errors
from .palette import expand_palette
from .value_range import SAMPLE_SIDE, Sample, take_sample
from .window import Window


@dataclass(frozen=True)
class Scene:
    """An open scene, as read at one resolution. Make it with `open_scene`."""

    source: str
    """What it was opened from."""
    dataset: Dataset
    """The open rasterio dataset, or a WarpedVRT over it."""
    choice: BandChoice
    """Which bands are read, and why these."""
    crs: CRS | None
    """Its CRS."""
    transform: Affine
    """Pixel to CRS, at the resolution at which it is read."""
    gsd: Gsd | None
    """Metres on the ground per pixel, (along a column, along a row), at the centre; None without CRS."""
    whole: bool
    """Whether every pixel has data by declaration (no nodata, alpha, mask, or floating-point NaN)."""
    nodata: float | None = None
    """The value that the user declares to be no data where all bands hold it, instead of what the file declares."""

    @property
    def bands(self) -> tuple[int, ...]:
        """Bands to read, 1-based, in the order of the model; of a palette image those of its colours."""
        return self.choice.bands

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self.dataset.height, self.dataset.width

    @property
    def window(self) -> Window:
        """All of it."""
        return Window(0, 0, *self.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the pixels."""
        return np.dtype(self.dataset.dtypes[self.bands[0] - 1])

    @property
    def striped(self) -> bool:
        """Whether the file is made of full-width strips instead of tiles."""
        return bool(self.dataset.block_shapes[0][1] >= self.dataset.width)

    def read(self, window: Window) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Read a window.

        Args:
            window: A rectangle inside the scene.

        Returns:
            Pixels of shape (bands, rows, cols), and of shape (rows, cols) where they are data.

        Raises:
            RasterReadError: The raster is damaged there.
        """
        area = _to_rasterio(window)
        with raise_read_errors(self.source), gdal_environment():
            pixels: NDArray[Any] = self.dataset.read(list(self.bands), window=area)
            if self.whole:
                return pixels, np.ones(window.shape, bool)
            if self.nodata is not None:
                valid = find_valid(self.dataset, area, self.nodata, pixels=pixels, bands=self.bands)
            else:
                valid = np.asarray(self.dataset.dataset_mask(window=area) > 0)
        if pixels.dtype.kind == "f":
            valid &= np.isfinite(pixels).all(axis=0)
        return pixels, valid

    def read_valid(self, window: Window) -> NDArray[np.bool_]:
        """Read where a window has data; shape (rows, cols).

        Raises:
            RasterReadError: The raster is damaged there.
        """
        if self.whole:
            return np.ones(window.shape, bool)
        if self.dtype.kind == "f" or self.nodata is not None:
            return self.read(window)[1]
        with raise_read_errors(self.source), gdal_environment():
            return np.asarray(self.dataset.dataset_mask(window=_to_rasterio(window)) > 0)

    def take_sample(self, *, side: int = SAMPLE_SIDE) -> Sample:
        """Take values from one decimated read of the whole scene.

        Args:
            side: Longest side of that read, px.

        Raises:
            RasterReadError: The raster is damaged.
            SceneError: It has no data at all.
        """
        collar = self.find_collar()
        with raise_read_errors(self.source), gdal_environment():
            sample = take_sample(self.dataset, self.bands, side=side, nodata=collar.value if collar else self.nodata)
        if sample is None:
            raise SceneError(
                "scene-empty", "{scene} has no data at all.", "Check its nodata value and mask.", scene=self.source
            )
        return sample

    def find_collar(self) -> Collar | None:
        """Find the border of one value that nobody declared to be no data, if there is one.

        Raises:
            RasterReadError: The raster is damaged.
        """
        if self.nodata is not None or declares_nodata(self.dataset):
            return None
        with raise_read_errors(self.source), gdal_environment():
            return find_collar(self.dataset, self.bands)

    @contextmanager
    def resample(self, shape: tuple[int, int]) -> Iterator[Scene]:
        """Open the same scene resampled to (rows, cols): averaged when coarser, bilinear when finer."""
        rows, cols = self.shape
        if shape == (rows, cols):
            yield self
            return
        scale = Affine.scale(cols / shape[1], rows / shape[0])
        coarser = shape[0] * shape[1] < rows * cols
        masked = not self.whole and MaskFlags.alpha not in self.dataset.mask_flag_enums[0]
        options: dict[str, Any] = {"add_alpha": masked and self.dataset.nodata is None and self.nodata is None}
        if self.nodata is not None:
            options |= {"src_nodata": self.nodata, "nodata": self.nodata}
        how = Resampling.average if coarser else Resampling.bilinear
        with open_resampled(self.dataset, scale, shape, how, **options) as resampled:
            gsd = self.gsd and (self.gsd[0] * rows / shape[0], self.gsd[1] * cols / shape[1])
            yield Scene(self.source, resampled, self.choice, self.crs, self.transform * scale, gsd, self.whole)


@contextmanager
def open_scene(
    source: str | Path, wanted: Sequence[str], *, bands: tuple[int, ...] | None = None, nodata: float | None = None
) -> Iterator[Scene]:
    """Open a raster as a scene for a model.

    Args:
        source: Anything that rasterio opens.
        wanted: Names of the bands that the model wants, in its order.
        bands: 1-based bands of the raster in the order of `wanted`; None to find them as `bands.choose_bands` does.
        nodata: Value that means no data where all bands hold it, instead of the one that the file declares; None for
            what the file declares.

    Raises:
        RasterReadError: The raster cannot be opened.
        SceneError: It has too few bands, complex values, pixels without area, or is located by control points or
            RPCs only, or its coordinates are not those of its CRS; or no pixel can hold the nodata value.
    """
    with open_raster(source) as stored, expand_palette(stored) as colours, unset_false_alpha(colours) as dataset:
        _refuse_unlocated(stored)
        choice = choose_bands(read_facts(dataset), wanted, bands, raster=stored.name)
        _refuse_unreal(dataset, choice.bands, stored.name)
        require_located(stored)
        gsd = None
        if stored.crs:
            gsd = measure_resolution(stored.crs.to_wkt(), stored.transform, stored.shape, name=stored.name)
        declared = all(dataset.mask_flag_enums[i - 1] == [MaskFlags.all_valid] for i in choice.bands)
        whole = nodata is None and declared and np.dtype(dataset.dtypes[choice.bands[0] - 1]).kind != "f"
        nodata = None if nodata is None else cast_nodata(nodata, dataset, choice.bands, stored.name)
        yield Scene(str(source), dataset, choice, stored.crs, stored.transform, gsd, whole, nodata)


def _to_rasterio(window: Window) -> RasterioWindow:
    return RasterioWindow(window.col, window.row, window.width, window.height)


def _refuse_unlocated(dataset: Dataset) -> None:
    """Refuse a raster that must be warped before anybody knows where its pixels lie."""
    if dataset.crs is not None:
        return
    if dataset.gcps[0]:
        raise SceneError(
            "scene-gcps",
            "{scene} is located by ground control points only.",
            "Warp it first: gdalwarp -t_srs EPSG:… IN.tif OUT.tif.",
            scene=dataset.name,
        )
    if dataset.rpcs is not None:
        raise SceneError(
            "scene-rpcs",
            "{scene} is located by RPCs only.",
            "Orthorectify it first: gdalwarp -rpc -t_srs EPSG:… IN.tif OUT.tif.",
            scene=dataset.name,
        )


def _refuse_unreal(dataset: Dataset, bands: Sequence[int], name: str) -> None:
    """Refuse bands of complex numbers, or of several types."""
    types = {dataset.dtypes[i - 1] for i in bands}
    if len(types) > 1 or any(kind.startswith("complex") for kind in types):  # numpy does not know complex_int16
        raise SceneError(
            "scene-mixed-types",
            "The bands of {scene} are not of one real type ({types}).",
            "Convert them first: gdal_translate -ot.",
            scene=name,
            types=", ".join(sorted(types)),
        )
