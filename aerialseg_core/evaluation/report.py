"""The page of an evaluation: figures in words that people understand, bars, a heat table, and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..config import SegmentConfig
from ..datasets.labelled_data import LabelledData
from ..metrics import UNLABELED
from ..raster.classes import ClassScheme
from ..report.page import embed_picture, format_decimal, format_percent, write_page
from .thumbnails import (
    NOT_SCORED,
    SURE,
    UNSURELY_WRONG,
    WRONG,
    Thumbnail,
    name_thumbnail,
    paint_classes,
    paint_errors,
    read_photograph,
)

FEW = 6
"""With fewer images than this, one of each kind is shown."""

_TEMPLATE = "evaluation/page.html"
_DIAGRAM = 300
_PERCENTS = {"accuracy", "miou", "miou_labelled", "micro_iou", "boundary_f1"}


def write_report(
    target: Path, findings: dict[str, Any], data: LabelledData, config: SegmentConfig, thumbnails: Path
) -> None:
    """Write the page.

    Args:
        target: The HTML file.
        findings: As in `evaluation.json`.
        data: The labelled images.
        config: How they were read.
        thumbnails: Folder of their thumbnails.
    """
    write_page(
        target,
        _TEMPLATE,
        title=f"How good is {findings['model']['name']}?",
        f=findings,
        data_name=data.root.resolve().name,
        tiles=_make_tiles(findings),
        summary=_summarise(findings),
        rows=_make_class_rows(findings),
        counted=[c for c in findings["classes"] if c["counted"]],
        has_unlabeled=_has_unlabeled(findings),
        heat=[[n / sum(row) if sum(row) else None for n in row] for row in findings["confusion"]],
        areas=_make_area_rows(findings),
        mistakes=_find_mistakes(findings),
        diagram=_draw_diagram(findings["calibration"]["bins"]),
        side=_DIAGRAM,
        examples=_make_examples(findings, data, config, thumbnails),
        errors=[
            {"name": "right (the image in pale grey)", "colour": "#CFCFCF"},
            {"name": f"wrong, although at least {SURE} % sure", "colour": _format_colour(WRONG)},
            {"name": f"wrong and less than {SURE} % sure", "colour": _format_colour(UNSURELY_WRONG)},
            {"name": "not labelled, not scored", "colour": _format_colour(NOT_SCORED)},
        ],
        sure=SURE,
    )


def _make_tiles(findings: dict[str, Any]) -> list[dict[str, Any]]:
    """Make the headline figures with what they mean."""
    scores, limits, agreement = findings["scores"], findings["intervals"], findings["agreement"]
    known = _find_ceilings(agreement) if isinstance(agreement, dict) else {}
    tolerance = findings["boundary_tolerance"]
    about = [
        ("accuracy", "Pixels right", "Share of the labelled pixels that got their class."),
        (
            "miou",
            "Mean IoU",
            "Predicted and labelled area of a class in common, as a share of both together; mean of the classes.",
        ),
        ("miou_labelled", "Mean IoU, named classes", "The same without Unlabeled, which says what was not drawn."),
        ("boundary_f1", "Boundary F1", f"How well outlines are met within {tolerance} px; mean of the named classes."),
        ("micro_iou", "Micro IoU", "IoU of all classes together: large classes weigh more."),
        ("kappa", "Cohen’s kappa", "Agreement beyond chance: 1 is perfect, 0 is guessing."),  # the last one of all
    ]
    tiles = []
    for key, label, text in about:
        if key == "miou_labelled" and not _has_unlabeled(findings):
            continue
        tiles.append(
            {
                "label": label,
                "value": _format_figure(key, scores[key]),
                "range": _format_range(key, limits[key]),
                "ceiling": _format_figure(key, known[key]) if known.get(key) is not None else "",
                "about": text,
                "main": key in ("accuracy", "miou"),
            }
        )
    return [*tiles[:-1], *_make_side_tiles(findings), tiles[-1]]


def _find_ceilings(agreement: dict[str, Any]) -> dict[str, Any]:
    """Find the annotators' overall scores, without the means in which a class counts that hardly occurs."""
    rare = set(agreement["rare"])
    hidden = {"miou": rare, "miou_labelled": rare - {UNLABELED}}
    return {key: value for key, value in agreement.items() if not hidden.get(key)}


def _make_side_tiles(findings: dict[str, Any]) -> list[dict[str, Any]]:
    """Make the figures that have no interval."""
    ece, seams = findings["calibration"]["ece"], findings["seams"]
    ece_tile = _make_tile(
        "Calibration error", format_percent(ece), "How far its confidence is from the truth on average (ECE)."
    )
    about = "How much more overlapping windows contradict each other at their edges than inside, before blending."
    seam_tile = _make_tile("Seam index", format_decimal(seams["index"], 1), about)
    if seams["index"] is not None:
        edge, inside = (format_percent(seams[f"{place}_differ"] / seams[place]) for place in ("edge", "inside"))
        seam_tile["range"] = f"{edge} at edges, {inside} inside"
    return [ece_tile, seam_tile]


def _make_tile(label: str, value: str, about: str) -> dict[str, Any]:
    return {"label": label, "value": value, "about": about, "range": "", "ceiling": "", "main": False}


def _format_figure(key: str, value: float | None) -> str:
    return format_percent(value) if key in _PERCENTS else format_decimal(value, 2)


def _format_range(key: str, limits: Sequence[float] | None) -> str:
    return "" if limits is None else f"{_format_figure(key, limits[0])} to {_format_figure(key, limits[1])}"


def _has_unlabeled(findings: dict[str, Any]) -> bool:
    return any(c["name"] == UNLABELED and c["counted"] for c in findings["classes"])


def _summarise(findings: dict[str, Any]) -> list[str]:
    """Summarise the figures as a person would who has read them."""
    scores, limits, images = findings["scores"], findings["intervals"]["accuracy"], len(findings["images"])
    if not scores["pixels"]:
        return ["No pixel is labelled, so there is nothing to score."]
    lines = [f"Of 100 labelled pixels, {100 * scores['accuracy']:.0f} get the class that the annotators gave them."]
    if limits is None:
        lines[0] += (
            " There is one image only: how far that holds for others cannot be told; intervals need more images."
        )
    elif findings["subsets"]["seen"]["images"]:
        lines[0] += " On images that the model has not seen, expect less."
    else:
        low, high = (f"{100 * limit:.0f}" for limit in limits)
        lines[0] += f" On {images} other images like these, expect {low} to {high} (95 % interval)."
    ranked = sorted(
        (v["iou"], name) for name, v in findings["per_class"].items() if v["iou"] is not None and v["labelled"]
    )
    ranked = [one for one in ranked if one[1] != UNLABELED] or ranked
    if len(ranked) > 1:
        (worst, bad), (best, good) = ranked[0], ranked[-1]
        lines.append(
            f"{good} is found best (IoU {format_percent(best, 0)}), {bad} worst (IoU {format_percent(worst, 0)})."
        )
    return lines


def _make_class_rows(findings: dict[str, Any]) -> list[dict[str, Any]]:
    agreement, limits = findings["agreement"], findings["intervals"]["iou"]
    ceilings = dict(agreement["iou"]) if isinstance(agreement, dict) else {}
    for name in agreement["rare"] if isinstance(agreement, dict) else ():
        ceilings[name] = None
    pixels = max(findings["scores"]["pixels"], 1)
    return [
        {
            **findings["per_class"][c["name"]],
            "name": c["name"],
            "colour": c["colour"],
            "share": findings["per_class"][c["name"]]["labelled"] / pixels,
            "low": (limits[c["name"]] or (None, None))[0],
            "high": (limits[c["name"]] or (None, None))[1],
            "ceiling": ceilings.get(c["name"]),
        }
        for c in findings["classes"]
        if c["counted"]
    ]


def _make_area_rows(findings: dict[str, Any]) -> list[dict[str, Any]]:
    """Make the rows of the figures that are weighted by area, with their intervals."""
    limits, pixels = findings["intervals"], max(findings["scores"]["pixels"], 1)

    def bound(key: str, name: str) -> str:
        low, high = limits[key][name] or (None, None)
        return "" if low is None else f"{format_percent(low)} to {format_percent(high)}"

    return [
        {
            "name": c["name"],
            "colour": c["colour"],
            "predicted": one["predicted"] / pixels,
            "labelled": one["labelled"] / pixels,
            "users": one["precision"],
            "producers": one["recall"],
            **{f"{key}_range": bound(key, c["name"]) for key in ("labelled_share", "users", "producers")},
        }
        for c in findings["classes"]
        if c["counted"]
        for one in [findings["per_class"][c["name"]]]
    ]


def _find_mistakes(findings: dict[str, Any], most: int = 3) -> list[dict[str, Any]]:
    """Find the commonest confusions."""
    names = [c["name"] for c in findings["classes"]]
    matrix = np.array(findings["confusion"])
    wrong = matrix - np.diag(np.diag(matrix))
    places = np.argsort(-wrong, axis=None, kind="stable")[:most]
    return [
        {
            "label": names[row],
            "predicted": names[col],
            "share": float(wrong[row, col] / matrix[row].sum()),
            "of_all": float(wrong[row, col] / wrong.sum()),
        }
        for row, col in (divmod(int(place), len(names)) for place in places)
        if wrong[row, col]
    ]


def _draw_diagram(bins: list[dict[str, Any]]) -> list[dict[str, float]]:
    """Draw the bars of the reliability diagram in the units of its picture: x to the right, y down."""
    most = max((row["count"] for row in bins), default=0)
    total = sum(row["count"] for row in bins)
    return [
        {
            "x": row["low"] * _DIAGRAM,
            "width": (row["high"] - row["low"]) * _DIAGRAM,
            "top": (1 - row["accuracy"]) * _DIAGRAM,
            "height": row["accuracy"] * _DIAGRAM,
            "mean_x": row["confidence"] * _DIAGRAM,
            "mean_y": (1 - row["confidence"]) * _DIAGRAM,
            "confidence": row["confidence"],
            "accuracy": row["accuracy"],
            "share": row["count"] / total,
            "share_height": row["count"] / most * 50,
        }
        for row in bins
        if row["count"]
    ]


def _format_colour(colour: tuple[int, int, int]) -> str:
    return "#{:02X}{:02X}{:02X}".format(*colour)


def rank_images(findings: dict[str, Any]) -> list[tuple[str, int]]:
    """Choose the images that are shown, with a word for each: best, middle and worst by pixels right."""
    scored = [(one["accuracy"], i) for i, one in enumerate(findings["images"]) if one["accuracy"] is not None]
    order = [i for _, i in sorted(scored, key=lambda one: (-one[0], one[1]))]
    if not order:
        return []
    if len(order) == 1:
        return [("The only image", order[0])]
    if len(order) == 2:
        return [("Best", order[0]), ("Worst", order[1])]
    each = 1 if len(order) < FEW else 2
    middle = (len(order) - each) // 2
    shown = [("Best", order[:each]), ("Median", order[middle : middle + each]), ("Worst", order[-each:][::-1])]
    return [(word, index) for word, part in shown for index in part]


def _make_examples(
    findings: dict[str, Any], data: LabelledData, config: SegmentConfig, thumbnails: Path
) -> list[dict[str, Any]]:
    scheme = ClassScheme.of([(c["name"], c["colour"]) for c in findings["classes"]])
    examples = []
    for word, index in rank_images(findings):
        pair = data.pairs[index]
        thumbnail = Thumbnail.load(name_thumbnail(thumbnails, index))
        seen = read_photograph(pair.image, config.bands or pair.bands, thumbnail.shape)
        examples.append(
            {"word": word, **findings["images"][index], "pictures": _make_pictures(thumbnail, seen, scheme)}
        )
    return examples


def _make_pictures(thumbnail: Thumbnail, seen: NDArray[np.uint8], scheme: ClassScheme) -> dict[str, str]:
    longest = max(thumbnail.shape)
    return {
        "image": embed_picture(seen, longest=longest, photograph=True),
        "truth": embed_picture(paint_classes(thumbnail.labels, scheme), longest=longest),
        "prediction": embed_picture(paint_classes(thumbnail.predicted, scheme), longest=longest),
        "errors": embed_picture(paint_errors(thumbnail, seen), longest=longest),
    }


def describe_results(findings: dict[str, Any]) -> list[str]:
    """Describe the figures in lines for a terminal."""
    limits = findings["intervals"]["iou"]
    lines = [
        f"{name:>14} IoU {format_decimal(one['iou'])}{_format_between(limits[name])}, "
        f"boundary F1 {format_decimal(one['boundary_f1'])}"
        for name, one in findings["per_class"].items()
    ]
    for key, label in (("miou", "mean"), ("miou_labelled", f"mean without {UNLABELED}")):
        if key == "miou" or _has_unlabeled(findings):
            value, between = findings["scores"][key], _format_between(findings["intervals"][key])
            lines.append(f"{label:>14} IoU {format_decimal(value)}{between}")
    accuracy = findings["scores"]["accuracy"]
    lines.append(f"{'accuracy':>14}     {format_decimal(accuracy)}{_format_between(findings['intervals']['accuracy'])}")
    return lines


def _format_between(limits: Sequence[float] | None) -> str:
    return "" if limits is None else f" ({limits[0]:.3f}–{limits[1]:.3f})"
