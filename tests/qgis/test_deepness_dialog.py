# SPDX-License-Identifier: GPL-2.0-or-later
"""The dialog of the plugin Deepness puts the shape of a model's input into a spin box: ours must go in.

`tests/model/test_deepness.py` has the rest of what Deepness reads.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

pytest.importorskip(
    "qgis.core", reason="QGIS is not in this Python; `make test` runs these under QGIS's own (scripts/install-qgis.sh)"
)
pytestmark = [pytest.mark.qgis, pytest.mark.usefixtures("qgis_app")]

REPO = Path(__file__).resolve().parents[2]
SHAPE = """
import json, sys, onnxruntime
session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
metadata = session.get_modelmeta().custom_metadata_map
print(json.dumps([session.get_inputs()[0].shape, json.loads(metadata["tile_size"])]))
"""


@pytest.mark.parametrize("model", sorted((REPO / "models").glob("*.onnx")), ids=lambda path: path.stem)
def test_the_size_of_a_shipped_model_goes_into_a_spin_box(interpreter: Path, model: Path) -> None:
    from qgis.PyQt.QtWidgets import QSpinBox

    told = subprocess.run([interpreter, "-c", SHAPE, model], capture_output=True, text=True, timeout=120, check=True)
    shape, tile_size = json.loads(told.stdout)
    tiles = QSpinBox()
    tiles.setMaximum(10_000)
    for value in (shape[-1], tile_size):
        tiles.setValue(value)
        assert tiles.value() == value > 0
    with pytest.raises(TypeError):
        tiles.setValue("rows")  # what it was, before rows and columns were numbers
