"""Courses of training from end to end: killed and resumed, folds, random and honest splits, warm starts, odd data."""

# ruff: noqa: E402 - the imports follow what skips them

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from support import card as tiny_card

from aerialseg_core.classes import ClassScheme
from aerialseg_core.datasets.split import SplitOptions
from aerialseg_core.errors import DataError, ModelError, OutputError, ParameterError
from aerialseg_core.model.registry import KERAS_CARD
from aerialseg_core.progress import Reporter
from aerialseg_core.training import networks, train, trainer
from aerialseg_core.training.checkpoints import save_facts
from aerialseg_core.training.devices import choose_precision
from aerialseg_core.training.recipe import OptimiserOptions, RunOptions
from aerialseg_core.training.warm_start import transfer_weights

REPO = Path(__file__).resolve().parents[2]

RECIPE = """
[network]
name = "unet"
options = { filters = 2, dropout = [0.2, 0.2] }
[patches]
cut = 32
side = 32
[run]
epochs = 3
steps = 6
batch = 2
ema = 0.8
"""


APART = SplitOptions(groups=(("Tile 1",), ("Tile 2",)))


class Messages(Reporter):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def message(self, text: str, level: str = "info") -> None:
        self.texts.append(text)


@pytest.fixture
def no_export(monkeypatch: pytest.MonkeyPatch) -> None:
    """The conversion takes seconds; most tests do without."""

    def write(model: Any, card: Any, output: Path, **_: Any) -> None:
        output.write_text(card.to_json())
        np.savez(output.with_suffix(".keras"), *model.get_weights())

    monkeypatch.setattr(trainer, "export_bundle", write)


def weights(path: Path) -> list[Any]:
    with np.load(path.with_suffix(".keras.npz")) as archive:
        return [archive[name] for name in archive.files]


# -- killed and resumed ----------------------------------------------------------------------------------------------


PROGRAM = """
import sys
from pathlib import Path
import numpy as np
from aerialseg_core.progress import JsonReporter
from aerialseg_core.training import train, trainer
def write(model, card, output, **_):
    output.write_text(card.to_json())
    output.with_suffix(".keras").write_text("keras")
    np.savez(output.with_suffix(".weights.npz"), *model.get_weights())
trainer.export_bundle = write
train(sys.argv[1], sys.argv[2], recipe=sys.argv[3], resume="--resume" in sys.argv, reporter=JsonReporter(sys.stdout))
"""
"""`aerialseg train` without the conversion."""


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPO), "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-c", PROGRAM, *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_a_killed_training_is_resumed_to_the_same_bits(make_set: Any, tmp_path: Path) -> None:
    data, recipe = make_set(), tmp_path / "recipe.toml"
    recipe.write_text(RECIPE)
    with start(data, tmp_path / "whole.onnx", recipe) as process:
        process.communicate(timeout=300)
    with start(data, tmp_path / "killed.onnx", recipe) as process:
        for line in process.stdout or ():
            if "epoch 2" in json.loads(line).get("text", ""):
                process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert not (tmp_path / "killed.onnx").exists()
    with pytest.raises(OutputError, match="interrupted training"):
        train(data, tmp_path / "killed.onnx", recipe=recipe)
    with start(data, tmp_path / "killed.onnx", recipe, "--resume") as process:
        told, _ = process.communicate(timeout=300)
    assert "continues after epoch" in told
    rows = [list(csv.DictReader((tmp_path / f"{name}.csv").open())) for name in ("whole", "killed")]
    for row in (*rows[0], *rows[1]):
        del row["minutes"]
    assert rows[0] == rows[1]
    for name in ("whole", "killed"):
        assert (tmp_path / f"{name}.onnx").exists()
    with np.load(tmp_path / "whole.weights.npz") as a, np.load(tmp_path / "killed.weights.npz") as b:
        for key in a.files:
            np.testing.assert_array_equal(a[key], b[key])
    assert not list(tmp_path.glob(".*.training"))


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


class Interrupting(Messages):
    """Stops a training as a kill does, when its second epoch of three has ended."""

    def message(self, text: str, level: str = "info") -> None:
        super().message(text, level)
        if text.startswith("epoch 3"):
            raise SystemExit


@pytest.fixture
def interrupted(make_set: Any, recipe: Any, tmp_path: Path) -> Callable[..., Any]:
    """A training of three epochs that ended before the last checkpoint; a function that continues it."""
    data, plan = make_set(), replace(recipe, run=replace(recipe.run, epochs=3, ema=0.8))
    with pytest.raises(SystemExit):
        train(data, tmp_path / "toy.onnx", recipe=plan, reporter=Interrupting())

    def go_on(reporter: Any, output: str = "toy.onnx", **options: Any) -> Any:
        return train(data, tmp_path / output, recipe=plan, reporter=reporter, **options)

    return go_on


@pytest.mark.usefixtures("no_export")
def test_a_damaged_checkpoint_is_never_taken(interrupted: Any, tmp_path: Path) -> None:
    """The one before it is, to the same bits; then none; with --overwrite it does not matter at all."""
    work = tmp_path / ".toy.training"
    assert work.stat().st_mode & 0o077 == 0  # nobody else reads what is not finished
    kept = {name: (work / name).read_bytes() for name in ("state.npz", "state-before.npz")}
    interrupted(Messages(), "whole.onnx")
    for names, said in ((["state.npz"], "continues after epoch 1 of 3"), (list(kept), None)):
        work.mkdir(exist_ok=True)
        for name in names:
            (work / name).write_bytes(kept[name][:-999])
        reporter = Messages()
        interrupted(reporter, resume=True) if said else interrupted(reporter, overwrite=True)
        assert said is None or said in reporter.texts
        assert sum("is damaged and is not taken" in text for text in reporter.texts) == (1 if said else 0)
        assert not work.exists()
        for a, b in zip(weights(tmp_path / "toy.onnx"), weights(tmp_path / "whole.onnx"), strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.usefixtures("no_export")
def test_without_a_whole_checkpoint_a_training_begins_anew(interrupted: Any, tmp_path: Path) -> None:
    work = tmp_path / ".toy.training"
    for path in work.glob("state*.npz"):
        path.write_bytes(b"")
    reporter = Messages()
    interrupted(reporter, resume=True)
    assert sum("is damaged and is not taken" in text for text in reporter.texts) == 2
    assert not [text for text in reporter.texts if text.startswith("continues")]
    assert [text for text in reporter.texts if text.startswith("epoch 1")]


@pytest.mark.usefixtures("no_export")
@pytest.mark.parametrize(("options", "content"), [({"resume": True}, b'{"job": "x"}'), ({"overwrite": True}, b"")])
def test_a_damaged_job_is_begun_anew(
    interrupted: Any, tmp_path: Path, options: dict[str, bool], content: bytes
) -> None:
    (tmp_path / ".toy.training" / "job.json").write_bytes(content)
    reporter = Messages()
    with pytest.raises(OutputError, match="interrupted training"):
        interrupted(reporter)
    interrupted(reporter, **options)
    said = [text for text in reporter.texts if "the training begins anew" in text]
    assert bool(said) == ("resume" in options)
    assert not (tmp_path / ".toy.training").exists()


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


# -- splits ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_export")
def test_every_fold_is_held_out_once_and_the_last_network_sees_everything(
    make_set: Any, recipe: Any, tmp_path: Path
) -> None:
    data = make_set(("North", "South", "West"))
    plan = replace(recipe, split=SplitOptions(folds=3, groups=(("North",), ("South",), ("West",))))
    reporter = Messages()
    result = train(data, tmp_path / "toy.onnx", recipe=plan, reporter=reporter)
    folds = result.card.metrics["folds"]
    assert sorted(fold["holdout"].rpartition(": ")[2] for fold in folds) == ["North", "South", "West"]
    assert result.card.metrics["miou"] == pytest.approx(np.mean([fold["miou"] for fold in folds]), abs=1e-4)
    assert result.card.training["split"]["training"] == ["North", "South", "West"]
    assert result.card.training["split"]["holdout"] == []
    assert not (tmp_path / ".toy.training").exists()


@pytest.mark.usefixtures("no_export")
def test_a_random_split_says_the_honest_score_too(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    plan = replace(recipe, split=SplitOptions(kind="random"), patches=replace(recipe.patches, cut=64))
    reporter = Messages()
    result = train(make_set(size=(128, 128)), tmp_path / "toy.onnx", recipe=plan, reporter=reporter)
    assert result.card.metrics["on"] == "patches held out at random"
    assert set(result.card.metrics["on whole groups"]["iou"]) == set(result.card.metrics["iou"])
    assert "measures memory" in result.card.metrics["difference"]
    assert any("measures memory" in text for text in reporter.texts)


@pytest.mark.usefixtures("no_export")
def test_with_nothing_held_out_the_card_claims_no_score(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    result = train(make_set(), tmp_path / "toy.onnx", recipe=replace(recipe, split=SplitOptions(share=0)))
    assert result.scores is None
    assert result.card.metrics == {"on": "nothing was held out"}
    assert result.card.temperature == 1.0
    assert result.card.training["split"]["training"] == ["Tile 1", "Tile 2"]


# -- warm starts -----------------------------------------------------------------------------------------------------


def save_with_card(model: Any, path: Path, scheme: ClassScheme) -> Path:
    import zipfile

    model.save(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(KERAS_CARD, tiny_card(scheme=scheme).to_json())
    return path


def test_a_warm_start_keeps_what_fits_and_the_rows_of_the_same_classes(tmp_path: Path) -> None:
    old = ClassScheme.of([("Water", "#0000FF"), ("Road", "#FF0000"), ("Roof", "#00FF00")])
    trained = networks.build("unet", 3, 3, filters=2)
    path = save_with_card(trained, tmp_path / "old.keras", old)
    fresh = networks.build("unet", 3, 2, filters=2)
    before = fresh.get_layer("scores").get_weights()
    told = transfer_weights(fresh, path, ("Lawn", "Water"))
    assert "1 of 2 classes" in told
    for layer, origin in zip(fresh.layers[:-1], trained.layers[:-1], strict=True):
        for a, b in zip(layer.get_weights(), origin.get_weights(), strict=True):
            np.testing.assert_array_equal(a, b)
    for mine, theirs, own in zip(
        fresh.get_layer("scores").get_weights(), trained.get_layer("scores").get_weights(), before, strict=True
    ):
        np.testing.assert_array_equal(mine[..., 1], theirs[..., 0])
        np.testing.assert_array_equal(mine[..., 0], own[..., 0])


def test_a_warm_start_from_something_else_is_one_sentence(tmp_path: Path) -> None:
    model = networks.build("unet", 3, 2, filters=2)
    (tmp_path / "m.onnx").write_text("x")
    with pytest.raises(ParameterError, match="cannot be trained"):
        transfer_weights(model, tmp_path / "m.onnx", ("A", "B"))
    (tmp_path / "m.keras").write_text("x")
    with pytest.raises(ModelError, match="not a Keras model"):
        transfer_weights(model, tmp_path / "m.keras", ("A", "B"))
    with pytest.raises(ModelError, match="There is no model"):
        transfer_weights(model, "nowhere.keras", ("A", "B"))


@pytest.mark.slow
def test_training_goes_on_from_a_trained_model(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    pytest.importorskip("tf2onnx")
    data = make_set()
    first = train(data, tmp_path / "first.onnx", recipe=recipe)
    still = replace(recipe, optimiser=OptimiserOptions(learning_rate=1e-12), run=RunOptions(epochs=1, steps=1, batch=1))
    second = train(data, tmp_path / "second.onnx", recipe=still, start=first.keras_model)
    a, b = (keras.saving.load_model(r.keras_model, compile=False, safe_mode=True) for r in (first, second))
    for mine, theirs in zip(b.get_weights(), a.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-6)


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
    reporter = Messages()
    train(make_set(labels=(0, 1, 2)), tmp_path / "toy.onnx", recipe=recipe, reporter=reporter)
    assert "No pixel is labelled Water: the model will not know it." in reporter.texts


@pytest.mark.usefixtures("no_export")
def test_masks_of_one_colour_train_a_network_of_one_class(make_set: Any, recipe: Any, tmp_path: Path) -> None:
    longer = replace(recipe, run=replace(recipe.run, steps=60, batch=4), split=APART)  # images of one colour are equal
    assert train(make_set(labels=(4,)), tmp_path / "toy.onnx", recipe=longer).scores.accuracy > 0.9


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


# -- devices and backends --------------------------------------------------------------------------------------------


def test_on_a_cpu_networks_compute_in_float32() -> None:
    assert choose_precision(RunOptions()) in ("float32", "mixed_bfloat16")
    assert choose_precision(RunOptions(precision="mixed_float16")) == "mixed_float16"


TWO_DEVICES = """
import sys, json, numpy as np
from collections.abc import Callable
from dataclasses import replace
import keras
if keras.backend.backend() == "tensorflow":
    import tensorflow as tf
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
exec(sys.argv[4])
"""


def run_with(backend: str, program: str, *arguments: str | Path, **environment: str) -> str:
    pytest.importorskip({"torch": "torch", "jax": "jax", "tensorflow": "tensorflow"}[backend])
    variables = {
        **os.environ,
        "KERAS_BACKEND": backend,
        "PYTHONPATH": str(REPO),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        **environment,
    }
    command = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "torch", "jax"])
def test_the_same_training_runs_under_every_backend(backend: str, make_set: Any, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(RECIPE)
    told = run_with(backend, PROGRAM, make_set(), tmp_path / "toy.onnx", recipe)
    losses = [event["loss"] for event in map(json.loads, told.splitlines()) if "loss" in event]
    assert losses
    assert np.isfinite(losses).all()
    rows = list(csv.DictReader((tmp_path / "toy.csv").open()))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert float(rows[-1]["loss"]) < float(rows[0]["loss"])


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_two_devices_share_every_batch(backend: str, make_set: Any, tmp_path: Path) -> None:
    """Two virtual CPU devices learn what one does: the gradients of both halves of a batch are joined."""
    data = make_set()
    course = {}
    for devices in (1, 2):
        recipe = tmp_path / f"{devices}.toml"
        text = RECIPE.replace("ema = 0.8", f"devices = {devices}").replace("[0.2, 0.2]", "[0.0, 0.0]")
        recipe.write_text(text + "\n[loss]\ndice = 0.0\nfocal = 0.0\ncross_entropy = 1.0\n")
        run_with(
            backend,
            TWO_DEVICES,
            data,
            tmp_path / f"{devices}.onnx",
            recipe,
            PROGRAM,
            XLA_FLAGS="--xla_force_host_platform_device_count=2",
        )
        course[devices] = [float(row["loss"]) for row in csv.DictReader((tmp_path / f"{devices}.csv").open())]
    np.testing.assert_allclose(course[1], course[2], rtol=0.02)
