"""The public function `evaluate`: open data and model, examine, and write the report."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..config import SegmentConfig
from ..datasets.labelled_data import LabelledData, open_data
from ..datasets.pairs import map_bands
from ..errors import DataError, OutputError, ParameterError
from ..files.outputs import check_folder, lock_outputs, write_folder_atomically
from ..files.texts import write_json
from ..metrics import Accuracy
from ..progress import Reporter
from ..segmentation.planning import GSD_TOLERANCE
from ..segmentation.predictor import Predictor, load_predictor
from .ceiling import measure_ceiling
from .examination import examine
from .findings import Scope, collect, sum_of
from .provenance import provenance, training_groups, was_seen
from .report import write_report

FIGURES, PAGE = "evaluation.json", "index.html"
FILES = frozenset({FIGURES, PAGE})
"""The files of a report."""

_GRID_OPTIONS = ("out_gsd", "extent", "mask")


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
    **options: Any,
) -> EvaluationResult:
    """Measure how good a model is on labelled images: whole images, through the pipeline of `segment`.

    Args:
        model: Name of a shipped model, or path of a model file.
        data: Folder of `images/` and `masks/`, or a TOML that pairs rasters with labels.
        output: Folder of the report to make: `index.html` for people, `evaluation.json` for programs.
        overwrite: Whether an earlier report may be replaced.
        reporter: Receives progress and messages.
        **options: Fields of `SegmentConfig`, such as `bands`, `overlap`, `tta`, `engine`, `memory`; but not `out_gsd`,
            `extent` and `mask`, as labels are compared pixel by pixel.

    Returns:
        The paths and the scores.

    Raises:
        AerialSegError: One of its subclasses; nothing is left behind.
    """
    config = _config(str(model), options)
    target, reporter = Path(output), reporter or Reporter()
    check_folder(target, FILES, overwrite=overwrite)
    labelled = open_data(data, reporter=reporter)
    _refuse_data_folder(target, labelled.root)
    predictor = load_predictor(config, check=reporter.check)
    for text in [*_doubts(labelled, predictor), *_odd_bands(labelled, predictor, config)]:
        reporter.message(text, "warning")
    with lock_outputs("evaluate", target), write_folder_atomically(target, FILES, overwrite=overwrite) as folder:
        with tempfile.TemporaryDirectory(prefix=".work-", dir=folder) as work:
            findings, scores = _found(labelled, predictor, config, Path(work), reporter)
            findings |= provenance(labelled, predictor, config, target)
            write_report(folder / PAGE, findings, labelled, config, Path(work))
        write_json(folder / FIGURES, findings)
    return EvaluationResult(target, target / PAGE, target / FIGURES, scores, findings)


def _doubts(labelled: LabelledData, predictor: Predictor) -> list[str]:
    """What a user should know before reading the scores."""
    card = predictor.model.card
    doubts = [problem.text for problem in labelled.problems]
    trained_on = training_groups(card)
    if seen := sum(was_seen(pair, labelled.root, trained_on) for pair in labelled.pairs):
        doubts.append(f"The model was trained on {seen} of the {len(labelled.pairs)} images.")
    finest, coarsest = card.gsd_range
    stated = {pair.gsd for pair in labelled.pairs if pair.gsd is not None}
    if any(not finest / GSD_TOLERANCE <= gsd <= coarsest * GSD_TOLERANCE for gsd in stated):
        doubts.append(
            f"The data state a ground resolution of {', '.join(f'{gsd:g}' for gsd in sorted(stated))} m, the model is"
            f" made for {finest:g} to {coarsest:g} m; images without a CRS are read as they are."
        )
    return doubts


def _odd_bands(labelled: LabelledData, predictor: Predictor, config: SegmentConfig) -> list[str]:
    """What is doubtful about the bands that are read, a line for each kind of image."""
    if config.bands is not None:
        return []
    try:
        mappings = map_bands(labelled.pairs, [band.name for band in predictor.model.card.bands])
    except DataError:  # planning refuses it
        return []
    return [f"{mapping.text}, and so does --bands." for mapping in mappings if mapping.choice.note]


def _found(
    labelled: LabelledData, predictor: Predictor, config: SegmentConfig, work: Path, reporter: Reporter
) -> tuple[dict[str, Any], Accuracy]:
    card = predictor.model.card
    examined = examine(labelled, predictor, config, work, reporter)
    ceiling = measure_ceiling(labelled, reporter)
    findings = collect(labelled, card.classes, examined, ceiling, trained_on=training_groups(card))
    return findings, Scope(card.classes, labelled.scheme).scores(sum_of(examined.counts)[0])


def _config(model: str, options: dict[str, Any]) -> SegmentConfig:
    for name in _GRID_OPTIONS:
        if name in options:
            raise ParameterError(f"`{name}` has no meaning in an evaluation.", "Labels are compared pixel by pixel.")
    return SegmentConfig(model=model, **options)


def _refuse_data_folder(output: Path, root: Path) -> None:
    """The report replaces what is in its folder."""
    if root.is_dir() and output.resolve() == root.resolve():
        raise OutputError(f"The output {output} is also the folder of the data.", "Choose another one.")
