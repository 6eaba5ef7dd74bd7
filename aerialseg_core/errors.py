"""Every error that aerialseg raises on purpose: one root, one exit code each.

A message is one sentence that says what is wrong and where; the hint says what to do about it. The natural builtin is
a base class too, so that a caller who knows nothing of aerialseg can still catch `OSError` or `ValueError`.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, TypeVar

from .redaction import redact
from .sentences import Sentence

_Error = TypeVar("_Error", bound="AerialSegError")

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
        key: Names the sentence, as in `Sentence`.
        text: What is wrong, and where; an address in it is kept without its secrets.
        hint: What to do about it.
        **values: What stands in text and hint by name; of another sentence or error, that.
    """

    exit_code: ClassVar[int] = 1
    """Exit code of the command line."""

    sentence: Sentence
    """What is wrong and what to do, with its key and values."""
    text: str
    """What is wrong, and where."""
    hint: str
    """What to do about it."""

    def __init__(self, key: str, text: str, hint: str = "", /, **values: Any) -> None:
        self._hold(Sentence(key, text, hint, **values))

    @classmethod
    def of(cls: type[_Error], sentence: Sentence) -> _Error:
        """Make the error that a sentence says."""
        error = cls.__new__(cls)
        error._hold(sentence)
        return error

    def _hold(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.text, self.hint = redact(sentence), redact(sentence.hint)
        super().__init__(self.text)

    @property
    def code(self) -> str:
        """Name of the error class, as it stands in the event stream."""
        return type(self).__name__

    def __str__(self) -> str:
        return f"{self.text} {self.hint}".strip()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the sentence: workers of a cluster send their errors."""
        return type(self).of, (self.sentence,)


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
