"""Gathering: polygons that wait until a file is worth opening for them, and are then written to it through OGR."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import OutputError
from ...files.outputs import make_output_error
from ...files.vectors import OGR_ERRORS, write_layer
from ..geometry import PolygonChunk, PolygonLayer, wkb_of

CHUNK_POINTS = 1 << 18
"""Vertices that are gathered before they are written; every write opens the file anew, which takes time."""


class GatheringWriter:
    """Writes polygons through OGR, many at a time; base of the writers of single formats.

    Args:
        path: File to make; there must be none.
        layer: What is written.
        driver: Name of the format in OGR.
        name: Name of the layer; that of the file where there is none.
        **created: What OGR is told when it makes the layer.
    """

    def __init__(self, path: Path, layer: PolygonLayer, driver: str, name: str | None = None, **created: str) -> None:
        self._path, self._layer, self._driver, self._name, self._created = path, layer, driver, name, created
        self._gathered: list[PolygonChunk] = []
        self._points = 0
        self._begun = False

    def write(self, chunk: PolygonChunk) -> None:
        """Add polygons.

        Raises:
            OutputError: They could not be written.
        """
        self._gathered.append(chunk)
        self._points += chunk.points
        if self._points >= CHUNK_POINTS:
            self._flush()

    def _rest(self) -> None:
        """Write what is left; an empty layer where there was nothing."""
        if self._gathered or not self._begun:
            self._flush()

    def _flush(self) -> None:
        table = self._table(self._gathered)
        self._append(
            layer=self._name,
            geometry=wkb_of(self._gathered),
            crs=self._layer.crs_wkt,
            geometry_type=self._layer.geometry_type,
            fields=list(table),
            field_data=list(table.values()),
            **({} if self._begun else self._created),
        )
        self._gathered.clear()
        self._points = 0

    def _table(self, chunks: list[PolygonChunk]) -> dict[str, NDArray[np.generic]]:
        """The attributes by the names that they have in the file."""
        return self._layer.table(chunks)

    def _append(self, **content: Any) -> None:
        with explained(self._path):
            write_layer(self._path, driver=self._driver, append=self._begun, **content)
        self._begun = True


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what OGR says about a file that it could not write into one sentence with its remedy.

    Args:
        path: The file.
    """
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "'crs' was not provided")  # the run has said so already
            yield
    except OGR_ERRORS as error:
        raise make_output_error(error, path) or OutputError(
            f"The polygons could not be written: {error}.", "Check the disk and the folder of the output."
        ) from error
