"""Sentences for people that programs can tell apart: a key that stays, the values in it, and the text in English.

Whoever shows a sentence in other words or in another language, as the QGIS plugin does, looks its key up and puts the
values into words of its own. Everybody else reads the text.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Sequence
from typing import Any

from .redaction import redact


class Sentence(str):
    """A text with a key. It is the English text, so that it can be used wherever a text can.

    Args:
        key: Names the sentence, in kebab-case: stable, and the same wherever the same is said.
        text: What is said in English; values stand in it by name as in `str.format`.
        hint: What to do about it, with the same values; without one it is that of a sentence among them.
        **values: Numbers, texts, whatever has a text form, or further sentences.
    """

    key: str
    """Names the sentence."""
    hint: str
    """What to do about it."""
    values: dict[str, Any]
    """The values by name."""

    def __new__(cls, key: str, text: str, hint: str = "", /, **values: Any) -> Sentence:
        """Fill the values in."""
        sentence = super().__new__(cls, text.format(**values))
        inner = (value.hint for value in values.values() if isinstance(value, Sentence))
        sentence.key, sentence.values = key, values
        sentence.hint = hint.format(**values) or next(filter(None, inner), "")
        return sentence

    def whole(self) -> Sentence:
        """Return the same with the hint as a part of the text, for who shows the text alone."""
        return _restore(self.key, tell(self), "", self.values)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what is said, with values of a kind that every process knows."""
        values = {name: value if isinstance(value, str) else simplify(value) for name, value in self.values.items()}
        return _restore, (self.key, str(self), self.hint, values)


def _restore(key: str, text: str, hint: str, values: dict[str, Any]) -> Sentence:
    """Restore a sentence whose values were filled in before."""
    sentence = Sentence(key, "{text}", "{hint}", text=str(text), hint=hint)
    sentence.values = values
    return sentence


def join(sentences: Sequence[str], separator: str) -> str:
    """Join sentences to one; what is said of each stays known."""
    if len(sentences) < 2:
        return next(iter(sentences), "")
    values = {f"part{number}": sentence for number, sentence in enumerate(sentences, 1)}
    return Sentence("parts", separator.join(f"{{{name}}}" for name in values), **values)


def tell(text: str) -> str:
    """Return a text in full: of a sentence the hint too."""
    return f"{text} {text.hint}".strip() if isinstance(text, Sentence) else text


def describe(text: str) -> dict[str, Any]:
    """Describe a sentence in values that JSON knows, without the secrets of addresses; a plain text has no key."""
    if not isinstance(text, Sentence):
        return {"text": redact(text)}
    values = {name: simplify(value) for name, value in text.values.items()}
    return {"key": text.key, "text": redact(text), "hint": redact(text.hint), "values": values}


def simplify(value: Any) -> Any:
    """Return a value as JSON knows it: a finite number, a sentence as `describe` has it, or a text."""
    if isinstance(value, Sentence):
        return describe(value)
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real) and math.isfinite(value):
        return float(value)
    return redact(str(value))
