"""Who writes an object is told to others, for as long as that lasts and hardly longer."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from bucketserver import BUCKET, Bucket

from aerialseg_core.errors import OutputError
from aerialseg_core.files import leases
from aerialseg_core.files.leases import lease
from aerialseg_core.files.locks import Holder
from aerialseg_core.files.uploads import ObjectAddress, find_stored, write_stored

OUTPUT = ObjectAddress("s3", BUCKET, "maps/a.tif")
KEY = "maps/.aerialseg/a.tif.lock"


def _leave(bucket: Bucket, **changes: object) -> None:
    """Leave a lease in the bucket as another process would."""
    holder = replace(Holder.of_this_process("segment"), **changes)
    bucket.client.put_object(Bucket=BUCKET, Key=KEY, Body=json.dumps(asdict(holder)).encode())


def test_the_second_one_is_told_who_is_writing(bucket: Bucket) -> None:
    with lease(OUTPUT, "segment"):
        with pytest.raises(OutputError, match=r"Another run is writing s3://box/maps/a.tif \(aerialseg segment"):
            ExitStack().enter_context(lease(OUTPUT, "batch"))
        assert {*bucket.read()} == {KEY}
        with lease(ObjectAddress("s3", BUCKET, "maps/b.tif"), "segment"):
            assert len(bucket.read()) == 2
    assert not bucket.read()


def test_a_process_that_was_killed_here_holds_nothing(bucket: Bucket) -> None:
    _leave(bucket, pid=2**22 + 1)
    with lease(OUTPUT, "segment"):
        assert {*bucket.read()} == {KEY}
    assert not bucket.read()


def test_one_elsewhere_holds_until_it_has_been_silent(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    _leave(bucket, pid=2**22 + 1, host="elsewhere", boot="another")
    with pytest.raises(OutputError, match="on elsewhere"):
        ExitStack().enter_context(lease(OUTPUT, "segment"))
    assert {*bucket.read()} == {KEY}
    monkeypatch.setattr(leases, "EXPIRED", timedelta(0))
    with lease(OUTPUT, "segment"):
        assert b"elsewhere" not in bucket.read()[KEY]


def test_a_lease_is_renewed(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "RENEWED", 0.01)
    with lease(OUTPUT, "segment"):
        bucket.fail(hold=f"PUT /{BUCKET}/{KEY}")
        assert KEY in bucket.wait()
        bucket.fail()
    assert not bucket.read()


def test_of_two_that_take_over_one_gets_it(bucket: Bucket) -> None:
    """Whoever saw the old lease replaces that one only."""
    _leave(bucket, pid=2**22 + 1)
    address = ObjectAddress("s3", BUCKET, KEY)
    seen = find_stored(address)
    assert write_stored(address, b"first", instead_of=seen)
    assert not write_stored(address, b"second", instead_of=seen)
    assert not write_stored(address, b"third", instead_of=None)
    assert bucket.read() == {KEY: b"first"}
