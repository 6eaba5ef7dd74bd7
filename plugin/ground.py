# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether a model knows the ground of an image: what the worker found, as a light and a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional

from .i18n import format_number, tr

LIGHTS = {"like": "#2e7d32", "partly": "#e69500", "unlike": "#c62828"}
"""Green, amber and red, by verdict of the worker."""


@dataclass(frozen=True)
class Ground:
    """What was found out about the ground of an image."""

    verdict: str
    """A key of `LIGHTS`."""
    text: str
    """A sentence for people."""

    @property
    def colour(self) -> str:
        """Return the colour of its light."""
        return LIGHTS[self.verdict]


def judge_resolution(gsd: float, known: "tuple[float, float]") -> Optional[Ground]:
    """Warn of an image that is coarser than those that a model was made for; None where it is not.

    Args:
        gsd: Metres per pixel of the image.
        known: Of the model, the finest first.
    """
    finest, coarsest = known
    if gsd <= 1.15 * coarsest:
        return None
    text = tr("The image is coarser than what the model knows ({} m per pixel, not {} to {}): expect errors.")
    return Ground("partly", text.format(*(format_number(metres, ".3g") for metres in (gsd, finest, coarsest))))


def read_ground(found: Optional[Mapping[str, Any]]) -> Optional[Ground]:
    """Return what the worker found out; None if the model does not tell what it was trained on."""
    verdict = (found or {}).get("verdict")
    if verdict not in LIGHTS:
        return None
    texts = {
        "like": tr("The ground is like that of the model's training images ({unlike} of {windows} samples are not)."),
        "partly": tr(
            "Parts of the ground are unlike that of the model's training images ({unlike} of {windows} samples): "
            "look closely at the result there."
        ),
        "unlike": tr(
            "The ground is unlike that of the model's training images ({unlike} of {windows} samples): "
            "the model does not know it, and the result may be wrong."
        ),
    }
    return Ground(verdict, texts[verdict].format(unlike=found["unlike"], windows=found["windows"]))
