"""The function `sample_points`: points in a class raster to be labelled, from which areas can be estimated."""

from __future__ import annotations

import math
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..config import EXPECTED_ACCURACY, SampleConfig
from ..errors import ParameterError
from ..files.outputs import lock_outputs, write_atomically
from ..progress import Reporter
from ..raster.identity import read_state, refuse_changed
from ..redaction import redact
from ..sentences import Sentence
from .class_map import CODES, ClassMap, ClassSurvey, open_class_map, survey_classes
from .clusters import choose_square, draw_clusters
from .design import SampledClass, SamplingDesign, compute_probabilities
from .sample_file import SamplePoints, refuse_replacing, write_sample
from .sample_size import allocate_points, compute_sample_size
from .sampler import DrawnPixels, Strata, draw_grid, draw_pixels

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..config import SampleOptions


ALIKE = 0.2
"""How alike the mistakes of the map are within a cluster, as a correlation, where the number of points is chosen."""


@dataclass(frozen=True)
class SampleResult:
    """What `sample_points` has made."""

    path: Path
    """The file that was written."""
    design: SamplingDesign
    """How the points were drawn, and from what."""

    @property
    def points(self) -> dict[str, int]:
        """Points by the name of the class that they were drawn in."""
        return {one.name: one.points for one in self.design.strata}


def sample_points(
    classes: str | PathLike[str],
    output: str | PathLike[str],
    *,
    overwrite: bool = False,
    reporter: Reporter | None = None,
    **options: Unpack[SampleOptions],
) -> SampleResult:
    """Draw a probability sample of the pixels of a class raster, to be labelled.

    The raster is read in windows, twice; memory does not grow with it. The points depend on the raster and on the
    options alone. Their order tells nothing of their classes.

    Args:
        classes: Class raster, anything that rasterio opens: one band of whole numbers, with up to 255 classes.
        output: GeoPackage to write, with the points, a form for QGIS in which they are labelled, and their design.
        overwrite: Whether an existing file may be replaced; one in which points are labelled never is.
        reporter: Receives progress in rows, and messages.
        **options: Fields of `SampleConfig`.

    Raises:
        ParameterError: An option is impossible, or there are not so many pixels.
        RasterReadError: The raster is missing, unreadable or damaged.
        SceneError: It is no class raster.
        OutputError: The output exists, holds labels, or cannot be written.
    """
    config, reporter, path = SampleConfig(**options), reporter or Reporter(), Path(output)
    if path.suffix.lower() != ".gpkg":
        raise ParameterError(
            "points-name",
            "The points {path} would be a GeoPackage under another name.",
            "Let it end in .gpkg.",
            path=path,
        )
    refuse_replacing(path)
    state = read_state(classes)
    with (
        lock_outputs("sample-points", path),
        write_atomically(path, overwrite=overwrite, inputs=state.files) as fresh,
        refuse_changed(classes, state),
        open_class_map(classes, config.nodata, reporter) as class_map,
    ):
        if not class_map.ground.in_metres:
            said = "The class raster has no CRS to measure in: areas are in pixels."
            reporter.message(Sentence("sample-in-pixels", said), "warning")
        survey = survey_classes(class_map, reporter)
        pixels, facts, clusters = _draw(class_map, survey, config, reporter)
        design = _describe(class_map, survey, config, pixels=pixels, facts=facts)
        ids = np.array([class_map.categories[code].id for code in pixels.codes.tolist()], np.int64)
        weights = _measure_pixels(class_map, survey, pixels)
        crs = class_map.dataset.crs
        write_sample(
            fresh,
            SamplePoints(
                np.arange(1, len(ids) + 1),
                pixels.rows,
                pixels.cols,
                tuple(class_map.names[code] for code in pixels.codes.tolist()),
                (None,) * len(ids),
                np.zeros(len(ids), bool),
                clusters,
            ),
            design,
            probabilities=compute_probabilities(design, ids, weights),
            crs_wkt=crs.to_wkt() if crs else None,
        )
    return SampleResult(path, design)


def _draw(
    class_map: ClassMap, survey: ClassSurvey, config: SampleConfig, reporter: Reporter
) -> tuple[DrawnPixels, dict[str, str], NDArray[np.int64] | None]:
    """Decide how many points there are and draw them; with what there is to know about that, and their clusters."""
    codes, accuracies = survey.codes, _collect_accuracies(class_map, survey, config)
    pixels, areas = survey.pixels[list(codes)], survey.areas[list(codes)]
    weights, total = areas / areas.sum(), int(pixels.sum())
    facts = {}
    points = config.points
    if points is None:
        stratified = config.method == "stratified"
        overall = np.array([weights @ accuracies])
        shares, expected = (weights, accuracies) if stratified else (np.ones(1), overall)
        points = compute_sample_size(shares, expected, config.standard_error, total)
        if stratified:
            points = max(points, int(np.minimum(config.minimum, pixels).sum()))
        if config.method == "cluster":
            points = math.ceil(points * (1 + (config.cluster_points - 1) * ALIKE))
        facts["standard_error"] = f"{config.standard_error:g}"
        said = "{points} points, for a standard error of {error:g} of the overall accuracy if that is about {share:.2f}"
        told = {"points": points, "error": config.standard_error, "share": float(weights @ accuracies)}
        reporter.message(Sentence("points-for-error", said, **told))
    if config.method == "systematic":
        drawn, step = draw_grid(class_map, total, points, config.seed)
        if len(drawn.rows) < 2:
            raise ParameterError(
                "grid-misses", "The grid meets fewer than two pixels.", "Draw more points, or take another --seed."
            )
        return drawn, {**facts, "grid_px": repr(step)}, None
    if config.method == "cluster":
        each, square = config.cluster_points, choose_square(class_map, config.cluster_side)
        count = max(2, math.ceil(points / each))
        drawn, clusters = draw_clusters(
            class_map, total, clusters=count, each=each, square=square, seed=config.seed, reporter=reporter
        )
        noted = {"clusters": str(count), "cluster_points": str(each), "cluster_side": f"{config.cluster_side:g}"}
        return drawn, {**facts, **noted}, clusters
    of_code = np.full(CODES, -1, np.int64)
    of_code[list(codes)] = range(len(codes)) if config.method == "stratified" else 0
    if config.method == "stratified":
        facts |= {"allocation": config.allocation, "minimum": str(config.minimum)}
        given = {"method": config.allocation, "minimum": config.minimum}
        sizes = allocate_points(points, weights, accuracies, pixels=pixels, **given)  # type: ignore[arg-type]
    else:
        sizes, pixels = np.array([points]), np.array([total])
        if points > total:
            raise ParameterError(
                "pixels-too-few",
                "The class raster has {pixels} pixels, fewer than {points} points.",
                "Draw fewer points.",
                pixels=total,
                points=points,
            )
    if config.min_distance:
        facts["min_distance"] = f"{config.min_distance:g}"
        said = (
            "Points that keep a distance are a probability sample only nearly: the probabilities are those without it."
        )
        reporter.message(Sentence("points-keep-distance", said))
    strata = Strata(of_code, pixels, sizes)
    drawn = draw_pixels(class_map, strata, config.seed, min_distance=config.min_distance, reporter=reporter)
    return drawn, facts, None


def _collect_accuracies(class_map: ClassMap, survey: ClassSurvey, config: SampleConfig) -> NDArray[np.float64]:
    """Collect the user's accuracies that are expected, by stratum.

    Raises:
        ParameterError: There is no such class.
    """
    expected = {
        code: share
        for name, share in config.expected_accuracy.items()
        for code in class_map.categories.find_codes([name])
    }
    return np.array([expected.get(code, EXPECTED_ACCURACY) for code in survey.codes])


def _describe(
    class_map: ClassMap, survey: ClassSurvey, config: SampleConfig, *, pixels: DrawnPixels, facts: dict[str, str]
) -> SamplingDesign:
    """Describe how the pixels were drawn."""
    drawn = np.bincount(pixels.codes, minlength=CODES)
    classes = []
    for code in class_map.list_classes(survey):
        one = class_map.find_class(code)
        amount = int(survey.pixels[code]), float(survey.areas[code]), int(drawn[code])
        classes.append(SampledClass(one.id, one.name, one.colour, *amount))
    return SamplingDesign(
        config.method,
        tuple(classes),
        "ha" if class_map.ground.in_metres else "px",
        config.seed,
        redact(Path(fspath(class_map.dataset.name)).name),
        survey.digest,
        class_map.dataset.transform,
        facts,
    )


def _measure_pixels(class_map: ClassMap, survey: ClassSurvey, pixels: DrawnPixels) -> NDArray[np.float64]:
    """Measure the area of drawn pixels, in the unit of areas."""
    if class_map.ground.has_even_pixels:
        return np.full(len(pixels.rows), survey.areas.sum() / survey.pixels.sum())
    one = np.zeros((1, 1), np.uint8)
    factor = class_map.area_factor
    places = zip(pixels.rows.tolist(), pixels.cols.tolist(), strict=True)
    return np.array([class_map.ground.measure_classes(one, row, col)[0] * factor for row, col in places])
