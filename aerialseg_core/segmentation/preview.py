"""Segment one small part of a scene after another: what is loaded for one stays for the next."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import SegmentConfig, SegmentOptions
from ..files.outputs import lock_outputs, remove_leftovers
from ..progress import Reporter
from .job import Outputs, stage_outputs
from .predictor import Predictor, load_predictor
from .segment import SegmentResult, segment_scene

if TYPE_CHECKING:
    from typing_extensions import Unpack  # of `typing` from Python 3.11 on


class Previewer:
    """Segments as `segment` does, and keeps the last model in its engine."""

    def __init__(self) -> None:
        self._loaded: tuple[Hashable, Predictor] | None = None

    def segment(
        self,
        scene: str | Path,
        output: str | Path,
        *,
        reporter: Reporter | None = None,
        **options: Unpack[SegmentOptions],
    ) -> SegmentResult:
        """Segment a scene into a class raster, which is replaced if it is there.

        Args:
            scene: Anything that rasterio opens.
            output: The class raster to write.
            reporter: Receives progress and messages.
            **options: Fields of `SegmentConfig`; `extent` says which part.

        Raises:
            AerialSegError: As `segment`.
        """
        config, reporter = SegmentConfig(**options), reporter or Reporter()
        outputs = replace(Outputs.named(output), overwrite=True)
        with stage_outputs(outputs) as staged, lock_outputs("preview", *staged.paths):
            for path in staged.paths:
                remove_leftovers(path)
            return segment_scene(str(scene), staged, self._load(config, reporter), config, reporter)

    def _load(self, config: SegmentConfig, reporter: Reporter) -> Predictor:
        """Return the model of a run in its engine: the last one, if that was the same file for the same engine."""
        path = Path(config.model)
        written = path.stat().st_mtime_ns if path.is_file() else 0
        key = (config.model, written, config.engine, config.device, config.precision, config.threads, config.memory)
        if self._loaded is None or self._loaded[0] != key:
            self._loaded = None  # two of them need not be in memory at once
            self._loaded = key, load_predictor(config, check=reporter.check)
        return self._loaded[1]
