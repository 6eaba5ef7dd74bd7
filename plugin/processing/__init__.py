# SPDX-License-Identifier: GPL-2.0-or-later
"""The algorithms: one file each. Their ids and the names of their parameters are stable for ever."""

from __future__ import annotations

from .auditdata import AuditData
from .classpolygons import ClassPolygons
from .diagnose import Diagnose
from .estimateareas import EstimateAreas
from .evaluatemodel import EvaluateModel
from .exporttrainingdata import ExportTrainingData
from .retrainmodel import RetrainModel
from .samplepoints import SamplePoints
from .segmentfolder import SegmentFolder
from .segmentraster import SegmentRaster
from .setupenvironment import SetUpEnvironment
from .suggestsquares import SuggestSquares
from .trainmodel import TrainModel

ALGORITHMS = (
    SegmentRaster,
    SegmentFolder,
    ClassPolygons,
    AuditData,
    ExportTrainingData,
    TrainModel,
    EvaluateModel,
    SuggestSquares,
    RetrainModel,
    SamplePoints,
    EstimateAreas,
    SetUpEnvironment,
    Diagnose,
)
"""What the provider offers."""
