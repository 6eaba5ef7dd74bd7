"""The audit as JSON: everything that was found, in plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from ..datasets.labels import total
from .agreement import agreed_iou, agreed_share
from .findings import Evidence, Finding
from .mosaics import Mosaic
from .overlaps import SharedGround
from .unknown_labels import Place
from .wording import name_of, shown

FORMAT = 1
"""Version of the document; raised when a key changes in a way that a reader must know."""


def audit_document(evidence: Evidence, findings: Sequence[Finding], places: Sequence[Place]) -> dict[str, Any]:
    """Everything that an audit found, JSON-serialisable.

    Images are named by their paths relative to the data; rows and cols are pixels; shares are 0…1.

    Args:
        evidence: What was measured.
        findings: What there is to say.
        places: Where unknown colours lie.
    """
    data, relations = evidence.data, evidence.relations
    names = [shown(pair.image, data.root) for pair in data.pairs]
    return {
        "format": FORMAT,
        "aerialseg": __version__,
        "data": str(data.root),
        "classes": _classes(evidence),
        "findings": [asdict(finding) for finding in findings],
        "problems": [{**asdict(problem), "path": shown(problem.path, data.root)} for problem in data.problems],
        "images": [_image(evidence, index, names[index]) for index in range(len(names))],
        "off_palette": [
            {**asdict(place), "image": names[place.pair], "labels": shown(data.pairs[place.pair].mask, data.root)}
            for place in places
        ],
        "duplicates": [
            {**asdict(twice), "first": names[twice.first], "second": names[twice.second]}
            for twice in relations.duplicates
        ],
        "mosaics": [_mosaic(evidence, m, names) for m in relations.mosaics if len(m.members) > 1],
        "overlaps": [_ground(evidence, ground, names) for ground in relations.grounds],
        "groups": [
            {"name": group.name, "images": [names[i] for i in group.members], "reasons": list(group.reasons)}
            for group in evidence.groups
        ],
        "notes": list(relations.notes),
    }


def ground_agreement(evidence: Evidence, ground: SharedGround) -> NDArray[np.int64]:
    """The confusion matrix of both annotations of a shared ground, shape (classes, classes)."""
    size = len(evidence.data.scheme)
    found = (evidence.agreed.get((overlap.first, overlap.second)) for overlap in ground.overlaps)
    matrices = [one.matrix for one in found if one is not None]
    return np.sum(matrices, axis=0) if matrices else np.zeros((size, size), np.int64)


def origin(evidence: Evidence, ground: SharedGround) -> tuple[str, str, int, int]:
    """Where one mosaic begins in the other: (name of the inner one, of the outer one, col, row)."""
    mosaics, pairs = evidence.relations.mosaics, evidence.data.pairs
    names = [name_of(pairs, mosaics[number].members) for number in (ground.first, ground.second)]
    col, row = (round(float(value)) for value in ground.matrix[:, 2])
    rows, cols = mosaics[ground.first].size
    if 0 <= col < cols and 0 <= row < rows:
        return names[1], names[0], col, row
    linear = np.linalg.inv(ground.matrix[:, :2])
    col, row = (round(float(value)) for value in -linear @ ground.matrix[:, 2])
    return names[0], names[1], col, row


def _classes(evidence: Evidence) -> list[dict[str, Any]]:
    counts = total(evidence.censuses)
    pixels = max(int(counts.sum()), 1)
    return [
        {"name": c.name, "colour": c.colour, "pixels": int(n), "share": round(int(n) / pixels, 6)}
        for c, n in zip(evidence.data.scheme, counts, strict=True)
    ]


def _image(evidence: Evidence, index: int, name: str) -> dict[str, Any]:
    pair, census = evidence.data.pairs[index], evidence.censuses[index]
    labelled = max(sum(census.counts), 1)
    return {
        "image": name,
        "labels": shown(pair.mask, evidence.data.root),
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


def _mosaic(evidence: Evidence, mosaic: Mosaic, names: Sequence[str]) -> dict[str, Any]:
    parts = zip(mosaic.members, mosaic.cells, mosaic.offsets, strict=True)
    return {
        "name": name_of(evidence.data.pairs, mosaic.members),
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


def _ground(evidence: Evidence, ground: SharedGround, names: Sequence[str]) -> dict[str, Any]:
    mosaics, pairs = evidence.relations.mosaics, evidence.data.pairs
    matrix = ground_agreement(evidence, ground)
    inner, outer, col, row = origin(evidence, ground)
    return {
        "first": name_of(pairs, mosaics[ground.first].members),
        "second": name_of(pairs, mosaics[ground.second].members),
        "pixels": ground.pixels,
        "matrix": np.round(ground.matrix, 6).tolist(),
        "scale": round(ground.scale, 5),
        "rotation": round(ground.rotation, 3),
        "origin": {"of": inner, "in": outer, "col": col, "row": row},
        "features": ground.matches,
        "likeness": ground.likeness,
        "agreement": {
            "pixels": int(matrix.sum()),
            "share": agreed_share(matrix),
            "iou": agreed_iou(matrix, evidence.data.scheme.names),
        },
        "parts": [{"first": names[o.first], "second": names[o.second], "pixels": o.pixels} for o in ground.overlaps],
    }
