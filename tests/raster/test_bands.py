"""Which band is red: by name, wavelength, colour, or order; the same in training, evaluation and segmenting."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasterio.enums import ColorInterp
from support import card, image, save_scene

from aerialseg_core.config import SegmentConfig
from aerialseg_core.datasets.pairs import Mask, Pair, map_bands
from aerialseg_core.datasets.rasters import read_image
from aerialseg_core.errors import SceneError
from aerialseg_core.evaluation.evaluate import configure_image
from aerialseg_core.model.card import Band
from aerialseg_core.raster.bands import BandChoice, BandFacts, choose_bands, choose_shown_bands, find_kinds, read_facts
from aerialseg_core.raster.scene import open_scene
from aerialseg_core.segmentation.engine_facts import EngineFacts
from aerialseg_core.segmentation.plan import describe
from aerialseg_core.segmentation.planning import plan_scene

RGB = ("red", "green", "blue")
RGBN = (*RGB, "nir")
DEFAULT = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
WAVELENGTHS = {"red": 665.0, "green": 560.0, "blue": 490.0, "nir": 842.0}


def facts(
    *names: str, colours: Sequence[ColorInterp] = (), lengths: Sequence[float | None] = ()
) -> tuple[BandFacts, ...]:
    count = max(len(names), len(colours), len(lengths))
    return tuple(
        BandFacts(
            names[i] if names else "",
            lengths[i] if lengths else None,
            colours[i] if colours else ColorInterp.undefined,
        )
        for i in range(count)
    )


def chosen(of: Sequence[BandFacts], wanted: Sequence[str] = RGB, bands: Sequence[int] | None = None) -> BandChoice:
    return choose_bands(of, wanted, bands, raster="image.tif")


def pair_of(path: Path) -> Pair:
    return Pair(path, Mask(path), ".", (20, 30))


def write(path: Path, order: Sequence[str], evidence: str) -> Path:
    """Band `blue` is filled with 30, and so on; what says which is which is of one kind alone."""
    values = {"red": 10, "green": 20, "blue": 30, "nir": 40}
    pixels = np.stack([np.full((20, 30), values[name], np.uint8) for name in order])
    save_scene(path, pixels, photometric="minisblack")
    with rasterio.open(path, "r+") as dataset:
        for i, name in enumerate(order, start=1):
            if evidence == "names":
                dataset.set_band_description(i, f"Band {i} ({name.capitalize()})")
            elif evidence == "sentinel":
                dataset.set_band_description(i, {"red": "B4", "green": "B3", "blue": "B2", "nir": "B8"}[name])
            elif evidence == "imagery":
                dataset.update_tags(i, ns="IMAGERY", CENTRAL_WAVELENGTH_UM=str(WAVELENGTHS[name] / 1000))
            elif evidence == "envi":
                dataset.update_tags(i, wavelength=str(WAVELENGTHS[name]), wavelength_units="Nanometers")
        if evidence == "list":
            listed = ", ".join(str(WAVELENGTHS[name]) for name in order)
            dataset.update_tags(wavelength="{" + listed + "}", wavelength_units="nm")
        if evidence == "colours":
            dataset.colorinterp = [getattr(ColorInterp, name, ColorInterp.undefined) for name in order]
    return path


EVIDENCE = ("names", "sentinel", "imagery", "envi", "list", "colours")


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(EVIDENCE), st.permutations(RGBN), st.sampled_from([RGB, RGBN, ("nir", "red", "green")]))
def test_any_order_gives_the_network_the_same_pixels_everywhere(
    tmp_path: Path, evidence: str, order: list[str], wanted: tuple[str, ...]
) -> None:
    path = write(tmp_path / "image.tif", order, evidence)
    bands = tuple(Band(name, 255.0, 0.0, 1.0) for name in wanted)
    expected = [10 * (1 + RGBN.index(name)) for name in wanted]
    with open_scene(path, wanted) as scene:
        assert scene.read(scene.window)[0][:, 3, 3].tolist() == expected
    pair = pair_of(path)
    assert read_image(path, pair.indexes(wanted))[:, 3, 3].tolist() == expected
    made = card(bands=bands)
    with plan_scene(str(path), made, configure_image(pair, made, SegmentConfig())) as (plan, reading):
        assert reading.read(reading.window)[0][:, 3, 3].tolist() == expected
        assert plan.choice == pair.choice(wanted)


@pytest.mark.parametrize("order", list(permutations(RGB)))
def test_names_are_right_where_gdal_calls_any_three_bands_red_green_and_blue(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    path = save_scene(tmp_path / "image.tif", image(20, 30), photometric="rgb")
    with rasterio.open(path, "r+") as dataset:
        dataset.descriptions = [name.capitalize() for name in order]
    with plan_scene(str(path), card(), SegmentConfig()) as (plan, _):
        lines = describe(plan, EngineFacts("none", 0))
    assert plan.bands == tuple(1 + order.index(name) for name in RGB)
    assert any("by name" in line for line in lines)
    notes = [line for line in lines if line.startswith("note")]
    assert len(notes) == (order != RGB)
    if notes:
        assert "contradict" in notes[0]
        assert "the names were taken" in notes[0]
        assert "--bands" in notes[0]


@pytest.mark.parametrize(
    ("names", "wanted", "bands"),
    [
        (("Blau", "Grün", "Rot"), RGB, (3, 2, 1)),
        (("bleu", "vert", "rouge", "proche infrarouge"), RGBN, (3, 2, 1, 4)),
        (("NIR", "RED", "GREEN", "BLUE"), RGBN, (2, 3, 4, 1)),
        (("n", "b", "g", "r"), RGBN, (4, 3, 2, 1)),
        (("Coastal Blue", "Blue", "Green", "Yellow", "Red", "Red Edge", "NIR1", "NIR2"), RGBN, (5, 3, 2, 7)),
        (("coastal_blue", "blue", "green_i", "green", "yellow", "red", "rededge", "nir"), RGBN, (6, 4, 2, 8)),
        (("Near Infrared", "RedEdge", "red_band", "green-band", "Blue (450 nm)"), RGBN, (3, 4, 5, 1)),
        (("B02", "B03", "B04", "B05", "B08", "B8A"), RGBN, (3, 2, 1, 5)),
        (("B8A", "B4", "B3", "B2"), RGBN, (2, 3, 4, 1)),
        (("B4, central wavelength 665 nm", "B3, central wavelength 560 nm", "B2, 490 nm"), RGB, (1, 2, 3)),
        (("B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B8A"), RGBN, (4, 3, 2, 8)),
        (("SR_B2", "SR_B3", "SR_B4", "SR_B5"), RGBN, (3, 2, 1, 4)),
        (("SR_B1", "SR_B2", "SR_B3", "SR_B4", "SR_B5", "SR_B7"), RGBN, (3, 2, 1, 4)),
        (("SR_B1", "SR_B2", "SR_B3", "SR_B4", "SR_B5", "SR_B6", "SR_B7"), RGBN, (4, 3, 2, 5)),
        (("LT05_SR_B4", "LT05_SR_B3", "LT05_SR_B2", "LT05_SR_B1"), RGBN, (2, 3, 4, 1)),
        (("red", "red std", "green", "green std", "blue", "blue std"), RGB, (1, 3, 5)),
        (("slope", "height", "blue", "green", "red"), (*RGB, "height"), (5, 4, 3, 2)),
        (("Red", "Green", "Blue", "Cirrus", "x"), RGBN, (1, 2, 3, 5)),
    ],
)
def test_names_as_people_and_sensors_write_them(
    names: tuple[str, ...], wanted: tuple[str, ...], bands: tuple[int, ...]
) -> None:
    found = chosen(facts(*names), wanted)
    assert found.bands == bands
    assert found.reason == "by name"


@pytest.mark.parametrize(
    "names",
    [
        ("B1", "B2", "B3"),
        ("B1", "B2", "B3", "B4"),
        ("Band 1", "Band 2", "Band 3"),
        ("Band_4", "Band_3", "Band_2"),
        ("SR_B1", "SR_B2", "SR_B3", "SR_B4"),
        ("B1", "B2", "B3", "B4", "B5", "B7"),
        ("red/green", "blue-green", "covered"),
        ("", "", ""),
    ],
)
def test_what_is_only_numbered_or_ambiguous_says_nothing(names: tuple[str, ...]) -> None:
    assert not any(find_kinds(names))
    found = chosen(facts(*names, colours=[*DEFAULT[::-1], *[ColorInterp.undefined] * (len(names) - 3)]))
    assert (found.bands, found.reason, found.note) == ((3, 2, 1), "by colour", "")


def test_numbers_of_a_sensor_are_said() -> None:
    assert "B4, B3, B2 were read as numbers of Sentinel-2 and Landsat 8 and 9" in chosen(facts("B2", "B3", "B4")).note


@settings(deadline=None, max_examples=300)
@given(st.lists(st.floats(0.38, 2.5), min_size=3, max_size=60), st.data())
def test_of_many_wavelengths_the_one_nearest_to_the_middle_of_a_colour_is_taken(
    lengths: list[float], data: st.DataObject
) -> None:
    lengths += [0.655, 0.555, 0.48]
    order = data.draw(st.permutations(range(len(lengths))))
    found = chosen(facts(lengths=[lengths[i] for i in order]))
    assert [lengths[order[i - 1]] for i in found.bands] == [0.655, 0.555, 0.48]
    assert found.reason == "by wavelength"


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("wanted", [RGBN[:1], RGBN[:2], RGB, RGBN])
def test_where_nothing_is_said_the_first_bands_are_taken_and_that_is_said(count: int, wanted: tuple[str, ...]) -> None:
    if count < len(wanted):
        with pytest.raises(SceneError, match=f"needs {len(wanted)} bands.*has {count}, bands"):
            chosen(facts(*[""] * count), wanted)
        return
    found = chosen(facts(*[""] * count), wanted)
    assert found.bands == tuple(range(1, len(wanted) + 1))
    assert bool(found.note) == (count != 3 or len(wanted) != 3)
    assert found.reason == "as stored"


def test_one_band_that_is_left_is_taken_and_said() -> None:
    found = chosen(facts(colours=[ColorInterp.blue, ColorInterp.green, ColorInterp.red, ColorInterp.undefined]), RGBN)
    assert found.bands == (3, 2, 1, 4)
    assert found.note == "nothing says which of the 4 bands is nir: 4 was taken as stored"


def test_alpha_is_never_taken_by_itself() -> None:
    found = chosen(facts(colours=[ColorInterp.alpha, *[ColorInterp.undefined] * 3]))
    assert found.bands == (2, 3, 4)
    with pytest.raises(SceneError, match="has 3, bands 2, 3, 4 chosen"):
        chosen(facts(colours=[ColorInterp.alpha, *[ColorInterp.undefined] * 3]), RGBN)


def test_what_the_user_says_counts() -> None:
    found = chosen(facts("Blue", "Green", "Red"), RGB, (1, 2, 3))
    assert (found.bands, found.note) == ((1, 2, 3), "")
    for bands in ((1, 2), (1, 2, 9), (0, 1, 2)):
        with pytest.raises(SceneError, match="needs 3 bands"):
            chosen(facts("Blue", "Green", "Red"), RGB, bands)


def test_a_model_that_names_no_bands_takes_them_as_they_are_stored_and_odd_ones_are_said() -> None:
    foreign = ("band 1", "band 2", "band 3")
    assert chosen(facts(colours=DEFAULT), foreign) == BandChoice((1, 2, 3), "as stored")
    found = chosen(facts("nir", "red", "green", "blue"), foreign)
    assert found.bands == (1, 2, 3)
    assert "does not name its bands: 1, 2, 3 of 4, which show nir, red, green, were taken" in found.note
    assert "blue, green, red" in chosen(facts(colours=DEFAULT[::-1]), foreign).note


def test_gdals_default_colours_do_not_stand_against_a_model_of_other_bands() -> None:
    found = chosen(facts(colours=DEFAULT), ("nir", "red", "green"))
    assert found.bands == (1, 2, 3)
    assert (
        found.note == "the bands show red, green, blue, the model wants nir, red, green: 1, 2, 3 were taken as stored"
    )


def test_an_image_whose_names_say_that_a_band_is_not_there_is_refused() -> None:
    with pytest.raises(SceneError, match=r"no band of image\.tif is blue: they are nir, red, green.*--bands"):
        chosen(facts("nir", "red", "green", colours=DEFAULT))


def test_of_two_bands_of_a_name_the_first_is_taken_and_said() -> None:
    found = chosen(facts("red", "green", "blue", "red", "green", "blue"))
    assert found.bands == (1, 2, 3)
    assert "bands 1, 4 are all red" in found.note


def test_names_and_wavelengths_that_contradict_each_other_are_said() -> None:
    found = chosen(facts("red", "green", "blue", lengths=[0.49, 0.56, 0.665]))
    assert found.bands == (1, 2, 3)
    assert "names and wavelengths contradict each other (band 1: red, blue)" in found.note


@pytest.mark.parametrize(
    ("tags", "micrometres"),
    [
        ({"WAVELENGTH": "665", "WAVELENGTH_UNIT": "nm"}, 0.665),
        ({"wavelength": "0.665", "wavelength_units": "Micrometers"}, 0.665),
        ({"center_wavelength": "665.0"}, 0.665),
        ({"wavelength": "0.665 um"}, 0.665),
        ({"wavelength": "665 Nanometers"}, 0.665),
        ({"wavelength": "30"}, None),
        ({"wavelength": "unknown"}, None),
    ],
)
def test_wavelengths_of_every_unit(tmp_path: Path, tags: dict[str, Any], micrometres: float | None) -> None:
    path = save_scene(tmp_path / "image.tif", image(9, 9, 1))
    with rasterio.open(path, "r+") as dataset:
        dataset.update_tags(1, **tags)
    with rasterio.open(path) as dataset:
        assert read_facts(dataset)[0].wavelength == pytest.approx(micrometres)


def test_images_of_one_kind_are_said_in_one_line(tmp_path: Path) -> None:
    kinds = {"a": "names", "b": "none", "c": "names", "d": "colours"}
    orders = {"a": RGBN, "b": RGBN, "c": RGBN, "d": RGBN[::-1]}
    pairs = [pair_of(write(tmp_path / f"{name}.tif", orders[name], kinds[name])) for name in kinds]
    texts = [mapping.text for mapping in map_bands(pairs, RGB)]
    assert texts == [
        "",
        "b.tif: bands red = 1, green = 2, blue = 3, as stored; nothing says which of the 4 bands is red, green or "
        "blue: 1, 2, 3 were taken as stored; `bands = [...]` in a TOML says otherwise",
        "d.tif: bands red = 4, green = 3, blue = 2, by colour",
    ]
    assert [len(mapping.pairs) for mapping in map_bands(pairs, RGB)] == [2, 1, 1]
    assert map_bands(pairs[1:2] * 3, RGB)[0].text.startswith("b.tif and 2 more images: bands")


@pytest.mark.parametrize(
    ("of", "bands", "shown"),
    [
        (facts("Blue", "Green", "Red", "NIR"), (), (3, 2, 1)),
        (facts("Blue", "Green", "Red", "NIR"), (4, 3, 2), (4, 3, 2)),
        (facts("nir", "red", "green"), (), (1, 2, 3)),
        (facts("", ""), (), (1,)),
        (facts(colours=[ColorInterp.gray, ColorInterp.alpha]), (), (1,)),
        (facts("", "", "", ""), (2, 4), (2,)),
    ],
)
def test_people_are_shown_red_green_and_blue(
    of: tuple[BandFacts, ...], bands: tuple[int, ...], shown: tuple[int, ...]
) -> None:
    assert choose_shown_bands(of, bands) == shown


@pytest.mark.parametrize(
    ("names", "bands"), [(("nir", "blue", "green", "red"), (4, 3, 2)), (("Red", "Green", "Blue", "NIR"), (1, 2, 3))]
)
def test_a_colour_that_gdal_calls_alpha_hides_nothing(tmp_path: Path, names: Sequence[str], bands: Any) -> None:
    """GDAL calls the fourth of four 8-bit bands alpha: where near infrared is 0, on water, the map had no data."""
    pixels = np.arange(4 * 20 * 30, dtype=np.uint8).reshape(4, 20, 30)
    pixels[3, :7] = 0
    source = save_scene(tmp_path / "scene.tif", pixels)
    with rasterio.open(source, "r+") as dataset:
        assert dataset.colorinterp[3] is ColorInterp.alpha
        dataset.descriptions = names
    wanted = RGB
    with open_scene(source, wanted) as scene, scene.resample((10, 15)) as coarser:
        read, valid = scene.read(scene.window)
        assert scene.bands == bands
        assert valid.all()
        assert coarser.read(coarser.window)[1].all()
        assert np.array_equal(read, pixels[[i - 1 for i in bands]])
    assert np.array_equal(read_image(source, pair_of(source).choice(RGB).bands), read)


def test_an_alpha_band_is_one_whatever_the_others_are_called(tmp_path: Path) -> None:
    pixels = np.full((4, 20, 30), 9, np.uint8)
    pixels[3, :7] = 0
    source = save_scene(tmp_path / "scene.tif", pixels)
    with rasterio.open(source, "r+") as dataset:
        dataset.descriptions = ("Blue", "Green", "Red", "")
    with open_scene(source, RGB) as scene:
        assert scene.bands == (3, 2, 1)
        assert np.array_equal(scene.read_valid(scene.window), pixels[3] > 0)
