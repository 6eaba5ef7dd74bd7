"""Writers: class polygons into files, one format a module, chosen by the ending of the name.

May use: numpy, shapely, geopandas, pyarrow; `files` and the polygons that they write.
Offers: `formats.open_writer`, `formats.check_format`.
"""
