"""Models by name: added ones are copies with their card inside, and what cannot be used leaves nothing behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from onnx.external_data_helper import convert_model_to_external_data
from support import contents, deepness, image, network, read, save_model, save_scene

from aerialseg_core import segment
from aerialseg_core.cli.main import main
from aerialseg_core.errors import ModelError, OutputError
from aerialseg_core.model.registry import add_model, find_models_folder, list_models, list_shipped_models, load_model

Run = Callable[..., tuple[int, str, str]]

CARD = """
classes = ["dark", { name = "red", colour = "#FF0000" }, "green", "blue"]
bands = ["red", "green", "blue"]
gsd = 1
patch = 32
scale = 255
"""


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of added models, which is not there yet."""
    folder = tmp_path / "home" / "models"
    monkeypatch.setenv("AERIALSEG_MODELS", str(folder))
    return folder


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Run:
    """`aerialseg models …`: exit code, stdout, stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["models", *map(str, arguments)])
        return int(ended.value.code or 0), *capsys.readouterr()

    return run


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A network that says nothing of itself."""
    onnx.save(network(), tmp_path / "theirs.onnx")
    return tmp_path / "theirs.onnx"


@pytest.fixture
def card(tmp_path: Path) -> Path:
    (tmp_path / "card.toml").write_text(CARD)
    return tmp_path / "card.toml"


def two_heads() -> onnx.ModelProto:
    """Two outputs of probabilities: those of the network, and the same with the channels turned round."""
    model = network()
    names = ["scores", "turned"]
    order = onnx.numpy_helper.from_array(np.array([3, 2, 1, 0]), "order")
    model.graph.initializer.append(order)
    model.graph.node.append(helper.make_node("Gather", ["scores", "order"], ["turned"], axis=1))
    model.graph.output.append(helper.make_tensor_value_info(names[1], TensorProto.FLOAT, ["n", 4, "h", "w"]))
    return model


def test_a_folder_of_models_that_cannot_be_read_leaves_the_shipped_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AERIALSEG_MODELS", "/" + "n" * 5000)  # as a folder that one may not look into, an OSError
    assert list_models() == list_shipped_models()


def test_an_added_model_is_used_by_its_name(tmp_path: Path, models: Path, bare: Path, card: Path) -> None:
    before = bare.read_bytes()
    added = add_model(bare, card=card)
    assert (added.path, bare.read_bytes()) == (models / "theirs.onnx", before)
    assert contents(models) == {"theirs.onnx"}
    assert set(list_models()) == {*list_shipped_models(), "theirs"}
    loaded = load_model("theirs")
    assert (loaded.card, loaded.sha256, loaded.network) == (added.card, added.sha256, added.network)
    assert (loaded.card.classes.names, loaded.card.classes[2].colour) == (("dark", "red", "green", "blue"), "#FF0000")
    scene = save_scene(tmp_path / "scene.tif", image(50, 60))
    segment(scene, tmp_path / "a.tif", model="theirs")
    segment(scene, tmp_path / "b.tif", model=str(save_model(tmp_path / "tiny.onnx").path))
    assert np.array_equal(read(tmp_path / "a.tif"), read(tmp_path / "b.tif"))


def test_what_deepness_metadata_say_needs_no_card_and_a_card_goes_before_it(
    tmp_path: Path, models: Path, card: Path
) -> None:
    path = deepness(tmp_path / "corn.onnx", network(), resolution=3)
    assert add_model(path).card.gsd == 0.03
    card.write_text('name = "maize"\ngsd = 0.05\nclasses = ["a", "b", "c", "d"]')
    assert add_model(path, card=card).card.gsd == 0.05
    assert load_model("maize").card.classes.names == ("a", "b", "c", "d")
    kept = {entry.key for entry in onnx.load(models / "maize.onnx").metadata_props}
    assert kept == {"model_type", "class_names", "resolution", "tiles_size", "aerialseg"}


def test_the_card_says_which_output_and_from_which_threshold_on(tmp_path: Path, models: Path, card: Path) -> None:
    onnx.save(two_heads(), tmp_path / "heads.onnx")
    with pytest.raises(ModelError, match=r"2 outputs that could be the scores: 'scores' .*'turned' .*output = \"sc"):
        add_model(tmp_path / "heads.onnx", card=card)
    assert not models.exists()
    scene = save_scene(tmp_path / "scene.tif", image(40, 40))
    maps = {}
    for output in ("scores", "turned"):
        card.write_text(f'{CARD}output = "{output}"\nname = "{output}"')
        add_model(tmp_path / "heads.onnx", card=card)
        maps[output] = read(segment(scene, tmp_path / f"{output}.tif", model=output, engine="onnxruntime").classes)
    assert np.array_equal(maps["turned"], 5 - maps["scores"])
    card.write_text(f'{CARD}output = "scores"\nthreshold = 0.999\nname = "sure"')
    assert add_model(tmp_path / "heads.onnx", card=card).card.to_dict()["version"] == 3  # older readers would not
    sure = read(segment(scene, tmp_path / "sure.tif", model="sure", engine="onnxruntime").classes)
    assert (sure == 1).sum() > (maps["scores"] == 1).sum()
    assert np.isin(sure[sure != maps["scores"]], [1]).all(), "what is not sure is the first class"


def test_heads_that_deepness_names_can_be_told_apart(tmp_path: Path, models: Path, card: Path) -> None:
    path = deepness(tmp_path / "heads.onnx", two_heads(), class_names=[{"0": "a", "1": "b"}, {"0": "c"}])
    with pytest.raises(ModelError, match=r"makes 2 maps at once.*Name one in a card: output ="):
        add_model(path)
    card.write_text(f'{CARD}output = "turned"')
    assert add_model(path, card=card).signature.output == 1


def test_a_bundle_of_our_own_is_copied_as_it_is(tmp_path: Path, models: Path, card: Path) -> None:
    own = save_model(tmp_path / "mine.onnx").path
    assert add_model(own).path.read_bytes() == own.read_bytes()
    assert list(list_models())[-1] == "tiny", "the name of its card"
    with pytest.raises(OutputError, match="exists already"):
        add_model(own)
    add_model(own, overwrite=True)
    with pytest.raises(ModelError, match="carries a card already"):
        add_model(own, card=card, overwrite=True)
    assert load_model("tiny").path == models / "tiny.onnx"


@pytest.mark.parametrize(
    ("line", "match"),
    [
        ('name = "../up"', "'../up' is no name for a file"),
        ('name = "a b"', "'a b' is no name for a file"),
        ('name = ".hidden"', "is no name for a file"),
        ('name = "mbrsc-lite0"', "mbrsc-lite0 is the name of a shipped model"),
        ('name = "a\\u0007"', "holds a control character"),
        ("std = [0, 1, 1]", "unusable scaling"),
        ("colours = 1", "unknown key 'colours'"),
    ],
)
def test_what_cannot_be_added_leaves_nothing_behind(
    models: Path, bare: Path, card: Path, line: str, match: str
) -> None:
    card.write_text(f"{CARD}{line}")
    with pytest.raises(ModelError, match=match):
        add_model(bare, card=card)
    assert not models.exists()


def test_weights_elsewhere_and_keras_files_are_not_added(tmp_path: Path, models: Path, card: Path) -> None:
    outside = network()
    convert_model_to_external_data(outside, location="weights.bin", size_threshold=0)
    onnx.save(outside, tmp_path / "outside.onnx")
    with pytest.raises(ModelError, match="keeps its weights in other files"):
        add_model(tmp_path / "outside.onnx", card=card)
    (tmp_path / "m.keras").write_bytes(b"")
    with pytest.raises(ModelError, match="is a Keras model"):
        add_model(tmp_path / "m.keras")
    assert not models.exists()


def test_the_folder_is_that_of_the_users_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AERIALSEG_MODELS")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    assert find_models_folder() == tmp_path / "aerialseg" / "models"
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert find_models_folder() == tmp_path / "local" / "aerialseg" / "models"
    monkeypatch.setattr("sys.platform", "darwin")
    assert find_models_folder().parts[-4:] == ("Library", "Application Support", "aerialseg", "models")


def test_the_commands_add_list_and_check(models: Path, bare: Path, card: Path, command: Run) -> None:
    code, out, err = command("check", bare)
    assert (code, out) == (5, "")
    assert err == (
        "Error: theirs.onnx takes 3 bands as float32 and gives the probabilities of the classes, but nothing says what "
        'they mean. Write classes = ["…", …] (4 names), gsd = METRES (or "any"), scale = 255 (or what else pixels were '
        "divided by) into a TOML, and run `aerialseg models add theirs.onnx --card CARD.toml`.\n"
    )
    code, out, _ = command("check", bare, "--card", card)
    assert code == 0
    assert out.splitlines()[:4] == [
        "model    theirs: dark, red, green, blue",
        "takes    red, green, blue at 1 m, patches of 32 px, float32, channels first, (x / 255 − 0) / 1",
        "values   uint8, 0 is black and 255 white",
        "gives    the probabilities of the classes",
    ]
    assert command("add", bare, "--card", card)[:2] == (0, f"{'theirs':<16} {models / 'theirs.onnx'}\n")
    (models / "broken.onnx").write_bytes(b"no network")
    code, out, _ = command("list", "--progress", "json")
    assert code == 0
    events = [json.loads(line) for line in out.splitlines()]
    warned = next(event["text"] for event in events if event["event"] == "message")
    assert warned.startswith(f"{models / 'broken.onnx'} is not an ONNX model")
    listed: dict[str, Any] = {one["name"]: one for one in events[-1]["models"]}
    assert listed["theirs"]["description"] == "A segmentation model from elsewhere."
    assert set(listed) == {*list_shipped_models(), "theirs"}
    code, out, err = command("add", bare, "--card", card)
    assert code != 0
    assert "--overwrite" in err
    assert command("add", bare, "--card", card, "--overwrite")[0] == 0
