"""How squares are ranked."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from review.maps import make_map

from aerialseg_core.errors import ParameterError, SceneError
from aerialseg_core.progress import Reporter
from aerialseg_core.raster.class_values import OWN
from aerialseg_core.review import ranking
from aerialseg_core.review.ranking import MapLayers, choose_side, rank_squares


@pytest.fixture
def layers(tmp_path):
    made = make_map(tmp_path)
    with (
        rasterio.open(made.classes) as classes,
        rasterio.open(made.confidence) as confidence,
        rasterio.open(made.unlike) as unlike,
    ):
        yield MapLayers(classes, OWN, confidence, unlike)


def test_the_score_is_the_mean_of_uncertainty_rarity_and_distance(layers):
    lattice, found = rank_squares(layers, (32, 32), Reporter())
    codes, sure, far = (one.read(1).astype(float) for one in (layers.classes, layers.confidence, layers.unlike))
    counts = np.array([(codes == code).sum() for code in (1, 2, 3)])
    weights = np.array([0, *np.sqrt(counts.sum() / 3 / counts)])
    assert lattice.shape == (5, 7)
    window = lattice.window(2, 3).slices
    uncertain, rare = 1 - sure[window] / 100, weights[codes[window].astype(int)]
    np.testing.assert_allclose(found.uncertainty[2, 3], uncertain.mean(), rtol=1e-5)
    np.testing.assert_allclose(found.rarity[2, 3], rare.mean(), rtol=1e-5)
    np.testing.assert_allclose(found.distance[2, 3], far[window].mean() / 100, rtol=1e-5)
    np.testing.assert_allclose(found.score[2, 3], (uncertain * rare * far[window] / 100).mean(), rtol=1e-5)
    assert np.isnan(found.score[:, 0]).all()  # half of these have no data
    assert np.isfinite(found.score[:, 1:]).all()


def test_how_much_is_read_at_a_time_changes_nothing(layers, monkeypatch):
    _, found = rank_squares(layers, (32, 32), Reporter())
    monkeypatch.setattr(ranking, "_AT_ONCE", 1)
    _, again = rank_squares(layers, (32, 32), Reporter())
    np.testing.assert_array_equal(found.score, again.score)


def test_without_distances_they_count_as_normal(layers):
    _, found = rank_squares(MapLayers(layers.classes, OWN, layers.confidence), (32, 32), Reporter())
    np.testing.assert_array_equal(found.distance[:, 1:], 1)


def test_a_side_is_measured_on_the_ground(layers):
    assert choose_side(layers.classes, 16) == (32, 32)
    with pytest.raises(ParameterError, match=r"Give a side between 8 and 2048 m"):
        choose_side(layers.classes, 4)
    with pytest.raises(SceneError, match="smaller --side"):
        rank_squares(layers, (400, 400), Reporter())
