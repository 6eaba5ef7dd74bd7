"""Models by name or by file: the shipped ones, and any that the user has."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import ModelError
from ..files.outputs import raise_output_errors, write_atomically
from ..progress import Check, check_nothing
from .bundle import Model, embed_card, load_bundle
from .card import LONGEST_CARD, Card
from .card_file import read_card_file

KERAS_CARD = "aerialseg.json"
"""Member of a `.keras` archive that holds the card."""

LARGEST_KERAS = 4 << 30
"""Bytes of the largest `.keras` archive when it is unpacked."""

_NAME = re.compile(r"\w(?:[\w.-]*\w)?")
_KERAS_CONFIG = "config.json"
_LONGEST_CONFIG = 64 << 20
_AGAIN = "Get the model file again."

_CODE = frozenset(("Lambda", "__lambda__", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"))
"""What of Keras runs a function or a program that the file brings along."""


def find_models_folder() -> Path:
    """Give the folder of the models that the user has added: AERIALSEG_MODELS, or one in the user's data folder."""
    if os.environ.get("AERIALSEG_MODELS"):
        return Path(os.environ["AERIALSEG_MODELS"])
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "aerialseg" / "models"


def list_models() -> dict[str, Path]:
    """List the models that can be used by name: the shipped ones, then those that the user has added."""
    shipped = list_shipped_models()
    try:
        added = {path.stem: path for path in sorted(find_models_folder().glob("*.onnx"))}
    except OSError:  # the home of somebody else, as services have it
        added = {}
    return {**shipped, **{name: path for name, path in added.items() if name not in shipped}}


def list_shipped_models() -> dict[str, Path]:
    """List the shipped models by name: those in an installed package, or in `models/` of a source tree or plugin."""
    here = Path(__file__).parents[1]
    folders = (here / "_models", here.parent / "models")
    folder = next((f for f in folders if f.is_dir()), folders[0])
    return {path.stem: path for path in sorted(folder.glob("*.onnx"))}


def add_model(
    file: str | Path, *, card: str | Path | None = None, overwrite: bool = False, check: Check = check_nothing
) -> Model:
    """Add a model from elsewhere to those that can be used by name: a copy with its card inside.

    Args:
        file: ONNX file.
        card: TOML that says what its metadata do not (`card_file.py`).
        overwrite: Whether a model that was added under this name may be replaced.
        check: Called while the network is tried; raises to give up.

    Returns:
        The model, as it was added.

    Raises:
        ModelError: It cannot be used, something is not said, or its name is no name for a file or that of a shipped
            model.
        OutputError: A model was added under this name already, or the file cannot be written.
    """
    if Path(file).suffix == ".keras":
        raise ModelError(
            "model-is-keras", "{file} is a Keras model.", "Use it by its path, or add its ONNX file.", file=file
        )
    model = embed_card(load_model(str(file), card=card, check=check))
    name = model.card.name
    if not _NAME.fullmatch(name):
        raise ModelError(
            "model-name-bad",
            "{name!a} is no name for a file.",
            'Write name = "…" into its card: letters and digits, with - _ or . between them.',
            name=name[:200],
        )
    if name in list_shipped_models():
        raise ModelError(
            "model-name-shipped",
            "{name} is the name of a shipped model.",
            'Write name = "…" into its card, another one.',
            name=name,
        )
    target = find_models_folder() / f"{name}.onnx"
    with raise_output_errors(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
    with write_atomically(target, overwrite=overwrite, inputs=(model.path,)) as temporary:
        temporary.write_bytes(model.network)
    return replace(model, path=target)


def load_model(name_or_path: str, *, card: str | Path | None = None, check: Check = check_nothing) -> Model:
    """Load a shipped or added model by its name, or a model file.

    Args:
        name_or_path: Name or path.
        card: TOML that says what a model from elsewhere does not (`card_file.py`).
        check: Called while a network from elsewhere is tried; raises to give up.

    Raises:
        ModelError: There is no such model, or it cannot be used.
    """
    known = list_models()
    path = known.get(name_or_path, Path(name_or_path))
    if not os.path.isfile(path):  # which a name is not, however long it is
        raise ModelError(
            "model-unknown",
            "There is no model {name!r}.",
            "Give the path of a model file, or one of: {known}.",
            name=name_or_path[:200],
            known=", ".join(known) or "none is shipped here",
        )
    if path.suffix == ".keras":
        if card is not None:
            raise ModelError("model-has-card-file", "{path} carries a card already.", "Leave out --card.", path=path)
        return _read_keras(path)
    return load_bundle(path, described=None if card is None else read_card_file(Path(card)), check=check)


def _read_keras(path: Path) -> Model:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST_KERAS:
                raise ModelError(
                    "model-unpacks-large",
                    "{path} unpacks to more than {gib} GiB.",
                    "Choose a smaller model.",
                    path=path,
                    gib=LARGEST_KERAS >> 30,
                )
            if KERAS_CARD not in archive.namelist():
                raise ModelError(
                    "keras-without-card",
                    "{path} carries no card.",
                    "Use a model that `aerialseg train` has written.",
                    path=path,
                )
            card = Card.from_json(_read_member(archive, KERAS_CARD, 4 * LONGEST_CARD, path))
            layers = json.loads(_read_member(archive, _KERAS_CONFIG, _LONGEST_CONFIG, path))
    except ModelError:
        raise
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, RuntimeError, ValueError) as error:
        raise ModelError("model-no-keras", "{path} is not a Keras model, or is damaged.", _AGAIN, path=path) from error
    foreign = sorted(set(_find_foreign_code(layers)))
    if foreign:
        named = ascii(", ".join(foreign))[1:200].rstrip("'")
        raise ModelError(
            "keras-own-code",
            "{path} runs code of its own ({operators}).",
            "Use a model of Keras' own layers.",
            path=path,
            operators=named,
        )
    return Model(path, card, hashlib.sha256(path.read_bytes()).hexdigest(), b"")


def _read_member(archive: zipfile.ZipFile, member: str, most: int, path: Path) -> str:
    """A member of an archive, "{}" if it is missing."""
    if member not in archive.namelist():
        return "{}"
    if archive.getinfo(member).file_size > most:
        raise ModelError(
            "keras-member-large", "The {member} in {path} is too large to be one.", _AGAIN, member=member, path=path
        )
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
