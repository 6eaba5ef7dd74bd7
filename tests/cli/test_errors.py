"""What goes wrong ends with one sentence that names the remedy, an exit code, and nothing left behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas
import numpy as np
import onnx
import pytest
import rasterio
import shapely
from affine import Affine
from onnx import TensorProto, helper
from onnx.external_data_helper import convert_model_to_external_data
from support import NORTH_UP, REPO, UTM, card, contents, deepness, image, network, save_model, save_scene

from aerialseg_core.cli.main import main
from aerialseg_core.errors import ModelError
from aerialseg_core.model.bundle import save_bundle

Fails = Callable[..., str]


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """The command line takes SIGINT and SIGTERM for itself: give them back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scene and a model in order."""
    save_scene(tmp_path / "scene.tif", image(60, 80))
    save_model(tmp_path / "tiny.onnx")
    return tmp_path


@pytest.fixture
def fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> Fails:
    """Run `aerialseg segment` and give its sentence, after a look at the exit code and at what is left behind."""

    def run(exit_code: int, *options: object, scene: object = None, output: object = None, model: object = None) -> str:
        before = contents(folder)
        command = ["segment", scene or folder / "scene.tif", "-o", output or folder / "classes.tif"]
        command += ["--model", model or folder / "tiny.onnx", "--progress", "none", *options]
        with pytest.raises(SystemExit) as ended:
            main([str(part) for part in command])
        out, err = capsys.readouterr()
        assert ended.value.code == exit_code, err
        assert out == ""
        assert "Traceback" not in err
        assert contents(folder) == before
        sentences = [line for line in err.splitlines() if line.startswith("Error: ")]
        assert len(sentences) == 1, err
        return sentences[0]

    return run


def test_too_few_bands(fails: Fails, folder: Path) -> None:
    grey = save_scene(folder / "grey.tif", image(60, 80, bands=1))
    text = fails(4, scene=grey)
    assert "The model needs 3 bands (red, green, blue)" in text
    assert "has 1" in text
    assert "--bands" in text


def test_a_missing_scene(fails: Fails, folder: Path) -> None:
    assert re.search(
        r"nowhere\.tif cannot be read: .*No such file.*Check the path", fails(3, scene=folder / "nowhere.tif")
    )


def test_a_file_that_is_no_raster(fails: Fails, folder: Path) -> None:
    (folder / "text.tif").write_text("not a raster")
    assert re.search(r"text\.tif cannot be read: .*not recognized", fails(3, scene=folder / "text.tif"))


def test_a_truncated_raster(fails: Fails, folder: Path) -> None:
    content = save_scene(folder / "cut.tif", image(400, 300), compress="deflate", tiled=True).read_bytes()
    (folder / "cut.tif").write_bytes(content[: len(content) // 2])
    assert re.search(
        r"cut\.tif cannot be read: .*get the file again", fails(3, "--block", 32, scene=folder / "cut.tif")
    )


def test_damage_in_the_middle_of_a_raster_leaves_nothing_behind(fails: Fails, folder: Path) -> None:
    """Some blocks are finished by then: they could never become a whole raster."""
    path = save_scene(folder / "holed.tif", image(900, 80), compress="deflate", blockysize=20)
    content = bytearray(path.read_bytes())
    middle = len(content) * 2 // 3
    content[middle : middle + 2000] = b"\xff" * 2000
    path.write_bytes(content)
    assert "holed.tif cannot be read" in fails(3, "--block", 32, scene=path)


def test_a_missing_model(fails: Fails) -> None:
    text = fails(5, model="no-such-model")
    assert "There is no model 'no-such-model'. Give the path of a model file, or one of: " in text


def test_a_truncated_model(fails: Fails, folder: Path) -> None:
    content = (folder / "tiny.onnx").read_bytes()
    (folder / "cut.onnx").write_bytes(content[: len(content) // 2])
    assert re.search(r"cut\.onnx is not an ONNX model, or is damaged.*again", fails(5, model=folder / "cut.onnx"))


def test_a_model_with_a_flipped_bit_in_its_weights(fails: Fails, folder: Path) -> None:
    content = bytearray((folder / "tiny.onnx").read_bytes())
    weights = next(t for t in network().graph.initializer if t.name == "kernel").raw_data
    content[content.index(weights) + 100] ^= 1
    (folder / "flipped.onnx").write_bytes(content)
    assert "does not match its card: damaged or altered" in fails(5, model=folder / "flipped.onnx")


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n\x1a\n" + b"x" * 100])
def test_a_file_that_is_no_model(fails: Fails, folder: Path, content: bytes) -> None:
    (folder / "other.onnx").write_bytes(content)
    assert "other.onnx is not an ONNX model, or is damaged" in fails(5, model=folder / "other.onnx")


def test_a_model_that_reads_other_files(fails: Fails, folder: Path) -> None:
    model = network()
    convert_model_to_external_data(model, location="weights.bin", size_threshold=0)
    onnx.save(model, folder / "external.onnx")
    assert "keeps its weights in other files. Save the model as one single file" in fails(
        5, model=folder / "external.onnx"
    )


def test_a_model_with_foreign_operators(fails: Fails, folder: Path) -> None:
    model = network()
    model.graph.node[0].domain = "evil.example"
    model.opset_import.append(helper.make_opsetid("evil.example", 1))
    onnx.save(model, folder / "foreign.onnx")
    assert "operators of foreign code (evil.example)" in fails(5, model=folder / "foreign.onnx")


@pytest.mark.parametrize("engine", ["onnxruntime", "openvino"])
def test_a_network_that_the_engine_does_not_accept(fails: Fails, folder: Path, engine: str) -> None:
    model = network()
    model.graph.node[0].op_type = "NoSuchOperator"
    deepness(folder / "odd.onnx", model)
    text = fails(5, "--engine", engine, model=folder / "odd.onnx")
    assert re.search(r"odd\.onnx cannot be run: .*NoSuchOperator.*\. Choose", text)
    with pytest.raises(ModelError, match="NoSuchOperator"):
        save_bundle(model, card(), folder / "odd.onnx", overwrite=True)


@pytest.mark.parametrize("engine", ["onnxruntime", "openvino"])
def test_a_network_whose_scores_cover_less_than_its_input(fails: Fails, folder: Path, engine: str) -> None:
    """Declared as of the same size; 28 of 32 px are no whole number of times less, so nobody knows where they lie."""
    model = network()
    del model.graph.node[0].attribute[:]
    save_bundle(model, card(), folder / "cut.onnx")
    text = fails(5, "--engine", engine, model=folder / "cut.onnx")
    assert "gives scores of 28 × 28 px for patches of 32 × 32 px" in text


def test_a_model_without_a_card(fails: Fails, folder: Path) -> None:
    onnx.save(network(), folder / "bare.onnx")
    assert "nothing says what they mean. Write classes = " in fails(5, model=folder / "bare.onnx")


def test_a_network_with_two_inputs(fails: Fails, folder: Path) -> None:
    model = network()
    model.graph.input.append(helper.make_tensor_value_info("more", TensorProto.FLOAT, ["n", 1, "h", "w"]))
    deepness(folder / "two.onnx", model)
    assert "two.onnx cannot be run: it wants 2 inputs ('input', 'more') instead of one image" in fails(
        5, model=folder / "two.onnx"
    )


def test_an_engine_that_is_not_for_this_kind_of_model(fails: Fails) -> None:
    assert "The engine keras does not run tiny.onnx. Use --engine onnxruntime" in fails(7, "--engine", "keras")


def test_a_missing_output_folder(fails: Fails, folder: Path) -> None:
    text = fails(6, output=folder / "missing" / "classes.tif")
    assert re.search(r"The output folder .*missing does not exist.*\. Create it", text)


def test_an_output_that_is_a_folder(fails: Fails, folder: Path) -> None:
    (folder / "maps").mkdir()
    assert "maps is a folder. Give the name of a file" in fails(6, "--overwrite", output=folder / "maps")


def test_the_output_is_the_input(fails: Fails, folder: Path) -> None:
    before = (folder / "scene.tif").read_bytes()
    (folder / "link.tif").symlink_to(folder / "scene.tif")
    for name in ("scene.tif", "../" + folder.name + "/scene.tif", "link.tif"):
        assert "is also the input. Choose another name" in fails(6, "--overwrite", output=folder / name)
    assert "is also the input" in fails(6, "--overwrite", "--confidence", folder / "scene.tif")
    assert (folder / "scene.tif").read_bytes() == before


def test_no_input_of_any_kind_is_written_to(fails: Fails, folder: Path) -> None:
    """Neither the model, nor the mask, nor a file of which the scene is made."""
    geopandas.GeoDataFrame(geometry=[shapely.box(0, 0, 9e6, 9e6)], crs=UTM).to_file(folder / "area.gpkg")
    with rasterio.open(folder / "scene.tif") as dataset, rasterio.vrt.WarpedVRT(dataset, crs="EPSG:32639") as warped:
        rasterio.shutil.copy(warped, folder / "mosaic.vrt", driver="VRT")
    inputs = {path: path.read_bytes() for path in folder.iterdir()}
    mask = ("--overwrite", "--mask", folder / "area.gpkg")
    assert "is also the input" in fails(6, *mask, "--polygons", folder / "area.gpkg")
    assert "is also the input" in fails(6, *mask, output=folder / "tiny.onnx")
    assert "is also the input" in fails(6, *mask, scene=folder / "mosaic.vrt", output=folder / "scene.tif")
    assert {path: path.read_bytes() for path in folder.iterdir()} == inputs


@pytest.mark.parametrize("option", ["-o", "--confidence", "--polygons"])
def test_an_output_that_exists(fails: Fails, folder: Path, option: str) -> None:
    (folder / "mine.tif").write_text("precious")
    text = fails(6, option, folder / "mine.tif")
    assert "mine.tif exists already. Choose another name, or allow it with --overwrite" in text
    assert (folder / "mine.tif").read_text() == "precious"


def test_two_outputs_of_one_name(fails: Fails, folder: Path) -> None:
    assert "Two outputs have the same name" in fails(6, "--confidence", folder / "classes.tif")


@pytest.mark.parametrize("name", ["map.png", "map.JPG", "map.gpkg", "map.vrt", "map.img"])
def test_a_raster_under_the_name_of_another_format(fails: Fails, folder: Path, name: str) -> None:
    for plan in ((), ("--plan",)):
        text = fails(2, *plan, output=folder / name)
        assert f"{name} would be a GeoTIFF under the name of another format. Let its name end in .tif" in text
    assert "another format" in fails(2, "--confidence", folder / name)
    assert not (folder / name).exists()


def test_an_extent_outside_the_scene(fails: Fails) -> None:
    assert "The extent lies outside the scene. Give XMIN,YMIN,XMAX,YMAX" in fails(4, "--extent", "0,0,10,10")


@pytest.mark.parametrize("extent", ["10,0,10,5", "5,5,1,9", "nan,0,1,1"])
def test_an_empty_extent(fails: Fails, extent: str) -> None:
    assert "--extent is empty: it takes XMIN,YMIN,XMAX,YMAX" in fails(2, "--extent", extent)


def test_an_infinite_extent(fails: Fails) -> None:
    assert "--extent takes finite numbers" in fails(2, "--extent", "-inf,-inf,inf,inf")


def test_a_scene_far_coarser_than_the_model(fails: Fails, folder: Path) -> None:
    coarse = save_scene(folder / "coarse.tif", image(60, 80), transform=NORTH_UP * Affine.scale(10))
    text = fails(4, scene=coarse)
    assert re.search(r"coarse\.tif has \d+(\.\d+)? m per pixel, too coarse for a model made for 1 m\.", text)
    assert "force it with --gsd source" in text


def test_metres_without_a_crs(fails: Fails, folder: Path) -> None:
    bare = save_scene(folder / "bare.tif", image(60, 80), crs=None)
    assert "has no CRS, so --out-gsd in metres has no meaning" in fails(2, "--out-gsd", "2", scene=bare)


def test_a_mask_that_does_not_touch_the_scene(fails: Fails, folder: Path) -> None:
    """Not even by an edge; nor the part of the scene that is asked for."""
    west, south, east, north = 300_000, 2_799_940, 300_080, 2_800_000  # the scene
    for number, box in enumerate(((0, 0, 9, 9), (east, south, east + 9, north))):
        mask = folder / f"mask{number}.gpkg"
        geopandas.GeoDataFrame(geometry=[shapely.box(*box)], crs=UTM).to_file(mask)
        text = fails(4, "--mask", mask)
        assert re.search(
            r"No polygon of the mask .*gpkg covers a pixel of .*scene\.tif\. Check that it is the mask", text
        )
    geopandas.GeoDataFrame(geometry=[shapely.box(west, south, west + 9, north)], crs=UTM).to_file(folder / "west.gpkg")
    text = fails(4, "--mask", folder / "west.gpkg", "--extent", f"{west + 20},{south},{east},{north}")
    assert "covers a pixel of the extent in" in text
    speck = shapely.box(west + 5.6, south + 5.6, west + 5.9, south + 5.9)  # beside the centres of the pixels
    geopandas.GeoDataFrame(geometry=[speck], crs=UTM).to_file(folder / "speck.gpkg")
    assert "covers a pixel of" in fails(4, "--mask", folder / "speck.gpkg")


def test_a_mask_of_another_planet(fails: Fails, folder: Path) -> None:
    mask = folder / "moon.gpkg"
    geopandas.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs="IAU_2015:30100").to_file(mask)
    assert "moon.gpkg cannot be brought into the CRS of the scene" in fails(4, "--mask", mask)


def test_numbers_that_are_not_those_of_the_crs(fails: Fails, folder: Path) -> None:
    utm = save_scene(folder / "utm.tif", image(60, 80), crs="EPSG:4326")
    text = fails(4, scene=utm)
    assert re.search(r"utm\.tif is said to be in degrees of WGS 84, but its centre is at 300040, 2799970\.", text)
    assert "gdal_edit -a_srs" in text
    degrees = save_scene(folder / "degrees.tif", image(60, 80), transform=Affine(1e-5, 0, 11, 0, -1e-5, 48))
    assert "has 1e-05 m per pixel, which cannot be true" in fails(4, scene=degrees)


def test_pixels_without_area(fails: Fails, folder: Path) -> None:
    """In a VRT, as a GeoTIFF takes no such transform."""
    with rasterio.open(folder / "scene.tif") as dataset:
        rasterio.shutil.copy(dataset, folder / "flat.vrt", driver="VRT")
    text = (folder / "flat.vrt").read_text()
    for numbers in ("300000, 0, 0, 2800000, 0, -1", "300000, 1, 1, 2800000, 1, 1", "300000, nan, 0, 2800000, 0, -1"):
        (folder / "flat.vrt").write_text(re.sub("(<GeoTransform>).*(</GeoTransform>)", rf"\g<1>{numbers}\g<2>", text))
        assert "flat.vrt have no area: its transform is" in fails(4, scene=folder / "flat.vrt")


def test_a_mask_that_cannot_be_used(fails: Fails, folder: Path) -> None:
    assert "nowhere.gpkg cannot be read" in fails(4, "--mask", folder / "nowhere.gpkg")
    geopandas.GeoDataFrame(geometry=[shapely.Point(1, 1)], crs=UTM).to_file(folder / "points.gpkg")
    assert "points.gpkg holds no polygon" in fails(4, "--mask", folder / "points.gpkg")
    assert "scene.tif" in fails(4, "--mask", folder / "scene.tif")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (("--overlap", "0.6"), "--overlap 0.6 is not between 0 and 0.5"),
        (("--overlap", "nan"), "is not between 0 and 0.5"),
        (("--memory", "1MiB"), "--memory must be at least 64 MiB"),
        (("--memory", "lots"), "'lots' is not a size. Write it as 1GiB or 800MB"),
        (("--memory", "1e400GiB"), "'1e400GiB' is not a size"),
        (("--memory", "9" * 400), "is more memory than a computer can have"),
        (("--memory", f"{10**30}"), "is more memory than a computer can have"),
        (("--gsd", "1e-308"), "--gsd 1e-308 is not between 1e-06 and 10000000"),
        (("--block", f"{10**30}"), "is not between 1 and 2147483647"),
        (("--block", "0"), "--block 0 is not between 1 and 2147483647"),
        (("--threads", "-1"), "--threads -1 must be a number from 0 up"),
        (("--bands", "0,1,2"), "--bands are numbered from 1"),
        (("--bands", "a,b"), "--bands a,b is not a list of numbers"),
        (("--range", "9,3"), "--range 9,3 is empty"),
        (("--range", "-inf,inf"), "--range takes finite numbers"),
        (("--range", "1,2,3"), "--range takes 2 numbers, not 3"),
        (("--gsd", "-2"), "--gsd -2 must be a positive number"),
        (("--gsd", "fine"), "--gsd fine is neither auto nor source nor a number of metres"),
        (("--gsd", "inf"), "--gsd inf must be a positive number"),
        (("--out-gsd", "nan"), "--out-gsd nan must be a positive number"),
        (("--extent", "1,2,3"), "--extent takes 4 numbers, not 3"),
    ],
)
def test_a_bad_value_of_an_option(fails: Fails, options: tuple[str, ...], text: str) -> None:
    assert text in fails(2, *options)


def _mounted(folder: Path, options: str) -> Iterator[Path]:
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB."""
    yield from _mounted(tmp_path / "disk", "size=256k")


@pytest.fixture
def read_only_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system that nobody can write to."""
    yield from _mounted(tmp_path / "disk", "ro")


def test_a_full_disk(small_disk: Path, folder: Path, fails: Fails) -> None:
    """Nothing under the final name, no torn file; when there is room the same command continues."""
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 150_000)
    noise = np.random.default_rng(0).integers(0, 255, (3, 700, 500), np.uint8)
    scene = save_scene(folder / "noise.tif", noise)
    out = small_disk / "classes.tif"
    command = ["segment", scene, "-o", out, "--model", folder / "tiny.onnx", "--progress", "none", "--block", "64"]
    with pytest.raises(SystemExit) as ended:
        main(list(map(str, command)))
    assert ended.value.code == 6
    left = contents(small_disk) - {"ballast"}
    assert all(name.startswith(".classes.tif.blocks") for name in left)
    assert not [name for name in left if name.endswith((".part", ".vrt")) or "cog" in name]


def test_a_full_disk_is_said_in_one_sentence(small_disk: Path, folder: Path, fails: Fails) -> None:
    (small_disk / "ballast").write_bytes(b"x" * 262_144)
    assert re.search(r"The disk is full: .* Free some space", fails(6, output=small_disk / "classes.tif"))
    assert contents(small_disk) == {"ballast"}


def test_a_read_only_output_folder(read_only_disk: Path, fails: Fails) -> None:
    text = fails(6, output=read_only_disk / "classes.tif")
    assert re.search(r"The output folder .*disk is read-only\. Choose another one", text)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_an_output_folder_without_the_right_to_write(fails: Fails, folder: Path) -> None:
    (folder / "locked").mkdir(mode=0o500)
    assert "is read-only" in fails(6, output=folder / "locked" / "classes.tif")


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    save_model(tmp_path / "tiny.onnx")
    command = [sys.executable, "-m", "aerialseg_core", "models", "stac", str(tmp_path / "tiny.onnx")]
    reading, writing = os.pipe()
    os.close(reading)
    run = subprocess.run(command, cwd=REPO, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (run.returncode, run.stderr) == (130, "")
