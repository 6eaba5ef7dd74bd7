"""Plan of a batch: what would be done with each scene or mosaic, what it needs, and what cannot be done and why."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import SegmentConfig, SegmentOptions, SheetOrder
from ..errors import AerialSegError, Cancelled
from ..files.uploads import is_in_store
from ..model.bundle import Model
from ..progress import Reporter
from ..raster.mosaic import write_mosaic
from ..raster.opening import Source
from ..raster.sheets import Mosaic, Sheet, describe_sheets, group_sheets, name_mosaics, read_sheet
from ..redaction import redact
from ..sentences import Sentence
from .batch import BatchTask
from .engine_facts import EngineFacts
from .job import limit_gdal
from .mosaic import refuse_other_grid, split_mosaic
from .plan import Plan, describe_scene, estimate_seconds, format_duration
from .planning import check_classes, plan_scene, refuse_endless
from .scenes import PATTERNS, ListedScene, select_scenes
from .segment import load_to_plan
from .shared_range import share_range

if TYPE_CHECKING:
    from typing_extensions import Unpack  # of `typing` from Python 3.11 on


@dataclass(frozen=True)
class BatchPlan:
    """What a run over many scenes would do."""

    lines: list[Sentence]
    """The plan in lines for people."""
    scenes: int
    """How many there are."""
    refused: int
    """Of how many of them nothing can be made."""


def plan_batch(
    scenes: Source | Iterable[Source],
    output: str | Path,
    *,
    pattern: str | Sequence[str] = PATTERNS,
    asset: str | None = None,
    order: SheetOrder = "newest",
    mosaic: bool = False,
    reporter: Reporter | None = None,
    **options: Unpack[SegmentOptions],
) -> BatchPlan:
    """Plan what `batch` would do with all scenes, whatever of it is done already. Nothing is written.

    Args:
        scenes: As `batch`.
        output: As `batch`.
        pattern: As `batch`.
        asset: As `batch`.
        order: As `batch`.
        mosaic: As `batch`.
        reporter: Is told of the range that all scenes share, and may cancel.
        **options: Fields of `SegmentConfig`.

    Raises:
        AerialSegError: As `batch`, for everything that can be known beforehand.
    """
    config, reporter = SegmentConfig(**options), reporter or Reporter()
    if mosaic:
        refuse_other_grid(config)
    selection = select_scenes(scenes, Path(output), pattern, asset=asset)
    if selection.passed_over:
        reporter.message(selection.passed_over)
    model, engine = load_to_plan(config, reporter)
    check_classes(model.card, config)
    readable = [scene.source for scene in selection.scenes if not scene.refusal]
    task = BatchTask(Path(output), None, False, False, False, False, config)
    made = () if is_in_store(output) else task.read_tags(selection.scenes)
    config = share_range(config, readable, made, model, anew=False, reporter=reporter)
    planner = _Planner(model, engine, config, reporter)
    if mosaic:
        planner.plan_mosaics(selection.scenes, order)
    else:
        planner.plan_scenes(selection.scenes)
    planner.sum_up(len(selection.scenes))
    return BatchPlan(planner.lines, len(selection.scenes), planner.refused)


@dataclass
class _Planner:
    """Plans one scene after another, and sums up."""

    model: Model
    engine: EngineFacts
    config: SegmentConfig
    reporter: Reporter
    lines: list[Sentence] = field(default_factory=list)
    refused: int = 0
    pixels: int = 0
    windows: int = 0
    seconds: float = 0.0

    def plan_scenes(self, scenes: Iterable[ListedScene]) -> None:
        """Plan scenes that are segmented each by itself."""
        for scene in self._pass_refused(scenes):
            try:
                plan = self._plan(scene.source)
            except Cancelled:
                raise
            except AerialSegError as error:
                self._refuse(scene.source, error.sentence)
            else:
                self.lines.append(describe_scene(plan))
                self._add(plan)

    def plan_mosaics(self, scenes: Iterable[ListedScene], order: SheetOrder) -> None:
        """Plan scenes of which those that belong together are segmented as one."""
        sheets: list[Sheet] = []
        config, wanted = self.config, self.model.card.band_names
        for scene in self._pass_refused(scenes):
            try:
                with limit_gdal(config):
                    sheets.append(
                        read_sheet(scene.source, wanted, bands=config.bands, nodata=config.nodata, memory=config.memory)
                    )
            except Cancelled:
                raise
            except AerialSegError as error:
                self._refuse(scene.source, error.sentence)
        mosaics = group_sheets(sheets, order)
        for mosaic, name in zip(mosaics, name_mosaics(mosaics), strict=True):
            told = list(describe_sheets(mosaic, name, order))
            self.lines += [Sentence("plan-mosaic", "{line}", line=line) for line in told]
            for sheet in mosaic.sheets if len(mosaic.sheets) > 1 else ():
                rows, cols = sheet.shape
                said = "sheet    {sheet}: {cols} × {rows} px"
                self.lines.append(Sentence("plan-sheet", said, sheet=redact(sheet.source), cols=cols, rows=rows))
            self._plan_mosaic(mosaic)

    def _plan_mosaic(self, mosaic: Mosaic) -> None:
        """Plan a mosaic by its islands, as it is segmented."""
        for island in split_mosaic(mosaic, self.model.card, self.config):
            try:
                with tempfile.TemporaryDirectory() as folder:
                    source = write_mosaic(island, Path(folder), nodata=self.config.nodata)
                    self._add(self._plan(str(source)))
            except Cancelled:
                raise
            except AerialSegError as error:
                for sheet in island.sheets:
                    self._refuse(sheet.source, error.sentence)

    def _pass_refused(self, scenes: Iterable[ListedScene]) -> Iterator[ListedScene]:
        """Pass over scenes that are refused by their names, and say why."""
        for scene in scenes:
            self.reporter.check()
            if scene.refusal:
                self._refuse(scene.source, scene.refusal)
            else:
                yield scene

    def _plan(self, source: str) -> Plan:
        with limit_gdal(self.config), plan_scene(source, self.model.card, self.config) as (plan, _):
            refuse_endless(plan, self.engine.seconds_per_patch)
            return plan

    def _refuse(self, source: str, reason: Sentence) -> None:
        self.refused += 1
        shown = redact(source)
        said = "refused  {reason}" if shown in reason else "refused  {scene}: {reason}"
        self.lines.append(Sentence("plan-refused", said, scene=shown, reason=reason).whole())

    def _add(self, plan: Plan) -> None:
        self.pixels += plan.window.height * plan.window.width
        self.windows += plan.window_count
        self.seconds += estimate_seconds(plan, self.engine)

    def sum_up(self, scenes: int) -> None:
        """Say what all of it needs."""
        said = "scenes   {ready} of {scenes} can be segmented, {pixels} Mpx in {windows} windows"
        ready, pixels = scenes - self.refused, f"{self.pixels / 1e6:,.1f}"
        windows, time = f"{self.windows:,}", format_duration(self.seconds)
        self.lines.append(Sentence("plan-scenes", said, ready=ready, scenes=scenes, pixels=pixels, windows=windows))
        said = "needs    about {time} of one process, {memory} MiB of memory for buffers"
        memory = f"{self.config.memory / 2**20:.0f}"
        self.lines.append(Sentence("plan-scenes-need", said, time=time, memory=memory))
