"""Running a model over whole labelled images, as `segment` does, and counting what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..config import SegmentConfig
from ..datasets.labelled_data import LabelledData
from ..datasets.pairs import Pair
from ..model.calibration import Reliability
from ..model.card import Card
from ..progress import Reporter
from ..segmentation.planning import plan_scene
from ..segmentation.predictor import Predictor
from ..segmentation.segment import Outputs, limit_gdal, segment_scene
from .class_matching import translation
from .counts import Counts, Rasters, count_image
from .seam_index import Seams, count_seams, seam_windows
from .thumbnails import Thumbnail

SAMPLED = 6
"""So many images, spread evenly, are looked at for seams and without the model's temperature."""


@dataclass(frozen=True)
class Sample:
    """What was measured on some of the images only."""

    images: int
    seams: Seams
    calibrated: Reliability
    """At the model's temperature."""
    uncalibrated: Reliability | None
    """Without it, on the same images; None if it is 1."""


@dataclass(frozen=True)
class Examination:
    """What was measured."""

    counts: tuple[Counts, ...]
    """Of each image."""
    reliability: Reliability
    """Of all images."""
    sample: Sample


def thumbnail_path(folder: Path, index: int) -> Path:
    """Where the thumbnail of an image is put aside."""
    return folder / f"{index}.npz"


def examine(
    data: LabelledData, predictor: Predictor, config: SegmentConfig, folder: Path, reporter: Reporter
) -> Examination:
    """Run a model over all images and count.

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
    work = _Work(data, predictor, config, folder, _Quiet(reporter))
    chosen = spread(len(data.pairs), SAMPLED)
    reporter.start("evaluate", _windows_in_all(data, predictor.model.card, config, chosen), "windows")
    everything, calibrated = Reliability(), Reliability()
    plain = None if predictor.model.card.temperature == 1 else Reliability()
    counts, seams = [], Seams()
    for index in range(len(data.pairs)):
        reporter.check()
        counts.append(work.count(index, everything))
        if index in chosen:
            pair = data.pairs[index]
            own = config_for(pair, predictor.model.card, config)
            seams += count_seams(str(pair.image), predictor, own, work.reporter)
            if plain is not None:
                work.compare_calibration(index, calibrated, plain)
    return Examination(tuple(counts), everything, Sample(len(chosen), seams, calibrated, plain))


def spread(total: int, wanted: int) -> frozenset[int]:
    """At most `wanted` indices of `total`, evenly spread."""
    count = min(total, wanted)
    return frozenset((2 * i + 1) * total // (2 * count) for i in range(count))


class _Quiet(Reporter):
    """Passes on what is left of a scene's reporting when many scenes are one task: windows, warnings, cancelling."""

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


@dataclass(frozen=True)
class _Work:
    """What is the same for all images."""

    data: LabelledData
    predictor: Predictor
    config: SegmentConfig
    folder: Path
    reporter: Reporter

    def count(self, index: int, reliability: Reliability) -> Counts:
        """Segment an image, count it, and put its thumbnail aside."""
        thumbnail = Thumbnail(self.data.pairs[index].size)
        counts = self._counted(index, self.predictor, reliability, thumbnail)
        thumbnail.save(thumbnail_path(self.folder, index))
        return counts

    def compare_calibration(self, index: int, calibrated: Reliability, plain: Reliability) -> None:
        """Count the confidence of an image once more, with the model's temperature and without."""
        model = self.predictor.model
        untempered = Predictor(replace(model, card=replace(model.card, temperature=1.0)), self.predictor.engine)
        self._counted(index, self.predictor, calibrated)
        self._counted(index, untempered, plain)

    def _counted(
        self, index: int, predictor: Predictor, reliability: Reliability, thumbnail: Thumbnail | None = None
    ) -> Counts:
        pair, scheme = self.data.pairs[index], predictor.model.card.classes
        rasters = Rasters(self.folder / "classes.tif", self.folder / "confidence.tif")
        outputs = Outputs(rasters.classes, rasters.confidence, overwrite=True)
        segment_scene(
            str(pair.image), outputs, predictor, config_for(pair, predictor.model.card, self.config), self.reporter
        )
        with limit_gdal(self.config):
            return count_image(
                pair,
                self.data.scheme,
                translation(scheme, self.data.scheme),
                rasters,
                classes=len(scheme),
                reliability=reliability,
                thumbnail=thumbnail,
            )


def _windows_in_all(data: LabelledData, card: Card, config: SegmentConfig, chosen: frozenset[int]) -> int:
    """Windows of the whole task; planning every image before the first is run finds those that do not fit."""
    total = 0
    for index, pair in enumerate(data.pairs):
        own, source = config_for(pair, card, config), str(pair.image)
        with limit_gdal(own), plan_scene(source, card, own) as (plan, _):
            windows = plan.window_count
        again = 2 * windows if card.temperature != 1 else 0
        total += windows + (again + seam_windows(source, card, own) if index in chosen else 0)
    return total


def config_for(pair: Pair, card: Card, config: SegmentConfig) -> SegmentConfig:
    """How an image is read: bands and nodata value that the data name for it count unless the user named others.

    Raises:
        DataError: The data name another number of bands than the model takes.
    """
    if config.nodata is None and pair.nodata is not None:
        config = replace(config, nodata=pair.nodata)
    if config.bands is not None or not pair.bands:
        return config
    return replace(config, bands=pair.indexes([band.name for band in card.bands]))
