"""Make the pictures of the README and of docs/guides, from the scenes of `aerialseg sample`.

Usage: docs_pictures.py [MODEL]. The folder docs/images gets `result.jpg`, image beside map, and a before/after pair for
each option of `aerialseg polygons`; if MODEL is given, the one trained in docs/guides/train.md, also `trained.jpg`.
Needs the network once, for the Dutch scene, and Pillow.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import rasterio
import shapely
from PIL import Image, ImageColor, ImageDraw, ImageFont

import aerialseg_core
from aerialseg_core.segmentation.blend import make_ramp

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
SIDE = 636
"""Width of a panel of `result.jpg`, px."""
WIDTH = 480
"""Width of a panel of a before/after pair, px."""
GAP = 8
FINER = 2
"""Pictures are drawn so many times larger and then reduced, for smooth edges."""

COLOURS = {
    "Building": "#3C1098",
    "Land": "#8429F6",
    "Road": "#6EC1E4",
    "Vegetation": "#FEDD3A",
    "Water": "#E2A929",
}
"""Class colours of the shipped model."""
PARTS = ("#1B9E77", "#D95F02", "#7570B3", "#E7298A", "#66A61E", "#E6AB02", "#A6761D")
"""Colours that tell polygons of one class apart."""

Box = tuple[int, int, int, int]
"""Part of a raster that is shown: left, top, right, bottom, in its pixels."""


def main() -> int:
    """Make all pictures."""
    logging.getLogger("aerialseg_core").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        scene, dutch = work / "scene.tif", work / "dutch.tif"
        run("sample", scene)
        run("sample", dutch, "--scene", "dutch")
        run("segment", dutch, "-o", work / "classes.tif", "--confidence", work / "confidence.tif")
        run("segment", scene, "-o", work / "best.tif", "--overlap", "0.5", "--tta", "8")
        classify_pixels(dutch, work / "classes.tif", work / "pixels.tif")
        draw_result(scene, work / "best.tif", FOLDER / "result.jpg")
        draw_options(work, FOLDER)
        if len(sys.argv) > 1:
            run("segment", dutch, "-o", work / "own.tif", "--model", sys.argv[1])
            draw_result(
                dutch, work / "own.tif", FOLDER / "trained.jpg", FOLDER.parent / "examples" / "digitised.geojson"
            )
    draw_weights(FOLDER / "blending.svg")
    for path in sorted(FOLDER.iterdir()):
        print(f"{path}  {path.stat().st_size / 1e3:.0f} kB")
    return 0


def run(*arguments: str | Path) -> None:
    """Run a command of aerialseg."""
    command = [sys.executable, "-m", "aerialseg_core", *map(str, arguments), "--progress", "none"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def classify_pixels(scene: Path, classes: Path, output: Path) -> None:
    """Classify each square metre by itself, by the nearest mean colour: the speckled map that such classifiers make."""
    with rasterio.open(scene) as image, rasterio.open(classes) as raster:
        pixels, ids, tags, table = image.read(), raster.read(1), raster.tags(), raster.colormap(1)
        factor = round(1 / image.res[0])
        profile = {"driver": "GTiff", "count": 1, "dtype": "uint8", "crs": image.crs}
        transform = image.transform * rasterio.Affine.scale(factor)
    bands, rows, cols = pixels.shape[0], pixels.shape[1] // factor, pixels.shape[2] // factor
    metres = pixels.reshape(bands, rows, factor, cols, factor).mean(axis=(2, 4))
    centres = ids[factor // 2 :: factor, factor // 2 :: factor]
    means = [metres[:, centres == number].mean(axis=1)[:, None, None] for number in range(1, len(COLOURS) + 1)]
    nearest = np.argmin([((metres - mean) ** 2).sum(axis=0) for mean in means], axis=0) + 1
    with rasterio.open(output, "w", width=cols, height=rows, transform=transform, **profile) as target:
        target.write(nearest.astype(np.uint8), 1)
        target.write_colormap(1, table)
        target.update_tags(AERIALSEG_CLASSES=tags["AERIALSEG_CLASSES"])


def draw_result(scene: Path, classes: Path, output: Path, drawn: Path | None = None) -> None:
    """Draw the image beside its class polygons, and the legend below; on the image what was drawn to train on."""
    with rasterio.open(scene) as raster:
        image = Image.fromarray(raster.read((1, 2, 3)).transpose(1, 2, 0))
    with rasterio.open(classes) as raster:
        colours = {entry["name"]: entry["colour"] for entry in json.loads(raster.tags()["AERIALSEG_CLASSES"])}
    box = (0, 0, image.width, image.height)
    left = image.resize((SIDE, round(SIDE * image.height / image.width)), Image.Resampling.LANCZOS)
    if drawn:
        labels = geopandas.read_file(drawn).rename(columns={"class": "class_name"})
        shapes = draw_polygons(scene, labels, box, SIDE, fills=colours, ground=left)
        left = Image.blend(left, shapes, 0.75)
    frame = make_polygons(classes, min_area=40, simplify=1, smooth=2)
    right = draw_polygons(classes, frame, box, SIDE, fills=colours)
    sheet = Image.new("RGB", (2 * SIDE + GAP, left.height + 48), "white")
    sheet.paste(left, (0, 0))
    sheet.paste(right, (SIDE + GAP, 0))
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(20)
    x = SIDE + GAP
    for name in (name for name in colours if name in set(frame["class_name"])):
        pen.rectangle((x, left.height + 16, x + 22, left.height + 38), fill=colours[name])
        pen.text((x + 30, left.height + 27), name, fill="#222222", font=font, anchor="lm")
        x += 30 + round(font.getlength(name)) + 22
    sheet.save(output, quality=86, subsampling=0, optimize=True)


def draw_options(work: Path, folder: Path) -> None:
    """Draw what each option of `aerialseg polygons` does."""
    pixels, classes, best = work / "pixels.tif", work / "classes.tif", work / "best.tif"
    everything, speckled, school = (0, 0, 1000, 700), (140, 80, 240, 150), (360, 140, 480, 224)
    bank, bends = (760, 310, 880, 394), (780, 350, 850, 399)
    plain = make_polygons(pixels)

    def pair(
        name: str, raster: Path, before: Any, after: Any, box: Box, *, fills: Any = (None, None), dots: bool = False
    ) -> None:
        panels = [
            draw_polygons(raster, frame, box, WIDTH, fills=fill, dots=dots)
            for frame, fill in zip((before, after), fills, strict=True)
        ]
        sheet = Image.new("RGB", (2 * WIDTH + GAP, panels[0].height), "white")
        sheet.paste(panels[0], (0, 0))
        sheet.paste(panels[1], (WIDTH + GAP, 0))
        sheet.quantize(48, method=Image.Quantize.MEDIANCUT).save(folder / f"polygons-{name}.png", optimize=True)

    pair("min-area", pixels, plain, make_polygons(pixels, min_area=20), speckled)
    pair("majority", pixels, plain, make_polygons(pixels, majority=5), speckled)
    lilies = [frame[frame["class_name"] == "Vegetation"] for frame in (plain, make_polygons(pixels, connectivity=8))]
    pair("connectivity", pixels, *lilies, (128, 84, 168, 112))
    chosen = plain[plain["class_name"].isin(["Building", "Road"])]
    pair("classes", pixels, plain, chosen, speckled)
    steps, lines = make_polygons(classes, min_area=25), make_polygons(classes, min_area=25, simplify=1)
    pair("simplify", classes, steps, lines, bank, dots=True)
    pair("smooth", classes, lines, make_polygons(classes, min_area=25, simplify=1, smooth=2), bends, dots=True)
    coarse = {"min_area": 25, "simplify": 1}
    pair("nodata", classes, make_polygons(classes, **coarse), make_polygons(classes, nodata="5", **coarse), everything)
    sure = make_polygons(classes, confidence=work / "confidence.tif", **coarse)
    tens = sure.assign(class_name=[str(int(percent // 10)) for percent in sure["confidence_mean"]])
    shades = {str(ten): f"#{255 - 22 * ten:02X}{255 - 12 * ten:02X}{255 - 18 * ten:02X}" for ten in range(11)}
    pair("confidence", classes, sure, tens, everything, fills=(None, shades))
    blunt = make_polygons(best, min_area=25, simplify=1)
    pair("square", best, blunt, make_polygons(best, min_area=25, simplify=1, square=["Building"]), school)


def draw_weights(output: Path) -> None:
    """Draw the weights of three neighbouring windows, for two overlaps of `spline` and for `crop`."""
    patch, left, height, step = 256, 150, 70, 110
    rows = [
        ("spline, overlap 12.5 %", "spline", 32),
        ("spline, overlap 50 %", "spline", 128),
        ("crop, 12.5 %", "crop", 32),
    ]
    shapes = []
    for number, (title, blend, overlap) in enumerate(rows):
        base = 20 + height + number * step
        shapes.append(f'<text x="0" y="{base - height / 2:g}">{title}</text>')
        shapes.append(f'<path d="M{left} {base}H{left + 3 * patch}" stroke="#888888"/>')
        rise = make_ramp(blend, overlap)
        profile = np.concatenate((rise, np.ones(patch - 2 * overlap), 1 - rise))
        for window, colour in zip(range(3), ("#3C1098", "#E2A929", "#1B9E77"), strict=True):
            start = left + window * (patch - overlap)
            line = " ".join(f"{start + x},{base - height * weight:.1f}" for x, weight in enumerate(profile))
            shapes.append(f'<polyline points="{line}" stroke="{colour}" stroke-width="2"/>')
    size = f"0 0 {left + 3 * patch + 10} {20 + len(rows) * step}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" font-family="sans-serif" font-size="13" fill="none">'
    )
    style = '<rect width="100%" height="100%" fill="#FFFFFF"/><style>text{fill:#222222}</style>'
    output.write_text("\n".join((head, style, *shapes, "</svg>")) + "\n", encoding="utf-8")


def make_polygons(classes: Path, **options: Any) -> Any:
    """Class polygons as a GeoDataFrame."""
    return aerialseg_core.polygonize(classes, **options)


def draw_polygons(
    raster: Path,
    frame: Any,
    box: Box,
    width: int,
    *,
    fills: dict[str, str] | None = None,
    dots: bool = False,
    ground: Image.Image | None = None,
) -> Image.Image:
    """Draw polygons in the pixels of their raster, the largest ones first.

    Args:
        raster: Raster that they were made of.
        frame: Polygons with `class_name`.
        box: Part that is shown.
        width: Of the picture, px.
        fills: Colours of the classes; None for one colour a polygon if all are of one class, else for tints.
        dots: Whether vertices are marked.
        ground: Picture that they are drawn on; white if none is given.
    """
    left, top, right, bottom = box
    scale = FINER * width / (right - left)
    size = (FINER * width, round((bottom - top) * scale))
    sheet = ground.resize(size) if ground else Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(sheet)
    with rasterio.open(raster) as source:
        place = ~source.transform
    names = list(frame["class_name"])

    def points(ring: Any) -> list[tuple[float, float]]:
        x, y = shapely.get_coordinates(ring).T
        cols, rows = place.a * x + place.b * y + place.c, place.d * x + place.e * y + place.f
        return list(zip((cols - left) * scale, (rows - top) * scale, strict=True))

    parts = [
        (paint(name, number, fills, one=len(set(names)) == 1), part)
        for number, (name, shape) in enumerate(zip(names, frame.geometry, strict=True))
        for part in shapely.get_parts(shape)
    ]
    parts.sort(key=lambda part: -shapely.Polygon(part[1].exterior).area)
    for colour, part in parts:
        pen.polygon(points(part.exterior), fill=colour)
        for hole in part.interiors:
            pen.polygon(points(hole), fill="white")
    for _, part in parts:
        for ring in (part.exterior, *part.interiors):
            draw_ring(pen, points(ring), "white" if fills else "#333333", dots=dots)
    return sheet.resize((width, sheet.height // FINER), Image.Resampling.LANCZOS)


def paint(name: str, number: int, fills: dict[str, str] | None, *, one: bool) -> str:
    """Choose the colour of a polygon."""
    if fills:
        return fills[name]
    if one:
        return PARTS[number % len(PARTS)]
    red, green, blue = (round(0.55 * value + 0.45 * 255) for value in ImageColor.getrgb(COLOURS[name])[:3])
    return f"#{red:02X}{green:02X}{blue:02X}"


def draw_ring(pen: ImageDraw.ImageDraw, ring: Iterable[tuple[float, float]], edge: str, *, dots: bool) -> None:
    """Draw an edge, and its vertices."""
    corners = list(ring)
    pen.line(corners, fill=edge, width=FINER + 1, joint="curve")
    radius = 3 * FINER
    for x, y in corners if dots else ():
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill="#111111")


if __name__ == "__main__":
    sys.exit(main())
