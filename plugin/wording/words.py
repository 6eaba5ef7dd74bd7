# SPDX-License-Identifier: GPL-2.0-or-later
"""Single words of the core in the words and the language of QGIS: controls, tasks, classes of the shipped model.

The core speaks of options of its command line; here they are the controls that do the same. What is not known here is
shown as the core says it.
"""

from __future__ import annotations

import re

from ..i18n import tr

_BAND = re.compile(r"\b(red|green|blue|nir|grey)\b")
_ONLY_IN_TOOLBOX = ("gsd", "out-gsd", "range", "engine", "device", "memory")
_OPTION = re.compile(r"(?<![\w-])--([a-z]+(?:-[a-z]+)*)\b")


def name_controls(text: str) -> str:
    """Call options of the command line as the controls that do the same are called."""
    titles = _title_controls()

    def name(found: re.Match[str]) -> str:
        return tr("“{}”").format(titles[found[1]]) if found[1] in titles else found[0]

    return _OPTION.sub(name, text)


def point_to_toolbox(text: str) -> str:
    """Say of a control that the dock does not have where it is."""
    titles = _title_controls()
    named = (titles[option] for option in _ONLY_IN_TOOLBOX if tr("“{}”").format(titles[option]) in text)
    return "".join(
        [text, *(tr(" (“{}” is in the algorithm of Processing's toolbox.)").format(title) for title in named)]
    )


def _title_controls() -> "dict[str, str]":
    """Return what the controls are called that do what options of the command line do."""
    return {
        "bands": tr("Bands, in the order of the model"),
        "nodata": tr("No-data value"),
        "gsd": tr("Resolution to read at"),
        "out-gsd": tr("Resolution to write"),
        "range": tr("Range of values"),
        "engine": tr("Engine"),
        "device": tr("Device"),
        "memory": tr("Memory (MiB)"),
        "min-area": tr("Smallest polygon (m²)"),
        "simplify": tr("Simplify edges by (m)"),
        "smooth": tr("Smooth edges"),
        "square": tr("Classes with right angles"),
        "confidence": tr("Confidence raster"),
        "incomplete": tr("Leave out points without a label"),
        "labels": tr("Labels"),
        "seed": tr("Seed"),
        "minimum": tr("Least points of a class"),
        "min-distance": tr("Least distance (m)"),
        "model": tr("Model"),
        "extent": tr("Extent"),
        "mask": tr("Areas"),
        "unlike": tr("Raster of unknown ground"),
        "overlap": tr("Quality"),
        "tta": tr("Quality"),
        "points": tr("Number of points"),
        "standard-error": tr("Standard error"),
        "expected-accuracy": tr("Expected accuracies"),
        "method": tr("Method"),
        "allocation": tr("Allocation"),
        "zones": tr("Zones"),
        "side": tr("Side of a square (m)"),
        "cluster-side": tr("Side of a cluster (m)"),
        "cluster-points": tr("Points of a cluster"),
        "check-share": tr("Share to check with"),
        "minutes": tr("Minutes"),
        "resume": tr("Continue an interrupted training"),
        "pattern": tr("Files"),
        "recursive": tr("Sub-folders too"),
        "overwrite": tr("Replace other results"),
        "order": tr("Image on top"),
        "mosaic": tr("Without seams between images"),
        "classes": tr("Classes"),
        "polygons": tr("Class polygons"),
        "scene": tr("Image"),
        "data": tr("Data of the model"),
        "size": tr("Side of a patch (px)"),
    }


def name_row(about: str) -> str:
    """Return what a row of a plan is about, in words that a planner knows."""
    titles = {
        "scene": tr("Image"),
        "bands": tr("Bands"),
        "range": tr("Values"),
        "read": tr("Read at"),
        "model": tr("Model"),
        "ground": tr("Ground"),
        "windows": tr("Windows"),
        "engine": tr("Computed by"),
        "output": tr("Result"),
        "needs": tr("Needs"),
        "note": tr("Note"),
    }
    return titles.get(about, about.capitalize())


def name_task(task: str) -> str:
    """Return what the core is at in the language of QGIS; of a task that is not known here its name."""
    return {
        "check": tr("Checking"),
        "check images and labels": tr("Checking images and labels"),
        "compare": tr("Comparing"),
        "compare features": tr("Comparing images"),
        "compare labels": tr("Comparing labels"),
        "count classes": tr("Counting classes"),
        "count labels": tr("Counting labels"),
        "cut": tr("Cutting into sheets"),
        "cut out squares": tr("Cutting out squares"),
        "cut patches": tr("Cutting patches"),
        "draw pictures": tr("Drawing pictures"),
        "draw points": tr("Drawing points"),
        "evaluate": tr("Evaluating"),
        "find features": tr("Looking for the same ground"),
        "look at images": tr("Looking at images"),
        "measure zones": tr("Measuring zones"),
        "min-area": tr("Merging small regions"),
        "outlines": tr("Squaring outlines"),
        "polygons": tr("Polygons"),
        "polygons of the squares": tr("Polygons of the squares"),
        "rank squares": tr("Ranking squares"),
        "read images": tr("Reading images"),
        "segment": tr("Segmenting"),
        "train": tr("Training"),
        "values": tr("Looking at values"),
        "write soft labels": tr("Asking the networks"),
    }.get(task, task)


def name_unit(unit: str) -> str:
    """Return what is counted in the language of QGIS; a word that is not known here as it is."""
    return {
        "epochs": tr("epochs"),
        "features": tr("features"),
        "images": tr("images"),
        "minutes": tr("minutes"),
        "overlaps": tr("overlaps"),
        "parts": tr("parts"),
        "pictures": tr("pictures"),
        "polygons": tr("polygons"),
        "rows": tr("rows"),
        "rows of squares": tr("rows of squares"),
        "sheets": tr("sheets"),
        "squares": tr("squares"),
        "steps": tr("steps"),
        "windows": tr("windows"),
    }.get(unit, unit)


def name_class(name: str) -> str:
    """Return a class of the shipped model in the language of QGIS; any other one as it is called."""
    return {
        "Building": tr("Building"),
        "Land": tr("Land"),
        "Road": tr("Road"),
        "Vegetation": tr("Vegetation"),
        "Water": tr("Water"),
        "Unlabeled": tr("Unlabeled"),
    }.get(name, name)


def name_bands(text: str) -> str:
    """Call the bands in a list of them, as `red = 1, green or blue`, as people of this language do."""
    names = {
        "red": tr("red"),
        "green": tr("green"),
        "blue": tr("blue"),
        "nir": tr("near infrared"),
        "grey": tr("grey"),
    }
    return tr(" or ").join(_BAND.sub(lambda found: names[found[1]], part) for part in text.split(" or "))


def describe_model(description: str) -> str:
    """Return what a shipped model says of itself in the language of QGIS; of any other one as it says it."""
    return {
        "Buildings, land, roads, vegetation and water in RGB images of about 1 m/px, trained on Dubai.": tr(
            "Buildings, land, roads, vegetation and water in RGB images of about 1 m/px, trained on Dubai."
        )
    }.get(description, description)
