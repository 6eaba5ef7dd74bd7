"""Export: a network that training has driven beyond numbers is never delivered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import card, network

from aerialseg_core.errors import ModelError

keras = pytest.importorskip("keras", reason='keras is not installed: pip install "aerialseg[train]"')


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_no_numbers_are_not_delivered(tmp_path: Path, value: float) -> None:
    from aerialseg_core.training.export import export_bundle

    model = keras.Sequential([keras.Input((None, None, 3)), keras.layers.Conv2D(4, 1, name="last")])
    kernel, bias = model.get_weights()
    kernel[0, 0, 1, 2] = value
    model.set_weights([kernel, bias])
    with pytest.raises(ModelError, match=r"last/kernel are no numbers any more.*diverged.*learning_rate"):
        export_bundle(model, card(), tmp_path / "m.onnx", pairs=[], overwrite=False, folder=tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_difference_that_is_no_number_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from aerialseg_core.training import export

    def nothing(*_: Any) -> float:
        return float("nan")

    monkeypatch.setattr(export, "measure_difference", nothing)
    monkeypatch.setattr(export, "convert_to_onnx", lambda *_: network())
    monkeypatch.setattr(export, "_read_patches", lambda *_: np.zeros((1, 3, 32, 32), np.float32))
    model = keras.Sequential([keras.Input((None, None, 3)), keras.layers.Conv2D(4, 1)])
    with pytest.raises(ModelError, match="differ by nan"):
        export.export_bundle(model, card(), tmp_path / "m.onnx", pairs=[], overwrite=False, folder=tmp_path)
