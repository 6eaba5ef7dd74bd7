"""The source of the plugin: enums that Qt 6 knows, and defaults that are the core's."""

from __future__ import annotations

import ast
import importlib.util
import inspect
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import pytest

import aerialseg_core
from aerialseg_core.cli.retrain import retrain
from aerialseg_core.config import (
    ALLOCATIONS,
    DEVICES,
    ENGINES,
    ORDERS,
    SAMPLING_METHODS,
    SMOOTHEST,
    SampleConfig,
    SegmentConfig,
)
from aerialseg_core.review.suggest import SuggestConfig

PLUGIN = Path(__file__).resolve().parents[2] / "plugin"
FILES = sorted(PLUGIN.rglob("*.py"))


def shown(path: Path) -> str:
    return str(path.relative_to(PLUGIN))


def qgis_names(tree: ast.Module) -> set[str]:
    """Names of classes that a file imports from QGIS and Qt."""
    imports = (n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and (n.module or "").startswith("qgis"))
    return {alias.asname or alias.name for node in imports for alias in node.names}


def annotations(tree: ast.Module) -> set[int]:
    """Nodes that are read by people and type checkers only."""
    roots: list[ast.AST | None] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            roots.append(node.returns)
        elif isinstance(node, (ast.arg, ast.AnnAssign)):
            roots.append(node.annotation)
    return {id(inner) for root in roots if root is not None for inner in ast.walk(root)}


def unscoped(source: str) -> Iterator[str]:
    """Enum values that are taken from a class and not from its enum, as `Qt.AlignLeft`.

    `Class.Name` is right where it is called or looked into further (a nested class or an enum), and wrong where it is
    used as a value.
    """
    tree = ast.parse(source)
    classes, unseen = qgis_names(tree), annotations(tree)
    used = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    used |= {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    used |= {id(base) for n in ast.walk(tree) if isinstance(n, ast.ClassDef) for base in n.bases}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in classes
            and node.attr[0].isupper()
            and not node.attr.isupper()
            and id(node) not in used
            and id(node) not in unseen
        ):
            yield f"line {node.lineno}: {node.value.id}.{node.attr}"


@pytest.mark.parametrize("path", [f for f in FILES if f.name != "compat.py"], ids=shown)  # it chooses between enums
def test_enums_are_scoped(path: Path) -> None:
    assert list(unscoped(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("x(Qt.AlignLeft)", True),
        ("x(Qt.AlignmentFlag.AlignLeft)", False),
        ("flags = QgsTask.CanCancel", True),
        ("def f(a: QgsProcessingContext.LayerDetails) -> None: ...", False),
        ("QgsProcessingContext.LayerDetails()", False),
    ],
)
def test_the_search_for_unscoped_enums_finds_them(line: str, found: bool) -> None:
    source = f"from qgis.core import QgsTask, QgsProcessingContext\nfrom qgis.PyQt.QtCore import Qt\n{line}\n"
    assert bool(list(unscoped(source))) is found


GONE = ("exec_(", "QRegExp(", "QDesktopWidget", "qApp", "processEvents", "QVariant.", "pyqtSignal(str)[", "MidButton")


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_nothing_is_used_that_qt_6_has_no_more(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert [word for word in GONE if word in source] == []


@pytest.fixture(scope="module")
def shown_defaults() -> ModuleType:
    """What dialogs show at first; this one file of the plugin needs no QGIS."""
    spec = importlib.util.spec_from_file_location("plugin_defaults", PLUGIN / "defaults.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_defaults_are_those_of_the_core(shown_defaults: ModuleType) -> None:
    core = {field.name: field.default for field in fields(SegmentConfig)}
    for name in ("model", "overlap", "tta", "gsd", "out_gsd", "range", "blend", "engine", "device", "threads"):
        assert getattr(shown_defaults, name.upper()) == core[name], name
    assert core["memory"] == shown_defaults.MEMORY_MIB << 20
    assert core["min_area"] == shown_defaults.MIN_AREA
    assert core["simplify"] == shown_defaults.SIMPLIFY
    assert core["smooth"] == shown_defaults.SMOOTH
    assert shown_defaults.SMOOTHEST == SMOOTHEST
    assert shown_defaults.ENGINES == ENGINES
    assert shown_defaults.DEVICES == DEVICES
    assert shown_defaults.ORDERS == ORDERS
    assert shown_defaults.ORDER == "newest"
    drawn = {field.name: field.default for field in fields(SampleConfig)}
    for name in ("minimum", "standard_error", "cluster_side", "cluster_points"):
        assert getattr(shown_defaults, name.upper()) == drawn[name], name
    assert shown_defaults.SAMPLING_METHODS == SAMPLING_METHODS
    assert shown_defaults.ALLOCATIONS == ALLOCATIONS
    suggested = SuggestConfig()
    assert (suggested.count, suggested.side) == (shown_defaults.SQUARES, shown_defaults.SQUARE_SIDE)
    assert (
        suggested.check_share,
        suggested.min_area,
    ) == (shown_defaults.CHECK_SHARE, shown_defaults.SQUARE_MIN_AREA)
    (minutes,) = (option.default for option in retrain.params if option.name == "minutes")
    assert minutes == shown_defaults.RETRAIN_MINUTES


def test_the_quality_shown_at_first_is_what_the_core_does_by_itself(shown_defaults: ModuleType) -> None:
    config = SegmentConfig()
    assert shown_defaults.QUALITIES[shown_defaults.QUALITY] == (config.overlap, config.tta)
    for overlap, tta in shown_defaults.QUALITIES.values():
        SegmentConfig(overlap=overlap, tta=tta)


def test_other_defaults_are_those_of_the_functions(shown_defaults: ModuleType) -> None:
    assert inspect.signature(aerialseg_core.batch).parameters["pattern"].default == shown_defaults.PATTERN
    recipes = {path.stem for path in (Path(aerialseg_core.__file__).parent / "training" / "recipes").glob("*.toml")}
    assert set(shown_defaults.RECIPES) == recipes - {"shipped"}  # it is for one data set only
    assert shown_defaults.RECIPE == "default"


@pytest.mark.parametrize("path", sorted((PLUGIN / "gui").glob("*.py")), ids=shown)
def test_what_a_file_says_is_shown_as_plain_text(path: Path) -> None:
    """The name of a class may look like markup, which a QLabel would follow."""
    calls = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]
    labels = [call for call in calls if ast.unparse(call.func) == "QLabel" and call.args]
    assert not [label.lineno for label in labels if isinstance(label.args[0], ast.Attribute)]
    messages = [call for call in calls if ast.unparse(call.func).endswith("pushMessage")]
    assert all("escape(" in ast.unparse(message) for message in messages)
