# SPDX-License-Identifier: GPL-2.0-or-later
"""Layers of a project as labelled data: image layers and polygons with a class field become the TOML of the core."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Optional

from qgis.core import (
    NULL,
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsFeature,
    QgsFields,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from .i18n import tr
from .models import Model
from .rasters import RasterInput
from .vectors import VectorInput, write_features

FIELD = "class"
"""Name of the field that holds the classes, in what is written for the worker and where the user names none."""

TOML = "data.toml"
"""Name of what is written for the worker."""

PATCH_SIZE, PATCH_OVERLAP = 512, 0.0
"""Side of exported patches in px, and the share of it that neighbours have in common: the core's defaults."""

_NO_FIELD = frozenset({"fid", "id", "ogc_fid", "objectid"})


@dataclass
class ClassMapping:
    """Which values of a field are which classes."""

    names: dict[str, str] = field(default_factory=dict)
    """Name of the class by value, as text."""
    colours: dict[str, str] = field(default_factory=dict)
    """Colour of each class, as #RRGGBB, in the order of the classes."""
    closed: bool = True
    """Whether other values are left to the core, which refuses them; otherwise they become classes too."""

    def add(self, value: str, name: str, colour: str) -> None:
        """Add a value; a class that is there already keeps its colour, and no colour is that of two classes."""
        self.names.setdefault(value, name)
        if name not in self.colours:
            self.colours[name] = (
                colour if colour not in self.colours.values() else _find_free_colour(self.colours.values())
            )

    def name_of(self, value: str) -> str:
        """Return the class of a value."""
        if value not in self.names and not self.closed:
            self.add(value, value, _find_free_colour(self.colours.values()))
        return self.names.get(value, value)


def map_by_style(source: VectorInput, name: str) -> Optional[ClassMapping]:
    """Return the classes that the categories of a layer's style make of a field; None if it is styled otherwise.

    Args:
        source: The layer.
        name: The field.
    """
    renderer = source.renderer
    if not isinstance(renderer, QgsCategorizedSymbolRenderer) or renderer.classAttribute().strip('"') != name:
        return None
    mapping = ClassMapping(closed=False)
    for category in renderer.categories():
        values = category.value() if isinstance(category.value(), (list, tuple)) else [category.value()]
        for text in filter(None, map(format_class_value, values)):  # the category of all other values has none
            shown = category.label().strip()
            mapping.add(text, source.own_names.get(shown, shown) or text, category.symbol().color().name())
    return mapping if mapping.names else None


def map_by_model(model: Optional[Model], values: Iterable[str]) -> Optional[ClassMapping]:
    """Return the classes of a model, if they are what the values name: by name, whatever the case, or by id."""
    if model is None:
        return None
    known = {name.casefold(): c for c in model.classes for name in (str(c.id), c.name)}
    mapping = ClassMapping({value: known[value.casefold()].name for value in values if value.casefold() in known})
    mapping.colours.update((c.name, c.colour) for c in model.classes)
    return mapping if mapping.names.keys() >= set(values) else None


def format_class_value(value: Any) -> str:
    """Return a value of a field as the name of a class; empty where there is none."""
    if value is None or value == NULL:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def find_class_field(source: VectorInput, wanted: str) -> str:
    """Return the field that holds the classes.

    Args:
        source: The polygons.
        wanted: What the user chose; if empty, it is `class`, the field that the layer is coloured by, `class_name`, or
            the only one that is no mere number of the feature.

    Raises:
        QgsProcessingException: There is no such field, or it is not clear which one.
    """
    fields = source.fields().names()
    listed = ", ".join(fields) or tr("none")
    if wanted:
        if wanted not in fields:
            raise QgsProcessingException(
                tr("{} has no field {}; it has {}. Choose one of these.").format(source.sourceName(), wanted, listed)
            )
        return wanted
    own = [name for name in fields if name.casefold() not in _NO_FIELD]
    by_colour = source.renderer.classAttribute() if isinstance(source.renderer, QgsCategorizedSymbolRenderer) else ""
    for known in (FIELD, by_colour.strip('"').casefold(), "class_name"):
        likely = [name for name in own if name.casefold() == known]
        if likely:
            return likely[0]
    if len(own) != 1:
        raise QgsProcessingException(
            tr("It is not clear which field of {} holds the classes; it has {}. Choose the class field.").format(
                source.sourceName(), listed
            )
        )
    return own[0]


class ClassFeatures:
    """A feature source of the same polygons with one field, the name of their class, whatever its type was.

    Args:
        source: The polygons.
        name: Their class field.
        mapping: What its values mean; None: they are the names.
    """

    def __init__(self, source: VectorInput, name: str, mapping: Optional[ClassMapping]) -> None:
        self._source, self._mapping = source, mapping
        self._index = source.fields().lookupField(name)
        self._fields: QgsFields = QgsVectorLayer(f"None?field={FIELD}:string", "", "memory").fields()

    def fields(self) -> QgsFields:
        """Return the field."""
        return self._fields

    def wkbType(self) -> Any:
        """Return the kind of geometry."""
        return self._source.wkbType()

    def sourceCrs(self) -> QgsCoordinateReferenceSystem:
        """Return their CRS."""
        return self._source.sourceCrs()

    def getFeatures(self) -> Iterator[QgsFeature]:
        """Return the polygons, in their order: where they overlap, the later one counts."""
        for feature in self._source.getFeatures():
            text = format_class_value(feature.attributes()[self._index])
            copy = QgsFeature(self._fields)
            copy.setGeometry(feature.geometry())
            copy.setAttributes([(self._mapping.name_of(text) if self._mapping else text) if text else NULL])
            yield copy

    def values(self) -> set[str]:
        """Return all values, as text."""
        return {format_class_value(feature.attributes()[self._index]) for feature in self._source.getFeatures()} - {""}


@dataclass
class LayerData:
    """Image layers and what labels them."""

    images: Sequence[RasterInput]
    """The images."""
    polygons: VectorInput
    """The training polygons."""
    name: str
    """Their class field."""
    area: Optional[VectorInput]
    """Polygons outside of which nothing counts."""
    transforms: QgsCoordinateTransformContext
    """Of the project."""
    mapping: Optional[ClassMapping] = None
    """Classes of the polygons' style; None: the values are the classes."""
    of_model: bool = False
    """Whether numbers are those of the classes of the model, whatever the style calls them."""
    gsd: float = 1.0
    """Metres per pixel, for images that have no pixels of their own."""

    def write(self, folder: Path, feedback: QgsProcessingFeedback, model: Optional[Model] = None) -> Path:
        """Write the data as the core takes them.

        Args:
            folder: An empty folder.
            feedback: Told of what is left out; may be cancelled.
            model: If the classes are its classes, they are called as it calls them.

        Returns:
            The TOML.

        Raises:
            QgsProcessingException: No polygon lies on any image, a file cannot be written, or the run was cancelled.
        """
        images = self._select_labelled_images(feedback)
        values = ClassFeatures(self.polygons, self.name, None).values()
        if not values:
            raise QgsProcessingException(
                tr("No polygon of {} has a value in the field {}. Fill it in.").format(
                    self.polygons.sourceName(), self.name
                )
            )
        mapping = self._map_classes(model, values)
        features = ClassFeatures(self.polygons, self.name, mapping)
        polygons = write_features(features, folder / "polygons.gpkg", feedback, fields=[FIELD])
        area = self.area and write_features(self.area, folder / "area.gpkg", feedback)
        pairs = []
        for number, image in enumerate(images, start=1):
            path = image.path or self._copy_image(image, folder / f"image-{number}.tif", feedback)
            labels = {"image": path, "polygons": polygons.name, "field": FIELD}
            pairs.append({**labels, "area": area.name} if area else labels)
        path = folder / TOML
        path.write_text(format_toml(pairs, mapping.colours if mapping else {}), encoding="utf-8")
        return path

    def _map_classes(self, model: Optional[Model], values: "set[str]") -> Optional[ClassMapping]:
        """Return what the values mean: what the style calls them if there is one, and then as the model calls that."""
        named = {value: self.mapping.name_of(value) if self.mapping else value for value in values}
        known = map_by_model(model, named.values())
        if known is not None:
            return ClassMapping({value: known.name_of(name) for value, name in named.items()}, known.colours)
        numbers = any(value.isdigit() for value in values)
        return self.mapping if numbers and not self.of_model else map_by_model(model, values) or self.mapping

    def _select_labelled_images(self, feedback: QgsProcessingFeedback) -> list[RasterInput]:
        """Select the images that some polygon touches, and of the area as well."""
        sources = [self.polygons, *([self.area] if self.area else [])]
        found = [image for image in self.images if all(self._touches(source, image) for source in sources)]
        if not found:
            names = ", ".join(image.name for image in self.images)
            raise QgsProcessingException(
                tr("No polygon of {} lies on {}. Check the coordinate systems of both.").format(
                    tr(" and ").join(source.sourceName() for source in sources), names
                )
            )
        for image in self.images:
            if image not in found:
                feedback.pushWarning(tr("No polygon lies on {}: it is left out.").format(image.name))
        return found

    def _touches(self, source: VectorInput, image: RasterInput) -> bool:
        try:
            box = self._transform_box(image.extent, image.crs, source.sourceCrs())
        except QgsCsException:  # half the world in a local CRS, for instance: the core will see
            return True
        return any(feature.geometry().intersects(box) for feature in source.getFeatures())

    def _copy_image(self, image: RasterInput, path: Path, feedback: QgsProcessingFeedback) -> str:
        """Copy the part of an image that is labelled, for one that has no file."""
        source = self.area or self.polygons
        try:
            box = self._transform_box(source.sourceExtent(), source.sourceCrs(), image.crs)
        except QgsCsException:
            box = QgsRectangle()
        return image.copy(path, box, self.gsd, feedback)

    def _transform_box(
        self, box: QgsRectangle, crs: QgsCoordinateReferenceSystem, to: QgsCoordinateReferenceSystem
    ) -> QgsRectangle:
        return QgsCoordinateTransform(crs, to, self.transforms).transformBoundingBox(box)


def format_toml(pairs: Sequence[Mapping[str, str]], colours: Mapping[str, str]) -> str:
    """Return the text of a TOML that pairs images with labels.

    Args:
        pairs: Keys and values of each pair.
        colours: Colour of each class, in their order; empty: the labels tell.
    """
    tables = [("classes", {"name": name, "colour": colour.upper()}) for name, colour in colours.items()]
    tables += [("pairs", pair) for pair in pairs]
    lines = []
    for title, values in tables:
        lines += [f"[[{title}]]", *(f"{key} = {quote_toml(value)}" for key, value in values.items()), ""]
    return "\n".join(lines)


def quote_toml(text: str) -> str:
    """Write a text as TOML does: like JSON, but for DEL, which TOML wants escaped as well."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _find_free_colour(taken: Iterable[str]) -> str:
    """Return a colour that is not taken; following ones are far apart."""
    used = set(taken)
    colours = (QColor.fromHsvF(k * 0.618034 % 1, 0.7, 0.85).name() for k in count())
    return next(colour for colour in colours if colour not in used)
