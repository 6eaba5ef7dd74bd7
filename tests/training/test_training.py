"""Training from a folder to a bundle, on tiny generated data."""

# ruff: noqa: E402 - the imports follow what skips them

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from aerialseg_core.datasets.parts import Part
from greyset import write_pair
from support import save_scene

from aerialseg_core.classes import MBRSC
from aerialseg_core.datasets.pairs import find_pairs
from aerialseg_core.datasets.rasters import read_image
from aerialseg_core.errors import Cancelled, DataError, DependencyError, ModelError, OutputError, ParameterError
from aerialseg_core.files.outputs import lock_outputs
from aerialseg_core.metrics import count_confusion, measure_accuracy
from aerialseg_core.model.bundle import load_bundle
from aerialseg_core.model.normalization import normalize
from aerialseg_core.model.registry import load_model
from aerialseg_core.progress import Reporter
from aerialseg_core.raster.value_range import find_full_range
from aerialseg_core.raster.window import Window
from aerialseg_core.training import export, networks, train, trainer
from aerialseg_core.training.dataset import weigh_patches
from aerialseg_core.training.recipe import AugmentationOptions, NetworkOptions, OptimiserOptions, RunOptions
from aerialseg_core.training.run import make_bands
from aerialseg_core.training.validation import Holdout, score_holdout


class Recorder(Reporter):
    """Keeps what it is told; cancels at a given advance of the training."""

    def __init__(self, cancel_at: int = 0) -> None:
        super().__init__()
        self.messages: list[tuple[str, str]] = []
        self.cancel_at = cancel_at

    def advance(self, n: int = 1, **state: Any) -> None:
        super().advance(n, **state)
        if self.task == "train" and self.done == self.cancel_at:
            self.cancel()

    def message(self, text: str, level: str = "info") -> None:
        self.messages.append((level, text))


@pytest.fixture
def no_export(monkeypatch: pytest.MonkeyPatch) -> None:
    """The conversion takes seconds; most tests do without."""

    def write(model: Any, card: Any, output: Path, **_: Any) -> None:
        output.write_text("bundle")
        output.with_suffix(".keras").write_text("keras")

    monkeypatch.setattr(trainer, "export_bundle", write)


def leftovers(folder: Path) -> Iterator[str]:
    return (path.name for path in folder.iterdir() if path.name != "data")


@pytest.mark.slow
def test_from_a_folder_to_a_bundle(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    for package in ("tensorflow", "tf2onnx"):
        pytest.importorskip(package)
    data = make_set()
    result = train(data, tmp_path / "toy.onnx", recipe=recipe)
    bundle = load_bundle(tmp_path / "toy.onnx")
    assert bundle.card == replace(result.card, sha256=bundle.card.sha256)
    assert bundle.card.classes == MBRSC
    assert load_model(str(result.keras_model)).card == result.card
    assert bundle.card.gsd_range == (0.8, 1.25)
    assert bundle.card.training["split"] == {
        "kind": "groups",
        "training": ["Tile 2"],
        "holdout": ["Tile 1"],
    }
    assert bundle.card.metrics["miou"] == result.scores.miou
    assert sorted(leftovers(tmp_path)) == ["toy.csv", "toy.keras", "toy.onnx"]
    _check_the_network(bundle.network, result.keras_model, find_pairs(data)[0].image, bundle.card.bands)


def _check_the_network(network: bytes, keras_model: Path, image: Path, bands: Any) -> None:
    ort = pytest.importorskip("onnxruntime")
    session = ort.InferenceSession(network, providers=["CPUExecutionProvider"])
    saved = keras.saving.load_model(keras_model, compile=False, safe_mode=True)
    pixels = normalize(read_image(image, 3), bands)
    for batch in (pixels[None], np.stack([pixels[:, :32]] * 3)):
        scores = session.run(["scores"], {"input": batch})[0]
        assert scores.shape == (len(batch), 6, *batch.shape[2:])
        np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-5)
        expected = np.moveaxis(np.asarray(saved.predict_on_batch(np.moveaxis(batch, 1, -1))), -1, 1)
        np.testing.assert_allclose(scores, expected, atol=1e-4)


@pytest.mark.slow
def test_the_exported_lite0_computes_the_same_at_any_size(tmp_path: Path) -> None:
    for package in ("tensorflow", "tf2onnx", "onnxruntime"):
        pytest.importorskip(package)
    model = networks.build("lite0", 3, 6, weights="random", batch_norm=True, decoder=[8, 8, 8, 8])
    model.save(tmp_path / "model.keras")
    network = export.convert_to_onnx(tmp_path / "model.keras", tmp_path / "model.onnx")
    assert {node.op_type for node in network.graph.node}.isdisjoint({"Transpose", "Tile", "Loop", "If"})
    rng = np.random.default_rng(0)
    for size in ((32, 32), (64, 96)):
        patches = rng.normal(size=(2, 3, *size)).astype(np.float32)
        assert export.measure_difference(model, network, patches) < 1e-4


@pytest.mark.usefixtures("no_export")
def test_training_learns(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    """Two classes that are dark and bright: a few steps are enough to tell them apart."""
    longer = replace(
        recipe,
        network=NetworkOptions("unet", {"filters": 8, "dropout": [0.0, 0.0]}),
        augmentation=AugmentationOptions(),
        optimiser=OptimiserOptions(learning_rate=4e-3),
        run=RunOptions(epochs=1, steps=80, batch=4, seed=2),
    )
    result = train(make_set(labels=(0, 5)), tmp_path / "toy.onnx", recipe=longer)
    assert result.scores.accuracy > 0.9


def test_the_scaling_of_the_card_follows_the_type_of_the_images(recipe: Any) -> None:
    """For any type the full range reaches the network as the same figures."""
    for dtype, full in (("uint8", 255), ("uint16", 65535), ("float32", 1)):
        pixels = np.array([0, full], dtype).reshape(1, 1, 2).repeat(3, axis=0)
        lite0 = make_bands(replace(recipe, network=NetworkOptions("lite0")), find_full_range(dtype))
        np.testing.assert_allclose(normalize(pixels, lite0)[0, 0], [-127 / 128, 1], rtol=1e-6)
    pixels = np.array([500, 5600], "uint16").reshape(1, 1, 2).repeat(3, axis=0)
    ranged = make_bands(replace(recipe, network=NetworkOptions("lite0")), (500, 5600))
    np.testing.assert_allclose(normalize(pixels, ranged)[0, 0], [-127 / 128, 1], rtol=1e-5)


@pytest.mark.usefixtures("no_export")
def test_images_of_any_type_train_the_same_model(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    """8-bit values in float32 as if they were uint8, those of 16 bit with black and white in the card."""
    data = make_set()
    bytes_of_it = train(data, tmp_path / "uint8.onnx", recipe=recipe)
    steps = {"float32": (1, 0, None), "uint16": (20, 500, [500.0, 5600.0])}
    for dtype, (factor, offset, given) in steps.items():
        for image in sorted(data.rglob("images/*.png")):
            pixels = read_image(image, 3).astype(dtype) * factor + offset
            save_scene(image.with_suffix(".tif"), pixels.astype(dtype), crs=None, transform=None)
            image.rename(image.with_suffix(".kept"))
        said = Recorder()
        own = replace(recipe, card=replace(recipe.card, range=tuple(given or ())))
        made = train(data, tmp_path / f"{dtype}.onnx", recipe=own, reporter=said)
        card = made.card
        assert sum("range: " in text for _, text in said.messages) == 1
        if given is None:
            assert (card.dtype, card.range, card.bands) == ("uint8", None, bytes_of_it.card.bands)
            assert made.scores == bytes_of_it.scores
        else:
            assert (card.dtype, card.range) == (dtype, tuple(given))
            assert made.scores.accuracy == pytest.approx(bytes_of_it.scores.accuracy, abs=0.02)
        for image in sorted(data.rglob("images/*.kept")):
            image.with_suffix(".tif").unlink()
            image.rename(image.with_suffix(".png"))


@pytest.mark.usefixtures("no_export")
def test_colours_of_no_class_are_counted_in_a_warning(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    from PIL import Image

    data = make_set()
    mask = data / "Tile 1" / "masks" / "part_0.png"
    pixels = np.array(Image.open(mask))
    pixels[:3, :5] = (1, 2, 3)
    Image.fromarray(pixels).save(mask)
    reporter = Recorder()
    train(data, tmp_path / "toy.onnx", recipe=recipe, reporter=reporter)
    assert [text for level, text in reporter.messages if level == "warning"] == [
        "15 pixels of 1 label files have a colour or an id that is no class; they are ignored."
    ]


@pytest.mark.usefixtures("no_export")
def test_cancelling_after_an_epoch_keeps_the_best_so_far(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    longer = replace(recipe, run=RunOptions(epochs=50, steps=2, batch=2))
    reporter = Recorder(cancel_at=3)
    result = train(make_set(), tmp_path / "toy.onnx", recipe=longer, reporter=reporter)
    assert result.card.training["best_epoch"] == 1
    assert any("best epoch so far, 1," in text for _, text in reporter.messages)


def test_cancelling_before_an_epoch_leaves_nothing(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        train(make_set(), tmp_path / "toy.onnx", recipe=recipe, reporter=Recorder(cancel_at=1))
    assert list(leftovers(tmp_path)) == []


@pytest.mark.usefixtures("no_export")
def test_the_time_budget_ends_the_training(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    endless = replace(recipe, run=RunOptions(epochs=10_000, steps=10_000, batch=1, minutes=0.02))
    assert train(make_set(), tmp_path / "toy.onnx", recipe=endless).card.training["best_epoch"] == 1


def test_existing_outputs_are_refused_before_anything_is_read(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    for name in ("toy.onnx", "toy.keras"):
        (tmp_path / name).write_text("mine")
        with pytest.raises(OutputError, match="exists already"):
            train(tmp_path / "nowhere", tmp_path / "toy.onnx", recipe=recipe)
        (tmp_path / name).unlink()


def test_a_training_says_at_once_who_holds_its_output(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    with lock_outputs("segment", tmp_path / "toy.keras"):
        with pytest.raises(OutputError, match=r"Another run is writing .*toy\.keras \(aerialseg segment, process"):
            train(make_set(), tmp_path / "toy.onnx", recipe=recipe, overwrite=True)
        assert list(leftovers(tmp_path)) == [".toy.keras.lock"]


def test_an_output_of_another_name_and_missing_data_are_refused(recipe: Any, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"does not end in \.onnx"):
        train(tmp_path, tmp_path / "toy.keras", recipe=recipe)
    with pytest.raises(DataError, match="no pair"):
        train(tmp_path, tmp_path / "toy.onnx", recipe=recipe)


def test_an_export_that_differs_is_refused(
    make_set: Any, recipe: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "convert_to_onnx", lambda saved, target: None)
    monkeypatch.setattr(export, "measure_difference", lambda model, network, patches: 0.01)
    with pytest.raises(ModelError, match=r"differ by 0\.01"):
        train(make_set(), tmp_path / "toy.onnx", recipe=recipe)
    assert list(leftovers(tmp_path)) == [".toy.training"]  # hours of training are not thrown away with it


@pytest.mark.slow
def test_a_failed_conversion_says_why(tmp_path: Path) -> None:
    (tmp_path / "model.keras").write_text("no model")
    with pytest.raises(ModelError, match="conversion to ONNX failed"):
        export.convert_to_onnx(tmp_path / "model.keras", tmp_path / "model.onnx")


def test_whole_images_are_predicted_at_any_size(recipe: Any, tmp_path: Path) -> None:
    """A network that sees one pixel only must give the same classes however the image is cut into windows."""
    inputs = keras.Input((None, None, 3))
    model = keras.Model(inputs, keras.layers.Conv2D(6, 1, activation="softmax")(inputs))
    bands = make_bands(recipe, (0, 255))
    for rows, cols in ((1, 1), (31, 700), (513, 40)):
        folder = tmp_path / f"{rows}"
        labels = np.random.default_rng(rows).integers(0, 6, (rows, cols)).astype(np.uint8)
        write_pair(folder, "image", labels)
        pairs = tuple(find_pairs(folder))
        whole = Holdout(pairs, (Part(0, Window(0, 0, rows, cols)),), MBRSC, bands)
        pixels = read_image(pairs[0].image, 3)
        direct = np.asarray(model.predict_on_batch(np.moveaxis(normalize(pixels, bands), 0, -1)[None]))[0]
        expected = measure_accuracy(count_confusion(labels, direct.argmax(axis=-1).astype(np.uint8), 6), MBRSC.names)
        assert score_holdout(model, whole) == expected


def test_patches_with_rare_classes_are_preferred_as_told() -> None:
    counts = np.array([[100, 0], [90, 10], [0, 0]])
    np.testing.assert_allclose(weigh_patches(counts, 0.0), [0.5, 0.5, 0])
    preferred = weigh_patches(counts, 1.0)
    assert preferred[1] > preferred[0] > preferred[2] == 0


def test_a_missing_package_is_named_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("aerialseg_core.training")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "patchify", None)
    with pytest.raises(DependencyError) as caught:
        import aerialseg_core.training  # noqa: F401
    assert 'pip install "aerialseg[train]"' in caught.value.hint
    assert "patchify" in caught.value.text


def test_the_former_name_of_accuracy_still_works() -> None:
    import aerialseg_core.training as package

    with pytest.warns(DeprecationWarning, match=r"metrics\.Accuracy"):
        assert package.Scores is package.Accuracy
