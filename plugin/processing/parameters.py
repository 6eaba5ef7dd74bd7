# SPDX-License-Identifier: GPL-2.0-or-later
"""Parameters that several algorithms have, and the options of `aerialseg` that their values come to."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any, Optional

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from .. import defaults
from ..i18n import tr
from ..models import Model, NoCardError, list_models, read_model
from ..settings import load
from .base import AerialSegAlgorithm, Parameters


def make_choice(name: str, title: str, options: "list[str]", default: str) -> QgsProcessingParameterEnum:
    """Make a parameter whose values are words, the same in every language."""
    return QgsProcessingParameterEnum(name, title, options, False, default, False, True)


def explain_unknown(algorithm: AerialSegAlgorithm, parameters: Parameters, name: str) -> str:
    """Explain that a word is not in the list of a parameter, for which Processing has no good sentence; "" if it is."""
    given, known = parameters.get(name), algorithm.parameterDefinition(name).options()
    if not isinstance(given, str) or given in known:
        return ""
    listed = ", ".join(filter(None, known)) or tr("none")
    return tr("There is no {} in the list. Known are: {}.").format(given, listed)


def make_number(
    name: str, title: str, kind: QgsProcessingParameterNumber.Type, default: Any, least: float
) -> QgsProcessingParameterNumber:
    """Make a number that is at least so large."""
    return QgsProcessingParameterNumber(name, title, kind, default, False, least)


def add_model(algorithm: AerialSegAlgorithm) -> None:
    """Add MODEL and MODEL_FILE."""
    models = list_models(load().models)
    listed = "".join(f"<br><b>{escape(name)}</b>: {escape(model.description)}" for name, model in models.items())
    algorithm.add(
        make_choice("MODEL", tr("Model"), list(models) or [defaults.MODEL], defaults.MODEL),
        tr("What is looked for, and in which kind of image. Example: mbrsc-lite0.") + listed,
    )
    file = QgsProcessingParameterFile(
        "MODEL_FILE", tr("Model file"), QgsProcessingParameterFile.Behavior.File, "onnx", None, True
    )
    algorithm.add(file, tr("A model that is not in the list; it is used instead. Example: /models/town.onnx"))


def get_model_argument(algorithm: AerialSegAlgorithm, parameters: Parameters, context: QgsProcessingContext) -> str:
    """Return what `--model` gets: a name, or the path of a file."""
    file = algorithm.parameterAsString(parameters, "MODEL_FILE", context)
    if file:
        return file
    name = algorithm.parameterAsEnumString(parameters, "MODEL", context)
    model = list_models(load().models).get(name)
    if model is None:
        raise QgsProcessingException(
            tr("There is no model {}. Choose another one, or add its file in Settings ▸ Options ▸ aerialseg.").format(
                name
            )
        )
    return name if name == defaults.MODEL else str(model.path)


def read_chosen_model(argument: str) -> Optional[Model]:
    """Return the card of what `get_model_argument` gave; None if the file has none that can be read here."""
    known = list_models(()).get(argument)
    try:
        return known or read_model(Path(argument))
    except (NoCardError, OSError):
        return None


def add_quality(algorithm: AerialSegAlgorithm) -> None:
    """Add QUALITY."""
    algorithm.add(
        make_choice("QUALITY", tr("Quality"), list(defaults.QUALITIES), defaults.QUALITY),
        tr(
            "fast: patches overlap a little. balanced: they overlap by a quarter, and the mean over four rotations is "
            "taken; about five times as long. best: they overlap by half, over all eight rotations and mirrors; about "
            "twenty-five times as long. Example: fast"
        ),
    )


def get_quality_options(
    algorithm: AerialSegAlgorithm, parameters: Parameters, context: QgsProcessingContext
) -> "dict[str, Any]":
    """Return `--overlap` and `--tta`."""
    overlap, tta = defaults.QUALITIES[algorithm.parameterAsEnumString(parameters, "QUALITY", context)]
    return {"overlap": overlap, "tta": tta}


def add_polygon_shape(algorithm: AerialSegAlgorithm) -> None:
    """Add MIN_AREA, SIMPLIFY, SMOOTH and SQUARE."""
    algorithm.add(
        make_number(
            "MIN_AREA", tr("Smallest polygon (m²)"), QgsProcessingParameterNumber.Type.Double, defaults.MIN_AREA, 0
        ),
        tr(
            "Smaller regions are given to the neighbour with which they share the longest edge. Example: 20 removes "
            "what is smaller than a parking space."
        ),
    )
    algorithm.add(
        make_number(
            "SIMPLIFY", tr("Simplify edges by (m)"), QgsProcessingParameterNumber.Type.Double, defaults.SIMPLIFY, 0
        ),
        tr(
            "How much the steps of the pixels are straightened. Neighbours keep their shared edge: there are no gaps "
            "and no overlaps. Example: 1"
        ),
    )
    smooth = make_number("SMOOTH", tr("Smooth edges"), QgsProcessingParameterNumber.Type.Integer, defaults.SMOOTH, 0)
    smooth.setMaximum(defaults.SMOOTHEST)
    algorithm.add(
        smooth,
        tr("How often the corners of the edges are cut; neighbours keep their shared edge. 0: not at all. Example: 2"),
        advanced=True,
    )
    algorithm.add(
        QgsProcessingParameterString("SQUARE", tr("Classes with right angles"), None, False, True),
        tr(
            "Names or ids of the classes whose outlines get right angles where there is room for them, as those of "
            "buildings; empty for none. Example: Building"
        ),
        advanced=True,
    )


def add_classes(algorithm: AerialSegAlgorithm) -> None:
    """Add CLASSES."""
    algorithm.add(
        QgsProcessingParameterString("CLASSES", tr("Classes to make polygons of"), None, False, True),
        tr("Names or numbers of the classes that are wanted as polygons; empty for all. Example: Building,Road"),
        advanced=True,
    )


def get_classes(algorithm: AerialSegAlgorithm, parameters: Parameters, context: QgsProcessingContext) -> Optional[str]:
    """Return `--classes`; None for all."""
    return _join_list(algorithm.parameterAsString(parameters, "CLASSES", context))


def _join_list(text: str) -> Optional[str]:
    """Return a list without what is empty in it; None where there is nothing."""
    return ",".join(filter(None, map(str.strip, text.split(",")))) or None


def get_polygon_options(
    algorithm: AerialSegAlgorithm, parameters: Parameters, context: QgsProcessingContext
) -> "dict[str, Any]":
    """Return `--min-area`, `--simplify`, `--smooth` and `--square`, where they do something."""
    return {
        "min-area": algorithm.parameterAsDouble(parameters, "MIN_AREA", context) or None,
        "simplify": algorithm.parameterAsDouble(parameters, "SIMPLIFY", context) or None,
        "smooth": algorithm.parameterAsInt(parameters, "SMOOTH", context) or None,
        "square": _join_list(algorithm.parameterAsString(parameters, "SQUARE", context)),
    }


def add_advanced(algorithm: AerialSegAlgorithm) -> None:
    """Add NODATA, GSD, OUT_GSD, RANGE, ENGINE, DEVICE, MEMORY."""
    text = QgsProcessingParameterString
    algorithm.add(
        text("NODATA", tr("No-data value"), None, False, True),
        tr(
            "What all bands hold where the image shows nothing, as in a black or white collar; empty for what the "
            "image itself says. Example: 255"
        ),
        advanced=True,
    )
    algorithm.add(
        text("GSD", tr("Resolution to read at"), defaults.GSD),
        tr("auto: matched to the model. source: the pixels as they are. Or metres per pixel. Example: 0.5"),
        advanced=True,
    )
    algorithm.add(
        text("OUT_GSD", tr("Resolution to write"), defaults.OUT_GSD),
        tr("source: the pixels of the layer. model: those the model saw. Or metres per pixel. Example: 1"),
        advanced=True,
    )
    algorithm.add(
        text("RANGE", tr("Range of values"), defaults.RANGE),
        tr(
            "Values that become black and white, for images that are not 8-bit. auto: from the image, or from a sample "
            "of all images of a folder. per-raster: from each image of a folder by itself. Example: 0,3000"
        ),
        advanced=True,
    )
    algorithm.add(
        make_choice("ENGINE", tr("Engine"), list(defaults.ENGINES), defaults.ENGINE),
        tr("What computes the network; auto takes the fastest one that is there. Example: openvino"),
        advanced=True,
    )
    algorithm.add(
        make_choice("DEVICE", tr("Device"), list(defaults.DEVICES), defaults.DEVICE),
        tr("auto takes a graphics card that can be used, else the processor. Example: cpu"),
        advanced=True,
    )
    algorithm.add(
        make_number("MEMORY", tr("Memory (MiB)"), QgsProcessingParameterNumber.Type.Integer, defaults.MEMORY_MIB, 64),
        tr("For the buffers of the run, whatever the size of the raster. Example: 512"),
        advanced=True,
    )


def get_advanced_options(
    algorithm: AerialSegAlgorithm, parameters: Parameters, context: QgsProcessingContext
) -> "dict[str, Any]":
    """Return the options of `add_advanced` that are not the core's defaults."""
    words = {
        "nodata": (algorithm.parameterAsString(parameters, "NODATA", context).strip(), ""),
        "gsd": (algorithm.parameterAsString(parameters, "GSD", context).strip(), defaults.GSD),
        "out-gsd": (algorithm.parameterAsString(parameters, "OUT_GSD", context).strip(), defaults.OUT_GSD),
        "range": (algorithm.parameterAsString(parameters, "RANGE", context).strip(), defaults.RANGE),
        "engine": (algorithm.parameterAsEnumString(parameters, "ENGINE", context), defaults.ENGINE),
        "device": (algorithm.parameterAsEnumString(parameters, "DEVICE", context), defaults.DEVICE),
    }
    memory = algorithm.parameterAsInt(parameters, "MEMORY", context)
    chosen = {name: value for name, (value, default) in words.items() if value and value != default}
    return {**chosen, **({"memory": f"{memory}MiB"} if memory != defaults.MEMORY_MIB else {})}


POLYGONS = QgsProcessing.SourceType.TypeVectorPolygon
"""What counts as polygons."""
