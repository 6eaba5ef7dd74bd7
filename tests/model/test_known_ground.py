"""Known ground: what is like the training images, what is not, and what cannot be said."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from support import card, foreign_ground, ground, known_ground

from aerialseg_core.errors import ModelError
from aerialseg_core.model.card import Card
from aerialseg_core.model.known_ground import (
    KnownGround,
    describe_windows,
    doubt,
    fit_known_ground,
    spread_distances,
)

WHOLE = np.ones((256, 256), bool)


@pytest.fixture(scope="module")
def known() -> KnownGround:
    return known_ground()


def _scale(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    return pixels.astype(np.float32) / 255


def test_ground_of_the_same_kind_is_like_it_and_other_ground_is_not(known: KnownGround) -> None:
    same = np.concatenate([known.measure(_scale(ground(256, 256, seed)), WHOLE) for seed in range(900, 920)])
    other = np.concatenate([known.measure(_scale(foreign_ground(256, 256, seed)), WHOLE) for seed in range(5)])
    assert np.mean(same > 1) < 0.1
    assert other.min() > 2


def test_one_strange_window_of_four_is_found_where_it_is(known: KnownGround) -> None:
    pixels = ground(256, 256, 900)
    pixels[:, :128, 128:] = foreign_ground(128, 128)
    assert ((known.measure(_scale(pixels), WHOLE) > 2) == [[False, True], [False, False]]).all()


def test_what_is_no_data_does_not_count(known: KnownGround) -> None:
    pixels, data = ground(256, 256, 900), WHOLE.copy()
    data[:, 60:] = False
    data[:100] = True
    before = known.measure(_scale(pixels), data)
    pixels[:, ~data] = 0
    assert np.array_equal(known.measure(_scale(pixels), data), before)


def test_a_window_without_data_is_as_its_neighbours_and_nothing_is_said_of_none(known: KnownGround) -> None:
    pixels, data = foreign_ground(256, 256), WHOLE.copy()
    data[:128, :120] = False
    found = known.measure(_scale(pixels), data)
    assert found[0, 0] == pytest.approx(np.mean([found[0, 1], found[1, 0], found[1, 1]]))
    data[:] = False
    data[3, 3] = True
    assert not known.measure(_scale(pixels), data).any()


def test_patches_of_any_size_are_measured(known: KnownGround) -> None:
    for side, parts in ((16, 1), (100, 1), (256, 2), (400, 3)):
        found = known.measure(_scale(ground(side, side)), np.ones((side, side), bool))
        assert found.shape == (parts, parts)
        assert np.isfinite(found).all()


def test_the_limit_is_what_a_held_out_image_is_measured_by() -> None:
    described = np.concatenate([describe_windows(_scale(ground(256, 256, seed)), WHOLE, 2)[0] for seed in range(40)])
    places = np.repeat(np.arange(40), 4)
    everything = fit_known_ground(described, places)
    assert everything is not None
    beyond = []
    for place in range(40):
        others = fit_known_ground(described[places != place], places[places != place])
        assert others is not None
        beyond += list(others.compare(described[places == place]) > 1)
    assert np.mean(beyond) < 0.08
    assert everything.compare(described).max() == pytest.approx(0, abs=1e-3)


def test_too_few_windows_or_images_say_nothing() -> None:
    described = np.random.default_rng(0).random((50, 15))
    assert fit_known_ground(described[:10], np.arange(10)) is None
    assert fit_known_ground(described, np.zeros(50, int)) is None
    assert fit_known_ground(np.array([]), np.array([], int)) is None


def test_images_that_are_all_alike_have_a_limit_too() -> None:
    known = fit_known_ground(np.ones((50, 15)), np.arange(50))
    assert known is not None
    assert known.compare(np.ones((1, 15)))[0] == 0
    assert known.compare(np.zeros((1, 15)))[0] > 1


def test_ground_that_is_added_is_known_and_all_else_is_as_it_was(known: KnownGround) -> None:
    def describe(make: Any, seed: int) -> NDArray[np.float64]:
        return describe_windows(make(128, 128, seed).astype(np.float32) / 255, np.ones((128, 128), bool), 1)[0]

    added = np.concatenate([describe(foreign_ground, seed) for seed in range(3)])
    more = known.extend(added)
    assert more.windows == known.windows + 3
    assert more.limit == known.limit
    np.testing.assert_allclose(more.compare(added), 0, atol=1e-5)
    assert known.compare(describe(foreign_ground, 9)) > 2 > 1 > more.compare(describe(foreign_ground, 9))
    bright = describe(lambda *how: foreign_ground(*how) + np.uint8(170), 9)
    assert more.compare(bright) > 2
    for seed in range(200, 220):
        place = describe(ground, seed)
        assert more.compare(place) == pytest.approx(known.compare(place))
    with pytest.raises(ModelError, match="damaged"):
        known.extend(np.full((1, known.statistics), np.nan))


def test_it_travels_in_the_card(known: KnownGround) -> None:
    made = card(known=known)
    again = Card.from_json(made.to_json())
    assert again == made
    assert again.known is not None
    assert again.known.windows == 80
    assert "known" not in card().to_dict()
    assert Card.from_json(card().to_json()).known is None


@pytest.mark.parametrize(
    "change",
    [
        {"packed": "no base64 at all"},
        {"packed": base64.b64encode(b"123").decode()},
        {"packed": base64.b64encode(np.zeros((16, 15), "<f4")).decode()},
        {"packed": base64.b64encode(np.full((20, 15), np.nan, "<f4")).decode()},
        {"limit": 0.0},
        {"limit": float("inf")},
        {"statistics": 0},
        {"statistics": 14},
    ],
)
def test_damaged_numbers_are_refused(known: KnownGround, change: dict[str, object]) -> None:
    with pytest.raises(ModelError):
        replace(known, **change)


def test_numbers_of_other_bands_are_refused(known: KnownGround) -> None:
    with pytest.raises(ModelError, match="of other bands"):
        card(known=known, bands=card().bands[:2])


def test_distances_are_spread_without_leaving_their_range() -> None:
    found = np.array([[0.5, 1.0], [2.0, 4.0]], np.float32)
    spread = spread_distances(found, 64)
    assert spread.shape == (64, 64)
    assert [spread[0, 0], spread[0, -1], spread[-1, 0], spread[-1, -1]] == pytest.approx([0.5, 1, 2, 4])
    assert found.min() <= spread.min() <= spread.max() <= found.max() + 1e-6
    assert (np.diff(spread, axis=0) >= 0).all()
    assert spread_distances(np.full((3, 3), 0.75, np.float32), 50) == pytest.approx(0.75)
    assert (spread_distances(np.full((1, 1), 0.75, np.float32), 20) == 0.75).all()


def test_confidence_falls_with_the_distance_and_stays_on_known_ground() -> None:
    distances = np.array([0, 0.5, 1, 1.5, 2, 3, 100], np.float32)
    left = doubt(np.full(7, 0.8, np.float32), distances)
    assert (left[:3] == np.float32(0.8)).all()
    assert (np.diff(left[2:]) < 0).all()
    assert left[3:6] == pytest.approx([0.8 / 3.25, 0.08, 0.8 / 37])
