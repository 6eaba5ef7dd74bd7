# SPDX-License-Identifier: GPL-2.0-or-later
"""What is said of class rasters and their polygons, by the keys of the core."""

from __future__ import annotations

from ..i18n import tr_noop

SENTENCES = {
    "class-raster-bands": tr_noop(
        "{raster} is no class raster: it has {count} band(s) of type {dtype}. Choose a raster with one band of whole "
        "numbers, such as aerialseg makes."
    ),
    "class-raster-other-output": tr_noop(
        "{raster} is no class raster: a run has written it as confidence, distance or seams. Choose the class raster "
        "of that run."
    ),
    "class-raster-not": tr_noop(
        "{raster} is no class raster: {reason}. Sort its values into at most {most} classes first, for example with "
        "“Reclassify by table”."
    ),
    "class-raster-damaged": tr_noop(
        "The class raster {raster} is damaged at rows {first} to {last}: {error}. Make it again."
    ),
    "raster-many-values": tr_noop("its first {rows:,} rows hold {count:,} values, from {least:,} to {most:,}"),
    "raster-holds-fractions": tr_noop("it holds {value:g}, and classes are whole numbers"),
    "raster-holds-large": tr_noop("it holds {value}, and classes are smaller"),
    "class-not-there": tr_noop("The class raster has no class “{name}”. It has {known}."),
    "class-id-impossible": tr_noop("The class raster has no class “{name}”. Give numbers of classes, 1 to {last}."),
    "class-zero": tr_noop(
        "The class raster has no class 0: there 0 is no data. Write none into --nodata to make it one."
    ),
    "zero-named": tr_noop(
        "0 is named {name} but is the no-data value: it gets no polygons. Write none into --nodata to make it a class."
    ),
    "zero-is-class": tr_noop("0 is taken for a class, as {why}. Write 0 into --nodata to take it for no data."),
    "zero-is-nodata": tr_noop("0 is taken for no data, as {why}. Write none into --nodata to make it a class."),
    "zero-why-named": tr_noop("it is named {name} and the raster declares no no-data value"),
    "zero-why-nameless": tr_noop("the raster names other values but not 0"),
    "zero-why-coloured": tr_noop("it has a colour ({colour}) and the raster declares no no-data value"),
    "zero-why-silent": tr_noop("the raster does not say what it is"),
    "confidence-damaged": tr_noop("The confidence raster {raster} is damaged: {error}."),
    "confidence-other": tr_noop(
        "{path} is not the confidence raster of {classes}. Choose the one that was written beside it."
    ),
    "polygon-format-unknown": tr_noop("{path} has no format that is known. Let the name end in {known}."),
    "polygon-folder-name": tr_noop(
        "A folder of polygons is one of GeoParquet files, which the name {path}/ does not say. Let it end in .parquet/."
    ),
    "needs-pyarrow": tr_noop("Files that end in {suffix} cannot be written here. Choose a GeoPackage (.gpkg)."),
    "geojson-crs": tr_noop(
        "GeoJSON has no name for the coordinate system of the class raster. Choose a GeoPackage (.gpkg)."
    ),
    "shapefile-full": tr_noop(
        "The polygons do not fit into a Shapefile, which ends at 2 GB. Choose a GeoPackage (.gpkg)."
    ),
    "polygons-not-written": tr_noop("The polygons could not be written: {error}. Check the disk and the folder."),
    "polygons-many": tr_noop(
        "About {millions:,.0f} million polygons are to be expected, some {size:,.0f} GB. Merge small ones with "
        "--min-area."
    ),
    "polygons-unfit": tr_noop("The polygons do not fit together, which is an error of this program: please report it."),
    "regions-merged": tr_noop("{count:,} regions below {area:g} {unit} went to a neighbour."),
    "outlines-squared": tr_noop("{squared:,} of {tried:,} outlines have right angles now."),
    "certificate": tr_noop("Checked: {certificate}."),
    "areas-changed": tr_noop("Area of the polygons against that of the pixels: {changes}."),
    "areas-in-pixels": tr_noop(
        "The class raster has no coordinate system to measure in: areas are in pixels (area_px2)."
    ),
    "areas-on-map": tr_noop(
        "The class raster goes beyond where its projection is defined: areas are those on the map. Clip it to have "
        "them on the ground."
    ),
}
