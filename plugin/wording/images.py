# SPDX-License-Identifier: GPL-2.0-or-later
"""What is said of images and folders of them, by the keys of the core."""

from __future__ import annotations

from ..i18n import tr_noop

SENTENCES = {
    "scene-unreadable": tr_noop("{scene} cannot be read: {cause}. Check the path, or get the file again."),
    "scene-unreachable": tr_noop("{scene} cannot be read: {cause}. Check the address and the connection."),
    "scene-changed": tr_noop("{scene} was changed or removed while it was read. Run it again when it stays."),
    "scene-state-unknown": tr_noop(
        "Whether {scene} was changed while it was read cannot be found out: its server does not say it any more. Run "
        "it again later: what is finished is kept."
    ),
    "scene-overview-elsewhere": tr_noop(
        "{scene} names an overview in another place, {overview}. Export the layer to a new file."
    ),
    "scene-is-text": tr_noop(
        "{scene} is no image: it is a description in XML or JSON, which may lead to other files or to a server. If you "
        "trust it, give it the ending of what it is (.vrt, .xml); otherwise choose another layer."
    ),
    "scene-entities": tr_noop(
        "{scene} declares entities, which no virtual raster needs. Build it anew with “Build virtual raster”."
    ),
    "scene-blocks-large": tr_noop(
        "{scene} is stored in blocks of {cols} × {rows} px, which take {needed} MiB to read, more than the {memory} "
        "MiB that are allowed. Export the layer to a new GeoTIFF, or allow {enough} in --memory."
    ),
    "scene-without-band": tr_noop("{scene} has no band. Choose a raster with pixels."),
    "scene-container": tr_noop(
        "{scene} has no band of its own, but holds {count} rasters. Choose one of them as a layer: {rasters}{more}; or "
        "put bands together with “Build virtual raster”."
    ),
    "scene-empty": tr_noop("{scene} has no data at all. Check its no-data value and its mask."),
    "scene-gcps": tr_noop(
        "{scene} is located by ground control points only. Warp it first with “Warp (reproject)” or the Georeferencer."
    ),
    "scene-rpcs": tr_noop("{scene} is located by RPCs only. Orthorectify it first."),
    "scene-mixed-types": tr_noop(
        "The bands of {scene} are not of one type ({types}). Convert them first with “Translate (convert format)”."
    ),
    "scene-not-degrees": tr_noop(
        "{scene} is said to be in degrees of {crs}, but its centre is at {x:.10g}, {y:.10g}: its coordinate system is "
        "wrong. Give it the right one with “Assign projection”."
    ),
    "scene-without-area": tr_noop("The pixels of {scene} have no area (transform {transform}). Georeference it again."),
    "scene-too-coarse": tr_noop(
        "{scene} has {gsd:.4g} m per pixel, too coarse for a model made for {made}. Use a finer image; or write source "
        "into --gsd to force it."
    ),
    "scene-gsd-absurd": tr_noop(
        "{scene} has {gsd:.2g} m per pixel, which cannot be true: its coordinate system or its pixel size is wrong. "
        "Correct it with “Assign projection”, or write source into --gsd to read it as it is."
    ),
    "scene-size-absurd": tr_noop(
        "{scene} claims to be so large that its {cols} × {rows} px would take {years:,.0f} years. Check its size, or "
        "choose a smaller part."
    ),
    "scene-is-folder": tr_noop("{scene} is a folder and no image. Rename it."),
    "scene-link-circular": tr_noop("{scene} is a link that leads to itself. Mend it, or remove it."),
    "scene-link-broken": tr_noop("{scene} is a link that leads nowhere. Mend it, or remove it."),
    "scene-no-file": tr_noop("{scene} is no file. Remove it."),
    "scene-name-not-text": tr_noop("The name {name} cannot be read. Rename the file."),
    "name-not-text": tr_noop("The name “{name}” cannot be read. Rename the file."),
    "scene-result-name": tr_noop("{scene}: its results cannot be called “{name}”. Rename the file."),
    "scenes-same-name": tr_noop(
        "{scene} and {other} would give results of the same name. Rename one of them, or take it out."
    ),
    "scene-failed": tr_noop("{scene} failed: {cause}"),
    "scene-outdated": tr_noop("{scene} has changed since its map was made: it is made again."),
    "scenes-again": tr_noop("{count} of {scenes} images could not be read: they are tried once more."),
    "scenes-failed": tr_noop("{failed} of {scenes} images failed. The table says why; the others are done."),
    "memory-full": tr_noop("The memory is full. Close other programs, or allow the run less in --memory."),
    "unforeseen": tr_noop("Unforeseen {kind}: {error}. Please report it with the log."),
    "cancelled": tr_noop("Cancelled. What was finished is kept; the same run again continues from there."),
    "bands-too-few": tr_noop(
        "The model needs {count} bands ({wanted}), but {raster} has {usable}, and bands {chosen} were chosen. Choose "
        "one for each in --bands."
    ),
    "bands-missing": tr_noop(
        "The model needs {wanted}, but no band of {raster} is {lacking}: they are {found}. Choose them in --bands."
    ),
    "nodata-has-mask": tr_noop("{scene} has a mask that says where it has no data. Leave --nodata empty."),
    "nodata-impossible": tr_noop(
        "No pixel of {scene} can be {nodata:g}: it is {dtype}. Correct --nodata, or leave it empty."
    ),
    "nodata-not-finite": tr_noop("{value} in --nodata is no number; NaN and infinity are no data anyway."),
    "out-gsd-without-crs": tr_noop(
        "{scene} has no coordinate system, so metres in --out-gsd have no meaning. Write source or model there, or say "
        "in --gsd how large its pixels are."
    ),
    "extent-outside": tr_noop("The chosen part lies outside the image. Choose another part."),
    "extent-empty": tr_noop("The chosen part is empty. Choose another part."),
    "mask-unreadable": tr_noop("The polygons in --mask cannot be read: {error}. ({path}) Choose another layer."),
    "mask-crs-unusable": tr_noop(
        "The polygons in --mask ({path}) cannot be brought into the coordinate system of the image: {error} Save them "
        "in that one."
    ),
    "mask-empty": tr_noop("The layer in --mask holds no polygon ({path}). Draw the part that is wanted as polygons."),
    "mask-elsewhere": tr_noop(
        "No polygon of --mask ({mask}) covers a pixel of {scene}. Check that the layer belongs to this image, and the "
        "coordinate systems of both."
    ),
    "folder-missing": tr_noop("There is no folder {folder}. Check the path."),
    "folder-unreadable": tr_noop("The folder {folder} cannot be read: {error}."),
    "folder-without-scene": tr_noop(
        "{shown} holds no image {known}. Write other names into --pattern, or tick --recursive."
    ),
    "no-scene-given": tr_noop("{shown} holds no image. Choose a folder of images."),
    "input-missing": tr_noop("There is no folder and no file {path}. Check the path."),
    "passed-over": tr_noop("Passed over in {folder}: {listed}."),
    "pattern-empty": tr_noop("There are no names in --pattern. Write some such as {examples}."),
    "pattern-wrong": tr_noop(
        "{pattern} in --pattern cannot be used: {error}. Write names such as {examples}; ** is for any folders."
    ),
    "pattern-without-folder": tr_noop("--pattern and --recursive are for a folder."),
    "mosaic-out-gsd": tr_noop("--mosaic gives every image a map on its own grid: write source into --out-gsd."),
    "mosaic-secret": tr_noop(
        "{scene} cannot be put into a mosaic: its address holds a secret, which a file would keep. Untick --mosaic."
    ),
    "raster-of-kind-unreadable": tr_noop("{cause} ({kind})"),
    "raster-damaged-rows": tr_noop("{raster} is damaged at rows {first} to {last}: {error}."),
    "proj-data-foreign": tr_noop(
        "The coordinate systems of another program are found instead of our own ({named}): {error}. Remove these "
        "variables from the computer's settings, and restart QGIS."
    ),
    "proj-data-missing": tr_noop(
        "No coordinate systems are found: {error}. Set the environment up again (Settings → Options → aerialseg)."
    ),
}
