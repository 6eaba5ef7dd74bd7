"""Labels out of polygons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from affine import Affine
from datasets.factories import GRID, TWO, UTM40, box, pair_of, write_image, write_polygons, write_toml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aerialseg_core.datasets.labelled_data import open_data
from aerialseg_core.datasets.labels import count_labels, read_labels
from aerialseg_core.datasets.pairs import Pair, Polygons
from aerialseg_core.errors import DataError
from aerialseg_core.metrics import IGNORE
from aerialseg_core.raster.classes import MBRSC
from aerialseg_core.raster.window import Window

SIZE = (40, 60)


def labels_of(folder: Path, polygons: Path, **options: Any) -> np.ndarray[Any, Any]:
    pair = pair_of(write_image(folder, SIZE), Polygons(polygons, **options))
    return read_labels(pair, TWO)


def test_pixels_take_the_class_of_the_polygon_and_all_others_are_ignored(tmp_path: Path) -> None:
    polygons = write_polygons(
        tmp_path / "p.gpkg", [box(5, 4, 20, 10), box(30, 20, 60, 40)], **{"class": ["Field", "Wood"]}
    )
    expected = np.full(SIZE, IGNORE)
    expected[4:10, 5:20], expected[20:40, 30:60] = 0, 1
    np.testing.assert_array_equal(labels_of(tmp_path, polygons), expected)


def test_a_pixel_belongs_where_its_centre_lies(tmp_path: Path) -> None:
    polygons = write_polygons(tmp_path / "p.gpkg", [box(4.6, 3.4, 7.4, 5.6)], **{"class": ["Wood"]})
    rows, cols = np.nonzero(labels_of(tmp_path, polygons) == 1)
    assert (set(rows), set(cols)) == ({3, 4, 5}, {5, 6})


def test_of_overlapping_polygons_the_later_one_counts(tmp_path: Path) -> None:
    shapes = [box(0, 0, 20, 20), box(10, 10, 30, 30), box(10, 0, 12, 40)]
    polygons = write_polygons(tmp_path / "p.gpkg", shapes, **{"class": ["Field", "Wood", "Field"]})
    labels = labels_of(tmp_path, polygons)
    assert (labels[15, 9], labels[15, 15], labels[15, 11]) == (0, 1, 0)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857"])
def test_polygons_in_another_crs_lie_where_they_are(tmp_path: Path, crs: str) -> None:
    shapes = [box(5.2, 4.2, 20.3, 10.3)]
    there = write_polygons(tmp_path / "there.gpkg", shapes, crs, **{"class": ["Wood"]})
    here = write_polygons(tmp_path / "here.gpkg", shapes, **{"class": ["Wood"]})
    np.testing.assert_array_equal(labels_of(tmp_path, there), labels_of(tmp_path, here))


def test_the_area_bounds_what_counts_and_the_rest_has_a_class(tmp_path: Path) -> None:
    polygons = write_polygons(tmp_path / "p.gpkg", [box(5, 5, 20, 20)], **{"class": ["Wood"]})
    area = write_polygons(tmp_path / "a.gpkg", [box(0, 0, 10, 40)], "EPSG:4326", name=["mine"])
    expected = np.full(SIZE, IGNORE)
    expected[:, :10] = 0
    expected[5:20, 5:10] = 1
    np.testing.assert_array_equal(labels_of(tmp_path, polygons, area=area, rest="Field"), expected)
    expected[expected == 0] = IGNORE
    np.testing.assert_array_equal(labels_of(tmp_path, polygons, area=area), expected)


def test_a_polygon_without_a_class_is_unlabelled_even_where_the_rest_has_one(tmp_path: Path) -> None:
    shapes = [box(0, 0, 10, 10), box(20, 20, 30, 30)]
    polygons = write_polygons(tmp_path / "p.gpkg", shapes, kind=[2, None])
    pair = pair_of(write_image(tmp_path, SIZE), Polygons(polygons, rest="Field"))
    labels = read_labels(pair, TWO)
    assert (labels[5, 5], labels[25, 25], labels[0, 50]) == (1, IGNORE, 0)
    census = count_labels(pair, TWO)
    assert (census.ignored, census.unlabelled, census.unknown) == (100, 100, ())


def test_holes_multipolygons_and_collections_are_burnt_as_they_are(tmp_path: Path) -> None:
    ring = box(2, 2, 12, 12).difference(box(5, 5, 9, 9))
    two = shapely.MultiPolygon([box(20, 2, 22, 4), box(30, 2, 32, 4)])
    mixed = shapely.GeometryCollection([box(40, 2, 42, 4), shapely.Point(GRID * (50, 30))])
    polygons = write_polygons(tmp_path / "p.geojson", [ring, two, mixed], **{"class": ["Wood"] * 3})
    labels = labels_of(tmp_path, polygons)
    assert (labels == 1).sum() == 100 - 16 + 3 * 4
    assert labels[7, 7] == IGNORE


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32 - 1), st.integers(0, 39), st.integers(0, 59), st.booleans())
def test_a_window_is_the_crop_of_the_whole(tmp_path: Path, seed: int, row: int, col: int, turned: bool) -> None:
    rng = np.random.default_rng(seed)
    grid = GRID * Affine.rotation(30) if turned else GRID
    shapes = [box(*np.sort(rng.uniform(-5, 65, (2, 2)), axis=0).ravel(), transform=grid) for _ in range(6)]
    polygons = tmp_path / f"{seed}.gpkg"
    write_polygons(polygons, shapes, "EPSG:4326", **{"class": ["Wood", "Field"] * 3})
    area = write_polygons(tmp_path / f"{seed}a.gpkg", [box(3, 3, 50, 30, grid)], name=["a"])
    pair = pair_of(write_image(tmp_path, SIZE, transform=grid), Polygons(polygons, area=area, rest="2"))
    window = Window(row, col, min(13, SIZE[0] - row), min(17, SIZE[1] - col))
    np.testing.assert_array_equal(read_labels(pair, TWO, window), read_labels(pair, TWO)[window.slices])


def opened(folder: Path, extra: str = "", **options: Any) -> Any:
    lines = "".join(f'{key} = "{value}"\n' for key, value in options.items())
    return open_data(write_toml(folder, f'{extra}[[pairs]]\nimage = "image.tif"\npolygons = "p.gpkg"\n{lines}'))


CLASSES = '[[classes]]\nname = "Field"\ncolour = "#00FF00"\n[[classes]]\nname = "Wood"\ncolour = "#004400"\n'


def test_ids_names_of_any_case_and_digits_as_text_are_the_same(tmp_path: Path) -> None:
    write_image(tmp_path, SIZE)
    for values in (["Field", "Wood"], ["field ", "WOOD"], [1, 2], ["1", "2"], [1.0, 2.0]):
        write_polygons(tmp_path / "p.gpkg", [box(0, 0, 9, 9), box(20, 20, 30, 30)], note=["a", "b"], kind=values)
        data = opened(tmp_path, CLASSES, field="kind")
        assert count_labels(data.pairs[0], data.scheme).counts == (81, 100)


def test_without_classes_they_are_the_sorted_values_of_the_field(tmp_path: Path) -> None:
    write_image(tmp_path, SIZE)
    write_polygons(tmp_path / "p.gpkg", [box(i, 0, i + 1, 9) for i in range(4)], **{"class": ["b", "c", "b", None]})
    scheme = opened(tmp_path, rest="a").scheme
    assert scheme.names == ("a", "b", "c")
    assert len(set(scheme.colours)) == 3
    write_polygons(tmp_path / "p.gpkg", [box(i, 0, i + 1, 9) for i in range(3)], **{"class": [10, 9, 2]})
    assert opened(tmp_path).scheme.names == ("2", "9", "10")
    write_polygons(tmp_path / "p.gpkg", [box(0, 0, 9, 9)], **{"class": ["water"]})
    assert opened(tmp_path).scheme == MBRSC


@pytest.mark.parametrize(
    ("polygons", "options", "said"),
    [
        ({"note": ["a"], "kind": ["b"]}, {}, "not clear which field"),
        ({"kind": ["b"]}, {"field": "class"}, "has no field 'class'; it has kind"),
        ({"kind": ["Marsh"]}, {"extra": CLASSES}, "no class 'Marsh'"),
        ({"kind": ["Wood"]}, {"extra": CLASSES, "rest": "Marsh"}, "no class 'Marsh'"),
        ({"kind": ["b"]}, {"layer": "other"}, "cannot be read"),
        ({"kind": ["b"]}, {"area": "nowhere.gpkg"}, "cannot be read"),
        ({"kind": ["b"], "crs": None}, {}, "has no CRS"),
        ({"kind": [None]}, {}, "No polygon has a class"),
        ({"kind": ["b"], "at": 1000}, {}, "No polygon of .* lies on"),
    ],
)
def test_a_mistake_is_one_sentence(
    tmp_path: Path, polygons: dict[str, Any], options: dict[str, Any], said: str
) -> None:
    write_image(tmp_path, SIZE)
    at, crs = polygons.pop("at", 0), polygons.pop("crs", UTM40)
    write_polygons(tmp_path / "p.gpkg", [box(at, at, at + 9, at + 9)], crs, **polygons)
    with pytest.raises(DataError, match=said):
        opened(tmp_path, **options)


def test_an_image_without_georeference_cannot_have_polygons(tmp_path: Path) -> None:
    write_image(tmp_path, SIZE, crs=None)
    write_polygons(tmp_path / "p.gpkg", [box(0, 0, 9, 9)], kind=["b"])
    with pytest.raises(DataError, match="has no georeference"):
        opened(tmp_path)


def test_points_are_no_labels(tmp_path: Path) -> None:
    write_image(tmp_path, SIZE)
    write_polygons(tmp_path / "p.gpkg", [shapely.Point(GRID * (5, 5))], kind=["b"])
    with pytest.raises(DataError, match="No polygon of"):
        opened(tmp_path)


def test_a_pair_stays_usable_beside_a_broken_one(tmp_path: Path) -> None:
    write_image(tmp_path, SIZE)
    write_polygons(tmp_path / "p.gpkg", [box(0, 0, 9, 9)], kind=["b"])
    write_polygons(tmp_path / "far.gpkg", [box(900, 0, 909, 9)], kind=["b"])
    text = "".join(f'[[pairs]]\nimage = "image.tif"\npolygons = "{name}.gpkg"\n' for name in ("p", "far"))
    data = open_data(write_toml(tmp_path, text), strict=False)
    assert len(data.pairs) == 1
    (problem,) = data.problems
    assert (problem.kind, problem.path.name, problem.fatal) == ("polygons", "far.gpkg", True)
    assert isinstance(data.pairs[0], Pair)
