# SPDX-License-Identifier: GPL-2.0-or-later
"""The values that dialogs show at first: those of the core, which a test compares."""

from __future__ import annotations

MODEL = "mbrsc-lite0"
OVERLAP = 0.1
TTA = 1
GSD = "auto"
OUT_GSD = "source"
RANGE = "auto"
BLEND = "spline"
ENGINE = "auto"
DEVICE = "auto"
MEMORY_MIB = 1024
THREADS = 0
MIN_AREA = 0.0
SIMPLIFY = 0.0
SMOOTH = 0
SMOOTHEST = 3
PATTERN = "*.tif,*.tiff"
ORDER = "newest"
RECIPE = "default"

POINTS = 0
MINIMUM = 20
STANDARD_ERROR = 0.02

SQUARES = 20
SQUARE_SIDE = 128.0
CHECK_SHARE = 0.25
SQUARE_MIN_AREA = 4.0
RETRAIN_MINUTES = 6.0
TRAIN_MINUTES = 15.0

SAMPLING_METHODS = ("stratified", "simple", "systematic", "cluster")
CLUSTER_SIDE = 50.0
CLUSTER_POINTS = 5
ALLOCATIONS = ("proportional", "equal", "neyman")
ENGINES = ("auto", "onnxruntime", "openvino", "keras")
DEVICES = ("auto", "cpu", "gpu")
ORDERS = ("newest", "first", "last")
RECIPES = ("default", "quick", "seed")

QUALITIES = {"fast": (OVERLAP, TTA), "balanced": (0.25, 4), "best": (0.5, 8)}
"""(overlap, test-time augmentation) by name; the first is what the core does by itself."""
QUALITY = "fast"
