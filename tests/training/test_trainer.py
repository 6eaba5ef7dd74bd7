"""Training from a folder to a bundle, on tiny generated data: outputs, resuming, splits, odd data."""

# ruff: noqa: E402 - the imports follow what skips them

from __future__ import annotations

import csv
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from greyset import write_set
from support import Listener, save_scene

from aerialseg_core.datasets.pairs import find_pairs
from aerialseg_core.datasets.rasters import read_image
from aerialseg_core.datasets.split import SplitOptions
from aerialseg_core.errors import Cancelled, DataError, DependencyError, ModelError, OutputError, ParameterError
from aerialseg_core.files.outputs import lock_outputs
from aerialseg_core.model.bundle import load_bundle
from aerialseg_core.model.normalization import normalize
from aerialseg_core.model.registry import load_model
from aerialseg_core.progress import Reporter
from aerialseg_core.raster.classes import MBRSC
from aerialseg_core.training import export, train
from aerialseg_core.training.checkpoints import save_facts
from aerialseg_core.training.recipe import (
    AugmentationOptions,
    LateOptions,
    LossOptions,
    NetworkOptions,
    OptimiserOptions,
    RunOptions,
)


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


APART = SplitOptions(groups=(("Tile 1",), ("Tile 2",)))


def weights(path: Path) -> list[Any]:
    with np.load(path.with_suffix(".keras")) as archive:
        return [archive[name] for name in archive.files]


def leftovers(folder: Path) -> Iterator[str]:
    return (path.name for path in folder.iterdir() if path.name != "data")


@pytest.mark.slow
@pytest.mark.usefixtures("traced")
def test_from_a_folder_to_a_bundle(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    for package in ("tensorflow", "tf2onnx"):
        pytest.importorskip(package)
    data = make_set()
    result = train(data, tmp_path / "toy.onnx", recipe=recipe)
    bundle = load_bundle(tmp_path / "toy.onnx")
    assert bundle.card.activations, "it may compute in bytes"
    assert bundle.card == replace(result.card, sha256=bundle.card.sha256, activations=bundle.card.activations)
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
    patch = pixels[:, :64, :64]
    for batch in (patch[None], np.stack([patch] * 3)):
        scores = session.run(["scores"], {"input": batch})[0]
        assert scores.shape == (len(batch), 6, *batch.shape[2:])
        np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-5)
        expected = np.moveaxis(np.asarray(saved.predict_on_batch(np.moveaxis(batch, 1, -1))), -1, 1)
        np.testing.assert_allclose(scores, expected, atol=1e-4)


@pytest.mark.usefixtures("no_export", "traced")
def test_training_learns(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    """Two classes that are dark and bright: a few steps are enough to tell them apart."""
    longer = replace(
        recipe,
        network=NetworkOptions("unet", {"filters": 8, "depth": 2, "dropout": 0.0}),
        augmentation=AugmentationOptions(),
        optimiser=OptimiserOptions(learning_rate=4e-3),
        run=RunOptions(epochs=1, steps=80, batch=4, seed=2),
    )
    result = train(make_set(labels=(0, 5)), tmp_path / "toy.onnx", recipe=longer)
    assert result.scores.accuracy > 0.9


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
@pytest.mark.parametrize("epochs", [0, 10_000])
def test_the_time_budget_ends_the_training(make_set: Any, recipe: Any, tmp_path: Path, epochs: int) -> None:
    endless = replace(recipe, run=RunOptions(epochs=epochs, steps=10_000, batch=1, minutes=0.02))
    assert train(make_set(), tmp_path / "toy.onnx", recipe=endless).card.training["best_epoch"] == 1


@pytest.mark.usefixtures("no_export")
def test_two_runs_with_one_seed_agree_and_with_another_do_not(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    data = make_set()
    made = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        plan = replace(recipe, run=replace(recipe.run, seed=seed, workers=int(name == "b")))
        train(data, tmp_path / f"{name}.onnx", recipe=plan)
        made.append(weights(tmp_path / f"{name}.onnx"))
    assert all(np.array_equal(a, b) for a, b in zip(made[0], made[1], strict=True))
    assert not all(np.array_equal(a, c) for a, c in zip(made[0], made[2], strict=True))


@pytest.mark.usefixtures("no_export")
def test_the_last_part_of_a_run_has_other_patches_and_another_loss(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    plan = replace(
        recipe,
        loss=LossOptions(cross_entropy=1.0, focal=0.0, dice=0.0),
        run=replace(recipe.run, epochs=4, steps=1),
        late=LateOptions(share=0.3, side=64, batch=1, loss={"cross_entropy": 100.0}),
    )
    reporter = Listener()
    made = train(make_set(), tmp_path / "toy.onnx", recipe=plan, reporter=reporter)
    rows = [row.split(",") for row in made.table.read_text().splitlines()]
    losses = [float(row[rows[0].index("loss")]) for row in rows[1:]]
    assert max(losses[:3]) < 10 < losses[3]
    said = reporter.messages.index("the last 30% of the run: batches of 1 × 64 px, cross_entropy 100")
    assert reporter.messages[said - 1].startswith("epoch 3")
    assert made.card.training["recipe"]["late"]["share"] == 0.3


@pytest.mark.usefixtures("no_export")
def test_class_weights_are_undone_in_the_last_bias(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    """Of two classes, one three times as frequent as the other: weights 2/3 and 2."""
    data, made = make_set(labels=(0, 0, 0, 1), size=(128, 128)), []
    for undo in (False, True):
        loss = LossOptions(cross_entropy=1.0, balance=1.0, undo_weights=undo)
        train(data, tmp_path / f"{undo}.onnx", recipe=replace(recipe, loss=loss))
        made.append(weights(tmp_path / f"{undo}.onnx"))
    differences = [b - a for a, b in zip(*made, strict=True)]
    assert not any(one.any() for one in differences[:-1])
    expected = -np.log([2 / 3, 2, 1, 1, 1, 1])
    np.testing.assert_allclose(differences[-1], expected, atol=0.25)


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


# -- interrupted and resumed -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_export")
def test_the_interrupted_run_of_another_recipe_is_not_resumed(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    data = make_set()
    work = tmp_path / ".toy.training"
    work.mkdir()
    save_facts(work / "job.json", {"job": "of another recipe"})
    (work / "state.npz").write_text("a state")
    with pytest.raises(ParameterError, match="other data or another recipe"):
        train(data, tmp_path / "toy.onnx", recipe=recipe, resume=True)
    train(data, tmp_path / "toy.onnx", recipe=recipe, overwrite=True)
    assert not work.exists()


class Interrupting(Listener):
    """Stops a training as a kill does, when its third epoch of three has ended but is not kept."""

    def message(self, text: str, level: str = "info") -> None:
        super().message(text, level)
        if text.startswith("epoch 3"):
            raise SystemExit


@dataclass(frozen=True)
class Interrupted:
    """A training of three epochs, of which the last two are its last part, that ended before the last checkpoint."""

    data: Path
    plan: Any
    work: Path


@pytest.fixture(scope="module")
def interrupted(recipe: Any, tmp_path_factory: pytest.TempPathFactory) -> Interrupted:
    folder = tmp_path_factory.mktemp("interrupted")
    late = LateOptions(share=0.6, side=64, batch=1, loss={"dice": 0.0, "lovasz": 1.0})
    plan = replace(recipe, run=replace(recipe.run, epochs=3, ema=0.8), late=late)
    data = write_set(folder / "data")
    with pytest.raises(SystemExit):
        train(data, folder / "toy.onnx", recipe=plan, reporter=Interrupting())
    return Interrupted(data, plan, folder / ".toy.training")


@pytest.fixture
def go_on(interrupted: Interrupted, no_export: None, tmp_path: Path) -> Callable[..., Any]:
    """A function that continues it, from a copy in `tmp_path`."""
    shutil.copytree(interrupted.work, tmp_path / ".toy.training")
    (tmp_path / ".toy.training").chmod(interrupted.work.stat().st_mode)

    def train_on(reporter: Reporter, output: str = "toy.onnx", **options: Any) -> Any:
        return train(interrupted.data, tmp_path / output, recipe=interrupted.plan, reporter=reporter, **options)

    return train_on


@pytest.mark.usefixtures("no_export")
def test_a_damaged_checkpoint_is_never_taken(go_on: Any, tmp_path: Path) -> None:
    """The one before it is, to the same bits; then none; with --overwrite it does not matter at all."""
    work = tmp_path / ".toy.training"
    assert work.stat().st_mode & 0o077 == 0  # nobody else reads what is not finished
    kept = {name: (work / name).read_bytes() for name in ("state.npz", "state-before.npz", "job.json")}
    go_on(Listener(), "whole.onnx")
    for names, said in (
        ([], "continues after epoch 2 of 3"),
        (["state.npz"], "continues after epoch 1 of 3"),
        (["state.npz", "state-before.npz"], None),
    ):
        work.mkdir(0o700, exist_ok=True)
        for name in kept:
            (work / name).write_bytes(kept[name][: -999 if name in names else None])
        reporter = Listener()
        for path in tmp_path.glob("toy.*"):
            path.unlink()
        go_on(reporter, resume=True) if said else go_on(reporter, overwrite=True)
        assert said is None or said in reporter.messages
        assert sum("is damaged and is not taken" in text for text in reporter.messages) == (len(names) if said else 0)
        assert not work.exists()
        for a, b in zip(weights(tmp_path / "toy.onnx"), weights(tmp_path / "whole.onnx"), strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.usefixtures("no_export")
def test_without_a_whole_checkpoint_a_training_begins_anew(go_on: Any, tmp_path: Path) -> None:
    work = tmp_path / ".toy.training"
    for path in work.glob("state*.npz"):
        path.write_bytes(b"")
    reporter = Listener()
    go_on(reporter, resume=True)
    assert sum("is damaged and is not taken" in text for text in reporter.messages) == 2
    assert not [text for text in reporter.messages if text.startswith("continues")]
    assert [text for text in reporter.messages if text.startswith("epoch 1")]


@pytest.mark.usefixtures("no_export")
@pytest.mark.parametrize(("options", "content"), [({"resume": True}, b'{"job": "x"}'), ({"overwrite": True}, b"")])
def test_a_damaged_job_is_begun_anew(go_on: Any, tmp_path: Path, options: dict[str, bool], content: bytes) -> None:
    (tmp_path / ".toy.training" / "job.json").write_bytes(content)
    reporter = Listener()
    with pytest.raises(OutputError, match="interrupted training"):
        go_on(reporter)
    go_on(reporter, **options)
    said = [text for text in reporter.messages if "the training begins anew" in text]
    assert bool(said) == ("resume" in options)
    assert not (tmp_path / ".toy.training").exists()


# -- splits ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_export")
def test_every_fold_is_held_out_once_and_the_last_network_sees_everything(
    make_set: Any, recipe: Any, tmp_path: Path
) -> None:
    data = make_set(("North", "South", "West"))
    plan = replace(recipe, split=SplitOptions(folds=3, groups=(("North",), ("South",), ("West",))))
    reporter = Listener()
    result = train(data, tmp_path / "toy.onnx", recipe=plan, reporter=reporter)
    folds = result.card.metrics["folds"]
    assert sorted(fold["holdout"].rpartition(": ")[2] for fold in folds) == ["North", "South", "West"]
    assert result.card.metrics["miou"] == pytest.approx(np.mean([fold["miou"] for fold in folds]), abs=1e-4)
    assert result.card.training["split"]["training"] == ["North", "South", "West"]
    assert result.card.training["split"]["holdout"] == []
    assert not (tmp_path / ".toy.training").exists()
    rows = list(csv.DictReader(result.table.open(encoding="utf-8")))
    assert list(dict.fromkeys(row["network"] for row in rows)) == ["fold 1", "fold 2", "fold 3", "last"]
    assert all(row["miou"] for row in rows if row["network"] != "last")


@pytest.mark.usefixtures("no_export")
def test_a_random_split_says_the_honest_score_too(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    plan = replace(recipe, split=SplitOptions(kind="random"), patches=replace(recipe.patches, cut=64))
    reporter = Listener()
    result = train(make_set(size=(128, 128)), tmp_path / "toy.onnx", recipe=plan, reporter=reporter)
    assert result.card.metrics["on"] == "patches held out at random"
    assert set(result.card.metrics["on whole groups"]["iou"]) == set(result.card.metrics["iou"])
    assert "measures memory" in result.card.metrics["difference"]
    assert any("measures memory" in text for text in reporter.messages)


@pytest.mark.usefixtures("no_export")
def test_parts_of_every_folder_are_held_out_and_excluded_images_are_not_seen(
    make_set: Any, recipe: Any, tmp_path: Path
) -> None:
    excluded = "Tile 1/images/part_0.png"
    split = SplitOptions(kind="parts", share=0.4, exclude=(excluded,))
    reporter = Listener()
    made = train(make_set(pairs=3), tmp_path / "toy.onnx", recipe=replace(recipe, split=split), reporter=reporter)
    told = made.card.training["split"]
    assert (told["kind"], told["training"], told["excluded"]) == ("parts", ["Tile 1", "Tile 2"], [excluded])
    assert {path.partition("/")[0] for path in told["holdout"]} == {"Tile 1", "Tile 2"}
    assert excluded not in told["holdout"]
    assert made.card.training["images"] + len(told["holdout"]) == 5
    assert "other parts of the places" in made.card.metrics["on"]
    assert f"neither trained on nor held out: {excluded}" in reporter.messages
    assert any("other parts of the same places held out" in text for text in reporter.messages)
    unknown = replace(recipe, split=SplitOptions(exclude=("part_9.png",)))
    with pytest.raises(ParameterError, match=r"The image to exclude, part_9\.png, is not in the data\."):
        train(tmp_path / "data", tmp_path / "new.onnx", recipe=unknown)


@pytest.mark.usefixtures("no_export")
def test_with_nothing_held_out_the_card_claims_no_score(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    result = train(make_set(), tmp_path / "toy.onnx", recipe=replace(recipe, split=SplitOptions(share=0)))
    assert result.scores is None
    assert result.card.metrics == {"on": "nothing was held out"}
    assert result.card.temperature == 1.0
    assert result.card.training["split"]["training"] == ["Tile 1", "Tile 2"]


# -- odd data --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_export")
def test_one_image_is_split_inside(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    data = make_set(groups=("Only",), pairs=1, size=(320, 96))
    plan = replace(recipe, split=SplitOptions(buffer=16))
    result = train(data, tmp_path / "toy.onnx", recipe=plan)
    assert result.card.training["split"]["kind"] == "inside"
    assert 0 < result.scores.pixels < 320 * 96 * 0.5


@pytest.mark.usefixtures("no_export")
def test_images_smaller_than_a_patch(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    plan = replace(recipe, split=APART)  # so little looks alike
    result = train(make_set(size=(20, 31)), tmp_path / "toy.onnx", recipe=plan)
    assert result.scores.pixels == 2 * 20 * 31


@pytest.mark.usefixtures("no_export")
def test_a_class_that_never_occurs_is_said_and_has_no_score_of_its_own(
    make_set: Any, recipe: Any, tmp_path: Path
) -> None:
    reporter = Listener()
    train(make_set(labels=(0, 1, 2)), tmp_path / "toy.onnx", recipe=recipe, reporter=reporter)
    assert "No pixel is labelled Water: the model will not know it." in reporter.messages


@pytest.mark.usefixtures("no_export", "traced")
def test_masks_of_one_colour_train_a_network_of_one_class(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    longer = replace(recipe, run=replace(recipe.run, steps=60, batch=4), split=APART)  # images of one colour are equal
    assert train(make_set(labels=(4,)), tmp_path / "toy.onnx", recipe=longer).scores.accuracy > 0.9


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
def test_a_corrupt_mask_among_good_ones_is_named_before_anything_is_computed(
    make_set: Any, recipe: Any, tmp_path: Path
) -> None:
    data = make_set()
    mask = data / "Tile 1" / "masks" / "part_1.png"
    mask.write_bytes(mask.read_bytes()[:-30])
    with pytest.raises(DataError, match=r"part_1\.png"):
        train(data, tmp_path / "toy.onnx", recipe=recipe)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


# -- the package -----------------------------------------------------------------------------------------------------


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
