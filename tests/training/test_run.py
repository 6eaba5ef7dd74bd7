"""One run: killed and resumed, under every backend, on several devices."""

# ruff: noqa: E402 - the imports follow what skips them

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

keras = pytest.importorskip("keras")


from aerialseg_core.errors import OutputError
from aerialseg_core.model.normalization import normalize
from aerialseg_core.raster.value_range import find_full_range
from aerialseg_core.training import train
from aerialseg_core.training.recipe import NetworkOptions
from aerialseg_core.training.run import make_bands

REPO = Path(__file__).resolve().parents[2]

RECIPE = """
[network]
name = "unet"
options = { filters = 2, dropout = [0.2, 0.2] }
[patches]
cut = 64
side = 32
[late]
share = 0.4
side = 64
loss = { dice = 0.0, lovasz = 1.0 }
[run]
epochs = 3
steps = 6
batch = 2
ema = 0.8
"""


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


def test_the_scaling_of_the_card_follows_the_type_of_the_images(recipe: Any) -> None:
    """For any type the full range reaches the network as the same figures."""
    for dtype, full in (("uint8", 255), ("uint16", 65535), ("float32", 1)):
        pixels = np.array([0, full], dtype).reshape(1, 1, 2).repeat(3, axis=0)
        lite0 = make_bands(replace(recipe, network=NetworkOptions("lite0")), find_full_range(dtype))
        np.testing.assert_allclose(normalize(pixels, lite0)[0, 0], [-127 / 128, 1], rtol=1e-6)
    pixels = np.array([500, 5600], "uint16").reshape(1, 1, 2).repeat(3, axis=0)
    ranged = make_bands(replace(recipe, network=NetworkOptions("lite0")), (500, 5600))
    np.testing.assert_allclose(normalize(pixels, ranged)[0, 0], [-127 / 128, 1], rtol=1e-5)


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
