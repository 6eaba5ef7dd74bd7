"""A survey of the ground before a run: how much of a scene is like the images that the model was trained on.

Some windows, spread over what is wanted, are read at the resolution of the run; of a large scene they are a sample.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..model.known_ground import LEAST_DATA, WINDOW, describe_windows
from ..model.normalization import find_trained_range, normalize
from ..raster.scene import Scene
from ..raster.window import Window
from ..sentences import Sentence
from .plan import Plan

Verdict = Literal["like", "partly", "unlike"]

PLACES = 7
"""Windows that are looked at along each side of a scene, and the root of how many polygons of a mask are."""

LIKE, UNLIKE = 1 / 3, 2 / 3
"""Up to this share of strange windows a scene is like the training images; from this one on it is unlike them."""


@dataclass(frozen=True)
class GroundSurvey:
    """What was found out about the ground of a scene."""

    windows: int
    """Windows that were looked at, > 0."""
    unlike: int
    """Those of them that are unlike the training images."""
    verdict: Verdict
    """Whether the scene is like the training images."""
    text: str
    """The same in words for people."""

    @classmethod
    def of(cls, windows: int, unlike: int) -> GroundSurvey:
        """Judge a scene by how many of its windows are unlike the training images."""
        share = unlike / windows
        counts = {"unlike": unlike, "windows": windows}
        if share <= LIKE:
            said = "like the training images ({unlike} of {windows} windows are not)"
            return cls(**counts, verdict="like", text=Sentence("ground-like", said, **counts))
        if share < UNLIKE:
            said = (
                "partly unlike the training images ({unlike} of {windows} windows); --unlike tells where, and there "
                "the map may be wrong"
            )
            return cls(**counts, verdict="partly", text=Sentence("ground-partly", said, **counts))
        said = (
            "unlike the training images ({unlike} of {windows} windows); the model does not know such ground, and the "
            "map may be wrong"
        )
        return cls(**counts, verdict="unlike", text=Sentence("ground-unlike", said, **counts))


def survey_ground(plan: Plan, scene: Scene) -> GroundSurvey | None:
    """Look at some windows of what is wanted of a scene.

    Args:
        plan: How the scene is read.
        scene: The scene at its own resolution.

    Returns:
        None if the model does not tell what its training images look like, or no window has enough data.

    Raises:
        RasterReadError: The scene is damaged.
    """
    known = plan.card.known
    if known is None:
        return None
    statistics = []
    with scene.resample(plan.work_shape) as reading:
        for window in dict.fromkeys(choose_windows(plan)):
            if plan.area and not plan.area.covers(window, plan.work_transform, touched=plan.resampled).any():
                continue  # what is around a polygon counts: the network sees it too
            pixels, data = reading.read(window)
            scaled = normalize(pixels, plan.card.bands, stretch_from=plan.stretch, onto=find_trained_range(plan.card))
            found, share = describe_windows(scaled, data, 1)
            if share[0] >= LEAST_DATA:
                statistics.append(found[0])
    if not statistics:
        return None
    return GroundSurvey.of(len(statistics), int((known.compare(np.array(statistics)) > 1).sum()))


def choose_windows(plan: Plan) -> Iterator[Window]:
    """Choose windows at the resolution at which the scene is read: evenly spread, and in the polygons of the mask."""
    wanted = plan.work_window(plan.window)
    side = min(WINDOW, wanted.height), min(WINDOW, wanted.width)
    rows, cols = (_spread(n, of) for n, of in zip(wanted.shape, side, strict=True))
    for row in rows:
        for col in cols:
            yield Window(wanted.row + row, wanted.col + col, *side)
    if plan.area is None:
        return
    for point in plan.area.find_points(PLACES**2):
        col, row = ~plan.work_transform * point
        if wanted.row <= row < wanted.row + wanted.height and wanted.col <= col < wanted.col + wanted.width:
            yield Window(
                wanted.row + min(max(int(row) - wanted.row - side[0] // 2, 0), wanted.height - side[0]),
                wanted.col + min(max(int(col) - wanted.col - side[1] // 2, 0), wanted.width - side[1]),
                *side,
            )


def _spread(length: int, side: int) -> list[int]:
    """Where windows begin that are spread over a length, at most `PLACES` of them."""
    places = min(PLACES, round(length / side))
    middles = ((2 * k + 1) * length // (2 * places) for k in range(places))
    return [min(max(middle - side // 2, 0), length - side) for middle in middles]
