"""Evaluation: how good a model is on labelled images, measured through the pipeline that `segment` uses."""

from __future__ import annotations

from .assessment import EvaluationResult, evaluate

__all__ = ["EvaluationResult", "evaluate"]
