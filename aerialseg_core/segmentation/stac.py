"""STAC: an item for what was made of a scene, and a collection of such items (https://stacspec.org, version 1.1).

What an item says of a run stands in the class raster, so it can be made at any time by anybody who has the rasters. The
fields of extensions are written by hand, as the packages of pystac stand at other versions of them or are missing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from ..errors import AerialSegError, DataError, DependencyError, OutputError
from ..files.checksum import compute_sha256
from ..files.outputs import check_free, lock_outputs, raise_output_errors, write_atomically
from ..files.texts import read_json, write_json
from ..model.bundle import Model
from ..model.registry import list_models, load_model
from ..model.stac import (
    CLASSIFICATION_SCHEMA,
    FILE_SCHEMA,
    MULTIHASH_SHA256,
    describe_classes,
    make_mlm_item,
)
from ..progress import Reporter
from ..raster.categories import CLASSES_TAG, read_declared
from ..raster.class_raster import ENGINE_TAG, JOB_TAG, PARAMETERS_TAG, name_sidecar, read_tags
from ..raster.classes import LandCoverClass
from ..raster.footprint import compute_footprint
from ..raster.geodesy import measure_resolution
from ..raster.opening import Dataset, is_remote, open_raster
from ..redaction import redact
from ..sentences import Sentence

PROCESSING_SCHEMA = "https://stac-extensions.github.io/processing/v1.1.0/schema.json"
PROJECTION_SCHEMA = "https://stac-extensions.github.io/projection/v2.0.0/schema.json"
RASTER_SCHEMA = "https://stac-extensions.github.io/raster/v2.0.0/schema.json"

COLLECTION = "collection.json"
"""Name of the collection in a folder of results."""

COG = "image/tiff; application=geotiff; profile=cloud-optimized"
"""Media type of the rasters."""

MEDIA_TYPES = {
    ".gpkg": "application/geopackage+sqlite3",
    ".parquet": "application/vnd.apache.parquet",
    ".geojson": "application/geo+json",
    ".fgb": "application/vnd.flatgeobuf",
    ".shp": "application/vnd.shp",
    ".xml": "application/xml",
    ".html": "text/html",
}
"""Media type of any other file, by its ending."""

JSON, ITEM = "application/json", "application/geo+json"
"""Media types of a collection and of an item."""

TITLES = {
    "classes": "Class raster",
    "attributes": "Class names and attribute table of the class raster, for GDAL",
    "confidence": "Confidence: the score of the class, %",
    "unlike": "Distance from the training images of the model, % of what is normal: to 100 like them",
    "seams": "How much overlapping windows disagreed before they were blended, %",
    "polygons": "Class polygons",
}
"""What an asset is, by its key."""

POLYGONS = (".gpkg", ".parquet", ".geojson", ".fgb", ".shp")
"""Endings of polygons."""

WHOLE = {
    "index.html": "What became of each scene, as a page",
    "scenes.gpkg": "What became of each scene, with its footprint",
    **{f"polygons*{ending}": "Class polygons of a mosaic" for ending in POLYGONS},
    "classes*.gti.gpkg": "Index over the class rasters of a mosaic, for GDAL 3.9 and newer",
    "classes*.vrt": "The class rasters of a mosaic as one virtual raster",
}
"""What else `batch` writes into the folder of a collection."""

_NO_DATA_CLASS = {"value": 0, "name": "no-data", "title": "No data", "nodata": True}


def require_pystac() -> None:
    """Refuse, before anything is computed, an item that could not be made.

    Raises:
        DependencyError: pystac is not installed.
    """
    try:
        import_module("pystac")
    except ImportError as error:
        raise DependencyError(
            "needs-pystac",
            "STAC items need pystac, which is not installed.",
            'Install it: pip install "aerialseg[stac]"; or leave out --stac.',
        ) from error


def name_item(classes: Path) -> Path:
    """Name the item of a class raster."""
    return classes.with_suffix(".json")


def write_item(
    target: Path,
    results: Mapping[str, Path],
    *,
    written: Mapping[Path, Path],
    model: Model,
    root: Path | None = None,
    apart: bool = False,
) -> dict[Path, Path]:
    """Write the item of what was made of a scene, and that of the model beside the class raster.

    An item without collection gets a copy of the model too; for a collection it is `copy_model` that makes one.

    Args:
        target: File to write; its content is for beside the class raster.
        results: The files by their keys, which are among those of `TITLES`.
        written: Where each of them is by now.
        model: The model that made them.
        root: The folder of the collection that it belongs to, if there is one; the item of the model is there then.
        apart: Whether the results go to another place than a disk; the item of the model is beside `target` by now.

    Returns:
        Where the item of the model, and the copy, will be, and where they are by now.

    Raises:
        RasterReadError: The class raster cannot be read.
        OutputError: The disk is full, or not there any more.
    """
    classes = results["classes"]
    place = root or classes.absolute().parent
    beside = target.parent if apart else place
    made = write_model_item(beside, model)
    parts = [made]
    if root is None:
        parts.append(copy_model(beside, model))
        item = _make_item(classes.stem, results, written, place / made.name, apart=apart)
        described = item.to_dict(include_self_link=False, transform_hrefs=False)
    else:
        described = _make_member(root, results, written, place / made.name, apart=apart)
    with raise_output_errors(name_item(classes)):
        write_json(target, described)
    return {place / part.name: part for part in parts}


def copy_model(folder: Path, model: Model) -> Path:
    """Copy a model into a folder under the name that its item tells, unless it is there, and return its path.

    Raises:
        OutputError: The disk is full, or not there any more.
    """
    path = folder / _name_copy(model)
    if not path.exists():
        with write_atomically(path, overwrite=True) as temporary:
            temporary.write_bytes(model.network or model.path.read_bytes())  # as it was when it was loaded
    return path


def write_model_item(folder: Path, model: Model) -> Path:
    """Write the item of a model into a folder, unless it is there, and return its path."""
    path = folder / _name_model_item(model.card.name, model.sha256)
    if not path.exists():
        described = make_mlm_item(
            model.card,
            href=quote(_name_copy(model)),  # where it is on this machine is nobody's business
            sha256=model.sha256,
            dtype=model.signature.dtype,
            channels_last=model.signature.channels_last,
        )
        with write_atomically(path, overwrite=True) as temporary:
            write_json(temporary, described)
    return path


def write_stac_collection(folder: str | Path, *, overwrite: bool = False, reporter: Reporter | None = None) -> Path:
    """Write a STAC collection of all results in a folder, and an item for each class raster.

    All that is said comes from the rasters, whoever computed them and wherever. An item that is there already, and not
    older than its files, stays.

    Args:
        folder: Where the results are, as `batch` writes them; sub-folders too.
        overwrite: Whether files of these names may be replaced that aerialseg has not made.
        reporter: May cancel, and is told what was written.

    Returns:
        The collection, `collection.json` in the folder.

    Raises:
        DataError: The folder holds no class raster of aerialseg.
        DependencyError: pystac is not installed.
        OutputError: A file cannot be written, or is there and not of aerialseg.
    """
    require_pystac()
    root, reporter = Path(folder), reporter or Reporter()
    return gather_items(root, _update_items(root, overwrite=overwrite), overwrite=overwrite, reporter=reporter)


def gather_items(
    root: Path, items: Iterable[tuple[Path, dict[str, Any]]], *, overwrite: bool, reporter: Reporter
) -> Path:
    """Write the collection of items; otherwise as `write_stac_collection`.

    Args:
        root: Its folder.
        items: Each item, and where it is in the folder.
        overwrite: Whether a `collection.json` may be replaced that aerialseg has not made.
        reporter: May cancel, and is told what was written.
    """
    target = root / COLLECTION
    with lock_outputs("stac", target):
        _refuse_foreign(target, overwrite=overwrite)
        gathered = _Gathered(_name_collection(root))
        for path, item in items:
            reporter.check()
            gathered.add(item, path.relative_to(root))
        if not gathered.links:
            raise DataError(
                "stac-no-results",
                "{folder} holds no class raster of aerialseg.",
                "Give the folder of the results.",
                folder=root,
            )
        with write_atomically(target, overwrite=True) as temporary:
            write_json(temporary, gathered.describe(root))
    said = "wrote {path} with {count} items"
    reporter.message(Sentence("stac-written", said, path=target, count=len(gathered.links)))
    return target


def _name_collection(root: Path) -> str:
    return root.absolute().name or "results"


def _update_items(root: Path, *, overwrite: bool) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Write the items that are missing or outdated in a folder, and give all."""
    for classes, tags in _find_class_rasters(root):
        results, path = _find_results(classes, tags), name_item(classes)
        item = _read_current_item(path, results, _name_collection(root))
        if item is None:
            _refuse_foreign(path, overwrite=overwrite)
            item = _make_member(root, results, {}, _find_model_item(root, tags))
            with write_atomically(path, overwrite=True) as temporary:
                write_json(temporary, item)
        yield path, item


@dataclass
class _Gathered:
    """What a collection says of its items."""

    name: str
    """Its id."""
    links: list[dict[str, str]] = field(default_factory=list)
    boxes: list[list[float]] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    summaries: dict[str, list[Any]] = field(default_factory=dict)
    assets: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What the assets of items have in common, by their keys."""

    def add(self, item: dict[str, Any], path: Path) -> None:
        """Add an item that lies in the folder of the collection."""
        properties = item["properties"]
        self.links.append({"rel": "item", "href": f"./{path.as_posix()}", "type": ITEM})
        self.boxes += [item["bbox"]] if "bbox" in item else []
        self.times.append(properties["datetime"])
        for key in ("gsd", "proj:code", "processing:level", "processing:software"):
            values = self.summaries.setdefault(key, [])
            if properties.get(key) is not None and properties[key] not in values:
                values.append(properties[key])
        for key, asset in item["assets"].items():
            common = {name: value for name, value in asset.items() if name != "href" and not name.startswith("file:")}
            before = self.assets.setdefault(key, common)
            self.assets[key] = {name: value for name, value in before.items() if common.get(name) == value}

    def describe(self, folder: Path) -> dict[str, Any]:
        """Describe the collection in a folder, as JSON-serialisable data."""
        import pystac

        boxes = self.boxes or [[-180.0, -90.0, 180.0, 90.0]]
        west, south, east, north = zip(*boxes, strict=True)
        times = [datetime.fromisoformat(time.replace("Z", "+00:00")) for time in self.times]
        crosses = any(w > e for w, e in zip(west, east, strict=True))
        whole = [-180.0 if crosses else min(west), min(south), 180.0 if crosses else max(east), max(north)]
        collection = pystac.Collection(
            id=self.name,
            title=self.name,
            description=f"Land-cover classes of {len(self.links)} scenes, made by aerialseg.",
            extent=pystac.Extent(pystac.SpatialExtent([whole]), pystac.TemporalExtent([[min(times), max(times)]])),
            license="other",
            stac_extensions=[CLASSIFICATION_SCHEMA, FILE_SCHEMA, PROCESSING_SCHEMA, PROJECTION_SCHEMA, RASTER_SCHEMA],
            summaries=pystac.Summaries({key: values for key, values in self.summaries.items() if values}),
            extra_fields={"item_assets": self.assets},
        )
        for path, title in ((path, title) for name, title in WHOLE.items() for path in sorted(folder.glob(name))):
            kind, size = MEDIA_TYPES.get(path.suffix), {"file:size": path.stat().st_size} if path.is_file() else {}
            asset = pystac.Asset(f"./{path.name}", title, media_type=kind, roles=["metadata"], extra_fields=size)
            collection.add_asset(path.name, asset)
        described: dict[str, Any] = collection.to_dict(include_self_link=False, transform_hrefs=False)
        root = {"rel": "root", "href": f"./{COLLECTION}", "type": JSON}
        return {**described, "links": [root, *self.links]}


def _find_class_rasters(root: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """Find the class rasters of aerialseg in a folder and below it, with their tags; by name."""
    for path in sorted(root.rglob("*.[tT][iI][fF]*")):
        if path.suffix.lower() in (".tif", ".tiff") and not any(
            p.startswith(".") for p in path.relative_to(root).parts
        ):
            tags = read_tags(path)
            if JOB_TAG in tags and CLASSES_TAG in tags:
                yield path, tags


def _find_results(classes: Path, tags: Mapping[str, str]) -> dict[str, Path]:
    """Find the files that were made with a class raster, by their keys, under the names that `batch` gives them."""
    results = {"classes": classes}
    base = classes.with_name(classes.stem.removesuffix("_classes"))
    for key in ("confidence", "unlike", "seams"):
        path = base.with_name(f"{base.name}_{key}.tif")
        if path.exists() and read_tags(path).get(JOB_TAG) == tags[JOB_TAG]:
            results[key] = path
    for ending in POLYGONS:
        if (path := classes.with_suffix(ending)).exists():
            return {**results, "polygons": path}
    return results


def _read_current_item(path: Path, results: Mapping[str, Path], collection: str) -> dict[str, Any] | None:
    """Read the item of a collection that is there already; None if there is none, or it is older than its files."""
    item = read_own(path)
    if item is None or item.get("collection") != collection:
        return None
    if {*results} != {*item["assets"]} - {"attributes"}:
        return None
    made = path.stat().st_mtime_ns
    return item if all(file.stat().st_mtime_ns <= made for file in results.values()) else None


def _make_member(
    root: Path, results: Mapping[str, Path], written: Mapping[Path, Path], model: Path | None, *, apart: bool = False
) -> dict[str, Any]:
    """Make an item that is a member of the collection in a folder."""
    import pystac

    path = name_item(results["classes"])
    name = path.relative_to(root).with_suffix("").as_posix().replace("/", "__")
    item = _make_item(name, results, written, model, apart=apart)
    item.collection_id = _name_collection(root)
    href = _make_href(root / COLLECTION, path.parent)
    for relation in ("root", "parent", "collection"):
        item.add_link(pystac.Link(relation, href, JSON))
    described: dict[str, Any] = item.to_dict(include_self_link=False, transform_hrefs=False)
    return described


def read_own(path: Path) -> dict[str, Any] | None:
    """Read an item or a collection that aerialseg has made; None for anything else."""
    try:
        content = read_json(path)
        told = content["summaries" if content["type"] == "Collection" else "properties"]["processing:software"]
    except (AerialSegError, OSError, KeyError, TypeError):
        return None
    return content if "aerialseg" in str(told) else None


def _refuse_foreign(path: Path, *, overwrite: bool) -> None:
    """Refuse to replace what aerialseg has not made, unless it is allowed.

    Raises:
        OutputError: It is there.
    """
    if path.is_dir():
        raise OutputError("stac-is-folder", "The output {path} is a folder.", "Rename it.", path=path)
    check_free(path, overwrite=overwrite or read_own(path) is not None)


def _make_item(
    name: str, results: Mapping[str, Path], written: Mapping[Path, Path], model: Path | None, *, apart: bool = False
) -> Any:
    """Make an item of pystac; it is for beside the class raster."""
    import pystac

    place = results["classes"].absolute().parent
    raster = written.get(results["classes"], results["classes"])
    with open_raster(raster) as dataset:
        tags = {name: redact(value) for name, value in dataset.tags().items()}
        located = _describe_place(dataset)
        names = read_declared(dataset)
        wkt = dataset.crs.to_wkt() if dataset.crs else None
        footprint = compute_footprint(wkt, dataset.transform, dataset.shape)
    made = datetime.fromtimestamp(int(raster.stat().st_mtime), timezone.utc)
    item = pystac.Item(
        id=name,
        geometry=footprint.geojson if footprint else None,
        bbox=list(footprint.bbox) if footprint else None,
        datetime=made,
        properties={"created": pystac.utils.datetime_to_str(made), **located, **_describe_processing(tags)},
        stac_extensions=[CLASSIFICATION_SCHEMA, FILE_SCHEMA, PROCESSING_SCHEMA, PROJECTION_SCHEMA, RASTER_SCHEMA],
    )
    fields: dict[str, dict[str, Any]] = {key: {} for key in TITLES}
    pixels = {"data_type": "uint8", "raster:sampling": "area"}
    pixels |= {"raster:spatial_resolution": located["gsd"]} if "gsd" in located else {}
    classes = [LandCoverClass(value, name, names.colours[value]) for value, name in names.names.items()]
    fields["classes"] = {**pixels, "nodata": 0}
    fields["classes"]["classification:classes"] = [_NO_DATA_CLASS, *describe_classes(classes)]
    fields["confidence"] = fields["unlike"] = fields["seams"] = {**pixels, "nodata": 255, "unit": "%"}
    sidecar = name_sidecar(raster)
    if sidecar.exists():
        results = {**results, "attributes": name_sidecar(results["classes"])}
        written = {**written, results["attributes"]: sidecar}
    for key, path in results.items():
        file = written.get(path, path)
        asset = pystac.Asset(
            _make_href(path, place),
            title=TITLES[key],
            media_type=MEDIA_TYPES.get(path.suffix.lower(), COG),
            roles=["metadata" if key == "attributes" else "data"],
            extra_fields={**fields[key], **(_describe_file(file) if file.is_file() else {})},
        )
        item.add_asset(key, asset)
    item.add_link(_link_source(tags["AERIALSEG_SOURCE"], None if apart else place))
    if model is not None:
        href = _make_href(model, place)
        item.properties["processing:expression"] = {"format": "stac-mlm", "expression": href}
        name = tags["AERIALSEG_MODEL"]
        link = pystac.Link("derived_from", href, ITEM, f"The model {name}", extra_fields={"mlm:name": name})
        item.add_link(link)
    return item


def _describe_file(file: Path) -> dict[str, Any]:
    """Describe a file in the fields of the file extension."""
    return {"file:size": file.stat().st_size, "file:checksum": MULTIHASH_SHA256 + compute_sha256(file)}


def _describe_place(dataset: Dataset) -> dict[str, Any]:
    """Describe the grid of a raster in the fields of the projection extension, and its ground resolution."""
    fields: dict[str, Any] = {"proj:code": None, "proj:shape": list(dataset.shape)}
    if dataset.crs is not None:
        authority = dataset.crs.to_authority(confidence_threshold=100)
        fields |= (
            {"proj:code": ":".join(authority)} if authority else {"proj:wkt2": dataset.crs.to_wkt(version="WKT2_2019")}
        )
        down, across = measure_resolution(dataset.crs.to_wkt(), dataset.transform, dataset.shape)
        fields["gsd"] = round((down * across) ** 0.5, 6)
    if not dataset.transform.is_identity:
        fields["proj:transform"] = list(dataset.transform)[:6]
        rows, cols = dataset.shape
        x, y = zip(
            *(dataset.transform * corner for corner in ((0, 0), (cols, 0), (0, rows), (cols, rows))), strict=True
        )
        fields["proj:bbox"] = [min(x), min(y), max(x), max(y)]
    return fields


def _describe_processing(tags: Mapping[str, str]) -> dict[str, Any]:
    """Describe a run by the tags of its class raster, in the fields of the processing extension."""
    network = f"{tags['AERIALSEG_MODEL']} (SHA-256 {tags['AERIALSEG_MODEL_SHA256']})"
    return {
        "processing:level": "L4",
        "processing:software": {"aerialseg": tags["AERIALSEG_VERSION"]},
        "processing:lineage": (
            f"Segmented {tags['AERIALSEG_SOURCE']} with the model {network}, run by {tags[ENGINE_TAG]};"
            f" parameters {tags[PARAMETERS_TAG]}"
        ),
    }


def _link_source(source: str, place: Path | None) -> Any:
    """Link the scene: relative to the item if it is a file that is there, else as the raster names it."""
    import pystac

    href = source
    if place and not is_remote(source) and not urlsplit(source).scheme and Path(source).exists():
        href = _make_href(Path(source), place)
    kind = "image/tiff; application=geotiff" if source.lower().endswith((".tif", ".tiff")) else None
    return pystac.Link("derived_from", href, kind, "The scene")


def _find_model_item(root: Path, tags: Mapping[str, str]) -> Path | None:
    """Find the item of the model that made a raster, or write it if the model is known by its name; else None."""
    name, sha256 = tags["AERIALSEG_MODEL"], tags["AERIALSEG_MODEL_SHA256"]
    path = root / _name_model_item(name, sha256)
    if path.exists():
        return path
    known = list_models().get(name)
    if known is None or compute_sha256(known) != sha256:
        return None
    model = load_model(name)
    copy_model(root, model)
    return write_model_item(root, model)


def _name_model_item(name: str, sha256: str) -> str:
    """Name the item of a model: models of one name that differ have different ones."""
    return f"{re.sub(r'[^A-Za-z0-9_.-]+', '-', name)}-{sha256[:8]}.json"


def _name_copy(model: Model) -> str:
    """Name the copy of a model beside its item."""
    return Path(_name_model_item(model.card.name, model.sha256)).with_suffix(model.path.suffix).name


def _make_href(path: Path, place: Path) -> str:
    """Make the address of a file as it stands in an item in a folder: relative, so that the folder can be moved."""
    try:
        relative = Path(os.path.relpath(path.absolute(), place.absolute())).as_posix()
    except ValueError:  # on another drive of Windows
        return path.absolute().as_posix()
    return relative if relative.startswith("../") else f"./{relative}"
