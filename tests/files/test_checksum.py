"""A seal tells what is whole from what is torn, or was changed by a single bit."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from aerialseg_core.files.checksum import append_checksum, has_valid_checksum


def checked_file(folder: str, content: bytes) -> Path:
    path = Path(folder) / "file"
    path.write_bytes(content)
    assert not has_valid_checksum(path)
    append_checksum(path)
    assert has_valid_checksum(path)
    assert path.read_bytes()[: len(content)] == content
    return path


@given(st.binary(min_size=1, max_size=300), st.data())
def test_no_change_goes_unseen(content: bytes, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = checked_file(folder, content)
        whole = path.read_bytes()
        at = data.draw(st.integers(0, 8 * len(whole) - 1))
        turned = bytearray(whole)
        turned[at // 8] ^= 1 << at % 8
        cut = data.draw(st.integers(0, len(whole) - 1))
        for torn in (bytes(turned), whole[:cut], whole[:cut] + bytes(len(whole) - cut), whole + b"\0", b""):
            path.write_bytes(torn)
            assert has_valid_checksum(path) == (torn == whole)  # the end of a file may be zeros as it is


def test_large_files_and_missing_ones(tmp_path: Path) -> None:
    path = checked_file(str(tmp_path), bytes(3_000_000))
    with path.open("r+b") as file:
        file.seek(2_500_000)
        file.write(b"\x01")
    assert not has_valid_checksum(path)
    assert not has_valid_checksum(tmp_path / "missing")
    assert not has_valid_checksum(tmp_path)
