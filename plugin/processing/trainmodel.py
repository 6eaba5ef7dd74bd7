# SPDX-License-Identifier: GPL-2.0-or-later
"""`aerialseg:trainmodel`: labelled images to a model that is in the list of models at once."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Optional

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
)

from .. import command, defaults, runner
from ..i18n import format_number, tr
from ..model_list import add_to_list, find_free_name, find_models_folder, list_trainable_models
from ..training_data import TOML
from ..training_watch import advise, watch_training
from ..wording import name_class
from . import parameters as shared
from .base import Parameters
from .labelled import LabelledAlgorithm, get_scores

STAGES = {"check images and labels": (0, 2), "count labels": (2, 4), "cut patches": (4, 6), "train": (6, 98)}

OTHER_NETWORK = "seed"
"""The recipe whose network is not that of the shipped model."""

CHECKPOINT = "state.npz"
"""What the core writes at the end of an epoch, and continues from."""


class TrainModel(LabelledAlgorithm):
    """Trains a model."""

    ID = "trainmodel"
    _model_to_add: str = ""

    def displayName(self) -> str:
        """Return the title."""
        return tr("Train model")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("training,learning,fine-tune,u-net,deep learning,neural network,classification").split(",")

    def about(self) -> str:
        """Say what it does."""
        return tr(
            "Learns classes of your own from images and training polygons, or from a folder of images and masks, and "
            "writes a model that is in the list of models at once. Places that the model has not seen are held out "
            "and scored. Training takes minutes on a graphics card and hours without one. It needs the training "
            "environment (Settings → Options → aerialseg)."
        )

    def initAlgorithm(self, configuration: Any = None) -> None:
        """Declare parameters and outputs."""
        self.add_data()
        self.add(
            shared.make_choice("RECIPE", tr("Recipe"), list(defaults.RECIPES), defaults.RECIPE),
            tr(
                "default: the network of the shipped model. quick: a first look in minutes. seed: a plain U-Net. "
                "Example: quick"
            ),
        )
        known = ["", *list_trainable_models()]
        start = defaults.MODEL if defaults.MODEL in known else ""
        self.add(
            shared.make_choice("MODEL", tr("Start from a model"), known, start),
            tr(
                "A model that has learnt something alike needs fewer polygons and less time; empty to start without. "
                "Example: mbrsc-lite0"
            ),
        )
        kind = QgsProcessingParameterNumber.Type.Double
        self.add(
            shared.make_number("MINUTES", tr("Minutes"), kind, defaults.TRAIN_MINUTES, 0),
            tr(
                "Training ends after so many minutes at the latest: 5 for a first look, 15, 60 and more for a model to "
                "keep; 0 for as long as the recipe says. Example: 15"
            ),
        )
        self.add(
            QgsProcessingParameterBoolean("RESUME", tr("Continue an interrupted training"), False),
            tr(
                "Whether to continue after the last epoch of a training of the same file that was cancelled or killed. "
                "It keeps the polygons as they were. Example: no"
            ),
        )
        file = QgsProcessingParameterFile.Behavior.File
        self.add(
            QgsProcessingParameterFile("RECIPE_FILE", tr("Recipe file"), file, "toml", None, True),
            tr("A recipe of your own, used instead of the one in the list. Example: /data/my-recipe.toml"),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterFile(
                "START", tr("Start from a model file"), file, "", None, True, tr("Models (*.onnx *.keras)")
            ),
            tr("The .onnx or .keras file of a model, used instead of the one in the list. Example: /models/town.onnx"),
            advanced=True,
        )
        self._add_outputs()

    def _add_outputs(self) -> None:
        self.add(
            QgsProcessingParameterFileDestination("OUTPUT", tr("Model"), "ONNX (*.onnx)", str(find_free_name())),
            tr(
                "The model. A file to train it further (.keras) and the course of the training (.csv) are written "
                "beside it. Example: /models/town.onnx"
            ),
        )
        self.add(
            QgsProcessingParameterBoolean("ADD", tr("Put it into the list of models"), True),
            tr("Whether the other algorithms offer the model at once. Example: yes"),
        )
        self.addOutput(QgsProcessingOutputNumber("MIOU", tr("Mean intersection over union on held-out places, 0 to 1")))
        self.addOutput(QgsProcessingOutputNumber("ACCURACY", tr("Share of their pixels that are right, 0 to 1")))

    def checkParameterValues(self, parameters: Parameters, context: QgsProcessingContext) -> "tuple[bool, str]":
        """Say before the run what is missing."""
        given = [bool(parameters.get(name)) for name in ("INPUT", "POLYGONS")]
        if not parameters.get("DATA") and not all(given):
            return False, (
                tr("Choose the training polygons on the images.")
                if given[0]
                else tr("Choose the images that the polygons lie on.")
                if given[1]
                else tr("There is nothing to learn from. Choose image layers and training polygons, or a data set.")
            )
        unknown = shared.explain_unknown(self, parameters, "MODEL")
        return (False, unknown) if unknown else super().checkParameterValues(parameters, context)

    def processAlgorithm(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Run the worker."""
        target = Target(self.parameterAsFileOutput(parameters, "OUTPUT", context))
        resume = self.parameterAsBool(parameters, "RESUME", context)
        target.check(resume=resume)
        options = self._get_options(parameters, context, feedback)
        before = [path for path in target.files if path.exists()]
        try:
            data = self._prepare_data(parameters, context, feedback, target, resume=resume)
            given = command.build_arguments(
                "train", data, options={"output": str(target.model), "resume": resume, "overwrite": True, **options}
            )
            outputs = [str(path) for path in target.files]
            with watch_training(self, feedback, target.model.stem) as tell:
                result = runner.run(given, feedback, stages=STAGES, outputs=outputs, extra="train", on_figures=tell)
        except QgsProcessingException as error:
            target.remove_rest(before if feedback.isCanceled() else target.files)
            if target.is_interrupted():
                hint = tr("What was learnt is kept: tick “Continue an interrupted training” to continue from there.")
                raise QgsProcessingException(f"{error} {hint}") from error
            raise
        target.remove_rest(target.files)
        self._model_to_add = str(target.model) if self.parameterAsBool(parameters, "ADD", context) else ""
        _report_scores(result["scores"], feedback)
        return {"OUTPUT": str(target.model), **get_scores(result["scores"] or {})}

    def postProcessAlgorithm(self, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        """Put the model into the list, in the main thread."""
        if self._model_to_add:
            add_to_list(self._model_to_add, self.provider().id(), feedback)
        return {}

    def _get_options(
        self, parameters: Parameters, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        name = self.parameterAsEnumString(parameters, "MODEL", context)
        start = self.parameterAsString(parameters, "START", context)
        file = self.parameterAsString(parameters, "RECIPE_FILE", context)
        recipe = self.parameterAsEnumString(parameters, "RECIPE", context)
        if name and not start:
            if name == defaults.MODEL and (file or recipe == OTHER_NETWORK):
                feedback.pushInfo(tr("The recipe may be of another network than {}: it starts without.").format(name))
            else:  # the core knows its own by name
                start = name if name == defaults.MODEL else str(list_trainable_models()[name].start)
        minutes = self.parameterAsDouble(parameters, "MINUTES", context)
        return {"recipe": file or recipe, "from": start, "minutes": minutes or None}

    def _prepare_data(
        self,
        parameters: Parameters,
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        target: Target,
        *,
        resume: bool,
    ) -> str:
        """Return the data; what layers come to is kept beside the model, so that a resumed run finds the same."""
        if resume and (target.data / TOML).is_file():
            return str(target.data / TOML)
        if self.get_data_set(parameters, context):
            return self.get_data_set(parameters, context)
        target.make_data()
        name = self.parameterAsEnumString(parameters, "MODEL", context)
        return self.prepare_data(
            parameters, context, feedback, folder=target.data, model=list_trainable_models().get(name)
        )


class Target:
    """What a training writes, and what it leaves to continue from.

    Args:
        path: The model.
    """

    def __init__(self, path: str) -> None:
        self.model = Path(path) if path.endswith(".onnx") else Path(f"{path}.onnx")
        self.files = [self.model.with_suffix(suffix) for suffix in (".onnx", ".keras", ".csv")]
        self.work = self.model.with_name(f".{self.model.stem}.training")
        self.data = self.model.with_name(f".{self.model.stem}.data")

    def check(self, *, resume: bool) -> None:
        """Refuse what would throw away hours of work, and see to the folder of models.

        Raises:
            QgsProcessingException: An interrupted training of this model has not been said to go on.
        """
        if self.is_interrupted() and not resume:
            raise QgsProcessingException(
                tr(
                    "An interrupted training of {} is there. Tick “Continue an interrupted training”, choose another "
                    "name, or remove the folder {}."
                ).format(self.model.name, self.work)
            )
        if self.model.parent == find_models_folder():
            find_models_folder().mkdir(parents=True, exist_ok=True)

    def is_interrupted(self) -> bool:
        """Return whether there is a training to continue: an epoch of it has ended."""
        return any(self.work.rglob(CHECKPOINT))

    def make_data(self) -> None:
        """Make the empty folder for what layers come to.

        Raises:
            QgsProcessingException: It cannot be made.
        """
        shutil.rmtree(self.data, ignore_errors=True)
        try:
            self.data.mkdir()
        except OSError as error:
            raise QgsProcessingException(
                tr("{} cannot be written: {}. Choose another folder.").format(self.model.parent, error.strerror)
            ) from error

    def remove_rest(self, kept: Sequence[Path]) -> None:
        """Remove everything but some of the files, and what an interrupted training continues from."""
        for path in self.files:
            if path not in kept:
                path.unlink(missing_ok=True)
        if not self.is_interrupted():
            shutil.rmtree(self.work, ignore_errors=True)
            shutil.rmtree(self.data, ignore_errors=True)


def _report_scores(found: Optional[dict[str, Any]], feedback: QgsProcessingFeedback) -> None:
    if not found:
        feedback.pushInfo(tr("Nothing was held out, so the model is not scored."))
        return
    shown = {name_class(name): iou for name, iou in found["iou"].items()}
    width = max(map(len, shown))
    for name, iou in shown.items():
        feedback.pushInfo(f"{name:<{width}} IoU " + ("–" if iou is None else format_number(iou, ".1%")))
    feedback.pushInfo(
        tr("Mean IoU {}, accuracy {}").format(
            format_number(found["miou"], ".1%"), format_number(found["accuracy"], ".1%")
        )
    )
    for advice in advise(found["iou"]):
        feedback.pushWarning(advice)
