"""The options of a run: what a user may write stands once, and editors know it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_type_hints

import pytest

from aerialseg_core.config import PolygonConfig, PolygonOptions, SegmentConfig, SegmentOptions
from aerialseg_core.evaluation.evaluate import EvaluateOptions


@pytest.mark.parametrize(("options", "config"), [(SegmentOptions, SegmentConfig), (PolygonOptions, PolygonConfig)])
def test_the_options_of_a_function_are_the_fields_of_its_config(options: Any, config: Any) -> None:
    assert list(get_type_hints(options)) == [field.name for field in fields(config)]
    assert get_type_hints(options) == get_type_hints(config)
    assert not options.__required_keys__


def test_the_options_of_evaluate_are_some_of_those_of_segment() -> None:
    assert get_type_hints(EvaluateOptions).items() <= get_type_hints(SegmentOptions).items()
    assert not EvaluateOptions.__required_keys__


@pytest.mark.parametrize("kind", [SegmentConfig, PolygonConfig])
def test_classes_to_square_may_come_as_a_list(kind):
    assert kind(square=["Building", 4]) == kind(square=("Building", 4))
    assert hash(kind(square=["Building"])) == hash(kind(square=("Building",)))


def test_one_class_needs_no_list():
    assert PolygonConfig(square="Building", class_ids="Road") == PolygonConfig(square=["Building"], class_ids=["Road"])
    assert PolygonConfig(square=1, class_ids={3}) == PolygonConfig(square=(1,), class_ids=(3,))
    assert SegmentConfig(square="Building") == SegmentConfig(square=["Building"])
