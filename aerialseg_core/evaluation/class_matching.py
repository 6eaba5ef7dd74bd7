"""The classes of the data in terms of the model's: the same class has the same name, whatever the case."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..classes import IGNORE, ClassScheme
from ..errors import DataError


def translation(model: ClassScheme, data: ClassScheme) -> NDArray[np.uint8]:
    """What each label of the data is in the model's order.

    Args:
        model: Classes that the model tells apart.
        data: Classes that are labelled; all of them must be among the model's, in any order and colour.

    Returns:
        Shape (256,), uint8: `translation[label]` is the index in the model's scheme, and `IGNORE` for `IGNORE`.

    Raises:
        DataError: The model does not know a class of the data.
    """
    known = {name.casefold(): index for index, name in enumerate(model.names)}
    unknown = [name for name in data.names if name.casefold() not in known]
    if unknown:
        raise DataError(
            f"The model tells {', '.join(model.names)} apart and does not know {', '.join(unknown)} of the data.",
            "Evaluate it on data with its classes, or train a model on these.",
        )
    table = np.full(256, IGNORE, np.uint8)
    table[: len(data)] = [known[name.casefold()] for name in data.names]
    return table
