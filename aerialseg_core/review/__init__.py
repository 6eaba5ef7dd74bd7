"""Review: squares of a class raster that people look at and correct, and the GeoPackage in which they do.

May use: numpy, rasterio, shapely, affine; of the core `files`, `raster`, `polygons`, `datasets`, `segmentation`.
Offers: `suggest.suggest`, `review_file.ReviewFile`.
"""
