"""Manifests: what an object store is told of each scene that is done, as it has no files that a run could look into.

A manifest is one small object for each scene, so that any number of processes write theirs at the same time. It comes
last: a scene is done when its manifest is there, is that of this very job, and names the objects that are there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ..files.texts import write_json
from ..files.uploads import ObjectAddress, StoredObject, find_stored, read_stored
from ..raster.footprint import Footprint

FOLDER = ".aerialseg"
"""Where manifests are, below the folder of the results."""

_UNKNOWN = datetime.fromtimestamp(0, timezone.utc)


@dataclass(frozen=True)
class Manifest:
    """What was made of a scene."""

    tags: Mapping[str, str]
    """The tags of the class raster: of which scene it was made, by which model, with which parameters."""
    objects: Mapping[str, StoredObject]
    """What was uploaded, by names beside the class raster."""
    areas: Mapping[str, float]
    """Area of each class."""
    unit: str
    """Unit of the areas: m² or px²."""
    footprint: Footprint | None
    """Where it lies; None where nobody knows."""

    def write(self, path: Path) -> None:
        """Write it to a file.

        Raises:
            OSError: The disk is full.
        """
        place = self.footprint and {"wkb": self.footprint.wkb.hex(), "bounds": self.footprint.bounds}
        objects = {name: {"size": one.size, "etag": one.etag} for name, one in self.objects.items()}
        content = {"tags": self.tags, "objects": objects, "areas": self.areas, "unit": self.unit, "footprint": place}
        write_json(path, content)

    def holds(self, folder: ObjectAddress) -> bool:
        """Tell whether all that it names is there as it was uploaded.

        Args:
            folder: Where the class raster is.

        Raises:
            OutputError: The store does not answer.
        """
        return all(find_stored(folder.join(name)) == one for name, one in self.objects.items())


def read_manifest(address: ObjectAddress) -> Manifest | None:
    """Read a manifest from its store; None if there is none, or nothing that can be understood.

    Raises:
        OutputError: The store does not answer.
    """
    content = read_stored(address)
    try:
        found: dict[str, Any] = json.loads(content or b"{}")
        place = found["footprint"]
        return Manifest(
            {str(name): str(value) for name, value in found["tags"].items()},
            {name: StoredObject(one["size"], one["etag"], _UNKNOWN) for name, one in found["objects"].items()},
            {str(name): float(area) for name, area in found["areas"].items()},
            str(found["unit"]),
            place and Footprint(bytes.fromhex(place["wkb"]), (*map(float, place["bounds"]),)),  # type: ignore[arg-type]
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
