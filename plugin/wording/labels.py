# SPDX-License-Identifier: GPL-2.0-or-later
"""What is said of images with labels, by the keys of the core."""

from __future__ import annotations

from ..i18n import tr_noop

SENTENCES = {
    "data-no-pair": tr_noop(
        "There is no pair of image and labels in {root}. Put images in folders named images and their masks, of the "
        "same name, in masks beside them."
    ),
    "data-no-usable-pair": tr_noop("No pair can be used: {cause}{others}."),
    "data-without-pair": tr_noop(
        "There is no pair of image and mask under {data}. Put images in folders named images and their masks, of the "
        "same name, in masks beside them."
    ),
    "data-no-folder": tr_noop("{data} is no folder. Choose the folder of the data set."),
    "data-not-found": tr_noop("{root} is neither a folder nor a TOML. Choose the folder of the data set."),
    "data-unlabelled": tr_noop("No pixel is labelled with a class. Draw some training polygons."),
    "data-file-missing": tr_noop("{cause} There is no such file: correct the path."),
    "data-file-unreadable": tr_noop("{cause} Replace the file or take it out."),
    "file-unreadable": tr_noop("{path} cannot be read: {error}. Replace the file or take it out."),
    "png-damaged": tr_noop(
        "{path} cannot be read: the PNG is damaged or ends too early. Replace the file or take it out."
    ),
    "of-file": tr_noop("{path}: {cause}"),
    "image-bands-missing": tr_noop("{path} has {count} bands, {needed} are needed. Take this image out."),
    "image-bands-unclear": tr_noop("{cause} Take this image out, or name its bands."),
    "image-not-labelled": tr_noop("{image} is not labelled by polygons."),
    "image-without-place": tr_noop(
        "{image} has no georeference, so polygons cannot be laid on it. Georeference the image."
    ),
    "image-without-mask": tr_noop("The image {image} has no mask in {folder}. Add the mask or take the image out."),
    "image-type-unusable": tr_noop(
        "The image {image} is {dtype}. Convert it to real numbers with “Translate (convert format)”, Float32."
    ),
    "images-differ": tr_noop("{first} holds {what}, {second} {other}. Bring them to one measure."),
    "images-without-data": tr_noop("No image has any data. Check the no-data value and the mask of the images."),
    "polygon-field-missing": tr_noop("{path} has no field “{field}”; {has}. Choose another --classes field."),
    "polygon-field-unclear": tr_noop(
        "It is not clear which field of {path} holds the classes; {has}. Choose the “Class field”."
    ),
    "polygons-without-class": tr_noop("No polygon has a class. Fill in the class field of the training polygons."),
    "polygons-without-crs": tr_noop(
        "{path} has no coordinate system, so its polygons cannot be laid on {image}. Set it in the layer's properties."
    ),
    "polygons-crs-unusable": tr_noop(
        "The coordinate system of {path} cannot be used: {error}. Set it in the layer's properties."
    ),
    "polygons-elsewhere": tr_noop(
        "No polygon of {path} lies on {image}. Check the coordinate systems of both, and the layers."
    ),
    "polygons-without-geometry": tr_noop("{path} is a table without geometry. Choose a layer of polygons."),
    "polygons-unreadable": tr_noop("The polygons {path} cannot be read: {error}. Choose another layer."),
    "polygon-classes-wrong": tr_noop("The classes of the polygons: {cause}"),
    "class-unknown": tr_noop("There is no class “{name}”. The classes are {known}."),
    "class-incomplete": tr_noop("{where} has a class without {name} or {colour}. Give every class both."),
    "classes-wrong": tr_noop("{where}: {cause} Correct its classes."),
    "class-colours-equal": tr_noop("{where} gives two classes the same colour. Give every class a colour of its own."),
    "class-list-missing": tr_noop("{path} holds no list of classes. Correct it or take it out."),
    "class-values-wrong": tr_noop("The numbers of classes in {where}: {cause}"),
    "unlabelled-no-colour": tr_noop(
        '{path} has an “unlabelled” that is no colour. Write it as "#000000", or take it out.'
    ),
    "unlabelled-is-class": tr_noop("{path} gives the unlabelled the colour of a class. Give it a colour of its own."),
    "masks-without-classes": tr_noop(
        "No colour of the masks is a class; the most frequent are {frequent}. List the classes with their colours in "
        "classes.json."
    ),
    "masks-transparent": tr_noop("The masks in {folder} are transparent everywhere. Label something."),
    "masks-partly-transparent": tr_noop(
        "Masks are transparent in places ({share:.1%} of the pixels looked at), which are taken for unlabelled."
    ),
    "masks-black-and-white": tr_noop(
        "The masks are black and white and nothing says what that is: it is called background and foreground."
    ),
    "masks-hold-numbers": tr_noop(
        "The masks in {folder} hold the numbers {numbers}, and no classes are listed. List the classes with their "
        "numbers in classes.json."
    ),
    "masks-zero-and-one": tr_noop(
        "The masks hold 0 and 1 and nothing says what that is: it is called background and foreground."
    ),
    "masks-two-numbers": tr_noop(
        "The masks hold 0 and {number}: 0 is {dark}, which is black, and {number} is {light}."
    ),
    "mask-no-image": tr_noop("The mask {path} is neither an image of colours nor of greys. Save it as an RGB PNG."),
    "mask-colours-16-bits": tr_noop("The mask {path} has colours of 16 bits. Save it as an RGB PNG of 8 bits."),
    "mask-greys-16-bits": tr_noop("The mask {path} has greys of 16 bits. Save it as a PNG of 8 bits."),
    "mask-size": tr_noop(
        "{image} is {cols} × {rows} px and its mask {mask_cols} × {mask_rows} px. Both must have the same size."
    ),
    "mask-by-name": tr_noop("{mask} is taken for the mask of {image}, after their names{others}."),
    "mask-without-image": tr_noop("The mask {mask} has no image in {folder}. Add the image or take the mask out."),
    "mask-folders-two": tr_noop(
        "{one} and {other} both hold masks of {folder}, so it is not clear which are meant. Take one of them out."
    ),
    "mask-lossy": tr_noop(
        "{files} are of a compression that changes colours, as JPEG does: a colour at most {tolerance} from that of a "
        "class counts as that class ({share:.1%} of the labelled pixels), others are ignored. Save masks as PNG."
    ),
    "mask-lossy-unusable": tr_noop(
        "{mask} is compressed as JPEG is, and two class colours are too near to be told apart after that. Save the "
        "masks as PNG."
    ),
    "files-one-name": tr_noop(
        "{one} and {other} have one name but for its end, so it is not clear which one is meant. Take one of them out."
    ),
    "scheme-assumed": tr_noop(
        "There is no {file}; the classes of the shipped model are used, whose colours {share:.1%} of the labelled "
        "pixels have."
    ),
    "scheme-of-file-wrong": tr_noop(
        "{file} lists colours that the masks do not have ({missing}): it explains {wrong:.1%} of the labelled pixels, "
        "the classes of the shipped model {share:.1%}, so those are used. Correct the file or take it out."
    ),
    "label-raster-type": tr_noop("The label raster {path} is {dtype}. Class numbers are whole: save it as uint8."),
    "label-raster-coloured": tr_noop("The label raster {path} is an image of colours, not of class numbers."),
    "label-raster-fractions": tr_noop(
        "The label raster {path} is {dtype} and holds fractions. Class numbers are whole: save it as uint8."
    ),
    "label-raster-many-values": tr_noop(
        "The label raster {path} holds more than {most} different numbers, so they are no classes. Choose a raster of "
        "class numbers."
    ),
    "label-raster-off-grid": tr_noop(
        "The label raster {mask} does not lie on the grid of {image}. Bring it there with “Warp (reproject)”."
    ),
    "label-raster-classes-wrong": tr_noop("The label raster {path}: {cause}"),
    "label-values-wrong": tr_noop("The numbers of classes of {raster}: {cause}"),
    "label-value-no-number": tr_noop("{where} has a number of “{name}” that is not whole."),
    "label-value-twice": tr_noop(
        "{where} gives the number {number} to “{one}” and “{other}”. Give every class numbers of its own."
    ),
    "labels-without-meaning": tr_noop(
        "The label raster {path} does not say what its values mean. List the classes with their numbers."
    ),
    "class-numbers-missing": tr_noop(
        "No pixel of {file}{more} holds a number of the classes, {numbers}; it has {held}. Give the numbers that are "
        "in the labels."
    ),
    "class-number-disputed": tr_noop(
        "The labels call {value} “{name}”, and by its place in the list of classes it is {by_place}. Say which it is, "
        "such as values = {own}."
    ),
    "class-number-names": tr_noop("Label rasters call {value} “{one}” and “{other}”, the latter {path}."),
    "class-number-other-name": tr_noop(
        "The labels call {value} “{name}”; by its place in the list of classes it is {by_place}. If not, say it: "
        "values = {numbers}."
    ),
    "class-numbers-unclear": tr_noop(
        "It is not clear which numbers are which classes: the labels hold {numbers}, and the classes are "
        "{classes}{more}. Say it, such as values = {proposed}."
    ),
    "class-numbers-by-name": tr_noop(
        "Which numbers are which classes was taken from the names in the labels: {listed}."
    ),
    "class-numbers-from-zero": tr_noop(
        "The labels count from 0, as they hold {held} and {why}: 0 is {first}, not unlabelled. If 0 means unlabelled, "
        "say values = {numbers}."
    ),
    "class-numbers-of-two": tr_noop(
        "The labels hold 0 and {number}: 0 is {background}, not unlabelled, and {number} is {name}. If 0 means "
        "unlabelled, say values = {numbers}."
    ),
    "class-number-of-one": tr_noop(
        "The labels hold {held}, and there is one class: {number} is {name}. If it is not, say values = {numbers}."
    ),
    "class-zero-nameless": tr_noop(
        "0 is in the labels and is not their no-data value, yet no class is left for it: 1 to {count} are taken for "
        "the classes, and 0 for unlabelled. If 0 is a class, say values = {numbers}."
    ),
    "patch-size-range": tr_noop("{size} in --size is not {low} to {high} px."),
    "patch-overlap-range": tr_noop("The overlap {overlap} is not 0 to 0.5."),
    "patch-folder-taken": tr_noop(
        "The folder {path} holds {what}, so it is not replaced. Choose another name, or move away what is there."
    ),
    "patch-file-in-output": tr_noop("{path} is in the folder for the patches, {target}. Choose another folder."),
    "patches-without-gsd": tr_noop("The ground resolution that the data state ({gsd} m) is not in the patches."),
    "pair-band-count": tr_noop("The data name {named} bands for {image}, the model takes {wanted}."),
    "pairs-missing": tr_noop("{path} lists no pairs."),
    "pair-key-unknown": tr_noop("{where} has an unknown key “{key}”. Known are {known}."),
    "pair-key-wrong": tr_noop("{where} has a “{key}” that cannot be used."),
    "pair-images-folder": tr_noop(
        "{where} has a folder of images. Give the folder of their masks as well, and no single file."
    ),
    "pair-without-image": tr_noop("{where} has no image."),
    "pair-labels-count": tr_noop("{where} must have one of mask, labels and polygons."),
    "pair-values-twice": tr_noop("{where} gives the numbers of classes twice."),
    "pair-values-misplaced": tr_noop("{where} has values, which belongs to labels."),
    "pair-key-of-polygons": tr_noop("{where} has “{key}”, which belongs to polygons."),
    "pair-folder-missing": tr_noop("{where} names the folder {path}, which does not exist. Correct the path."),
}
