"""Writers: class polygons into files, in the format that the ending of the name says.

May use: numpy, shapely, pyproj, geopandas, pyarrow; `files` and the polygons that they write.
Offers: `formats.open_writer`, `formats.check_format`.
"""
