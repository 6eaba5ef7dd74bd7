"""Speed of training: the bare step of the network, and `train` end to end, side by side in one run.

    python benchmarks/training_speed.py data/dubai --rounds 3

The step is forward, loss, backward and optimiser on one batch in memory. End to end is `train` with the recipe's
batches from the real images: input pipeline, running mean, checkpoints and logs included, from its fifth step to its
last one. Both run as Keras has it (float32, its own layers: what `train` did before) and as `train` chooses on this
machine. Every figure comes from a process of its own; rounds alternate, and medians are printed.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

WARM_UP = 5
"""Steps that are not timed: TensorFlow plans its graph in the first ones."""

KINDS = ("keras step", "keras train", "chosen step", "chosen train")


def measure_step(recipe: Any, steps: int) -> float:
    """Seconds of one bare step."""
    import keras
    import numpy as np

    from aerialseg_core.training import run
    from aerialseg_core.training.devices import adapt_to_device, use_devices

    rng = np.random.default_rng(0)
    shape = (recipe.run.batch, recipe.patches.side, recipe.patches.side)
    images = keras.ops.convert_to_tensor(rng.normal(size=(*shape, 3)).astype(np.float32))
    labels = keras.ops.convert_to_tensor(rng.integers(0, 6, shape).astype(np.uint8))
    with use_devices(recipe.run):
        model = run.build_network(recipe, 6)
        if recipe.run.precision == "auto":
            model = adapt_to_device(model)
        loss = run._choose_loss(recipe, [1] * 6, taught=False)
        run._compile(model, run._make_optimiser(recipe.optimiser), loss)
    times = []
    for _ in range(WARM_UP + steps):
        begin = time.perf_counter()
        model.train_on_batch(images, labels)
        times.append(time.perf_counter() - begin)
    return statistics.median(times[WARM_UP:])


def measure_training(recipe: Any, steps: int, data: Path) -> float:
    """Seconds of one step of `train`."""
    from aerialseg_core import train
    from aerialseg_core.progress import Reporter
    from aerialseg_core.training import run

    class Clock(Reporter):
        """A reporter that notes when each step of the training was done."""

        times: list[float] | None = None

        def start(self, task: str, total: int, unit: str) -> None:
            if task == "train":
                self.times = []
            super().start(task, total, unit)

        def advance(self, n: int = 1, **state: Any) -> None:
            if self.times is not None and len(self.times) < recipe.run.epochs * recipe.run.steps:
                self.times.append(time.perf_counter())
            super().advance(n, **state)

    if recipe.run.precision != "auto":
        run.adapt_to_device = lambda model: model
    clock = Clock()
    epochs = 3  # hence two checkpoints
    options = replace(recipe.run, epochs=epochs, steps=-(-(WARM_UP + steps) // epochs))
    recipe = replace(recipe, run=options, split=replace(recipe.split, share=0.0))
    with tempfile.TemporaryDirectory() as folder:
        train(data, Path(folder, "model.onnx"), recipe=recipe, reporter=clock)
    times = clock.times or []
    return (times[-1] - times[WARM_UP - 1]) / (len(times) - WARM_UP)


def measure(kind: str, arguments: argparse.Namespace) -> float:
    """Mpx/s of one kind, in this process."""
    from aerialseg_core.training.recipe import load_recipe

    recipe = load_recipe(arguments.recipe)
    if kind.startswith("keras"):
        recipe = replace(recipe, run=replace(recipe.run, precision="float32"))
    if kind.endswith("step"):
        seconds = measure_step(recipe, arguments.steps)
    else:
        seconds = measure_training(recipe, arguments.steps, arguments.data)
    return recipe.run.batch * recipe.patches.side**2 / seconds / 1e6


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="labelled images")
    parser.add_argument("--recipe", default="default")
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kind", choices=KINDS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.kind:
        print(f"speed {measure(arguments.kind, arguments)}")
        return
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for _ in range(arguments.rounds):
        for kind, speeds in found.items():
            command = [sys.executable, __file__, *sys.argv[1:], "--kind", kind]
            output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            speeds.append(float(output.rsplit("speed ", 1)[1]))
    speed = {kind: statistics.median(speeds) for kind, speeds in found.items()}
    print("| | step, Mpx/s | `train`, Mpx/s | `train` ÷ step |\n| --- | --- | --- | --- |")
    for who, name in (("keras", "Keras's layers, float32"), ("chosen", "as `train` chooses")):
        step, training = speed[f"{who} step"], speed[f"{who} train"]
        print(f"| {name} | {step:.2f} | {training:.2f} | {training / step:.2f} |")
    ratios = [speed[f"chosen {what}"] / speed[f"keras {what}"] for what in ("step", "train")]
    print(f"| times as fast | {ratios[0]:.2f} | {ratios[1]:.2f} | |")


if __name__ == "__main__":
    main()
