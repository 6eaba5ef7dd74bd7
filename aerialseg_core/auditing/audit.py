"""The audit: look at labelled data before anything trains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..datasets.labelled_data import LabelledData, open_data
from ..datasets.labels import count_labels
from ..datasets.pairs import LAYOUT, Pair
from ..datasets.pixel_values import PixelValues, find_values
from ..datasets.rasters import read_header
from ..errors import DataError
from ..files.outputs import check_folder, lock_outputs, write_folder_atomically
from ..files.texts import write_json
from ..progress import Reporter
from .agreement import Agreement, measure_agreement
from .findings import Evidence, Finding, find_all, find_collars, find_mappings, find_palettes
from .grouping import find_groups
from .overlaps import Overlap
from .relations import Relations, find_relations
from .report import AuditDocument, make_document, write_audit_page
from .unknown_labels import Location, locate_unknown_labels

PAGE, JSON = "audit.html", "audit.json"
"""The files of a report."""


@dataclass(frozen=True)
class Audit:
    """What an audit found."""

    evidence: Evidence
    """The data, and everything that was measured."""
    findings: tuple[Finding, ...]
    """What there is to say, errors first."""
    places: tuple[Location, ...]
    """Where colours and ids lie that are no class."""
    document: AuditDocument
    """All of it as JSON-serialisable values; what `audit.json` holds."""
    report: Path | None
    """The folder of the report, if one was asked for."""


def audit(
    data: str | Path, output: str | Path | None = None, *, overwrite: bool = False, reporter: Reporter | None = None
) -> Audit:
    """Audit labelled data: what is wrong with them, and what a split must keep together.

    Args:
        data: Folder of `images/` and `masks/` at any depth, or a TOML that pairs images with labels.
        output: Folder for the report, `audit.html` and `audit.json`; None: no report.
        overwrite: Whether an earlier report may be replaced.
        reporter: Told of the progress; may cancel.

    Returns:
        What was found. Problems of the data are findings, not errors.

    Raises:
        DataError: `data` is neither a folder nor a usable TOML, or holds no usable pair.
        OutputError: The report cannot be put there.
    """
    reporter = reporter or Reporter()
    names = frozenset({PAGE, JSON})
    target = None if output is None else Path(output)
    if target is not None:
        check_folder(target, names, overwrite=overwrite)
    opened = open_data(data, strict=False, reporter=reporter)
    _require_pairs(opened)
    evidence = _measure(opened, reporter)
    findings = find_all(evidence)
    places = locate_unknown_labels(opened, evidence.censuses)
    document = make_document(evidence, findings, places)
    if target is not None:
        with lock_outputs("audit", target), write_folder_atomically(target, names, overwrite=overwrite) as folder:
            write_json(folder / JSON, document)
            write_audit_page(folder / PAGE, evidence, findings, places, reporter)
    return Audit(evidence, findings, places, document, target)


def _require_pairs(data: LabelledData) -> None:
    """Refuse data of which nothing can be used, with the first reason."""
    if data.pairs:
        return
    if not data.problems:
        raise DataError("data-no-pair", "There is no pair of image and labels in {root}.", LAYOUT, root=data.root)
    first = data.problems[0]
    more = len(data.problems) - 1
    others = f" (and {more} more such {'problems' if more > 1 else 'problem'})" if more else ""
    raise DataError(
        "data-no-usable-pair",
        "No pair can be used: {cause}{others}.",
        "{remedy}",
        cause=first.text.rstrip("."),
        others=others,
        remedy=first.hint or LAYOUT,
    )


def _measure(data: LabelledData, reporter: Reporter) -> Evidence:
    reporter.start("count labels", len(data.pairs), "images")
    censuses = []
    for pair in data.pairs:
        censuses.append(count_labels(pair, data.scheme))
        reporter.advance()
    relations = find_relations(data, reporter)
    return Evidence(
        data=data,
        censuses=tuple(censuses),
        relations=relations,
        groups=find_groups(data, reporter, relations),
        agreements=_measure_agreements(data, relations, reporter),
        palettes=find_palettes(data),
        mappings=find_mappings(data),
        collars=find_collars(data),
        values=_find_values(data),
    )


def _find_values(data: LabelledData) -> PixelValues | DataError:
    """What the values of the images mean: those of red, green and blue, else of the first bands."""

    def bands(pair: Pair) -> Sequence[int]:
        try:
            return pair.bands or pair.indexes(("red", "green", "blue"))
        except DataError:
            return range(1, min(read_header(pair.image).bands, 3) + 1)

    try:
        return find_values(data.pairs, bands)
    except DataError as error:
        return error


def _measure_agreements(data: LabelledData, relations: Relations, reporter: Reporter) -> tuple[Agreement, ...]:
    """The agreement on every overlap, and on images that are there twice in the same position."""
    overlaps = [*relations.overlaps, *_find_whole_overlaps(data, relations)]
    reporter.start("compare labels", len(overlaps), "overlaps")
    found: list[Agreement] = []
    for overlap in overlaps:
        found += measure_agreement(data, [overlap])
        reporter.advance()
    return tuple(found)


def _find_whole_overlaps(data: LabelledData, relations: Relations) -> list[Overlap]:
    """Duplicates as overlaps of the whole images."""
    overlaps = []
    for twice in relations.duplicates:
        first, second = data.pairs[twice.first].size, data.pairs[twice.second].size
        if twice.kind != "turned or mirrored":
            matrix = np.array([[first[1] / second[1], 0, 0], [0, first[0] / second[0], 0]], float)
            scale = first[1] / second[1]
            overlaps.append(Overlap(twice.first, twice.second, matrix, first[0] * first[1], scale, 0.0, 1.0))
    return overlaps
