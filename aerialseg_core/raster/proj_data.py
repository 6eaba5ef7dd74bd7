"""Whether PROJ finds its definitions of coordinate systems; without them no raster with a CRS can be read."""

from __future__ import annotations

import os
from functools import cache

from rasterio.crs import CRS
from rasterio.errors import CRSError

from ..environ import FOREIGN
from ..errors import DependencyError


@cache
def require_projections() -> None:
    """Refuse to work where PROJ is led to the data of another program; where all is well, it is asked but once.

    Raises:
        DependencyError: It finds no definitions, or some of another version.
    """
    try:
        CRS.from_epsg(4326)
    except CRSError as error:
        named = " and ".join(f"{name}={os.environ[name]}" for name in FOREIGN["proj"] if name in os.environ)
        if named:
            raise DependencyError(
                "proj-data-foreign",
                "PROJ finds no coordinate systems of its version in {named}: {error}.",
                "Unset the variables of other programs, or call aerialseg_core.environ.clear() before rasterio is "
                "imported.",
                named=named,
                error=error,
            ) from error
        raise DependencyError(
            "proj-data-missing",
            "PROJ finds no coordinate systems of its version: {error}.",
            "Install rasterio again.",
            error=error,
        ) from error
