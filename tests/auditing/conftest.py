"""What the tests of the audit share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from aerialseg_core.datasets.labelled_data import LabelledData, open_data


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[], LabelledData]:
    """A function that opens the data written to `tmp_path / "data"`."""
    return lambda: open_data(tmp_path / "data", strict=False)
