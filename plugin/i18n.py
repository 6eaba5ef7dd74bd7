# SPDX-License-Identifier: GPL-2.0-or-later
"""What people read, in their language: one context, one file of translations for each locale."""

from __future__ import annotations

from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication, QDateTime, QLocale, QTranslator

from .__about__ import PLUGIN_DIR

CONTEXT = "aerialseg"
"""Context of all texts."""


def tr(text: str) -> str:
    """Translate a text into the language of QGIS.

    Args:
        text: A literal, so that the tools that collect texts find it; values are filled in afterwards by `format`.
    """
    return QCoreApplication.translate(CONTEXT, text)


def tr_noop(text: str) -> str:
    """Mark a text for the tools that collect texts; it is translated when it is shown, by `translate`.

    Args:
        text: A literal, for tables that are made before the language is known.
    """
    return text


def translate(text: str) -> str:
    """Translate a text that was marked."""
    return QCoreApplication.translate(CONTEXT, text)


def format_number(value: float, form: str = "") -> str:
    """Return a number as it is written in the language of the texts, as 1.234,5 in German.

    Args:
        value: The number.
        form: As Python's `format` takes it, such as `,.1f` and `.0%`; a percent sign is set off.
    """
    number = QLocale(tr("en"))  # not QGIS's own: a text that nobody has translated has English numbers
    signs = str.maketrans({".": number.decimalPoint(), ",": number.groupSeparator()})
    return format(value, form).translate(signs).replace("%", "\N{NO-BREAK SPACE}%")


def format_time(when: QDateTime) -> str:
    """Return a date and a time as they are written in the language of the texts, without the century."""
    return QLocale(tr("en")).toString(when, QLocale.FormatType.ShortFormat)


class Number:
    """A number that a text may hold as `{size:,.1f}`: it comes out as in the language of the text.

    Args:
        value: The number.
    """

    def __init__(self, value: float) -> None:
        self._value = value

    def __format__(self, form: str) -> str:
        """Return it in that form."""
        return format_number(self._value, form)

    def __str__(self) -> str:
        """Return it without any form."""
        return format_number(self._value)


class Translation:
    """The translation that is in force while the plugin is loaded."""

    def __init__(self) -> None:
        self._translator: QTranslator | None = None

    def install(self) -> None:
        """Load the texts of QGIS's locale, or of its language; without them everything is in English."""
        locale = _find_locale()
        for name in (locale, locale.split("_")[0]):
            translator = QTranslator()
            if translator.load(str(PLUGIN_DIR / "i18n" / f"aerialseg_{name}.qm")):
                QCoreApplication.installTranslator(translator)
                self._translator = translator
                return

    def remove(self) -> None:
        """Undo `install`."""
        translator, self._translator = self._translator, None
        if translator is not None:
            QCoreApplication.removeTranslator(translator)


def _find_locale() -> str:
    """Return the locale that the user chose in QGIS, or that of the system, as `de_CH`."""
    settings = QgsSettings()
    if settings.value("locale/overrideFlag", False, type=bool):
        return str(settings.value("locale/userLocale", "")) or QLocale().name()
    return QgsApplication.locale() or QLocale().name()
