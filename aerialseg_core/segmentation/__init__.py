"""Segmentation: from pixels to a class raster, one scene or a folder of them, in bounded memory.

May use: numpy, rasterio, affine; of the core `files`, `raster`, `model`, `polygons`.
Offers: `segment.segment`, `segment.describe_plan`, `batch.batch`.
"""
