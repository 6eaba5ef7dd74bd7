"""Masks as people have them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from PIL import Image

from aerialseg_core.datasets.labelled_data import LabelledData, open_data
from aerialseg_core.datasets.labels import count_labels, read_labels
from aerialseg_core.datasets.masks import OUTSIDE, TOLERANCE, compute_tolerance, pack_class_colours, snap
from aerialseg_core.errors import DataError
from aerialseg_core.metrics import IGNORE
from aerialseg_core.raster.classes import MBRSC, ClassScheme

SIDE = 64
IDS = np.repeat(np.arange(4), SIDE // 4)[None].repeat(SIDE, 0)
"""Four classes in columns."""
COLOURS = np.array(MBRSC.colours, np.uint8)
BLACK = ClassScheme.of([("ground", "#000000"), ("house", "#FFFFFF")])


def folder_of(root: Path, mask: Image.Image, name: str = "i{}.png", *, count: int = 1, **options: Any) -> Path:
    """A folder of images and masks, `name` the names of the latter."""
    for part in ("images", "masks"):
        (root / part).mkdir(parents=True, exist_ok=True)
    for k in range(count):
        noise = np.random.default_rng(k).integers(0, 255, (SIDE, SIDE, 3), np.uint8)
        Image.fromarray(noise).save(root / "images" / f"i{k}.png")
        mask.save(root / "masks" / name.format(k), **options)
    return root


def listing(root: Path, scheme: ClassScheme) -> None:
    classes = [{"title": c.name, "color": c.colour} for c in scheme]
    (root / "classes.json").write_text(json.dumps({"classes": classes}))


def labels_of(data: LabelledData) -> NDArray[np.uint8]:
    return read_labels(data.pairs[0], data.scheme)


def said(data: LabelledData) -> str:
    assert not [problem for problem in data.problems if problem.fatal]
    return " ".join(problem.text for problem in data.problems if problem.assumed)


TRANSPARENT = np.indices((SIDE, SIDE))[0] < 16


def _rgba() -> Image.Image:
    return Image.fromarray(np.dstack([COLOURS[IDS], np.where(TRANSPARENT, 0, 255).astype(np.uint8)]))


def _palette(*, several: bool) -> Image.Image:
    ids = np.where(TRANSPARENT, 9, IDS).astype(np.uint8)
    if several:
        ids[0] = 8
    image = Image.fromarray(ids, "P")
    colours = np.zeros((256, 3), np.uint8)
    colours[:6], colours[8:10] = COLOURS, COLOURS[0]
    image.putpalette(colours.ravel().tolist())
    return image


@pytest.mark.parametrize(
    ("image", "name", "options"),
    [
        (_rgba(), "i{}.png", {}),
        (_rgba(), "i{}.tif", {}),
        (_rgba(), "i{}.webp", {"lossless": True}),
        (_palette(several=False), "i{}.png", {"transparency": 9}),
        (_palette(several=True), "i{}.png", {"transparency": bytes([255] * 8 + [0, 0])}),
    ],
)
def test_what_is_transparent_is_unlabelled(
    tmp_path: Path, image: Image.Image, name: str, options: dict[str, Any]
) -> None:
    data = open_data(folder_of(tmp_path, image, name, **options))
    np.testing.assert_array_equal(labels_of(data), np.where(TRANSPARENT, IGNORE, IDS))
    census = count_labels(data.pairs[0], data.scheme)
    assert (census.unlabelled, census.off_scheme) == (16 * SIDE, 0)
    assert "transparent in places (25.0% of the pixels looked at)" in said(data)


def test_greys_with_alpha_and_an_inner_mask_are_read_like_it(tmp_path: Path) -> None:
    import rasterio

    white = np.where(IDS > 1, 255, 0).astype(np.uint8)
    alpha = np.where(TRANSPARENT, 0, 255).astype(np.uint8)
    root = folder_of(tmp_path / "grey", Image.fromarray(np.dstack([white, alpha]), "LA"))
    listing(root, BLACK)
    expected = np.where(TRANSPARENT, IGNORE, IDS > 1)
    np.testing.assert_array_equal(labels_of(open_data(root)), expected)
    root = folder_of(tmp_path / "inner", Image.fromarray(COLOURS[IDS]), "i{}.tif")
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(root / "masks" / "i0.tif", "r+") as mask:
        mask.write_mask(~TRANSPARENT)
    np.testing.assert_array_equal(labels_of(open_data(root)), np.where(TRANSPARENT, IGNORE, IDS))


def test_a_mask_without_an_opaque_pixel_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="transparent everywhere"):
        open_data(folder_of(tmp_path, Image.new("RGBA", (SIDE, SIDE))))


@pytest.mark.parametrize(("white", "mode"), [(255, "L"), (1, "L"), (1, "1"), (255, "RGB"), (255, "P"), (255, "jpeg")])
def test_masks_of_two_values_are_background_and_foreground(tmp_path: Path, white: int, mode: str) -> None:
    pixels = np.where(IDS > 1, white, 0).astype(np.uint8)
    image = Image.fromarray(pixels.astype(bool)) if mode == "1" else Image.fromarray(pixels)
    name = "i{}.jpg" if mode == "jpeg" else "i{}.png"
    data = open_data(folder_of(tmp_path, image if mode in ("1", "jpeg") else image.convert(mode), name))
    assert data.scheme.names == ("background", "foreground")
    assert (labels_of(data) == (IDS > 1)).mean() > (0.98 if mode == "jpeg" else 0.999999)
    assert "it is called background and foreground" in said(data)


@pytest.mark.parametrize("bits", [8, 16])
def test_greys_are_numbers_where_they_are_no_colours_of_classes(tmp_path: Path, bits: int) -> None:
    pixels = IDS.astype(np.uint8 if bits == 8 else np.uint16)
    root = folder_of(tmp_path, Image.fromarray(pixels))
    with pytest.raises(DataError, match=r"hold the numbers 0, 1, 2, 3, and no classes are listed.*value"):
        open_data(root)
    four = ClassScheme.of([(c.name, c.colour) for c in MBRSC][:4])
    listing(root, four)
    data = open_data(root)
    np.testing.assert_array_equal(labels_of(data), IDS)
    assert "0 is Building" in said(data)


@pytest.mark.parametrize("white", [True, 255, 1])
def test_black_and_white_are_colours_whatever_the_order_of_the_classes(tmp_path: Path, white: int) -> None:
    root = folder_of(tmp_path, Image.fromarray((IDS > 1) if white is True else ((IDS > 1) * white).astype(np.uint8)))
    listing(root, ClassScheme.of([("house", "#FFFFFF"), ("ground", "#000000")]))
    np.testing.assert_array_equal(labels_of(open_data(root)), IDS <= 1)


def test_greys_are_colours_where_they_are_those_of_classes(tmp_path: Path) -> None:
    root = folder_of(tmp_path, Image.fromarray(np.where(IDS > 1, 255, 0).astype(np.uint8)))
    listing(root, BLACK)
    data = open_data(root)
    np.testing.assert_array_equal(labels_of(data), IDS > 1)
    assert not data.problems


def test_a_palette_of_unknown_colours_holds_numbers(tmp_path: Path) -> None:
    image = Image.fromarray(IDS.astype(np.uint8), "P")
    image.putpalette([*range(1, 13)])
    root = folder_of(tmp_path, image)
    listing(root, ClassScheme.of([(c.name, c.colour) for c in MBRSC][:4]))
    np.testing.assert_array_equal(labels_of(open_data(root)), IDS)


def test_colours_of_a_jpeg_are_those_of_the_class_that_is_near(tmp_path: Path) -> None:
    root = folder_of(tmp_path, Image.fromarray(COLOURS[IDS]), "i{}.jpg", quality=75)
    data = open_data(root)
    labels = labels_of(data)
    assert (labels == IDS).mean() > 0.9
    assert set(np.unique(labels[labels != IDS])) <= {IGNORE}, "a blurred edge is ignored and no other class"
    assert f"a colour at most {compute_tolerance(MBRSC)} from that of a class counts as that class" in said(data)


def test_a_photograph_is_no_mask_and_near_colours_need_a_png(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (SIDE, SIDE, 3), np.uint8)
    with pytest.raises(DataError, match="No colour of the masks is a class"):
        open_data(folder_of(tmp_path / "a", Image.fromarray(noise), "i{}.jpg"))
    root = folder_of(tmp_path / "b", Image.new("RGB", (SIDE, SIDE), "#010101"), "i{}.jpg")
    listing(root, ClassScheme.of([("a", "#010101"), ("b", "#020202")]))
    with pytest.raises(DataError, match="too near to be told apart"):
        open_data(root)


@given(arrays.arrays(np.uint32, 50, elements=st.integers(0, (1 << 24) - 1) | st.just(int(OUTSIDE))), st.integers(1, 60))
def test_a_colour_becomes_the_nearest_one_that_is_near_or_stays(codes: NDArray[np.uint32], tolerance: int) -> None:
    known = pack_class_colours(MBRSC)
    for code, snapped in zip(codes.tolist(), snap(codes, known, tolerance).tolist(), strict=True):
        rgb = np.array([code >> 16 & 255, code >> 8 & 255, code & 255])
        distances = np.sqrt(((COLOURS - rgb) ** 2).sum(axis=1))
        near = code != int(OUTSIDE) and distances.min() <= tolerance
        assert snapped == (known[distances.argmin()] if near else code)


@given(st.lists(st.integers(0, (1 << 24) - 1), min_size=1, max_size=8, unique=True))
def test_within_the_tolerance_a_colour_is_near_one_class_only(codes: list[int]) -> None:
    scheme = ClassScheme.of([(str(code), f"#{code:06X}") for code in codes])
    tolerance = compute_tolerance(scheme)
    assert 0 <= tolerance <= TOLERANCE
    colours = np.array(scheme.colours, np.int64)
    apart = np.sqrt(((colours[:, None] - colours[None]) ** 2).sum(axis=2))
    assert (apart[~np.eye(len(codes), dtype=bool)] > 2 * tolerance).all()


def test_the_audit_says_what_it_took_for_granted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from aerialseg_core.cli.main import main

    root = folder_of(tmp_path / "data", Image.fromarray(COLOURS[np.roll(IDS, 5, 1)]), "i{}_mask.jpg", count=2)
    with pytest.raises(SystemExit):
        main(["audit", str(root), "-o", str(tmp_path / "report"), "--progress", "none"])
    page = (tmp_path / "report" / "audit.html").read_text(encoding="utf-8")
    for text in (capsys.readouterr().out, page):
        assert "counts as that class" in text
        assert "is taken for the mask of" in text
        assert "near the colour of no class" in text
        assert "is no class:" not in text
