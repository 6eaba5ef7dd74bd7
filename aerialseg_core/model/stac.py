"""The card as a STAC item with the Machine Learning Model extension (https://github.com/stac-extensions/mlm, v1.5).

It is written by hand: the extension for pystac stands at version 1.4, and a model is described without pystac.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..raster.classes import LandCoverClass
from .card import Card

MLM_SCHEMA = "https://stac-extensions.github.io/mlm/v1.5.0/schema.json"
CLASSIFICATION_SCHEMA = "https://stac-extensions.github.io/classification/v2.0.0/schema.json"
FILE_SCHEMA = "https://stac-extensions.github.io/file/v2.1.0/schema.json"

MULTIHASH_SHA256 = "1220"
"""Beginning of a SHA-256 as a multihash: its kind, and its length in bytes."""

_WORLD = [-180.0, -90.0, 180.0, 90.0]


def make_mlm_item(
    card: Card, *, href: str, sha256: str, dtype: str = "float32", channels_last: bool = False
) -> dict[str, Any]:
    """Describe a model as a STAC item.

    Args:
        card: The model's card.
        href: Where the model file is, relative to the item.
        sha256: SHA-256 of the model file, in hex.
        dtype: Element type of the network's input.
        channels_last: Whether its input is (batch, rows, cols, bands).

    Returns:
        The item as JSON-serialisable data. A model has no footprint, so it covers the world and all times.
    """
    west, south, east, north = _WORLD
    bands = [{"name": band.name} for band in card.bands]  # the extension looks in the item, the core in an asset too
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "stac_version": "1.1.0",
        "stac_extensions": [MLM_SCHEMA, CLASSIFICATION_SCHEMA, FILE_SCHEMA],
        "id": card.name,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "bbox": _WORLD,
        "properties": {
            "description": card.description,
            "datetime": None,
            "start_datetime": "1900-01-01T00:00:00Z",
            "end_datetime": "9999-12-31T23:59:59Z",
            "gsd": card.gsd,
            "license": card.licence or "other",
            "bands": bands,
            "mlm:name": _name_model(card.name),
            "mlm:architecture": str(card.training.get("network", "U-Net")),
            "mlm:tasks": ["semantic-segmentation"],
            "mlm:framework": "ONNX",
            "mlm:hyperparameters": {"temperature": card.temperature},
            "mlm:input": [_describe_input(card, dtype, channels_last)],
            "mlm:output": [_describe_output(card)],
        },
        "links": [],
        "assets": {
            "model": {
                "href": href,
                "type": "application/octet-stream; framework=onnx",
                "title": card.name,
                "roles": ["mlm:model", "mlm:weights"],
                "mlm:artifact_type": "onnx",
                "file:checksum": MULTIHASH_SHA256 + sha256,
                "bands": bands,
            }
        },
    }


def _name_model(name: str) -> str:
    """Name a model as the extension wants it: a letter first, then at least two letters, digits or signs between."""
    shown = re.sub(r"[^0-9A-Za-z_.\s-]+", "-", name).strip("-_. ")
    return shown if re.fullmatch(r"[A-Za-z].{2,}", shown) else f"model-{shown}".rstrip("-")


def _describe_input(card: Card, dtype: str, channels_last: bool) -> dict[str, Any]:
    order = ["batch", "height", "width", "bands"] if channels_last else ["batch", "bands", "height", "width"]
    sizes = {"batch": -1, "bands": len(card.bands), "height": card.patch, "width": card.patch}
    return {
        "name": "image",
        "bands": [band.name for band in card.bands],
        "input": {
            "shape": [sizes[axis] for axis in order],
            "dim_order": order,
            "data_type": dtype,
        },
        # (x / scale − mean) / std as one z-score of the stored value
        "value_scaling": [
            {"type": "z-score", "mean": band.mean * band.scale, "stddev": band.std * band.scale} for band in card.bands
        ],
    }


def _describe_output(card: Card) -> dict[str, Any]:
    return {
        "name": "scores",
        "tasks": ["semantic-segmentation"],
        "result": {
            "shape": [-1, len(card.classes), card.patch, card.patch],
            "dim_order": ["batch", "class", "height", "width"],
            "data_type": "float32",
        },
        "classification:classes": [{**one, "value": index} for index, one in enumerate(describe_classes(card.classes))],
    }


def describe_classes(classes: Iterable[LandCoverClass]) -> list[dict[str, Any]]:
    """Describe classes in the fields of the classification extension, their ids as values."""
    return [
        {
            "value": one.id,
            "name": re.sub(r"[^0-9A-Za-z_-]+", "-", one.name) or f"class-{one.id}",
            "title": one.name,
            "color_hint": one.colour[1:].upper(),
        }
        for one in classes
    ]
