"""Engines: the same scores as the formula, whoever computes them and however many ask at once."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import numpy_helper
from support import REPO, card, network, save_model

from aerialseg_core.cli.main import main
from aerialseg_core.errors import EngineError, ModelError
from aerialseg_core.model.bundle import Model
from aerialseg_core.model.engines import create_engine, explain_unused_gpu, list_engines
from aerialseg_core.model.registry import KERAS_CARD, load_model
from aerialseg_core.model.scores import Scores
from aerialseg_core.raster.classes import ClassScheme

ENGINES = ("onnxruntime", "openvino")
PATCHES = np.random.default_rng(3).random((12, 1, 3, 32, 32), np.float32)


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return save_model(tmp_path / "tiny.onnx")


def _formula(patches: Scores) -> Scores:
    kernel, bias = (numpy_helper.to_array(t).astype(float) for t in network().graph.initializer)
    padded = np.pad(patches.astype(float), ((0, 0), (0, 0), (2, 2), (2, 2)))
    parts = [
        np.einsum("ob,nbrc->norc", kernel[:, :, i, j], padded[:, :, i:, j:][:, :, :32, :32])
        for i in range(5)
        for j in range(5)
    ]
    scores = np.exp(sum(parts) + bias[:, None, None])
    return np.asarray(scores / scores.sum(axis=1, keepdims=True), np.float32)


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_computes_what_the_network_says(model: Model, name: str) -> None:
    engine = create_engine(model, engine=name, threads=2)
    assert (engine.name, engine.streams, engine.batch) == (name, 2, 1)
    tolerance = 1e-4 if engine.precision == "fp32" else 2e-2
    for patch in PATCHES:
        scores = engine.predict(patch)
        assert scores.dtype == np.float32
        assert scores.flags.c_contiguous
        assert np.abs(scores - _formula(patch)).max() < tolerance


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("threads", [2, 3])
def test_many_at_once_compute_the_same_bits(model: Model, name: str, threads: int) -> None:
    alone = [create_engine(model, engine=name, threads=1).predict(patch) for patch in PATCHES]
    engine = create_engine(model, engine=name, threads=threads)
    with ThreadPoolExecutor(threads) as pool:
        together = list(pool.map(engine.predict, [*PATCHES] * 8))
    assert all(np.array_equal(scores, alone[i % len(alone)]) for i, scores in enumerate(together))


@pytest.mark.parametrize("name", ENGINES)
def test_the_first_calls_of_a_process_may_come_at_once(model: Model, name: str) -> None:
    """In a process of its own, for libraries set themselves up once: OpenVINO could lock itself out there."""
    code = (
        "import sys, numpy as np; from concurrent.futures import ThreadPoolExecutor;"
        "from aerialseg_core.model.engines import create_engine; from aerialseg_core.model.registry import load_model;"
        "engine = create_engine(load_model(sys.argv[1]), engine=sys.argv[2], threads=2);"
        "patch = np.zeros((1, 3, 32, 32), np.float32); pool = ThreadPoolExecutor(2);"
        "print(len(list(pool.map(engine.predict, [patch] * 4))))"
    )
    for _ in range(2):
        command = [sys.executable, "-c", code, str(model.path), name]
        done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, timeout=60)
        assert done.stdout == "4\n", done.stderr


def test_the_input_of_an_engine_is_left_alone(model: Model) -> None:
    for name in ENGINES:
        engine = create_engine(model, engine=name)
        patch = PATCHES[0].copy()
        first = engine.predict(patch)
        kept = first.copy()
        engine.predict(PATCHES[1].copy())
        assert np.array_equal(patch, PATCHES[0])
        assert np.array_equal(first, kept), "scores are not overwritten by the next call"


def test_patches_of_other_sides_have_the_scores_that_they_have_alone(model: Model) -> None:
    """Also where several threads ask for several sides at once, each of which takes the place of the other."""
    sides = (32, 64, 96, 64)
    patches = [np.random.default_rng(side).random((1, 3, side, side), np.float32) for side in sides]
    alone = [create_engine(model, engine="openvino", threads=1).predict(patch) for patch in patches]
    assert [scores.shape[2:] for scores in alone] == [(side, side) for side in sides]
    engine = create_engine(model, engine="openvino", threads=3)
    assert engine.resizes
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(engine.predict, patches * 5))
    assert all(np.array_equal(found, alone[i % 4]) for i, found in enumerate(together))


AFFINITIES = """
import json, os, sys
import numpy as np
from aerialseg_core.model.engines import create_engine
from aerialseg_core.model.registry import load_model
before = os.sched_getaffinity(0)
engine = create_engine(load_model(sys.argv[1]), engine="openvino", threads=2)
for _ in range(3):
    engine.predict(np.zeros((1, 3, 32, 32), np.float32))
tasks = map(int, os.listdir("/proc/self/task"))
print(json.dumps([sorted(before), *(sorted(os.sched_getaffinity(task)) for task in tasks)]))
"""
"""The cores of this process, then those of each of its threads."""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="what cores a thread may use is asked of Linux")
def test_no_thread_of_openvino_is_bound_to_a_core(model: Model, tmp_path: Path) -> None:
    """Bound ones would be on the first cores in every process: those that share a machine would wait for each other."""
    if len(os.sched_getaffinity(0)) == 1:
        pytest.skip("there is one core, and every thread is bound to it")
    command = [sys.executable, "-c", AFFINITIES, str(tmp_path / "tiny.onnx")]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    own, *found = json.loads(done.stdout)
    assert len(found) > 2
    assert all(cores == own for cores in found)


def test_engines_say_what_they_are_or_why_they_are_not_usable() -> None:
    infos = list_engines()
    assert {info.name for info in infos} == {"onnxruntime", "openvino", "keras"}
    usable = [info.usable for info in infos]
    assert usable == sorted(usable, reverse=True), "those that can be used come first"
    for info in infos:
        assert (info.device != "" and info.precision != "") if info.usable else info.reason != ""


def test_auto_takes_the_first_usable_engine(model: Model) -> None:
    first = next(info for info in list_engines() if info.usable and info.name != "keras")
    assert create_engine(model).name == first.name


def test_a_gpu_that_is_not_there_is_said(model: Model) -> None:
    if any("CUDA" in info.device for info in list_engines()):
        pytest.skip("there is a GPU here")
    with pytest.raises(EngineError, match=r"no GPU here.*--device cpu"):
        create_engine(model, engine="onnxruntime", device="gpu")
    with pytest.raises(EngineError, match=r"on the CPU only.*--engine onnxruntime"):
        create_engine(model, engine="openvino", device="gpu")


def test_a_gpu_that_is_there_and_not_used_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    if any(info.preferred for info in list_engines()):
        pytest.skip("there is a GPU here, and it is used")
    tool = tmp_path / ("nvidia-smi.exe" if os.name == "nt" else "nvidia-smi")
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(SystemExit) as ended:
        main(["engines"])
    assert ended.value.code == 0
    assert "pip install onnxruntime-gpu" in capfd.readouterr().out
    assert explain_unused_gpu("auto")
    assert not explain_unused_gpu("cpu")


def test_a_keras_model_is_not_for_the_other_engines(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "m.keras", "w") as archive:
        archive.writestr(KERAS_CARD, card().to_json())
    model = load_model(str(tmp_path / "m.keras"))
    with pytest.raises(EngineError, match=r"does not run m\.keras.*--engine keras"):
        create_engine(model, engine="onnxruntime")
    if importlib.util.find_spec("keras") is None:
        with pytest.raises(EngineError, match=r"not usable here.*pip install"):
            create_engine(model, engine="keras")


@pytest.fixture(scope="module")
def keras() -> Any:
    return pytest.importorskip("keras", reason='keras is not installed: pip install "aerialseg[train]"')


def _keras_model(keras: Any, path: Path, *layers: Any, bands: int = 3, **changes: Any) -> Model:
    """A Keras network of some layers with a card."""
    keras.Sequential([keras.Input((None, None, bands)), *layers]).save(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(KERAS_CARD, card(**changes).to_json())
    return load_model(str(path))


def _scheme(*names: str) -> ClassScheme:
    return ClassScheme.of([(name, "#123456") for name in names])


def test_keras_runs_its_own_files(keras: Any, tmp_path: Path) -> None:
    kernel, bias = (numpy_helper.to_array(t) for t in network().graph.initializer)
    layer = keras.layers.Conv2D(4, 5, padding="same", activation="softmax")
    layer.build((None, None, None, 3))
    layer.set_weights([kernel.transpose(2, 3, 1, 0), bias])
    engine = create_engine(_keras_model(keras, tmp_path / "m.keras", layer), device="cpu")
    patches = PATCHES[: engine.batch, 0]
    assert engine.name == "keras"
    assert engine.signature.meaning == "probabilities"
    assert np.abs(engine.predict(patches) - _formula(patches)).max() < 1e-4


def test_keras_reads_one_channel_logits_and_coarse_scores_as_the_others_do(keras: Any, tmp_path: Path) -> None:
    two = _scheme("background", "roof")
    red = keras.layers.Conv2D(1, 1, activation="sigmoid", kernel_initializer="ones")
    engine = create_engine(_keras_model(keras, tmp_path / "one.keras", red, scheme=two), device="cpu")
    scores = engine.predict(np.full((8, 3, 32, 32), 0.1, np.float32))
    assert engine.signature.meaning == "probability"
    assert np.allclose(scores[:, 1], 1 / (1 + np.exp(-0.3)), atol=1e-6)
    logits = [keras.layers.AveragePooling2D(4), keras.layers.Conv2D(2, 1, kernel_initializer="orthogonal")]
    engine = create_engine(_keras_model(keras, tmp_path / "two.keras", *logits, scheme=two), device="cpu")
    scores = engine.predict(PATCHES[:8, 0])
    assert (engine.signature.meaning, scores.shape) == ("logits", (8, 2, 32, 32))
    assert np.allclose(scores.sum(axis=1), 1, atol=1e-6)


def test_a_keras_network_is_checked_against_its_card(keras: Any, tmp_path: Path) -> None:
    def refused(match: str, *layers: Any, **options: Any) -> None:
        model = _keras_model(keras, tmp_path / "m.keras", *layers, **options)
        with pytest.raises(ModelError, match=match):
            create_engine(model, device="cpu")

    def softmax(classes: int) -> Any:
        return keras.layers.Conv2D(classes, 1, activation="softmax")

    refused("gives scores of 4 classes, its card names 5", softmax(4), scheme=_scheme(*"abcde"))
    refused("scores of 4 classes, but its metadata name 5", keras.layers.Conv2D(4, 1), scheme=_scheme(*"abcde"))
    refused("gives scores of 4 classes, its card names 3", softmax(4), scheme=_scheme(*"abc"))
    refused("its card says 3 bands", softmax(4), bands=4)
    none = keras.initializers.Constant(float("nan"))
    refused("values that are no numbers", keras.layers.Conv2D(4, 1, bias_initializer=none))
    refused("its shape is", softmax(4), keras.layers.GlobalAveragePooling2D())


def test_keras_itself_would_not_run_code_from_a_file(keras: Any, tmp_path: Path) -> None:
    """The file is refused before Keras is asked; this is what holds if that look missed something."""
    harm = tmp_path / "harm"
    function = eval(
        f"lambda x: (__import__('os').makedirs({str(harm)!r}, exist_ok=True), x)[1]"
    )  # as it would be in the file
    path = tmp_path / "m.keras"
    layers = [keras.layers.Lambda(function, output_shape=(None, None, 3)), keras.layers.Conv2D(4, 1)]
    network = keras.Sequential([keras.Input((None, None, 3)), *layers])
    network.save(path)
    if harm.exists():  # Keras has run it to find the shape of what it gives
        harm.rmdir()
    with pytest.raises(ModelError, match="Keras does not load"):
        create_engine(Model(path, card(), "", b""), device="cpu")
    assert not harm.exists()
