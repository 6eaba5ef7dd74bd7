"""Models by name or by file: the shipped ones, and any that the user has."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import ModelError
from ..progress import Check, check_nothing
from .bundle import Model, load_bundle
from .card import LONGEST_CARD, Card

KERAS_CARD = "aerialseg.json"
"""Member of a `.keras` archive that holds the card."""

LARGEST_KERAS = 4 << 30
"""Bytes of the largest `.keras` archive when it is unpacked."""

_KERAS_CONFIG = "config.json"
_LONGEST_CONFIG = 64 << 20
_AGAIN = "Get the model file again."

_CODE = frozenset(("Lambda", "__lambda__", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"))
"""What of Keras runs a function or a program that the file brings along."""


def list_models() -> dict[str, Path]:
    """List the shipped models by name: those in an installed package, or in `models/` of a source tree or plugin."""
    here = Path(__file__).parents[1]
    folders = (here / "_models", here.parent / "models")
    folder = next((f for f in folders if f.is_dir()), folders[0])
    return {path.stem: path for path in sorted(folder.glob("*.onnx"))}


def find_keras_twin(name: str) -> Path | None:
    """Find the Keras file of a shipped model, from which training continues; None if there is none of that name.

    It stands beside the bundle, as `NAME.keras`, and is no model of its own: the bundle is what runs.
    """
    shipped = list_models().get(name)
    twin = shipped and shipped.with_suffix(".keras")
    return twin if twin and twin.is_file() else None


def load_model(name_or_path: str, *, check: Check = check_nothing) -> Model:
    """Load a shipped model by its name, or a model file.

    Args:
        name_or_path: Name or path.
        check: Called while a network from elsewhere is tried; raises to give up.

    Raises:
        ModelError: There is no such model, or it cannot be used.
    """
    shipped = list_models()
    path = shipped.get(name_or_path, Path(name_or_path))
    if not os.path.isfile(path):  # which a name is not, however long it is
        raise ModelError(
            f"There is no model {name_or_path[:200]!r}.",
            f"Give the path of a model file, or one of: {', '.join(shipped) or 'none is shipped here'}.",
        )
    if path.suffix == ".keras":
        return _read_keras(path)
    return load_bundle(path, check=check)


def _read_keras(path: Path) -> Model:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST_KERAS:
                raise ModelError(f"{path} unpacks to more than {LARGEST_KERAS >> 30} GiB.", "Choose a smaller model.")
            if KERAS_CARD not in archive.namelist():
                raise ModelError(f"{path} carries no card.", "Use a model that `aerialseg train` has written.")
            card = Card.from_json(_read_member(archive, KERAS_CARD, 4 * LONGEST_CARD, path))
            layers = json.loads(_read_member(archive, _KERAS_CONFIG, _LONGEST_CONFIG, path))
    except ModelError:
        raise
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, RuntimeError, ValueError) as error:
        raise ModelError(f"{path} is not a Keras model, or is damaged.", _AGAIN) from error
    foreign = sorted(set(_find_foreign_code(layers)))
    if foreign:
        named = ascii(", ".join(foreign))[1:200].rstrip("'")
        raise ModelError(f"{path} runs code of its own ({named}).", "Use a model of Keras' own layers.")
    return Model(path, card, hashlib.sha256(path.read_bytes()).hexdigest(), b"")


def _read_member(archive: zipfile.ZipFile, member: str, most: int, path: Path) -> str:
    """A member of an archive, "{}" if it is missing."""
    if member not in archive.namelist():
        return "{}"
    if archive.getinfo(member).file_size > most:
        raise ModelError(f"The {member} in {path} is too large to be one.", _AGAIN)
    return archive.read(member).decode()


def _find_foreign_code(layers: Any) -> Iterator[str]:
    """Names of what is not Keras' own in the description of a network, or runs code that is in the file."""
    left = [layers]
    while left:
        one = left.pop()
        if isinstance(one, list):
            left += one
        elif isinstance(one, dict):
            left += [value for key, value in one.items() if key != "compile_config"]  # of the loss, which is not loaded
            kind, module = one.get("class_name"), one.get("module")
            own = module is None or module == "builtins" or str(module).split(".")[0] == "keras"
            if kind is not None and (not own or kind in _CODE or ">" in str(one.get("registered_name"))):
                yield str(kind)
