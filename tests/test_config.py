"""The options of a run: what a user may write stands once, and editors know it."""

from __future__ import annotations

import math
from dataclasses import fields
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from aerialseg_core.config import (
    AreaConfig,
    AreaOptions,
    PolygonConfig,
    PolygonOptions,
    SampleConfig,
    SampleOptions,
    SegmentConfig,
    SegmentOptions,
    count_usable_cores,
    read_cpu_quota,
)
from aerialseg_core.evaluation.evaluate import EvaluateOptions


@pytest.mark.parametrize(
    ("options", "config"),
    [
        (SegmentOptions, SegmentConfig),
        (PolygonOptions, PolygonConfig),
        (SampleOptions, SampleConfig),
        (AreaOptions, AreaConfig),
    ],
)
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


def write_cgroups(folder: Path, lines: str, files: dict[str, str]) -> tuple[Path, Path]:
    """The files in which the kernel tells the cgroups of a process, and what they grant."""
    (folder / "cgroup").write_text(lines)
    for name, content in files.items():
        path = folder / "fs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder / "cgroup", folder / "fs"


@pytest.mark.parametrize(
    ("lines", "files", "granted"),
    [
        ("0::/a/b\n", {"a/b/cpu.max": "150000 100000\n"}, 1.5),
        ("0::/a/b\n", {"a/b/cpu.max": "max 100000\n", "a/cpu.max": "200000 100000\n"}, 2),  # the parent limits it
        ("0::/docker/123\n", {"cpu.max": "300000 100000\n"}, 3),  # the path is that outside of the container
        ("0::/a\n", {"a/cpu.max": "max 100000\n"}, math.inf),
        ("0::/a\n", {}, math.inf),
        ("0::/a\n", {"a/cpu.max": "nonsense\n"}, math.inf),
        (
            "5:memory:/m\n3:cpu,cpuacct:/k\n",
            {"cpu/k/cpu.cfs_quota_us": "50000\n", "cpu/k/cpu.cfs_period_us": "100000\n"},
            0.5,
        ),
        ("3:cpu:/\n", {"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, math.inf),
    ],
)
def test_cgroups_grant_so_many_cores(tmp_path: Path, lines: str, files: dict[str, str], granted: float) -> None:
    assert read_cpu_quota(*write_cgroups(tmp_path, lines, files)) == granted


def test_where_there_are_no_cgroups_all_cores_are_granted(tmp_path: Path) -> None:
    assert read_cpu_quota(tmp_path / "none", tmp_path) == math.inf
    assert count_usable_cores() >= 1
