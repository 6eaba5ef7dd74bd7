"""The range that the rasters of a folder share, or the same water would be dark in one and bright in the next."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..config import SegmentConfig, SharedRange
from ..errors import Cancelled
from ..model.bundle import Model
from ..model.card import Card
from ..model.normalization import find_range_by_values, is_told_by_type
from ..progress import Reporter
from ..raster.class_raster import PARAMETERS_TAG
from ..raster.scene import open_scene
from ..raster.value_range import Sample, pool_samples
from ..sentences import Sentence
from .job import MODEL_TAG, limit_gdal

SAMPLED = 32
"""Rasters that are looked at, at most, spread evenly over the folder."""

SIDE = 256
"""Longest side at which each of them is read, px."""


def share_range(
    config: SegmentConfig,
    scenes: Sequence[str],
    maps: Iterable[Mapping[str, str]],
    model: Model,
    *,
    anew: bool,
    reporter: Reporter,
) -> SegmentConfig:
    """Give the parameters of a run over a folder one range for all rasters whose type does not tell it.

    The range is recorded in every map. A later run takes it from there, so that a raster which is added to the folder
    does not change the maps that are there already.

    Args:
        config: The parameters; a range that the user gave, or wants for each raster, stays.
        scenes: The rasters.
        maps: The tags of class rasters that an earlier run has made.
        model: The model.
        anew: Whether the range is estimated again even if it is recorded.
        reporter: Is told what the range is, and may cancel.
    """
    if config.range != "auto":
        return config
    shared = None if anew else _read_range(maps, model, config)
    how = Sentence("range-of-maps", "as in the maps that are there already; --overwrite estimates it anew")
    if shared is None:
        shared = _estimate_range(scenes, model.card, config, reporter)
        said = "from {sampled} of {scenes} rasters; --range per-raster stretches each by itself"
        how = Sentence("range-of-rasters", said, sampled=shared.sampled, scenes=len(scenes))
    for dtype, common in shared.by_type:
        if common is not None:
            said = "range    {low:g}…{high:g} for all {dtype} rasters of the folder, {how}"
            reporter.message(Sentence("plan-range", said, low=common[0], high=common[1], dtype=dtype, how=how))
    return replace(config, range=shared) if shared.by_type else config


def _read_range(maps: Iterable[Mapping[str, str]], model: Model, config: SegmentConfig) -> SharedRange | None:
    """Read the range of the first map that was made for a folder with this model and these bands, if there is one."""
    for tags in maps:
        if tags.get(MODEL_TAG) != model.sha256:
            continue
        try:
            found = json.loads(tags.get(PARAMETERS_TAG, "{}"))
            bands = None if config.bands is None else list(config.bands)
            if found["bands"] != bands or found.get("nodata") != config.nodata or not isinstance(found["range"], dict):
                continue
            by_type = tuple(
                (str(dtype), None if one is None else (float(one[0]), float(one[1])))
                for dtype, one in found["range"]["by_type"]
            )
            return SharedRange(by_type, int(found["range"]["sampled"]))
        except (ValueError, TypeError, KeyError):
            continue
    return None


def _estimate_range(scenes: Sequence[str], card: Card, config: SegmentConfig, reporter: Reporter) -> SharedRange:
    """Estimate one range for all rasters of one meaning, from some of them, those that can be read."""
    samples: dict[str, list[Sample]] = {}
    if len(scenes) > SAMPLED:
        scenes = [scenes[k * (len(scenes) - 1) // (SAMPLED - 1)] for k in range(SAMPLED)]
    for path in scenes:
        reporter.check()
        try:
            with (
                limit_gdal(config),
                open_scene(path, card.band_names, bands=config.bands, nodata=config.nodata) as scene,
            ):
                dtype = str(scene.dtype)
                if not is_told_by_type(dtype, card):
                    samples.setdefault(dtype, []).append(scene.take_sample(side=SIDE))
        except Cancelled:
            raise
        except Exception:  # noqa: BLE001 - whatever is wrong with a raster is said, in full, when its turn comes
            continue  # nosec B112
    pooled = {dtype: pool_samples(found) for dtype, found in samples.items()}
    by_type = []
    for dtype, own in sorted(pooled.items()):
        alike = [one for other, found in samples.items() if pooled[other].scale == own.scale for one in found]
        by_type.append((dtype, find_range_by_values(pool_samples(alike), dtype, card)[0]))
    return SharedRange(tuple(by_type), sum(map(len, samples.values())))
