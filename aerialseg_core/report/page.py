"""One self-contained HTML page: a template, its values, and pictures as data URIs. No script, nothing from outside."""

from __future__ import annotations

import base64
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

from .. import __version__
from ..files.texts import replace_controls

_NOT_KNOWN = "–"


def write_page(target: Path, template: str, *, title: str, **context: object) -> None:
    """Fill a template and write the page. Everything in `context` is escaped.

    Args:
        target: The HTML file, UTF-8. It is written in place: give a name that is renamed when all is well.
        template: A template of this package ("base.html"), or "PACKAGE/NAME.html" for one that lies in another
            package of the core. It extends "base.html" and may import "macros.html".
        title: Title of the page, and its first heading.
        **context: Values for the template.
    """
    page = _make_environment().get_template(template).render(title=title, version=__version__, **context)
    target.write_text(page, encoding="utf-8", errors="backslashreplace")  # names of files may hold half characters


def embed_picture(pixels: NDArray[np.uint8], *, longest: int = 640, photograph: bool = False) -> str:
    """Embed an image as a data URI for the `src` of an `img`.

    Args:
        pixels: Shape (rows, cols, 3), RGB, uint8.
        longest: Longest side of the picture in px; larger images are made smaller, smaller ones stay as they are.
        photograph: Whether it is a photograph (means of pixels, JPEG); otherwise a map (nearest pixels, PNG).
    """
    small = shrink(pixels, longest=longest, mean=photograph)
    driver, mime = ("JPEG", "image/jpeg") if photograph else ("PNG", "image/png")
    return f"data:{mime};base64,{base64.b64encode(_encode(small, driver)).decode('ascii')}"


def shrink(pixels: NDArray[np.uint8], *, longest: int, mean: bool) -> NDArray[np.uint8]:
    """Shrink an image, (rows, cols, 3), to at most `longest` px, by nearest pixels or by means of blocks."""
    rows, cols = pixels.shape[:2]
    scale = max(rows, cols) / longest
    if scale <= 1:
        return pixels
    if mean and scale >= 2:
        down, across = min(int(scale), rows), min(int(scale), cols)
        rows, cols = rows // down * down, cols // across * across
        blocks = pixels[:rows, :cols].reshape(rows // down, down, cols // across, across, 3)
        return shrink(blocks.mean(axis=(1, 3)).round().astype(np.uint8), longest=longest, mean=False)
    taken = [((np.arange(max(1, round(n / scale))) + 0.5) * scale).astype(int).clip(0, n - 1) for n in (rows, cols)]
    small: NDArray[np.uint8] = pixels[np.ix_(*taken)]
    return small


def _encode(pixels: NDArray[np.uint8], driver: str) -> bytes:
    rows, cols = pixels.shape[:2]
    options: dict[str, Any] = {"QUALITY": 82} if driver == "JPEG" else {"ZLEVEL": 9}
    with warnings.catch_warnings(), rasterio.Env(GDAL_PAM_ENABLED="NO"), MemoryFile() as file:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with file.open(driver=driver, height=rows, width=cols, count=3, dtype="uint8", **options) as dataset:
            dataset.write(np.moveaxis(pixels, -1, 0))
        return bytes(file.read())


def _make_environment() -> Environment:
    here = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader([here / "templates", here.parent]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_make_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(_FILTERS)
    return environment


def _make_visible(value: Any) -> Any:
    """A text that is to be escaped as a page can show it; markup is made of such texts already."""
    return replace_controls(value) if type(value) is str else value


def format_percent(share: float | None, digits: int = 1) -> str:
    """Format a share 0…1 as "63.4 %"; "–" for None."""
    return _NOT_KNOWN if share is None else f"{100 * share:.{digits}f}\u202f%"


def format_decimal(value: float | None, digits: int = 3) -> str:
    """Format a number with so many decimals; "–" for None."""
    return _NOT_KNOWN if value is None else f"{value:.{digits}f}"


def format_count(number: int | None) -> str:
    """Format a whole number with narrow spaces between the thousands; "–" for None."""
    return _NOT_KNOWN if number is None else f"{number:,}".replace(",", "\u202f")


_FILTERS: Mapping[str, Any] = {"percent": format_percent, "decimal": format_decimal, "grouped": format_count}
