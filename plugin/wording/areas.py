# SPDX-License-Identifier: GPL-2.0-or-later
"""What is said of points of a sample and areas, by the keys of the core."""

from __future__ import annotations

from ..i18n import tr_noop

SENTENCES = {
    "points-unlabelled": tr_noop(
        "None of the {points} points has a label. Label them first, or give them in --labels."
    ),
    "points-partly-unlabelled": tr_noop(
        "Without a label: {missing} of the {points} points ({listed}). Label what is missing, or tick --incomplete to "
        "leave it out as if that were chance."
    ),
    "points-too-few-labelled": tr_noop(
        "Fewer than two points are labelled in {names}: nothing tells how sure an estimate is. Label more points there."
    ),
    "points-other-crs": tr_noop(
        "The points are in another coordinate system than {map}. Choose the map that they were drawn from, or one in "
        "the same system."
    ),
    "points-outside-map": tr_noop(
        "{map} has no class at {points} of the points. Choose a map of all the ground that they were drawn from."
    ),
    "label-no-class": tr_noop("{labels} is no class of the map. Its classes are {known}."),
    "map-empty": tr_noop("{map} is no data everywhere. Choose a class raster with classes."),
    "sample-too-new": tr_noop("The points were drawn with a later version. Update the plugin."),
    "sample-damaged": tr_noop("The design of the sample is damaged: {error}. Draw the points anew."),
    "points-not-written": tr_noop("The points could not be written: {error}. Check the disk and the folder."),
    "points-unreadable": tr_noop(
        "The points {path} cannot be read: {error}. Choose what “Draw sample points” has written."
    ),
    "points-column-missing": tr_noop(
        "The points {path} have no column “{column}” any more. Take the file as it was written."
    ),
    "points-table-damaged": tr_noop("The table {table} of {path} is damaged. Draw the points anew."),
    "points-chosen": tr_noop(
        "{path} holds polygons: places that somebody chose, like training polygons or uncertain squares, are no "
        "probability sample, and an area estimated from it would only look right. Draw points here, and label those."
    ),
    "points-no-sample": tr_noop(
        "{path} holds points of which nobody knows how they were drawn: they may be no probability sample, and an area "
        "estimated from it would only look right. Draw points here, and label those."
    ),
    "points-added": tr_noop(
        "Points were added to {path}, which had {drawn}: it is no probability sample any more. Remove them; for more "
        "points, draw a larger sample."
    ),
    "points-removed": tr_noop(
        "{missing} of the {drawn} points of {path} were removed: what is left is no probability sample. Leave a point "
        "without a label instead, and tick --incomplete."
    ),
    "points-moved": tr_noop(
        "{moved} points of {path} were moved to other pixels: it is no probability sample any more. Put them back, or "
        "draw the points anew."
    ),
    "points-changed": tr_noop("The column map_class of {path} was changed. Take the file as it was written."),
    "labels-unreadable": tr_noop("--labels ({path}) cannot be read: {error}. Choose a table."),
    "labels-without-columns": tr_noop(
        "{path} has no columns of labels. Choose a table with the columns id and label, such as AcATaMa saves."
    ),
    "labels-twice": tr_noop("{path} gives point {point} more than one label. Let each point have one."),
    "labels-of-others": tr_noop(
        "{path} has labels of points that the sample does not have: {listed}. Choose the labels of this sample."
    ),
    "points-name": tr_noop("The points {path} would be a GeoPackage under another name. Let it end in .gpkg."),
    "points-taken": tr_noop(
        "{path} holds points that somebody has labelled: {labelled}. Choose another name, or remove it yourself."
    ),
    "points-taken-layer": tr_noop(
        "{path} holds the layer {layer}, which is no part of a sample. Choose another name, or remove it yourself."
    ),
    "points-taken-unreadable": tr_noop(
        "{path} is there and cannot be read: {error}. Choose another name, or remove it yourself."
    ),
    "grid-misses": tr_noop("The grid meets fewer than two pixels. Draw more points, or take another --seed."),
    "pixels-too-few": tr_noop("The class raster has {pixels} pixels, fewer than {points} points. Draw fewer points."),
    "points-too-few": tr_noop(
        "{points} points are too few for {classes} classes with {minimum} points or more each. Draw {least} points or "
        "more, or allow fewer in --minimum."
    ),
    "points-no-room": tr_noop(
        "There is no room for {points} points that are {distance:g} {unit} or more apart. Draw fewer, or let them be "
        "closer in --min-distance."
    ),
    "zones-unreadable": tr_noop("--zones ({path}) cannot be read: {error}. Choose a layer of polygons."),
    "zones-crs-unusable": tr_noop(
        "--zones ({path}) cannot be brought into the coordinate system of the map. Save them in that one."
    ),
    "zones-count": tr_noop("--zones ({path}) hold {count} polygons, too few or too many."),
    "zones-column-missing": tr_noop("--zones ({path}) have no column {column}. They have {columns}."),
    "zones-elsewhere": tr_noop(
        "None of the zones in --zones ({path}) lies on {map}. Choose zones of the same ground, with their coordinate "
        "system."
    ),
    "zones-without-crs": tr_noop("The zones have no coordinate system: they are taken to be in that of the map."),
    "zones-overlap": tr_noop("Zones overlap ({first} and {second}): ground in two of them counts for the first one."),
    "points-for-error": tr_noop(
        "{points} points, for a standard error of {error:g} of the overall accuracy if that is about {share:.2f}."
    ),
    "points-keep-distance": tr_noop(
        "Points that keep a distance are a probability sample only nearly: the probabilities are those without it."
    ),
    "sample-in-pixels": tr_noop("The class raster has no coordinate system to measure in: areas are in pixels."),
    "points-left-out": tr_noop("Without a label, and left out as if that were chance: {missing} of {points} points."),
    "last-points-left-out": tr_noop(
        "Without a label, and left out: {missing} of {points} points, the last ones; as they come in random order, "
        "that is chance."
    ),
    "points-unsure": tr_noop("{count} points were labelled by somebody who was not sure."),
    "points-of-other-map": tr_noop("The points were drawn from another map: its classes are the strata."),
    "points-at-distance": tr_noop("The points keep a distance, so they are a probability sample only nearly."),
    "points-in-grid": tr_noop(
        "The points are a grid; standard errors are those of a random sample, which mostly are larger."
    ),
    "points-all-right": tr_noop(
        "All {count} points that are mapped as {name} are right: the interval of its user's accuracy has no width, "
        "although {share:.0%} may be wrong (rule of three)."
    ),
    "points-few": tr_noop("Fewer than five points are {names}: intervals of so few are not reliable."),
    "distance-cluster": tr_noop(
        "--min-distance has no meaning for a sample in clusters: its points are meant to be near."
    ),
    "clusters-too-few": tr_noop(
        "Points of one cluster only are labelled: nothing tells how sure an estimate is. Label more of them."
    ),
    "clusters-few": tr_noop("The points lie in {count} clusters only: intervals of so few are not reliable."),
    "clusters-changed": tr_noop("The column {column} of {path} was changed. Take the file as it was written."),
    "cluster-points-least": tr_noop("{value} points of a cluster are too few: it takes at least 2."),
    "cluster-side-range": tr_noop(
        "{side:g} in --cluster-side is {cols} × {rows} px of {name}. Choose a side between {least:.4g} and {most:.4g} "
        "{unit}."
    ),
}
