"""What a user may ask of a run: one frozen object for the command line, the library and the plugin."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path, PurePosixPath
from typing import Any, Literal, TypedDict, get_args

from .errors import ParameterError

DEFAULT_MODEL = "mbrsc-lite0"
"""The shipped model that is used when none is named."""

Blend = Literal["spline", "crop", "none"]
EngineName = Literal["auto", "onnxruntime", "openvino", "keras"]
DeviceName = Literal["auto", "cpu", "gpu"]
PrecisionName = Literal["auto", "full"]
Tta = Literal[1, 4, 8]
Connectivity = Literal[4, 8]
SheetOrder = Literal["newest", "first", "last"]
SamplingMethod = Literal["stratified", "simple", "systematic", "cluster"]
Allocation = Literal["proportional", "equal", "neyman"]
PolygonFormat = Literal["gpkg", "geojson", "parquet", "parquet/", "fgb", "shp"]

BLENDS: tuple[Blend, ...] = get_args(Blend)
ENGINES: tuple[EngineName, ...] = get_args(EngineName)
DEVICES: tuple[DeviceName, ...] = get_args(DeviceName)
PRECISIONS: tuple[PrecisionName, ...] = get_args(PrecisionName)
TTAS: tuple[Tta, ...] = get_args(Tta)
CONNECTIVITIES: tuple[Connectivity, ...] = get_args(Connectivity)
ORDERS: tuple[SheetOrder, ...] = get_args(SheetOrder)
SAMPLING_METHODS: tuple[SamplingMethod, ...] = get_args(SamplingMethod)
ALLOCATIONS: tuple[Allocation, ...] = get_args(Allocation)
POLYGON_FORMATS: tuple[PolygonFormat, ...] = get_args(PolygonFormat)

LARGEST_MAJORITY = 101
"""Largest side of the window of `majority`, px."""

SMOOTHEST = 3
"""Most rounds of `smooth`: what comes of three shows no corners at any scale of a map."""

MIN_MEMORY = 64 << 20
"""Least memory that a run can be told to live in, bytes."""

EXPECTED_ACCURACY = 0.8
"""User's accuracy that a class is expected to have when nobody says another one."""

MOST = 1e30
"""Beyond this, and below its inverse, single precision cannot count."""

MOST_LOCAL_WORKERS = 1024
"""Most processes of one machine that a run can be told to use."""

FINEST, COARSEST = 1e-6, 1e7
"""Ground resolutions that a raster can have, metres per pixel: from a microscope to a planet."""

_SIZES = "Write it as 1GiB or 800MB."
_UNITS = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30}


@dataclass(frozen=True)
class SharedRange:
    """What is black and white in all rasters of a folder."""

    by_type: tuple[tuple[str, tuple[float, float] | None], ...]
    """The range of the rasters of each type, or None where their values are what the model was trained on."""
    sampled: int
    """From how many rasters it was estimated."""

    def of(self, dtype: str) -> tuple[bool, tuple[float, float] | None]:
        """Whether the rasters of a type have a common range, and which."""
        found = dict(self.by_type)
        return dtype in found, found.get(dtype)


@dataclass(frozen=True, kw_only=True)
class SegmentConfig:
    """How to segment a scene.

    Raises:
        ParameterError: A value is impossible.
    """

    model: str = DEFAULT_MODEL
    """Name of a shipped model, or path of a model file."""
    bands: tuple[int, ...] | None = None
    """Bands of the scene, 1-based, in the order of the model's card; None to find them by what it says of its bands."""
    range: tuple[float, float] | Literal["auto", "per-raster"] | SharedRange = "auto"
    """Values that become black and white, where they are not what the model was trained on.

    One range for all rasters of a folder (auto), or one for each; of a single scene both are the same.
    """
    nodata: float | None = None
    """Value that means no data where all bands hold it, inside the picture too; None for what the file declares."""
    gsd: Literal["auto", "source"] | float = "auto"
    """Ground resolution at which the scene is read: matched to the model, its own, or metres per pixel.

    In metres it also says how a scene without CRS is measured: the pixel size of its world file is in metres, and where
    there is none, this is its pixel size, which is then matched to the model.
    """
    out_gsd: Literal["source", "model"] | float = "source"
    """Ground resolution of the outputs: the scene's, the one it was read at, or metres per pixel."""
    extent: tuple[float, float, float, float] | None = None
    """(xmin, ymin, xmax, ymax) in the scene's CRS; None for all of it."""
    mask: str | None = None
    """Polygons outside of which there is no data; anything that OGR reads."""
    blend: Blend = "spline"
    """How overlapping windows are joined: spline, crop or none."""
    overlap: float = 0.1
    """Overlap of neighbouring windows as a share of the model's patch, 0…0.5."""
    tta: Tta = 1
    """Test-time augmentation: the mean over this many rotations and mirrors."""
    engine: EngineName = "auto"
    """What runs the network: auto, onnxruntime, openvino or keras."""
    device: DeviceName = "auto"
    """auto, cpu or gpu."""
    precision: PrecisionName = "auto"
    """Whether a network may compute in bytes where that is faster (auto), or computes as it was trained (full)."""
    memory: int = 1 << 30
    """Bound of the pipeline's own buffers, bytes."""
    block: int = 256
    """Rows of a block, px; rounded up to the window grid."""
    threads: int = 0
    """CPU threads; 0 for all that this process may use."""
    min_area: float = 0.0
    """Polygons only: smaller regions go to a neighbour, m², or px² without CRS."""
    simplify: float = 0.0
    """Polygons only: how far their shared edges are simplified, metres, or pixels without CRS."""
    smooth: int = 0
    """Polygons only: rounds in which the corners of their shared edges are cut, 0…3."""
    square: Iterable[int | str] = ()
    """Polygons only: ids or names of the classes whose outlines get right angles, buildings that is."""
    class_ids: Iterable[int | str] | None = None
    """Polygons only: ids or names of the classes wanted; None for all. Their polygons are the same either way."""
    cluster: str | None = None
    """What computes the blocks: a Dask scheduler (tcp://HOST:PORT, or its scheduler file *.json) or so many processes
    of this machine (local:N); None for this process."""
    allow_mixed: bool = False
    """Whether machines that compute other scores for the same patch may work on one raster; its tags tell it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "square", _collect_classes(self.square))
        if self.class_ids is not None:
            object.__setattr__(self, "class_ids", _collect_classes(self.class_ids))
        _require_choice("--blend", self.blend, BLENDS)
        _require_choice("--engine", self.engine, ENGINES)
        _require_choice("--device", self.device, DEVICES)
        _require_choice("--precision", self.precision, PRECISIONS)
        _require_choice("--tta", self.tta, TTAS)
        _require_between("--overlap", self.overlap, 0, 0.5)
        _require_memory(self.memory)
        _require_between("--block", self.block, 1, 2**31 - 1)
        _require_positive("--threads", self.threads, zero=True)
        self.polygon_config()
        if self.cluster is not None:
            count_local_workers(self.cluster)
        named = self.bands is None or min(self.bands, default=0) > 0
        _require(named, "bands-from-one", "--bands are numbered from 1, as in 1,2,3.")
        for option, value in (("--gsd", self.gsd), ("--out-gsd", self.out_gsd)):
            if not isinstance(value, str):
                _require_positive(option, value)
                _require_between(option, value, FINEST, COARSEST)
        finite = self.nodata is None or math.isfinite(self.nodata)
        said = "--nodata {value} is no number; NaN and infinity are no data anyway."
        _require(finite, "nodata-not-finite", said, value=self.nodata)
        if isinstance(self.range, tuple):
            low, high = self.range
            seen = max(-low, high) < MOST and high - low > 1 / MOST
            _require_finite("--range", low, high)
            said = "--range {low:g},{high:g} is empty: the low value comes first."
            _require(low < high, "range-empty", said, low=low, high=high)
            _require(seen, "range-out-of-measure", "--range {low:g},{high:g} is out of measure.", low=low, high=high)
        if self.extent is not None:
            xmin, ymin, xmax, ymax = self.extent
            said = "--extent is empty: it takes XMIN,YMIN,XMAX,YMAX."
            _require(xmin < xmax and ymin < ymax, "extent-empty", said)
            _require_finite("--extent", *self.extent)

    @property
    def workers(self) -> int:
        """CPU threads to use."""
        return self.threads or count_usable_cores()

    def result_parameters(self) -> dict[str, Any]:
        """The parameters that change the pixels, for provenance and for recognising the same job again."""
        others = {"model", "engine", "device", "precision", "memory", "block", "threads"}
        others |= {"min_area", "simplify", "smooth", "square", "class_ids", "cluster", "allow_mixed"}
        given = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in others}
        return {key: asdict(value) if isinstance(value, SharedRange) else value for key, value in given.items()}

    def polygon_config(self, confidence: str | None = None) -> PolygonConfig:
        """How its class raster is turned into polygons.

        Args:
            confidence: Confidence raster of the same run.
        """
        return PolygonConfig(
            confidence=confidence,
            min_area=self.min_area,
            simplify=self.simplify,
            smooth=self.smooth,
            square=self.square,
            class_ids=self.class_ids,
            memory=self.memory,
            threads=self.threads,
        )


class SegmentOptions(TypedDict, total=False):
    """Fields of `SegmentConfig` as keyword arguments, each with its meaning and default there."""

    model: str
    bands: tuple[int, ...] | None
    range: tuple[float, float] | Literal["auto", "per-raster"] | SharedRange
    nodata: float | None
    gsd: Literal["auto", "source"] | float
    out_gsd: Literal["source", "model"] | float
    extent: tuple[float, float, float, float] | None
    mask: str | None
    blend: Blend
    overlap: float
    tta: Tta
    engine: EngineName
    device: DeviceName
    precision: PrecisionName
    memory: int
    block: int
    threads: int
    min_area: float
    simplify: float
    smooth: int
    square: Iterable[int | str]
    class_ids: Iterable[int | str] | None
    cluster: str | None
    allow_mixed: bool


class RasterOptions(SegmentOptions, total=False):
    """Keyword arguments of a run on one scene: fields of `SegmentConfig`, and rasters beside that of the classes."""

    unlike: str | Path | None
    """Raster to write as well of the distance from the training images: uint8, percent of what is normal among them, so
    up to 100 = like them; 250 = that or more, 255 = no data."""
    seams: str | Path | None
    """Raster to write as well of how much overlapping windows disagreed before they were blended: uint8, half the sum
    of the absolute differences of their scores in percent; 255 = no data, or one window alone."""


class SceneOptions(RasterOptions, total=False):
    """Keyword arguments of `segment`: fields of `SegmentConfig`, and what else is written."""

    stac: bool
    """Whether a STAC item is written beside the class raster, `NAME.json`."""


class BatchOptions(SegmentOptions, total=False):
    """Keyword arguments of `batch`: fields of `SegmentConfig`, what else is written for each scene, and of what."""

    stac: bool
    """Whether a STAC item is written beside each class raster, `NAME.json`, and a collection of them."""
    unlike: bool
    """Whether rasters of the distance from the training images are written, as `segment` does."""
    seams: bool
    """Whether rasters of how much overlapping windows disagreed are written, as `segment` does."""
    asset: str | None
    """Which asset of STAC items is the raster; None for the only one that may be."""
    mosaic: bool
    """Whether rasters that belong together are read as one scene, so that there are no seams between them."""
    order: SheetOrder
    """Which raster of a mosaic is seen where they overlap: the newest (default), or the first or last by name."""
    shard: str | None
    """Share of the scenes to do, as in "3/16", while other processes do the others; None for all."""
    polygon_format: PolygonFormat
    """Ending of the names of polygons; with a slash at its end each is a folder of files."""


class PolygonOptions(TypedDict, total=False):
    """Fields of `PolygonConfig` as keyword arguments, each with its meaning and default there."""

    class_ids: Iterable[int | str] | None
    nodata: str | None
    confidence: str | None
    min_area: float
    simplify: float
    smooth: int
    square: Iterable[int | str]
    majority: int
    connectivity: Connectivity
    memory: int
    threads: int


@dataclass(frozen=True, kw_only=True)
class PolygonConfig:
    """How to turn a class raster into polygons.

    Raises:
        ParameterError: A value is impossible.
    """

    class_ids: Iterable[int | str] | None = None
    """Ids or names of the classes wanted; None for all. Their polygons are the same either way."""
    nodata: str | None = None
    """Value of the class raster that is no data, "none" if none is; None: what the raster itself says."""
    confidence: str | None = None
    """Confidence raster on the same grid, for the columns `confidence_mean` and `confidence_min`."""
    min_area: float = 0.0
    """Smaller regions go to the neighbour that they share the longest edge with, m², or px² without CRS."""
    simplify: float = 0.0
    """How far shared edges are simplified: the root of the area that a corner may take away, metres or pixels."""
    smooth: int = 0
    """Rounds in which the corners of shared edges are cut, 0…3."""
    square: Iterable[int | str] = ()
    """Ids or names of the classes whose outlines get right angles, buildings that is."""
    majority: int = 0
    """Side of the window, px, in which every pixel first gets the most frequent class; 0 for none."""
    connectivity: Connectivity = 4
    """Whether pixels that touch by a side (4), or also by a corner (8), are one region."""
    memory: int = 1 << 30
    """Bound of the buffers, bytes."""
    threads: int = 0
    """CPU threads; 0 for all that this process may use."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "square", _collect_classes(self.square))
        if self.class_ids is not None:
            object.__setattr__(self, "class_ids", _collect_classes(self.class_ids))
        _require_choice("--connectivity", self.connectivity, CONNECTIVITIES)
        for option, value in (("--min-area", self.min_area), ("--simplify", self.simplify)):
            _require_positive(option, value, zero=True)
        _require_memory(self.memory)
        _require_positive("--threads", self.threads, zero=True)
        odd = self.majority == 0 or (self.majority % 2 == 1 and self.majority <= LARGEST_MAJORITY)
        said = "--majority {value} must be odd, and at most {most} px."
        _require(odd, "majority-odd", said, value=self.majority, most=LARGEST_MAJORITY)
        _require_between("--smooth", self.smooth, 0, SMOOTHEST)

    @property
    def workers(self) -> int:
        """CPU threads to use."""
        return self.threads or count_usable_cores()


class SampleOptions(TypedDict, total=False):
    """Fields of `SampleConfig` as keyword arguments, each with its meaning and default there."""

    method: SamplingMethod
    allocation: Allocation
    points: int | None
    standard_error: float
    expected_accuracy: Mapping[str, float]
    minimum: int
    min_distance: float
    cluster_side: float
    cluster_points: int
    seed: int
    nodata: str | None


@dataclass(frozen=True, kw_only=True)
class SampleConfig:
    """How to draw a probability sample of the pixels of a class raster.

    Raises:
        ParameterError: A value is impossible.
    """

    method: SamplingMethod = "stratified"
    """At random in each class, at random from everything, on a square grid that begins at random, or in clusters."""
    allocation: Allocation = "proportional"
    """How many points a class gets: by its area, the same number, or what makes the accuracy surest (Neyman)."""
    points: int | None = None
    """Points in all; None for as many as the standard error needs."""
    standard_error: float = 0.02
    """Standard error that the overall accuracy is to have, a share."""
    expected_accuracy: Mapping[str, float] = field(default_factory=dict)
    """User's accuracy that is expected, by class name; 0.8 for the others."""
    minimum: int = 20
    """Least points of a class in a stratified sample."""
    min_distance: float = 0.0
    """Least distance between two points, metres, or pixels without CRS."""
    cluster_side: float = 50.0
    """Side of the squares in which the points of a cluster lie, metres, or pixels without CRS."""
    cluster_points: int = 5
    """Points of a cluster."""
    seed: int = 0
    """The same seed draws the same points."""
    nodata: str | None = None
    """Value of the class raster that is no data, "none" if none is; None: what the raster itself says."""

    def __post_init__(self) -> None:
        _require_choice("--method", self.method, SAMPLING_METHODS)
        _require_choice("--allocation", self.allocation, ALLOCATIONS)
        said = "--points {value} must be at least 2."
        _require(self.points is None or self.points >= 2, "points-least", said, value=self.points)
        said = "--standard-error {value:g} is not between 0 and 0.5."
        _require(0 < self.standard_error < 0.5, "standard-error-range", said, value=self.standard_error)
        for name, share in self.expected_accuracy.items():
            said = "The expected accuracy {value:g} of {name} is not between 0 and 1."
            _require(0 < share < 1, "accuracy-range", said, value=share, name=name)
        said = "--minimum {value} must be at least 2: one point has no standard error."
        _require(self.minimum >= 2, "minimum-least", said, value=self.minimum)
        _require_positive("--min-distance", self.min_distance, zero=True)
        said = "--seed {value} must be a whole number from 0 up."
        _require(0 <= self.seed < 2**63, "seed-range", said, value=self.seed)
        spaced = self.method != "systematic" or not self.min_distance
        said = "--min-distance has no meaning for a systematic sample: its grid has one distance."
        _require(spaced, "distance-systematic", said)
        said = "--min-distance has no meaning for a sample in clusters: its points are meant to be near."
        _require(self.method != "cluster" or not self.min_distance, "distance-cluster", said)
        _require_positive("--cluster-side", self.cluster_side)
        said = "--cluster-points {value} must be at least 2: single points are --method simple."
        _require(self.cluster_points >= 2, "cluster-points-least", said, value=self.cluster_points)


class AreaOptions(TypedDict, total=False):
    """Fields of `AreaConfig` as keyword arguments, each with its meaning and default there."""

    labels: str | None
    zones: str | None
    zone_column: str | None
    incomplete: bool
    nodata: str | None


@dataclass(frozen=True, kw_only=True)
class AreaConfig:
    """How to estimate areas from labelled points."""

    labels: str | None = None
    """File with the labels of the points by `id`, such as AcATaMa saves; None: they are with the points."""
    zones: str | None = None
    """Polygons to estimate areas in."""
    zone_column: str | None = None
    """Column with the names of the zones; None for the first one of text."""
    incomplete: bool = False
    """Whether points without a label are left out, as if which ones they are were chance."""
    nodata: str | None = None
    """Value of the class raster that is no data, "none" if none is; None: what the raster itself says."""


def count_local_workers(cluster: str) -> int:
    """Count the processes of local:N; 0 for the address of a Dask scheduler, or its scheduler file.

    Raises:
        ParameterError: It is no cluster.
    """
    kind, _, count = cluster.partition(":")
    if kind == "local" and count.isdecimal() and 0 < int(count) <= MOST_LOCAL_WORKERS:
        return int(count)
    if not cluster.endswith(".json") and "://" not in cluster:
        raise ParameterError(
            "cluster-unknown",
            "--cluster {cluster} is no cluster.",
            "Give local:N, the address of a Dask scheduler as in tcp://HOST:8786, or its scheduler file.",
            cluster=cluster,
        )
    return 0


def count_usable_cores() -> int:
    """Count the CPU cores that this process may use: those of its affinity, and no more than its cgroups grant.

    A container may see all cores of its machine and get the time of two.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, math.ceil(min(read_cpu_quota(), cores))))


def read_cpu_quota(cgroups: Path = Path("/proc/self/cgroup"), mount: Path = Path("/sys/fs/cgroup")) -> float:
    """Read how many cores' time the cgroups of this process grant; infinite where they do not limit it.

    Args:
        cgroups: Which they are, https://man7.org/linux/man-pages/man7/cgroups.7.html.
        mount: Where their files are: of version 2, or of version 1 in a folder for each controller.
    """
    try:
        lines = cgroups.read_text("utf-8").splitlines()
    except OSError:  # no Linux
        return math.inf
    granted = math.inf
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        folder, own = mount / "cpu" if controllers else mount, PurePosixPath(path.lstrip("/"))
        for place in (own, *own.parents):  # inside of a container it may be the path outside, so its parents count too
            with suppress(OSError, ValueError):
                if controllers:
                    files = (folder / place / f"cpu.cfs_{name}_us" for name in ("quota", "period"))
                    quota, period = (file.read_text() for file in files)
                else:
                    quota, period = (folder / place / "cpu.max").read_text().split()
                if quota.strip() not in ("max", "-1"):
                    granted = min(granted, int(quota) / int(period))
    return granted


def parse_memory(text: str) -> int:
    """Read the bytes of a text such as "1GiB", "800 MB" or "1073741824".

    Raises:
        ParameterError: The text is no size, or one of which there is no such computer.
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*", text.lower())
    if not match or match[2] not in _UNITS:
        raise ParameterError("size-not-readable", "{text!r} is not a size.", _SIZES, text=text)
    size = float(match[1]) * _UNITS[match[2]]
    if size >= 2**63:
        raise ParameterError("size-too-large", "{text!r} is more memory than a computer can have.", _SIZES, text=text)
    return int(size)


def _collect_classes(given: Iterable[int | str] | int | str) -> tuple[int | str, ...]:
    """Collect ids or names of classes: any collection, or a single one; as a tuple, as lists have no hash."""
    return (given,) if isinstance(given, (int, str)) else tuple(given)


def _require_choice(option: str, value: object, choices: tuple[object, ...]) -> None:
    known = ", ".join(map(str, choices))
    said = "{option} {value} is none of {known}."
    _require(value in choices, "option-no-choice", said, option=option, value=value, known=known)


def _require_between(option: str, value: float, low: float, high: float) -> None:
    said = "{option} {value:g} is not between {low:.10g} and {high:.10g}."
    _require(low <= value <= high, "option-range", said, option=option, value=_to_float(value), low=low, high=high)


def _require_positive(option: str, value: float, *, zero: bool = False) -> None:
    if zero:
        said = "{option} {value:g} must be a number from 0 up."
        _require(0 <= value < math.inf, "option-from-zero", said, option=option, value=_to_float(value))
    else:
        said = "{option} {value:g} must be a positive number."
        _require(0 < value < math.inf, "option-positive", said, option=option, value=_to_float(value))


def _to_float(value: float) -> float:
    """Bring a number into a form that can be written short; an integer beyond all floats counts as infinite."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _require_finite(option: str, *values: float) -> None:
    _require(all(map(math.isfinite, values)), "option-finite", "{option} takes finite numbers.", option=option)


def _require_memory(memory: int) -> None:
    said = "--memory must be at least {least} MiB."
    _require(memory >= MIN_MEMORY, "memory-least", said, least=MIN_MEMORY >> 20)


def _require(condition: bool, key: str, text: str, /, **values: object) -> None:
    if not condition:
        raise ParameterError(key, text, **values)
