"""The public function `evaluate`: run a model over whole labelled images, compare, and write the report."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from ..config import Blend, DeviceName, EngineName, SegmentConfig, SharedRange, Tta
from ..datasets.labelled_data import LabelledData, open_data
from ..datasets.pairs import Pair, map_bands
from ..errors import DataError, OutputError, ParameterError
from ..files.outputs import check_folder, lock_outputs, write_folder_atomically
from ..files.texts import write_json
from ..metrics import Accuracy
from ..model.calibration import Reliability
from ..model.card import Card
from ..progress import Reporter
from ..segmentation.job import Outputs, limit_gdal
from ..segmentation.planning import GSD_TOLERANCE, plan_scene
from ..segmentation.predictor import Predictor, load_predictor
from ..segmentation.segment import segment_scene
from .annotators import measure_annotators
from .counts import Counts, Rasters, count_image
from .report import write_report
from .results import (
    Measurements,
    SampleMeasurements,
    Scope,
    TrainingImages,
    add_counts,
    collect_results,
    describe_origin,
)
from .seam_index import SeamCounts, count_seam_windows, count_seams
from .thumbnails import Thumbnail, name_thumbnail

if TYPE_CHECKING:
    from typing_extensions import Unpack

FIGURES, PAGE = "evaluation.json", "index.html"
FILES = frozenset({FIGURES, PAGE})
"""The files of a report."""

SAMPLED = 6
"""So many images, spread evenly, are looked at for seams and without the model's temperature."""

_GRID_OPTIONS = ("out_gsd", "extent", "mask")


class EvaluateOptions(TypedDict, total=False):
    """Fields of `SegmentConfig` that an evaluation takes as keyword arguments, each with its meaning there."""

    bands: tuple[int, ...] | None
    range: tuple[float, float] | Literal["auto", "per-raster"] | SharedRange
    nodata: float | None
    gsd: Literal["auto", "source"] | float
    blend: Blend
    overlap: float
    tta: Tta
    engine: EngineName
    device: DeviceName
    memory: int
    block: int
    threads: int


@dataclass(frozen=True)
class EvaluationResult:
    """What an evaluation found."""

    report: Path
    """Folder of the report."""
    page: Path
    """The page for people in it."""
    figures: Path
    """The figures as JSON in it."""
    scores: Accuracy
    """The scores that training reports too."""
    findings: dict[str, Any]
    """What is in the JSON."""


def evaluate(
    model: str | Path,
    data: str | Path,
    output: str | Path,
    *,
    overwrite: bool = False,
    reporter: Reporter | None = None,
    **options: Unpack[EvaluateOptions],
) -> EvaluationResult:
    """Measure how good a model is on labelled images: whole images, through the pipeline of `segment`.

    Args:
        model: Name of a shipped model, or path of a model file.
        data: Folder of `images/` and `masks/`, or a TOML that pairs rasters with labels.
        output: Folder of the report to make: `index.html` for people, `evaluation.json` for programs.
        overwrite: Whether an earlier report may be replaced.
        reporter: Receives progress and messages.
        **options: Fields of `SegmentConfig` but those that move the pixels, as labels are compared pixel by pixel.

    Returns:
        The paths and the scores.

    Raises:
        AerialSegError: One of its subclasses; nothing is left behind.
    """
    for name in _GRID_OPTIONS:
        if name in options:
            raise ParameterError(
                "evaluate-no-meaning",
                "`{name}` has no meaning in an evaluation.",
                "Labels are compared pixel by pixel.",
                name=name,
            )
    config = SegmentConfig(model=str(model), **options)
    target, reporter = Path(output), reporter or Reporter()
    check_folder(target, FILES, overwrite=overwrite)
    labelled = open_data(data, reporter=reporter)
    if labelled.root.is_dir() and target.resolve() == labelled.root.resolve():  # the report replaces what is there
        raise OutputError(
            "evaluate-into-data",
            "The output {target} is also the folder of the data.",
            "Choose another one.",
            target=target,
        )
    predictor = load_predictor(config, check=reporter.check)
    for text in [*_list_doubts(labelled, predictor), *_list_odd_bands(labelled, predictor, config)]:
        reporter.message(text, "warning")
    with lock_outputs("evaluate", target), write_folder_atomically(target, FILES, overwrite=overwrite) as folder:
        with tempfile.TemporaryDirectory(prefix=".work-", dir=folder) as work:
            measured = measure_images(labelled, predictor, config, Path(work), reporter)
            annotators = measure_annotators(labelled, reporter)
            card = predictor.model.card
            trained_on = TrainingImages.of_card(card)
            findings = collect_results(labelled, card.classes, measured, annotators, trained_on=trained_on)
            findings |= describe_origin(labelled, predictor, config, target)
            write_report(folder / PAGE, findings, labelled, config, Path(work))
        write_json(folder / FIGURES, findings)
    scores = Scope(card.classes, labelled.scheme).measure(add_counts(measured.counts)[0])
    return EvaluationResult(target, target / PAGE, target / FIGURES, scores, findings)


def measure_images(
    data: LabelledData, predictor: Predictor, config: SegmentConfig, folder: Path, reporter: Reporter
) -> Measurements:
    """Run a model over all images, as `segment` does, and count what becomes of them.

    Args:
        data: The labelled images.
        predictor: The model.
        config: How the images are read and segmented.
        folder: For class rasters, one image at a time, and for the thumbnails, which stay there.
        reporter: Counts windows, and may cancel.

    Raises:
        DataError: The model does not know a class of the data.
        SceneError: An image does not fit the model.
        RasterReadError, EngineError, Cancelled: As `segment`.
    """
    card = predictor.model.card
    rasters, quiet = Rasters(folder / "classes.tif", folder / "confidence.tif"), _SceneReporter(reporter)

    def count(pair: Pair, used: Predictor, reliability: Reliability, thumbnail: Thumbnail | None = None) -> Counts:
        outputs = Outputs(rasters.classes, rasters.confidence, overwrite=True)
        segment_scene(str(pair.image), outputs, used, configure_image(pair, card, config), quiet)
        with limit_gdal(config):
            return count_image(
                pair,
                data.scheme,
                rasters,
                model_scheme=card.classes,
                reliability=reliability,
                thumbnail=thumbnail,
            )

    chosen = spread_evenly(len(data.pairs), SAMPLED)
    reporter.start("evaluate", _count_windows(data, card, config, chosen), "windows")
    everything, calibrated = Reliability(), Reliability()
    uncalibrated = None if card.temperature == 1 else Reliability()
    without_temperature = Predictor(replace(predictor.model, card=replace(card, temperature=1.0)), predictor.engine)
    counts, seams = [], SeamCounts()
    for index, pair in enumerate(data.pairs):
        reporter.check()
        thumbnail = Thumbnail(pair.size)
        counts.append(count(pair, predictor, everything, thumbnail))
        thumbnail.save(name_thumbnail(folder, index))
        if index in chosen:
            seams += count_seams(str(pair.image), predictor, configure_image(pair, card, config), quiet)
            if uncalibrated is not None:
                count(pair, predictor, calibrated)
                count(pair, without_temperature, uncalibrated)
    sample = SampleMeasurements(len(chosen), seams, calibrated, uncalibrated)
    return Measurements(tuple(counts), everything, sample)


def spread_evenly(total: int, wanted: int) -> frozenset[int]:
    """Choose at most `wanted` indices of `total`, evenly spread."""
    count = min(total, wanted)
    return frozenset((2 * i + 1) * total // (2 * count) for i in range(count))


def _list_doubts(labelled: LabelledData, predictor: Predictor) -> list[str]:
    """List what a user should know before reading the scores."""
    card = predictor.model.card
    doubts = [problem.text for problem in labelled.problems]
    trained_on = TrainingImages.of_card(card)
    if seen := sum(trained_on.include(pair, labelled) for pair in labelled.pairs):
        doubts.append(f"The model was trained on {seen} of the {len(labelled.pairs)} images.")
    finest, coarsest = card.gsd_range
    stated = {pair.gsd for pair in labelled.pairs if pair.gsd is not None}
    if any(not finest / GSD_TOLERANCE <= gsd <= coarsest * GSD_TOLERANCE for gsd in stated):
        doubts.append(
            f"The data state a ground resolution of {', '.join(f'{gsd:g}' for gsd in sorted(stated))} m, the model is"
            f" made for {finest:g} to {coarsest:g} m; images without a CRS are read as they are."
        )
    return doubts


def _list_odd_bands(labelled: LabelledData, predictor: Predictor, config: SegmentConfig) -> list[str]:
    """List what is doubtful about the bands that are read, a line for each kind of image."""
    if config.bands is not None:
        return []
    try:
        mappings = map_bands(labelled.pairs, [band.name for band in predictor.model.card.bands])
    except DataError:  # planning refuses it
        return []
    return [f"{mapping.text}, and so does --bands." for mapping in mappings if mapping.choice.note]


def _count_windows(data: LabelledData, card: Card, config: SegmentConfig, chosen: frozenset[int]) -> int:
    """Count the windows of the whole task; planning every image before the first is run finds those that do not fit."""
    total = 0
    for index, pair in enumerate(data.pairs):
        own, source = configure_image(pair, card, config), str(pair.image)
        with limit_gdal(own), plan_scene(source, card, own) as (plan, _):
            windows = plan.window_count
        again = 2 * windows if card.temperature != 1 else 0
        total += windows + (again + count_seam_windows(source, card, own) if index in chosen else 0)
    return total


def configure_image(pair: Pair, card: Card, config: SegmentConfig) -> SegmentConfig:
    """Decide how an image is read: bands and nodata value that the data name for it count unless the user named others.

    Raises:
        DataError: The data name another number of bands than the model takes.
    """
    if config.nodata is None and pair.nodata is not None:
        config = replace(config, nodata=pair.nodata)
    if config.bands is not None or not pair.bands:
        return config
    return replace(config, bands=pair.indexes([band.name for band in card.bands]))


class _SceneReporter(Reporter):
    """A reporter of a scene when many scenes are one task: passes on windows, warnings and cancelling."""

    def __init__(self, outer: Reporter) -> None:
        super().__init__()
        self._outer = outer

    def advance(self, n: int = 1, **state: Any) -> None:
        self._outer.advance(n, **state)

    def check(self) -> None:
        self._outer.check()

    def message(self, text: str, level: str = "info") -> None:
        if level != "info":
            self._outer.message(text, level)
