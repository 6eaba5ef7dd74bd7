"""Segment one scene: plan, stream, store block by block, build the outputs, publish them together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ..config import SceneOptions, SegmentConfig, SegmentOptions
from ..errors import (
    AerialSegError,
    Cancelled,
    EngineError,
    OutputError,
    ParameterError,
    RasterChangedError,
    RasterReadError,
)
from ..files.outputs import lock_outputs, remove_leftovers
from ..model.bundle import Model
from ..model.engines import explain_unused_gpu
from ..model.registry import load_model
from ..progress import Reporter
from ..raster.class_raster import RasterGrid, measure_class_areas, measure_mean
from ..sentences import Sentence
from .blocks import BlockStore
from .delivery import make_move
from .engine_facts import EngineFacts, name_facts, recall_facts
from .job import Outputs, SceneJob, limit_gdal, open_job, stage_outputs
from .plan import Plan, count_streams, describe, estimate_seconds, make_note
from .planning import plan_scene, refuse_endless
from .predictor import Predictor, fit_card, load_predictor
from .scratch import refuse_apart
from .shards import refuse_running_shards
from .stac import name_item, write_item
from .survey import GroundSurvey, survey_ground
from .work import compute_blocks, count_windows, find_all_tiles, find_missing_runs

if TYPE_CHECKING:
    from typing_extensions import Unpack  # of `typing` from Python 3.11 on


@dataclass(frozen=True)
class SegmentResult:
    """What a run has made."""

    classes: Path | str
    """The class raster; its address, as a text, where it is in an object store."""
    confidence: Path | str | None
    """The confidence raster."""
    polygons: Path | str | None
    """The class polygons."""
    areas: dict[str, float]
    """Area of each class."""
    unit: str
    """Unit of the areas: m² or px²."""
    windows: int
    """Windows of this run, those without data included; fewer than planned when it continued an earlier one."""
    unlike: Path | str | None = None
    """The raster of distances from the training images."""
    seams: Path | str | None = None
    """The raster of how much overlapping windows disagreed."""
    disagreement: float | None = None
    """Mean of that in percent, over the pixels that several windows saw; None if it was not asked for, or there are
    none."""
    ground: GroundSurvey | None = None
    """Whether the scene is like the images that the model was trained on; None: nothing is known of them."""
    item: Path | str | None = None
    """The STAC item."""
    grid: RasterGrid | None = None
    """Where the pixels of the rasters lie."""


@dataclass(frozen=True)
class PlannedRun:
    """What a run would do."""

    lines: list[Sentence]
    """The plan in lines for people; the key of each says what it is about."""
    ground: GroundSurvey | None
    """Whether the scene is like the images that the model was trained on; None: nothing is known of them."""
    seconds: float
    """How long it takes by estimate, if the class raster is all that is wanted."""


def segment(
    scene: str | Path,
    output: str | Path,
    *,
    polygons: str | Path | None = None,
    confidence: str | Path | None = None,
    overwrite: bool = False,
    reporter: Reporter | None = None,
    **options: Unpack[SceneOptions],
) -> SegmentResult:
    """Segment a scene into a class raster.

    Args:
        scene: Anything that rasterio opens.
        output: The class raster to write, a Cloud-Optimized GeoTIFF: uint8, 0 = no data, 1…N = the model's classes.
            This and the other outputs may be addresses in an object store, as in s3://bucket/a.tif.
        polygons: Class polygons to write as well, as `polygonize` does with `min_area`, `simplify`,
            `smooth` and `square`: a file, or a folder of GeoParquet files if it ends in `/`.
        confidence: Confidence raster to write as well: uint8, 0…100 % of the winning class, 255 = no data; it falls
            where the ground is unlike the training images.
        overwrite: Whether existing outputs may be replaced.
        reporter: Receives progress and messages.
        **options: `unlike`, raster to write as well of the distance from the training images, uint8, percent of what is
            normal among them, so up to 100 = like them, 250 = that or more, 255 = no data; `seams`, raster to write as
            well of how much overlapping windows disagreed before they were blended, uint8, half the sum of the absolute
            differences of their scores in percent, 255 = no data or one window alone; `stac`, whether a STAC item is
            written beside the class raster, `NAME.json`; and fields of `SegmentConfig`.

    Returns:
        The paths and the class areas.

    Raises:
        AerialSegError: One of its subclasses; nothing is left behind but, after an interruption, the finished blocks.
    """
    item = name_item(Path(output)) if options.pop("stac", False) else None
    unlike, seams = options.pop("unlike", None), options.pop("seams", None)
    config = SegmentConfig(**cast(SegmentOptions, options))
    outputs = replace(Outputs.named(output, confidence, polygons, unlike, seams), overwrite=overwrite, item=item)
    with stage_outputs(outputs) as staged, lock_outputs("segment", *staged.paths):
        if staged.scratch:
            refuse_apart("--cluster", config)
        for path in staged.paths:
            remove_leftovers(path)
        reporter = reporter or Reporter()
        predictor = load_predictor(config, check=reporter.check, later=True)
        return segment_scene(str(scene), staged, predictor, config, reporter)


def describe_plan(
    scene: str | Path, *, reporter: Reporter | None = None, **options: Unpack[SegmentOptions]
) -> list[str]:
    """Describe what `segment` would do with a scene, without doing it.

    Args:
        scene: Anything that rasterio opens.
        reporter: May cancel.
        **options: Fields of `SegmentConfig`.

    Returns:
        The plan in lines for people.

    Raises:
        AerialSegError: As `segment`, for everything that can be known beforehand.
    """
    return [*plan_run(scene, reporter=reporter, **options).lines]


def plan_run(scene: str | Path, *, reporter: Reporter | None = None, **options: Unpack[SegmentOptions]) -> PlannedRun:
    """Plan what `segment` would do with a scene, and look whether the model knows such ground.

    Args:
        scene: Anything that rasterio opens.
        reporter: May cancel.
        **options: Fields of `SegmentConfig`.

    Raises:
        AerialSegError: As `segment`, for everything that can be known beforehand.
    """
    config = SegmentConfig(**options)
    model, facts = load_to_plan(config, reporter or Reporter())
    with limit_gdal(config), plan_scene(str(scene), model.card, config) as (plan, opened):
        ground = survey_ground(plan, opened)
        return PlannedRun(_describe_run(plan, facts, ground), ground, estimate_seconds(plan, facts))


def load_to_plan(config: SegmentConfig, reporter: Reporter) -> tuple[Model, EngineFacts]:
    """Load what a plan needs of a model: its card, and how fast the engine is, measured only if nobody knows."""
    model = load_model(config.model, check=reporter.check)
    if facts := recall_facts(name_facts(model, config, count_streams(model.card, config))):
        return fit_card(model, resizes=facts.resizes), facts
    predictor = load_predictor(config, check=reporter.check)
    return predictor.model, predictor.facts


def segment_scene(
    source: str, outputs: Outputs, predictor: Predictor, config: SegmentConfig, reporter: Reporter
) -> SegmentResult:
    """Segment a scene with a model that is loaded already; otherwise as `segment`.

    The caller has locked the outputs (`lock_outputs`), or they are in a folder that nobody else knows.
    """
    with (
        outputs.scratch.lease(outputs.paths, reporter) if outputs.scratch else nullcontext(),
        open_job(source, outputs, predictor, config) as job,
    ):
        plan, store = job.plan, job.store
        outputs = job.check()
        if config.cluster is None:
            predictor.prepare(plan.patch)
        if store.folder.exists():  # shards make it first; to look for theirs among many results takes long
            refuse_running_shards(outputs.classes)
        ground = survey_ground(plan, job.scene)
        for line in _describe_run(plan, predictor.facts, ground):
            reporter.message(line)
        if store.enter(shared=config.cluster is not None, overwrite=outputs.overwrite):
            said = "begins anew: it was lost what the blocks of an earlier run were of, as in a power cut"
            reporter.message(Sentence("run-begins-anew", said), "warning")
        with _clean_up(store, remote=plan.state.remote, uploads=outputs.scratch is not None):
            windows = _compute_missing(job, config, reporter)
            rasters = store.build(find_all_tiles(plan, store))
            areas, unit = measure_class_areas(rasters[0], predictor.model.card.classes)
            finished = {layer.path: raster for layer, raster in zip(job.layers, rasters, strict=True)}
            disagreement = measure_mean(finished[outputs.seams]) if outputs.seams else None
            if outputs.polygons:
                made = store.folder / f"polygons{outputs.polygons.suffix}"
                _trace_polygons(finished, outputs, made, config, reporter)
                finished[outputs.polygons] = made
            if outputs.item:
                finished[outputs.item] = store.folder / "item.json"
                target, root, apart = finished[outputs.item], outputs.collection, outputs.scratch is not None
                model = predictor.model
                beside = write_item(target, outputs.results, written=finished, model=model, root=root, apart=apart)
                finished |= beside if apart else {}
            finished[outputs.classes] = finished.pop(outputs.classes)  # the class raster is there only when all are
            if outputs.scratch:
                outputs.scratch.check(outputs.paths, overwrite=outputs.overwrite, inputs=(), folder=outputs.folder)
            move = make_move(outputs, finished[outputs.classes], (areas, unit), store.folder, reporter)
            store.publish(finished, overwrite=outputs.overwrite, move=move)
    if ground and ground.verdict != "like":
        reporter.message(Sentence("ground-doubtful", "The ground is {ground}.", ground=ground.text), "warning")
    result = SegmentResult(
        outputs.classes,
        outputs.confidence,
        outputs.polygons,
        areas,
        unit,
        windows,
        unlike=outputs.unlike,
        seams=outputs.seams,
        disagreement=disagreement,
        ground=ground,
        item=outputs.item,
        grid=plan.out_grid,
    )
    scratch = outputs.scratch
    named = {**outputs.results, "item": outputs.item}
    shown: dict[str, Any] = {name: scratch.show(path) for name, path in named.items() if path} if scratch else {}
    return replace(result, **shown)


def _trace_polygons(
    rasters: dict[Path, Path], outputs: Outputs, made: Path, config: SegmentConfig, reporter: Reporter
) -> None:
    """Trace the class polygons of the finished rasters, which lie elsewhere than they will."""
    from ..polygons.polygonize import polygonize_islands  # not to wait for it before the first patch

    sure = str(rasters[outputs.confidence]) if outputs.confidence else None
    islands = [(rasters[outputs.classes], config.polygon_config(sure))]
    traced = polygonize_islands(islands, made, parts=outputs.parts, overwrite=True, reporter=reporter)
    if traced.certificate.unsure:
        raise OutputError(
            "confidence-lost",
            "The confidence of {path} was lost while it was made.",
            "Run it again.",
            path=outputs.polygons,
        )


def _compute_missing(job: SceneJob, config: SegmentConfig, reporter: Reporter) -> int:
    """Compute all blocks that are missing, here or on a cluster; returns the number of windows that it took."""
    plan, store = job.plan, job.store
    if config.cluster is not None:
        from .cluster import compute_on_cluster  # Dask is needed for nothing else

        return compute_on_cluster(job, config.cluster, reporter).windows
    runs = list(find_missing_runs(plan, store, spans=plan.block_spans, stripes=plan.stripes))
    if runs and store.sign(job.predictor.identify(plan.patch), allow_mixed=config.allow_mixed):
        runs = list(find_missing_runs(plan, store, spans=plan.block_spans, stripes=plan.stripes))
    in_all, missing = len(plan.block_spans) * len(plan.stripes), sum(map(len, runs))
    if missing < in_all:
        said = "continues an earlier run: {done} of {blocks} blocks are done already"
        reporter.message(Sentence("run-continued", said, done=in_all - missing, blocks=in_all))
    reporter.start("segment", count_windows(plan, runs), "windows")
    return compute_blocks(plan, job.scene, job.predictor, store, runs, reporter).windows


def _describe_run(plan: Plan, engine: EngineFacts, ground: GroundSurvey | None) -> list[Sentence]:
    """Describe what will be done in lines for people, or refuse what would take years."""
    refuse_endless(plan, engine.seconds_per_patch)
    lines = describe(plan, engine, ground=ground.text if ground else None)
    unused = explain_unused_gpu(plan.config.device)
    return lines + [make_note(text) for text in (*engine.notes, *filter(None, [unused]))]


@contextmanager
def _clean_up(store: BlockStore, *, remote: bool, uploads: bool) -> Iterator[None]:
    """Remove the finished blocks after an error, but keep them when the command, or one much like it, can continue."""
    try:
        yield
    except (Cancelled, EngineError, OutputError, ParameterError):
        store.keep_finished(uploads=uploads)
        raise
    except AerialSegError as error:
        unreadable = isinstance(error, RasterReadError) and not isinstance(error, RasterChangedError)
        if store.is_shared or (unreadable and remote):
            store.keep_finished()  # a server that did not answer may do so later
        else:
            store.discard()
        raise
