# SPDX-License-Identifier: GPL-2.0-or-later
"""The models that a user can choose: the shipped ones, added ones, and files. Cards are read without any library."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Optional

from .__about__ import ROOT

CARD_KEY = "aerialseg"
"""Key of the card in the metadata of an ONNX file."""

WEIGHTS_KEY = "aerialseg_weights"
"""Key of the list of weights, with which a training can start from the file itself."""

_METADATA_FIELD, _KEY_FIELD, _VALUE_FIELD = 14, 1, 2  # of ModelProto and StringStringEntryProto in onnx.proto3
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5  # wire types of protobuf
_MAX_CARD = 1 << 20


class NoCardError(ValueError):
    """A file is no model of aerialseg."""


@dataclass(frozen=True)
class LandCover:
    """A class of a model."""

    id: int
    """Its value in the class raster, 1…N."""
    name: str
    """Its name."""
    colour: str
    """Its colour, as #RRGGBB."""


@dataclass(frozen=True)
class Score:
    """How good a model was where it had not learnt."""

    miou: Optional[float]
    """Mean intersection over union of the classes, 0 to 1; None where it is not told."""
    accuracy: Optional[float]
    """Share of the pixels that were right, 0 to 1; None where it is not told."""
    on: str
    """What that was, as the card says it."""


@dataclass(frozen=True)
class Model:
    """What a model's card says, as far as dialogs show it."""

    name: str
    """Name in the list of models."""
    path: Path
    """Its file."""
    description: str
    """One sentence."""
    classes: tuple[LandCover, ...]
    """What it finds."""
    bands: tuple[str, ...]
    """Names of the bands that it reads, in their order."""
    gsd_range: tuple[float, float]
    """Ground resolutions that it was made for, metres per pixel, finest first."""
    patch: int
    """Side of the windows that it looks at, in pixels."""
    licence: str
    """Licence of its weights; "" if it names none."""
    start: Optional[Path]
    """The file that a training can start from: this one, or the one of Keras beside it; None if there is none."""
    card_name: str = ""
    """Its name in its own card, which maps are marked with; the file may have been renamed since."""
    trained_on: str = ""
    """Name of the training data; "" where it is not told."""
    score: Optional[Score] = None
    """How good it is; None where it is not told."""


def list_models(added: Iterable[str]) -> dict[str, Model]:
    """Return the shipped and added models by name, those of `aerialseg models add` too; what is damaged is left out.

    Args:
        added: Model files that the user has added.
    """
    shipped = sorted((ROOT / "models").glob("*.onnx")) or sorted((ROOT / "aerialseg_core" / "_models").glob("*.onnx"))
    found: dict[str, Model] = {}
    listed = dict.fromkeys((*map(Path, added), *sorted(find_added_models_folder().glob("*.onnx"))))
    for path in (*shipped, *listed):
        try:
            model = read_model(path)
        except (NoCardError, OSError):
            continue
        found.setdefault(model.path.stem if model.path in shipped else _find_free_name(path.stem, found), model)
    return found


def find_added_models_folder() -> Path:
    """Return where `aerialseg models add` puts models: what `find_models_folder` of the core returns."""
    if os.environ.get("AERIALSEG_MODELS"):
        return Path(os.environ["AERIALSEG_MODELS"])
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "aerialseg" / "models"


def _find_free_name(stem: str, taken: dict[str, Any]) -> str:
    """Return the name of an added file; a second one of the same name is told from the first by a number."""
    names = (stem if n == 1 else f"{stem} ({n})" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def read_model(path: Path) -> Model:
    """Read the card of a model file.

    Raises:
        NoCardError: The file has no card, or none that can be understood.
        OSError: It cannot be read.
    """
    try:
        metadata, keras = _read_metadata(path), path.with_suffix(".keras")
        card = json.loads(metadata[CARD_KEY])
        return Model(
            name=path.stem,
            path=path,
            description=str(card.get("description", "")),
            classes=tuple(LandCover(int(c["id"]), str(c["name"]), str(c["colour"])) for c in card["classes"]),
            bands=tuple(str(band["name"]) for band in card["bands"]),
            gsd_range=(float(card["gsd_range"][0]), float(card["gsd_range"][1])),
            patch=int(card.get("patch", 512)),
            licence=str(card.get("licence", "")),
            start=path if WEIGHTS_KEY in metadata else keras if keras.is_file() else None,
            card_name=str(card.get("name", "")),
            trained_on=_read_training_data(card),
            score=_read_score(card),
        )
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise NoCardError(f"{path} is no model of aerialseg: {error}.") from error


def _read_training_data(card: dict[str, Any]) -> str:
    training = card.get("training")
    return str(training.get("data") or "") if isinstance(training, dict) else ""


def _read_score(card: dict[str, Any]) -> Optional[Score]:
    """Return what a card tells of held-out data; what nobody labelled is no class that a model could get right."""
    metrics = card.get("metrics")
    if not isinstance(metrics, dict):
        return None
    shares = {name: value for name, value in metrics.items() if isinstance(value, (int, float)) and 0 <= value <= 1}
    miou, accuracy = shares.get("miou_labelled", shares.get("miou")), shares.get("accuracy")
    known = miou is not None or accuracy is not None
    return Score(miou, accuracy, str(metrics.get("on") or "")) if known else None


def _read_metadata(path: Path) -> dict[str, str]:
    """Return the metadata of an ONNX file: its top level is walked, the network itself skipped."""
    with path.open("rb") as stream:
        size = path.stat().st_size
        entries = [entry for number, entry in _read_fields(stream, size) if number == _METADATA_FIELD]
    return {_read_text(entry, _KEY_FIELD): _read_text(entry, _VALUE_FIELD) for entry in entries}


def _read_fields(stream: BinaryIO, size: int) -> Iterator[tuple[int, bytes]]:
    """Yield (number, content) of the fields of a message that are not too long to be metadata."""
    while stream.tell() < size:
        number, wire = divmod(_read_varint(stream), 8)
        if wire == _VARINT:
            _read_varint(stream)
            continue
        length = _read_varint(stream) if wire == _BYTES else {_FIXED64: 8, _FIXED32: 4}[wire]
        if number == _METADATA_FIELD and length <= _MAX_CARD:
            yield number, stream.read(length)
        else:
            stream.seek(length, 1)


def _read_text(entry: bytes, wanted: int) -> str:
    at = 0
    while at < len(entry):
        number = entry[at] >> 3
        length, at = _decode_varint(entry, at + 1)
        if number == wanted:
            return entry[at : at + length].decode()
        at += length
    return ""


def _read_varint(stream: BinaryIO) -> int:
    value = shift = 0
    while True:
        byte = stream.read(1)
        if not byte or shift > 63:
            raise ValueError("it is cut off")
        value |= (byte[0] & 0x7F) << shift
        shift += 7
        if byte[0] < 0x80:
            return value


def _decode_varint(entry: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = entry[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
