# SPDX-License-Identifier: GPL-2.0-or-later
"""The list of models that the algorithms offer, and the folder of one's own."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

from qgis.core import QgsApplication, QgsProcessingFeedback, QgsProcessingUtils
from qgis.PyQt.QtCore import QTimer

from . import settings
from .i18n import tr
from .models import Model, find_added_models_folder, list_models


def list_trainable_models() -> "dict[str, Model]":
    """Return the models that can be trained further, by name."""
    known = list_models(settings.load().models)
    return {name: model for name, model in known.items() if model.start}


def find_model_name(path: Path) -> str:
    """Return the name in the list of models of a file; empty if it is not there."""
    known = list_models(settings.load().models)
    return next((name for name, model in known.items() if model.path == path), "")


def list_added_files() -> "list[Path]":
    """Return the model files that the user has added: where they are, and copies that were made of others."""
    return list(dict.fromkeys((*map(Path, settings.load().models), *sorted(find_added_models_folder().glob("*.onnx")))))


def remember(path: Path) -> None:
    """Keep a model file that was tried in the list; a copy in the folder of added models is in it by itself."""
    stored = settings.load()
    if path.parent != find_added_models_folder():
        settings.save(replace(stored, models=tuple(dict.fromkeys((*stored.models, str(path))))))


def forget(path: Path) -> None:
    """Take an added model out of the list. Its file stays, unless it is the copy that was made to add it.

    Raises:
        OSError: The copy cannot be deleted.
    """
    stored = settings.load()
    if path.parent == find_added_models_folder():
        path.unlink(missing_ok=True)
    settings.save(replace(stored, models=tuple(one for one in stored.models if Path(one) != path)))


def get_checksum(name: str) -> str:
    """Return the SHA-256 of the file that was downloaded under this name the first time; "" if none was."""
    known = dict(one.split("=", 1) for one in settings.load().checksums if "=" in one)
    return known.get(name, "")


def set_checksum(name: str, sha256: str) -> None:
    """Keep what a file was that was downloaded for the first time; "" to trust whatever comes the next time."""
    stored = settings.load()
    others = tuple(one for one in stored.checksums if not one.startswith(f"{name}="))
    settings.save(replace(stored, checksums=(*others, f"{name}={sha256}") if sha256 else others))


def find_models_folder() -> Path:
    """Return where models of one's own are, unless the user puts them elsewhere: inside the QGIS profile."""
    return Path(QgsApplication.qgisSettingsDirPath()) / "aerialseg" / "models"


def find_free_name(stem: str = "model") -> Path:
    """Return a model file that is not there yet."""
    names = (f"{stem}.onnx" if n == 1 else f"{stem}-{n}.onnx" for n in count(1))
    return next(path for path in map(find_models_folder().joinpath, names) if not path.exists())


def add_to_list(path: str, provider_id: str, feedback: QgsProcessingFeedback) -> None:
    """Put a model into the list, in the main thread; the toolbox offers it as soon as no algorithm runs.

    Args:
        path: Its file.
        provider_id: Of the algorithms.
        feedback: Told if it is a temporary one, which is not put there.
    """
    if Path(path).is_relative_to(QgsProcessingUtils.tempFolder()):
        feedback.pushWarning(tr("A temporary model goes when QGIS is closed: it is not put into the list."))
        return
    stored = settings.load()
    settings.save(replace(stored, models=tuple(dict.fromkeys((*stored.models, path)))))
    QTimer.singleShot(0, partial(_refresh_toolbox, provider_id))


def _refresh_toolbox(provider_id: str) -> None:
    """Have the toolbox list the models anew; not while an algorithm runs, for that replaces all of them."""
    provider = QgsApplication.processingRegistry().providerById(provider_id)
    if provider is not None:
        provider.refreshAlgorithms()
