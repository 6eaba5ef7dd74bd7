"""The certificate of polygons on their way into the file shows what a bug would do to them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polygons.class_rasters import Recorder, class_raster, noise, query

from aerialseg_core.polygons import pipeline
from aerialseg_core.polygons.check import check_polygons
from aerialseg_core.polygons.polygonize import polygonize
from aerialseg_core.polygons.validation import EdgeChecksum


def lost(finished):
    """A bug: some regions are never written."""


def twice(finished):
    """A bug: some regions are written twice."""
    yield finished
    yield finished


def shifted(finished):
    """A bug: a vertex lies elsewhere in one of the polygons that have it."""
    vertex = finished.rings.vertex.copy()
    vertex[1] += 1
    yield replace(finished, rings=replace(finished.rings, vertex=vertex))


@pytest.mark.parametrize("options", [{}, {"simplify": 0.25, "connectivity": 8}])
@pytest.mark.parametrize("bug", [lost, twice, shifted])
def test_the_certificate_shows_what_a_bug_would_do(tmp_path, monkeypatch, bug, options):
    made, sound, recorder = pipeline._make_polygons, Recorder(), Recorder()

    def wrong(*arguments):
        for number, finished in enumerate(made(*arguments)):
            yield from (bug(finished) or ()) if number == 1 else (finished,)

    source = class_raster(tmp_path / "c.tif", np.kron(noise(56, 54), np.ones((10, 10), np.uint8)))
    assert polygonize(source, tmp_path / "right.gpkg", reporter=sound, **options).certificate.holds
    assert not any(level == "warning" for level, _ in sound.messages)
    monkeypatch.setattr(pipeline, "_make_polygons", wrong)
    certificate = polygonize(source, tmp_path / "wrong.gpkg", reporter=recorder, **options).certificate
    assert not certificate.holds
    assert {lost: certificate.gaps, twice: certificate.overlaps}.get(bug, 1)
    [said] = query(tmp_path / "wrong.gpkg", "SELECT sum(value) FROM certificate WHERE item IN ('gaps', 'overlaps')")
    assert said[0] == certificate.gaps + certificate.overlaps
    assert "do not fit together" in recorder.messages[0][1]
    assert bug is not twice or check_polygons(tmp_path / "wrong.gpkg").overlaps  # the others are not in the file
    assert [level for level, text in recorder.messages if text.startswith("certificate")] == ["warning"]


edges = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda edge: edge[0] != edge[1]), max_size=12)


@settings(max_examples=200, deadline=None)
@given(edges, st.booleans(), st.integers(1, 12), st.randoms())
def test_edges_add_up_to_nothing_if_all_have_partners_and_only_then(edges, doubled, size, random):
    if doubled:
        edges = edges + [(end, start) for start, end in edges]
        random.shuffle(edges)
    times, total = Counter(edges), EdgeChecksum()
    for first in range(0, len(edges), size):
        total.add(*np.array(edges[first : first + size]).T[:, :, np.newaxis])
    assert total.is_zero == all(times[edge] == times[edge[::-1]] for edge in edges)
