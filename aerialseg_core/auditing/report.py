"""The audit as a page: what was found in words, with the pictures that show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..datasets.labels import Census, total
from ..progress import Reporter
from ..raster.window import Window
from ..report.page import picture, write_page
from .agreement import agreed_iou, agreed_share
from .document import ground_agreement, origin
from .findings import Evidence, Finding
from .mosaics import Mosaic
from .overlaps import SharedGround, common_pixels, inverse
from .pictures import MARK, Colours, View, coloured, disagreement, labels_of, photograph
from .unknown_labels import Place
from .wording import counted, laid_over, name_of, shown

MOST_MOSAICS, MOST_GROUNDS, MOST_PLACES, MOST_DUPLICATES, MOST_IMAGES, MOST_DETAILS = 24, 12, 12, 12, 400, 100
"""How many of each the page shows; the JSON has all."""

LEVELS = {"error": "Cannot be used", "warning": "Look at this", "note": "Worth knowing", "good": "Fine"}
"""What a finding of each level is called."""

_TILE = 460
_CROP = 200


def write_audit_page(
    target: Path, evidence: Evidence, findings: Sequence[Finding], places: Sequence[Place], reporter: Reporter
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
        findings=[_finding(finding) for finding in findings],
        facts=_facts(evidence, findings, len(mosaics)),
        shares=_stack(total(evidence.censuses), evidence),
        by_group=[_bars(evidence, group.name, group.members) for group in evidence.groups[:MOST_IMAGES]],
        by_image=[
            _bars(evidence, shown(pair.image, data.root), [index])
            for index, pair in enumerate(data.pairs[:MOST_IMAGES])
        ],
        images=len(data.pairs),
        mosaics=[_seen(reporter, _mosaic(evidence, mosaic)) for mosaic in kinds[0]],
        grounds=[_seen(reporter, _ground(evidence, ground)) for ground in kinds[1]],
        places=[_seen(reporter, _place(evidence, place)) for place in kinds[2]],
        duplicates=[_seen(reporter, _pictures(evidence, twice.first, twice.second)) for twice in duplicates],
        left_out=_left_out(len(mosaics), len(relations.grounds), len(places), len(relations.duplicates)),
    )


def _seen(reporter: Reporter, drawn: dict[str, Any]) -> dict[str, Any]:
    reporter.advance()
    return drawn


def _left_out(*counts: int) -> str:
    limits = (MOST_MOSAICS, MOST_GROUNDS, MOST_PLACES, MOST_DUPLICATES)
    names = ("pictures", "overlaps", "places", "duplicates")
    cut = [f"{limit} of {n} {name}" for n, limit, name in zip(counts, limits, names, strict=True) if n > limit]
    return f"Shown are {', '.join(cut)}; audit.json lists all." if cut else ""


def _finding(finding: Finding) -> dict[str, Any]:
    left = len(finding.details) - MOST_DETAILS
    details = [*finding.details[:MOST_DETAILS], *([f"… and {left} more in audit.json"] if left > 0 else [])]
    hint = "" if finding.level == "good" else finding.hint
    return {"level": finding.level, "text": finding.text, "hint": hint, "details": details}


def _facts(evidence: Evidence, findings: Sequence[Finding], mosaics: int) -> list[dict[str, Any]]:
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
            "about": f"{counted(wrong, 'finding')} of data that cannot be used"
            if wrong
            else "nothing that cannot be used",
        },
        {
            "label": "Groups",
            "value": f"{len(evidence.groups)}",
            "about": f"what a split must keep together; {counted(mosaics, 'picture')} cut into parts",
        },
        {
            "label": "Off-palette",
            "value": f"{100 * strange / max(pixels, 1):.2f}\u202f%",
            "about": f"{strange:,} pixels that are no class".replace(",", "\u202f"),
        },
    ]
    matrices = [ground_agreement(evidence, ground) for ground in evidence.relations.grounds]
    share = agreed_share(np.sum(matrices, axis=0)) if matrices else None
    if share is not None:
        about = "of the pixels that were labelled twice: the ceiling of every score"
        facts.append({"label": "Annotators agree on", "value": f"{100 * share:.1f}\u202f%", "about": about})
    return facts


def _stack(counts: Any, evidence: Evidence) -> list[dict[str, Any]]:
    """The shares of the classes, 0…1, as segments of a bar."""
    pixels = max(int(sum(counts)), 1)
    return [
        {"name": c.name, "colour": c.colour, "share": int(n) / pixels}
        for c, n in zip(evidence.data.scheme, counts, strict=True)
    ]


def _bars(evidence: Evidence, name: str, members: Sequence[int]) -> dict[str, Any]:
    censuses: list[Census] = [evidence.censuses[index] for index in members]
    labelled = sum(sum(census.counts) for census in censuses)
    ignored = sum(census.ignored for census in censuses)
    return {
        "name": name,
        "stack": _stack(total(censuses), evidence),
        "labelled": labelled,
        "ignored": ignored / max(labelled + ignored, 1),
        "count": len(members),
    }


def _mosaic(evidence: Evidence, mosaic: Mosaic) -> dict[str, Any]:
    data = evidence.data
    view = View(0, 0, mosaic.size[1], mosaic.size[0], _TILE)
    rows, cols = mosaic.layout
    lacking = f"not there: {', '.join(map(str, mosaic.missing))}" if mosaic.missing else "complete"
    return {
        "name": name_of(data.pairs, mosaic.members),
        "layout": f"{rows} × {cols}" + (f", numbered along {mosaic.order}" if mosaic.order else ""),
        "about": f"{mosaic.size[1]} × {mosaic.size[0]} px, {counted(len(mosaic.members), 'part')}, {lacking}",
        "photo": picture(_ruled(photograph(data.pairs, mosaic, view), evidence, mosaic, view), photograph=True),
        "labels": picture(coloured(labels_of(data.pairs, data.scheme, mosaic, view), data.scheme)),
    }


def _ruled(photo: Colours, evidence: Evidence, mosaic: Mosaic, view: View) -> Colours:
    """A photograph with white lines where it was cut."""
    for index, (row, col) in zip(mosaic.members, mosaic.offsets, strict=True):
        rows, cols = evidence.data.pairs[index].size
        top, bottom = (min(round(y / view.step), photo.shape[0] - 1) for y in (row, row + rows))
        left, right = (min(round(x / view.step), photo.shape[1] - 1) for x in (col, col + cols))
        photo[[top, bottom], left : right + 1] = 255
        photo[top : bottom + 1, [left, right]] = 255
    return photo


def _ground(evidence: Evidence, ground: SharedGround) -> dict[str, Any]:
    data, mosaics = evidence.data, evidence.relations.mosaics
    first, second = mosaics[ground.first], mosaics[ground.second]
    common = common_pixels(ground.matrix, first.size, second.size)
    left, top, right, bottom = common.bounds
    view = View(left, top, right - left, bottom - top, _TILE)
    back = inverse(ground.matrix)
    photos = [photograph(data.pairs, first, view), photograph(data.pairs, second, view, back)]
    labels = [
        labels_of(data.pairs, data.scheme, first, view),
        labels_of(data.pairs, data.scheme, second, view, back),
    ]
    matrix = ground_agreement(evidence, ground)
    inner, outer, col, row = origin(evidence, ground)
    names = [name_of(data.pairs, mosaic.members) for mosaic in (first, second)]
    iou = agreed_iou(matrix, data.scheme.names)
    return {
        "names": names,
        "pixels": ground.pixels,
        "about": f"{inner} begins at column {col}, row {row} of {outer}; {laid_over(ground.matrix)}.",
        "found": "by their georeference"
        if ground.likeness is None
        else f"by {ground.matches} features that agree; detail correlates {ground.likeness:.2f}",
        "share": agreed_share(matrix),
        "iou": [(c, iou[c.name]) for c in data.scheme],
        "photos": [picture(photo, photograph=True) for photo in photos],
        "labels": [picture(coloured(each, data.scheme)) for each in labels],
        "difference": picture(disagreement(labels[0], labels[1], photos[0])),
    }


def _place(evidence: Evidence, place: Place) -> dict[str, Any]:
    """The surroundings of where most of an unknown colour is: the image, and its labels with the colour marked."""
    data = evidence.data
    pair = data.pairs[place.pair]
    alone = Mosaic((place.pair,), ((0, 0),), pair.size, ((0, 0),))
    window = _around(place.centre, pair.size)
    view = View(window.col, window.row, window.width, window.height, _CROP)
    labels = labels_of(data.pairs, data.scheme, alone, view)
    shown_labels = coloured(labels, data.scheme)
    shown_labels[labels >= len(data.scheme)] = MARK
    return {
        "value": place.value,
        "file": shown(pair.mask, data.root),
        "pixels": place.pixels,
        "box": place.box,
        "centre": place.centre,
        "colour": place.value if place.value.startswith("#") else "",
        "photo": picture(photograph(data.pairs, alone, view), photograph=True),
        "labels": picture(shown_labels),
    }


def _around(centre: tuple[int, int], size: tuple[int, int]) -> Window:
    """A square of `_CROP` px around a pixel, moved inside the image."""
    sides = [min(_CROP, side) for side in size]
    row, col = (min(max(c - s // 2, 0), n - s) for c, s, n in zip(centre, sides, size, strict=True))
    return Window(row, col, *sides)


def _pictures(evidence: Evidence, *members: int) -> dict[str, Any]:
    """Images side by side."""
    return {"images": list(_singles(evidence, members))}


def _singles(evidence: Evidence, members: Sequence[int]) -> Iterator[dict[str, str]]:
    pairs = evidence.data.pairs
    for index in members:
        alone = Mosaic((index,), ((0, 0),), pairs[index].size, ((0, 0),))
        view = View(0, 0, pairs[index].size[1], pairs[index].size[0], _TILE)
        name = shown(pairs[index].image, evidence.data.root)
        yield {"name": name, "photo": picture(photograph(pairs, alone, view), photograph=True)}
