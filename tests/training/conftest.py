"""Tiny data sets in the layout of the MBRSC set, and a training that takes a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from greyset import write_set

SetMaker = Callable[..., Path]


@pytest.fixture(scope="module", autouse=True)
def untraced() -> Iterator[None]:
    """TensorFlow traces every new network for seconds; see `traced`."""
    import keras

    if keras.backend.backend() != "tensorflow":
        yield
        return
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture
def traced() -> Iterator[None]:
    """Let TensorFlow trace the network, for a training of so many steps that it pays, or of the real way."""
    import keras

    if keras.backend.backend() != "tensorflow":
        yield
        return
    import tensorflow as tf

    tf.config.run_functions_eagerly(False)
    yield
    tf.config.run_functions_eagerly(True)


@pytest.fixture
def make_set(tmp_path: Path) -> SetMaker:
    """A function that writes a set: folders, pairs in each, and their size."""
    return partial(write_set, tmp_path / "data")


@pytest.fixture(scope="session")
def recipe() -> Any:
    """A recipe that trains in a second: a plain U-Net of two levels and 4 filters on 32 px."""
    from aerialseg_core.training import recipe as r

    return r.Recipe(
        card=r.CardOptions(name="toy", patch=64, licence="MIT", data="generated"),
        network=r.NetworkOptions("unet", {"filters": 4, "depth": 2}),
        patches=r.PatchOptions(cut=64, side=32),
        augmentation=r.AugmentationOptions(scale=(0.8, 1.25), gain=0.05),
        optimiser=r.OptimiserOptions(learning_rate=3e-3, warm_up=0.1),
        run=r.RunOptions(epochs=1, steps=2, batch=2),
    )


@pytest.fixture
def no_export(monkeypatch: pytest.MonkeyPatch) -> None:
    """The conversion takes seconds; most tests do without: the card is the bundle, the weights are the Keras model."""
    from aerialseg_core.training import trainer

    def write(model: Any, card: Any, output: Path, **_: Any) -> None:
        output.write_text(card.to_json())
        with output.with_suffix(".keras").open("wb") as file:
            np.savez(file, *model.get_weights())

    monkeypatch.setattr(trainer, "export_bundle", write)
