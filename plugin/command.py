# SPDX-License-Identifier: GPL-2.0-or-later
"""The command line `aerialseg …` that a run comes to: what the worker gets, and what a server can run."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any


def build_arguments(command: str, *positional: str, options: Mapping[str, Any]) -> list[str]:
    """Return what follows `aerialseg`.

    Args:
        command: Name of the command.
        *positional: Its arguments; one that begins with a dash is not taken for an option.
        options: By name without dashes. None, False and "" leave an option out, True gives it without a value, lists
            are joined by commas.
    """
    given = [command]
    for name, value in options.items():
        if value is None or value is False or value == "":
            continue
        given.append(f"--{name}" if value is True else f"--{name}={_format_value(value)}")
    dashes = ["--"] if any(one.startswith("-") for one in positional) else []
    return [*given, *dashes, *positional]


def _format_value(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(map(_format_value, value))
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def format_command(given: Sequence[str]) -> str:
    """Return the command for a terminal, with everything quoted that a shell would take apart."""
    return shlex.join(["aerialseg", *given])
