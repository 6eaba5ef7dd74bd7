"""Rasters: opened safely, read window by window, measured on the ground, written as class rasters.

May use: numpy, rasterio, pyproj, shapely; of the core `files`.
Offers: `opening.open_raster`, `scene.open_scene`, `window.Window`, `class_raster.write_cog`, `geodesy.choose_ground`.
"""
