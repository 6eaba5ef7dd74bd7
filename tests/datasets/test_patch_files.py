"""Patches of labelled images: what is cut out and read back is what the labels said, pixel for pixel."""

from __future__ import annotations

import errno
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from datasets.factories import GRID, TWO, UTM40, box, write_image, write_polygons, write_tiff, write_toml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from rasterio.crs import CRS
from rasterio.enums import ColorInterp
from support import Listener, contents

from aerialseg_core import audit, patches
from aerialseg_core.cli.main import main
from aerialseg_core.datasets import patch_files as patchset
from aerialseg_core.datasets.labelled_data import LabelledData, open_data
from aerialseg_core.datasets.labels import count_labels, read_labels
from aerialseg_core.datasets.patch_files import Palette, find_starts
from aerialseg_core.datasets.rasters import read_image
from aerialseg_core.errors import Cancelled, DataError, OutputError, ParameterError
from aerialseg_core.metrics import IGNORE
from aerialseg_core.raster.classes import ClassScheme
from aerialseg_core.raster.window import Window

FIELDS = '[[pairs]]\nimage = "image.tif"\npolygons = "fields.gpkg"\n'


def window_of(patch: Path, transform: Affine = GRID) -> Window:
    """Where a patch lies in its image, by its georeference."""
    with rasterio.open(patch) as source:
        col, row = ~transform * (source.transform.c, source.transform.f)
        return Window(round(row), round(col), source.height, source.width)


def make_fields(folder: Path, shapes: list[Any], classes: list[str], size: tuple[int, int] = (70, 90)) -> Path:
    """A TOML of one image and its polygons."""
    folder.mkdir(parents=True, exist_ok=True)
    write_image(folder, size)
    write_polygons(folder / "fields.gpkg", shapes, **{"class": classes})
    return write_toml(folder, FIELDS)


def require_same(before: LabelledData, after: LabelledData, transform: Affine = GRID) -> None:
    """All patches of the first pair say what its labels say, and no labelled pixel is in none."""
    truth = read_labels(before.pairs[0], before.scheme)
    seen = np.zeros(truth.shape, bool)
    for pair in after.pairs:
        window = window_of(pair.image, transform)
        np.testing.assert_array_equal(read_labels(pair, after.scheme), truth[window.slices])
        np.testing.assert_array_equal(read_image(pair.image, 3), read_image(before.pairs[0].image, 3, window))
        seen[window.slices] = True
    assert seen[truth != IGNORE].all()


def pixels_of(folder: Path) -> list[NDArray[Any]]:
    return [read_image(path, 1) for path in sorted(folder.glob("images/*.tif"))]


polygon = st.tuples(*[st.integers(-9, 90)] * 2, *[st.integers(1, 50)] * 2, st.booleans(), st.sampled_from(TWO.names))


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.tuples(st.integers(8, 90), st.integers(8, 90)),
    st.lists(polygon, min_size=1, max_size=5),
    st.integers(32, 64),
    st.sampled_from([0, 0.2, 0.5]),
)
def test_what_is_read_back_is_what_the_polygons_said(
    tmp_path_factory: pytest.TempPathFactory,
    size: tuple[int, int],
    drawn: list[tuple[int, int, int, int, bool, str]],
    side: int,
    overlap: float,
) -> None:
    folder = tmp_path_factory.mktemp("fields")
    shapes = [box(1, 1, 5, 5)]
    for col, row, width, height, holed, _ in drawn:
        outer = box(col, row, col + width, row + height)
        hole = box(col + width / 3, row + height / 3, col + width / 1.5, row + height / 1.5)
        shapes.append(outer.difference(hole) if holed else outer)
    data = make_fields(folder, shapes, ["Wood", *(name for *_, name in drawn)], size)
    made = patches(data, folder / "patches", size=side, overlap=overlap)
    before, after = open_data(data), open_data(folder / "patches")
    assert after.scheme.names == before.scheme.names
    assert (len(after.pairs), made.images) == (made.patches, 1)
    assert {pair.size for pair in after.pairs} == {(min(side, size[0]), min(side, size[1]))}
    require_same(before, after)


def test_reading_back_says_nothing_of_what_nobody_labelled(tmp_path: Path) -> None:
    data = make_fields(tmp_path, [box(10, 10, 30, 40), box(30, 10, 50, 40)], ["Wood", "Field"])
    made = patches(data, tmp_path / "patches", size=32)
    found = open_data(tmp_path / "patches")
    assert not found.problems
    censuses = [count_labels(pair, found.scheme) for pair in found.pairs]
    assert not any(census.off_scheme for census in censuses)
    assert sum(census.unlabelled for census in censuses) > 0
    assert tuple(np.sum([census.counts for census in censuses], axis=0)) == made.pixels
    kinds = {finding.kind for finding in audit(tmp_path / "patches").findings if finding.level in ("error", "warning")}
    assert kinds <= {"mosaics", "overlaps"}  # the patches were indeed parts of one picture


def test_patches_without_a_label_are_left_out(tmp_path: Path) -> None:
    data = make_fields(tmp_path, [box(40, 2, 50, 12)], ["Wood"], (64, 128))
    made = patches(data, tmp_path / "patches", size=32)
    assert (made.patches, made.windows) == (1, 8)
    assert made.pixels == (100,)
    assert contents(tmp_path / "patches") == {
        "classes.json",
        "images",
        "images/image_00_032.tif",
        "masks",
        "masks/image_00_032.png",
    }


def test_the_last_patches_are_shifted_inwards(tmp_path: Path) -> None:
    assert find_starts(100, 32, 0) == [0, 32, 64, 68]
    assert find_starts(96, 32, 0) == [0, 32, 64]
    assert find_starts(32, 32, 16) == find_starts(5, 32, 0) == [0]
    assert find_starts(64, 32, 16) == [0, 16, 32]


def test_labels_of_an_area_are_cut_off_there(tmp_path: Path) -> None:
    make_fields(tmp_path, [box(0, 0, 60, 60)], ["Wood"])
    write_polygons(tmp_path / "area.gpkg", [box(5, 5, 20, 20)], "EPSG:4326", name=["checked"])
    data = write_toml(tmp_path, FIELDS + 'area = "area.gpkg"\n')
    assert patches(data, tmp_path / "patches", size=32).pixels == (225,)


@pytest.mark.parametrize(
    "transform",
    [GRID, Affine(2, 0, 300000, 0, 2, 2700000), Affine(1.4, 1.4, 300000, 1.4, -1.4, 2800000)],
    ids=["north up", "south up", "rotated"],
)
def test_patches_lie_where_their_image_lies(tmp_path: Path, transform: Affine) -> None:
    write_image(tmp_path, (50, 70), transform=transform)
    write_polygons(tmp_path / "fields.gpkg", [box(20, 3, 50, 44, transform)], **{"class": ["Wood"]})
    data = write_toml(tmp_path, FIELDS)
    patches(data, tmp_path / "patches", size=32)
    found = open_data(tmp_path / "patches")
    require_same(open_data(data), found, transform)
    with rasterio.open(found.pairs[-1].image) as patch, rasterio.open(tmp_path / "image.tif") as image:
        assert patch.crs == image.crs
        there = (patch.transform * (5, 7))[0] - (transform * (70 - 32 + 5, 50 - 32 + 7))[0]
        assert math.isclose(there, 0, abs_tol=1e-6)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16", "float32", "float64"])
def test_type_bands_and_values_are_kept(tmp_path: Path, dtype: str) -> None:
    rng = np.random.default_rng(2)
    pixels = rng.integers(0, 200, (5, 40, 50)).astype(dtype) * 3
    write_tiff(tmp_path / "image.tif", pixels)
    with rasterio.open(tmp_path / "image.tif", "r+") as image:
        image.descriptions = ("blue", "green", "red", "nir", None)
    write_polygons(tmp_path / "fields.gpkg", [box(0, 0, 50, 40)], **{"class": ["Wood"]})
    patches(write_toml(tmp_path, FIELDS), tmp_path / "patches", size=32)
    with rasterio.open(tmp_path / "patches" / "images" / "image_08_18.tif") as patch:
        assert patch.dtypes == (dtype,) * 5
        assert patch.descriptions == ("blue", "green", "red", "nir", None)
        np.testing.assert_array_equal(patch.read(), pixels[:, 8:, 18:])


def test_the_bands_that_the_data_name_are_written_in_their_order(tmp_path: Path) -> None:
    pixels = np.arange(4 * 32 * 32, dtype=np.uint16).reshape(4, 32, 32)
    write_tiff(tmp_path / "image.tif", pixels)
    write_polygons(tmp_path / "fields.gpkg", [box(0, 0, 9, 9)], **{"class": ["Wood"]})
    patches(write_toml(tmp_path, FIELDS + "bands = [4, 2, 1]\n"), tmp_path / "patches")
    with rasterio.open(tmp_path / "patches" / "images" / "image_00_00.tif") as patch:
        np.testing.assert_array_equal(patch.read(), pixels[[3, 1, 0]])


@pytest.mark.parametrize("evidence", ["names", "colours", "wavelengths", "contradiction", "chosen"])
def test_patches_are_trained_on_in_the_bands_of_their_image(tmp_path: Path, evidence: str) -> None:
    pixels = np.arange(4 * 32 * 32, dtype=np.uint16).reshape(4, 32, 32)
    write_tiff(tmp_path / "image.tif", pixels, photometric="minisblack")
    order = ("nir", "blue", "green", "red")
    with rasterio.open(tmp_path / "image.tif", "r+") as image:
        if evidence in ("names", "contradiction", "chosen"):
            image.descriptions = order
        if evidence in ("colours", "contradiction"):
            kinds = order if evidence == "colours" else ("red", "green", "blue", "undefined")
            image.colorinterp = [getattr(ColorInterp, kind, ColorInterp.undefined) for kind in kinds]
        if evidence == "wavelengths":
            for band, length in enumerate((0.842, 0.49, 0.56, 0.665), start=1):
                image.update_tags(band, wavelength=str(length), wavelength_units="um")
    write_polygons(tmp_path / "fields.gpkg", [box(0, 0, 9, 9)], **{"class": ["Wood"]})
    data = write_toml(tmp_path, FIELDS + ("bands = [4, 1, 2]\n" if evidence == "chosen" else ""))
    patches(data, tmp_path / "patches")
    wanted, expected = ("nir", "red", "blue"), [3, 0, 1] if evidence == "chosen" else [0, 3, 1]
    for pair in (open_data(data).pairs[0], open_data(tmp_path / "patches").pairs[0]):
        np.testing.assert_array_equal(read_image(pair.image, pair.indexes(wanted)), pixels[expected])


def test_patches_of_a_palette_image_are_its_colours(tmp_path: Path) -> None:
    numbers = np.random.default_rng(0).integers(0, 3, (1, 32, 32), np.uint8)
    palette = np.array([[10, 20, 30], [200, 100, 0], [9, 8, 7]], np.uint8)
    write_tiff(tmp_path / "image.tif", numbers, photometric="palette", nodata=2)
    with rasterio.open(tmp_path / "image.tif", "r+") as image:
        image.write_colormap(1, {i: (*map(int, colour), 255) for i, colour in enumerate(palette)})
    write_polygons(tmp_path / "fields.gpkg", [box(0, 0, 9, 9)], **{"class": ["Wood"]})
    patches(write_toml(tmp_path, FIELDS), tmp_path / "patches")
    with rasterio.open(tmp_path / "patches" / "images" / "image_00_00.tif") as patch:
        assert (patch.crs, patch.transform) == (CRS.from_string(UTM40), GRID)
        np.testing.assert_array_equal(np.moveaxis(patch.read(), 0, -1), palette[numbers[0]])
        np.testing.assert_array_equal(patch.dataset_mask() > 0, numbers[0] != 2)


@pytest.mark.parametrize("bands", [3, 4])
def test_the_fourth_band_of_a_patch_is_no_alpha(tmp_path: Path, bands: int) -> None:
    write_tiff(tmp_path / "image.tif", np.full((bands, 32, 32), 7, np.uint8), photometric="rgb", alpha="no")
    write_polygons(tmp_path / "fields.gpkg", [box(0, 0, 9, 9)], **{"class": ["Wood"]})
    patches(write_toml(tmp_path, FIELDS), tmp_path / "patches")
    with rasterio.open(tmp_path / "patches" / "images" / "image_00_00.tif") as patch:
        assert [c.name for c in patch.colorinterp[:3]] == ["red", "green", "blue"]
        assert patch.count == bands
        assert patch.dataset_mask().all()


@pytest.mark.parametrize("kind", ["nodata", "alpha", "nan"])
def test_pixels_without_data_stay_without_data(tmp_path: Path, kind: str) -> None:
    dtype, bands = (np.float32, 3) if kind == "nan" else (np.uint8, 4 if kind == "alpha" else 3)
    pixels = np.full((bands, 40, 40), 100, dtype)
    pixels[-1 if kind == "alpha" else slice(None), 3:9, 4:8] = np.nan if kind == "nan" else 0
    options = {"nodata": {"nodata": 0}, "alpha": {"photometric": "rgb", "alpha": "yes"}, "nan": {}}[kind]
    write_tiff(tmp_path / "image.tif", pixels, **options)
    write_polygons(tmp_path / "fields.gpkg", [box(0, 0, 40, 40)], **{"class": ["Wood"]})
    made = patches(write_toml(tmp_path, FIELDS), tmp_path / "patches")
    assert made.pixels == (1600 - 24,)
    found = open_data(tmp_path / "patches")
    assert count_labels(found.pairs[0], found.scheme).counts == (1600 - 24,)
    with rasterio.open(found.pairs[0].image) as patch:
        assert patch.count == 3
        expected = np.full((40, 40), 255)
        expected[3:9, 4:8] = 0
        np.testing.assert_array_equal(patch.dataset_mask(), expected)


def test_images_of_one_name_and_of_strange_names_do_not_meet(tmp_path: Path) -> None:
    names = ["a/Köln süd, 1.tif", "b/Köln süd, 1.tif", "b/KÖLN SÜD, 1.tif", "c/.hidden.tif", f"c/{'x' * 200}.tif"]
    text = ""
    for i, name in enumerate(names):
        write_tiff(tmp_path / name, np.full((3, 20, 20), i + 1, np.uint8))
        text += f'[[pairs]]\nimage = "{name}"\npolygons = "fields.gpkg"\n'
    write_polygons(tmp_path / "fields.gpkg", [box(0, 0, 9, 9)], **{"class": ["Wood"]})
    made = patches(write_toml(tmp_path, text), tmp_path / "patches")
    assert (made.patches, made.images) == (5, 5)
    assert sorted(int(pixels[0, 0, 0]) for pixels in pixels_of(tmp_path / "patches")) == [1, 2, 3, 4, 5]
    assert "images/Köln süd, 1_00_00.tif" in contents(tmp_path / "patches")
    assert len(open_data(tmp_path / "patches").pairs) == 5


def test_images_without_georeference_stay_without(tmp_path: Path, make_masks: Any) -> None:
    made = patches(make_masks(tmp_path / "data", TWO), tmp_path / "patches", size=32)
    assert made.scheme == TWO
    with rasterio.open(next((tmp_path / "patches" / "images").glob("*.tif"))) as patch:
        assert patch.crs is None
        assert patch.transform.is_identity


@pytest.fixture
def make_masks() -> Any:
    """A function that writes a folder of one image and its mask in the colours of a scheme."""

    def make(folder: Path, scheme: ClassScheme) -> Path:
        labels = np.random.default_rng(0).integers(0, len(scheme), (48, 40))
        for kind, pixels in (("images", labels[..., None].repeat(3, 2)), ("masks", np.array(scheme.colours)[labels])):
            (folder / kind).mkdir(parents=True)
            Image.fromarray(pixels.astype(np.uint8)).save(folder / kind / "one.png")
        classes = [{"title": c.name, "color": c.colour} for c in scheme]
        (folder / "classes.json").write_text(json.dumps({"classes": classes}))
        return folder

    return make


def test_where_a_class_is_black_the_unlabelled_have_another_colour(tmp_path: Path, make_masks: Any) -> None:
    scheme = ClassScheme.of([("Night", "#000000"), ("Snow", "#ffffff")])
    data = make_masks(tmp_path / "data", scheme)
    mask = np.array(Image.open(data / "masks" / "one.png"))
    mask[:10, :10] = (1, 2, 3)
    Image.fromarray(mask).save(data / "masks" / "one.png")
    made = patches(data, tmp_path / "patches")
    listing = json.loads((tmp_path / "patches" / "classes.json").read_text("utf-8"))
    assert listing["unlabelled"] == "#FF00FF"
    found = open_data(tmp_path / "patches")
    assert not found.problems
    before = read_labels(open_data(data).pairs[0], scheme)
    np.testing.assert_array_equal(read_labels(found.pairs[0], found.scheme), before)
    assert sum(made.pixels) == (before != IGNORE).sum() == 48 * 40 - 100


def test_classes_of_one_colour_are_told_apart() -> None:
    twins = ClassScheme.of([("A", "#FF0000"), ("B", "#ff0000"), ("C", "#00FF00"), ("D", "#FF0000")])
    palette = Palette.of(twins)
    assert palette.scheme.names == twins.names
    assert (palette.scheme[1].colour, palette.scheme[3].colour) == ("#FF0000", "#00FF00")
    assert len({c.colour.upper() for c in palette.scheme} | {palette.unlabelled}) == 5
    many = ClassScheme.of([(f"class {i}", "#000000") for i in range(254)])
    assert len(set(Palette.of(many).scheme.colours)) == 254


def test_nothing_labelled_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    data = make_fields(tmp_path, [box(10, 10, 10.2, 10.2)], ["Wood"])  # no centre of a pixel lies in it
    before = contents(tmp_path)
    with pytest.raises(DataError, match="No pixel of the data is labelled"):
        patches(data, tmp_path / "patches")
    assert contents(tmp_path) == before


@pytest.mark.parametrize("options", [{"size": 31}, {"size": 5000}, {"overlap": 0.6}, {"overlap": -0.1}])
def test_sizes_out_of_range_are_refused(tmp_path: Path, options: dict[str, float]) -> None:
    with pytest.raises(ParameterError):
        patches(tmp_path, tmp_path / "patches", **options)  # type: ignore[arg-type]


def test_patches_replace_patches_and_nothing_else(tmp_path: Path, make_masks: Any) -> None:
    data = make_fields(tmp_path / "in", [box(10, 10, 20, 20)], ["Wood"])
    target = tmp_path / "patches"
    patches(data, target)
    with pytest.raises(OutputError, match="exists already"):
        patches(data, target)
    patches(data, target, size=32, overwrite=True)
    assert "images/image_00_00.tif" in contents(target)
    (target / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"more than patches \(notes.txt\)"):
        patches(data, target, overwrite=True)
    work_of_weeks = make_masks(tmp_path / "mine", TWO)
    before = contents(work_of_weeks)
    with pytest.raises(OutputError, match="no patches that aerialseg has cut"):
        patches(data, work_of_weeks, overwrite=True)
    assert contents(work_of_weeks) == before


def test_an_empty_folder_is_filled_and_a_missing_parent_named(tmp_path: Path) -> None:
    data = make_fields(tmp_path / "in", [box(10, 10, 20, 20)], ["Wood"])
    (tmp_path / "patches").mkdir()
    patches(data, tmp_path / "patches")
    assert "classes.json" in contents(tmp_path / "patches")
    with pytest.raises(OutputError, match="does not exist"):
        patches(data, tmp_path / "nowhere" / "patches")


def test_patches_are_not_cut_out_of_themselves(tmp_path: Path) -> None:
    data = make_fields(tmp_path / "in", [box(10, 10, 20, 20)], ["Wood"])
    patches(data, tmp_path / "patches")
    before = contents(tmp_path / "patches")
    with pytest.raises(OutputError, match="is in the output folder"):
        patches(tmp_path / "patches", tmp_path / "patches", size=64, overwrite=True)
    assert contents(tmp_path / "patches") == before


@pytest.mark.parametrize("size", [8, 40, 80, 120, 160, 200, 400])
def test_a_full_disk_leaves_all_patches_or_none(tmp_path: Path, tiny_disk: Callable[[int], Path], size: int) -> None:
    data = make_fields(tmp_path / "data", [box(0, 0, 90, 70)], ["House"], (70, 90))
    disk = tiny_disk(size)
    try:
        made = patches(data, disk / "patches", size=32)
    except OutputError as error:
        assert str(error).startswith("The disk is full")  # noqa: PT017 - there may be room
        assert contents(disk) == set()
    else:
        require_same(open_data(data), open_data(made.folder))


def test_cancelling_leaves_nothing(tmp_path: Path) -> None:
    class Impatient(Listener):
        def advance(self, n: int = 1, **state: Any) -> None:
            super().advance(n, **state)
            if self.task == "cut patches" and self.done == 3:
                self.cancel()

    data = make_fields(tmp_path / "in", [box(0, 0, 90, 70)], ["Wood"])
    reporter = Impatient()
    with pytest.raises(Cancelled):
        patches(data, tmp_path / "patches", size=32, reporter=reporter)
    assert contents(tmp_path) == {"in", "in/data.toml", "in/fields.gpkg", "in/image.tif"}
    assert reporter.totals[-1] == 9


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(patchset, "_write_mask", full)
    data = make_fields(tmp_path / "in", [box(0, 0, 90, 70)], ["Wood"])
    with pytest.raises(OutputError, match="The disk is full"):
        patches(data, tmp_path / "patches", size=32)
    assert {name for name in contents(tmp_path) if not name.startswith("in")} == set()


def test_a_ground_resolution_that_only_the_data_state_is_said_to_be_lost(tmp_path: Path) -> None:
    write_image(tmp_path, (20, 20), crs=None)
    write_tiff(tmp_path / "ids.tif", np.ones((1, 20, 20), np.uint8), crs=None)
    classes = '[[classes]]\nname = "Wood"\ncolour = "#004400"\n'
    pair = '[[pairs]]\nimage = "image.tif"\nlabels = "ids.tif"\ngsd = 0.5\n'
    reporter = Listener()
    patches(write_toml(tmp_path, classes + pair), tmp_path / "patches", reporter=reporter)
    assert any("(0.5 m) is not in the patches" in text for text in reporter.messages)


@pytest.mark.parametrize("read", [64 * 32, 10_000])
def test_the_same_is_written_however_much_is_read_at_a_time(
    tmp_path: Path, read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = make_fields(tmp_path, [box(0, 0, 90, 70)], ["Wood"])
    patches(data, tmp_path / "one", size=32, overlap=0.25)
    monkeypatch.setattr(patchset, "_READ", read)
    patches(data, tmp_path / "two", size=32, overlap=0.25)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    for path in (tmp_path / "one").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()


@pytest.mark.parametrize(
    ("listing", "said"),
    [
        ('"unlabelled": 7', "no colour"),
        ('"unlabelled": "black"', "no colour"),
        ('"unlabelled": "#00FF00"', "of a class"),
    ],
)
def test_an_unusable_colour_of_the_unlabelled_is_a_problem(
    tmp_path: Path, make_masks: Any, listing: str, said: str
) -> None:
    data = make_masks(tmp_path / "data", TWO)
    text = (data / "classes.json").read_text("utf-8")
    (data / "classes.json").write_text(text[:-1] + f", {listing}}}")
    assert said in open_data(data, strict=False).problems[0].text


def test_the_command_line_cuts_patches(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = make_fields(tmp_path, [box(0, 0, 40, 40), box(40, 0, 60, 40)], ["Wood", "Field"])
    with pytest.raises(SystemExit) as leave:
        main(["patches", str(data), "-o", str(tmp_path / "patches"), "--size", "64", "--progress", "json"])
    assert not leave.value.code
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (start,) = [e for e in events if e["event"] == "start" and e["task"] == "cut patches"]
    assert (start["total"], start["unit"]) == (4, "windows")
    result = events[-1]
    assert (result["event"], result["patches"], result["windows"], result["images"]) == ("result", 4, 4, 1)
    assert [(c["id"], c["name"]) for c in result["classes"]] == [(1, "Field"), (2, "Wood")]
    with pytest.raises(SystemExit) as leave:
        main(["patches", str(data), "-o", str(tmp_path / "more"), "--overlap", "0.5", "--progress", "none"])
    said = capsys.readouterr().out
    assert not leave.value.code
    assert "1 patches of 1 images" in said
    assert "Wood" in said
