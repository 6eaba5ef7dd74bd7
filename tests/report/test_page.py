"""Pages and the pictures in them."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, UndefinedError
from numpy.typing import NDArray
from rasterio.io import MemoryFile

from aerialseg_core.report import page as page_module
from aerialseg_core.report.page import embed_picture, format_count, format_decimal, format_percent, shrink, write_page


def decoded(uri: str) -> NDArray[np.uint8]:
    head, _, body = uri.partition(",")
    assert head in {"data:image/png;base64", "data:image/jpeg;base64"}
    with MemoryFile(base64.b64decode(body)) as file, file.open() as dataset:
        return np.moveaxis(dataset.read(), 0, -1)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_map_keeps_its_pixels_and_a_photograph_about() -> None:
    rng = np.random.default_rng(0)
    pixels = np.kron(rng.integers(0, 256, (6, 9, 3)), np.ones((16, 16, 1))).astype(np.uint8)
    assert np.array_equal(decoded(embed_picture(pixels)), pixels)
    assert np.abs(decoded(embed_picture(pixels, photograph=True)).astype(int) - pixels).mean() < 12


@given(st.integers(1, 70), st.integers(1, 70), st.integers(1, 40), st.booleans())
def test_a_picture_is_no_larger_than_wanted_and_keeps_its_shape(rows: int, cols: int, longest: int, mean: bool) -> None:
    pixels = np.full((rows, cols, 3), 77, np.uint8)
    small = shrink(pixels, longest=longest, mean=mean)
    assert max(small.shape[:2]) <= min(longest, max(rows, cols))
    assert mean or max(small.shape[:2]) == min(longest, max(rows, cols))
    assert min(small.shape) >= 1
    assert (small == 77).all()


def test_shrinking_a_map_makes_no_new_colours_and_shrinking_a_photograph_keeps_its_mean() -> None:
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[::2] = 200
    assert set(np.unique(shrink(pixels, longest=16, mean=False))) <= {0, 200}
    assert shrink(pixels, longest=16, mean=True).mean() == pytest.approx(100, abs=1)


def test_a_page_escapes_what_it_is_given(tmp_path: Path) -> None:
    write_page(tmp_path / "page.html", "base.html", title="<script>x</script> & co")
    text = (tmp_path / "page.html").read_text("utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;x&lt;/script&gt; &amp; co" in text
    assert "http" not in text


def test_a_value_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError):
        write_page(tmp_path / "page.html", "evaluation/page.html", title="x")
    assert not (tmp_path / "page.html").exists()


def test_figures_are_written_as_people_write_them() -> None:
    assert (format_percent(0.6343), format_percent(1, 0), format_percent(None)) == ("63.4\u202f%", "100\u202f%", "–")
    assert (format_decimal(0.5), format_decimal(2.345, 1), format_decimal(None)) == ("0.500", "2.3", "–")
    assert (format_count(1234567), format_count(12), format_count(None)) == ("1\u202f234\u202f567", "12", "–")


def rendered(source: str) -> str:
    """A template that uses the macros."""
    folder = Path(page_module.__file__).parent / "templates"
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True)
    environment.filters.update(percent=format_percent)
    return environment.from_string('{% import "macros.html" as ui %}' + source).render(evil="<i>")


@pytest.mark.parametrize(
    "source",
    [
        "{{ ui.tile(evil, evil, range=evil, about=evil, extra=evil) }}",
        "{{ ui.swatch(evil) }}",
        "{{ ui.bar(0.5, colour=evil, low=0.4, high=0.6, mark=0.7, label=evil) }}",
        "{{ ui.bar(none) }}",
        "{{ ui.legend([{'name': evil, 'colour': evil}]) }}",
        "{% call ui.note('warning') %}{{ evil }}{% endcall %}",
        "{{ ui.table([evil, 'b'], [[evil, 1]], words=[1]) }}",
        "{{ ui.heat([{'name': evil, 'colour': evil}], [[none]], corner=evil) }}",
        "{{ ui.figure(evil, evil, alt=evil, map=true) }}",
    ],
)
def test_the_building_blocks_escape_what_they_are_given(source: str) -> None:
    found = rendered(source)
    assert "<i>" not in found
    assert "NaN" not in found
