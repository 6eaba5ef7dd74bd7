"""Tiny rasters and tiny networks, made by code."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import rasterio
from affine import Affine
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from aerialseg_core.config import SegmentConfig
from aerialseg_core.model.bundle import Model, save_bundle
from aerialseg_core.model.card import Band, Card
from aerialseg_core.model.engines import Engine
from aerialseg_core.model.known_ground import KnownGround, describe_windows, fit_known_ground
from aerialseg_core.model.registry import load_model
from aerialseg_core.model.scores import Scores
from aerialseg_core.model.signature import Signature
from aerialseg_core.progress import Reporter
from aerialseg_core.raster.classes import ClassScheme
from aerialseg_core.raster.window import Window
from aerialseg_core.segmentation.pipeline import blend_patches, read_patches
from aerialseg_core.segmentation.planning import plan_scene
from aerialseg_core.segmentation.predictor import Predictor

REPO = Path(__file__).resolve().parent.parent
UTM = "EPSG:32640"
NORTH_UP = Affine(1, 0, 300_000, 0, -1, 2_800_000)
SCHEME = ClassScheme.of([("Dark", "#101010"), ("Red & <round>", "#FF0000"), ("Grün", "#00FF00"), ("Blue", "#0000FF")])


def card(patch: int = 32, scheme: ClassScheme = SCHEME, **changes: Any) -> Card:
    """A card for 3-band uint8 images of 1 m, scaled to 0…1."""
    values: dict[str, Any] = {
        "name": "tiny",
        "description": "A network for tests.",
        "classes": scheme,
        "bands": tuple(Band(name, 255.0, 0.0, 1.0) for name in ("red", "green", "blue")),
        "patch": patch,
        "gsd": 1.0,
        "gsd_range": (1.0, 1.0),
        "licence": "MIT",
    }
    return Card(**{**values, **changes})


def network(classes: int = 4, bands: int = 3, seed: int = 0) -> onnx.ModelProto:
    """A 5×5 convolution and a softmax: every score depends on a neighbourhood, so seams and shifts show."""
    rng = np.random.default_rng(seed)
    kernel = rng.normal(0, 0.2, (classes, bands, 5, 5)).astype(np.float32)
    kernel[:, :, 2, 2] += 6 * np.eye(classes, bands, k=-1, dtype=np.float32)
    bias = np.zeros(classes, np.float32)
    bias[0] = 1.5
    nodes = [
        helper.make_node("Conv", ["input", "kernel", "bias"], ["logits"], pads=[2, 2, 2, 2]),
        helper.make_node("Softmax", ["logits"], ["scores"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["n", bands, "h", "w"])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", classes, "h", "w"])],
        [numpy_helper.from_array(kernel, "kernel"), numpy_helper.from_array(bias, "bias")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def save_model(path: Path, *, patch: int = 32, scheme: ClassScheme = SCHEME, **changes: Any) -> Model:
    """Write a tiny bundle and load it."""
    made = card(patch, scheme, **changes)
    save_bundle(network(len(scheme), len(made.bands)), made, path, overwrite=True)
    return load_model(str(path))


def deepness(path: Path, model: onnx.ModelProto, **metadata: Any) -> Path:
    """Save a network with the metadata of Deepness; None leaves one out."""
    values = {
        "model_type": "Segmentor",
        "class_names": {str(i): f"thing {i}" for i in range(4)},
        "resolution": 100,
        "tiles_size": 32,
        **metadata,
    }
    helper.set_model_props(model, {k: json.dumps(v) for k, v in values.items() if v is not None})
    onnx.save(model, path)
    return path


def image(rows: int, cols: int, bands: int = 3, dtype: str = "uint8", seed: int = 0) -> NDArray[Any]:
    """Smooth coloured blobs, shape (bands, rows, cols)."""
    rng = np.random.default_rng(seed)
    coarse = rng.random((bands, rows // 9 + 2, cols // 9 + 2))
    fine = np.repeat(np.repeat(coarse, 9, axis=1), 9, axis=2)[:, :rows, :cols]
    noisy = 0.8 * fine + 0.2 * rng.random((bands, rows, cols))
    top = 255 if dtype == "uint8" else 4000 if dtype.startswith("uint") else 1
    return (noisy * top).astype(dtype)


def save_scene(path: Path, pixels: NDArray[Any], **profile: Any) -> Path:
    """Write (bands, rows, cols) as a GeoTIFF, in UTM at 1 m unless told otherwise."""
    values: dict[str, Any] = {"crs": UTM, "transform": NORTH_UP, **profile}
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=pixels.shape[1],
        width=pixels.shape[2],
        count=pixels.shape[0],
        dtype=pixels.dtype,
        **values,
    ) as dataset:
        dataset.write(pixels)
    return path


def read(path: Path) -> NDArray[np.uint8]:
    """The first band of a raster."""
    with rasterio.open(path) as dataset:
        return np.asarray(dataset.read(1))


class CountingEngine:
    """An engine that calls a function and counts: what `predict` was given, patch by patch.

    Args:
        function: Scores (batch, classes, rows, cols) of patches (batch, bands, rows, cols); the identity by default.
        batch: Patches that one call takes.
        streams: Calls at the same time.
    """

    name = "counting"
    device = "test"
    precision = "fp32"
    resizes = True
    kept_as = ""
    seconds_to_compile = 0.0
    signature = Signature()

    def __init__(
        self, function: Callable[[Scores], Scores] = np.copy, *, batch: int = 1, streams: int = 2, patch: int = 32
    ) -> None:
        self._function = function
        self._lock = threading.Lock()
        self.batch, self.streams, self.patch = batch, streams, patch
        self.calls = 0
        self.seen: list[bytes] = []

    def predict(self, patches: Scores) -> Scores:
        """As the protocol; every patch that is not padding goes into `seen`."""
        assert patches.shape[0] == self.batch
        assert patches.dtype == np.float32
        with self._lock:
            self.calls += 1
            self.seen += [patch.tobytes() for patch in patches if patch.any()]
        return self._function(patches)


def predictor(engine: Engine, made: Card | None = None) -> Predictor:
    """A predictor for an engine that needs no model file."""
    return Predictor(Model(Path("none"), made or card(), "0" * 64, b""), engine)


def blended_scores(source: Path, using: Predictor, **options: Any) -> NDArray[np.float32]:
    """The scores of a whole scene as the pipeline blends them, at the resolution of reading; (classes, rows, cols)."""
    with plan_scene(str(source), using.model.card, SegmentConfig(**options)) as (plan, scene):
        rows, cols = plan.windows_of(Window(0, 0, *plan.full_shape))
        whole = np.full((len(using.model.card.classes), *plan.work_shape), np.nan, np.float32)
        with scene.resample(plan.work_shape) as reading:
            patches = read_patches(plan, reading, rows, cols)
            for cell in blend_patches(plan, using, patches, (rows, cols), Reporter()):
                box = Window(cell.row, cell.col, *cell.valid.shape)
                part = box.intersection(reading.window)
                if part is not None and cell.scores is not None:
                    whole[(slice(None), *part.slices)] = cell.scores[(slice(None), *part.relative_to(box).slices)]
    return whole


class Listener(Reporter):
    """A reporter that keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []
        self.results: list[dict[str, Any]] = []
        self.totals: list[int] = []
        self.tasks: list[str] = []

    def start(self, task: str, total: int, unit: str) -> None:
        super().start(task, total, unit)
        self.tasks.append(task)
        self.totals.append(total)

    def message(self, text: str, level: str = "info") -> None:
        self.messages.append(text)

    def result(self, **fields: Any) -> None:
        self.results.append(fields)


def contents(folder: Path) -> set[str]:
    """All files and folders below a folder, hidden ones too, by their relative names."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def ground(rows: int, cols: int, seed: int = 0) -> NDArray[np.uint8]:
    """Ground of one kind, fields of some brightness with some noise, shape (3, rows, cols)."""
    rng = np.random.default_rng(seed)
    fields = rng.uniform(90, 160, (3, rows // 20 + 1, cols // 20 + 1))
    spread = np.repeat(np.repeat(fields, 20, axis=1), 20, axis=2)[:, :rows, :cols]
    noisy = spread + rng.normal(0, rng.uniform(2, 6), (3, rows, cols))
    return noisy.clip(0, 255).astype(np.uint8)


def foreign_ground(rows: int, cols: int, seed: int = 0) -> NDArray[np.uint8]:
    """Ground of another kind, dark and rough, shape (3, rows, cols)."""
    return np.random.default_rng(seed).integers(0, 80, (3, rows, cols), np.uint8)


def known_ground(side: int = 128, windows: int = 80) -> KnownGround:
    """What images of `ground`, scaled as `card` does, look like."""
    whole = np.ones((side, side), bool)
    described = [
        describe_windows(ground(side, side, seed).astype(np.float32) / 255, whole, 1)[0][0] for seed in range(windows)
    ]
    known = fit_known_ground(np.array(described), np.arange(windows))
    assert known is not None
    return known
