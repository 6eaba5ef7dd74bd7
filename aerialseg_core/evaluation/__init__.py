"""Evaluation: how good a model is on labelled images, measured through the pipeline that `segment` uses.

May use: numpy, rasterio; of the core everything but `training` and `cli`.
Offers: `evaluate.evaluate`, `evaluate.EvaluationResult`.
"""
