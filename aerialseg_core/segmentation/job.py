"""The job of a scene: what is asked for, by which name it is known again, and where its blocks and its outputs go."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .. import __version__
from ..config import SegmentConfig
from ..errors import OutputError, ParameterError
from ..files.outputs import PARTS, check_folder, check_geotiff, check_output, names_folder
from ..files.uploads import ObjectAddress, is_in_store
from ..model.known_ground import FARTHEST
from ..raster.categories import make_class_tag
from ..raster.class_raster import (
    JOB_TAG,
    NO_CONFIDENCE,
    NO_DATA,
    NO_DISTANCE,
    NO_SEAM,
    PARAMETERS_TAG,
    SETTINGS_TAG,
    Layer,
    make_fingerprint,
)
from ..raster.opening import gdal_environment
from ..raster.scene import Scene
from ..redaction import redact
from .blocks import BlockStore
from .plan import CACHE_SHARE, Plan
from .planning import plan_scene
from .predictor import Predictor
from .scratch import Scratch
from .stac import require_pystac

UNLIKE_BAND = f"distance from the training images, % of what is normal: to 100 like them, {FARTHEST} = that or more"
"""What the numbers of a raster of distances mean."""

SEAMS_BAND = "how much overlapping windows disagreed before they were blended, %: 0 = not at all, 100 = wholly"
"""What the numbers of a raster of seams mean."""

MODEL_TAG = "AERIALSEG_MODEL_SHA256"
"""Tag with the checksum of the network that made a raster."""


@dataclass(frozen=True)
class Outputs:
    """Where the results of a scene go."""

    classes: Path
    confidence: Path | None = None
    polygons: Path | None = None
    overwrite: bool = False
    unlike: Path | None = None
    seams: Path | None = None
    item: Path | None = None
    """The STAC item."""
    draft: bool = False
    """Whether other rasters are made of these, which then need no overviews."""
    scratch: Scratch | None = None
    """The folder from which those that lie in it are uploaded."""
    manifest: Path | None = None
    """The manifest, which is uploaded last."""
    collection: Path | None = None
    """The folder of the STAC collection that the item belongs to, if it is known by now."""
    parts: bool = False
    """Whether the polygons are a folder of files."""

    @classmethod
    def named(
        cls,
        classes: str | Path,
        confidence: str | Path | None = None,
        polygons: str | Path | None = None,
        unlike: str | Path | None = None,
        seams: str | Path | None = None,
    ) -> Outputs:
        """Name them as a user does."""
        sure, areas, strange, seen = (None if p is None else Path(p) for p in (confidence, polygons, unlike, seams))
        return cls(Path(classes), sure, areas, unlike=strange, seams=seen, parts=names_folder(polygons))

    @property
    def paths(self) -> list[Path]:
        """All of them."""
        return [path for path in (*self.results.values(), self.item) if path]

    @property
    def results(self) -> dict[str, Path]:
        """Those that are made of pixels, by what they are called as assets of a STAC item."""
        return {name: path for name, path in {**self._rasters, "polygons": self.polygons}.items() if path}

    @property
    def folder(self) -> Path | None:
        """The polygons if they are a folder of files."""
        return self.polygons if self.parts else None

    @property
    def _rasters(self) -> dict[str, Path | None]:
        return {
            "classes": self.classes,
            "confidence": self.confidence,
            "unlike": self.unlike,
            "seams": self.seams,
        }

    def check_names(self) -> None:
        """Refuse names of formats that are not what would be written.

        Raises:
            ParameterError, DependencyError: The name of a raster does not end in .tif, or the polygons have a format
                that cannot be written; or pystac is not installed, which the item needs.
        """
        for path in self._rasters.values():
            if path:
                check_geotiff(path)
        if self.polygons:
            from ..polygons.writers.formats import check_format

            check_format(self.polygons, parts=self.parts)
        if self.item:
            require_pystac()

    def check(self, *inputs: str | Path) -> None:
        """Refuse, before anything is computed, what could not be written at the end.

        Args:
            *inputs: What the run reads.

        Raises:
            OutputError: A folder is missing or read-only, a file exists, is an input, or is named twice.
            ParameterError, DependencyError: As `check_names`.
        """
        if len({path.absolute() for path in self.paths}) < len(self.paths):
            raise OutputError(
                "outputs-same-name", "Two outputs have the same name.", "Give each output a name of its own."
            )
        for path in self.paths:
            if path == self.folder:
                check_folder(path, PARTS, overwrite=self.overwrite)
            else:
                check_output(path, overwrite=self.overwrite, inputs=inputs)
        self.check_names()
        if self.scratch:
            self.scratch.check(self.paths, overwrite=self.overwrite, inputs=inputs, folder=self.folder)


@contextmanager
def stage_outputs(outputs: Outputs) -> Iterator[Outputs]:
    """Give outputs in an object store a place in a scratch folder while the block lasts, if there are any.

    Raises:
        ParameterError, OutputError, DependencyError: They have no such address, or nothing can be written there.
    """
    named = {"classes": outputs.classes, "item": outputs.item, **outputs.results}
    stored = {name: ObjectAddress.parse(path) for name, path in named.items() if path and is_in_store(path)}
    if not stored:
        yield outputs
        return
    outputs.check_names()
    scratch = Scratch.make(next(iter(stored.values())))
    staged: dict[str, Any] = {name: scratch.mirror(address) for name, address in stored.items()}
    try:
        yield replace(outputs, **staged, scratch=scratch)
    finally:
        scratch.remove()


@dataclass(frozen=True)
class SceneJob:
    """A scene that is planned and open, with its model and the store of its blocks. Make it with `open_job`."""

    plan: Plan
    scene: Scene
    """At its own resolution."""
    predictor: Predictor
    outputs: Outputs
    name: str
    """The fingerprint of everything that determines the result (`fingerprint_job`)."""
    layers: tuple[Layer, ...]
    """The rasters to write."""
    store: BlockStore
    """Their blocks; `BlockStore.enter` makes its folder."""

    def check(self) -> Outputs:
        """Refuse, before anything is computed, what could not be written at the end, or tells nothing.

        Returns:
            The outputs; those that are the work of an interrupted run of this very job may be replaced.

        Raises:
            OutputError, ParameterError, DependencyError: As `Outputs.check`, `check_confidence`, `check_known` and
                `check_overlap`.
        """
        outputs = replace(self.outputs, overwrite=True) if self.store.was_publishing else self.outputs
        if outputs.confidence:
            check_confidence(self.predictor)
        if outputs.unlike:
            check_known(self.predictor)
        if outputs.seams:
            check_overlap(self.plan)
        mask = self.plan.config.mask
        outputs.check(self.plan.source, self.predictor.model.path, *self.plan.state.files, *([mask] if mask else []))
        return outputs


@contextmanager
def open_job(source: str, outputs: Outputs, predictor: Predictor, config: SegmentConfig) -> Iterator[SceneJob]:
    """Plan a scene and open it; the same on every machine that works on it.

    Raises:
        AerialSegError: As `plan_scene`.
    """
    with limit_gdal(config), plan_scene(source, predictor.model.card, config) as (plan, scene):
        name = fingerprint_job(plan, predictor, outputs)
        layers = _make_layers(plan, predictor, outputs, name)
        yield SceneJob(plan, scene, predictor, outputs, name, tuple(layers), BlockStore(layers, plan.out_grid, name))


def fingerprint_job(plan: Plan, predictor: Predictor, outputs: Outputs) -> str:
    """Compute the fingerprint of everything that determines the outputs, apart from what the engine is on a machine.

    Which engine has computed a raster, and the fingerprint of its scores, stand in tags of their own.
    """
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
        **({} if config.class_ids is None else {"classes": [str(one) for one in config.class_ids]}),
    }
    return {
        "model": predictor.model.sha256,
        "engine": config.engine,
        "confidence": outputs.confidence is not None,
        **({"unlike": True} if outputs.unlike else {}),
        **({"seams": True} if outputs.seams else {}),
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
            "confidence-impossible",
            "The model {model} gives classes without probabilities, so there is no confidence.",
            "Leave out the confidence raster, or use a model that gives probabilities.",
            model=predictor.model.card.name,
        )


def check_known(predictor: Predictor) -> None:
    """Refuse, before anything is computed, a distance from training images of which nothing is known.

    Raises:
        ParameterError: The model's card does not tell what they look like.
    """
    card = predictor.model.card
    if card.known is None:
        raise ParameterError(
            "unlike-impossible",
            "The model {model} does not tell what its training images look like, so nothing can be unlike them.",
            "Leave out --unlike, or use a model that `aerialseg train` has made since it writes that into the card.",
            model=card.name,
        )


def check_overlap(plan: Plan) -> None:
    """Refuse, before anything is computed, to tell how windows disagree that do not overlap.

    Raises:
        ParameterError: They do not.
    """
    if not plan.overlap:
        raise ParameterError(
            "seams-impossible",
            "Windows that do not overlap (--blend none, or --overlap 0) have nothing to disagree about.",
            "Leave out --seams, or let them overlap.",
        )


def limit_gdal(config: SegmentConfig) -> AbstractContextManager[None]:
    """Set up GDAL with its block cache inside the memory bound."""
    return gdal_environment(config.memory // CACHE_SHARE)


def _make_layers(plan: Plan, predictor: Predictor, outputs: Outputs, job: str) -> list[Layer]:
    """Make the rasters that are wanted, with the tags that tell what they were made from."""
    model = predictor.model
    given = plan.config.result_parameters()
    parameters = {name: redact(value) if isinstance(value, str) else value for name, value in given.items()}
    tags = {
        "AERIALSEG_VERSION": __version__,
        "AERIALSEG_MODEL": model.card.name,
        MODEL_TAG: model.sha256,
        "AERIALSEG_SOURCE": redact(plan.source),
        PARAMETERS_TAG: json.dumps(parameters, sort_keys=True),
        SETTINGS_TAG: fingerprint_settings(plan, predictor, outputs),
        JOB_TAG: job,
    }
    scheme = model.card.classes
    layers = [Layer(outputs.classes, NO_DATA, {**tags, **make_class_tag(scheme)}, scheme)]
    if outputs.confidence:
        calibration = {"AERIALSEG_TEMPERATURE": f"{model.card.temperature:g}"}
        layers.append(Layer(outputs.confidence, NO_CONFIDENCE, {**tags, **calibration}, kind="confidence"))
    if outputs.unlike:
        layers.append(Layer(outputs.unlike, NO_DISTANCE, tags, description=UNLIKE_BAND, kind="unlike"))
    if outputs.seams:
        layers.append(Layer(outputs.seams, NO_SEAM, tags, description=SEAMS_BAND, kind="seams"))
    return [replace(layer, overviews=not outputs.draft) for layer in layers]
