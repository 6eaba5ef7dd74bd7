"""What click says of arguments that it does not take, as an error of ours: a program that reads events is told too."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import click

from ..errors import ParameterError


def asks_for_events(arguments: Sequence[str]) -> bool:
    """Tell whether arguments, right or wrong, ask for JSON lines."""
    return "--progress=json" in arguments or ("--progress", "json") in pairwise(arguments)


def make_usage_error(error: click.ClickException, hint: str = "") -> ParameterError:
    """Make the error that says what click says.

    Args:
        error: What click says.
        hint: What to do about it, where the sentence does not say it.
    """
    said = error.format_message()
    if not isinstance(error, click.BadParameter) or error.param is None:
        return ParameterError("usage", "{message}", "{remedy}", message=said, remedy=hint)
    option, kind = error.param.opts[0], error.param.type
    value = error.message.partition(" is not ")[0].strip("'")  # click tells it in its sentence alone
    if isinstance(error, click.MissingParameter):
        return ParameterError("usage-missing", "{message}", "{remedy}", message=said, remedy=hint, option=option)
    if isinstance(kind, click.Choice):
        known = ", ".join(map(str, kind.choices))
        return ParameterError("usage-choice", "{message}", message=said, option=option, value=value, known=known)
    if kind in (click.INT, click.FLOAT):
        return ParameterError("usage-number", "{message}", message=said, option=option, value=value)
    return ParameterError("usage-wrong", "{message}", "{remedy}", message=said, remedy=hint, option=option)
