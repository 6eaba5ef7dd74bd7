"""Encoding: small rasters made in memory and written as plain files, so that a full disk is an error.

GDAL writes much of a file only when it is closed, and what goes wrong then is no exception.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rasterio.io import MemoryFile


@contextmanager
def raster_file(path: Path, **profile: Any) -> Iterator[Any]:
    """A raster to fill, in memory, that is written to a file when the block ends well.

    Args:
        path: File to write; what is there is replaced.
        **profile: As for `rasterio.open`.

    Yields:
        The dataset.

    Raises:
        OSError: The file cannot be written.
        RasterioError: The raster cannot be made.
    """
    with MemoryFile() as memory:
        with memory.open(**profile) as dataset:
            yield dataset
        path.write_bytes(memory.getbuffer())
