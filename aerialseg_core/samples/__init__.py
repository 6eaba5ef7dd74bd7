"""Samples: a scene to try things on, fetched or drawn.

May use: numpy, rasterio; of the core `files` and `raster`.
Offers: `sample.sample`.
"""
