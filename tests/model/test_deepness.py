"""The QGIS plugin Deepness: our bundles, read and run the way it does it.

Written after what its dialog and its class for segmentation models do with a file (PUTvision/qgis-plugin-deepness,
`deepness_dockwidget.py`, `model_base.py`, `segmentor.py`); none of its code is here.
`tests/qgis/test_deepness_dialog.py` puts the same values into a spin box of Qt.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from numpy.typing import NDArray
from support import image, network, save_model

from aerialseg_core.model.bundle import hash_network, load_bundle, update_bundle
from aerialseg_core.model.engines import create_engine
from aerialseg_core.model.normalization import normalize
from aerialseg_core.model.registry import list_shipped_models
from aerialseg_core.model.scores import decide


@dataclass(frozen=True)
class DialogValues:
    """What its dialog has after a model was chosen and "load default parameters" was pressed."""

    tile_size: int
    batch_size: int | None
    names: list[str]
    resolution: float
    overlap: int
    mean: list[float]
    std: list[float]


def set_spin_box(value: Any) -> int:
    """As `QSpinBox.setValue`, which takes a whole number and nothing else."""
    if type(value) is not int:
        raise TypeError(f"setValue(self, int): argument 1 has unexpected type {type(value).__name__!r}")
    return value


def load_in_dialog(session: ort.InferenceSession) -> DialogValues:
    """Read a model, and refuse what Deepness refuses."""
    metadata = session.get_modelmeta().custom_metadata_map
    assert str(json.loads(metadata["model_type"])).capitalize() == "Segmentor"
    (taken,), (given,) = session.get_inputs(), session.get_outputs()
    assert len(given.shape) == 4, "(batch, classes, rows, cols)"
    assert given.shape[2] == given.shape[3], "square"
    set_spin_box(json.loads(metadata["tile_size"]))
    names = [name for _, name in sorted(json.loads(metadata["class_names"]).items(), key=lambda item: int(item[0]))]
    assert sorted(map(int, json.loads(metadata["class_names"]))) == list(range(given.shape[-3]))
    batch = taken.shape[0]
    return DialogValues(
        tile_size=set_spin_box(taken.shape[-1]),
        batch_size=None if isinstance(batch, str) else set_spin_box(batch),
        names=names,
        resolution=float(json.loads(metadata["resolution"])),
        overlap=int(json.loads(metadata["tiles_overlap"])),
        mean=[float(value) for value in json.loads(metadata["standardization_mean"])],
        std=[float(value) for value in json.loads(metadata["standardization_std"])],
    )


def run_in_deepness(session: ort.InferenceSession, values: DialogValues, tiles: NDArray[np.uint8]) -> NDArray[Any]:
    """Class numbers of tiles of shape (batch, rows, cols, bands): divided by 255, standardised, channels first."""
    scaled = (np.float32(tiles / 255) - np.float32(values.mean)) / np.float32(values.std)
    (scores,) = session.run(None, {session.get_inputs()[0].name: np.float32(scaled.transpose(0, 3, 1, 2))})
    return np.asarray(scores.argmax(axis=1))


def open_session(path: Path) -> ort.InferenceSession:
    return ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("name", list_shipped_models())
def test_a_shipped_model_loads_in_deepness_and_gives_the_same_classes(name: str) -> None:
    model = load_bundle(list_shipped_models()[name])
    session = open_session(model.path)
    values = load_in_dialog(session)
    assert (values.tile_size, values.batch_size) == (model.card.patch, None)
    assert (tuple(values.names), values.resolution) == (model.card.classes.names, model.card.gsd * 100)
    assert values.overlap == 15
    pixels = image(model.card.patch, model.card.patch, len(model.card.bands))
    theirs = run_in_deepness(session, values, pixels.transpose(1, 2, 0)[None].repeat(2, axis=0))
    ours = create_engine(model, engine="onnxruntime").predict(normalize(pixels, model.card.bands)[None])
    same = theirs[0] + 1 == decide(ours[0])[0]
    assert same.mean() > 0.9999, "rounding parts equals only"
    assert np.array_equal(theirs[0], theirs[1])


def test_names_of_axes_do_not_go_into_its_spin_box(tmp_path: Path) -> None:
    """Why a bundle has numbers: any network of ours is open to all sizes before it is saved."""
    saved = save_model(tmp_path / "tiny.onnx", patch=48)
    assert load_in_dialog(open_session(saved.path)).tile_size == 48
    metadata = {entry.key: entry.value for entry in onnx.load(saved.path).metadata_props}
    symbolic = network()
    onnx.helper.set_model_props(symbolic, metadata)
    symbolic.graph.output[0].CopyFrom(  # square by name, as an exporter may write it
        onnx.helper.make_tensor_value_info("scores", onnx.TensorProto.FLOAT, ["n", 4, "h", "h"])
    )
    onnx.save(symbolic, tmp_path / "symbolic.onnx")
    with pytest.raises(TypeError, match="unexpected type 'str'"):
        load_in_dialog(open_session(tmp_path / "symbolic.onnx"))


def test_an_older_bundle_runs_and_is_brought_up_to_date(tmp_path: Path) -> None:
    """A file from before rows and columns were numbers: the same scores before and after."""
    path = tmp_path / "old.onnx"
    card = save_model(path).card
    old = network()
    onnx.helper.set_model_props(old, {"aerialseg": card.with_sha256(hash_network(old)).to_json()})
    onnx.save(old, path)
    before = load_bundle(path)
    after = update_bundle(path, description="As before.", licence="CC0-1.0")
    assert (after.card.description, after.card.licence, after.card.patch) == ("As before.", "CC0-1.0", 32)
    assert load_in_dialog(open_session(path)).tile_size == 32
    assert onnx.load(path).graph.initializer == old.graph.initializer
    patches = np.random.default_rng(0).random((1, 3, 32, 32), np.float32)
    for engine in ("onnxruntime", "openvino"):
        scores = [create_engine(model, engine=engine).predict(patches) for model in (before, after)]
        assert np.array_equal(*scores)
