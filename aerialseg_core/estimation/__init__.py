"""Estimation: how large classes are on the ground and how good a map is, from a probability sample of points.

May use: numpy, rasterio, shapely; of the core `files`, `raster`, `polygons`, `report`.
Offers: `sample_points.sample_points`, `areas.estimate_areas`.
"""
