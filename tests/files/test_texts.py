"""Texts as editors save them."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aerialseg_core.errors import AerialSegError, DataError, ParameterError
from aerialseg_core.files import texts
from aerialseg_core.files.texts import parse_toml, read_json, read_text, read_toml, replace_controls, write_json

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-32")
# after the mark of UTF-16 a NUL would be that of UTF-32, and no file of text has one
written = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff\0"))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to write into."""
    return tmp_path_factory.mktemp("texts") / "file.txt"


@given(written, st.sampled_from([*ENCODINGS, "utf-16-be with mark"]))
def test_a_text_is_what_was_written_in_whatever_encoding(file: Path, text: str, encoding: str) -> None:
    content = b"\xfe\xff" + text.encode("utf-16-be") if "mark" in encoding else text.encode(encoding)
    file.write_bytes(content)
    assert read_text(file) == text


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_toml_and_a_json_may_have_a_mark(file: Path, encoding: str) -> None:
    file.write_text('name = "Gebäude"', encoding)
    assert read_toml(file) == {"name": "Gebäude"}
    file.write_text('{"name": "Gebäude"}', encoding)
    assert read_json(file) == {"name": "Gebäude"}


@given(st.binary() | st.sampled_from([b"[" * 100_000, b"a=" + b"9" * 9000, b'a = "\\ud800"', b'["\\ud800"]']))
def test_whatever_stands_in_a_file_is_read_or_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    for read in (read_toml, read_json):
        with contextlib.suppress(DataError):
            json.dumps(read(file), ensure_ascii=False, default=str).encode()


@given(st.recursive(st.text() | st.integers(), st.lists, max_leaves=5))
def test_what_is_written_as_json_is_read_back(file: Path, content: object) -> None:
    write_json(file, content)
    assert json.loads(file.read_bytes()) == content


def test_a_name_that_is_no_text_is_written_as_escapes(file: Path) -> None:
    write_json(file, "\udcff.png")
    assert json.loads(file.read_bytes()) == "\udcff.png"


def test_what_a_terminal_obeys_is_not_shown() -> None:
    assert replace_controls("a\x1b[31m\x00\u202eb\tc\nd\u200fש 100\u202f%") == "a�[31m��b\tc\nd\u200fש 100\u202f%"


def test_what_is_wrong_is_said_in_the_error_of_the_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "old.toml"
    path.write_bytes('name = 1\nother = "Gebäude"'.encode("latin-1"))
    cases: list[tuple[Path, type[AerialSegError], str]] = [
        (path, ParameterError, "old.toml is no UTF-8 text: see line 2"),
        (tmp_path / "nowhere.toml", DataError, "cannot be read"),
        (tmp_path, DataError, "cannot be read"),
        (Path("a\0b"), DataError, "cannot be read"),
    ]
    for place, refusal, said in cases:
        with pytest.raises(refusal, match=said):
            read_toml(place, refusal)
    monkeypatch.setattr(texts, "LARGEST", 3)
    with pytest.raises(DataError, match="so it is no text"):
        read_text(path)


def test_deep_nesting_and_long_numbers_are_no_crash(file: Path) -> None:
    with pytest.raises(ParameterError, match="nested too deeply"):
        parse_toml("a = " + "[" * 20_000, "The recipe x", ParameterError)
    with pytest.raises(ParameterError, match="The recipe x is not valid TOML"):
        parse_toml("a = " + "9" * 9_000, "The recipe x", ParameterError)
    file.write_text("[" * 100_000)
    with pytest.raises(DataError, match="nested too deeply"):
        read_json(file)
    file.write_text("9" * 9_000)
    with pytest.raises(DataError, match="is no JSON"):
        read_json(file)
