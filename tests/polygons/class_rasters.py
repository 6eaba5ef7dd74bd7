"""Class rasters for the tests of polygons, and what is read of the files made of them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pyogrio
import rasterio
import shapely
from affine import Affine

from aerialseg_core.progress import Reporter

RD = Affine(0.25, 0, 100_000, 0, -0.25, 400_000)


HALF = Affine(0.5, 0, 100_000, 0, -0.5, 400_000)
PIXELS = np.array([[1, 1, 2, 0], [1, 3, 2, 2], [3, 3, 0, 2]], np.uint8)


NAMES = ("Gebäude", 'O\'Neil "x"; DROP TABLE classes;--', "<Wasser & Eis>")


COLOURS = ("#3C1098", "#8429F6", "#6EC1E4")


class Recorder(Reporter):
    """Keeps what it is told."""

    def __init__(self):
        super().__init__()
        self.messages = []

    def message(self, text, level="info"):
        self.messages.append((level, text))


def class_raster(path, pixels=PIXELS, *, tagged=True, names=NAMES, crs="EPSG:28992", transform=RD, **profile):
    """Write a class raster; its classes stand in our tag, or as GDAL category names and a colour table."""
    profile = {"driver": "GTiff", "count": 1, "dtype": "uint8", "nodata": 0, **profile}
    with rasterio.open(
        path, "w", width=pixels.shape[1], height=pixels.shape[0], crs=crs, transform=transform, **profile
    ) as dataset:
        dataset.write(pixels, 1)
        if tagged:
            rows = zip(names, COLOURS, strict=True)
            classes = [{"id": i, "name": name, "colour": colour} for i, (name, colour) in enumerate(rows, 1)]
            dataset.update_tags(AERIALSEG_CLASSES=json.dumps(classes))
        elif names:
            table = {i: (*bytes.fromhex(colour[1:]), 255) for i, colour in enumerate(COLOURS, 1)}
            dataset.write_colormap(1, {0: (0, 0, 0, 0), **table})
    if names and not tagged:
        root = ElementTree.Element("PAMDataset")
        categories = ElementTree.SubElement(ElementTree.SubElement(root, "PAMRasterBand", band="1"), "CategoryNames")
        for name in ("", *names):
            ElementTree.SubElement(categories, "Category").text = name
        Path(f"{path}.aux.xml").write_bytes(ElementTree.tostring(root, "utf-8"))
    return path


def read(path):
    return pyogrio.read_dataframe(path, layer="classes")


def as_set(frame):
    return set(zip(shapely.to_wkb(frame.geometry.values).tolist(), frame.class_id.tolist(), strict=True))


def query(path, sql):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def noise(rows, cols, values=4):
    return np.random.default_rng(7).integers(0, values, (rows, cols), np.uint8)


def save(path, pixels, crs="EPSG:28992", transform=HALF, nodata=0):
    profile = {"driver": "GTiff", "width": pixels.shape[1], "height": pixels.shape[0], "count": 1, "dtype": "uint8"}
    with rasterio.open(path, "w", crs=crs, transform=transform, nodata=nodata, **profile) as dataset:
        dataset.write(pixels, 1)
    return path


def patches(rows, cols, size=9, values=4, seed=5):
    """Blobs of several sizes with specks in them, 0 among the values."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, values, (rows // size + 1, cols // size + 1), np.uint8)
    pixels = np.repeat(np.repeat(coarse, size, axis=0), size, axis=1)[:rows, :cols]
    shift = np.add.outer(np.arange(rows) // 3, np.arange(cols)) % cols
    pixels = np.take_along_axis(pixels, shift, axis=1)
    specks = rng.random((rows, cols)) < 0.02
    pixels[specks] = rng.integers(1, values, np.count_nonzero(specks))
    return pixels
