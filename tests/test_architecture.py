"""The shape of the code: who may import whom, how long things may be, and what starts fast."""

from __future__ import annotations

import ast
import configparser
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import aerialseg_core

REPO = Path(__file__).resolve().parent.parent
CORE = REPO / "aerialseg_core"
PACKAGE = CORE.name

ROOMS: dict[str, frozenset[str]] = {
    "files": frozenset({"numpy", "obstore", "pyogrio", "tomli"}),
    "raster": frozenset({"affine", "numpy", "pyproj", "rasterio", "shapely"}),
    "model": frozenset({"google", "keras", "numpy", "onnx", "onnxruntime", "openvino"}),
    "polygons": frozenset({"affine", "geopandas", "numpy", "pyproj", "rasterio", "shapely"}),
    "report": frozenset({"jinja2", "numpy", "rasterio"}),
    "estimation": frozenset({"affine", "numpy", "pyproj", "rasterio", "shapely"}),
    "segmentation": frozenset({"affine", "dask", "distributed", "numpy", "pystac", "rasterio"}),
    "samples": frozenset(),
    "datasets": frozenset({"affine", "numpy", "pyproj", "rasterio", "shapely"}),
    "auditing": frozenset({"numpy", "rasterio", "shapely"}),
    "review": frozenset({"affine", "numpy", "rasterio", "shapely"}),
    "training": frozenset(
        {
            "PIL",
            "affine",
            "cv2",
            "keras",
            "numpy",
            "onnx",
            "onnxruntime",
            "patchify",
            "rasterio",
            "tensorboardX",
            "tensorflow",
            "tf2onnx",
            "torch",
        }
    ),
    "evaluation": frozenset({"numpy"}),
    "cli": frozenset({"click", "tqdm"}),
}
"""The packages of the core in their order, and the libraries that each may use.

A room imports itself, the rooms that stand above it here, and what everybody may use: the modules at the top.
"""

SEPARATE = {"training": {"cli", "__init__"}, "evaluation": {"cli", "__init__"}, "cli": {"__main__"}}
"""Rooms that only these import."""

MOST_AT_THE_TOP = 8

STDLIB = sys.stdlib_module_names

HEAVY = frozenset(
    {
        "dask",
        "geopandas",
        "keras",
        "matplotlib",
        "numpy",
        "obstore",
        "onnx",
        "onnxruntime",
        "openvino",
        "pandas",
        "pyogrio",
        "pyproj",
        "rasterio",
        "shapely",
        "tensorflow",
        "torch",
    }
)
"""What `--help` and `--version` must not wait for."""

LONGEST_FUNCTION, LONGEST_FILE, MOST_PARAMETERS = 60, 600, 7

BORDERS = {
    Path("aerialseg_core/cli/main.py"),  # of the process
    Path("plugin/runner.py"),  # of the process that QGIS watches
    Path("aerialseg_core/segmentation/batch.py"),  # of a scene among many: each is a job of its own
    Path("aerialseg_core/segmentation/mosaic.py"),  # of a sheet among many, and of a mosaic
    Path("aerialseg_core/segmentation/shared_range.py"),  # of the same scenes, looked at before
}
"""The only files with a broad `except`, one each."""

CODE = sorted(p for p in (*CORE.rglob("*.py"), *(REPO / "plugin").rglob("*.py"), REPO / "__init__.py"))
CORE_CODE = [p for p in CODE if p.is_relative_to(CORE)]
PLUGIN_CODE = [p for p in CODE if not p.is_relative_to(CORE)]

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def shown(path: Path) -> str:
    return str(path.relative_to(REPO))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Absolute names of the modules that a file imports, with the line; relative imports are resolved."""
    package = path.relative_to(REPO).with_suffix("").parts[:-1]
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1]] if node.level else []
            base += node.module.split(".") if node.module else []
            yield ".".join(base), node.lineno
            yield from ((".".join([*base, alias.name]), node.lineno) for alias in node.names)


TOP = sorted(p.stem for p in CORE.glob("*.py") if p.stem != "__init__")


def room_of(path: Path) -> str:
    """The package of the core that a file lies in, or the module at the top that it is."""
    return path.relative_to(CORE).with_suffix("").parts[0]


def imported_rooms(path: Path) -> Iterator[tuple[str, int]]:
    """The packages and top modules of the core that a file imports, with the line; its own is left out."""
    for module, line in imports(path):
        parts = module.split(".")
        if len(parts) > 1 and parts[0] == PACKAGE and parts[1] != room_of(path) and parts[1] in {*ROOMS, *TOP}:
            yield parts[1], line


def test_the_top_holds_the_rooms_and_what_everybody_may_use() -> None:
    rooms = {p.name for p in CORE.iterdir() if (p / "__init__.py").is_file()}
    assert rooms == set(ROOMS)
    assert len(TOP) <= MOST_AT_THE_TOP


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_tells_what_it_is_for_what_it_uses_and_what_it_offers(room: str) -> None:
    docstring = ast.get_docstring(parsed(CORE / room / "__init__.py")) or ""
    purpose, empty, uses, offers, *more = docstring.splitlines()
    assert purpose.endswith(".")
    assert (empty, more) == ("", [])
    assert uses.startswith("May use: ")
    assert offers.startswith("Offers: ")


@pytest.mark.parametrize("path", CORE_CODE, ids=shown)
def test_rooms_import_in_their_order_only(path: Path) -> None:
    order = list(ROOMS)
    own = room_of(path)
    wrong = []
    for room, line in imported_rooms(path):
        if own in {"__init__", "__main__"} or room in TOP:
            allowed = True
        elif own in TOP:
            allowed = False
        else:
            allowed = order.index(room) < order.index(own)
        if not allowed or own not in SEPARATE.get(room, {own}):
            wrong.append(f"line {line}: {own} imports {room}")
    assert not wrong


def test_modules_of_the_core_import_each_other_in_no_circle() -> None:
    graph: dict[str, set[str]] = {}
    for path in CORE_CODE:
        own = ".".join(path.relative_to(REPO).with_suffix("").parts).removesuffix(".__init__")
        # Importing a module of a package imports the package first: that is no arrow of the module's.
        graph[own] = {module for module, _ in imports(path) if not f"{own}.".startswith(f"{module}.")}
    modules = set(graph)
    list(TopologicalSorter({m: g & modules for m, g in graph.items()}).static_order())  # CycleError names the circle


@pytest.mark.parametrize("path", CORE_CODE, ids=shown)
def test_rooms_use_their_libraries_only(path: Path) -> None:
    own = room_of(path)
    allowed = {*STDLIB, PACKAGE, *ROOMS.get(own, {"numpy"} if own == "metrics" else set())}
    wrong = []
    for module, line in imports(path):
        library = module.split(".")[0]
        if library not in allowed and not (library == "typing_extensions" and line in for_type_checkers(path)):
            wrong.append(f"line {line}: {own} uses {module}")
    assert not wrong


def for_type_checkers(path: Path) -> set[int]:
    """The lines under `if TYPE_CHECKING` at the top of a module, which no program runs."""
    blocks = [n for n in parsed(path).body if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"]
    return {node.lineno for block in blocks for node in block.body}


@pytest.mark.parametrize("path", CORE_CODE, ids=shown)
def test_core_imports_neither_qgis_nor_the_plugin(path: Path) -> None:
    wrong = [
        f"line {line}: {m}" for m, line in imports(path) if m.split(".")[0] in {"qgis", "PyQt5", "PyQt6", "plugin"}
    ]
    assert not wrong


@pytest.mark.parametrize("path", PLUGIN_CODE, ids=shown)
def test_plugin_imports_qgis_and_the_standard_library_only(path: Path) -> None:
    # Relative imports resolve to `plugin.…`; the root package reaches it as `.plugin`.
    wrong = [f"line {line}: {m}" for m, line in imports(path) if m.split(".")[0] not in {*STDLIB, "qgis", "plugin"}]
    assert not wrong


@pytest.mark.parametrize("path", PLUGIN_CODE, ids=shown)
def test_plugin_parses_as_python_39_and_takes_qt_through_qgis(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))
    assert not [m for m, _ in imports(path) if m.startswith(("PyQt", "PySide", "qgis._"))]
    futures = [n for n in tree.body if isinstance(n, ast.ImportFrom) and n.module == "__future__"]
    assert futures or not any(isinstance(n, Function) for n in ast.walk(tree))


@pytest.mark.parametrize("path", [p for p in CORE_CODE if p.name != "vectors.py"], ids=shown)
def test_paths_are_handed_to_ogr_in_one_place(path: Path) -> None:
    assert not [f"line {line}" for module, line in imports(path) if module.split(".")[0] == "pyogrio"]


def test_root_package_holds_the_class_factory_only() -> None:
    docstring, future, factory = parsed(REPO / "__init__.py").body
    assert isinstance(docstring, ast.Expr)
    assert isinstance(future, ast.ImportFrom)
    assert isinstance(factory, ast.FunctionDef)
    assert factory.name == "classFactory"


@pytest.mark.parametrize("path", CODE, ids=shown)
def test_files_and_functions_are_short_and_take_few_parameters(path: Path) -> None:
    wrong = []
    lines = path.read_text(encoding="utf-8").count("\n")
    if lines > LONGEST_FILE:
        wrong.append(f"{lines} lines")
    for function in (n for n in ast.walk(parsed(path)) if isinstance(n, Function)):
        if (length := body_length(function)) > LONGEST_FUNCTION:
            wrong.append(f"{function.name} has {length} lines")
        if (count := parameter_count(function)) > MOST_PARAMETERS and "cli" not in path.parts:
            wrong.append(f"{function.name} takes {count} parameters")
    assert not wrong


def body_length(function: Function) -> int:
    """Lines of a function below its docstring."""
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    body = function.body[1:] if documented and len(function.body) > 1 else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1


def parameter_count(function: Function) -> int:
    """Parameters of a function, `self` and `cls` not counted; a command of click gets all of its by keyword."""
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return len([a for a in named if a.arg not in {"self", "cls"}])


@pytest.mark.parametrize("path", CODE, ids=shown)
def test_broad_except_stands_at_the_borders_only(path: Path) -> None:
    broad = [
        node.lineno
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or names(node.type) & {"Exception", "BaseException"})
    ]
    allowed = 1 if path.relative_to(REPO) in BORDERS else 0
    assert len(broad) <= allowed, f"lines {broad}"


def names(node: ast.expr) -> set[str]:
    """The names in the type of an `except`."""
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


@pytest.mark.parametrize("path", CODE, ids=shown)
def test_every_python_is_started_isolated(path: Path) -> None:
    """`-c` and `-m` put the current folder, which is anybody's, first on the path of what they start."""
    if path in {CORE / "environ.py", REPO / "plugin" / "processes.py"}:  # these say how
        return
    wrong = [n.lineno for n in ast.walk(parsed(path)) if ast.unparse(n) == "sys.executable" and path in CORE_CODE]
    for command in (n for n in ast.walk(parsed(path)) if isinstance(n, ast.List)):
        words = {n.value for n in command.elts if isinstance(n, ast.Constant)}
        if words & {"-c", "-m"} and "isolated" not in ast.unparse(command.elts[0]):
            wrong.append(command.lineno)
    assert not wrong


def test_command_line_catches_everything_once() -> None:
    main = parsed(CORE / "cli" / "main.py")
    handlers = [n for n in ast.walk(main) if isinstance(n, ast.ExceptHandler) and n.type is not None]
    assert sum("Exception" in names(h.type) for h in handlers if h.type) == 1


@pytest.mark.parametrize("path", CORE_CODE, ids=shown)
def test_core_has_no_assert_and_no_print(path: Path) -> None:
    wrong = [
        node.lineno
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Assert)
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print")
    ]
    assert not wrong


@cache
def methods() -> dict[str, tuple[set[str], set[str]]]:
    """For each class of the core the names of its bases, and of its methods that have a docstring."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for path in CORE_CODE:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef):
                documented = {f.name for f in node.body if isinstance(f, Function) and ast.get_docstring(f)}
                bases = {ast.unparse(base).split("[")[0].split(".")[-1] for base in node.bases}
                found[node.name] = (bases, documented)
    return found


def inherits_docstring(class_name: str, method: str) -> bool:
    """Whether a base class says what a method does; one from outside the core is taken at its word."""
    for base in methods()[class_name][0]:
        if base not in methods() or method in methods()[base][1] or inherits_docstring(base, method):
            return True
    return False


@pytest.mark.parametrize("path", CORE_CODE, ids=shown)
def test_public_names_of_the_core_are_documented(path: Path) -> None:
    tree = parsed(path)
    wrong = [] if ast.get_docstring(tree) else ["the module"]
    for node in tree.body:
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_"):
            continue
        if any(ast.unparse(decorator) == "overload" for decorator in node.decorator_list):
            continue  # the function itself says it
        if not ast.get_docstring(node):
            wrong.append(node.name)
        for member in node.body if isinstance(node, ast.ClassDef) else ():
            if not isinstance(member, Function) or member.name.startswith("_") or ast.get_docstring(member):
                continue
            if not inherits_docstring(node.name, member.name):
                wrong.append(f"{node.name}.{member.name}")
    assert not wrong


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_command_line_starts_without_heavy_modules(option: str) -> None:
    code = (
        "import sys\nfrom aerialseg_core.cli.main import main\n"
        f"sys.argv = ['aerialseg', {option!r}]\n"
        "try:\n    code = main()\nexcept SystemExit as leave:\n    code = leave.code\n"
        "print(*sorted({m.split('.')[0] for m, loaded in sys.modules.items() if loaded}), file=sys.stderr)\n"
        "sys.exit(code)"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPO)}
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip()
    assert not HEAVY & set(run.stderr.split())


def test_metadata_of_the_plugin_carries_the_version_of_the_core() -> None:
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read(REPO / "metadata.txt", encoding="utf-8")
    general = metadata["general"]
    assert general["version"] == aerialseg_core.__version__
    assert f"## [{aerialseg_core.__version__}]" in (REPO / "CHANGELOG.md").read_text(encoding="utf-8")
    assert (REPO / general["icon"]).is_file()
    assert general["qgisMinimumVersion"] == "3.22"
    assert general["qgisMaximumVersion"] == "4.99"


PUBLIC = [name for name in aerialseg_core.__all__ if name.islower() and not name.startswith("_")]


@pytest.mark.parametrize("name", PUBLIC)
def test_public_functions_are_typed_at_the_door(name: str) -> None:
    """Every option is a keyword argument of a type of its own, or a key of the TypedDict that the function unpacks."""
    function = getattr(aerialseg_core, name)
    shown = inspect.signature(function)
    types = [str(p.annotation) for p in shown.parameters.values()] + [str(shown.return_annotation)]
    assert not [one for one in types if re.search(r"\bAny\b|empty", one)]
    for parameter in shown.parameters.values():
        assert parameter.kind is not parameter.VAR_POSITIONAL
        assert parameter.kind is not parameter.VAR_KEYWORD or str(parameter.annotation).startswith("Unpack[")
