"""The function `estimate_areas`: labelled points of a sample to areas and accuracies with intervals."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from ..config import AreaConfig
from ..errors import DataError
from ..files.outputs import check_folder, lock_outputs, write_folder_atomically
from ..files.vectors import read_info
from ..progress import Reporter
from ..raster.geodesy import is_same_crs
from ..redaction import redact
from ..sentences import Sentence
from .class_map import ClassMap, ClassSurvey, open_class_map, survey_classes
from .design import SamplingDesign
from .estimators import AccuracyEstimates, ClusterSample, Estimate, Sample, estimate_accuracy
from .report import FILES, write_report
from .sample_file import POINTS, SHOWN, SamplePoints, read_labels, read_sample
from .zones import Zones, read_zones

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..config import AreaOptions

VERSION = 1
"""Version of `areas.json`."""

FEW = 30
"""A zone with fewer points is flagged: its interval is wide, and itself not sure."""

FEW_CLUSTERS = 30
"""Intervals of fewer clusters are not reliable."""


@dataclass(frozen=True)
class AreasResult:
    """What `estimate_areas` found."""

    report: Path | None
    """Folder of the report; None if none was asked for."""
    findings: dict[str, Any]
    """What is in `areas.json`."""

    @property
    def areas(self) -> dict[str, dict[str, float | None]]:
        """Area of each class by name: `value`, `standard_error`, `low`, `high`, in `findings["unit"]`."""
        return {one["name"]: one["area"] for one in self.findings["classes"]}


@dataclass(frozen=True)
class _Labelled:
    """Labelled points of a sample, as numbers of classes."""

    design: SamplingDesign
    points: SamplePoints
    names: tuple[str, ...]
    """Names of the classes."""
    strata: NDArray[np.int64]
    """Stratum of each point, a number of `design.strata`."""
    mapped: NDArray[np.int64]
    """Its class in the map."""
    truth: NDArray[np.int64]
    """Its class on the ground."""
    clusters: NDArray[np.int64] | None
    """Its cluster; None for a sample without clusters."""

    def take(self, kept: NDArray[np.bool_]) -> _Labelled:
        """Take some of the points."""
        return replace(
            self,
            strata=self.strata[kept],
            mapped=self.mapped[kept],
            truth=self.truth[kept],
            clusters=None if self.clusters is None else self.clusters[kept],
        )

    def count(self, kinds: NDArray[np.int64], total: int) -> Sample | ClusterSample:
        """Count the points of each stratum by kind.

        Poststrata of a simple random sample with fewer than two points are put together, the rarest classes first.

        Args:
            kinds: Kind of each point, 0…total − 1.
            total: How many kinds there are.

        Raises:
            DataError: A stratum has fewer than two points.
        """
        strata = self.design.strata
        pixels = np.array([one.pixels for one in strata], np.float64)
        areas = np.array([one.area for one in strata])
        drawn = np.bincount(self.strata, minlength=len(strata))
        group = np.arange(len(strata))
        few = (drawn < 2) & (drawn < pixels)
        stratified = self.design.method == "stratified"
        if stratified and few.any():
            names = ", ".join(one.name for one, flag in zip(strata, few, strict=True) if flag)
            raise DataError(
                "points-too-few-labelled",
                "Fewer than two points are labelled in {names}: nothing tells how sure an estimate is.",
                "Label more points there.",
                names=names,
            )
        if not stratified and few.any():
            order = np.lexsort((pixels, ~few))  # the rare ones, then from the smallest on until there are two points
            merged = order[: max(int(few.sum()), int(np.searchsorted(np.cumsum(drawn[order]), 2)) + 1)]
            group[merged] = merged.min()
        numbers = np.unique(group, return_inverse=True)[1].ravel()
        weights = np.asarray(np.bincount(numbers, areas / areas.sum()), np.float64)
        if self.clusters is not None:
            return self._count_clusters(self.clusters, numbers[self.strata], kinds, (len(weights), total), weights)
        counts = np.zeros((len(weights), total), np.int64)
        np.add.at(counts, (numbers[self.strata], kinds), 1)
        return Sample(counts, weights, np.asarray(np.bincount(numbers, pixels), np.float64), not stratified)

    def _count_clusters(
        self,
        clusters: NDArray[np.int64],
        strata: NDArray[np.int64],
        kinds: NDArray[np.int64],
        shape: tuple[int, int],
        weights: NDArray[np.float64],
    ) -> ClusterSample:
        """Count the points of each cluster; those of one that has few pixels count more, so that all count alike.

        Raises:
            DataError: Points of one cluster only are labelled.
        """
        there, number = np.unique(clusters, return_inverse=True)
        if len(there) < 2:
            raise DataError(
                "clusters-too-few",
                "Points of one cluster only are labelled: nothing tells how sure an estimate is.",
                "Label more of them.",
            )
        drawn = self.points.clusters
        size = np.bincount(clusters if drawn is None else drawn)[clusters]
        counts = np.zeros((len(there), *shape))
        np.add.at(counts, (number.ravel(), strata, kinds), 1 / size)
        return ClusterSample(counts, weights)

    def estimate(self) -> AccuracyEstimates:
        """Estimate accuracies and shares of the area."""
        classes = len(self.names)
        return estimate_accuracy(self.count(self.mapped * classes + self.truth, classes * classes), classes)


def estimate_areas(
    classes: str | PathLike[str],
    points: str | PathLike[str],
    output: str | PathLike[str] | None = None,
    *,
    overwrite: bool = False,
    reporter: Reporter | None = None,
    **options: Unpack[AreaOptions],
) -> AreasResult:
    """Estimate the area of each class, and how right a map is, from labelled points of a probability sample.

    The map may be another one than the points were drawn from: then their strata are not its classes, and the
    estimators are those of Stehman (2014).

    Args:
        classes: Class raster whose accuracy is estimated, anything that rasterio opens.
        points: What `sample_points` has written, with labels.
        output: Folder of the report to make: `index.html` for people, `areas.json` and `areas.csv` for programs, and
            `zones.csv` where there are zones; None for no report.
        overwrite: Whether an earlier report may be replaced.
        reporter: Receives progress in rows, and messages.
        **options: Fields of `AreaConfig`.

    Raises:
        DataError: The points are no probability sample, some have no label, or a label is no class.
        RasterReadError: The raster is missing, unreadable or damaged.
        SceneError: It is no class raster.
        OutputError: The output exists, or cannot be written.
    """
    config, reporter = AreaConfig(**options), reporter or Reporter()
    target = None if output is None else Path(output)
    if target is not None:
        check_folder(target, FILES, overwrite=overwrite)
    design, sample = read_sample(fspath(points))
    if config.labels is not None:
        sample = replace(sample, labels=read_labels(config.labels, design, sample.ids))
    has_label = _require_labels(sample, config.incomplete)
    with open_class_map(classes, config.nodata, reporter) as class_map:
        survey = survey_classes(class_map, reporter)
        if survey.digest != design.map_digest and design.unit == "ha":
            _require_same_crs(class_map, fspath(points))
        places = locate(design, sample)
        labelled = _number_classes(class_map, survey, design, sample, places=places, has_label=has_label)
        findings = _describe(labelled, has_label, class_map, survey)
        if config.zones is not None:
            zones = read_zones(config.zones, config.zone_column, class_map)
            member, measured = zones.find(*places)[has_label], zones.measure(class_map, reporter)
            _require_ground(measured, config.zones, class_map)
            findings["zones"] = _describe_zones(labelled, zones, member, measured)
            findings["notes"] += zones.notes
    for note in findings["notes"]:
        reporter.message(note, "warning")
    if target is not None:
        with lock_outputs("areas", target), write_folder_atomically(target, FILES, overwrite=overwrite) as folder:
            write_report(folder, findings)
    return AreasResult(target, findings)


def _require_labels(sample: SamplePoints, incomplete: bool) -> NDArray[np.bool_]:
    """Find the points that have a label.

    Raises:
        DataError: Not all have one, and that is not allowed; or none has.
    """
    has_label = np.array([one is not None for one in sample.labels], bool)
    missing = sample.ids[~has_label].tolist()
    if not has_label.any():
        raise DataError(
            "points-unlabelled",
            "None of the {points} points has a label.",
            "Open them in QGIS and say what is on the ground, or give the labels with --labels.",
            points=len(sample.ids),
        )
    if missing and not incomplete:
        listed = ", ".join(map(str, missing[:SHOWN])) + (" …" if len(missing) > SHOWN else "")
        raise DataError(
            "points-partly-unlabelled",
            "Without a label: {missing} of the {points} points ({listed}).",
            "Label what is missing; or allow with --incomplete that it is left out, as if that were chance.",
            missing=len(missing),
            points=len(sample.ids),
            listed=listed,
        )
    return has_label


def locate(design: SamplingDesign, sample: SamplePoints) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Locate points in the CRS of the map that they were drawn from, x and y.

    Args:
        design: How they were drawn.
        sample: The points.
    """
    a, b, c, d, e, f = design.transform[:6]
    col, row = sample.cols + 0.5, sample.rows + 0.5
    return a * col + b * row + c, d * col + e * row + f


def _require_same_crs(class_map: ClassMap, path: str) -> None:
    """Refuse another map in another CRS than the points.

    Raises:
        DataError: It is.
    """
    text, crs = read_info(path, POINTS)["crs"], class_map.dataset.crs
    if not text or not is_same_crs(text, crs.to_wkt() if crs else None):
        raise DataError(
            "points-other-crs",
            "The points are in another CRS than {map}.",
            "Give the map that they were drawn from, or one in the same CRS.",
            map=class_map.dataset.name,
        )


def _number_classes(
    class_map: ClassMap,
    survey: ClassSurvey,
    design: SamplingDesign,
    sample: SamplePoints,
    *,
    places: tuple[NDArray[np.float64], NDArray[np.float64]],
    has_label: NDArray[np.bool_],
) -> _Labelled:
    """Give every class a number, and find those of the labelled points.

    Raises:
        DataError: A label is no class, or the map has no class at a point.
    """
    if survey.digest == design.map_digest:
        mapped_names = list(sample.map_classes)
    else:
        a, b, c, d, e, f = (~class_map.dataset.transform)[:6]
        rows = np.floor(d * places[0] + e * places[1] + f).astype(int).tolist()
        cols = np.floor(a * places[0] + b * places[1] + c).astype(int).tolist()
        mapped_names = [class_map.names.get(code, "") for code in class_map.read_pixels(rows, cols)]
        if nothing := sum(name == "" for name in mapped_names):
            raise DataError(
                "points-outside-map",
                "{map} has no class at {points} of the points.",
                "Give a map of all the ground that they were drawn from.",
                map=class_map.dataset.name,
                points=nothing,
            )
    known = [one.name for one in design.classes]
    known += [class_map.names[code] for code in survey.codes if class_map.names[code] not in known]
    folded = {name.casefold(): name for name in reversed(known)}
    labels = [folded.get((label or "").casefold(), label) for label in sample.labels]
    strange = sorted({label for label in labels if label is not None and label.casefold() not in folded})
    if strange:
        raise DataError(
            "label-no-class",
            "{labels} is no class of the map.",
            "Its classes are {known}.",
            labels=", ".join(strange),
            known=", ".join(known),
        )
    there = {*mapped_names, *labels, *(one.name for one in design.strata)}
    names = [name for name in known if name in there]
    stratum = {one.name: i for i, one in enumerate(design.strata)}
    return _Labelled(
        design,
        sample,
        tuple(names),
        np.array([stratum[name] for name in sample.map_classes])[has_label],
        np.array([names.index(name) for name in mapped_names])[has_label],
        np.array([names.index(label) for label in labels if label is not None]),
        None if sample.clusters is None else sample.clusters[has_label],
    )


def _describe(
    labelled: _Labelled, has_label: NDArray[np.bool_], class_map: ClassMap, survey: ClassSurvey
) -> dict[str, Any]:
    """Describe what the points tell; JSON-serialisable."""
    design, found, names = labelled.design, labelled.estimate(), labelled.names
    areas = found.shares * design.area
    same = survey.digest == design.map_digest
    mapped = {class_map.names[code]: float(survey.areas[code]) for code in survey.codes}
    if same:  # its names and its CRS may have been lost since
        mapped = {one.name: one.area for one in design.classes}
    colours = {one.name: one.colour for one in design.classes}
    colours |= {class_map.names[code]: class_map.categories[code].colour for code in survey.codes}
    counts = np.zeros((len(names), len(names)), np.int64)
    np.add.at(counts, (labelled.mapped, labelled.truth), 1)
    unsure = labelled.points.unsure[has_label]
    facts = {"method": design.method, "seed": design.seed, "map": design.map_name, **design.facts}
    notes = _list_notes(labelled, has_label, unsure, same=same)
    return {
        "version": VERSION,
        "aerialseg": __version__,
        "map": redact(Path(class_map.dataset.name).name),
        "unit": design.unit,
        "area": design.area,
        "points": {"drawn": design.points, "labelled": int(has_label.sum()), "unsure": int(unsure.sum())},
        "design": {**facts, "strata_are_classes": same, "estimator": _name_estimator(design, same)},
        "strata": [{"name": one.name, "pixels": one.pixels, "area": one.area} for one in design.strata],
        "overall": to_json(found.overall, most=1),
        "classes": [
            {
                "name": name,
                "colour": colours.get(name, "#9B9B9B"),
                "mapped": mapped.get(name, 0.0),
                "area": to_json(areas, i),
                "share": to_json(found.shares, i, most=1),
                "users": to_json(found.users, i, most=1),
                "producers": to_json(found.producers, i, most=1),
                "points": int(counts[:, i].sum()),
            }
            for i, name in enumerate(names)
        ],
        "matrix": {"counts": counts.tolist(), "shares": found.matrix.tolist()},
        "without_unsure": _leave_out_unsure(labelled, unsure),
        "zones": [],
        "notes": notes,
    }


def _name_estimator(design: SamplingDesign, same: bool) -> str:
    if design.method == "cluster":
        return "poststratified by the classes of the map that was sampled, over clusters (Särndal et al. 1992)"
    if design.method != "stratified":
        return "poststratified by the classes of the map that was sampled (Cochran 1977, section 5A.9)"
    return "stratified (Olofsson et al. 2014)" if same else "stratified, strata other than classes (Stehman 2014)"


def _list_notes(
    labelled: _Labelled, has_label: NDArray[np.bool_], unsure: NDArray[np.bool_], *, same: bool
) -> list[str]:
    """List what must be known before the figures are used, in sentences."""
    design = labelled.design
    notes: list[str] = []
    if missing := int((~has_label).sum()):
        prefix = has_label[: len(has_label) - missing].all()
        counts = {"missing": missing, "points": design.points}
        if prefix:
            said = (
                "Without a label, and left out: {missing} of {points} points, the last ones; as they come in random "
                "order, that is chance."
            )
            notes.append(Sentence("last-points-left-out", said, **counts))
        else:
            said = "Without a label, and left out as if that were chance: {missing} of {points} points."
            notes.append(Sentence("points-left-out", said, **counts))
    if unsure.any():
        said = "{count} points were labelled by somebody who was not sure."
        notes.append(Sentence("points-unsure", said, count=int(unsure.sum())))
    if not same:
        said = "The points were drawn from another map: its classes are the strata."
        notes.append(Sentence("points-of-other-map", said))
    notes += _note_design(labelled)
    for number, name in enumerate(labelled.names):
        mapped = labelled.mapped == number
        if mapped.any() and (labelled.truth[mapped] == number).all():
            said = (
                "All {count} points that are mapped as {name} are right: the interval of its user's accuracy has no "
                "width, although {share:.0%} may be wrong (rule of three)."
            )
            share = min(3 / mapped.sum(), 1)
            notes.append(Sentence("points-all-right", said, name=name, count=int(mapped.sum()), share=share))
    if few := [name for name, n in Counter(labelled.names[i] for i in labelled.truth.tolist()).items() if n < 5]:
        said = "Fewer than five points are {names}: intervals of so few are not reliable."
        notes.append(Sentence("points-few", said, names=" or ".join(sorted(few))))
    return notes


def _note_design(labelled: _Labelled) -> list[str]:
    """List what is special about how the points were drawn."""
    design = labelled.design
    notes: list[str] = []
    if "min_distance" in design.facts:
        said = "The points keep a distance, so they are a probability sample only nearly."
        notes.append(Sentence("points-at-distance", said))
    if design.method == "systematic":
        said = "The points are a grid; standard errors are those of a random sample, which mostly are larger."
        notes.append(Sentence("points-in-grid", said))
    if labelled.clusters is not None and (count := len(np.unique(labelled.clusters))) < FEW_CLUSTERS:
        said = "The points lie in {count} clusters only: intervals of so few are not reliable."
        notes.append(Sentence("clusters-few", said, count=count))
    return notes


def _leave_out_unsure(labelled: _Labelled, unsure: NDArray[np.bool_]) -> dict[str, Any] | None:
    """Estimate without the points of which nobody is sure; None if there are none, or too few others."""
    if not unsure.any():
        return None
    try:
        found = labelled.take(~unsure).estimate()
    except DataError:
        return None
    areas = found.shares * labelled.design.area
    each = {name: to_json(areas, i) for i, name in enumerate(labelled.names)}
    return {"overall": to_json(found.overall, most=1), "areas": each}


def _require_ground(areas: NDArray[np.float64], path: str, class_map: ClassMap) -> None:
    """Refuse zones of which none lies on the map.

    Raises:
        DataError: So it is.
    """
    if not areas.any():
        raise DataError(
            "zones-elsewhere",
            "None of the zones {path} lies on {map}.",
            "Give zones of the same ground, with their CRS.",
            path=path,
            map=class_map.dataset.name,
        )


def _describe_zones(
    labelled: _Labelled, zones: Zones, member: NDArray[np.int64], areas: NDArray[np.float64]
) -> list[dict[str, Any]]:
    """Describe what the points tell of each zone: shares are ratios, as a zone is a part of all strata."""
    found, classes = [], len(labelled.names)
    each, zero = np.eye(classes), np.zeros(classes)
    for number, (name, area) in enumerate(zip(zones.names, areas.tolist(), strict=True)):
        inside = (member == number).astype(np.int64)
        points = int(inside.sum())
        one: dict[str, Any] = {"name": name, "area": area, "points": points, "few": points < FEW, "classes": []}
        if points >= 2:
            sample = labelled.count(inside * classes + labelled.truth, 2 * classes)
            there = np.concatenate([zero, np.ones(classes)])
            for i, landcover in enumerate(labelled.names):
                share = sample.estimate_ratio(np.concatenate([zero, each[i]]), there)
                one["classes"].append({"name": landcover, "area": to_json(share * area, most=area)})
        found.append(one)
    return found


def to_json(estimate: Estimate, place: int | None = None, *, most: float = math.inf) -> dict[str, float | None]:
    """Write an estimate as plain values; None where the sample tells nothing.

    Args:
        estimate: One, or several.
        place: Which of several.
        most: What it cannot be more than; nor can it be less than 0.
    """
    chosen = estimate if place is None else Estimate(estimate.value[place], estimate.standard_error[place])
    low, high = chosen.interval
    if np.isnan(chosen.value):
        return {"value": None, "standard_error": None, "low": None, "high": None}
    return {
        "value": float(chosen.value),
        "standard_error": float(chosen.standard_error),
        "low": max(float(low), 0.0),
        "high": min(float(high), most),
    }
