"""The report of an audit: as JSON, as a page with the pictures that show what was found, and as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from ..datasets.labels import Census, total
from ..progress import Reporter
from ..raster.window import Window
from ..report.page import embed_picture, write_page
from .agreement import compute_iou, compute_share
from .findings import Evidence, Finding
from .formatting import describe_matrix, format_count, format_number, format_path, name_images
from .mosaics import Mosaic
from .overlaps import SharedGround, intersect_images, invert_matrix
from .pictures import MARK, Colours, View, colour_labels, draw_disagreement, draw_photograph, read_view_labels
from .unknown_labels import Location

FORMAT = 1
"""Version of the document; raised when a key changes in a way that a reader must know."""

MOST_MOSAICS, MOST_GROUNDS, MOST_PLACES, MOST_DUPLICATES, MOST_IMAGES, MOST_DETAILS = 24, 12, 12, 12, 400, 100
"""How many of each the page shows; the JSON has all."""

LEVELS = {"error": "Cannot be used", "warning": "Look at this", "note": "Worth knowing", "good": "Fine"}
"""What a finding of each level is called."""

MARKS = {"error": "✗", "warning": "!", "note": "·", "good": "✓"}
"""How a line of the text begins that says a finding of each level."""

_LINES = 12
_TILE = 460
_CROP = 200


class AuditDocument(TypedDict):
    """An audit as JSON-serialisable values.

    Images are named by their paths relative to the data; rows and cols are pixels; shares are 0…1.
    """

    format: int
    """`FORMAT`."""
    aerialseg: str
    """The version of aerialseg."""
    data: str
    """The folder, or the TOML."""
    classes: list[dict[str, Any]]
    """`name`, `colour`, `pixels` and `share` of each class."""
    findings: list[dict[str, Any]]
    """What there is to say, errors first: the fields of `Finding`."""
    problems: list[dict[str, Any]]
    """What is wrong with the files: the fields of `Problem`."""
    images: list[dict[str, Any]]
    """Each image: its labels, size, pixels of each class."""
    off_palette: list[dict[str, Any]]
    """Where colours and ids lie that are no class: the fields of `Location`."""
    duplicates: list[dict[str, Any]]
    """Images that are there twice."""
    mosaics: list[dict[str, Any]]
    """Images that are parts of one picture."""
    overlaps: list[dict[str, Any]]
    """Mosaics that show the same ground, and how far their annotations agree."""
    groups: list[dict[str, Any]]
    """What a split must keep together, and why."""
    notes: list[str]
    """What was not searched, and why."""


def make_document(evidence: Evidence, findings: Sequence[Finding], places: Sequence[Location]) -> AuditDocument:
    """Put everything that an audit found into JSON-serialisable values.

    Args:
        evidence: What was measured.
        findings: What there is to say.
        places: Where unknown colours lie.
    """
    data, relations = evidence.data, evidence.relations
    names = [format_path(pair.image, data.root) for pair in data.pairs]
    return {
        "format": FORMAT,
        "aerialseg": __version__,
        "data": str(data.root),
        "classes": _list_classes(evidence),
        "findings": [asdict(finding) for finding in findings],
        "problems": [{**asdict(problem), "path": format_path(problem.path, data.root)} for problem in data.problems],
        "images": [_describe_image(evidence, index, names[index]) for index in range(len(names))],
        "off_palette": [
            {**asdict(one), "image": names[one.pair], "labels": format_path(data.pairs[one.pair].mask, data.root)}
            for one in places
        ],
        "duplicates": [
            {**asdict(twice), "first": names[twice.first], "second": names[twice.second]}
            for twice in relations.duplicates
        ],
        "mosaics": [_describe_mosaic(evidence, m, names) for m in relations.mosaics if len(m.members) > 1],
        "overlaps": [_describe_ground(evidence, ground, names) for ground in relations.grounds],
        "groups": [
            {"name": group.name, "images": [names[i] for i in group.members], "reasons": list(group.reasons)}
            for group in evidence.groups
        ],
        "notes": list(relations.notes),
    }


def sum_agreement(evidence: Evidence, ground: SharedGround) -> NDArray[np.int64]:
    """Add up the confusion matrices of both annotations of a shared ground, shape (classes, classes)."""
    size = len(evidence.data.scheme)
    found = (evidence.agreed.get((overlap.first, overlap.second)) for overlap in ground.overlaps)
    matrices = [one.matrix for one in found if one is not None]
    return np.sum(matrices, axis=0) if matrices else np.zeros((size, size), np.int64)


def find_origin(evidence: Evidence, ground: SharedGround) -> tuple[str, str, int, int]:
    """Find where one mosaic begins in the other: (name of the inner one, of the outer one, col, row)."""
    mosaics, pairs = evidence.relations.mosaics, evidence.data.pairs
    names = [name_images(pairs, mosaics[number].members) for number in (ground.first, ground.second)]
    col, row = (round(float(value)) for value in ground.matrix[:, 2])
    rows, cols = mosaics[ground.first].size
    if 0 <= col < cols and 0 <= row < rows:
        return names[1], names[0], col, row
    linear = np.linalg.inv(ground.matrix[:, :2])
    col, row = (round(float(value)) for value in -linear @ ground.matrix[:, 2])
    return names[0], names[1], col, row


def _list_classes(evidence: Evidence) -> list[dict[str, Any]]:
    counts = total(evidence.censuses)
    pixels = max(int(counts.sum()), 1)
    return [
        {"name": c.name, "colour": c.colour, "pixels": int(n), "share": round(int(n) / pixels, 6)}
        for c, n in zip(evidence.data.scheme, counts, strict=True)
    ]


def _describe_image(evidence: Evidence, index: int, name: str) -> dict[str, Any]:
    pair, census = evidence.data.pairs[index], evidence.censuses[index]
    labelled = max(sum(census.counts), 1)
    return {
        "image": name,
        "labels": format_path(pair.mask, evidence.data.root),
        "kind": type(pair.labels).__name__,
        "palette": index in evidence.palettes,
        "folder": pair.group,
        "rows": pair.size[0],
        "cols": pair.size[1],
        "pixels": dict(zip(evidence.data.scheme.names, census.counts, strict=True)),
        "shares": {
            name: round(count / labelled, 6)
            for name, count in zip(evidence.data.scheme.names, census.counts, strict=True)
        },
        "unlabelled": census.unlabelled,
        "off_palette": {unknown.value: unknown.pixels for unknown in census.unknown},
    }


def _describe_mosaic(evidence: Evidence, mosaic: Mosaic, names: Sequence[str]) -> dict[str, Any]:
    parts = zip(mosaic.members, mosaic.cells, mosaic.offsets, strict=True)
    return {
        "name": name_images(evidence.data.pairs, mosaic.members),
        "rows": mosaic.size[0],
        "cols": mosaic.size[1],
        "layout": list(mosaic.layout),
        "numbered_along": mosaic.order,
        "missing": list(mosaic.missing),
        "parts": [
            {"image": names[i], "cell": list(cell), "row": row, "col": col, "by_number": i in mosaic.numbered}
            for i, cell, (row, col) in parts
        ],
        "seams": [
            {"first": names[s.first], "second": names[s.second], "side": s.side, "correlation": s.correlation}
            for s in mosaic.seams
        ],
    }


def _describe_ground(evidence: Evidence, ground: SharedGround, names: Sequence[str]) -> dict[str, Any]:
    mosaics, pairs = evidence.relations.mosaics, evidence.data.pairs
    matrix = sum_agreement(evidence, ground)
    inner, outer, col, row = find_origin(evidence, ground)
    return {
        "first": name_images(pairs, mosaics[ground.first].members),
        "second": name_images(pairs, mosaics[ground.second].members),
        "pixels": ground.pixels,
        "matrix": np.round(ground.matrix, 6).tolist(),
        "scale": round(ground.scale, 5),
        "rotation": round(ground.rotation, 3),
        "origin": {"of": inner, "in": outer, "col": col, "row": row},
        "features": ground.matches,
        "likeness": ground.likeness,
        "agreement": {
            "pixels": int(matrix.sum()),
            "share": compute_share(matrix),
            "iou": compute_iou(matrix, evidence.data.scheme.names),
        },
        "parts": [{"first": names[o.first], "second": names[o.second], "pixels": o.pixels} for o in ground.overlaps],
    }


def write_audit_page(
    target: Path, evidence: Evidence, findings: Sequence[Finding], places: Sequence[Location], reporter: Reporter
) -> None:
    """Write the page; it holds all its pictures.

    Args:
        target: The HTML file.
        evidence: What was measured.
        findings: What there is to say.
        places: Where unknown colours lie.
        reporter: Told of the pictures; may cancel.
    """
    data, relations = evidence.data, evidence.relations
    mosaics = [mosaic for mosaic in relations.mosaics if len(mosaic.members) > 1]
    kinds = (mosaics[:MOST_MOSAICS], relations.grounds[:MOST_GROUNDS], places[:MOST_PLACES])
    duplicates = relations.duplicates[:MOST_DUPLICATES]
    reporter.start("draw pictures", sum(map(len, kinds)) + len(duplicates), "pictures")
    root = data.root.resolve()
    write_page(
        target,
        "auditing/audit.html",
        title=f"Audit of {root.stem if root.is_file() else root.name}",
        root=str(data.root),
        evidence=evidence,
        levels=LEVELS,
        findings=[_show_finding(finding) for finding in findings],
        facts=_list_facts(evidence, findings, len(mosaics)),
        shares=_stack_shares(total(evidence.censuses), evidence),
        by_group=[_make_bars(evidence, group.name, group.members) for group in evidence.groups[:MOST_IMAGES]],
        by_image=[
            _make_bars(evidence, format_path(pair.image, data.root), [index])
            for index, pair in enumerate(data.pairs[:MOST_IMAGES])
        ],
        images=len(data.pairs),
        mosaics=[_advance(reporter, _show_mosaic(evidence, mosaic)) for mosaic in kinds[0]],
        grounds=[_advance(reporter, _show_ground(evidence, ground)) for ground in kinds[1]],
        places=[_advance(reporter, _show_location(evidence, place)) for place in kinds[2]],
        duplicates=[
            _advance(reporter, {"images": list(_list_images(evidence, (twice.first, twice.second)))})
            for twice in duplicates
        ],
        left_out=_tell_left_out(len(mosaics), len(relations.grounds), len(places), len(relations.duplicates)),
    )


def _advance(reporter: Reporter, drawn: dict[str, Any]) -> dict[str, Any]:
    reporter.advance()
    return drawn


def _tell_left_out(*counts: int) -> str:
    limits = (MOST_MOSAICS, MOST_GROUNDS, MOST_PLACES, MOST_DUPLICATES)
    names = ("pictures", "overlaps", "places", "duplicates")
    cut = [f"{limit} of {n} {name}" for n, limit, name in zip(counts, limits, names, strict=True) if n > limit]
    return f"Shown are {', '.join(cut)}; audit.json lists all." if cut else ""


def _show_finding(finding: Finding) -> dict[str, Any]:
    left = len(finding.details) - MOST_DETAILS
    details = [*finding.details[:MOST_DETAILS], *([f"… and {left} more in audit.json"] if left > 0 else [])]
    hint = "" if finding.level == "good" else finding.hint
    return {"level": finding.level, "text": finding.text, "hint": hint, "details": details}


def _list_facts(evidence: Evidence, findings: Sequence[Finding], mosaics: int) -> list[dict[str, Any]]:
    """The headline figures."""
    pixels = sum(rows * cols for rows, cols in (pair.size for pair in evidence.data.pairs))
    wrong = sum(finding.level == "error" for finding in findings)
    worth = sum(finding.level == "warning" for finding in findings)
    strange = sum(census.off_scheme for census in evidence.censuses)
    facts = [
        {
            "label": "Usable pairs",
            "value": f"{len(evidence.data.pairs)}",
            "about": f"{pixels / 1e6:,.1f} million pixels",
        },
        {
            "label": "To look at",
            "value": f"{wrong + worth}",
            "about": f"{format_count(wrong, 'finding')} of data that cannot be used"
            if wrong
            else "nothing that cannot be used",
        },
        {
            "label": "Groups",
            "value": f"{len(evidence.groups)}",
            "about": f"what a split must keep together; {format_count(mosaics, 'picture')} cut into parts",
        },
        {
            "label": "Off-palette",
            "value": f"{100 * strange / max(pixels, 1):.2f}\u202f%",
            "about": f"{strange:,} pixels that are no class".replace(",", "\u202f"),
        },
    ]
    matrices = [sum_agreement(evidence, ground) for ground in evidence.relations.grounds]
    share = compute_share(np.sum(matrices, axis=0)) if matrices else None
    if share is not None:
        about = "of the pixels that were labelled twice: the ceiling of every score"
        facts.append({"label": "Annotators agree on", "value": f"{100 * share:.1f}\u202f%", "about": about})
    return facts


def _stack_shares(counts: Any, evidence: Evidence) -> list[dict[str, Any]]:
    """The shares of the classes, 0…1, as segments of a bar."""
    pixels = max(int(sum(counts)), 1)
    return [
        {"name": c.name, "colour": c.colour, "share": int(n) / pixels}
        for c, n in zip(evidence.data.scheme, counts, strict=True)
    ]


def _make_bars(evidence: Evidence, name: str, members: Sequence[int]) -> dict[str, Any]:
    censuses: list[Census] = [evidence.censuses[index] for index in members]
    labelled = sum(sum(census.counts) for census in censuses)
    ignored = sum(census.ignored for census in censuses)
    return {
        "name": name,
        "stack": _stack_shares(total(censuses), evidence),
        "labelled": labelled,
        "ignored": ignored / max(labelled + ignored, 1),
        "count": len(members),
    }


def _show_mosaic(evidence: Evidence, mosaic: Mosaic) -> dict[str, Any]:
    data = evidence.data
    view = View(0, 0, mosaic.size[1], mosaic.size[0], _TILE)
    rows, cols = mosaic.layout
    lacking = f"not there: {', '.join(map(str, mosaic.missing))}" if mosaic.missing else "complete"
    return {
        "name": name_images(data.pairs, mosaic.members),
        "layout": f"{rows} × {cols}" + (f", numbered along {mosaic.order}" if mosaic.order else ""),
        "about": f"{mosaic.size[1]} × {mosaic.size[0]} px, {format_count(len(mosaic.members), 'part')}, {lacking}",
        "photo": embed_picture(
            _draw_cuts(draw_photograph(data.pairs, mosaic, view), evidence, mosaic, view), photograph=True
        ),
        "labels": embed_picture(colour_labels(read_view_labels(data.pairs, data.scheme, mosaic, view), data.scheme)),
    }


def _draw_cuts(photo: Colours, evidence: Evidence, mosaic: Mosaic, view: View) -> Colours:
    """A photograph with white lines where it was cut."""
    for index, (row, col) in zip(mosaic.members, mosaic.offsets, strict=True):
        rows, cols = evidence.data.pairs[index].size
        top, bottom = (min(round(y / view.step), photo.shape[0] - 1) for y in (row, row + rows))
        left, right = (min(round(x / view.step), photo.shape[1] - 1) for x in (col, col + cols))
        photo[[top, bottom], left : right + 1] = 255
        photo[top : bottom + 1, [left, right]] = 255
    return photo


def _show_ground(evidence: Evidence, ground: SharedGround) -> dict[str, Any]:
    data, mosaics = evidence.data, evidence.relations.mosaics
    first, second = mosaics[ground.first], mosaics[ground.second]
    common = intersect_images(ground.matrix, first.size, second.size)
    left, top, right, bottom = common.bounds
    view = View(left, top, right - left, bottom - top, _TILE)
    back = invert_matrix(ground.matrix)
    photos = [draw_photograph(data.pairs, first, view), draw_photograph(data.pairs, second, view, back)]
    labels = [
        read_view_labels(data.pairs, data.scheme, first, view),
        read_view_labels(data.pairs, data.scheme, second, view, back),
    ]
    matrix = sum_agreement(evidence, ground)
    inner, outer, col, row = find_origin(evidence, ground)
    names = [name_images(data.pairs, mosaic.members) for mosaic in (first, second)]
    iou = compute_iou(matrix, data.scheme.names)
    return {
        "names": names,
        "pixels": ground.pixels,
        "about": f"{inner} begins at column {col}, row {row} of {outer}; {describe_matrix(ground.matrix)}.",
        "found": "by their georeference"
        if ground.likeness is None
        else f"by {ground.matches} features that agree; detail correlates {ground.likeness:.2f}",
        "share": compute_share(matrix),
        "iou": [(c, iou[c.name]) for c in data.scheme],
        "photos": [embed_picture(photo, photograph=True) for photo in photos],
        "labels": [embed_picture(colour_labels(each, data.scheme)) for each in labels],
        "difference": embed_picture(draw_disagreement(labels[0], labels[1], photos[0])),
    }


def _show_location(evidence: Evidence, place: Location) -> dict[str, Any]:
    """The surroundings of where most of an unknown colour is: the image, and its labels with the colour marked."""
    data = evidence.data
    pair = data.pairs[place.pair]
    alone = Mosaic((place.pair,), ((0, 0),), pair.size, ((0, 0),))
    window = _place_crop(place.centre, pair.size)
    view = View(window.col, window.row, window.width, window.height, _CROP)
    labels = read_view_labels(data.pairs, data.scheme, alone, view)
    shown_labels = colour_labels(labels, data.scheme)
    shown_labels[labels >= len(data.scheme)] = MARK
    return {
        "value": place.value,
        "file": format_path(pair.mask, data.root),
        "pixels": place.pixels,
        "box": place.box,
        "centre": place.centre,
        "colour": place.value if place.value.startswith("#") else "",
        "photo": embed_picture(draw_photograph(data.pairs, alone, view), photograph=True),
        "labels": embed_picture(shown_labels),
    }


def _place_crop(centre: tuple[int, int], size: tuple[int, int]) -> Window:
    """A square of `_CROP` px around a pixel, moved inside the image."""
    sides = [min(_CROP, side) for side in size]
    row, col = (min(max(c - s // 2, 0), n - s) for c, s, n in zip(centre, sides, size, strict=True))
    return Window(row, col, *sides)


def _list_images(evidence: Evidence, members: Sequence[int]) -> Iterator[dict[str, str]]:
    pairs = evidence.data.pairs
    for index in members:
        alone = Mosaic((index,), ((0, 0),), pairs[index].size, ((0, 0),))
        view = View(0, 0, pairs[index].size[1], pairs[index].size[0], _TILE)
        name = format_path(pairs[index].image, evidence.data.root)
        yield {"name": name, "photo": embed_picture(draw_photograph(pairs, alone, view), photograph=True)}


def summarize(evidence: Evidence, findings: Sequence[Finding]) -> str:
    """Put what an audit found into lines for a terminal."""
    pixels = sum(pair.size[0] * pair.size[1] for pair in evidence.data.pairs)
    lines = [f"{evidence.data.root}: {format_count(len(evidence.data.pairs), 'pair')}, {pixels / 1e6:,.1f} Mpx", ""]
    for finding in findings:
        lines.append(f"{MARKS[finding.level]} {finding.text}")
        lines += [f"    {detail}" for detail in finding.details[:_LINES]]
        if len(finding.details) > _LINES:
            lines.append(f"    … and {len(finding.details) - _LINES} more")
        lines += [f"    → {finding.hint}"] if finding.hint and finding.level != "good" else []
    return "\n".join([*lines, *_write_classes(evidence), *_write_agreement(evidence), *_write_groups(evidence)])


def _write_classes(evidence: Evidence) -> list[str]:
    counts = total(evidence.censuses)
    pixels = max(int(counts.sum()), 1)
    lines = ["", "Classes, share of the labelled pixels:"]
    for one, count in zip(evidence.data.scheme, counts, strict=True):
        lines.append(f"{one.name:>16} {one.colour} {100 * count / pixels:6.2f} % {'█' * round(40 * count / pixels)}")
    return lines


def _write_agreement(evidence: Evidence) -> list[str]:
    """Where the same ground lies, and how far its annotations agree."""
    lines = []
    for ground in evidence.relations.grounds:
        inner, outer, col, row = find_origin(evidence, ground)
        names = (
            name_images(evidence.data.pairs, evidence.relations.mosaics[n].members)
            for n in (ground.first, ground.second)
        )
        begin = f"{inner} begins at col {col}, row {row} of {outer}"
        lines.append(f"    {' ∩ '.join(names)}: {format_number(ground.pixels)} px; {begin}")
        matrix = sum_agreement(evidence, ground)
        share = compute_share(matrix)
        if share is not None:
            iou = compute_iou(matrix, evidence.data.scheme.names)
            known = ", ".join(f"{name} {value:.2f}" for name, value in iou.items() if value is not None)
            lines.append(f"        labels agree on {100 * share:.1f} % of the pixels; IoU {known}")
    return ["", "The same ground, twice labelled; no model can be expected to agree better:", *lines] if lines else []


def _write_groups(evidence: Evidence) -> list[str]:
    lines = ["", "Groups that a split must keep together:"]
    for group in evidence.groups[:40]:
        lines.append(f"    {group.name}: {format_count(len(group.members), 'image')}")
    if len(evidence.groups) > 40:
        lines.append(f"    … and {len(evidence.groups) - 40} more")
    return lines
