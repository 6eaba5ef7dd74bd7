"""The plugin on Qt 6, with a stand-in for QGIS 4 (`qgis_on_qt6`): not a promise that it runs there, but no silence."""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip(
    "PyQt6.QtWidgets",
    reason="PyQt6, or a library of the system that it needs, is not installed",
    exc_type=ImportError,
)

HERE = Path(__file__).resolve().parent
REPO = HERE.parents[1]
FILES = sorted((REPO / "plugin").rglob("*.py"))
IN_GUI = {"QAction", "QActionGroup", "QShortcut"}
"""Classes that Qt 6 has in QtGui, while `qgis.PyQt` has them in QtWidgets too."""


def _find_imports(tree: ast.Module) -> dict[str, str]:
    """Names that a file imports from `qgis.PyQt`, and what they are in PyQt6."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("qgis.PyQt"):
            module = node.module.replace("qgis.PyQt", "PyQt6")
            for name in node.names:
                home = "PyQt6.QtGui" if name.name in IN_GUI else module
                found[name.asname or name.name] = f"{home}.{name.name}"
    return found


def _find_chains(tree: ast.Module, names: dict[str, str]) -> Iterator[tuple[int, str]]:
    """All that is asked of these names, as in `Qt.ItemDataRole.UserRole`, with the line."""
    for node in ast.walk(tree):
        parts, inner = [], node
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name) and inner.id in names:
            yield inner.lineno, ".".join([names[inner.id], *reversed(parts)])


def _has(chain: str) -> bool:
    """Whether PyQt6 has such a thing; what an instance is asked for is asked of its class."""
    package, module, *parts = chain.split(".")
    try:
        found = importlib.import_module(f"{package}.{module}")
    except ImportError:
        return False
    for part in parts:
        if not hasattr(found, part):
            return False
        found = getattr(found, part)
    return True


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(REPO)))
def test_qt_6_has_all_that_the_plugin_asks_of_qt(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = _find_imports(tree)
    missing = [f"line {line}: {chain}" for line, chain in _find_chains(tree, names) if not _has(chain)]
    assert not missing, "enumerations of Qt 6 are scoped: Qt.AlignmentFlag.AlignLeft, not Qt.AlignLeft"


def test_an_enumeration_that_is_not_scoped_is_found() -> None:
    tree = ast.parse(
        "from qgis.PyQt.QtCore import Qt\nfrom qgis.PyQt.QtWidgets import QAction\nQt.AlignLeft\nQAction.x"
    )
    assert [c for _, c in _find_chains(tree, _find_imports(tree)) if not _has(c)] == [
        "PyQt6.QtCore.Qt.AlignLeft",
        "PyQt6.QtGui.QAction.x",
    ]


def test_all_modules_windows_and_actions_run_on_qt_6(tmp_path: Path) -> None:
    """A process of its own: what Qt calls must not raise, and a crash ends it."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "PYTHONFAULTHANDLER": "1"}
    done = subprocess.run(
        [sys.executable, str(HERE / "walk_plugin.py"), str(REPO)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    modules, actions, controls = (int(word) for word in done.stdout.split() if word.isdigit())
    assert modules > 70, done.stdout
    assert actions >= 3, done.stdout
    assert controls > 30, done.stdout
