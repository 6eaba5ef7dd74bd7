"""Models by name or by file: the shipped ones, and any that the user has."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path

from .bundle import load_bundle
from .card import Card
from .errors import ModelError

KERAS_CARD = "aerialseg.json"
"""Member of a `.keras` archive that holds the card."""

_MAX_CARD = 1 << 20


@dataclass(frozen=True)
class Model:
    """A model that can be run."""

    path: Path
    """Its file."""
    card: Card
    """Its card."""
    sha256: str
    """SHA-256 of the file, in hex."""
    network: bytes
    """The serialised ONNX network; empty for a `.keras` file, which Keras reads itself."""


def shipped_models() -> dict[str, Path]:
    """Bundles of the shipped models by name: inside an installed package, or `models/` of a source tree or plugin."""
    here = Path(__file__).parent
    folders = (here / "_models", here.parent / "models")
    folder = next((f for f in folders if f.is_dir()), folders[0])
    return {path.stem: path for path in sorted(folder.glob("*.onnx"))}


def keras_twin(name: str) -> Path | None:
    """The Keras file of a shipped model, from which training goes on; None if there is none of that name.

    It stands beside the bundle, as `NAME.keras`, and is no model of its own: the bundle is what runs.
    """
    shipped = shipped_models().get(name)
    twin = shipped and shipped.with_suffix(".keras")
    return twin if twin and twin.is_file() else None


def load_model(name_or_path: str) -> Model:
    """Load a shipped model by its name, or a model file.

    Raises:
        ModelError: There is no such model, or it cannot be used.
    """
    shipped = shipped_models()
    path = shipped.get(name_or_path, Path(name_or_path))
    if not path.is_file():
        raise ModelError(
            f"There is no model {name_or_path!r}.",
            f"Give the path of a model file, or one of: {', '.join(shipped) or 'none is shipped here'}.",
        )
    if path.suffix == ".keras":
        return _keras_model(path)
    bundle = load_bundle(path)
    return Model(path, bundle.card, bundle.sha256, bundle.network)


def _keras_model(path: Path) -> Model:
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(KERAS_CARD).file_size > _MAX_CARD:
                raise ModelError(f"The card in {path} is too large to be one.", "Get the model file again.")
            text = archive.read(KERAS_CARD).decode()
    except (zipfile.BadZipFile, OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path} is not a Keras model, or is damaged.", "Get the model file again.") from error
    except KeyError as error:
        raise ModelError(f"{path} carries no card.", "Use a model that `aerialseg train` has written.") from error
    return Model(path, Card.from_json(text), hashlib.sha256(path.read_bytes()).hexdigest(), b"")
