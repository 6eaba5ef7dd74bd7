"""References: the files that a virtual raster or a tile index is made of, and what is one under another name."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from ..errors import AerialSegError
from ..files.vectors import OGR_ERRORS, read_frame

SOURCE_ELEMENTS = frozenset({"SourceFilename", "SourceDataset"})
"""Elements of a VRT that name a file, https://gdal.org/drivers/raster/vrt.html."""

TILE_INDEXES = (".gti.gpkg", ".gti.fgb", ".gti.parquet")
"""Endings by which GDAL knows a vector file as an index of rasters."""

_LOCATION = "location"
_HEAD = 4096  # GDAL passes over white space at the beginning, but over no more than that
_BEGINS = re.compile(rb'(\xef\xbb\xbf)?\s*(<[A-Za-z?!]|\{\s*["}])[^\0-\x08]*\Z')


def is_text(path: Path) -> bool:
    """Whether a file begins as XML or JSON does; images never do. False where it cannot be read."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except (OSError, ValueError):
        return False
    return _BEGINS.match(head) is not None


def sources_of(path: Path) -> Iterator[str]:
    """The sources that a VRT (.vrt) or a tile index (.gti.gpkg and its like) names; nothing for any other file.

    Args:
        path: A local file.

    Yields:
        Files as absolute paths where they are relative to the VRT, and whatever else GDAL opens, as it stands there.
    """
    name = path.name.lower()
    if name.endswith(".vrt"):
        yield from _vrt_sources(path)
    elif name.endswith(TILE_INDEXES):
        yield from _index_sources(path)


def _vrt_sources(path: Path) -> Iterator[str]:
    try:
        for _, element in ElementTree.iterparse(path):
            if element.tag in SOURCE_ELEMENTS and element.text:
                relative = element.get("relativeToVRT", element.get("relativetoVRT", "0")) == "1"
                yield _beside(path, element.text) if relative else element.text
            element.clear()
    except (ElementTree.ParseError, OSError):  # GDAL says what is wrong with it
        return


def _index_sources(path: Path) -> Iterator[str]:
    try:
        frame = read_frame(path, read_geometry=False)
    except (*OGR_ERRORS, AerialSegError):
        return
    names = {str(name).lower(): name for name in frame.columns}
    if _LOCATION in names:
        for location in frame[names[_LOCATION]].dropna():
            yield _beside(path, str(location))


def _beside(path: Path, name: str) -> str:
    """A name that is relative to a file's folder; what is no plain relative path stays as it is."""
    if os.path.isabs(name) or re.match(r"[A-Za-z][A-Za-z0-9_+.-]+:", name) or name.startswith("/vsi"):
        return name
    return str(path.absolute().parent / name)
