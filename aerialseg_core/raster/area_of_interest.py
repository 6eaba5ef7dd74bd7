"""The area of interest: the pixels of a scene that the user wants, by extent and by mask polygons."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj.exceptions import ProjError
from rasterio.crs import CRS

from ..errors import SceneError
from ..files.vectors import OGR_ERRORS, read_frame
from .window import Window

if TYPE_CHECKING:  # a run without a mask and an extent does not wait for it
    import shapely

_LARGE = 1 << 20
"""Pixels around a polygon of which some lie inside, whatever its shape."""

Extent = tuple[float, float, float, float]


@dataclass(frozen=True)
class Area:
    """The polygons of interest, in the CRS of a scene."""

    polygons: NDArray[Any]
    """Shapely polygons, shape (n,)."""
    tree: shapely.STRtree
    """Spatial index over them."""

    def covers(self, window: Window, transform: Affine, *, touched: bool = False) -> NDArray[np.bool_]:
        """Find which pixels of a window lie inside; shape (rows, cols).

        Args:
            window: Rectangle of the raster that has this transform.
            transform: Pixel to CRS.
            touched: Whether a pixel counts that a polygon only touches, instead of its centre.
        """
        from rasterio.features import rasterize

        shifted = transform * Affine.translation(window.col, window.row)
        near = self.polygons[self.tree.query(_outline(window, transform))]
        if not len(near):
            return np.zeros(window.shape, bool)
        burnt = rasterize(near, out_shape=window.shape, transform=shifted, all_touched=touched, dtype="uint8")
        return np.asarray(burnt, dtype=bool)

    def reaches(self, window: Window, transform: Affine) -> bool:
        """Tell whether the centre of any pixel of a window of the raster that has this transform lies inside."""
        import shapely

        footprint = _outline(window, transform)
        near = self.polygons[self.tree.query(footprint, predicate="intersects")]
        return any(self._reaches_into(shapely.intersection(one, footprint), window, transform) for one in near)

    def find_points(self, most: int) -> list[tuple[float, float]]:
        """Find a point (x, y) in each polygon; of more polygons than so many, in some of them, evenly chosen."""
        import shapely

        chosen = np.unique(np.linspace(0, len(self.polygons) - 1, most).astype(np.intp))
        return [(point.x, point.y) for point in shapely.point_on_surface(self.polygons[chosen])]

    def _reaches_into(self, part: shapely.Geometry, window: Window, transform: Affine) -> bool:
        """Tell the same of a polygon inside the window; one that is too large to be looked at surely does."""
        import shapely

        if not part.area:
            return False
        corners = shapely.box(*part.bounds).exterior.coords
        cols, rows = zip(*(~transform * corner for corner in corners), strict=True)
        top, left = math.floor(min(rows)), math.floor(min(cols))
        box = Window(top, left, math.ceil(max(rows)) - top + 1, math.ceil(max(cols)) - left + 1)
        seen = box.intersection(window)
        if seen is None:
            return False
        return seen.height * seen.width > _LARGE or bool(self.covers(seen, transform).any())


def read_area(path: str, crs: CRS | None) -> Area:
    """Read mask polygons and bring them into the CRS of a scene.

    Raises:
        SceneError: The file cannot be read, holds no polygon, or cannot be brought into the CRS of the scene.
    """
    import shapely

    try:
        frame = read_frame(path, columns=[])
    except OGR_ERRORS as error:
        raise SceneError(
            "mask-unreadable",
            "The mask {path} cannot be read: {error}.",
            "Give a vector file such as a GeoPackage.",
            path=path,
            error=error,
        ) from error
    geometry = getattr(frame, "geometry", None)
    if geometry is not None and crs is not None and frame.crs is not None:
        try:
            geometry = geometry.to_crs(crs.to_wkt())
        except ProjError as error:
            raise SceneError(
                "mask-crs-unusable",
                "The mask {path} cannot be brought into the CRS of the scene: {error}",
                "Save it in the CRS of the scene.",
                path=path,
                error=" ".join(str(error).split()),
            ) from error
    drawn = np.array([] if geometry is None else geometry.dropna(), dtype=object)
    # Who draws by hand draws over a line now and then: an eight is its two halves, as it is where it is burnt.
    crossed = ~shapely.is_valid(drawn)
    drawn[crossed] = shapely.make_valid(drawn[crossed])
    polygons = shapely.get_parts(shapely.get_parts(drawn))
    polygons = polygons[shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON] if len(polygons) else polygons
    if not len(polygons):
        raise SceneError(
            "mask-empty", "The mask {path} holds no polygon.", "Draw the area of interest as polygons.", path=path
        )
    return Area(polygons, shapely.STRtree(polygons))


def _outline(window: Window, transform: Affine) -> shapely.Polygon:
    """Draw the outline of a window of the raster that has this transform, in its CRS."""
    import shapely

    (top, left), (bottom, right) = (window.row, window.col), (window.row + window.height, window.col + window.width)
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return shapely.Polygon([transform * corner for corner in corners])


def find_window(extent: Extent, transform: Affine, shape: tuple[int, int]) -> Window:
    """Find the pixels of a raster that an extent touches.

    Args:
        extent: (xmin, ymin, xmax, ymax) in the raster's CRS.
        transform: Pixel to CRS.
        shape: (rows, cols) of the raster.

    Raises:
        SceneError: The extent lies outside the raster.
    """
    import shapely

    xmin, ymin, xmax, ymax = extent
    corners = [~transform * corner for corner in ((xmin, ymin), (xmin, ymax), (xmax, ymin), (xmax, ymax))]
    # Rounded, as an extent on the edges of pixels must not take one more.
    cols, rows = ([round(value, 6) for value in values] for values in zip(*corners, strict=True))
    row, col = (max(0, math.floor(min(values))) for values in (rows, cols))
    stop_row, stop_col = (min(size, math.ceil(max(values))) for size, values in zip(shape, (rows, cols), strict=True))
    window = Window(row, col, stop_row - row, stop_col - col)
    if stop_row <= row or stop_col <= col or not _outline(window, transform).intersects(shapely.box(*extent)):
        raise SceneError(
            "extent-outside",
            "The extent lies outside the scene.",
            "Give XMIN,YMIN,XMAX,YMAX in the coordinates of the scene's CRS.",
        )
    return window
