# SPDX-License-Identifier: GPL-2.0-or-later
"""What is said of models and engines, by the keys of the core."""

from __future__ import annotations

from ..i18n import tr_noop

SENTENCES = {
    "model-unknown": tr_noop("There is no model “{name}”. Known are {known}; or choose a model file."),
    "model-unreadable": tr_noop("The model {path} cannot be read: {error}. Choose another one."),
    "model-too-large": tr_noop("The model {path} has more than {gib} GiB. Choose a smaller one."),
    "model-no-onnx": tr_noop("{path} is no ONNX model, or is damaged. Get the file again."),
    "model-foreign-code": tr_noop("{path} uses operators of foreign code ({operators}). Choose another model."),
    "model-external-weights": tr_noop("{path} keeps its weights in other files. Save the model as one single file."),
    "model-weights-missing": tr_noop("{path} claims weights that it does not hold. Get the file again."),
    "model-altered": tr_noop(
        "The network in {path} does not match its card: it is damaged or altered. Get the file again."
    ),
    "model-without-card": tr_noop(
        "{path} carries no card that says what its classes are. Add it with the button beside “Model”."
    ),
    "model-has-card": tr_noop("{path} carries a card already."),
    "model-has-card-file": tr_noop("{path} carries a card already."),
    "model-card-differs": tr_noop(
        "The network has {bands} bands and {classes} classes, its card {card_bands} and {card_classes}. Get the model "
        "file again."
    ),
    "model-card-patch": tr_noop(
        "The network takes patches of {patch} px only, its card says {card_patch} px. Get the model file again."
    ),
    "card-band-scaling": tr_noop(
        "Band “{band}” of the model's card has an unusable scaling. Get the model file again."
    ),
    "card-no-band": tr_noop("The model's card names no band. Get the model file again."),
    "card-patch-small": tr_noop("The model's patch of {patch} px is too small to use."),
    "card-patch-large": tr_noop("The model's patch of {patch:.6g} px is larger than {most} px."),
    "card-gsd": tr_noop("The model's resolution of {gsd} m lies outside its range of {low} to {high} m."),
    "card-type": tr_noop("The model's card names images of type “{dtype}”, which are none."),
    "card-temperature": tr_noop("The model's temperature of {temperature} is no positive number."),
    "card-temperature-range": tr_noop("The model's temperature of {temperature} is out of measure."),
    "card-threshold": tr_noop("The model's threshold of {threshold:g} is no probability below 1."),
    "card-values": tr_noop(
        "What the model's card tells of the values inside the network is no range. Get the model file again."
    ),
    "card-range": tr_noop("The model's range of {black:g} to {white:g} is empty or out of measure."),
    "card-other-bands": tr_noop(
        "What the model's card tells of its training images is of other bands. Get the model file again."
    ),
    "card-too-long": tr_noop("The model's card has {length} characters, too many to be one. Get the model file again."),
    "card-unreadable": tr_noop("The model's card is not readable. Get the model file again."),
    "card-version": tr_noop("The model's card has version {version}. Update the plugin to run this model."),
    "card-incomplete": tr_noop("The model's card is not complete: {error}. Get the model file again."),
    "card-file-key": tr_noop("The card {path} has an unknown key “{key}”. Known are {known}."),
    "card-file-value": tr_noop("The card {path}: {key} must be {what}."),
    "ground-untold": tr_noop(
        "The model's card does not tell what its training images look like. Get the model file again."
    ),
    "ground-damaged": tr_noop(
        "What the model's card tells of its training images is damaged. Get the model file again."
    ),
    "engine-none": tr_noop("No engine here runs {model}. Run Diagnose: it says what is missing."),
    "engine-none-runs": tr_noop("No engine here runs {model}. {reason} Choose another model."),
    "engine-no-kind": tr_noop("No engine here runs {kind} models. Run Diagnose: it says what is missing."),
    "engine-unfit": tr_noop("The engine {engine} does not run {model}. Choose auto in --engine."),
    "keras-not-usable": tr_noop("Keras is not usable here: {reason}. Choose auto in --engine."),
    "keras-failed": tr_noop("Keras failed: {cause}."),
    "keras-loads-not": tr_noop("Keras does not load {model}: {cause}."),
    "keras-without-card": tr_noop("{path} carries no card. Choose a model that was trained here."),
    "keras-own-code": tr_noop("{path} runs code of its own ({operators}). Choose another model."),
    "keras-member-large": tr_noop("The {member} in {path} is too large to be one. Get the file again."),
    "onnxruntime-not-usable": tr_noop(
        "ONNX Runtime is not usable here: {reason}. Set the environment up again (Settings → Options → aerialseg)."
    ),
    "onnxruntime-no-gpu": tr_noop("ONNX Runtime sees no graphics card here. Choose cpu in --device."),
    "onnxruntime-damaged": tr_noop(
        "ONNX Runtime is damaged here. Set the environment up again (Settings → Options → aerialseg)."
    ),
    "onnxruntime-refuses": tr_noop("ONNX Runtime does not accept the network: {cause}. Choose another model."),
    "onnxruntime-failed": tr_noop("ONNX Runtime failed: {cause}. Choose openvino in --engine."),
    "needs-onnxruntime": tr_noop(
        "ONNX Runtime is not installed. Set the environment up again (Settings → Options → aerialseg)."
    ),
    "openvino-not-usable": tr_noop("OpenVINO is not usable here: {reason}. Choose auto in --engine."),
    "openvino-cpu-only": tr_noop(
        "OpenVINO runs on the processor only here. Choose onnxruntime in --engine for a graphics card."
    ),
    "openvino-failed": tr_noop("OpenVINO failed: {cause}. Choose onnxruntime in --engine."),
    "openvino-refuses": tr_noop("OpenVINO does not accept the network: {cause}. Choose onnxruntime in --engine."),
    "model-inputs": tr_noop("{name} takes something else than one image. Choose a segmentation model."),
    "model-input-shape": tr_noop(
        "{name} takes images of {rows} × {cols} × {bands}, its card says {wanted}. Get the model file again."
    ),
    "model-input-type": tr_noop("The input of {name} is of type {dtype}. Choose a segmentation model."),
    "model-input-large": tr_noop(
        "The network takes {batch} × {bands} × {side} × {side} values, more than can be tried."
    ),
    "model-scores-shape": tr_noop("{name} gives scores of {given}. Get the model file again."),
    "model-scores-count": tr_noop("{model} gives scores of {given} classes, its card names {named}."),
    "model-scores-classes": tr_noop("The model gives scores of {given} classes, its card names {classes}."),
    "model-scores-nan": tr_noop("{model} gives scores that are no numbers. Choose another model."),
    "model-scores-lost": tr_noop(
        "The model {model} gives scores that are no numbers around row {row}, column {col} of the result. Check "
        "--range, or the training of the model."
    ),
    "model-scores-changed": tr_noop("The network gives scores of shape {shape}, not {layout} as when it was tried."),
    "model-scores-odd": tr_noop("The model gives scores of {given} for patches of {wanted}. It cannot be used here."),
    "model-wrong-kind": tr_noop("{name} is a {kind} model{does}. Choose a segmentation model."),
    "model-many-maps": tr_noop(
        "{name} makes {count} maps at once ({maps}). It needs a card that names one of them; see the manual."
    ),
    "metadata-too-long": tr_noop("The {key} in the metadata of {name} has {length} characters, too many to be one."),
    "metadata-class-names": tr_noop("The class_names in the metadata of {name} are no names by number, from 0 on."),
    "metadata-no-number": tr_noop("The {key} in the metadata of {name} is no number of {least:g} to {most:g}."),
    "metadata-no-list": tr_noop("The {key} in the metadata of {name} is no list of numbers."),
    "model-band-count": tr_noop(
        "{name} takes {bands} bands, but {what} {wrong}. It needs a card that says it; see the manual."
    ),
    "model-scaling-unused": tr_noop(
        "{file} takes pixels as they are stored ({dtype}), but its card has {unused}, which must go."
    ),
    "model-patch-fixed": tr_noop("{file} takes patches of {patch} px only, its card says {card_patch} px."),
    "model-endless": tr_noop(
        "{model} gave nothing for a tiny patch within {seconds} s: it may never end. Choose another model."
    ),
    "model-crashes": tr_noop(
        "{model} crashed when it was tried on a tiny patch, or needs more than {gib} GiB for it. Choose another model."
    ),
    "model-cannot-run": tr_noop("{model} cannot be run: {cause}. Choose a segmentation model."),
    "model-is-keras": tr_noop("{file} is a Keras model. Choose its ONNX file."),
    "model-name-bad": tr_noop("“{name}” is no name for a file."),
    "model-name-shipped": tr_noop("{name} is the name of a shipped model."),
    "model-name-ending": tr_noop("{path} does not end in .onnx. Choose a name such as model.onnx."),
    "model-no-keras": tr_noop("{path} is no Keras model, or is damaged. Get the file again."),
    "model-unpacks-large": tr_noop("{path} unpacks to more than {gib} GiB. Choose a smaller model."),
    "model-no-output": tr_noop("{model} has no output “{output}”. Its outputs are {known}."),
    "model-no-scores": tr_noop("{model} gives no scores of classes: {reasons}. Choose a segmentation model."),
    "model-many-outputs": tr_noop(
        "{model} has {count} outputs that could be the scores: {found}. It needs a card with {missing}; see the manual."
    ),
    "model-class-numbers": tr_noop(
        "The network gives class numbers beyond 0 to {last}. Its metadata must name all classes."
    ),
    "model-class-beyond": tr_noop("{model} gives class {number:g}, but its metadata name only {classes}, from 0 on."),
    "model-classes-unknown": tr_noop(
        "{model} gives numbers of classes, but nothing says how many there are. It needs a card with {missing}; see "
        "the manual."
    ),
    "model-classes-differ": tr_noop("{model} gives scores of {classes} classes, but its metadata name {named}."),
    "model-parent-missing": tr_noop("The model that {name} was made from is not among the models here."),
    "classes-count": tr_noop("A model has 1 to {most} classes, this one has {count}."),
    "class-names-unique": tr_noop("The names of classes must be unique and not empty."),
    "class-colour": tr_noop("The colour {colour} of class “{name}” is not of the form #RRGGBB."),
    "name-not-printable": tr_noop("{what}, {name}, holds {kind}. Use letters and digits that can be printed."),
    "confidence-impossible": tr_noop(
        "The model {model} gives classes without probabilities, so there is no confidence. Untick “How sure the model "
        "is”."
    ),
    "unlike-impossible": tr_noop(
        "The model {model} does not tell what its training images look like, so nothing can be unlike them. Leave out "
        "--unlike."
    ),
    "seams-impossible": tr_noop(
        "Squares that do not overlap have nothing to disagree about. Choose another --overlap."
    ),
    "grid-impossible": tr_noop("No squares of {patch} px that overlap by {overlap} px fit {size} px."),
    "model-unexplained": tr_noop(
        "{file} takes {bands} bands as {dtype} and gives {meaning}, but nothing says what they mean. Add it to the "
        "list of models, where that is asked for."
    ),
    "question-unexplained": tr_noop(
        "{file} takes {bands} bands as {dtype} and gives {meaning}, but nothing says what they mean."
    ),
    "model-class-unknown": tr_noop("The model has no class “{name}”. It has {known}."),
}
