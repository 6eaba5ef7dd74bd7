# SPDX-License-Identifier: GPL-2.0-or-later
"""What the core says, in the words and the language of QGIS.

Each sentence of the core has a key and its values by name. The modules beside this one have what the plugin says for a
key, one module for each subject; `sentences` looks it up and puts the values in. `words` has single words: controls,
classes, tasks.
"""

from .sentences import say, say_error, say_row
from .words import (
    describe_model,
    name_bands,
    name_class,
    name_controls,
    name_row,
    name_task,
    name_unit,
    point_to_toolbox,
)

__all__ = [
    "describe_model",
    "name_bands",
    "name_class",
    "name_controls",
    "name_row",
    "name_task",
    "name_unit",
    "point_to_toolbox",
    "say",
    "say_error",
    "say_row",
]
