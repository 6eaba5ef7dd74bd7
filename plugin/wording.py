# SPDX-License-Identifier: GPL-2.0-or-later
"""What the core says, in the words and the language of QGIS: plans, hints, and classes of the shipped model.

The core speaks of options of its command line; here they are the controls that do the same. What is not known here is
shown as the core says it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .i18n import tr

_OPTION = re.compile(r"(?<![\w-])--([a-z]+(?:-[a-z]+)*)\b")

_READING = re.compile(
    r"(?P<gsd>.+ m), resampled to (?P<cols>\d+) × (?P<rows>\d+) px for the model \(made for (?P<made>.+)\)"
)
_WINDOWS = re.compile(
    r"(?P<count>\d+) of (?P<side>\d+) px, overlap (?P<overlap>\d+) px, "
    r"blend \w+, (?P<times>\d+) × test-time augmentation"
)
_ENGINE = re.compile(r"\w+, CPU \((?P<threads>\d+) threads?\).*")
_NEEDS = re.compile(
    r"about (?P<time>.+), (?P<memory>\d+) MiB of memory for buffers, at most (?P<disk>\d+) MiB of disk per raster"
)
_TYPED_WRONG = re.compile(r"^Error: (?P<text>.+)$", re.MULTILINE)


def name_controls(text: str) -> str:
    """Call options of the command line as the controls that do the same are called."""
    titles = {
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
    }

    def name(found: re.Match[str]) -> str:
        return "“{}”".format(titles[found[1]]) if found[1] in titles else found[0]

    return _OPTION.sub(name, text)


def explain_usage(log: str) -> str:
    """Return what the command line said of arguments that it does not take; "" if it said nothing."""
    said = _TYPED_WRONG.findall(log)
    return name_controls(said[-1]).replace("'", "") if said else ""


def say_plan(key: str, text: str) -> str:
    """Say a row of a plan.

    Args:
        key: Its key, as the core has it.
        text: What the core says.
    """
    forms: dict[str, tuple[re.Pattern[str], Callable[[], str]]] = {
        "read at": (_READING, lambda: tr("{gsd}, brought to {cols} × {rows} px: the model was made for {made}")),
        "windows": (
            _WINDOWS,
            lambda: tr("{count} squares of {side} px that overlap by {overlap} px; each is looked at {times} ×"),
        ),
        "engine": (_ENGINE, lambda: tr("the processor, {threads} threads")),
        "needs": (_NEEDS, lambda: tr("about {time}, {memory} MiB of memory, at most {disk} MiB of disk for a raster")),
    }
    if key == "read at" and text == "its own resolution":
        return tr("its own resolution")
    if key == "model":
        name, _, classes = text.partition(": ")
        return f"{name}: {', '.join(map(name_class, classes.split(', ')))}" if classes else text
    pattern, say = forms.get(key, (None, None))
    found = pattern.fullmatch(text) if pattern else None
    if found is None or say is None:
        return name_controls(text)
    return say().format(**{name: value.replace(" to ", "–") for name, value in found.groupdict().items()})


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


def describe_model(description: str) -> str:
    """Return what a shipped model says of itself in the language of QGIS; of any other one as it says it."""
    return {
        "Buildings, land, roads, vegetation and water in RGB images of about 1 m/px, trained on Dubai.": tr(
            "Buildings, land, roads, vegetation and water in RGB images of about 1 m/px, trained on Dubai."
        )
    }.get(description, description)
