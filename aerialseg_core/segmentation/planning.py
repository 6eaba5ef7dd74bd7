"""Planning: how a scene will be read and what will be written."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from affine import Affine

from ..config import SegmentConfig, SharedRange
from ..errors import ParameterError, SceneError
from ..model.card import Card
from ..model.normalization import find_range_by_type, find_range_by_values, is_told_by_type
from ..raster.area_of_interest import Area, find_window, read_area
from ..raster.class_raster import RasterGrid
from ..raster.identity import name_change, read_state
from ..raster.opening import refuse_large_blocks
from ..raster.scene import Scene, open_scene
from ..raster.value_range import BYTE, Range
from ..raster.window import Window
from ..sentences import Sentence
from .patch_grid import compute_overlap, fit_patch
from .plan import Plan

GSD_TOLERANCE = 1.15
"""A scene is read as it is when its GSD is within this factor of the model's range."""

TOO_COARSE = 4.0
"""A scene this many times coarser than the model's range is refused unless the user says how to read it."""

LONGEST = 2.0
"""Years that a run may take by its plan."""

LEAST_GSD = 1e-3
"""Finer than this, in metres, no picture of the ground is: degrees that are said to be metres are."""


@contextmanager
def plan_scene(source: str, card: Card, config: SegmentConfig) -> Iterator[tuple[Plan, Scene]]:
    """Open a scene and decide how it will be read and what will be written.

    Yields:
        The plan, and the scene at its own resolution.

    Raises:
        RasterChangedError: The scene cannot be read, here or in the block, as it has changed on its server meanwhile.
        RasterReadError: It cannot be opened.
        SceneError: It does not fit the model, the extent or the mask.
        ParameterError: A parameter does not fit the scene or the model.
    """
    check_classes(card, config)
    state = read_state(source)  # before it is opened: what changes from now on is noticed at the end
    bands = config.bands
    with name_change(source, state), open_scene(source, card.band_names, bands=bands, nodata=config.nodata) as opened:
        refuse_large_blocks(opened.dataset, config.memory)
        scene = _measure_scene(opened, config)
        stretch, stretched_as = _choose_range(scene, card, config)
        work_shape = _scale_shape(scene, _choose_gsd(scene, card, config))
        full_shape = _choose_output_shape(scene, work_shape, config)
        grid = RasterGrid(scene.shape, scene.crs, scene.transform)
        scale = Affine.scale(scene.shape[1] / full_shape[1], scene.shape[0] / full_shape[0])
        window = Window(0, 0, *full_shape)
        if config.extent:
            window = find_window(config.extent, scene.transform * scale, full_shape)
        area = _read_mask(scene, config, window, scene.transform * scale)
        overlap = 0 if config.blend == "none" else compute_overlap(card.patch, config.overlap)
        patch = card.patch if card.fixed_patch else fit_patch(work_shape, card.patch, overlap)
        yield (
            Plan(
                config=config,
                card=card,
                source=source,
                state=state,
                choice=scene.choice,
                dtype=str(scene.dtype),
                striped=scene.striped,
                stretch=stretch,
                stretched_as=stretched_as,
                collar=scene.find_collar(),
                scene_grid=grid,
                gsd=scene.gsd,
                work_shape=work_shape,
                full_shape=full_shape,
                window=window,
                area=area,
                patch=patch,
                overlap=overlap,
            ),
            scene,
        )


def _read_mask(scene: Scene, config: SegmentConfig, window: Window, transform: Affine) -> Area | None:
    """Read the mask polygons, None without.

    Raises:
        SceneError: None of them covers a pixel of what is to be segmented.
    """
    if not config.mask:
        return None
    area = read_area(config.mask, scene.crs)
    if not area.reaches(window, transform):
        where = f"the extent in {scene.source}" if config.extent else scene.source
        raise SceneError(
            "mask-elsewhere",
            "No polygon of the mask {mask} covers a pixel of {scene}.",
            "Check that it is the mask of this scene, and the coordinate systems of both.",
            mask=config.mask,
            scene=where,
        )
    return area


def check_classes(card: Card, config: SegmentConfig) -> None:
    """Refuse, before anything is computed, classes to make polygons of or to square that the model does not have.

    Raises:
        ParameterError: There is such a class.
    """
    known = {name for one in card.classes for name in (str(one.id), one.name.casefold())}
    for purpose, given in (("square", config.square), ("make polygons of", config.class_ids or ())):
        for wanted in given:
            if str(wanted).strip().casefold() not in known:
                named = ", ".join(f"{one.id} {one.name}" for one in card.classes)
                raise ParameterError(
                    "model-class-unknown",
                    "The model has no class {name!r} to {purpose}.",
                    "It has {known}.",
                    name=str(wanted),
                    purpose=purpose,
                    known=named,
                )


def _choose_range(scene: Scene, card: Card, config: SegmentConfig) -> tuple[Range | None, str]:
    """Choose what is stretched onto the range that the model was trained on, None for nothing; and why, for people."""
    dtype, as_trained = str(scene.dtype), Sentence("range-as-trained", "as trained")
    if isinstance(config.range, tuple):
        return config.range, Sentence("range-as-given", "as given")
    if is_told_by_type(dtype, card):
        of_bytes = Sentence("range-of-bytes", "of 8-bit values")
        return find_range_by_type(dtype, card), as_trained if dtype == card.dtype else of_bytes
    if isinstance(config.range, SharedRange):
        shared, common = config.range.of(dtype)
        if shared and common in (None, card.range):
            return common, as_trained
        if shared:
            said = "one for the folder, estimated from {count} of its rasters"
            return common, Sentence("range-of-folder", said, count=config.range.sampled)
    found, estimated = find_range_by_values(scene.take_sample(), dtype, card)
    if estimated:
        said = "stretched, 2…98 % of this raster; --range LO,HI says otherwise"
        return found, Sentence("range-estimated", said)
    if found in (None, card.range):
        return found, as_trained
    if found == BYTE:
        return found, Sentence("range-bytes", "as its values are 8-bit")
    return found, Sentence("range-fractions", "as its values are fractions of one")


def refuse_endless(plan: Plan, seconds_per_patch: float) -> None:
    """Refuse a scene that nobody could wait for, as one whose size is only claimed.

    Args:
        plan: What would be done.
        seconds_per_patch: Measured time of one patch.

    Raises:
        SceneError: It would take years.
    """
    years = plan.window_count * seconds_per_patch * plan.config.tta / (365.25 * 86400)
    if years > LONGEST:
        rows, cols = plan.window.shape
        raise SceneError(
            "scene-size-absurd",
            "{scene} claims to be so large that its {cols} × {rows} px would take {years:,.0f} years.",
            "Check its size, as with gdalinfo, or cut out the part that you need with --extent.",
            scene=plan.source,
            cols=cols,
            rows=rows,
            years=years,
        )


def _measure_scene(scene: Scene, config: SegmentConfig) -> Scene:
    """Give the scene a ground resolution where it has no CRS but the user names one in metres.

    The pixel size of a world file is then one in metres; where there is none, the user's number is the pixel size.
    """
    if scene.crs is not None or isinstance(config.gsd, str):
        return scene
    transform = scene.transform
    if transform.is_identity:
        return replace(scene, gsd=(config.gsd, config.gsd))
    return replace(scene, gsd=(math.hypot(transform.b, transform.e), math.hypot(transform.a, transform.d)))


def _choose_gsd(scene: Scene, card: Card, config: SegmentConfig) -> float | None:
    """Choose the metres per pixel at which the scene is read; None for its own."""
    if config.gsd == "source" or scene.gsd is None:
        return None
    if max(scene.gsd) < LEAST_GSD:
        raise SceneError(
            "scene-gsd-absurd",
            "{scene} has {gsd:.2g} m per pixel, which cannot be true: its CRS or its pixel size is wrong.",
            "Correct it with gdal_edit -a_srs, or read the scene as it is with --gsd source.",
            scene=scene.source,
            gsd=max(scene.gsd),
        )
    stated = scene.crs is None and scene.transform.is_identity  # then --gsd is the size of the pixels
    if not isinstance(config.gsd, str) and not stated:
        return config.gsd
    finest, coarsest = card.gsd_range
    if max(scene.gsd) > TOO_COARSE * coarsest:
        raise SceneError(
            "scene-too-coarse",
            "{scene} has {gsd:.4g} m per pixel, too coarse for a model made for {made}.",
            "Use a finer scene, or force it with --gsd source.",
            scene=scene.source,
            gsd=max(scene.gsd),
            made=card.format_gsd_range(),
        )
    fits = all(finest / GSD_TOLERANCE <= g <= coarsest * GSD_TOLERANCE for g in scene.gsd)
    square = max(scene.gsd) <= GSD_TOLERANCE * min(scene.gsd)
    return None if fits and square else min(max(sum(scene.gsd) / 2, finest), coarsest)  # as little is lost as can be


def _scale_shape(scene: Scene, gsd: float | None) -> tuple[int, int]:
    if gsd is None or scene.gsd is None:
        return scene.shape
    (rows, cols), (down, across) = scene.shape, scene.gsd
    return max(1, round(rows * down / gsd)), max(1, round(cols * across / gsd))


def _choose_output_shape(scene: Scene, work_shape: tuple[int, int], config: SegmentConfig) -> tuple[int, int]:
    if config.out_gsd == "source":
        return scene.shape
    if config.out_gsd == "model":
        return work_shape
    if scene.gsd is None or isinstance(config.out_gsd, str):
        raise ParameterError(
            "out-gsd-without-crs",
            "{scene} has no CRS, so --out-gsd in metres has no meaning.",
            "Use source or model, or say with --gsd how large its pixels are.",
            scene=scene.source,
        )
    return _scale_shape(scene, config.out_gsd)
