"""The audit finds in the MBRSC set what a look at every file showed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from aerialseg_core import audit

pytestmark = [pytest.mark.realdata, pytest.mark.slow]


def test_it_finds_what_is_known_about_dubai(data_dir: Path, tmp_path: Path) -> None:
    pytest.importorskip("cv2")
    found = audit(data_dir / "dubai", tmp_path / "report")
    document = found.document
    assert len(document["images"]) == 56
    assert any(f["kind"] == "classes" and "classes.json" in f["text"] for f in document["findings"])
    assert {i["folder"] for i in document["images"] if i["palette"]} == {"Tile 2", "Tile 4"}
    assert {place["value"] for place in document["off_palette"]} == {"#000000"}
    worst = document["off_palette"][0]
    assert (worst["image"], worst["pixels"]) == ("Tile 8/images/image_part_003.jpg", 545_723)
    assert not document["duplicates"]

    mosaics = {mosaic["name"]: mosaic for mosaic in document["mosaics"]}
    assert set(mosaics) == {f"Tile {n}" for n in range(1, 9)}
    for mosaic in mosaics.values():
        assert mosaic["layout"] == [3, 3]
        assert mosaic["numbered_along"] == "rows"
        for part in mosaic["parts"]:
            assert 3 * part["cell"][0] + part["cell"][1] + 1 == int(part["image"][-7:-4])

    grounds = {(ground["first"], ground["second"]): ground for ground in document["overlaps"]}
    assert set(grounds) == {("Tile 1", "Tile 3"), ("Tile 4", "Tile 8"), ("Tile 7", "Tile 8")}
    one = grounds["Tile 1", "Tile 3"]
    assert one["origin"] == {"of": "Tile 1", "in": "Tile 3", "col": 1506, "row": 1614}
    assert one["pixels"] == pytest.approx(194_000, rel=0.01)
    assert one["agreement"]["share"] == pytest.approx(0.846, abs=0.002)
    seven = grounds["Tile 7", "Tile 8"]
    assert seven["origin"] == {"of": "Tile 7", "in": "Tile 8", "col": 3427, "row": 3744}
    assert seven["pixels"] == pytest.approx(2_100_000, rel=0.01)
    assert seven["agreement"]["share"] == pytest.approx(0.807, abs=0.001)
    named = [seven["agreement"]["iou"][name] for name in ("Building", "Land", "Road", "Vegetation", "Water")]
    assert np.abs(np.subtract(named, (0.63, 0.74, 0.64, 0.18, 0.88))).max() < 0.006
    # Laid over each other with the shear that these two have, they agree better than when merely turned and scaled.
    assert grounds["Tile 4", "Tile 8"]["agreement"]["share"] > 0.65
    assert grounds["Tile 4", "Tile 8"]["likeness"] > 0.7
    assert {group["name"] for group in document["groups"]} == {
        "Tile 1 + Tile 3", "Tile 2", "Tile 4 + Tile 7 + Tile 8", "Tile 5", "Tile 6",
    }  # fmt: skip
    assert (tmp_path / "report" / "audit.html").stat().st_size < 4_000_000
