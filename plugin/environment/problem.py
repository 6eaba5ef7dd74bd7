# SPDX-License-Identifier: GPL-2.0-or-later
"""What stands in the way of running the core, said in one sentence with its remedy."""

from __future__ import annotations

from ..i18n import tr


class EnvironmentProblem(Exception):  # noqa: N818 - most often it is nobody's mistake
    """There is no environment to run in, or it cannot be made.

    Args:
        text: What is wrong.
        hint: What to do about it.
        log: The last lines of what was tried.
    """

    def __init__(self, text: str, hint: str = "", log: str = "") -> None:
        super().__init__(text)
        self.text, self.hint, self.log = text, hint, log

    def __str__(self) -> str:
        return f"{self.text} {self.hint}".strip()


class SetUpCancelled(EnvironmentProblem):
    """The user cancelled; nothing is left."""

    def __init__(self) -> None:
        super().__init__(tr("The set-up was cancelled; nothing of it is left."))


def name_options_page() -> str:
    """Return the way to the button that sets everything up."""
    return tr("Settings → Options → aerialseg")
