"""What `aerialseg_core` offers: to programs on first use, to editors and type checkers at once."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import aerialseg_core

ROOT = Path(aerialseg_core.__file__)


def imported_for_type_checkers() -> set[str]:
    """The names that the root package imports under `if TYPE_CHECKING`."""
    blocks = [n for n in ast.parse(ROOT.read_text("utf-8")).body if isinstance(n, ast.If)]
    block = next(n for n in blocks if ast.unparse(n.test) == "TYPE_CHECKING")
    return {alias.name for line in block.body if isinstance(line, ast.ImportFrom) for alias in line.names}


def test_editors_and_programs_see_the_same_names() -> None:
    assert {*aerialseg_core.__all__} - {"__version__"} == imported_for_type_checkers()
    assert {*aerialseg_core.__all__} <= {*dir(aerialseg_core)}


@pytest.mark.parametrize("name", aerialseg_core.__all__)
def test_every_public_name_is_there(name: str) -> None:
    if (
        name in {"Recipe", "RetrainConfig", "RetrainOptions", "RetrainResult", "TrainResult", "retrain", "train"}
        and find_spec("keras") is None
    ):
        pytest.skip("training needs Keras")
    assert getattr(aerialseg_core, name) is not None


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'segments'"):
        aerialseg_core.segments  # noqa: B018 - looked up, not used


def test_importing_the_package_and_its_configs_imports_no_library() -> None:
    code = (
        "import sys, aerialseg_core\n"
        "aerialseg_core.SegmentConfig(), aerialseg_core.Reporter(), aerialseg_core.AerialSegError\n"
        "print(*{'numpy', 'rasterio', 'pyproj'} & set(sys.modules))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT.parents[1], capture_output=True, text=True, timeout=60, check=True
    )
    assert found.stdout.split() == []
