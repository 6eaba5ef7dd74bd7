"""Add to the card of a model what `aerialseg train` tells today; the weights stay the same, bit for bit.

    python scripts/complete_card.py models/mbrsc-lite0.onnx DATA

For a model of ours that was trained before its training told what its images look like, or between which values its
network may compute in bytes. DATA is what it was trained on, without what was held out; what is in the card stays.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import onnx

from aerialseg_core.datasets.labelled_data import open_data
from aerialseg_core.datasets.pairs import map_bands
from aerialseg_core.datasets.pixel_values import find_values
from aerialseg_core.datasets.split import Part
from aerialseg_core.model.bundle import Model, load_bundle, update_bundle
from aerialseg_core.raster.window import Window
from aerialseg_core.training.export import calibrate_activations
from aerialseg_core.training.known_ground import describe_training_images


def complete_card(bundle: Path, data: Path) -> Model:
    """Write a bundle again, with what was missing in its card."""
    model = load_bundle(bundle)
    names = model.card.band_names
    pairs = open_data(data).pairs
    map_bands(pairs, names)
    changes: dict[str, Any] = {}
    if model.card.known is None:
        values = find_values(pairs, lambda pair: pair.indexes(names))
        parts = [Part(i, Window(0, 0, *pair.size)) for i, pair in enumerate(pairs)]
        changes["known"] = describe_training_images(model.card, pairs, parts, clipped=values.clipped).known
    if model.card.activations is None:
        network = onnx.load_model_from_string(model.network)
        changes["activations"] = calibrate_activations(network, model.card, pairs)
    return update_bundle(bundle, **changes)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path, help="model file to change, *.onnx")
    parser.add_argument("data", type=Path, help="what it was trained on")
    given = parser.parse_args()
    card = complete_card(given.bundle, given.data).card
    known = f"{card.known.windows} windows" if card.known else "too few images to say what is normal"
    maps = f"{len(card.activations)} feature maps" if card.activations else "computes as it was trained only"
    print(f"{given.bundle}: {known}; {maps}")


if __name__ == "__main__":
    main()
