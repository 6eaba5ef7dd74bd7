"""The TOML that pairs images with masks, label rasters or polygons."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..files.texts import read_toml
from ..raster.classes import ClassScheme
from .class_schemes import parse_class_numbers, parse_scheme
from .label_rasters import parse_numbers
from .pairs import ClassNumbers, LabelRaster, Mask, Pair, Polygons, make_pair, match_folders
from .problems import Problems
from .rasters import read_header

KINDS = ("mask", "labels", "polygons")
"""Keys of a pair that say what labels it."""

_COMMON = {"group": "text", "bands": "numbers", "gsd": "number", "nodata": "value"}
_KEYS = {"image": "text", **dict.fromkeys(KINDS, "text"), "layer": "text", "field": "text", "area": "text"}
_PAIR = {**_KEYS, "rest": "text", "images": "text", "masks": "text", "values": "table", **_COMMON}
_TOP = {
    "classes": "tables",
    "pairs": "tables",
    "values": "table",
    "bands": "numbers",
    "gsd": "number",
    "nodata": "value",
}
_LARGEST = 1 << 31
_OF_POLYGONS = ("layer", "field", "area", "rest")
_EXAMPLE = 'Write a table such as [[pairs]] image = "north.tif", polygons = "fields.gpkg" for each image.'


@dataclass(frozen=True)
class Manifest:
    """What a TOML says."""

    pairs: tuple[Pair, ...]
    """The pairs whose files could be opened."""
    scheme: ClassScheme | None
    """The classes it declares."""
    groups: tuple[tuple[str, ...], ...]
    """The groups it declares."""
    values: ClassNumbers | None = None
    """The numbers of the classes that it gives for all pairs; None: it gives none."""


def read_manifest(path: Path, problems: Problems) -> Manifest:
    """Read a TOML and open what it names; paths are relative to it.

    Args:
        path: The TOML.
        problems: Told of what is wrong with single pairs.

    Raises:
        DataError: It is unreadable or no TOML, or has an unknown key or a value of the wrong type outside its pairs.
    """
    told = read_toml(path)
    _check(told, _TOP, str(path))
    if not told.get("pairs"):
        raise DataError("pairs-missing", "{path} lists no [[pairs]].", _EXAMPLE, path=path)
    declared = told.get("classes")
    scheme = parse_scheme(declared, "name", "colour", str(path)) if declared else None
    values = _find_numbers(told, declared or (), str(path))
    pairs: list[Pair] = []
    groups: dict[str, None] = {}
    defaults: dict[str, Any] = {key: told[key] for key in ("bands", "gsd", "nodata") if key in told}
    for number, table in enumerate(told["pairs"], start=1):
        with problems.collect("pair", path):
            where = f"{path}, pair {number},"
            _check_pair(table, where)
            own = parse_numbers(table["values"], where) if "values" in table else None
            found = list(_open_pairs({**defaults, **table}, path.parent, where, problems))
            found = [_assign_numbers(pair, own, values) for pair in found]
            pairs += found
            if "group" in table:
                groups |= dict.fromkeys(pair.group for pair in found)
    return Manifest(tuple(pairs), scheme, tuple((group,) for group in groups), values)


def _find_numbers(told: Mapping[str, Any], classes: Sequence[Any], where: str) -> ClassNumbers | None:
    """The numbers of the classes: those of `values`, else the `value` of each class."""
    of_classes = parse_class_numbers(classes, "name", where)
    if "values" in told and of_classes:
        raise DataError(
            "pair-values-twice", "{where} has `values`, and classes with a `value`.", "Give one of both.", where=where
        )
    return parse_numbers(told["values"], where) if "values" in told else of_classes


def _assign_numbers(pair: Pair, own: ClassNumbers | None, common: ClassNumbers | None) -> Pair:
    """A pair whose label raster has its numbers; a mask that is given numbers is a label raster."""
    if isinstance(pair.labels, LabelRaster):
        return replace(pair, labels=replace(pair.labels, values=own or common))
    if isinstance(pair.labels, Mask) and own:
        return replace(pair, labels=LabelRaster(pair.mask, own))
    return pair


def _check(table: Mapping[str, Any], known: Mapping[str, str], where: str) -> None:
    unknown = sorted(set(table) - set(known))
    if unknown:
        raise DataError(
            "pair-key-unknown",
            "{where} has an unknown key {key!r}.",
            "Known are {known}.",
            where=where,
            key=unknown[0],
            known=", ".join(known),
        )
    for key, value in table.items():
        if not _is_a(value, known[key]):
            raise DataError(
                "pair-key-wrong",
                "{where} has a {key!r} that is no {kind}.",
                "{remedy}",
                where=where,
                key=key,
                kind=_WRITTEN[known[key]],
                remedy=_CORRECT[known[key]],
            )


_WRITTEN = {
    "text": "text in quotes",
    "number": "number above 0",
    "value": "number",
    "numbers": "list of band numbers, counted from 1",
    "tables": "list of tables",
    "table": "table of names and numbers",
}


_CORRECT = {
    "text": "Put it in quotes.",
    "number": "Give a number such as 0.25.",
    "value": "Give a number such as 0.",
    "numbers": "Give them as [1, 2, 3].",
    "tables": "Write its name in two brackets, as [[pairs]].",
    "table": "Write it as values = { building = 255 }.",
}


def _is_a(value: Any, kind: str) -> bool:
    if kind == "text":
        return isinstance(value, str) and bool(value) and "\0" not in value
    if kind == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < _LARGEST
    if kind == "value":
        return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if kind == "table":
        return isinstance(value, dict) and bool(value)
    if not isinstance(value, list):
        return False
    if kind == "numbers":
        return bool(value) and all(type(one) is int and 0 < one < _LARGEST for one in value)
    return all(isinstance(one, dict) for one in value)


def _check_pair(table: Mapping[str, Any], where: str) -> None:
    _check(table, _PAIR, where)
    if "images" in table:
        if "image" in table or not {"masks"} <= set(table) or set(table) & set(KINDS):
            raise DataError(
                "pair-images-folder",
                "{where} has `images`, a folder.",
                "Give the folder of their `masks`, and no single file.",
                where=where,
            )
        return
    if "image" not in table:
        raise DataError("pair-without-image", "{where} has no `image`.", _EXAMPLE, where=where)
    given = [kind for kind in KINDS if kind in table]
    if len(given) != 1:
        said = "several of" if given else "none of"
        raise DataError(
            "pair-labels-count",
            "{where} has {said} `mask`, `labels` and `polygons`.",
            "Give exactly one of them.",
            where=where,
            said=said,
        )
    if "values" in table and given == ["polygons"]:
        raise DataError(
            "pair-values-misplaced",
            "{where} has 'values', which belongs to labels.",
            "Name the classes in the field.",
            where=where,
        )
    odd = [key for key in _OF_POLYGONS if key in table]
    if odd and given != ["polygons"]:
        raise DataError(
            "pair-key-of-polygons",
            "{where} has {key!r}, which belongs to polygons.",
            "Take it out or give `polygons`.",
            where=where,
            key=odd[0],
        )


def _open_pairs(table: Mapping[str, Any], folder: Path, where: str, problems: Problems) -> Iterator[Pair]:
    """Open the pair, or the pairs of the two folders, that a table names."""
    found: list[Pair] = []
    if "images" in table:
        images, masks = (folder / table[key] for key in ("images", "masks"))
        for path in (images, masks):
            if not os.path.isdir(path):
                raise DataError(
                    "pair-folder-missing",
                    "{where} names the folder {path}, which does not exist.",
                    "Correct the path.",
                    where=where,
                    path=path,
                )
        for image, mask in match_folders(images, masks, problems):
            found += make_pair(image, Mask(mask), table.get("group", _relative(image, folder)), problems)
    else:
        image = folder / table["image"]
        group = table.get("group", _relative(image, folder))
        if "mask" in table:
            found += make_pair(image, Mask(folder / table["mask"]), group, problems)
        elif "labels" in table:
            found += make_pair(image, LabelRaster(folder / table["labels"]), group, problems)
        else:
            path, area = folder / table["polygons"], folder / table["area"] if "area" in table else None
            polygons = Polygons(path, table.get("layer"), table.get("field"), area, table.get("rest"))
            with problems.collect("unreadable", image):
                found.append(Pair(image, polygons, group, read_header(image).size))
    for pair in found:
        yield replace(pair, bands=tuple(table.get("bands", ())), gsd=table.get("gsd"), nodata=table.get("nodata"))


def _relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()
