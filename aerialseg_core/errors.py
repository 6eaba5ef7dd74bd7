"""Every error that aerialseg raises on purpose: one root, one exit code each.

A message is one sentence that says what is wrong and where; the hint says what to do about it. The natural builtin is
a base class too, so that a caller who knows nothing of aerialseg can still catch `OSError` or `ValueError`.
"""

from __future__ import annotations

import re
from typing import ClassVar

from .redaction import redact

_NOISE = re.compile(
    r"Exception from |Check '.*' failed at |While validating node |FrontEnd API failed |Model wasn't fully converted"
    r"|Summary:|To facilitate "
)
"""Beginnings of lines in which OpenVINO tells where it was, not what is wrong."""

_RUNTIME = re.compile(r"^(\[ONNXRuntimeError\] : \d+ : \w+ : )+")
"""How ONNX Runtime begins its errors."""


def find_cause(error: Exception) -> str:
    """Find what an error of a library says is wrong, as the end of a sentence: one line, without its full stop."""
    lines = [line.strip(" -\t") for line in str(error).splitlines()]
    telling = next((line for line in lines if line and not _NOISE.match(line)), "") or next(filter(None, lines), "")
    text = "".join(c for c in _RUNTIME.sub("", telling) if c.isprintable())
    return text.strip().rstrip(".:") or type(error).__name__


class AerialSegError(Exception):
    """Root of all errors of aerialseg.

    Args:
        text: What is wrong, and where; an address in it is kept without its secrets.
        hint: What to do about it.
    """

    exit_code: ClassVar[int] = 1
    """Exit code of the command line."""

    def __init__(self, text: str, hint: str = "") -> None:
        self.text = redact(text)
        self.hint = redact(hint)
        super().__init__(self.text)

    @property
    def code(self) -> str:
        """Name of the error class, as it stands in the event stream."""
        return type(self).__name__

    def __str__(self) -> str:
        return f"{self.text} {self.hint}".strip()


class ParameterError(AerialSegError, ValueError):
    """A parameter has a value that cannot be used."""

    exit_code = 2


class RasterReadError(AerialSegError, OSError):
    """A raster is missing, unreadable or damaged."""

    exit_code = 3


class RasterChangedError(RasterReadError):
    """A raster was changed while it was read."""


class SceneError(AerialSegError, ValueError):
    """A raster can be read but does not fit: its bands, ground resolution, georeference or extent."""

    exit_code = 4


class ModelError(AerialSegError, ValueError):
    """A model is missing, damaged, unsafe or not one that aerialseg can run."""

    exit_code = 5


class OutputError(AerialSegError, OSError):
    """An output exists already, cannot be written, or the disk is full."""

    exit_code = 6


class EngineError(AerialSegError, RuntimeError):
    """An inference engine is not usable, or failed."""

    exit_code = 7


class DependencyError(AerialSegError, ImportError):
    """An optional package is not installed; the hint is the line that installs it."""

    exit_code = 8


class DataError(AerialSegError, ValueError):
    """Training data are incomplete or inconsistent."""

    exit_code = 9


class BatchError(AerialSegError, RuntimeError):
    """Some scenes of a folder failed; the others are done."""

    exit_code = 10


class CoverageError(AerialSegError, ValueError):
    """Polygons overlap, leave gaps, or are no valid geometries."""

    exit_code = 11


class ClusterError(AerialSegError, RuntimeError):
    """A cluster does not answer, or its workers die."""

    exit_code = 12


class Cancelled(AerialSegError):  # noqa: N818 - not a mistake of anybody
    """The run was stopped by the user, by a signal, or because the parent process went away."""

    exit_code = 130
