"""Many small rasters: what a scene costs besides inference, and whether memory stays flat.

    python benchmarks/many_small.py [SCENES]

Writes SCENES (1000) rasters of 8 × 8 px and segments them with `batch` and a network of one layer, then again, when all
are done already. Prints milliseconds a scene, by the clock and of the processor, with what the network took subtracted
(measured around each call), as the median and the mean from one scene to the next; and the resident memory after a
tenth of the scenes and at the end.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from support import image, save_model, save_scene

from aerialseg_core import batch
from aerialseg_core.progress import Reporter
from aerialseg_core.segmentation.predictor import Predictor


class Watch(Reporter):
    """Notes the clocks as each scene begins."""

    def __init__(self) -> None:
        super().__init__()
        self.clock: list[float] = []
        self.processor: list[float] = []
        self.memory: list[float] = []

    def part(self, number: int, total: int, name: str) -> None:
        self.clock.append(time.perf_counter() - inference[0])
        self.processor.append(time.process_time() - inference[1])
        self.memory.append(measure_memory())


inference = [0.0, 0.0]
"""Seconds in the network so far: by the clock, and of the processor."""

predict = Predictor._predict_group


def predict_timed(self: Predictor, group: object, tta: int) -> object:
    """As `predict`, with its time noted."""
    begin = time.perf_counter(), time.thread_time()
    scores = predict(self, group, tta)  # type: ignore[arg-type]
    inference[0] += time.perf_counter() - begin[0]
    inference[1] += time.thread_time() - begin[1]
    return scores


def measure_memory() -> float:
    """Resident memory, MiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
folder = Path(tempfile.mkdtemp(prefix="many-small-"))
try:
    (folder / "in").mkdir()
    save_model(folder / "tiny.onnx")
    content = save_scene(folder / "first.tif", image(8, 8)).read_bytes()
    for number in range(count):
        (folder / "in" / f"{number:06}.tif").write_bytes(content)
    Predictor._predict_group = predict_timed  # type: ignore[assignment,method-assign]
    for what in ("new", "done already"):
        watch, begin = Watch(), time.perf_counter()
        results = batch(folder / "in", folder / "out", model=str(folder / "tiny.onnx"), reporter=watch)
        whole = time.perf_counter() - begin
        if {one.status for one in results} != {"done" if what == "new" else "skipped"}:
            sys.exit("some scenes failed")
        wall, used = (1e3 * np.diff(times) for times in (watch.clock, watch.processor))
        tenth = max(1, count // 10)
        print(
            f"{count} scenes {what}, all in {whole:.0f} s\n"
            f"  by the clock      {np.median(wall):6.1f} ms each, mean {wall.mean():.1f}\n"
            f"  of the processor  {np.median(used):6.1f} ms each, mean {used.mean():.1f}; "
            f"of the first tenth {used[:tenth].mean():.1f}, of the last {used[-tenth:].mean():.1f}\n"
            f"  memory            {watch.memory[tenth]:6.0f} MiB after a tenth, {watch.memory[-1]:.0f} MiB at the end",
            flush=True,
        )
finally:
    shutil.rmtree(folder)
