"""`evaluate` from end to end: a network that makes no mistake, one that makes many, and data in every state."""

from __future__ import annotations

import json
import shutil
from base64 import b64decode
from collections.abc import Callable
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from greyset import random_labels, save_reader, write_pair, write_raster
from PIL import Image
from support import Listener, contents, read

from aerialseg_core import evaluate, segment
from aerialseg_core.errors import Cancelled, DataError, ModelError, OutputError, ParameterError, SceneError
from aerialseg_core.evaluation.report import rank_images
from aerialseg_core.evaluation.thumbnails import read_photograph
from aerialseg_core.metrics import IGNORE, count_confusion, measure_accuracy
from aerialseg_core.raster.classes import MBRSC, ClassScheme

Evaluated = Callable[..., dict[str, Any]]

OVERALL = ("miou", "miou_labelled", "micro_iou", "accuracy", "kappa", "boundary_f1")


def test_a_perfect_prediction_scores_1_everywhere(evaluated: Evaluated, model: Path, data: Path) -> None:
    found = evaluated(model, data)
    assert {key: found["scores"][key] for key in OVERALL} == dict.fromkeys(OVERALL, 1.0)
    assert {key: found["intervals"][key] for key in OVERALL} == dict.fromkeys(OVERALL, (1.0, 1.0))
    for one in found["per_class"].values():
        assert {one[key] for key in ("iou", "f1", "precision", "recall", "boundary_f1")} == {1.0}
    assert found["seams"]["index"] == 1
    assert found["scores"]["pixels"] == 3 * 56 * 72


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_scores_are_those_of_what_segment_writes(
    evaluated: Evaluated, blurred: Path, data: Path, tmp_path: Path
) -> None:
    matrix = np.zeros((6, 6), np.int64)
    for number, image in enumerate(sorted(data.glob("*/images/*.png"))):
        classes = segment(image, tmp_path / f"{number}.tif", model=str(blurred), engine="onnxruntime").classes
        matrix += count_confusion(random_labels(number), read(classes) - np.uint8(1), 6)
    found = evaluated(blurred, data)
    assert found["confusion"] == matrix.tolist()
    expected = asdict(measure_accuracy(matrix, MBRSC.names))
    assert {key: found["scores"][key] for key in ("miou", "miou_labelled", "accuracy", "pixels")} == {
        key: expected[key] for key in ("miou", "miou_labelled", "accuracy", "pixels")
    }
    assert {name: one["iou"] for name, one in found["per_class"].items()} == expected["iou"]
    assert 0 < found["scores"]["accuracy"] < 1


def test_figures_weighted_by_area_have_intervals_and_kappa_comes_last(
    evaluated: Evaluated, blurred: Path, data: Path, tmp_path: Path
) -> None:
    found = evaluated(blurred, data)
    limits, pixels = found["intervals"], found["scores"]["pixels"]
    for name, one in found["per_class"].items():
        for key, value in (
            ("users", one["precision"]),
            ("producers", one["recall"]),
            ("labelled_share", one["labelled"] / pixels),
        ):
            if value is not None:
                low, high = limits[key][name]
                assert low - 1e-3 <= value <= high + 1e-3
    page = (tmp_path / "report" / "index.html").read_text("utf-8")
    assert "Producer’s accuracy" in page
    assert page.rindex('class="tile') == page.index("Cohen’s kappa") - len('class="tile">\n<span class="label">')


def test_ignored_pixels_change_no_score(evaluated: Evaluated, blurred: Path, tmp_path: Path) -> None:
    labels, nonsense = random_labels(1), random_labels(2)
    ignored = np.zeros(labels.shape, bool)
    ignored[10:30, 20:50] = True
    truth = np.where(ignored, IGNORE, labels).astype(np.uint8)
    found = []
    for name, shown in (("as it is", labels), ("nonsense", np.where(ignored, nonsense, labels).astype(np.uint8))):
        write_pair(tmp_path / name, "a", shown, truth=truth)
        found.append(evaluated(save_reader(tmp_path / "reader.onnx").path, tmp_path / name))
    assert found[0]["scores"] == found[1]["scores"]
    assert found[0]["ignored_pixels"] == ignored.sum()
    assert found[0]["scores"]["accuracy"] == 1


def test_one_image_has_scores_and_no_intervals(evaluated: Evaluated, blurred: Path, tmp_path: Path) -> None:
    write_pair(tmp_path / "one", "a", random_labels(1))
    found = evaluated(blurred, tmp_path / "one")
    assert set(found["intervals"]["iou"].values()) == {None}
    assert found["intervals"]["miou"] is None
    page = (tmp_path / "report" / "index.html").read_text("utf-8")
    assert "There is one image only" in page
    assert "intervals need more images" in page


def test_a_class_that_never_occurs_has_no_score(evaluated: Evaluated, model: Path, tmp_path: Path) -> None:
    write_pair(tmp_path / "few", "a", random_labels(1, classes=2))
    found = evaluated(model, tmp_path / "few")
    water = found["per_class"]["Water"]
    assert {water[key] for key in ("iou", "f1", "precision", "recall", "boundary_f1")} == {None}
    assert found["scores"]["miou"] == 1
    assert "NaN" not in (tmp_path / "report" / "evaluation.json").read_text()


def test_a_mask_without_any_label_scores_nothing(evaluated: Evaluated, model: Path, tmp_path: Path) -> None:
    labels = random_labels(1)
    write_pair(tmp_path / "void", "a", labels)
    write_pair(tmp_path / "void", "b", labels, truth=np.full_like(labels, IGNORE))
    found = evaluated(model, tmp_path / "void")
    assert [one["accuracy"] for one in found["images"]] == [1.0, None]
    assert found["ignored_pixels"] == labels.size


@pytest.mark.parametrize("size", [(1, 1), (5, 70), (70, 3)])
def test_images_smaller_than_a_patch(evaluated: Evaluated, model: Path, tmp_path: Path, size: tuple[int, int]) -> None:
    write_pair(tmp_path / "small", "a", random_labels(3, *size))
    assert evaluated(model, tmp_path / "small")["scores"]["accuracy"] == 1


def test_ground_without_data_is_not_scored(evaluated: Evaluated, model: Path, tmp_path: Path) -> None:
    labels = random_labels(1)
    write_pair(tmp_path / "holes", "a", labels)
    grey = np.repeat((labels * np.uint8(40))[None], 3, axis=0)
    grey[:, :10] = 254
    (tmp_path / "holes" / "images" / "a.png").unlink()
    profile: dict[str, Any] = {"height": 56, "width": 72, "count": 3, "dtype": "uint8", "nodata": 254}
    write_raster(tmp_path / "holes" / "images" / "a.tif", grey, **profile)
    found = evaluated(model, tmp_path / "holes")
    assert found["scores"]["accuracy"] == 1
    assert found["scores"]["pixels"] == labels[10:].size
    assert found["missing_pixels"] + found["ignored_pixels"] == labels[:10].size


def test_classes_are_matched_by_name(evaluated: Evaluated, data: Path, tmp_path: Path) -> None:
    order = [("Extra", "#123456"), *((c.name, "#ABCDEF") for c in MBRSC)]
    save_reader(tmp_path / "more.onnx", ClassScheme.of(order))
    found = evaluated(tmp_path / "more.onnx", data)
    assert "Extra" not in found["per_class"]
    shifted = np.array(found["confusion"])
    assert shifted[1:, :-1].trace() == shifted.sum()  # each grey means the class before it in this order
    assert found["scores"]["accuracy"] == 0


def test_classes_that_the_model_does_not_know_are_refused(data: Path, tmp_path: Path) -> None:
    save_reader(tmp_path / "fewer.onnx", ClassScheme.of([(c.name, c.colour) for c in MBRSC][:4]))
    with pytest.raises(DataError, match="does not know Water, Unlabeled of the data"):
        evaluate(tmp_path / "fewer.onnx", data, tmp_path / "report")
    assert not (tmp_path / "report").exists()


def test_seen_images_are_told_from_new_ones(evaluated: Evaluated, data: Path, tmp_path: Path) -> None:
    split = {"training": ["North + West"], "holdout": ["South"]}
    save_reader(tmp_path / "trained.onnx", training={"split": split})
    listener = Listener()
    found = evaluated(tmp_path / "trained.onnx", data, reporter=listener)
    assert [one["seen"] for one in found["images"]] == [True, True, False]
    assert (found["subsets"]["seen"]["images"], found["subsets"]["unseen"]["images"]) == (2, 1)
    assert any("trained on 2 of the 3 images" in text for text in listener.messages)
    assert "was trained on 2 of these 3 images" in (tmp_path / "report" / "index.html").read_text("utf-8")
    assert evaluated(tmp_path / "trained.onnx", data / "North")["subsets"]["unseen"]["images"] == 0


@pytest.mark.parametrize("reason", ["holdout", "excluded"])
def test_images_that_were_left_out_of_a_place_are_new(
    evaluated: Evaluated, data: Path, tmp_path: Path, reason: str
) -> None:
    save_reader(tmp_path / "trained.onnx")
    named = evaluated(tmp_path / "trained.onnx", data)["images"][0]["image"]
    save_reader(tmp_path / "trained.onnx", training={"split": {"training": ["North", "South"], reason: [named]}})
    found = evaluated(tmp_path / "trained.onnx", data)
    assert [one["image"] for one in found["images"] if not one["seen"]] == [named]


def test_images_without_folders_are_not_taken_for_seen_ones(evaluated: Evaluated, tmp_path: Path) -> None:
    save_reader(tmp_path / "trained.onnx", training={"split": {"training": ["."], "holdout": []}})
    write_pair(tmp_path / "flat", "a", random_labels(1))
    assert evaluated(tmp_path / "trained.onnx", tmp_path / "flat")["subsets"]["seen"]["images"] == 0


def test_a_resolution_that_the_model_is_not_made_for_is_said(evaluated: Evaluated, model: Path, tmp_path: Path) -> None:
    write_pair(tmp_path / "set", "a", random_labels(1))
    (tmp_path / "set" / "fine.toml").write_text('gsd = 0.25\n[[pairs]]\nimage = "images/a.png"\nmask = "masks/a.png"\n')
    listener = Listener()
    evaluated(model, tmp_path / "set" / "fine.toml", reporter=listener)
    assert any("ground resolution of 0.25 m" in text for text in listener.messages)


def test_a_temperature_changes_the_confidence_and_nothing_else(
    evaluated: Evaluated, data: Path, tmp_path: Path
) -> None:
    for name, temperature in (("plain", 1.0), ("warm", 4.0)):
        save_reader(tmp_path / f"{name}.onnx", certainty=60.0, temperature=temperature)
    plain, warm = (evaluated(tmp_path / f"{name}.onnx", data) for name in ("plain", "warm"))
    assert warm["scores"] == plain["scores"]
    assert plain["calibration"]["compared"] is None
    compared = warm["calibration"]["compared"]
    assert compared["images"] == 3
    assert compared["ece"] == warm["calibration"]["ece"]
    assert compared["ece_without_temperature"] == plain["calibration"]["ece"]
    assert compared["ece"] > compared["ece_without_temperature"]


def test_bands_that_the_data_name_are_read(evaluated: Evaluated, model: Path, tmp_path: Path) -> None:
    write_pair(tmp_path / "set", "a", random_labels(4))
    (tmp_path / "set" / "four.toml").write_text(
        'bands = [2, 3, 4]\n[[pairs]]\nimage = "four.tif"\nmask = "masks/a.png"\n'
    )
    grey = np.repeat((random_labels(4) * np.uint8(40))[None], 4, axis=0)
    grey[0] = 7
    profile: dict[str, Any] = {"height": 56, "width": 72, "count": 4, "dtype": "uint8", "photometric": "minisblack"}
    write_raster(tmp_path / "set" / "four.tif", grey, **profile)
    assert evaluated(model, tmp_path / "set" / "four.toml")["scores"]["accuracy"] == 1


def test_bands_are_found_by_what_the_images_say_and_doubts_are_said_once(
    evaluated: Evaluated, model: Path, tmp_path: Path
) -> None:
    profile: dict[str, Any] = {"height": 56, "width": 72, "count": 3, "dtype": "uint8", "photometric": "rgb"}
    for name in "ab":
        write_pair(tmp_path / "set", name, random_labels(4))
        image = (tmp_path / "set" / "images" / f"{name}.png").with_suffix(".tif")
        image.with_suffix(".png").unlink()
        pixels = np.zeros((3, 56, 72), np.uint8)
        pixels[2] = random_labels(4) * np.uint8(40)  # the network looks at red alone
        write_raster(image, pixels, **profile)
        with rasterio.open(image, "r+") as dataset:
            dataset.descriptions = ("Blue", "Green", "Red")
    listener = Listener()
    assert evaluated(model, tmp_path / "set", reporter=listener)["scores"]["accuracy"] == 1
    (said,) = [text for text in listener.messages if "contradict" in text]
    assert said.startswith("a.tif and 1 more image: bands red = 3")
    page = (tmp_path / "report" / "index.html").read_text("utf-8")
    shown = Image.open(BytesIO(b64decode(page.partition("data:image/jpeg;base64,")[2].partition('"')[0])))
    red, _, blue = np.asarray(shown).mean(axis=(0, 1))
    assert red > 60 > blue
    seen = read_photograph(tmp_path / "set" / "images" / "a.tif", (), (56, 72))
    np.testing.assert_array_equal(seen[..., 0], random_labels(4) * np.uint8(40))


def test_the_report_is_two_files_and_says_what_made_it(
    evaluated: Evaluated, blurred: Path, data: Path, tmp_path: Path
) -> None:
    found = evaluated(blurred, data, overlap=0.25)
    assert contents(tmp_path / "report") == {"index.html", "evaluation.json"}
    stored = json.loads((tmp_path / "report" / "evaluation.json").read_text("utf-8"))
    assert stored == json.loads(json.dumps(found))
    assert stored["command"].startswith("aerialseg evaluate ")
    assert "--overlap 0.25" in stored["command"]
    assert stored["model"]["name"] == "tiny"


def test_two_runs_find_the_same(evaluated: Evaluated, blurred: Path, data: Path) -> None:
    assert evaluated(blurred, data) == evaluated(blurred, data)


@pytest.mark.parametrize("count", range(8))
def test_the_images_shown_run_from_best_to_worst(count: int) -> None:
    found = {"images": [{"accuracy": None}, *({"accuracy": n / 10} for n in range(count))]}
    shown = rank_images(found)
    words = [word for word, _ in shown]
    assert len({index for _, index in shown}) == len(shown)
    assert all(index > 0 for _, index in shown)
    if count > 2:
        assert shown[0] == ("Best", count)
        assert dict(reversed(shown))["Worst"] == 1
        assert {"Best", "Median", "Worst"} == set(words)


Refused = Callable[..., None]


@pytest.fixture
def refused(model: Path, data: Path, tmp_path: Path) -> Refused:
    """A function that asserts that an evaluation ends with an error and leaves nothing behind."""

    def check(error: type[Exception], match: str, **changes: Any) -> None:
        before = contents(tmp_path)
        arguments = {"model": model, "data": data, "output": tmp_path / "report", "engine": "onnxruntime", **changes}
        with pytest.raises(error, match=match):
            evaluate(arguments.pop("model"), arguments.pop("data"), arguments.pop("output"), **arguments)
        assert contents(tmp_path) == before

    return check


def test_wrong_inputs_are_refused_with_a_sentence(refused: Refused, data: Path, tmp_path: Path) -> None:
    refused(ModelError, "nowhere", model="nowhere.onnx")
    refused(DataError, "neither a folder nor a TOML", data=tmp_path / "nowhere")
    refused(OutputError, "does not exist", output=tmp_path / "no" / "report")
    refused(ParameterError, "has no meaning in an evaluation", extent=(0, 0, 1, 1))
    refused(ParameterError, "--overlap", overlap=0.9)
    refused(OutputError, "exists already", output=data)
    refused(OutputError, "holds more than an earlier result", output=data, overwrite=True)
    refused(SceneError, "too coarse for a model", gsd=50.0)  # without a CRS the pixels are as large as is said


def test_a_damaged_image_among_good_ones_is_named(refused: Refused, data: Path) -> None:
    image = data / "South" / "images" / "part_2.png"
    image.write_bytes(image.read_bytes()[:200])
    refused(DataError, r"part_2\.png cannot be read")


def test_a_missing_mask_is_named(refused: Refused, data: Path) -> None:
    (data / "South" / "masks" / "part_2.png").unlink()
    refused(DataError, r"part_2\.png has no mask")


def test_a_cancelled_run_leaves_nothing(refused: Refused) -> None:
    listener = Listener()
    listener.cancel()
    refused(Cancelled, "Cancelled", reporter=listener)


def test_an_earlier_report_is_kept_when_the_new_one_fails(model: Path, data: Path, tmp_path: Path) -> None:
    evaluate(model, data, tmp_path / "report", engine="onnxruntime")
    before = (tmp_path / "report" / "index.html").read_bytes()
    with pytest.raises(OutputError, match="exists already"):
        evaluate(model, data, tmp_path / "report")
    shutil.rmtree(data / "South" / "masks")
    with pytest.raises(DataError):
        evaluate(model, data, tmp_path / "report", overwrite=True)
    assert (tmp_path / "report" / "index.html").read_bytes() == before
