"""The function `suggest`: a map to squares that are worth looking at, with its polygons in them to be corrected."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import numpy as np
from affine import Affine
from shapely.geometry import Polygon

from ..errors import ParameterError, SceneError
from ..files.outputs import check_output
from ..polygons.polygonize import polygonize
from ..polygons.source import open_class_raster, open_confidence
from ..progress import Reporter
from ..raster.categories import CLASSES_TAG, Categories, make_categories, read_declared
from ..raster.class_raster import JOB_TAG, PARAMETERS_TAG
from ..raster.class_values import find_class_values
from ..raster.geodesy import require_located
from ..raster.opening import Dataset, create_raster, gdal_environment, is_remote, refuse_large_blocks
from ..raster.window import Window
from ..segmentation.job import MODEL_TAG, UNLIKE_BAND
from ..sentences import Sentence
from .coverage_edits import snap_to_grid
from .ranking import MapLayers, choose_side, rank_squares
from .review_file import Label, Square, create_review
from .squares import choose_squares

if TYPE_CHECKING:
    from typing_extensions import Unpack

CACHE = 64 << 20
"""Bytes that GDAL keeps of rasters."""


class SuggestOptions(TypedDict, total=False):
    """Fields of `SuggestConfig` as keyword arguments, each with its meaning and default there."""

    count: int
    side: float
    check_share: float
    seed: int
    min_area: float
    simplify: float


@dataclass(frozen=True, kw_only=True)
class SuggestConfig:
    """Which squares are suggested, and what is in them to begin with.

    Raises:
        ParameterError: A value is impossible.
    """

    count: int = 20
    """How many squares."""
    side: float = 128.0
    """Side of a square, m; px without CRS."""
    check_share: float = 0.25
    """Share of the squares that are drawn by chance, to check with; 0…1."""
    seed: int = 0
    """Of that draw."""
    min_area: float = 4.0
    """Smaller regions go to the neighbour that they share the longest edge with, m², or px² without CRS."""
    simplify: float = 0.0
    """How far shared edges are simplified, metres, or pixels without CRS."""

    def __post_init__(self) -> None:
        if not 0 < self.count <= 100_000:
            raise ParameterError("squares-count", "-n {value} is no number of squares to look at.", value=self.count)
        if not 0 < self.side < 1e7:
            said = "--side {value:g} must be a positive number of metres."
            raise ParameterError("side-positive", said, value=self.side)
        if not 0 <= self.check_share <= 1:
            said = "--check-share {value:g} is not between 0 and 1."
            raise ParameterError("check-share-range", said, value=self.check_share)
        if not 0 <= self.seed < 1 << 63:
            raise ParameterError("seed-range", "--seed {value} must be a whole number from 0 up.", value=self.seed)


@dataclass(frozen=True)
class Suggestion:
    """What `suggest` has made."""

    path: Path
    """The review file."""
    squares: tuple[Square, ...]
    """The squares in it."""
    labels: int
    """Polygons in them."""

    @property
    def checks(self) -> int:
        """How many squares are there to check with."""
        return sum(square.role == "check" for square in self.squares)


def suggest(
    classes: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    confidence: str | os.PathLike[str],
    unlike: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
    reporter: Reporter | None = None,
    **options: Unpack[SuggestOptions],
) -> Suggestion:
    """Suggest squares of a map that are worth looking at, and write them with the map's polygons to be corrected.

    The squares are those with the highest mean of uncertainty × rarity of the class × distance from the training
    images, no two of them next to each other; a share of them is drawn by chance instead, to check a model with that
    never sees them. In every square lie the polygons of the map, cut at its border, a coverage without gaps or
    overlaps. What is kept in memory does not grow with the raster but by a few numbers for each square of it.

    Args:
        classes: Class raster.
        output: GeoPackage to write, which opens in QGIS in the colours of the classes.
        confidence: Confidence raster of the same run.
        unlike: Raster of the distance from the training images of the same run; None: it counts as normal everywhere.
        overwrite: Whether an earlier review may be replaced, if nobody has worked in it.
        reporter: Receives progress and messages.
        **options: Fields of `SuggestConfig`.

    Raises:
        RasterReadError: A raster is missing, unreadable or damaged.
        SceneError: It is no class raster, the others are not on its grid or say that they are something else, or no
            square fits into it.
        ParameterError: An option is impossible, or the output has another ending.
        OutputError: The output exists or cannot be written, or somebody has worked in it.
        Cancelled: The run was cancelled.
    """
    config, reporter, target = SuggestConfig(**options), reporter or Reporter(), Path(output)
    if target.suffix.lower() != ".gpkg":
        raise ParameterError(
            "review-name", "The review {path} is no GeoPackage.", "Give it a name that ends in .gpkg.", path=target
        )
    inputs = [str(path) for path in (classes, confidence, unlike) if path is not None]
    check_output(target, overwrite=overwrite, inputs=tuple(inputs))
    with (
        gdal_environment(CACHE),
        open_class_raster(os.fspath(classes)) as dataset,
        open_confidence(os.fspath(confidence), dataset) as sure,
        open_confidence(None if unlike is None else os.fspath(unlike), dataset) as far,
    ):
        if sure is None:
            raise ParameterError(
                "review-needs-confidence", "Squares are not ranked without a confidence raster.", "Add --confidence."
            )
        _require_same_run(dataset, sure, far)
        for one in filter(None, (dataset, sure, far)):
            refuse_large_blocks(one, 1 << 30)
        require_located(dataset)
        declared = read_declared(dataset)
        values = find_class_values(dataset, declared, None, reporter)
        categories = make_categories(declared, values.values)
        layers = MapLayers(dataset, values, sure, far)
        lattice, scores = rank_squares(layers, choose_side(dataset, config.side), reporter)
        chosen = choose_squares(scores.score, config.count, check_share=config.check_share, seed=config.seed)
        if not chosen:
            raise SceneError(
                "review-no-square", "No square of {map} has data.", "Give a smaller --side.", map=dataset.name
            )
        if len(chosen) < config.count:
            said = "There is place for {count} squares only, as no two may touch: a smaller --side gives more."
            reporter.message(Sentence("squares-fewer", said, count=len(chosen)), "warning")
        squares, labels = [], []
        reporter.start("polygons of the squares", len(chosen), "squares")
        for number, one in enumerate(chosen, 1):
            window, place = lattice.window(one.row, one.col), (one.row, one.col)
            told = (scores.score, scores.uncertainty, scores.rarity, scores.distance)
            outline = _draw_outline(window, dataset.transform)
            made = Square(number, one.role, outline, "open", *(float(plane[place]) for plane in told))
            squares.append(replace(made, polygon=snap_to_grid(outline, outline)))
            for label in _draw_labels(layers, categories, window, number, config):
                labels.append(replace(label, polygon=snap_to_grid(label.polygon, outline)))
            reporter.advance()
        crs_wkt = dataset.crs.to_wkt() if dataset.crs else None
        used = {label.class_id for label in labels} | {categories[code].id for code in categories.declared}
        facts = _collect_facts(dataset.tags(), classes, target, config)
    listed = [one for one in categories.classes if one.id in used]
    create_review(target, squares, labels, classes=listed, crs_wkt=crs_wkt, facts=facts, overwrite=overwrite)
    return Suggestion(target, tuple(squares), len(labels))


def _require_same_run(classes: Dataset, sure: Dataset, far: Dataset | None) -> None:
    """Refuse rasters that say of themselves that they are something else, as any numbers would rank squares.

    Those of other programs say nothing and are believed.

    Raises:
        SceneError: One does.
    """
    own = classes.tags()
    for raster, option in ((sure, "--confidence"), (far, "--unlike")):
        if raster is None:
            continue
        tags = raster.tags()
        begins = UNLIKE_BAND.partition(",")[0] if option == "--unlike" else ""
        described = (raster.descriptions[0] or "").partition(",")[0]
        if CLASSES_TAG in tags or (JOB_TAG in tags and described != begins):
            raise SceneError(
                "review-other-raster",
                "{raster} is another raster than {option} takes.",
                "Give the one that aerialseg segment has written with {option}.",
                raster=raster.name,
                option=option,
            )
        if any(tags[name] != own[name] for name in (MODEL_TAG, PARAMETERS_TAG) if name in tags and name in own):
            raise SceneError(
                "review-other-run",
                "{raster} is of another model than {classes}, or of one that was run otherwise.",
                "Give the one that aerialseg segment has written with {option} in the same run.",
                raster=raster.name,
                classes=classes.name,
                option=option,
            )


def _draw_outline(window: Window, transform: Affine) -> Polygon:
    left, top, right, bottom = window.col, window.row, window.col + window.width, window.row + window.height
    return Polygon([transform * corner for corner in ((left, top), (right, top), (right, bottom), (left, bottom))])


def _draw_labels(
    layers: MapLayers, categories: Categories, window: Window, number: int, config: SuggestConfig
) -> list[Label]:
    """Draw the polygons of the map in a square."""
    codes = layers.read_codes(window)
    profile = {
        "driver": "GTiff",
        "dtype": "uint8",
        "count": 1,
        "nodata": 0,
        "height": window.height,
        "width": window.width,
        "crs": layers.classes.crs,
        "transform": layers.classes.transform * Affine.translation(window.col, window.row),
    }
    with tempfile.TemporaryDirectory(prefix="aerialseg-") as folder:
        path = Path(folder, "square.tif")
        with create_raster(path, **profile) as cut:
            cut.write(codes, 1)
        frame = polygonize(path, min_area=config.min_area, simplify=config.simplify, threads=1)
    labels = []
    for code, polygon in zip(np.asarray(frame["class_id"]).tolist(), frame.geometry, strict=True):
        class_id = categories[code].id
        labels.append(Label(class_id, polygon, number, class_id))
    return labels


def _collect_facts(
    tags: dict[str, str], classes: str | os.PathLike[str], target: Path, config: SuggestConfig
) -> dict[str, str]:
    """Collect what a review is made from: the map, the scene and the model that it was made of, and the options."""
    parameters = {name: getattr(config, name) for name in SuggestOptions.__annotations__}
    return {
        "classes": _name_from(os.fspath(classes), target),
        "scene": _name_from(tags.get("AERIALSEG_SOURCE", ""), target),
        "model": tags.get("AERIALSEG_MODEL", ""),
        "model_sha256": tags.get("AERIALSEG_MODEL_SHA256", ""),
        "scene_parameters": tags.get(PARAMETERS_TAG, "{}"),
        "parameters": json.dumps(parameters),
    }


def _name_from(source: str, target: Path) -> str:
    """Name a file as seen from the folder of the review, so that both can be moved together; anything else as it is."""
    if source and not is_remote(source) and Path(source).exists():
        return Path(os.path.relpath(source, target.parent)).as_posix()
    return source


def list_chosen(squares: Sequence[Square]) -> list[str]:
    """List squares for people, a line each."""
    return [
        f"{one.number:>4} {one.role:<5} score {one.score:.3f}: uncertainty {one.uncertainty:.2f}, rarity"
        f" {one.rarity:.2f}, distance {one.distance:.2f}"
        for one in squares
    ]
