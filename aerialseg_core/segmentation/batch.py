"""Many scenes with one loaded model: what is missing is done, and one that is bad stops no other."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from ..config import ORDERS, BatchOptions, PolygonFormat, SegmentConfig, SegmentOptions, SheetOrder
from ..errors import Cancelled, EngineError, OutputError, ParameterError, RasterReadError, SceneError
from ..files.locks import lock, make_hidden_path
from ..files.outputs import lock_outputs, names_folder, raise_output_errors
from ..files.uploads import ObjectAddress, is_in_store, list_stored
from ..polygons.writers.formats import check_format
from ..progress import Reporter
from ..raster.class_raster import JOB_TAG, SETTINGS_TAG, measure_class_areas, read_tags
from ..raster.classes import ClassScheme
from ..raster.footprint import compute_footprint, locate_raster
from ..raster.opening import Source, is_remote
from ..redaction import redact
from ..sentences import Sentence, tell
from .catalogue import CATALOGUE, Catalogue, SceneRecord, SceneStatus, explain_failure
from .delivery import Earlier, find_earlier
from .index_page import INDEX, write_index
from .job import Outputs, check_confidence, check_known, fingerprint_job, fingerprint_settings, limit_gdal
from .manifest import FOLDER as MANIFESTS
from .manifest import read_manifest
from .mosaic import MosaicRun
from .planning import check_classes, plan_scene
from .predictor import Predictor, load_predictor
from .scenes import PATTERNS, ListedScene, select_scenes
from .scratch import Scratch, refuse_apart
from .segment import segment_scene
from .shards import Shard, lock_share, refuse_running_shards
from .shared_range import share_range
from .stac import (
    COLLECTION,
    copy_model,
    gather_items,
    name_item,
    read_own,
    require_pystac,
    write_model_item,
    write_stac_collection,
)

if TYPE_CHECKING:
    from typing_extensions import Unpack  # of `typing` from Python 3.11 on

STOP = ".batch.stop"
"""File in the folder of the results that tells workers of a cluster that nobody waits for them any more."""


@dataclass(frozen=True)
class BatchTask:
    """What is done with each scene. It can be sent to another process."""

    folder: Path
    """Where the results go."""
    polygons: PolygonFormat | None
    """Format of the class polygons that are written; None for none."""
    confidence: bool
    """Whether confidence rasters are written."""
    unlike: bool
    """Whether rasters of the distance from the training images are written."""
    seams: bool
    """Whether rasters of how much overlapping windows disagreed are written."""
    overwrite: bool
    """Whether results of other models or parameters may be replaced."""
    config: SegmentConfig
    """How each scene is segmented."""
    scratch: Scratch | None = None
    """The scratch folder that the folder is in if the results go to an object store."""
    stac: bool = False
    """Whether a STAC item is written with each class raster there."""

    def name_outputs(self, scene: ListedScene) -> Outputs:
        """Name the results of a scene."""
        base = self.folder / scene.name
        return Outputs(
            base.with_name(f"{base.name}_classes.tif"),
            base.with_name(f"{base.name}_confidence.tif") if self.confidence else None,
            base.parent / f"{base.name}_classes.{self.polygons}" if self.polygons else None,  # a last slash is lost
            self.overwrite,
            base.with_name(f"{base.name}_unlike.tif") if self.unlike else None,
            base.with_name(f"{base.name}_seams.tif") if self.seams else None,
            scratch=self.scratch,
            item=name_item(base.with_name(f"{base.name}_classes.tif")) if self.stac else None,
            collection=self.folder if self.stac else None,
            manifest=self.folder / MANIFESTS / f"{scene.name}.json" if self.scratch else None,
            parts=names_folder(self.polygons),
        )

    def show(self, output: str) -> str:
        """Give the address of a result in an object store, and the path of one on a disk."""
        return self.scratch.show(Path(output)) if self.scratch else output

    def read_tags(self, scenes: Iterable[ListedScene]) -> Iterator[Mapping[str, str]]:
        """Read the tags of the class rasters that are there already, of those of some scenes."""
        if self.scratch is None:
            for outputs in map(self.name_outputs, scenes):
                if os.path.exists(outputs.classes):  # False for a name that is too long
                    yield read_tags(outputs.classes)
        elif folder := self.scratch.find_address(self.folder / MANIFESTS):
            there = set(list_stored(folder))
            for address in (folder.join(f"{scene.name}.json") for scene in scenes):
                if address in there and (manifest := read_manifest(address)):
                    yield manifest.tags


def batch(
    scenes: Source | Iterable[Source],
    output: str | Path,
    *,
    pattern: str | Sequence[str] = PATTERNS,
    polygons: bool = False,
    confidence: bool = False,
    overwrite: bool = False,
    reporter: Reporter | None = None,
    **options: Unpack[BatchOptions],
) -> list[SceneStatus]:
    """Segment many rasters.

    Args:
        scenes: A folder; a pattern such as "ortho/**/*.tif"; a list (.txt) or a table (.csv) of paths and addresses,
            which are relative to it; STAC items (.json); a raster or its address; or several of these.
        output: Folder for the results, made if it is missing; or an address in an object store, as in s3://bucket/maps.
        pattern: Which files of a folder are scenes, as in `Path.glob` but in capital or small letters alike: `**/*.tif`
            searches sub-folders too; several patterns, or one text with commas between them. What lies beside rasters,
            and maps that aerialseg has made, are passed over.
        polygons: Whether class polygons are written.
        confidence: Whether confidence rasters are written.
        overwrite: Whether results of other models or parameters may be replaced.
        reporter: Receives progress and messages.
        **options: `unlike`, whether rasters of the distance from the training images are written, as `segment` does;
            `seams`, whether those of how much windows disagreed are; `stac`, whether a STAC item is written for each
            class raster, `NAME_classes.json`, and a collection of all in the folder, `collection.json`; `asset`, which
            asset of STAC items is the raster; `mosaic`, whether rasters that belong together are read as one, so that
            there are no seams between them, with an index over their maps and one layer of polygons; `order`, which of
            them is seen where they overlap, the newest, or the first or last by name; `polygon_format`, the ending of
            the names of polygons, "gpkg" unless it is given, "parquet/" for folders of GeoParquet files; `shard`, a
            share of the scenes to do, as in "3/16", or of the blocks of a mosaic, while other processes do the others;
            and fields of `SegmentConfig`. Its range is one for all rasters unless it is `per-raster`; it is the one of
            the maps that are in the output folder already, unless these may be replaced.

    Returns:
        What became of each scene, in the order of their names or of the list; of a share of a mosaic the scenes that
        failed. A scene that failed does not stop the others; one that could not be read was tried again at the end.

    Raises:
        DataError: What is given is missing or cannot be understood, or holds no scene.
        OutputError: The output folder cannot be made, or another run is writing to it.
        ModelError, EngineError, ParameterError: As `segment`.
        Cancelled: The run was cancelled.
    """
    unlike, seams, asset = options.pop("unlike", False), options.pop("seams", False), options.pop("asset", None)
    mosaic, order = options.pop("mosaic", False), options.pop("order", "newest")
    shard, polygon_format = options.pop("shard", None), options.pop("polygon_format", "gpkg")
    share = None if shard is None else Shard.parse(shard)
    if order not in ORDERS:
        raise ParameterError(
            "order-unknown", "--order {order} is none of {known}.", order=order, known=", ".join(ORDERS)
        )
    if stac := options.pop("stac", False):
        require_pystac()
    config = SegmentConfig(**cast(SegmentOptions, options))
    reporter = reporter or Reporter()
    target, scratch = _find_place(output, config, apart=mosaic and share is not None)
    selection = select_scenes(scenes, Path(output), pattern, asset=asset)
    if selection.passed_over:
        reporter.message(selection.passed_over)
    areas = polygon_format if polygons else None
    task = BatchTask(
        target, areas, confidence, unlike, seams, overwrite, config, scratch, stac=stac and scratch is not None
    )
    if areas:
        check_format(Path(f"polygons.{areas}"), parts=names_folder(areas))
    predictor = load_predictor(config, check=reporter.check)
    if confidence:
        check_confidence(predictor)
    if unlike:
        check_known(predictor)
    check_classes(predictor.model.card, config)
    with _lock_folder(target, share, scratch, mosaic=mosaic, reporter=reporter):
        readable = [scene.source for scene in selection.scenes if not scene.refusal]
        made = task.read_tags(selection.scenes)
        shared = share_range(config, readable, made, predictor.model, anew=overwrite, reporter=reporter)
        task = replace(task, config=shared)
        try:
            if mosaic:
                results = _process_mosaics(selection.scenes, task, order, share, predictor=predictor, reporter=reporter)
            else:
                chosen = selection.scenes[share.number - 1 :: share.total] if share else selection.scenes
                results = _process_all(chosen, task, predictor, reporter)
        finally:
            if not share:
                _describe_results(task, reporter)
        if stac and not share and any(result.status != "failed" for result in results):
            _write_collection(task, results, predictor, reporter)
        return _leave_scratch(task, results, share) if scratch else results


def _leave_scratch(task: BatchTask, results: list[SceneStatus], share: Shard | None) -> list[SceneStatus]:
    """Remove what is uploaded, unless other shares may use it, and name the results by their addresses."""
    for name in () if share else (CATALOGUE, INDEX, COLLECTION):
        (task.folder / name).unlink(missing_ok=True)
    return [replace(one, output=task.show(one.output)) for one in results]


def _write_collection(
    task: BatchTask, results: Sequence[SceneStatus], predictor: Predictor, reporter: Reporter
) -> None:
    """Write the STAC collection of what is done; in an object store of the items that are there."""
    scratch = task.scratch
    if scratch is None:
        copy_model(task.folder, predictor.model)
        write_model_item(task.folder, predictor.model)
        write_stac_collection(task.folder, overwrite=task.overwrite, reporter=reporter)
        return
    done = [name_item(Path(result.output)) for result in results if result.status != "failed"]

    def read_items() -> Iterator[tuple[Path, dict[str, Any]]]:
        for path in done:
            scratch.fetch(path)
            if item := read_own(path):
                yield path, item
            else:
                said = "{item} is no STAC item: its map was made without --stac."
                reporter.message(Sentence("stac-no-item", said, item=scratch.show(path)), "warning")
            path.unlink(missing_ok=True)

    scratch.fetch(task.folder / COLLECTION)
    made = gather_items(task.folder, read_items(), overwrite=task.overwrite, reporter=reporter)
    scratch.upload(made, made, reporter)
    copy = copy_model(task.folder, predictor.model)
    if not scratch.is_there(copy):
        scratch.upload(copy, copy, reporter)
    copy.unlink()


def _find_place(output: str | Path, config: SegmentConfig, *, apart: bool) -> tuple[Path, Scratch | None]:
    """Find the folder for the results; it is in a scratch folder if they go to an object store.

    Args:
        output: Where they go.
        config: What tells of a cluster.
        apart: Whether this is a share of the blocks of scenes, which others compute too.
    """
    if not is_in_store(output):
        return Path(output), None
    refuse_apart("--shard" if apart else "--cluster", config, shares=apart)
    address = ObjectAddress.parse(output)
    scratch = Scratch.make(address.join(MANIFESTS))
    return scratch.mirror(address), scratch


def _process_mosaics(
    scenes: Sequence[ListedScene],
    task: BatchTask,
    order: SheetOrder,
    share: Shard | None,
    *,
    predictor: Predictor,
    reporter: Reporter,
) -> list[SceneStatus]:
    """Process the scenes that belong together as one, or a share of their blocks; that tells of bad scenes only."""
    records: dict[str, SceneRecord] = {}
    if task.scratch:
        task.scratch.fetch(task.folder / CATALOGUE)
    with Catalogue(task.folder, reporter) as catalogue:

        def keep(source: str, record: SceneRecord) -> None:
            keep_record(record, catalogue, predictor.model.card.classes)
            records[source] = record

        for scene in scenes:
            if scene.refusal:
                keep(scene.source, process_scene(scene, task, predictor, reporter))
        sheets = {scene.source: task.name_outputs(scene) for scene in scenes if not scene.refusal}
        MosaicRun(sheets, task.folder, order, predictor, task.config, reporter, keep, share).segment()
    return [records[scene.source].status for scene in scenes if scene.source in records]


def _describe_results(task: BatchTask, reporter: Reporter) -> None:
    """Write the index; that it cannot be written is no reason to call what is done a failure."""
    catalogue, page = task.folder / CATALOGUE, task.folder / INDEX
    try:
        if task.scratch is None:
            write_index(task.folder)
            return
        task.scratch.fetch(page)  # so that the page of somebody else is not replaced
        write_index(task.folder, rasters=task.scratch.show(task.folder))
        for path in (catalogue, page):
            task.scratch.upload(path, path, reporter)
    except OutputError as error:
        reporter.message(error.sentence.whole(), "warning")


def _process_all(
    scenes: Sequence[ListedScene], task: BatchTask, predictor: Predictor, reporter: Reporter
) -> list[SceneStatus]:
    """Process every scene, and those once more, at the end, that could not be read."""
    results: dict[int, SceneStatus] = {}
    if task.scratch:
        task.scratch.fetch(task.folder / CATALOGUE)
    with Catalogue(task.folder, reporter) as catalogue:

        def process(todo: Sequence[int]) -> list[int]:
            """Process some of the scenes; those of them that could not be read."""
            unread = []
            for index, record in process_scenes(scenes, todo, task, predictor=predictor, reporter=reporter):
                keep_record(record, catalogue, predictor.model.card.classes)
                results[index] = record.status
                if record.unread:
                    unread.append(index)
            return sorted(unread)

        if again := process(range(len(scenes))):
            said = "{count} of {scenes} scenes could not be read: they are tried once more."
            reporter.message(Sentence("scenes-again", said, count=len(again), scenes=len(scenes)))
            process(again)
    return [results[index] for index in range(len(scenes))]


def process_scenes(
    scenes: Sequence[ListedScene], todo: Sequence[int], task: BatchTask, *, predictor: Predictor, reporter: Reporter
) -> Iterator[tuple[int, SceneRecord]]:
    """Process some scenes, here one after the other, or on a cluster.

    Args:
        scenes: All scenes of the run.
        todo: Indices of those to process.
        task: What is done with each.
        predictor: The model, for what is done here.
        reporter: Hears of each scene: here as it begins, from a cluster as it ends.

    Yields:
        Index and record of each scene, as they end.

    Raises:
        EngineError: A worker computes other scores than this process, and that is not allowed.
        Cancelled, ClusterError: The run was cancelled, or the cluster is gone.
    """
    if task.config.cluster is None:
        for index in todo:
            reporter.part(index + 1, len(scenes), redact(scenes[index].source))
            yield index, process_scene(scenes[index], task, predictor, reporter)
        return
    from .cluster import dispatch, open_cluster, stopped_after  # Dask is needed for nothing else

    stop = task.folder / STOP
    stop.unlink(missing_ok=True)
    probe = "" if task.config.allow_mixed else predictor.identity.probe
    given = [(index, scenes[index], task, probe) for index in todo]
    with (
        open_cluster(task.config.cluster, task.config) as client,
        closing(dispatch(client, process_on_worker, given, reporter)) as found,
        stopped_after(stop),
    ):
        for number, (index, record) in enumerate(found, start=1):
            reporter.part(number, len(given), record.status.source)
            yield index, record
    stop.unlink(missing_ok=True)


def process_on_worker(given: tuple[int, ListedScene, BatchTask, str]) -> tuple[int, SceneRecord]:
    """Process a scene on a worker of a cluster.

    Args:
        given: Index of the scene, the scene, what is done with it, and the probe that its engine must have; empty for
            any.

    Raises:
        EngineError: It computes other scores.
        Cancelled: Nobody waits for it any more.
    """
    from .cluster import StopReporter, load_on_worker

    index, scene, task, probe = given
    with load_on_worker(task.config) as predictor:
        if probe not in ("", predictor.identity.probe):
            raise EngineError(
                "worker-scores-differ",
                "A worker ({engine}) computes other scores than the process that started the run.",
                "Start it on a machine of the same kind with the same packages, or take it with --allow-mixed.",
                engine=predictor.identity,
            )
        alone = replace(task, config=replace(task.config, cluster=None))
        return index, process_scene(scene, alone, predictor, StopReporter(task.folder / STOP))


def keep_record(record: SceneRecord, catalogue: Catalogue, scheme: ClassScheme) -> None:
    """Keep in the catalogue what became of a scene; one that was skipped is in it, or is measured now.

    Args:
        record: What became of it.
        catalogue: Where it is kept.
        scheme: The classes of the model.
    """
    status = record.status
    if status.status == "skipped":
        if catalogue.knows(status.output):
            return
        if not record.unit:
            areas, unit = measure_class_areas(Path(status.output), scheme)
            record = replace(record, areas=areas, unit=unit, footprint=locate_raster(status.output))
    catalogue.add(record)


def format_table(results: list[SceneStatus]) -> str:
    """Write the results for people: a line a scene, and the counts."""
    width = max((len(result.source) for result in results), default=0)  # a share may be empty
    remarks = {"partly": " (partly unlike the training images)", "unlike": " (unlike the training images)"}
    lines = [f"{r.source:<{width}}  {r.status:<7}  {r.error or r.output}{remarks.get(r.ground, '')}" for r in results]
    counts = {status: sum(r.status == status for r in results) for status in ("done", "skipped", "failed")}
    text = "\n".join([*lines, ", ".join(f"{count} {status}" for status, count in counts.items())])
    return text.encode("utf-8", "backslashreplace").decode()  # names of files need not be UTF-8


@contextmanager
def _lock_folder(
    folder: Path, share: Shard | None, scratch: Scratch | None, *, mosaic: bool, reporter: Reporter
) -> Iterator[None]:
    """Make the folder of the results, and keep other runs from it; what shows that lies in it, as it is never moved.

    In an object store each scene has a lease of its own, and a mosaic has one for all of it.
    """
    _make_folder(folder)
    whole = folder / "batch"  # beside which the files of the locks lie
    with ExitStack() as stack:
        if scratch and not share:  # others may be about to use it
            stack.callback(scratch.remove)
        if share:
            stack.enter_context(lock_share(whole, share, f"batch --shard {share}"))
        else:
            with raise_output_errors(whole):
                stack.enter_context(lock(folder, "batch", make_hidden_path(whole, ".lock")))
            refuse_running_shards(whole)
            if scratch and mosaic:
                stack.enter_context(scratch.lease([folder / "classes.vrt"], reporter))
        yield


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            "output-folder-not-made",
            "The output folder {folder} cannot be made: {error}.",
            "Choose another one.",
            folder=folder,
            error=error.strerror,
        ) from error


def process_scene(scene: ListedScene, task: BatchTask, predictor: Predictor, reporter: Reporter) -> SceneRecord:
    """Do what is missing of one scene, or find out why that is impossible.

    Args:
        scene: Which one.
        task: What is done.
        predictor: The model of the task's parameters, loaded in this process.
        reporter: Receives progress and messages.

    Returns:
        What became of it; also whatever is wrong with it.

    Raises:
        Cancelled: The run was cancelled.
    """
    outputs = task.name_outputs(scene)
    source, output = redact(scene.source), str(outputs.classes)
    reporter.check()
    begin = time.perf_counter()
    try:
        if scene.refusal:
            raise SceneError.of(scene.refusal)
        if not task.folder.is_dir():  # made anew, it could be a place where a disk was mounted
            raise OutputError(
                "output-folder-vanished",
                "The output folder {folder} does not exist any more.",
                "Bring it back and run it again.",
                folder=task.folder,
            )
        _make_folder(outputs.classes.parent)
        with limit_gdal(task.config), lock_outputs("batch", *outputs.paths):
            earlier = find_earlier(outputs)
            state = _judge_earlier(scene.source, earlier, outputs, predictor, task.config)
            if state == "done":
                status, known = SceneStatus(source, "skipped", output), earlier.manifest
                if known is None:
                    return SceneRecord(status)
                return SceneRecord(status, areas={**known.areas}, unit=known.unit, footprint=known.footprint)
            if state == "outdated":
                said = "{scene} has changed since its map was made: it is made again."
                reporter.message(Sentence("scene-outdated", said, scene=source))
                outputs = replace(outputs, overwrite=True)
            made = segment_scene(scene.source, outputs, predictor, task.config, reporter)
    except Cancelled:
        raise
    except Exception as error:  # noqa: BLE001 - the border of a scene: whatever is wrong with one, the others are done
        reason = explain_failure(error)
        told = Sentence("scene-failed", "{scene} failed: {cause}", scene=source, cause=reason)
        reporter.message(told.whole(), "warning")
        return SceneRecord(
            SceneStatus(source, "failed", output, redact(tell(reason))),
            time.perf_counter() - begin,
            footprint=None if scene.refusal or is_remote(scene.source) else locate_raster(scene.source),
            unread=isinstance(error, RasterReadError),
        )
    grid, place = made.grid, None
    if grid:
        place = compute_footprint(grid.crs.to_wkt() if grid.crs else None, grid.transform, grid.shape)
    return SceneRecord(
        SceneStatus(source, "done", output, ground=made.ground.verdict if made.ground else ""),
        time.perf_counter() - begin,
        made.windows,
        made.areas,
        made.unit,
        place,
    )


def _judge_earlier(
    source: str, earlier: Earlier, outputs: Outputs, predictor: Predictor, config: SegmentConfig
) -> Literal["done", "outdated", "to do"]:
    """Judge what an earlier run has left: done by this very job, or made of a scene as it was before."""
    if not earlier.tags:
        return "to do"
    with plan_scene(source, predictor.model.card, config) as (plan, _):
        if earlier.tags.get(JOB_TAG) == fingerprint_job(plan, predictor, outputs):
            return "done"
        outdated = earlier.tags.get(SETTINGS_TAG) == fingerprint_settings(plan, predictor, outputs)
        return "outdated" if outdated else "to do"
