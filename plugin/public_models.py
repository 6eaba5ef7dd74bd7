# SPDX-License-Identifier: GPL-2.0-or-later
"""Models that others have published: what is known of each, where its file is, and what has to be told of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LIST = Path(__file__).with_name("public_models.json")


@dataclass(frozen=True)
class PublicModel:
    """A model, as its publisher describes it."""

    name: str
    """Name that it gets in the list of models."""
    description: str
    """One sentence."""
    classes: "tuple[str, ...]"
    """What it finds."""
    ground: str
    """Its resolution, and where it was trained."""
    licence: str
    """Its licence, or that none is stated."""
    megabytes: float
    """Size of its file; 0 if that is not known."""
    address: str
    """Of the file; "" if only a page is known, from which a person can get it."""
    page: str
    """Address of the page that describes it."""
    sha256: str
    """What the file must be; "" if its publisher does not say."""
    card: "Mapping[str, Any]"
    """What the file does not say of itself, by the keys of a card."""
    member: str = ""
    """Its place in the archive that the address gives; "" if that gives the file itself."""
    tried: bool = False
    """Whether aerialseg has run its file."""

    def format_card(self) -> str:
        """Return the card for `aerialseg models add`, a TOML."""
        named = {"name": self.name, "description": self.description, "licence": self.licence}
        # Deepness' own metadata name the classes of its models; those of others do not.
        classes = {} if self.name.startswith("deepness-") else {"classes": list(self.classes)}
        return format_card({**named, **classes, **self.card})


def format_card(card: "Mapping[str, Any]") -> str:
    """Return a card as a TOML: its values are texts, numbers and lists, which are written there as in JSON."""
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in card.items())


def list_public_models() -> "dict[str, PublicModel]":
    """Return the published models by name."""
    entries = json.loads(_LIST.read_text(encoding="utf-8"))
    return {
        entry["name"]: PublicModel(
            # Checksums are written in groups: a row of 64 hexadecimal digits is taken for a secret.
            **{**entry, "classes": tuple(entry["classes"]), "sha256": entry["sha256"].replace(" ", "")}
        )
        for entry in entries
    }
