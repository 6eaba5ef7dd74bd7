"""An object store for the tests of this room, where what serves one is installed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bucketserver import Bucket


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    """A running server with one bucket."""
    from bucketserver import serve_bucket

    with serve_bucket(tmp_path_factory.mktemp("bucket") / "log") as running:
        yield running


@pytest.fixture
def bucket(server: Bucket, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """The bucket, empty, for which the environment has all variables; GDAL sends files in parts of 2 kB."""
    server.empty()
    for name, value in {**server.variables, "VSIS3_CHUNK_SIZE": "0.002"}.items():
        monkeypatch.setenv(name, value)
    return server
