"""A nodata value that the data set names: what holds it in all bands is labelled by nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from datasets.factories import write_tiff, write_toml
from numpy.typing import NDArray
from PIL import Image
from support import card

from aerialseg_core import audit
from aerialseg_core.config import SegmentConfig
from aerialseg_core.datasets.labelled_data import open_data
from aerialseg_core.datasets.labels import count_labels, read_labels
from aerialseg_core.datasets.pixel_values import find_values
from aerialseg_core.errors import DataError
from aerialseg_core.evaluation.evaluate import configure_image
from aerialseg_core.metrics import IGNORE

NAMED = (("Field", "#00FF00"), ("Wood", "#004400"))
CLASSES = "".join(f'[[classes]]\nname = "{name}"\ncolour = "{colour}"\n' for name, colour in NAMED)


@pytest.fixture
def collar() -> NDArray[np.bool_]:
    """Where the image is black."""
    found = np.zeros((40, 60), bool)
    found[:, :15] = True
    return found


@pytest.fixture
def folder(tmp_path: Path, collar: NDArray[np.bool_]) -> Path:
    """An image of 16 bit with a black collar, labelled all over."""
    pixels = np.random.default_rng(0).integers(500, 3000, (3, 40, 60)).astype("uint16")
    pixels[:, collar] = 0
    pixels[0, 30:] = 0  # in one band only
    write_tiff(tmp_path / "image.tif", pixels)
    write_tiff(
        tmp_path / "labels.tif", np.repeat([[1, 2]], 20, axis=0).repeat(2, 0).repeat(30, 1)[None].astype("uint8")
    )
    return tmp_path


def _data(folder: Path, *, pair: str = "", top: str = "") -> Any:
    pairs = f'[[pairs]]\nimage = "image.tif"\nlabels = "labels.tif"\n{pair}\n'
    return open_data(write_toml(folder, f"{top}\n{CLASSES}{pairs}"))


@pytest.mark.parametrize("where", ["pair", "top"])
def test_what_holds_it_is_ignored(folder: Path, collar: NDArray[np.bool_], where: Any) -> None:
    data = _data(folder, **{where: "nodata = 0"})
    (pair,) = data.pairs
    assert np.array_equal(read_labels(pair, data.scheme) == IGNORE, collar)
    assert count_labels(pair, data.scheme).unlabelled == collar.sum()
    plain = _data(folder)
    assert (read_labels(plain.pairs[0], plain.scheme) != IGNORE).all()


def test_a_model_is_evaluated_with_it(folder: Path) -> None:
    (pair,) = _data(folder, pair="nodata = 0").pairs
    assert configure_image(pair, card(), SegmentConfig()).nodata == 0
    assert configure_image(pair, card(), SegmentConfig(nodata=7)).nodata == 7


def test_a_collar_has_no_part_in_the_range(folder: Path) -> None:
    """Named or not."""
    named, plain = (find_values(_data(folder, pair=text).pairs, lambda _: (2, 3)) for text in ("nodata = 0", ""))
    assert named.range == plain.range
    assert named.black_and_white[0] > 500


def test_a_value_that_no_pixel_can_have_is_refused(folder: Path) -> None:
    data = _data(folder, pair="nodata = -9999")
    with pytest.raises(DataError, match=r"No pixel of .*image\.tif can be -9999: it is uint16\."):
        read_labels(data.pairs[0], data.scheme)
    for text in ('"0"', "nan", "true"):
        with pytest.raises(DataError, match="'nodata' that is no number"):
            _data(folder, top=f"nodata = {text}")


def test_the_audit_says_that_there_is_a_collar(folder: Path) -> None:
    _data(folder)
    found = [one for one in audit(folder / "data.toml").findings if one.kind == "collars"]
    assert [one.details for one in found] == [("image.tif: 25% is 0",)]
    assert "`nodata = 0`" in found[0].hint
    _data(folder, top="nodata = 0")
    assert not [one for one in audit(folder / "data.toml").findings if one.kind == "collars"]


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
@pytest.mark.parametrize("kind", ["images", "masks"])
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif"])
def test_a_file_that_was_cut_off_is_found_among_good_ones(make_set: Any, kind: str, suffix: str, share: float) -> None:
    root = make_set(size=(96, 64))
    old = root / "Tile 1" / kind / "part_0.png"
    new = old.with_suffix(suffix)
    picture = Image.open(old).convert("RGB")
    old.unlink()
    picture.save(new)
    whole = new.read_bytes()
    new.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(DataError, match=rf"part_0\{suffix} cannot be read"):
        open_data(root)
    data = open_data(root, strict=False)
    assert [p.path for p in data.problems if p.fatal] == [new]
    assert len(data.pairs) == 3


def test_a_flipped_bit_in_a_png_is_found(make_set: Any) -> None:
    root = make_set()
    path = root / "Tile 1" / "images" / "part_0.png"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(bytes(content))
    with pytest.raises(DataError, match="damaged or ends too early"):
        open_data(root)
