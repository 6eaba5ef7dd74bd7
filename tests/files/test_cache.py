"""The cache: what is in it comes back to the last bit, or not at all, and nobody but the user can have written it."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from aerialseg_core.files.cache import MOST_ENTRIES, VARIABLE, cache_folder, make_key, read_entry, write_entry


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_what_is_kept_comes_back(folder: Path) -> None:
    assert read_entry("things", "one") is None
    write_entry("things", "one", b"")
    write_entry("things", "two", b"two" * 1000)
    write_entry("things", "one", b"one")
    assert (read_entry("things", "one"), read_entry("things", "two")) == (b"one", b"two" * 1000)
    assert sorted(one.name for one in (folder / "things").iterdir()) == ["one", "two"]


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b"", lambda b: b"\0" + b[1:], lambda b: b + b"\0"])
def test_what_is_damaged_does_not(folder: Path, damage: object) -> None:
    write_entry("things", "one", b"one")
    path = folder / "things" / "one"
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert read_entry("things", "one") is None
    write_entry("things", "one", b"again")
    assert read_entry("things", "one") == b"again"


@pytest.mark.skipif(os.name != "posix", reason="looks at the rights of files")
def test_nobody_else_can_read_or_write_it_and_what_others_could_have_written_is_not_believed(folder: Path) -> None:
    write_entry("things", "one", b"one")
    path = folder / "things" / "one"
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path.parent, path)] == [0o700, 0o600]
    path.chmod(0o620)
    assert read_entry("things", "one") is None


@pytest.mark.parametrize("value", ["off", "somewhere/here"])
def test_there_may_be_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, value)
    write_entry("things", "one", b"one")
    assert read_entry("things", "one") is None
    assert not list(tmp_path.iterdir())


def test_a_cache_that_cannot_be_written_is_no_error(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    write_entry("things", "one", b"one")
    assert read_entry("things", "one") is None


def test_it_is_in_the_folder_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(VARIABLE)
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    assert cache_folder().is_relative_to(tmp_path)


def test_those_that_were_used_last_are_kept(folder: Path) -> None:
    for number in range(MOST_ENTRIES):
        write_entry("things", str(number), b"")
        os.utime(folder / "things" / str(number), (number, number))
    assert read_entry("things", "0") == b""
    write_entry("things", "new", b"")
    assert {one.name for one in (folder / "things").iterdir()} == {"new", *map(str, range(MOST_ENTRIES))} - {"1"}


def test_it_is_whole_whoever_writes_at_the_same_time() -> None:
    contents = [bytes([number]) * 100_000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        pool.map(lambda content: write_entry("things", "one", content), contents * 4)
        found = [read_entry("things", "one") for _ in range(50)]
    assert set(found) <= {None, *contents}
    assert read_entry("things", "one") in contents


def test_keys_differ_where_facts_do() -> None:
    facts = [("a", 1), ("a", "1"), ("a1",), (("a", 1),), ("a", 1, None), ("a", 1.5), (b"a", 1)]
    assert len({make_key(*one) for one in facts}) == len(facts)
    assert make_key("a", 1) == make_key("a", 1)
