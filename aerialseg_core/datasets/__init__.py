"""Data sets: images with labels of any kind, their classes, splits and patches. Keras is not needed.

May use: numpy, rasterio, shapely, pyproj; of the core `files`, `raster`, `segmentation.patch_grid`.
Offers: `labelled_data.open_data`, `labels.label_reader`, `split.make_splits`, `patch_files.patches`.
"""
