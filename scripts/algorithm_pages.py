"""Write the page of each algorithm, docs/qgis/<id>.md, and their index, from what the algorithms say of themselves.

Runs under the Python that QGIS belongs to. With `--check` nothing is written: it says which pages are not up to date.
"""

from __future__ import annotations

import html
import importlib
import json
import os
import re
import shlex
import sys
import tempfile
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterNumber,
)

REPO = Path(__file__).resolve().parent.parent
FOLDER = REPO / "docs" / "qgis"
MARK = "<!-- Written by scripts/algorithm_pages.py; change the algorithm, not this page. -->"
WIDTH = 120

EXAMPLES: dict[str, dict[str, Any]] = {
    "segmentraster": {
        "INPUT": "/data/ortho.tif",
        "QUALITY": "balanced",
        "MIN_AREA": 20,
        "OUTPUT": "/data/classes.tif",
        "CONFIDENCE": "/data/sure.tif",
        "POLYGONS": "/data/classes.gpkg",
    },
    "segmentfolder": {"INPUT": "/data/images", "PATTERN": "*.tif", "POLYGONS": True, "OUTPUT": "/data/maps"},
    "classpolygons": {"INPUT": "/data/classes.tif", "CLASSES": "Building,Road", "OUTPUT": "/data/buildings.gpkg"},
    "auditdata": {"DATA": "/data/patches", "OUTPUT": "/data/audit"},
    "exporttrainingdata": {
        "INPUT": ["/data/ortho.tif"],
        "POLYGONS": "/data/training.gpkg",
        "FIELD": "class",
        "SIZE": 256,
        "OUTPUT": "/data/patches",
    },
    "trainmodel": {
        "INPUT": ["/data/ortho.tif"],
        "POLYGONS": "/data/training.gpkg",
        "FIELD": "class",
        "RECIPE": "quick",
        "OUTPUT": "/data/town.onnx",
    },
    "evaluatemodel": {"MODEL": "mbrsc-lite0", "DATA": "/data/patches", "OUTPUT": "/data/report"},
    "suggestsquares": {
        "INPUT": "/data/classes.tif",
        "CONFIDENCE": "/data/sure.tif",
        "COUNT": 6,
        "SIDE": 30,
        "OUTPUT": "/data/review.gpkg",
    },
    "retrainmodel": {"REVIEW": "/data/review.gpkg", "MODEL": "mbrsc-lite0", "OUTPUT": "/data/mine.onnx"},
    "samplepoints": {"INPUT": "/data/classes.tif", "POINTS": 150, "OUTPUT": "/data/points.gpkg"},
    "estimateareas": {"INPUT": "/data/classes.tif", "POINTS": "/data/points.gpkg", "OUTPUT": "/data/areas"},
    "setupenvironment": {"EXTRA": "run"},
    "diagnose": {"OUTPUT": "/data/diagnosis.txt"},
}
"""What each page shows; tests/qgis/test_algorithm_pages.py runs it."""

KINDS = {
    "band": "band numbers",
    "boolean": "yes or no",
    "extent": "extent",
    "field": "field",
    "fileDestination": "new file",
    "folderDestination": "new folder",
    "multilayer": "layers",
    "raster": "raster layer",
    "rasterDestination": "new raster",
    "source": "vector layer",
    "string": "text",
    "vector": "vector layer",
    "vectorDestination": "new vector layer",
    "outputFile": "file",
    "outputFolder": "folder",
    "outputHtml": "HTML page",
    "outputNumber": "number",
    "outputRaster": "raster layer",
    "outputString": "text",
    "outputVector": "vector layer",
}
"""What people call the types of Processing."""


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them."""
    with tempfile.TemporaryDirectory() as folder:
        pages = {FOLDER / f"{name}.md": text for name, text in write_pages(Path(folder)).items()}
    if arguments == ["--check"]:
        stale = [path.name for path, text in pages.items() if not path.is_file() or path.read_text("utf-8") != text]
        if stale:
            print(f"Not what the algorithms say: {', '.join(stale)}. Run: {sys.executable} scripts/algorithm_pages.py")
        return int(bool(stale))
    for path, text in pages.items():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(REPO))
    return 0


def write_pages(profile: Path) -> dict[str, str]:
    """The pages by name, as a QGIS with an empty profile and in English has them."""
    (profile / "plugins").mkdir()
    (profile / "plugins" / "aerialseg").symlink_to(REPO, target_is_directory=True)
    sys.path.insert(0, str(profile / "plugins"))
    sys.dont_write_bytecode = True
    application = QgsApplication([], False, str(profile))
    application.initQgis()
    kinds = importlib.import_module("aerialseg.plugin.processing").ALGORITHMS
    algorithms = [kind().create() for kind in kinds]
    pages = {algorithm.name(): format_page(algorithm) for algorithm in algorithms}
    pages["index"] = format_index(algorithms)
    place = QgsApplication.qgisSettingsDirPath().rstrip("/")
    del algorithms
    application.exitQgis()
    return {name: text.replace(place, "<profile>") for name, text in pages.items()}


def format_page(algorithm: QgsProcessingAlgorithm) -> str:
    """The page of one algorithm."""
    shown = [p for p in algorithm.parameterDefinitions() if not p.flags() & get_flag("FlagHidden")]
    usual = [p for p in shown if not p.flags() & get_flag("FlagAdvanced")]
    advanced = [p for p in shown if p.flags() & get_flag("FlagAdvanced")]
    parts = [
        MARK,
        f"# {algorithm.displayName()}",
        f"`aerialseg:{algorithm.name()}`, in the group *{algorithm.group()}* of *Processing ▸ Toolbox ▸ aerialseg*.",
        wrap(make_plain(algorithm.about())),
        "## Parameters",
        join_words(map(format_parameter, usual)),
        *(["### Advanced parameters", join_words(map(format_parameter, advanced))] if advanced else []),
        "## Outputs",
        join_words(
            f"`{o.name()}`: {join_lines(o.description())} ({KINDS[o.type()]})." for o in algorithm.outputDefinitions()
        ),
        "## Without windows",
        format_block("sh", format_command(algorithm.name())),
        "## In Python",
        "In QGIS's Python console, or in a script of Processing:",
        format_block("python", format_code(algorithm.name())),
        "[All algorithms](index.md) · [Your first map](first-map.md)",
    ]
    return "\n\n".join(parts) + "\n"


def get_flag(name: str) -> Any:
    """A flag of parameters."""
    return getattr(QgsProcessingParameterDefinition.Flag, name)


def format_parameter(definition: QgsProcessingParameterDefinition) -> str:
    """A parameter. What follows a line break in its help lists models, of which each user has others."""
    values = f"{describe_kind(definition)}; {format_default(definition)}"
    title = f"**{join_lines(definition.description())}** `{definition.name()}` ({values})"
    help_text = join_lines(make_plain(definition.help().split("<br>")[0]))
    return f"{title}: {help_text}" if help_text else title


def describe_kind(parameter: QgsProcessingParameterDefinition) -> str:
    """What a value looks like."""
    if parameter.type() == "file":
        folder = parameter.behavior() == type(parameter).Behavior.Folder
        return "folder" if folder else f"file (.{parameter.extension()})" if parameter.extension() else "file"
    if isinstance(parameter, QgsProcessingParameterEnum):
        return "name of a model" if parameter.name() == "MODEL" else ", ".join(f"`{o}`" for o in parameter.options())
    if isinstance(parameter, QgsProcessingParameterNumber):
        whole = parameter.dataType() == QgsProcessingParameterNumber.Type.Integer
        least, most = parameter.minimum(), parameter.maximum()
        bounds = (
            f", {least:g} to {most:g}" if most < 2**31 - 1 else f", {least:g} or more" if abs(least) < 2**31 - 1 else ""
        )
        return f"{'whole number' if whole else 'number'}{bounds}"
    return KINDS[parameter.type()]


def format_default(parameter: QgsProcessingParameterDefinition) -> str:
    """What holds if nothing is given."""
    value = parameter.defaultValue()
    if value is None or value == "":
        made = parameter.isDestination() and parameter.createByDefault()
        optional = parameter.flags() & get_flag("FlagOptional")
        return "temporary by default" if made else "optional" if optional else "empty" if value == "" else "required"
    if isinstance(value, bool):
        return f"default {'yes' if value else 'no'}"
    return f"default `{value:g}`" if isinstance(value, float) else f"default `{join_lines(str(value))}`"


def join_words(items: Iterable[str]) -> str:
    """A list in the width of the project."""
    return "\n".join(wrap(item, "- ", "  ") for item in items)


def format_command(name: str) -> str:
    """The example as a command line."""
    given = [
        f"{k}={quote_for_shell(v)}"
        for k, value in EXAMPLES[name].items()
        for v in (value if isinstance(value, list) else [value])
    ]
    line = f"qgis_process run aerialseg:{name} -- {' '.join(given)}"
    return line if len(line) <= WIDTH else f"qgis_process run aerialseg:{name} -- \\\n    " + " \\\n    ".join(given)


def quote_for_shell(value: Any) -> str:
    """A value on a command line."""
    return shlex.quote(str(value).lower() if isinstance(value, bool) else str(value))


def format_code(name: str) -> str:
    """The example as Python."""
    first = EXAMPLES[name]
    rows = "".join(f"    {format_literal(key)}: {format_literal(value)},\n" for key, value in first.items())
    return f'import processing\n\nresults = processing.run("aerialseg:{name}", {{\n{rows}}})\nprint(results)'


def format_literal(value: Any) -> str:
    """A value in Python, with double quotes."""
    return str(value) if isinstance(value, bool) else json.dumps(value)


def format_block(language: str, text: str) -> str:
    """A block of code."""
    return f"```{language}\n{text}\n```"


def make_plain(text: str) -> str:
    """HTML of the help as Markdown."""
    text = re.sub(r"</?b>", "**", re.sub(r"</?(i|em)>", "*", text))
    return html.unescape(re.sub(r"<[^>]+>", " ", text)).strip()


def join_lines(text: str) -> str:
    """Text on one line, without emphasis by chance."""
    text = " ".join(text.split())
    return re.sub(r"(?<![`*])\*(?=[.\w])", r"\\*", text)


def wrap(text: str, first: str = "", rest: str = "") -> str:
    """A paragraph in the width of the project; what its first line and the others begin with."""
    width = {"width": WIDTH, "break_long_words": False, "break_on_hyphens": False}
    return textwrap.fill(text, initial_indent=first, subsequent_indent=rest, **width)


def format_index(algorithms: list[QgsProcessingAlgorithm]) -> str:
    """The list of the pages."""
    parts = [
        MARK,
        "# aerialseg in QGIS",
        "New here? [Your first map](first-map.md) leads from a fresh QGIS to a coloured map.",
        "All algorithms are in *Processing ▸ Toolbox ▸ aerialseg*, in models, batches and `qgis_process`.",
    ]
    for group in dict.fromkeys(algorithm.group() for algorithm in algorithms):
        rows = [
            f"[{a.displayName()}]({a.name()}.md), `aerialseg:{a.name()}`: "
            + join_lines(take_first_sentence(make_plain(a.about())))
            for a in algorithms
            if a.group() == group
        ]
        parts += [f"## {group}", join_words(rows)]
    return "\n\n".join(parts) + "\n"


def take_first_sentence(text: str) -> str:
    """The first sentence of a paragraph."""
    return re.split(r"(?<=[.!?]) (?=[A-Z“])", text)[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
