"""A second run starts from what the first one has kept: it compiles nothing, and its bits are the same."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support import image, save_model, save_scene

from aerialseg_core.config import SegmentConfig
from aerialseg_core.files.cache import VARIABLE
from aerialseg_core.model import processor
from aerialseg_core.model.registry import load_model
from aerialseg_core.segmentation import engine_facts
from aerialseg_core.segmentation.engine_facts import EngineFacts, keep_facts, name_facts, recall_facts
from aerialseg_core.segmentation.predictor import load_predictor
from aerialseg_core.segmentation.segment import describe_plan, plan_run, segment

PATCHES = np.random.default_rng(0).normal(size=(1, 3, 32, 32)).astype(np.float32)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return save_model(tmp_path / "tiny.onnx").path


@pytest.mark.parametrize("damaged", [False, True])
def test_what_openvino_has_compiled_gives_the_same_scores_again(model: Path, cache: Path, damaged: bool) -> None:
    pytest.importorskip("openvino")
    config = SegmentConfig(model=str(model), engine="openvino", threads=2)
    first = load_predictor(config)
    (kept,) = (cache / "openvino").iterdir()
    if damaged:
        kept.write_bytes(kept.read_bytes()[:-100])
    before = kept.read_bytes()
    second = load_predictor(config)
    assert (kept.read_bytes() == before) is not damaged  # only what is damaged is made again
    assert first.identity == second.identity
    assert first.engine.predict(PATCHES).tobytes() == second.engine.predict(PATCHES).tobytes()


def test_another_network_or_number_of_threads_is_compiled_by_itself(tmp_path: Path, model: Path, cache: Path) -> None:
    pytest.importorskip("openvino")
    other = save_model(tmp_path / "other.onnx", patch=64).path
    for path, threads in ((model, 1), (model, 2), (other, 2)):
        load_predictor(SegmentConfig(model=str(path), engine="openvino", threads=threads))
    assert len(list((cache / "openvino").iterdir())) == 3


def test_a_file_that_was_found_in_order_is_the_same_model_again(model: Path) -> None:
    assert load_model(str(model)) == load_model(str(model))


def test_a_plan_of_what_is_known_loads_no_engine(tmp_path: Path, model: Path) -> None:
    scene = save_scene(tmp_path / "scene.tif", image(40, 40))
    first = describe_plan(scene, model=str(model))
    program = (
        "import json, sys; from aerialseg_core import describe_plan;"
        f"lines = describe_plan({str(scene)!r}, model={str(model)!r});"
        "heavy = {'onnx', 'onnxruntime', 'openvino', 'pandas', 'pyogrio'} & set(sys.modules);"
        "print(json.dumps([lines, sorted(heavy)]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [first, []]


def list_slow_modules(*arguments: str) -> list[str]:
    """What a command loads of all that takes long to be imported and is installed here, as most of it is."""
    slow = "boto3 botocore dask geopandas keras matplotlib onnx onnxruntime openvino openvino.tools.ovc pandas pyarrow"
    slow += " pyogrio pystac requests scipy shapely tensorflow tqdm"
    program = (
        "import json, sys; from aerialseg_core.cli.main import main\n"
        f"try: main({[*arguments, '--overwrite', '--progress', 'none']!r})\n"
        "except SystemExit as end: code = end.code\n"
        "loaded = {name for name, module in sys.modules.items() if module}\n"
        f"print(json.dumps([code, sorted(loaded & set({slow!r}.split()))]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    code, loaded = json.loads(done.stdout.splitlines()[-1])
    assert code == 0, done.stderr
    return list(loaded)


def test_a_second_run_imports_what_it_uses_only(tmp_path: Path, model: Path) -> None:
    pytest.importorskip("openvino")
    scene, classes = str(save_scene(tmp_path / "scene.tif", image(40, 40))), str(tmp_path / "classes.tif")
    made_by = ["--model", str(model), "--engine", "openvino"]
    first, second = (list_slow_modules("segment", scene, "-o", classes, *made_by) for _ in range(2))
    assert second == ["openvino"]
    assert set(first) >= set(second)
    traced = ["pyogrio", "shapely"]
    polygons = str(tmp_path / "classes.gpkg")
    whole = ["segment", scene, "-o", classes, *made_by, "--polygons", polygons]
    assert list_slow_modules(*whole) == ["openvino", *traced]
    assert list_slow_modules("polygons", classes, "-o", polygons) == traced


def test_facts_are_those_of_the_same_request_on_the_same_processor(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded, config = load_model(str(model)), SegmentConfig(model=str(model))
    name = name_facts(loaded, config, 2)
    facts = EngineFacts("an engine", 0.25, False, ("a note",))
    keep_facts(name, facts)
    assert recall_facts(name_facts(loaded, config, 2)) == facts
    assert recall_facts(name_facts(loaded, config, 1)) is None
    assert recall_facts(name_facts(loaded, replace(config, engine="onnxruntime"), 2)) is None
    assert recall_facts(name_facts(replace(loaded, sha256="0"), config, 2)) is None
    facts_of_another = tmp_path / "cpuinfo"
    facts_of_another.write_text("model name : Another\nflags : none\ncpu MHz : 1\n")
    another = processor.describe_processor(facts_of_another)
    assert "Another" in another
    assert "MHz" not in another
    monkeypatch.setattr(engine_facts, "describe_processor", lambda: another)
    assert recall_facts(name_facts(loaded, config, 2)) is None


def test_an_engine_is_timed_again_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_facts("name", EngineFacts("an engine", 0.25))
    assert recall_facts("name")
    monkeypatch.setattr(engine_facts, "KNOWN_FOR", 0.0)
    assert recall_facts("name") is None


def test_a_plan_counts_what_is_still_to_be_compiled(tmp_path: Path) -> None:
    pytest.importorskip("openvino")
    scene = save_scene(tmp_path / "scene.tif", image(70, 70))  # which one window of 96 px fits best
    options = {"model": str(save_model(tmp_path / "other.onnx", patch=64).path), "engine": "openvino", "threads": 2}
    predictor = load_predictor(SegmentConfig(**options))
    facts = predictor.facts
    assert facts.seconds_to_compile > 0
    assert facts.estimate_start(64) == 0  # the side of the card was compiled to be timed
    assert facts.estimate_start(96) == facts.seconds_to_compile
    planned = plan_run(scene, **options).seconds
    predictor.identify(96)
    assert facts.estimate_start(96) == 0
    again = plan_run(scene, **options).seconds
    assert planned - again == pytest.approx(facts.seconds_to_compile)


def test_a_first_run_compiles_for_the_side_of_its_windows_only(tmp_path: Path, cache: Path) -> None:
    pytest.importorskip("openvino")
    scene = save_scene(tmp_path / "scene.tif", image(70, 70))  # which one window of 96 px fits best
    options = {"model": str(save_model(tmp_path / "other.onnx", patch=64).path), "engine": "openvino", "threads": 2}
    segment(scene, tmp_path / "classes.tif", **options)
    assert len(list((cache / "openvino").iterdir())) == 1
    config = SegmentConfig(**options)
    facts = recall_facts(name_facts(load_model(config.model), config, 2))
    assert facts is not None
    assert facts.estimate_start(96) == 0
    assert facts.estimate_start(64) == facts.seconds_to_compile > 0


def test_what_compiling_takes_is_known_when_the_engine_is_timed_again(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openvino")
    config = SegmentConfig(model=str(model), engine="openvino", threads=2)
    first = load_predictor(config).facts
    monkeypatch.setattr(engine_facts, "KNOWN_FOR", 0.0)
    assert load_predictor(config).facts.seconds_to_compile == first.seconds_to_compile > 0
