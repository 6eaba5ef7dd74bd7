"""The options of a run: what a user may write stands once, and editors know it."""

from __future__ import annotations

from dataclasses import fields
from typing import get_type_hints

from aerialseg_core.config import SegmentConfig, SegmentOptions


def test_the_options_of_segment_are_the_fields_of_its_config() -> None:
    assert list(get_type_hints(SegmentOptions)) == [field.name for field in fields(SegmentConfig)]
    assert get_type_hints(SegmentOptions) == get_type_hints(SegmentConfig)
    assert not SegmentOptions.__required_keys__
