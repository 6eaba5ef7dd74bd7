"""Segmentation: from pixels to a class raster, one scene or many, in bounded memory.

May use: numpy, rasterio, affine; of the core `files`, `raster`, `model`, `polygons`, `report`.
Offers: `segment.segment`, `segment.describe_plan`, `batch.batch`, `stac.write_stac_collection`.
"""
