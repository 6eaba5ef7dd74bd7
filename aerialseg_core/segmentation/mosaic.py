"""Sheets of a mosaic: read as one scene, and given back as one map for each sheet, without seams between them.

The way of a mosaic: sheets → virtual raster → `segment_scene` → polygons → one map a sheet → indexes. What is made on
the way lies in a hidden folder beside the maps, under names that tell what determines it, until all is in its place.
See docs/design/mosaic.md.
"""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError

from ..config import SegmentConfig, SheetOrder, count_local_workers
from ..errors import (
    AerialSegError,
    Cancelled,
    ClusterError,
    EngineError,
    OutputError,
    ParameterError,
    RasterChangedError,
    RasterReadError,
    SceneError,
)
from ..files.outputs import (
    PARTS,
    check_folder,
    check_output,
    lock_outputs,
    make_output_error,
    raise_output_errors,
    rename_output,
)
from ..model.card import Card
from ..polygons.polygonize import polygonize_islands
from ..progress import Reporter
from ..raster.categories import make_class_tag
from ..raster.class_raster import (
    JOB_TAG,
    NO_CONFIDENCE,
    NO_DATA,
    NO_DISTANCE,
    NO_SEAM,
    OUTPUT_CACHE,
    SETTINGS_TAG,
    Layer,
    LayerKind,
    RasterGrid,
    describe_mosaic,
    make_fingerprint,
    measure_class_areas,
    name_sidecar,
    read_overviews,
    write_cog,
)
from ..raster.footprint import compute_footprint
from ..raster.identity import RasterState
from ..raster.mosaic import is_index, name_index, write_indexes, write_mosaic
from ..raster.opening import gdal_environment, open_written, place_unknown
from ..raster.scene import open_scene
from ..raster.sheets import Mosaic, Sheet, describe_sheets, group_sheets, name_mosaics, read_sheet, refuse_changes
from ..raster.window import Window, spans
from ..redaction import redact
from ..sentences import Sentence, tell
from .catalogue import SceneRecord, SceneStatus, explain_failure
from .delivery import Earlier, find_earlier, make_move
from .job import Outputs, fingerprint_job, fingerprint_settings, limit_gdal
from .patch_grid import compute_overlap, find_largest_side
from .plan import Plan
from .planning import plan_scene
from .predictor import Predictor
from .segment import segment_scene
from .shards import Shard, compute_share
from .stac import write_item
from .survey import Verdict

_FOLDER = ".mosaic"
_PUBLISHING = "publishing"
_PIXELS = 1 << 24
_Ground = Verdict | Literal[""]
_LAYERS: dict[LayerKind, int] = {
    "classes": NO_DATA,
    "confidence": NO_CONFIDENCE,
    "unlike": NO_DISTANCE,
    "seams": NO_SEAM,
}


@dataclass(frozen=True)
class _Island:
    """Sheets that are segmented as one scene."""

    mosaic: Mosaic
    source: Path
    """The virtual raster over them."""
    plan: Plan
    job: str
    """Fingerprint of all that determines the maps."""
    settings: str
    """Fingerprint of what was asked for, whatever the sheets are."""
    whole: Outputs
    """Where the maps of all of it are, until they are cut."""
    done: bool
    """Whether the maps of all sheets are those of this job."""


@dataclass
class MosaicRun:
    """A run over sheets: those that belong together are segmented as one scene, and each gets its own map.

    Raises:
        ParameterError: The maps are wanted on another grid than that of their sheets.
    """

    outputs: Mapping[str, Outputs]
    """The sheets by name, and what is written for each."""
    folder: Path
    """Where the maps go, and indexes over them; in a scratch folder if that is an object store. The caller has locked
    it."""
    order: SheetOrder
    """Which sheet is seen where they overlap."""
    predictor: Predictor
    """The model."""
    config: SegmentConfig
    """How."""
    reporter: Reporter
    """Receives progress and messages."""
    keep: Callable[[str, SceneRecord], None]
    """Is told what has become of each sheet. One that cannot be read is a hole in the mosaic."""
    share: Shard | None = None
    """A share of the blocks of every mosaic that is computed, and nothing else; only of bad sheets is `keep` told."""
    _sheets: dict[str, Sheet] = field(default_factory=dict, init=False)
    _earlier: dict[str, Earlier] = field(default_factory=dict, init=False)
    """What earlier runs have left of each sheet, as far as that was looked for."""
    _copies: set[Path] = field(default_factory=set, init=False)
    """Local copies of objects."""
    _known: set[str] = field(default_factory=set, init=False)
    _damaged: set[str] = field(default_factory=set, init=False)
    _failed: set[str] = field(default_factory=set, init=False)
    _workers: ExitStack = field(default_factory=ExitStack, init=False)
    """Those of a cluster on this machine, once there are some, until the run ends."""

    def __post_init__(self) -> None:
        refuse_other_grid(self.config)
        self._places = {source: number for number, source in enumerate(self.outputs)}
        self._work = self.folder / _FOLDER
        self._scratch = next((one.scratch for one in self.outputs.values()), None)

    def segment(self) -> None:
        """Segment all sheets, or compute the share.

        Raises:
            Cancelled, ClusterError, EngineError: The run was cancelled, the cluster is gone, or computes other scores.
        """
        mosaics = group_sheets(self._read_sheets(), self.order)
        stems = [self.folder / name for name in name_mosaics(mosaics)]
        for mosaic, stem in zip(mosaics, stems, strict=True):
            for line in describe_sheets(mosaic, stem.name, self.order):
                self.reporter.message(line)
        with self._workers:
            for number, (mosaic, stem) in enumerate(zip(mosaics, stems, strict=True), start=1):
                self.reporter.part(number, len(mosaics), str(stem))
                self._segment_mosaic(mosaic, stem)
        for path in self._copies:
            path.unlink(missing_ok=True)
        if not self._failed and not self.share:
            shutil.rmtree(self._work, ignore_errors=True)

    def _read_sheets(self) -> list[Sheet]:
        """Read what must be known of each sheet; of those that cannot be read a second time, at the end."""
        config, wanted = self.config, self.predictor.model.card.band_names
        waiting = list(self.outputs)
        for last in (False, True):
            unread = []
            for source in waiting:
                self.reporter.check()
                with self._report_failure(source), limit_gdal(config):
                    try:
                        self._sheets[source] = read_sheet(
                            source, wanted, bands=config.bands, nodata=config.nodata, memory=config.memory
                        )
                    except RasterReadError:
                        if last:
                            raise
                        unread.append(source)
            waiting = unread
        return sorted(self._sheets.values(), key=lambda sheet: self._places[sheet.source])

    @contextmanager
    def _report_failure(self, *sources: str) -> Iterator[None]:
        """Let what is wrong with some sheets be their failure only; those that are done stay done."""
        try:
            yield
        except (Cancelled, ClusterError, EngineError):  # they would fail for all others too
            raise
        except Exception as error:  # noqa: BLE001 - the border of a mosaic, as in `batch`
            reason = explain_failure(error)
            failed = [source for source in sources if source not in self._known]
            if failed:
                shown = redact(failed[0]) + (f" and {len(failed) - 1} more" if len(failed) > 1 else "")
                said = Sentence("scene-failed", "{scene} failed: {cause}", scene=shown, cause=reason)
                self.reporter.message(said.whole(), "warning")
            for source in failed:
                self._failed.add(source)
                self._finish(source, "failed", redact(tell(reason)))

    def _finish(
        self,
        source: str,
        status: Literal["done", "skipped", "failed"],
        error: str = "",
        ground: _Ground = "",
        measured: tuple[dict[str, float], str] = ({}, ""),
    ) -> None:
        """Keep what has become of a sheet."""
        output, sheet = self.outputs[source].classes, self._sheets.get(source)
        areas, unit = measured
        place = None
        if sheet is not None:
            place = compute_footprint(sheet.crs.to_wkt() if sheet.crs else None, sheet.transform, sheet.shape)
        self._known.add(source)
        told = SceneStatus(redact(source), status, str(output), error, ground)
        self.keep(source, SceneRecord(told, areas=areas, unit=unit, footprint=place))

    def _segment_mosaic(self, mosaic: Mosaic, stem: Path) -> None:
        """Segment a mosaic; a sheet that turns out to be damaged becomes a hole in it.

        Args:
            mosaic: The sheets.
            stem: Name of the indexes, without ending.
        """
        with self._report_failure(*(sheet.source for sheet in mosaic.sheets)):
            islands: list[_Island] = []
            for part in split_mosaic(mosaic, self.predictor.model.card, self.config):
                with self._report_failure(*(sheet.source for sheet in part.sheets)):
                    islands.append(self._plan_island(part))
            grounds: dict[str, _Ground] = {}
            for island in islands:
                with self._report_failure(*(sheet.source for sheet in island.mosaic.sheets)):
                    grounds[island.job] = self._segment_island(island)
            left = [sheet for sheet in mosaic.sheets if sheet.source not in self._damaged]
            if len(left) < len(mosaic.sheets):
                for rest in group_sheets(sorted(left, key=lambda sheet: self._places[sheet.source]), self.order):
                    self._segment_mosaic(rest, stem)
                for island in islands:
                    self._remove_whole(island)
                return
            if self.share:
                return
            ready = [island for island in islands if island.done or island.whole.classes.exists()]
            self._write_polygons(mosaic, ready, stem)
            self.reporter.start("cut", len(mosaic.sheets), "sheets")
            for island in ready:
                for sheet, window in zip(island.mosaic.sheets, island.mosaic.windows, strict=True):
                    with self._report_failure(sheet.source):
                        self._publish(sheet, window, island, grounds.get(island.job, ""))
                    self.reporter.advance()
                self._remove_whole(island)
            self._write_indexes(mosaic, stem)

    def _remove_whole(self, island: _Island) -> None:
        """Remove the maps of an island once those of all its sheets are cut out of them."""
        if not any(sheet.source in self._failed for sheet in island.mosaic.sheets):
            for path in (*island.whole.paths, name_sidecar(island.whole.classes)):
                path.unlink(missing_ok=True)

    def _plan_island(self, mosaic: Mosaic) -> _Island:
        """Plan how sheets are segmented as one scene, and find which of their maps are there already."""
        config, predictor = self.config, self.predictor
        source = write_mosaic(mosaic, self._work, nodata=config.nodata)
        wanted = self.outputs[mosaic.sheets[0].source]
        with limit_gdal(config), plan_scene(str(source), predictor.model.card, config) as (plan, _):
            pass
        states = [
            (sheet.state.digest, window.row, window.col)
            for sheet, window in zip(mosaic.sheets, mosaic.windows, strict=True)
        ]
        told = replace(plan, source=f"mosaic, {self.order} on top", state=RasterState(make_fingerprint(of=states), ()))
        job = fingerprint_job(told, predictor, wanted)
        whole = Outputs(
            self._work / f"{job}_classes.tif",
            confidence=self._work / f"{job}_confidence.tif" if wanted.confidence else None,
            overwrite=True,
            unlike=self._work / f"{job}_unlike.tif" if wanted.unlike else None,
            seams=self._work / f"{job}_seams.tif" if wanted.seams else None,
            draft=True,
        )
        settings = fingerprint_settings(told, predictor, wanted)
        island = _Island(mosaic, source, plan, job, settings, whole, False)
        return replace(island, done=all(self._find_state(sheet, island) == "done" for sheet in mosaic.sheets))

    def _find_state(self, sheet: Sheet, island: _Island) -> Literal["done", "outdated", "to do"]:
        """Find whether the maps of a sheet were made by this very job, or of sheets as they were."""
        tags = self._find_earlier(sheet).tags
        if tags.get(JOB_TAG) == island.job:
            return "done"
        return "outdated" if tags.get(SETTINGS_TAG) == _settle(sheet, island) else "to do"

    def _find_earlier(self, sheet: Sheet) -> Earlier:
        """Find what an earlier run has left of a sheet; looked for once, as a store takes its time."""
        if sheet.source not in self._earlier:
            self._earlier[sheet.source] = find_earlier(replace(self.outputs[sheet.source], polygons=None))
        return self._earlier[sheet.source]

    def _segment_island(self, island: _Island) -> _Ground:
        """Segment sheets as one scene, unless it is done; what cannot be read of them fails by itself."""
        if island.done or island.whole.classes.exists():
            return ""
        for sheet in island.mosaic.sheets:
            with self._report_failure(sheet.source):
                self._check_outputs(sheet, island)
        if all(sheet.source in self._failed for sheet in island.mosaic.sheets):
            return ""
        source = str(island.source)
        try:
            if self.share:
                compute_share(source, island.whole, self.share, self.predictor, self.config, self.reporter)
                return ""
            config = self._start_workers()
            made = segment_scene(source, island.whole, self.predictor, config, self.reporter)
        except RasterChangedError:
            refuse_changes(island.mosaic)  # which of the sheets it was
            raise
        except RasterReadError:
            self._find_damage(island.mosaic)
            if any(sheet.source in self._damaged for sheet in island.mosaic.sheets):
                return ""
            raise
        return made.ground.verdict if made.ground else ""

    def _start_workers(self) -> SegmentConfig:
        """Start the workers of a cluster on this machine, unless they are there, and tell how to segment with them."""
        if self.config.cluster and count_local_workers(self.config.cluster):
            from .cluster import open_cluster  # Dask is needed for nothing else

            client = self._workers.enter_context(open_cluster(self.config.cluster, self.config))
            self.config = replace(self.config, cluster=client.scheduler_info()["address"])
        return self.config

    def _check_outputs(self, sheet: Sheet, island: _Island) -> Outputs:
        """Refuse maps that could not be put in place; returns whether they may be replaced."""
        outputs = self.outputs[sheet.source]
        mine = self._find_state(sheet, island) != "to do" or _read_text(self._work / _PUBLISHING) == sheet.source
        outputs = replace(outputs, overwrite=outputs.overwrite or mine, polygons=None)
        with raise_output_errors(outputs.classes):
            outputs.classes.parent.mkdir(parents=True, exist_ok=True)
        outputs.check(sheet.source, *sheet.state.files)
        return outputs

    def _find_damage(self, mosaic: Mosaic) -> None:
        """Read sheets to the end, as nobody tells which of them could not be read."""
        config, names = self.config, self.predictor.model.card.band_names
        self.reporter.start("check", len(mosaic.sheets), "sheets")
        for sheet in mosaic.sheets:
            self.reporter.advance()
            try:
                with limit_gdal(config), open_scene(sheet.source, names, bands=config.bands) as scene:
                    for start, stop in spans(0, scene.shape[0], max(1, _PIXELS // 16 // scene.shape[1])):
                        scene.read(Window(start, 0, stop - start, scene.shape[1]))
            except (RasterReadError, SceneError) as error:
                self._damaged.add(sheet.source)
                with self._report_failure(sheet.source):
                    raise error

    def _write_polygons(self, mosaic: Mosaic, islands: list[_Island], stem: Path) -> None:
        """Write the polygons of a mosaic in one layer, unless they are there."""
        wanted = self.outputs[mosaic.sheets[0].source]
        single = wanted.polygons
        if single is None or not islands:
            return
        name = stem.name.replace("classes", "polygons") + single.suffix
        target = single if len(mosaic.sheets) == 1 else stem.with_name(name)
        made = self._work / f"{make_fingerprint(jobs=[island.job for island in islands])}.polygons"
        layer = self._make_layer("classes", target, {})
        self._fetch(name_index(stem))
        current = len(mosaic.sheets) == 1 or is_index(stem, layer, mosaic, self._list_maps(mosaic, "classes"))
        current &= all(island.done for island in islands)
        there = self._scratch.is_there(target) if self._scratch else target.exists()
        if there and (current or _read_text(made) == "done"):
            return
        states = [self._find_state(sheet, island) for island in islands for sheet in island.mosaic.sheets]
        mine = made.exists() or any(state != "to do" for state in states)
        overwrite = mine or wanted.overwrite
        with lock_outputs("batch", target):
            if wanted.parts:
                check_folder(target, PARTS, overwrite=overwrite)
            else:
                check_output(target, overwrite=overwrite)
            if self._scratch:
                folder = target if wanted.parts else None
                self._scratch.check([target], overwrite=overwrite, inputs=(), folder=folder)
            rasters = []
            for island in islands:
                classes = self._find_raster(island, "classes", island.whole.classes)
                sure = island.whole.confidence
                confidence = None if sure is None else str(self._find_raster(island, "confidence", sure))
                rasters.append((classes, self.config.polygon_config(confidence)))
            fresh = self._work / f"polygons{single.suffix}"
            polygonize_islands(rasters, fresh, parts=wanted.parts, overwrite=True, reporter=self.reporter)
            with raise_output_errors(target):
                if self._scratch and _read_text(made) == "publishing":
                    self._scratch.remove_uploads([target], self.reporter)
                made.write_text("publishing", encoding="utf-8")
                if self._scratch:
                    self._scratch.upload(fresh, target, self.reporter)
                else:
                    rename_output(fresh, target, overwrite=overwrite)
                made.write_text("done", encoding="utf-8")

    def _find_raster(self, island: _Island, kind: LayerKind, whole: Path) -> Path:
        """Find a raster of all of an island; of one that was cut already a virtual one over its maps."""
        if whole.exists():
            return whole
        maps = self._list_maps(island.mosaic, kind)
        self._fetch(*maps)
        names = [os.path.relpath(path, self._work) for path in maps]
        grid = RasterGrid(island.mosaic.shape, island.mosaic.crs, island.mosaic.transform)
        text = describe_mosaic(
            self._make_layer(kind, whole, {}), grid, list(zip(names, island.mosaic.windows, strict=True))
        )
        virtual = whole.with_suffix(".vrt")
        with raise_output_errors(virtual):
            virtual.write_text(text, encoding="utf-8")
        return virtual

    def _list_maps(self, mosaic: Mosaic, kind: LayerKind) -> list[Path]:
        """List the rasters of one kind of all sheets."""
        return [getattr(self.outputs[sheet.source], kind) for sheet in mosaic.sheets]

    def _make_layer(self, kind: LayerKind, path: Path, tags: dict[str, str], description: str = "") -> Layer:
        scheme = self.predictor.model.card.classes if kind == "classes" else None
        more = make_class_tag(scheme) if scheme else {}
        return Layer(path, _LAYERS[kind], {**tags, **more}, scheme, description, kind)

    def _publish(self, sheet: Sheet, window: Window, island: _Island, ground: _Ground) -> None:
        """Cut the maps of a sheet out of those of the island, and put them in place."""
        if sheet.source in self._known:
            return
        if island.done or self._find_state(sheet, island) == "done":
            manifest = self._find_earlier(sheet).manifest
            self._finish(
                sheet.source, "skipped", measured=({**manifest.areas}, manifest.unit) if manifest else ({}, "")
            )
            return
        outputs, model = self._check_outputs(sheet, island), self.predictor.model
        with lock_outputs("batch", *outputs.paths), _raise_output_errors(outputs.classes):
            cuts = {}
            for kind in reversed(_LAYERS):
                target = getattr(outputs, kind)
                if target is not None:
                    cuts[target] = self._cut(kind, sheet, window.relative_to(island.plan.window), island)
            if outputs.item:
                item, root = self._work / "item.json", outputs.collection
                beside = write_item(item, outputs.results, written=cuts, model=model, root=root, apart=True)
                cuts |= {outputs.item: item, **beside}
            raster = cuts.pop(outputs.classes)  # it is there only when all are
            measured = measure_class_areas(raster, model.card.classes)
            move = make_move(outputs, raster, measured, self._work, self.reporter)
            if self._scratch and _read_text(self._work / _PUBLISHING) == sheet.source:
                self._scratch.remove_uploads(outputs.paths, self.reporter)
            (self._work / _PUBLISHING).write_text(sheet.source, encoding="utf-8")
            for target, cut in {**cuts, outputs.classes: raster}.items():
                move(cut, target, overwrite=outputs.overwrite)
            (self._work / _PUBLISHING).unlink()
        self._earlier.pop(sheet.source, None)
        self._finish(sheet.source, "done", ground=ground, measured=measured)

    def _cut(self, kind: LayerKind, sheet: Sheet, window: Window, island: _Island) -> Path:
        """Cut a map out of that of the island, and read it back.

        Args:
            kind: Which one.
            sheet: The sheet.
            window: Its place in the map of the island, beyond which it may reach.
            island: What it is a part of.
        """
        whole: Path = getattr(island.whole, kind)
        cut = self._work / f"{kind}.tif"
        with gdal_environment(OUTPUT_CACHE), place_unknown(), open_written(whole) as dataset:
            tags = {key: value for key, value in dataset.tags().items() if key.startswith("AERIALSEG_")}
            tags |= {JOB_TAG: island.job, SETTINGS_TAG: _settle(sheet, island)}
            tags |= {"AERIALSEG_SOURCE": redact(sheet.source), "AERIALSEG_MOSAIC": f"{self.order} on top"}
            layer = self._make_layer(kind, cut, tags, dataset.descriptions[0] or "")
            place = Window(-window.row, -window.col, dataset.height, dataset.width)
            write_cog(cut, layer, RasterGrid(sheet.shape, sheet.crs, sheet.transform), [(whole.name, place)])
            with open_written(cut) as made:
                overviews = len(made.overviews(1))
                for start, stop in spans(0, window.height, max(1, _PIXELS // window.width)):
                    part = Window(start, 0, stop - start, window.width)
                    expected = np.full(part.shape, layer.nodata, np.uint8)
                    inside = part.intersection(place)
                    if inside is not None:
                        found = dataset.read(1, window=inside.relative_to(place).slices)
                        expected[inside.relative_to(part).slices] = found
                    if not np.array_equal(made.read(1, window=part.slices), expected):
                        raise OutputError(
                            "sheet-written-wrong",
                            "A map of {scene} was not written as it should be.",
                            "Check the disk.",
                            scene=sheet.source,
                        )
            read_overviews(cut, overviews)
        return cut

    def _write_indexes(self, mosaic: Mosaic, stem: Path) -> None:
        """Write indexes over the maps of a mosaic."""
        there = [k for k, sheet in enumerate(mosaic.sheets) if sheet.source not in self._failed]
        if len(mosaic.sheets) == 1 or not there:
            return
        shown = replace(
            mosaic, sheets=tuple(mosaic.sheets[k] for k in there), windows=tuple(mosaic.windows[k] for k in there)
        )
        for kind in _LAYERS:
            maps = self._list_maps(shown, kind)
            if maps[0] is not None:
                own = stem.with_name(stem.name.replace("classes", kind))
                layer = self._make_layer(kind, own, {})
                self._fetch(name_index(own))
                if not is_index(own, layer, shown, maps):
                    self._put(*write_indexes(own, layer, shown, maps))

    def _fetch(self, *paths: Path) -> None:
        """Fetch objects that are needed here, if the results are in a store."""
        if self._scratch:
            for path in paths:
                self._scratch.fetch(path)
            self._copies.update(paths)

    def _put(self, *paths: Path) -> None:
        """Put files that are where they belong into the store, if that is where the results are."""
        if self._scratch:
            for path in paths:
                self._scratch.upload(path, path, self.reporter)
            self._copies.update(paths)


def refuse_other_grid(config: SegmentConfig) -> None:
    """Refuse maps on another grid than that of their sheets.

    Raises:
        ParameterError: They are wanted.
    """
    if config.out_gsd != "source":
        raise ParameterError(
            "mosaic-out-gsd",
            "--mosaic gives every sheet a map on its own grid, so --out-gsd cannot be used.",
            "Leave it out.",
        )


def split_mosaic(mosaic: Mosaic, card: Card, config: SegmentConfig) -> list[Mosaic]:
    """Split a mosaic at places that no window sees beyond."""
    overlap = 0 if config.blend == "none" else compute_overlap(card.patch, config.overlap)
    gsd, read_at = mosaic.sheets[0].gsd, config.gsd if isinstance(config.gsd, float) else card.gsd_range[1]
    scale = max(1.0, read_at / min(gsd)) if gsd and config.gsd != "source" else 1.0
    largest = card.patch if card.fixed_patch else find_largest_side(card.patch)
    return mosaic.split(reach=math.ceil(largest * scale), stride=card.patch - overlap, margin=overlap)


def _settle(sheet: Sheet, island: _Island) -> str:
    """Make the fingerprint of what was asked for of a sheet."""
    return make_fingerprint(sheet=sheet.source, settings=island.settings)


def _read_text(path: Path) -> str:
    """Read a small file of our own; empty if there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


@contextmanager
def _raise_output_errors(path: Path) -> Iterator[None]:
    """Raise what the system and GDAL say of an output as one sentence."""
    try:
        yield
    except AerialSegError:
        raise
    except (OSError, RasterioError, CPLE_BaseError) as error:
        raise (
            make_output_error(error, path)
            or OutputError(
                "output-not-writable",
                "{path} cannot be written: {reason}.",
                "Check its folder.",
                path=path,
                reason=error,
            )
        ) from error
