"""Features: what two pictures of the same ground have in common, whatever their scale and rotation.

SIFT features of all images go into one index (FLANN's randomised k-d trees), which is asked for the nearest ones of
every feature: the work grows with the number of features, not with the number of pairs of images.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..datasets.pairs import Pair
from ..errors import DataError, DependencyError
from ..progress import Reporter
from ..raster.window import Window
from .image_signatures import read_grey

PIXELS = 20_000_000
"""Images are read at the largest common resolution at which all of them together have at most so many pixels …"""

LEAST_SIDE = 384
"""… but not coarser than one at which the longer side of the median image has so many pixels."""

FEATURES = 240_000
"""Features of all images together, at most; 128 bytes each, and four times that while they are compared."""

MOST_PER_IMAGE = 2000
"""Features of one image, at most."""

MOST_IMAGES = 5000
"""With more images than this so few features of each could be kept that nothing would be found."""

NEIGHBOURS = 8
"""Nearest features looked up for each one."""

RATIO = 0.9
"""A neighbour counts if it is nearer than this share of the distance of the last one looked up."""

_CHECKS = 64
_AT_ONCE = 20_000

Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Matches:
    """Features that look alike, in different images."""

    first: NDArray[np.int64]
    """Index of the one image, shape (n,)."""
    second: NDArray[np.int64]
    """Index of the other image, shape (n,)."""
    first_points: Points
    """(x, y) of the feature in the one image at full resolution, px from its upper left corner; shape (n, 2)."""
    second_points: Points
    """The same in the other image."""


def load_cv2() -> Any:
    """Import OpenCV.

    Raises:
        DependencyError: It is not installed.
    """
    try:
        return import_module("cv2")
    except ImportError as error:
        raise DependencyError(
            "needs-opencv",
            "Same ground in images that are shifted, rotated or rescaled is found by opencv-python-headless, "
            "which is not installed.",
            'Install it: pip install "aerialseg[audit]".',
        ) from error


def compute_reduction(pairs: Sequence[Pair], among: Sequence[int]) -> int:
    """Compute how many pixels become one along each axis where features are sought; whole, as decoders like it."""
    if not among:
        return 1
    sizes = np.array([pairs[index].size for index in among], float)
    wanted = float(np.sqrt(sizes.prod(axis=1).sum() / PIXELS))
    coarsest = float(np.median(sizes.max(axis=1))) / LEAST_SIDE
    return max(1, round(min(wanted, coarsest)))


def match_features(pairs: Sequence[Pair], among: Sequence[int], places: Sequence[int], reporter: Reporter) -> Matches:
    """Find features that look alike in different places.

    Args:
        pairs: All pairs.
        among: Indices of the images to search.
        places: For each of them the number of its place: features of one place are not compared, such as those of
            the parts of one mosaic.
        reporter: Told of each image.

    Raises:
        DependencyError: OpenCV is not installed.
    """
    cv2 = load_cv2()
    reduction = compute_reduction(pairs, among)
    most = max(1, min(MOST_PER_IMAGE, FEATURES // max(len(among), 1)))
    sift = cv2.SIFT_create(most, contrastThreshold=0.02)
    reporter.start("find features", len(among), "images")
    points, descriptors, owners = [], [], []
    for place, index in enumerate(among):
        found, described = _detect(sift, pairs[index], reduction)
        points.append(found)
        descriptors.append(described)
        owners.append(np.full(len(found), place, np.int64))
        reporter.advance()
    owner = np.concatenate(owners) if owners else np.zeros(0, np.int64)
    if len(owner) <= NEIGHBOURS:
        return Matches(owner[:0], owner[:0], np.zeros((0, 2)), np.zeros((0, 2)))
    asked, found_at = _find_alike(cv2, np.concatenate(descriptors), np.asarray(places)[owner], reporter)
    where, image = np.concatenate(points), np.asarray(among)[owner]
    return Matches(image[asked], image[found_at], where[asked], where[found_at])


def _detect(sift: Any, pair: Pair, reduction: float) -> tuple[Points, NDArray[np.uint8]]:
    """(x, y) at full resolution, shape (n, 2), and what is there, shape (n, 128); none in an unreadable image."""
    rows, cols = pair.size
    shape = max(1, round(rows / reduction)), max(1, round(cols / reduction))
    try:
        grey = read_grey(pair.image, Window(0, 0, rows, cols), shape)
    except DataError:
        return np.zeros((0, 2)), np.zeros((0, 128), np.uint8)
    keypoints, descriptors = sift.detectAndCompute(stretch(grey), None)
    if descriptors is None:
        return np.zeros((0, 2)), np.zeros((0, 128), np.uint8)
    points = np.array([keypoint.pt for keypoint in keypoints])
    # OpenCV counts from the centre of the first pixel.
    return (points + 0.5) * (cols / shape[1], rows / shape[0]), descriptors.astype(np.uint8)


def stretch(grey: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Bring grey values to uint8: what is 8-bit already stays, anything else is stretched over its 1…99 %."""
    if grey.min() >= 0 and 32 <= grey.max() <= 255:
        return grey.astype(np.uint8)
    low, high = np.percentile(grey, (1, 99))
    scaled: NDArray[np.float32] = (grey - low) * (255 / max(float(high - low), 1e-9))
    return scaled.clip(0, 255).astype(np.uint8)


def _find_alike(
    cv2: Any, descriptors: NDArray[np.uint8], places: NDArray[np.int64], reporter: Reporter
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of features that look alike and belong to different places."""
    values = np.sqrt(descriptors.astype(np.float32))  # compared as RootSIFT: Arandjelović and Zisserman, CVPR 2012
    values /= np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-9)
    cv2.setRNGSeed(0)
    index = cv2.flann_Index(values, {"algorithm": 1, "trees": 4, "random_seed": 1})
    reporter.start("compare features", len(values), "features")
    asked, found = [], []
    for start in range(0, len(values), _AT_ONCE):
        part = values[start : start + _AT_ONCE]
        near, distances = index.knnSearch(part, NEIGHBOURS + 1, params={"checks": _CHECKS})
        own = places[start : start + len(part), None]
        alike = (places[near] != own) & (distances < RATIO**2 * distances[:, -1:])  # distances are squared
        row, col = np.nonzero(alike)
        asked.append(row + start)
        found.append(near[row, col].astype(np.int64))
        reporter.advance(len(part))
    return np.concatenate(asked), np.concatenate(found)
