"""Segment one scene: plan, stream, store block by block, build the outputs, publish them together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..config import SegmentConfig, SegmentOptions
from ..errors import AerialSegError, Cancelled, OutputError, ParameterError, RasterReadError
from ..files.outputs import check_geotiff, check_output, lock_outputs, remove_leftovers
from ..model.known_ground import FARTHEST
from ..polygons.polygonize import polygonize_to_file
from ..polygons.writers.formats import check_format
from ..progress import Reporter
from ..raster.categories import make_class_tag
from ..raster.class_raster import (
    JOB_TAG,
    NO_CONFIDENCE,
    NO_DATA,
    NO_DISTANCE,
    PARAMETERS_TAG,
    SETTINGS_TAG,
    Layer,
    make_fingerprint,
    measure_class_areas,
    read_tags,
)
from ..raster.identity import read_state
from ..raster.opening import gdal_environment, is_remote
from ..raster.scene import Scene, open_scene
from ..raster.window import Window
from ..redaction import redact
from .blocks import BlockStore, BlockWriter, was_publishing
from .pipeline import segment_window
from .plan import CACHE_SHARE, Plan, describe
from .planning import plan_scene, refuse_endless
from .predictor import Predictor, load_predictor
from .survey import GroundSurvey, survey_ground

if TYPE_CHECKING:
    from typing_extensions import Unpack  # of `typing` from Python 3.11 on

UNLIKE_BAND = f"distance from the training images, % of what is normal: to 100 like them, {FARTHEST} = that or more"
"""What the numbers of a raster of distances mean."""

MODEL_TAG = "AERIALSEG_MODEL_SHA256"
"""Tag with the checksum of the network that made a raster."""


@dataclass(frozen=True)
class SegmentResult:
    """What a run has made."""

    classes: Path
    """The class raster."""
    confidence: Path | None
    """The confidence raster."""
    polygons: Path | None
    """The class polygons."""
    areas: dict[str, float]
    """Area of each class."""
    unit: str
    """Unit of the areas: m² or px²."""
    windows: int
    """Windows of this run, those without data included; fewer than planned when it continued an earlier one."""
    unlike: Path | None = None
    """The raster of distances from the training images."""
    ground: GroundSurvey | None = None
    """Whether the scene is like the images that the model was trained on; None: nothing is known of them."""


@dataclass(frozen=True)
class PlannedRun:
    """What a run would do."""

    lines: list[str]
    """The plan in lines for people."""
    ground: GroundSurvey | None
    """Whether the scene is like the images that the model was trained on; None: nothing is known of them."""


@dataclass(frozen=True)
class Outputs:
    """Where the results of a scene go."""

    classes: Path
    confidence: Path | None = None
    polygons: Path | None = None
    overwrite: bool = False
    unlike: Path | None = None

    @property
    def paths(self) -> list[Path]:
        """All of them."""
        return [path for path in (self.classes, self.confidence, self.unlike, self.polygons) if path]

    def check_names(self) -> None:
        """Refuse names of formats that are not what would be written.

        Raises:
            ParameterError, DependencyError: The name of a raster does not end in .tif, or the polygons have a format
                that cannot be written.
        """
        for path in (self.classes, self.confidence, self.unlike):
            if path:
                check_geotiff(path)
        if self.polygons:
            check_format(self.polygons)

    def check(self, *inputs: str | Path) -> None:
        """Refuse, before anything is computed, what could not be written at the end.

        Args:
            *inputs: What the run reads.

        Raises:
            OutputError: A folder is missing or read-only, a file exists, is an input, or is named twice.
            ParameterError, DependencyError: As `check_names`.
        """
        if len({path.absolute() for path in self.paths}) < len(self.paths):
            raise OutputError("Two outputs have the same name.", "Give each output a name of its own.")
        for path in self.paths:
            check_output(path, overwrite=self.overwrite, inputs=inputs)
        self.check_names()


def segment(
    scene: str | Path,
    output: str | Path,
    *,
    polygons: str | Path | None = None,
    confidence: str | Path | None = None,
    unlike: str | Path | None = None,
    overwrite: bool = False,
    reporter: Reporter | None = None,
    **options: Unpack[SegmentOptions],
) -> SegmentResult:
    """Segment a scene into a class raster.

    Args:
        scene: Anything that rasterio opens.
        output: The class raster to write, a Cloud-Optimized GeoTIFF: uint8, 0 = no data, 1…N = the model's classes.
        polygons: Class polygons to write as well, as `polygonize` does with `min_area`, `simplify`,
            `smooth` and `square`.
        confidence: Confidence raster to write as well: uint8, 0…100 % of the winning class, 255 = no data; it falls
            where the ground is unlike the training images.
        unlike: Raster to write as well of the distance from the training images: uint8, percent of what is normal among
            them, so up to 100 = like them; 250 = that or more, 255 = no data.
        overwrite: Whether existing outputs may be replaced.
        reporter: Receives progress and messages.
        **options: Fields of `SegmentConfig`.

    Returns:
        The paths and the class areas.

    Raises:
        AerialSegError: One of its subclasses; nothing is left behind but, after an interruption, the finished blocks.
    """
    config = SegmentConfig(**options)
    outputs = Outputs(
        Path(output),
        confidence=None if confidence is None else Path(confidence),
        polygons=None if polygons is None else Path(polygons),
        overwrite=overwrite,
        unlike=None if unlike is None else Path(unlike),
    )
    with lock_outputs("segment", *outputs.paths):
        for path in outputs.paths:
            remove_leftovers(path)
        reporter = reporter or Reporter()
        return segment_scene(str(scene), outputs, load_predictor(config, check=reporter.check), config, reporter)


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
    return plan_run(scene, reporter=reporter, **options).lines


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
    predictor = load_predictor(config, check=(reporter or Reporter()).check)
    with limit_gdal(config), plan_scene(str(scene), predictor.model.card, config) as (plan, opened):
        ground = survey_ground(plan, opened)
        return PlannedRun(_describe_run(plan, predictor, ground), ground)


def segment_scene(
    source: str, outputs: Outputs, predictor: Predictor, config: SegmentConfig, reporter: Reporter
) -> SegmentResult:
    """Segment a scene with a model that is loaded already; otherwise as `segment`.

    The caller has locked the outputs (`lock_outputs`), or they are in a folder that nobody else knows.
    """
    with limit_gdal(config), plan_scene(source, predictor.model.card, config) as (plan, scene):
        job = fingerprint_job(plan, predictor, outputs)
        if was_publishing(outputs.classes, job):
            outputs = replace(outputs, overwrite=True)  # what is there already is the work of this very job
        if outputs.confidence:
            check_confidence(predictor)
        if outputs.unlike:
            check_known(predictor)
        outputs.check(source, predictor.model.path, *plan.state.files, *([config.mask] if config.mask else []))
        ground = survey_ground(plan, scene)
        for line in _describe_run(plan, predictor, ground):
            reporter.message(line)
        layers = _make_layers(plan, predictor, outputs, job)
        store = BlockStore(layers, plan.out_grid, job)
        with _clean_up(store, source):
            windows = _compute_blocks(plan, scene, predictor, store, reporter, outputs=outputs)
            if not is_remote(source) and read_state(source).digest != plan.state.digest:
                raise RasterReadError(
                    f"The raster {redact(source)} was changed or removed while it was read.",
                    "Run it again when it stays.",
                )
            rasters = store.build([block.relative_to(plan.window) for block in plan.all_blocks()])
            areas, unit = measure_class_areas(rasters[0], predictor.model.card.classes)
            finished = {layer.path: raster for layer, raster in zip(layers, rasters, strict=True)}
            if outputs.polygons:
                sure = finished[outputs.confidence] if outputs.confidence else None
                finished[outputs.polygons] = _polygonize(rasters[0], sure, outputs.polygons, store, config, reporter)
            finished[outputs.classes] = finished.pop(outputs.classes)  # the class raster is there only when all are
            store.publish(finished, overwrite=outputs.overwrite)
    if ground and ground.verdict != "like":
        reporter.message(f"The ground is {ground.text}.", "warning")
    return SegmentResult(
        outputs.classes, outputs.confidence, outputs.polygons, areas, unit, windows, outputs.unlike, ground
    )


def _polygonize(
    classes: Path, confidence: Path | None, output: Path, store: BlockStore, config: SegmentConfig, reporter: Reporter
) -> Path:
    """Polygonize a class raster, with its confidence raster if there is one, into the folder of the blocks."""
    target = store.folder / f"polygons{output.suffix}"
    options = config.polygon_config(None if confidence is None else str(confidence))
    made = polygonize_to_file(classes, target, options, overwrite=True, reporter=reporter)
    if made.certificate.unsure:
        raise OutputError(f"The confidence of {output} was lost while it was made.", "Run it again.")
    return target


def fingerprint_job(plan: Plan, predictor: Predictor, outputs: Outputs) -> str:
    """Compute the fingerprint of everything that determines the outputs."""
    settings = _collect_settings(predictor, outputs, plan.config)
    return make_fingerprint(**plan.collect_facts(), source=plan.state.digest, settings=settings)


def fingerprint_settings(plan: Plan, predictor: Predictor, outputs: Outputs) -> str:
    """Compute the fingerprint of what was asked for, whatever the state of the scene and of its mask polygons."""
    given = {**plan.config.result_parameters(), "range": repr(plan.config.range)}
    settings = _collect_settings(predictor, outputs, plan.config)
    return make_fingerprint(source=plan.source, given=given, settings=settings)


def _collect_settings(predictor: Predictor, outputs: Outputs, config: SegmentConfig) -> dict[str, Any]:
    """Collect what determines the outputs, apart from the scene and how its pixels are read."""
    polygons = {
        "min_area": config.min_area,
        "simplify": config.simplify,
        "smooth": config.smooth,
        "square": [str(one) for one in config.square],
    }
    return {
        "model": predictor.model.sha256,
        "engine": (predictor.engine.name, predictor.engine.precision),
        "confidence": outputs.confidence is not None,
        **({"unlike": True} if outputs.unlike else {}),
        "polygons": polygons if outputs.polygons else None,
        "temperature": predictor.model.card.temperature,
        "version": __version__,
    }


def check_confidence(predictor: Predictor) -> None:
    """Refuse, before anything is computed, a confidence that nothing can be told about.

    Raises:
        ParameterError: The network gives classes only.
    """
    if not predictor.engine.signature.graded:
        raise ParameterError(
            f"The model {predictor.model.card.name} gives classes without probabilities, so there is no confidence.",
            "Leave out the confidence raster, or use a model that gives probabilities.",
        )


def check_known(predictor: Predictor) -> None:
    """Refuse, before anything is computed, a distance from training images of which nothing is known.

    Raises:
        ParameterError: The model's card does not tell what they look like.
    """
    card = predictor.model.card
    if card.known is None:
        raise ParameterError(
            f"The model {card.name} does not tell what its training images look like, so nothing can be unlike them.",
            "Leave out --unlike, or use a model that `aerialseg train` has made since it writes that into the card.",
        )


def _describe_run(plan: Plan, predictor: Predictor, ground: GroundSurvey | None) -> list[str]:
    """Describe what will be done in lines for people, or refuse what would take years."""
    engine = predictor.engine
    refuse_endless(plan, predictor.seconds_per_patch)
    lines = describe(
        plan,
        engine=f"{engine.name}, {engine.device}, {engine.precision}",
        seconds_per_patch=predictor.seconds_per_patch,
        ground=ground.text if ground else "",
    )
    return lines + [f"note     {text}" for text in predictor.notes]


def limit_gdal(config: SegmentConfig) -> AbstractContextManager[None]:
    """Set up GDAL with its block cache inside the memory bound."""
    return gdal_environment(config.memory // CACHE_SHARE)


def is_outdated(plan: Plan, predictor: Predictor, outputs: Outputs) -> bool:
    """Tell whether the class raster was made by the same command of an earlier state of the scene."""
    return read_tags(outputs.classes).get(SETTINGS_TAG) == fingerprint_settings(plan, predictor, outputs)


def _make_layers(plan: Plan, predictor: Predictor, outputs: Outputs, job: str) -> list[Layer]:
    model = predictor.model
    given = plan.config.result_parameters()
    parameters = {name: redact(value) if isinstance(value, str) else value for name, value in given.items()}
    tags = {
        "AERIALSEG_VERSION": __version__,
        "AERIALSEG_MODEL": model.card.name,
        MODEL_TAG: model.sha256,
        "AERIALSEG_ENGINE": f"{predictor.engine.name} {predictor.engine.precision}",
        "AERIALSEG_SOURCE": redact(plan.source),
        PARAMETERS_TAG: json.dumps(parameters, sort_keys=True),
        SETTINGS_TAG: fingerprint_settings(plan, predictor, outputs),
        JOB_TAG: job,
    }
    scheme = model.card.classes
    layers = [Layer(outputs.classes, NO_DATA, {**tags, **make_class_tag(scheme)}, scheme)]
    if outputs.confidence:
        calibration = {"AERIALSEG_TEMPERATURE": f"{model.card.temperature:g}"}
        layers.append(Layer(outputs.confidence, NO_CONFIDENCE, {**tags, **calibration}))
    if outputs.unlike:
        layers.append(Layer(outputs.unlike, NO_DISTANCE, tags, description=UNLIKE_BAND))
    return layers


def _compute_blocks(
    plan: Plan, scene: Scene, predictor: Predictor, store: BlockStore, reporter: Reporter, *, outputs: Outputs
) -> int:
    """Compute all blocks that are missing; returns the number of windows that it took."""
    with ExitStack() as stack:
        resampled = stack.enter_context(scene.resample(plan.work_shape))
        again = open_scene(plan.source, plan.card.band_names, bands=plan.bands, nodata=plan.config.nodata)
        second = stack.enter_context(again)
        output = stack.enter_context(second.resample(plan.full_shape))
        todo = list(_find_missing_blocks(plan, store))
        blocks_in_all, missing = sum(1 for _ in plan.all_blocks()), sum(map(len, todo))
        if missing < blocks_in_all:
            done = f"{blocks_in_all - missing} of {blocks_in_all}"
            reporter.message(f"continues an earlier run: {done} blocks are done already")
        total = sum(len(rows) * len(cols) for rows, cols in (plan.windows_of(_enclose(blocks)) for blocks in todo))
        reporter.start("segment", total, "windows")
        wanted = {"confident": outputs.confidence is not None, "unlike": outputs.unlike is not None}
        for blocks in todo:
            window = _enclose(blocks)
            pieces = segment_window(plan, predictor, (resampled, output), window, reporter, **wanted)
            with closing(pieces), BlockWriter(store, blocks, plan.window) as writer:
                for piece in pieces:
                    layers = (piece.classes, piece.confidence, piece.unlike)
                    writer.add(piece.window, [layer for layer in layers if layer is not None])
    return total


@contextmanager
def _clean_up(store: BlockStore, source: str) -> Iterator[None]:
    """Remove the finished blocks after an error, but keep them when the command, or one much like it, can continue."""
    try:
        yield
    except (Cancelled, OutputError, ParameterError):
        store.keep_finished()
        raise
    except AerialSegError as error:
        if isinstance(error, RasterReadError) and is_remote(source):
            store.keep_finished()  # a server that did not answer may do so later
        else:
            store.discard()
        raise


def _find_missing_blocks(plan: Plan, store: BlockStore) -> Iterator[list[Window]]:
    """Find runs of neighbouring blocks that are still to do; a run is streamed without computing any window twice."""
    for stripe in plan.stripes:
        neighbours: list[Window] = []
        for block in plan.blocks(stripe):
            if store.has(block.relative_to(plan.window)):
                if neighbours:
                    yield neighbours
                neighbours = []
            else:
                neighbours.append(block)
        if neighbours:
            yield neighbours


def _enclose(blocks: list[Window]) -> Window:
    """The rectangle of blocks that stand below each other."""
    first, last = blocks[0], blocks[-1]
    return Window(first.row, first.col, last.row + last.height - first.row, first.width)
