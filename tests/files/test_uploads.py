"""Addresses of objects, uploads that are cancelled, and what is left of those that were killed."""

from __future__ import annotations

import os
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from bucketserver import BUCKET, Bucket

from aerialseg_core.errors import Cancelled, DependencyError, OutputError, ParameterError
from aerialseg_core.files.uploads import (
    ObjectAddress,
    abort_uploads,
    check_store,
    find_stored,
    is_in_store,
    list_stored,
    read_stored,
    upload_file,
)

ADDRESS = ObjectAddress("s3", BUCKET, "a b/ö~.tif")


@pytest.mark.parametrize("text", ["s3://box/a.tif", "gs://box/a/b c.tif", "az://box/ö", "s3://my.bucket/"])
def test_an_address_is_read_as_a_text_and_as_a_path(text: str) -> None:
    assert is_in_store(text)
    assert is_in_store(Path(text))
    assert str(ObjectAddress.parse(text)) == text
    assert ObjectAddress.parse(Path(text)) == ObjectAddress.parse(text)


@pytest.mark.parametrize("text", ["a.tif", "/vsis3/box/a.tif", "c:/s3/a.tif", "https://box/a.tif", "s3/box/a.tif"])
def test_other_outputs_are_files(text: str) -> None:
    assert not is_in_store(text)


@pytest.mark.parametrize(
    "text", ["s3://", "s3:///a", "s3://a//b", "s3://a/./b", "s3://a/../b", "s3://u:p@a/b", "s3://a/b?c=d", "s3://a/b#c"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ParameterError):
        ObjectAddress.parse(text)


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(DependencyError, match=r"pip install .aerialseg\[cloud\]"):
        check_store(ADDRESS)


def test_a_store_is_tried_without_a_trace(bucket: Bucket) -> None:
    check_store(ADDRESS)
    assert not bucket.read()
    assert not bucket.uploads


@pytest.mark.parametrize("size", [0, 1000, 10_000])
def test_an_upload_is_whole(bucket: Bucket, tmp_path: Path, size: int) -> None:
    content = bytes(range(250)) * (size // 250)
    (tmp_path / "a").write_bytes(content)
    assert upload_file(tmp_path / "a", ADDRESS).size == size
    assert bucket.read() == {ADDRESS.key: content}
    assert list(list_stored(ObjectAddress("s3", BUCKET, "a b"))) == [ADDRESS]


def test_an_upload_that_is_cancelled_leaves_nothing(bucket: Bucket, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(100_000))
    calls = iter(range(10))

    def check() -> None:
        if next(calls) == 7:
            raise Cancelled("cancelled", "enough")

    with pytest.raises(Cancelled):
        upload_file(tmp_path / "a", ADDRESS, check)
    assert any("partNumber=1&" in request for request in bucket.requests)
    assert not bucket.read()
    assert not bucket.uploads


def test_a_part_that_arrives_damaged_makes_no_object(bucket: Bucket, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(10_000))
    bucket.fail(empty="partNumber=2&")
    with pytest.raises(OutputError, match="the server answers 400"):
        upload_file(tmp_path / "a", ADDRESS)
    assert not bucket.read()
    assert not bucket.uploads


def test_only_uploads_of_this_object_are_removed(bucket: Bucket) -> None:
    for key in (ADDRESS.key, f"{ADDRESS.key}.aux.xml", "b.tif"):
        bucket.client.create_multipart_upload(Bucket=BUCKET, Key=key)
    assert abort_uploads(ADDRESS) == 1
    assert {*bucket.uploads} == {f"{ADDRESS.key}.aux.xml", "b.tif"}


def test_a_server_that_is_not_there_is_one_sentence(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_S3_ENDPOINT", "127.0.0.1:9")
    with pytest.raises(OutputError, match=r"^s3://box/a b/ö~.tif could not be written: error sending request. What is"):
        check_store(ADDRESS)


def test_google_is_found_by_the_variables_of_gdal(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of S3 in its place, for whoever has no keys: Google's answers alike."""
    bucket.client.put_object(Bucket=BUCKET, Key="maps/a", Body=b"text", ACL="public-read")
    monkeypatch.setenv("CPL_GS_ENDPOINT", f"http://127.0.0.1:{bucket.port}/")
    monkeypatch.setenv("GS_NO_SIGN_REQUEST", "YES")
    assert read_stored(ObjectAddress.parse(f"gs://{BUCKET}/maps/a")) == b"text"


def test_azure_is_found_by_a_connection_string(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AZURE_")]:
        monkeypatch.delenv(name)
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as pool:
        place = f"BlobEndpoint=http://127.0.0.1:{server.getsockname()[1]}/me"
        monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", f"AccountName=me;AccountKey=aGVsbG8=;{place}")
        looked = pool.submit(find_stored, ObjectAddress.parse("az://box/a.tif"))
        server.settimeout(30)
        with server.accept()[0] as asked:
            request = asked.recv(4096)
            asked.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            assert looked.result(timeout=30) is None
    assert request.startswith(b"HEAD /me/box/a.tif HTTP/1.1\r\n")
    assert b"authorization: SharedKey me:" in request
