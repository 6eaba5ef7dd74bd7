"""Add to the card of a model what its training images look like; the weights stay the same, bit for bit.

    python scripts/add_known_ground.py models/mbrsc-lite0.onnx DATA

`aerialseg train` does this by itself; this is for a model that was trained before it did. DATA is what the model was
trained on, without what was held out; statistics of the images go into the card, and nothing else is changed.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from aerialseg_core.datasets.labelled_data import open_data
from aerialseg_core.datasets.pairs import map_bands
from aerialseg_core.datasets.pixel_values import find_values
from aerialseg_core.datasets.split import Part
from aerialseg_core.model.bundle import Model, load_bundle, update_bundle
from aerialseg_core.raster.window import Window
from aerialseg_core.training.known_ground import describe_training_images


def add_known_ground(bundle: Path, data: Path) -> Model:
    """Write a bundle again, with what its training images look like in its card."""
    model = load_bundle(bundle)
    names = model.card.band_names
    pairs = open_data(data).pairs
    map_bands(pairs, names)
    values = find_values(pairs, lambda pair: pair.indexes(names))
    parts = [Part(i, Window(0, 0, *pair.size)) for i, pair in enumerate(pairs)]
    card = describe_training_images(model.card, pairs, parts, clipped=values.clipped)
    return update_bundle(bundle, known=card.known)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path, help="model file to change, *.onnx")
    parser.add_argument("data", type=Path, help="what it was trained on")
    given = parser.parse_args()
    known = add_known_ground(given.bundle, given.data).card.known
    told = f"{known.windows} windows, limit {known.limit:.3f}" if known else "too few images to say what is normal"
    print(f"{given.bundle}: {told}")


if __name__ == "__main__":
    main()
