"""Make the shipped model from the MBRSC data set: the files of models/, and the section of its card that tells how.

    make train-shipped DATA=data/dubai

Trains the recipe `shipped`, then `seed` on the same folds for comparison, in a folder that a killed run continues
from. The data are the folder of `Tile 1/images/…` as published; nothing else is needed, and nothing is done by hand.
"""

from __future__ import annotations

import argparse
import csv
import logging
import platform
import shutil
import statistics
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aerialseg_core.config import count_usable_cores
from aerialseg_core.metrics import Accuracy
from aerialseg_core.model.registry import load_model
from aerialseg_core.progress import Reporter
from aerialseg_core.training import load_recipe, train
from aerialseg_core.training.data import choose_splits, load_data
from aerialseg_core.training.devices import choose_precision, count_gpus
from aerialseg_core.training.recipe import Recipe
from aerialseg_core.training.run import Run, train_network

NAME = "mbrsc-lite0"
MODELS = Path(__file__).parents[1] / "models"
BEGIN, END = "<!-- written by scripts/train_shipped.py -->\n", "<!-- end -->\n"

T_95 = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365}
"""Quantiles of Student's t for a 95 % interval, by degrees of freedom."""

log = logging.getLogger("train-shipped")


class LogReporter(Reporter):
    """A reporter that writes messages to the log."""

    def message(self, text: str, level: str = "info") -> None:
        """Write a message."""
        log.log(logging.WARNING if level == "warning" else logging.INFO, "%s", text)


@dataclass(frozen=True)
class Folds:
    """Networks of one recipe that were scored on what they had not seen."""

    recipe: Recipe
    """How they were trained."""
    scores: tuple[Accuracy, ...]
    """Their scores."""
    history: tuple[list[dict[str, Any]], ...]
    """A row of figures for each epoch of each of them."""
    symmetric: Accuracy | None = None
    """The mean of their scores with all turns and mirror images of the square, as `--tta 8` takes them."""

    @property
    def gigapixels(self) -> float:
        """Pixels that one of them has seen."""
        return count_gigapixels(self.recipe, self.history[0][-1]["step"])

    @property
    def minutes(self) -> float:
        """Time that one of them takes with the machine for itself."""
        return measure_minutes(self.history)


def main() -> None:
    """Make the model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="the data set, a folder of `Tile 1`, `Tile 2`, …")
    parser.add_argument("--work", type=Path, default=Path("train-shipped"), help="where a killed run continues from")
    arguments = parser.parse_args()
    work: Path = arguments.work
    work.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", filename=work / "training.log")
    reporter, recipe, output = LogReporter(), load_recipe("shipped"), work / f"{NAME}.onnx"
    if not output.exists():
        train(arguments.data, output, recipe=recipe, resume=True, reporter=reporter)
    own, last = read_training(recipe, output)
    shutil.copyfile(output, MODELS / output.name)
    write_section(describe(own, None, last))
    seed = train_seed(arguments.data, own, work / "seed", reporter)
    write_section(describe(own, seed, last))


def write_section(text: str) -> None:
    """Write the section of the model's card that is this script's."""
    card = MODELS / "MODEL_CARD.md"
    before, _, rest = card.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    card.write_text(before + BEGIN + text + END + after, "utf-8")


def train_seed(data: Path, own: Folds, folder: Path, reporter: Reporter) -> Folds:
    """Train the recipe `seed` on the same folds, each network for as long as those of the other recipe took."""
    seed = load_recipe("seed")
    run = replace(seed.run, epochs=0, steps=100, minutes=round(own.minutes, 1))
    seed = replace(seed, split=own.recipe.split, run=run)
    labelled = load_data(data, seed, reporter)
    found = []
    for number, split in enumerate(choose_splits(labelled, seed), start=1):
        place = folder / f"fold-{number}"
        place.mkdir(parents=True, exist_ok=True)
        found.append(train_network(Run(labelled, split, seed, place), reporter))
        shutil.rmtree(place / "patches", ignore_errors=True)
    scores = tuple(trained.accuracy for trained in found if trained.accuracy)
    return Folds(seed, scores, tuple(trained.state.history for trained in found))


def read_training(recipe: Recipe, model: Path) -> tuple[Folds, list[dict[str, Any]]]:
    """Read the folds of a trained model from its card and its history, and the rows of the last network."""
    rows: dict[str, list[dict[str, Any]]] = {}
    with model.with_suffix(".csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            numbers = {key: float(value) for key, value in row.items() if value and key != "network"}
            rows.setdefault(row["network"], []).append(numbers)
    last = rows.pop("last")
    metrics = load_model(str(model)).card.metrics
    scores = tuple(
        Accuracy(**{key: value for key, value in fold.items() if key != "holdout"}) for fold in metrics["folds"]
    )
    return Folds(recipe, scores, tuple(rows.values()), Accuracy(**metrics["over symmetries"])), last


def measure_minutes(histories: Sequence[Sequence[dict[str, Any]]]) -> float:
    """Measure the time that a network takes with the machine for itself: its epochs at the pace of the quickest tenth.

    The first epoch of a network counts too: it has the most to prepare.
    """
    paces = [
        after["minutes"] - before["minutes"]
        for rows in histories
        for before, after in zip([{"minutes": 0.0}, *rows], rows, strict=False)
    ]
    return statistics.quantiles(paces, n=10)[0] * len(histories[0])


def describe(own: Folds, seed: Folds | None, last: Sequence[dict[str, Any]]) -> str:
    """Describe a training in Markdown: what it took, its folds beside the seed's, and the curve of its folds."""
    recipe = own.recipe
    text = (
        f"{len(own.scores)} networks of {own.gigapixels:.2f} Gpx and {own.minutes:.0f} minutes each, then the shipped "
        f"one of {count_gigapixels(recipe, last[-1]['step']):.2f} Gpx and {measure_minutes([last]):.0f} minutes, on "
        f"{name_processor()}, {choose_precision(recipe.run)}; minutes at the pace of the quickest epochs."
    )
    if own.symmetric:
        text += (
            f" As the mean over {recipe.distillation.symmetries} turns and mirror images of the square (`--tta`) the "
            f"{len(own.scores)} have mIoU {own.symmetric.miou_labelled:.3f} without Unlabeled, "
            f"{own.symmetric.miou:.3f} of all six, accuracy {own.symmetric.accuracy:.3f}."
        )
    if seed:
        text += f" The networks of the recipe `seed` had as many minutes: {seed.gigapixels:.2f} Gpx each."
    lines = [*textwrap.wrap(text, 120), ""]
    columns = {"recipe `shipped`": own} | ({"recipe `seed`": seed} if seed else {})
    heads = [*columns, *(["difference"] if seed else [])]
    lines.append("| on images that a network has not seen | " + " | ".join(heads) + " |")
    lines.append("| --- |" + " --- |" * len(heads))
    figures = {"mIoU without Unlabeled": "miou_labelled", "mIoU of all six": "miou", "accuracy": "accuracy"}
    for name, key in figures.items():
        values = [[getattr(score, key) for score in folds.scores] for folds in columns.values()]
        if seed:
            values.append([a - b for a, b in zip(*values, strict=True)])
        lines.append(f"| {name} | " + " | ".join(map(estimate, values)) + " |")
    for name in own.scores[0].iou:
        cells = [
            estimate([iou for score in folds.scores if (iou := score.iou.get(name)) is not None])
            for folds in columns.values()
        ]
        lines.append(f"| IoU {name} | " + " | ".join([*cells, *([""] if seed else [])]) + " |")
    lines += ["", "| Gpx | " + " | ".join(f"fold {i}" for i in range(1, len(own.scores) + 1)) + " |"]
    lines.append("| --- |" + " --- |" * len(own.scores))
    for epoch in zip(*own.history, strict=True):
        if all("miou_labelled" in row for row in epoch):
            seen = count_gigapixels(recipe, epoch[0]["step"])
            lines.append(f"| {seen:.2f} | " + " | ".join(f"{row['miou_labelled']:.3f}" for row in epoch) + " |")
    return "\n".join(lines) + "\n"


def estimate(values: Sequence[float]) -> str:
    """Give the mean of a few values and, by Student's t, its 95 % interval."""
    if len(values) < 2:
        return f"{values[0]:.3f}" if values else ""
    reach = T_95[len(values) - 1] * statistics.stdev(values) / len(values) ** 0.5
    return f"{statistics.mean(values):.3f} ± {reach:.3f}"


def name_processor() -> str:
    """Name the processor and its cores, or the GPU."""
    if gpus := count_gpus():
        return f"{gpus} GPU"
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text("utf-8").splitlines() if facts.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return f"{count_usable_cores()} cores of {model or platform.processor() or platform.machine()}"


def count_gigapixels(recipe: Recipe, steps: float) -> float:
    """Count the pixels of so many steps; those of the last part are as large where batch × side² is the same."""
    return steps * recipe.run.batch * recipe.patches.side**2 / 1e9


if __name__ == "__main__":
    main()
