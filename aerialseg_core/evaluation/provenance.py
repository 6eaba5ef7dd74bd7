"""Where an evaluation comes from: the model, the data, the command, and which of the images the model knows."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from .. import __version__
from ..config import SegmentConfig
from ..datasets.labelled_data import LabelledData
from ..datasets.pairs import Pair
from ..model.card import Card
from ..segmentation.predictor import Predictor

_NO_NAME = "."


def training_groups(card: Card) -> frozenset[str]:
    """Names of the groups of images that a model was trained on, as far as its card tells.

    The card has them in `training["split"]["training"]`; "Tile 1 + Tile 3" names two folders that are one group. "."
    is no name: it stands for the images of any data set that has no folders.
    """
    split = card.training.get("split", {})
    named: Sequence[Any] = split.get("training", ()) if isinstance(split, dict) else ()
    names = {part for name in named if isinstance(name, str) for part in name.split(" + ")}
    return frozenset(names - {_NO_NAME})


def was_seen(pair: Pair, root: Path, groups: frozenset[str]) -> bool:
    """Whether an image lies in a folder, or belongs to a group, that a model was trained on.

    Args:
        pair: The image.
        root: `LabelledData.root`.
        groups: As `training_groups` gives them.
    """
    folder = data_folder(root)
    places = {pair.group}
    if pair.image.is_relative_to(folder):
        places |= {folder.resolve().name, *pair.image.relative_to(folder).parts[:-1]}
    return not places.isdisjoint(groups)


def data_folder(root: Path) -> Path:
    """The folder of labelled data: the root itself, or where the TOML lies."""
    return root if root.is_dir() else root.parent


def provenance(labelled: LabelledData, predictor: Predictor, config: SegmentConfig, output: Path) -> dict[str, Any]:
    """What was run on what, and how to run it again; JSON-serialisable."""
    model, engine = predictor.model, predictor.engine
    card = model.card
    return {
        "aerialseg": __version__,
        "made": datetime.now(timezone.utc).date().isoformat(),
        "model": {
            "name": card.name,
            "description": card.description,
            "sha256": model.sha256,
            "patch": card.patch,
            "temperature": card.temperature,
            "licence": card.licence,
        },
        "data": {
            "path": str(labelled.root),
            "images": len(labelled.pairs),
            "groups": sorted({pair.group for pair in labelled.pairs}),
        },
        "engine": f"{engine.name}, {engine.device}, {engine.precision}",
        "parameters": config.result_parameters(),
        "command": _command(labelled, config, output),
    }


def _command(labelled: LabelledData, config: SegmentConfig, output: Path) -> str:
    """The command line that makes this report."""
    parts = ["aerialseg", "evaluate", config.model, str(labelled.root), "-o", str(output)]
    for field in fields(config):
        value = getattr(config, field.name)
        if field.name != "model" and value != field.default:
            text = ",".join(f"{part:g}" for part in value) if isinstance(value, tuple) else str(value)
            parts += [f"--{field.name.replace('_', '-')}", text]
    return shlex.join(parts)
