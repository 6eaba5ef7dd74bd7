"""Devices and the type of numbers."""

# ruff: noqa: E402 - the imports follow what skips them

from __future__ import annotations

import pytest

keras = pytest.importorskip("keras")


from aerialseg_core.errors import ParameterError
from aerialseg_core.training.devices import choose_precision, use_devices
from aerialseg_core.training.recipe import RunOptions


def test_the_type_of_numbers_is_chosen_unless_it_is_given() -> None:
    assert choose_precision(RunOptions()) in ("float32", "mixed_bfloat16")
    assert choose_precision(RunOptions(precision="mixed_float16")) == "mixed_float16"


def test_more_devices_than_there_are_are_refused() -> None:
    if keras.backend.backend() == "torch":
        pytest.skip("Keras on torch trains on one device")
    with (
        pytest.raises(ParameterError, match=r"devices = 1000, but only \d+ (is|are) here"),
        use_devices(RunOptions(devices=1000)),
    ):
        pass
