# SPDX-License-Identifier: GPL-2.0-or-later
"""What is said of trainings, by the keys of the core."""

from __future__ import annotations

from ..i18n import tr_noop

SENTENCES = {
    "epoch": tr_noop("Epoch {epoch}: loss {loss:.4f}, {minutes:.1f} min"),
    "epoch-scored": tr_noop(
        "Epoch {epoch}: loss {loss:.4f}; on held-out places mean IoU {miou:.3f} ({labelled:.3f} without Unlabeled), "
        "accuracy {accuracy:.3f}; {minutes:.1f} min"
    ),
    "epoch-best": tr_noop(
        "Epoch {epoch}: loss {loss:.4f}; on held-out places mean IoU {miou:.3f} ({labelled:.3f} without Unlabeled), "
        "accuracy {accuracy:.3f}; {minutes:.1f} min; the best so far"
    ),
    "split-held-out": tr_noop("{images} images to train on, {name} held out ({held} images)."),
    "split-nothing-held-out": tr_noop("{images} images to train on, nothing held out: the model is not scored."),
    "split-random": tr_noop(
        "What is held out is chosen at random: first a network is trained with whole groups held out, for an honest "
        "score."
    ),
    "splits-compared": tr_noop(
        "Mean IoU {random:.3f} on patches held out at random, {honest:.3f} on whole groups held out: {explained}."
    ),
    "images-excluded": tr_noop("Neither trained on nor held out: {images}."),
    "images-bands": tr_noop("{image}{others}: bands {bands}, {reason}."),
    "images-bands-doubtful": tr_noop("{image}{others}: bands {bands}, {reason}; {doubts}."),
    "labels-ignored": tr_noop(
        "{pixels:,} pixels of {files} label files have a colour or a number that is no class; they are ignored."
    ),
    "training-range": tr_noop("Values: {range}."),
    "class-never-labelled": tr_noop("No pixel is labelled {name}: the model will not know it. Draw some."),
    "training-continued": tr_noop("Continues after epoch {epoch}{planned}."),
    "training-pace": tr_noop("A step takes {seconds:.2g} s: about {steps} fit into {minutes:g} minutes."),
    "training-few-steps": tr_noop(
        "A step takes {seconds:.2g} s, so only {steps} fit into {minutes:g} minutes: the model will learn little. Give "
        "it more minutes."
    ),
    "training-late": tr_noop("The last {share:.0%} of the run: batches of {batch} × {side} px{losses}."),
    "training-stopped": tr_noop("Stopped; the best epoch so far, {epoch}, is kept."),
    "training-anew": tr_noop("What was kept in {folder} is damaged: the training begins anew."),
    "folds-scored": tr_noop("The parts are scored; now one network is trained on everything, for {length}."),
    "learns-from-folds": tr_noop("It learns from the labels and from {count} networks, each where it has not trained."),
    "learns-from-squares": tr_noop("Learns from {count} squares, beside {replay}."),
    "replay-of-scene": tr_noop("{pixels:,} pixels of the rest of the image, as the old model sees them"),
    "replay-of-data": tr_noop("{count} parts of {data}"),
    "starts-from": tr_noop(
        "Starts from {model}: {fitting} of {layers} layers fit, {known} of {classes} classes are known to it."
    ),
    "start-fits-not": tr_noop(
        "No layer of {path} fits this network. Choose another recipe, or start from another model."
    ),
    "start-loads-not": tr_noop("{model} cannot be loaded: {cause}. Choose a model that was trained here."),
    "weights-unnamed": tr_noop(
        "{model} does not tell which weights are those of which layer, so it cannot be trained further. Choose a model "
        "that was trained here."
    ),
    "weights-list-damaged": tr_noop("The list of weights in {model} is damaged. Get the model file again."),
    "network-untold": tr_noop(
        "{model} does not tell which network it is, so it cannot be trained further. Choose a model that was trained "
        "here."
    ),
    "loss-no-number": tr_noop(
        "The training went astray at step {step}: its loss is no number any more. See that the images hold no absurd "
        "values."
    ),
    "weights-diverged": tr_noop(
        "The training went astray: {weights} are no numbers any more. See that the images hold no absurd values."
    ),
    "resume-other-network": tr_noop("The interrupted training is of another network. Untick --resume to start anew."),
    "resume-other-data": tr_noop(
        "The interrupted training was of other data or another recipe. Untick --resume to start anew."
    ),
    "training-interrupted": tr_noop(
        "An interrupted training of {model} is in {folder}. Tick --resume to continue it, or choose another name."
    ),
    "cancelled-early": tr_noop("Cancelled before the first epoch ended. No model was written."),
    "cancelled-folds": tr_noop("Cancelled before all parts were scored. Tick --resume to continue."),
    "folds-impossible": tr_noop(
        "The data cannot be split into parts of whole images, which this recipe needs. Give more images, or choose "
        "another recipe."
    ),
    "image-gsd-absurd": tr_noop(
        "{image} has {gsd:.2g} m per pixel, which cannot be true: its coordinate system or its pixel size is wrong. "
        "Correct it with “Assign projection”."
    ),
    "export-differs": tr_noop(
        "The finished model differs by {difference:.2g} from the trained network. Please report it."
    ),
    "export-failed": tr_noop(
        "The model could not be written as ONNX: {reason}. Set the environment for training up again (Settings → "
        "Options → aerialseg)."
    ),
    "needs-training-package": tr_noop(
        "Training needs {package}, which is not installed. Set the environment for training up (Settings → Options → "
        "aerialseg)."
    ),
    "needs-opencv": tr_noop(
        "The same ground in shifted, rotated or rescaled images is not looked for: a package for it "
        "(opencv-python-headless) is not installed."
    ),
    "patches-not-written": tr_noop("The patches cannot be written to {path}: {error}. Check the disk."),
    "patches-no-room": tr_noop(
        "The patches need {size:.1f} GB of disk beside the model, {free:.1f} GB are free. Free some space, or write "
        "the model to another disk."
    ),
    "logs-not-written": tr_noop("Logs cannot be written to {folder}: {reason}."),
    "recipe-unknown": tr_noop("There is no recipe {path}. Choose one of {known}, or a recipe file."),
    "recipe-key-unknown": tr_noop("{where} has an unknown key “{key}”. Known are {known}."),
    "recipe-wrong": tr_noop("The recipe is wrong: {rule}. Correct the recipe file."),
    "split-wrong": tr_noop("The recipe is wrong: [split] {rule}. Correct the recipe file."),
    "classes-of-data-differ": tr_noop(
        "The classes of {data} are {data_classes}, those of the model are {model_classes}. Choose the data that it was "
        "trained on, or leave --data empty."
    ),
    "classes-differ": tr_noop(
        "The model tells {known} apart and does not know {unknown} of the data. Choose data with its classes, or train "
        "a model on these."
    ),
    "evaluate-into-data": tr_noop(
        "The folder for the report, {target}, is also the folder of the data. Choose another one."
    ),
    "holdout-unknown": tr_noop(
        "The folders to hold out, {wanted}, are not in the data. Correct [split] holdout in the recipe file."
    ),
    "holdout-everything": tr_noop("Everything would be held out, so nothing is left to train on. Give more images."),
    "holdout-one-patch": tr_noop(
        "The data are one patch of {cut} px, so none can be held out at random. Give more or larger images."
    ),
    "ground-too-small": tr_noop(
        "The labelled ground is too small to hold out a part with {buffer} px between it and the rest. Draw more "
        "training polygons."
    ),
    "image-too-small": tr_noop(
        "{image} is too small to be held out without {buffer} px along its borders. Give a larger image."
    ),
    "excluded-image-unknown": tr_noop(
        "The image to exclude, {image}, is not in the data. Correct [split] exclude in the recipe file."
    ),
}
