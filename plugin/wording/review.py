# SPDX-License-Identifier: GPL-2.0-or-later
"""What is said of squares that are corrected, by the keys of the core."""

from __future__ import annotations

from ..i18n import tr_noop

SENTENCES = {
    "review-class-unknown": tr_noop(
        "The review has the class {name}, which the model does not know. It tells {known} apart; train a model of "
        "other classes with “Train model”."
    ),
    "side-wrong": tr_noop(
        "{side:g} in --side is {cols} × {rows} px of {map}. Choose a side between {least:.4g} and {most:.4g} {unit}."
    ),
    "side-too-large": tr_noop(
        "No square of {width} × {height} px fits into {map}, which is {cols} × {rows} px. Choose a smaller --side."
    ),
    "review-no-square": tr_noop("No square of {map} has data. Choose a smaller --side."),
    "review-name": tr_noop("The review {path} is no GeoPackage. Let its name end in .gpkg."),
    "review-needs-confidence": tr_noop(
        "Squares are not ranked without a confidence raster. Choose one in --confidence."
    ),
    "review-other-file": tr_noop("{path} is no review, and is not replaced by one. Choose another name."),
    "review-other-raster": tr_noop(
        "{raster} is another raster than {option} takes. Choose the one that the same run has written for it."
    ),
    "review-other-run": tr_noop(
        "{raster} is of another model than {classes}, or of one that was run otherwise. Choose the one of the same "
        "run in {option}."
    ),
    "review-other-crs": tr_noop(
        "{scene} is in another coordinate system than the squares of {review}. Choose the image that the map was made "
        "of in --scene."
    ),
    "review-elsewhere": tr_noop(
        "{scene} does not show {count} of the {squares} reviewed squares of {review}. Choose the image that the map "
        "was made of in --scene."
    ),
    "review-worked-in": tr_noop(
        "Somebody has worked in {path}, so it is not replaced. Choose another name, or move it away."
    ),
    "review-unusable": tr_noop(
        "{path} cannot be used as a review: {error}. Choose a file that “Suggest squares to correct” has made."
    ),
    "review-locked": tr_noop("Another program is writing to {path}. Try again when it has ended."),
    "review-unwritable": tr_noop("{path} cannot be written to: {error}. See to the disk and the file."),
    "review-square-wrong": tr_noop(
        "Square {square} of {path} has the role “{role}” and the state “{state}”. Roles are {roles}; states are "
        "{states}."
    ),
    "review-label-unknown": tr_noop("{path} has a label of class {class_id}. Known are {known}."),
    "review-geometry-damaged": tr_noop("A shape in {path} is damaged: {error}. Delete it, and draw it anew."),
    "review-nothing-done": tr_noop(
        "No square of {review} to train on is reviewed. Correct the labels in some and accept them."
    ),
    "review-without-scene": tr_noop("{review} does not tell which image it is of. Choose it in --scene."),
    "squares-fewer": tr_noop(
        "There is place for {count} squares only, as no two may touch: a smaller --side gives more."
    ),
}
