"""Delivery: finished results go to their places, on a disk or in an object store, and are found there again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..files.uploads import StoredObject
from ..progress import Reporter
from ..raster.class_raster import read_tags, rename_raster
from ..raster.footprint import locate_raster
from .job import Outputs
from .manifest import Manifest, read_manifest

Move = Callable[..., object]
"""What puts a file in its place, called as `rename_raster` is."""


@dataclass(frozen=True)
class Earlier:
    """What an earlier run over a scene has left."""

    tags: Mapping[str, str]
    """Of the class raster; none unless all outputs are there."""
    manifest: Manifest | None = None
    """Theirs if they are in a store."""


def find_earlier(outputs: Outputs) -> Earlier:
    """Find what an earlier run over a scene has left.

    Args:
        outputs: Where the results are.

    Raises:
        OutputError: The store does not answer.
    """
    if outputs.scratch and outputs.manifest:
        address = outputs.scratch.find_address(outputs.manifest)
        folder = outputs.scratch.find_address(outputs.classes.parent)
        manifest = read_manifest(address) if address else None
        if manifest and folder:
            named = {name.partition("/")[0] for name in manifest.objects}
            if {path.name for path in outputs.results.values()} <= named and manifest.holds(folder):
                return Earlier(manifest.tags, manifest)
        return Earlier({})
    return Earlier(read_tags(outputs.classes) if all(path.exists() for path in outputs.paths) else {})


def make_move(
    outputs: Outputs, raster: Path, measured: tuple[dict[str, float], str], folder: Path, reporter: Reporter
) -> Move:
    """Make what puts the finished files of a scene in their places; after the class raster the manifest is uploaded.

    Args:
        outputs: Where they belong: into an object store if they lie in its scratch folder, else on the disk.
        raster: The class raster by now.
        measured: The area of each class, and the unit of the areas.
        folder: Where the manifest is written before it is uploaded.
        reporter: May cancel an upload.
    """
    scratch = outputs.scratch
    if scratch is None:
        return rename_raster
    tags, place = read_tags(raster), locate_raster(raster)
    own, base = {*outputs.paths}, outputs.classes.parent  # others write the item of the model too
    objects: dict[str, StoredObject] = {}

    def move(made: Path, target: Path, *, overwrite: bool) -> None:
        if scratch.find_address(target) is None:
            rename_raster(made, target, overwrite=overwrite)
            return
        stored = scratch.upload(made, target, reporter)
        if target in own and outputs.manifest:
            objects.update({path.relative_to(base).as_posix(): one for path, one in stored.items()})
        if target == outputs.classes and outputs.manifest:
            manifest = folder / outputs.manifest.name
            Manifest(tags, objects, *measured, place).write(manifest)
            scratch.upload(manifest, outputs.manifest, reporter)

    return move
