"""What QGIS shows and keeps of a run holds no secret of an address."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from within import feedback_class

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = pytest.mark.qgis


def test_a_run_says_no_secret(plugin: Any) -> None:
    from qgis.core import QgsProcessingException

    runner = importlib.import_module(f"{plugin.__class__.__module__.rpartition('.')[0]}.runner")
    feedback = feedback_class()()
    address = "http://me:S3CR3T@127.0.0.1:9/x.tif?token=S3CR3T"
    with pytest.raises(QgsProcessingException) as refused:
        runner.run(["segment", address, "--output=/nowhere/x.tif"], feedback, stages={})
    said = "\n".join([*feedback.lines, str(refused.value)])
    assert "127.0.0.1:9/x.tif" in said
    assert "S3CR3T" not in said
