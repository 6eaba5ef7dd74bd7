"""Lineage: the versions of a model, each retrained from the one before, whose checksum its card carries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from ..errors import ModelError
from .bundle import Model, read_card
from .card import Card


def trace_parents(model: Model, files: Iterable[Path]) -> list[tuple[Path, Card]]:
    """Trace the models that a model was retrained from.

    Args:
        model: The model.
        files: Where they may be; what cannot be read or is no model is passed over.

    Returns:
        File and card of the parent, of its parent, and so on, as far as they are found.
    """
    known: dict[str, Path] = {}
    for path in files:
        try:
            known.setdefault(hashlib.sha256(path.read_bytes()).hexdigest(), path)
        except OSError:
            continue
    line: list[tuple[Path, Card]] = []
    wanted = model.card.parent
    while wanted is not None and wanted in known:
        path = known.pop(wanted)  # each is found once, so this ends, whatever cards claim
        try:
            card = read_card(path)
        except ModelError:
            break
        line.append((path, card))
        wanted = card.parent
    return line
