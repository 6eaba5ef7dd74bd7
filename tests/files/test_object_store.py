"""S3 is asked as it wants to be asked, and what it answers is the identity of a scene there."""

from __future__ import annotations

import os
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import pytest
from support import image, read, save_model, save_scene
from webserver import serve

from aerialseg_core.files.object_store import find_object, sign_request
from aerialseg_core.raster.identity import read_state
from aerialseg_core.segmentation.segment import describe_plan, segment


@pytest.fixture(autouse=True)
def _no_variables_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)


def test_a_signature_is_that_of_the_documentation(monkeypatch: pytest.MonkeyPatch) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "Example: GET Object"."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    address = find_object("s3://examplebucket/test.txt")
    assert address == "https://examplebucket.s3.amazonaws.com/test.txt"
    now = datetime(2013, 5, 24, tzinfo=timezone.utc)
    signed = sign_request(address, {"Range": "bytes=0-9"}, now=now)["Authorization"]
    assert signed.endswith("Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    monkeypatch.setenv("AWS_NO_SIGN_REQUEST", "YES")
    assert sign_request(address, {"Range": "bytes=0-9"}, now=now) == {"Range": "bytes=0-9"}


def test_addresses_follow_the_variables_of_gdal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_object("https://host/a.tif") is None
    assert find_object("/vsis3/my.bucket/a b/ö.tif") == "https://s3.amazonaws.com/my.bucket/a%20b/%C3%B6.tif"
    assert find_object("/vsizip/{/vsis3/box/a.zip}/x.tif") == "https://box.s3.amazonaws.com/a.zip"
    monkeypatch.setenv("AWS_S3_ENDPOINT", "localhost:9000")
    monkeypatch.setenv("AWS_HTTPS", "NO")
    assert find_object("s3://box/a.tif") == "http://box.localhost:9000/a.tif"
    monkeypatch.setenv("AWS_VIRTUAL_HOSTING", "FALSE")
    assert find_object("s3://box/a.tif") == "http://localhost:9000/box/a.tif"


def test_a_scene_in_an_object_store_is_told_by_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "www" / "box").mkdir(parents=True)
    scene = save_scene(tmp_path / "www" / "box" / "s.tif", image(60, 70))
    model = str(save_model(tmp_path / "m.onnx").path)
    with serve(tmp_path / "www", tmp_path / "log", busy=0.05) as site:
        variables = {"AWS_S3_ENDPOINT": site.address.removeprefix("http://"), "AWS_HTTPS": "NO"}
        variables |= {"AWS_VIRTUAL_HOSTING": "FALSE", "AWS_ACCESS_KEY_ID": "me", "AWS_SECRET_ACCESS_KEY": "word"}
        for name, value in {**variables, "GDAL_HTTP_RETRY_DELAY": "0.05"}.items():
            monkeypatch.setenv(name, value)
        first = read_state("s3://box/s.tif")
        assert not first.notes
        assert read_state("s3://box/s.tif") == first == read_state("/vsis3/box/s.tif")
        assert not any("no ETag" in line for line in describe_plan("s3://box/s.tif", model=model))
        segment("s3://box/s.tif", tmp_path / "remote.tif", model=model)
        segment(scene, tmp_path / "local.tif", model=model)
        assert np.array_equal(read(tmp_path / "remote.tif"), read(tmp_path / "local.tif"))
        save_scene(scene, image(60, 70, seed=1))
        assert read_state("s3://box/s.tif").digest != first.digest
