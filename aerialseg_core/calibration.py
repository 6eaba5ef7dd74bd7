"""Temperature scaling: making a network's confidence mean what it says.

Guo, Pleiss, Sun, Weinberger: On Calibration of Modern Neural Networks. ICML 2017.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_LEAST = np.float32(1e-12)


def calibrated(scores: NDArray[np.float32], temperature: float, *, axis: int) -> NDArray[np.float32]:
    """Scores at another temperature: `softmax(log(scores) / temperature)`, which ranks the classes as before.

    Args:
        scores: Class probabilities, any shape.
        temperature: Above 1 makes them less certain, below 1 more certain; > 0.
        axis: Axis of the classes.

    Returns:
        Same shape, float32; sums to 1 along `axis`.
    """
    logits = np.log(np.maximum(scores, _LEAST)) / np.float32(temperature)
    powers = np.exp(logits - logits.max(axis=axis, keepdims=True))
    result: NDArray[np.float32] = powers / powers.sum(axis=axis, keepdims=True)
    return result
