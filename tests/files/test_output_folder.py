"""A report folder is whole or absent, and nothing but a report is ever replaced."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import contents

from aerialseg_core.errors import OutputError, RasterReadError
from aerialseg_core.files.output_folder import check_folder, whole_folder

NAMES = frozenset({"index.html", "figures.json"})


def write(path: Path, text: str, *, overwrite: bool = False) -> None:
    with whole_folder(path, NAMES, overwrite=overwrite) as folder:
        for name in NAMES:
            (folder / name).write_text(text)


def test_a_folder_appears_as_a_whole(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "report", NAMES) as folder:
        assert not (tmp_path / "report").exists()
        (folder / "index.html").write_text("x")
    assert contents(tmp_path) == {"report", "report/index.html"}


@pytest.mark.parametrize("error", [ValueError, RasterReadError("x"), OSError(5, "x")])
def test_an_error_leaves_nothing(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(type(error) if isinstance(error, Exception) else error), whole_folder(tmp_path / "r", NAMES):
        raise error
    assert contents(tmp_path) == set()


def test_an_earlier_report_is_replaced_only_when_asked_and_only_by_a_whole_one(tmp_path: Path) -> None:
    write(tmp_path / "report", "first")
    with pytest.raises(OutputError, match="exists already"):
        write(tmp_path / "report", "second")
    with pytest.raises(ValueError, match="x"), whole_folder(tmp_path / "report", NAMES, overwrite=True):
        raise ValueError("x")
    assert (tmp_path / "report" / "index.html").read_text() == "first"
    write(tmp_path / "report", "second", overwrite=True)
    assert (tmp_path / "report" / "index.html").read_text() == "second"
    assert contents(tmp_path) == {"report", "report/index.html", "report/figures.json"}


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    write(tmp_path / "report", "x")
    assert (tmp_path / "report" / "index.html").exists()


def test_a_folder_with_anything_else_is_never_replaced(tmp_path: Path) -> None:
    write(tmp_path / "report", "x")
    (tmp_path / "report" / "thesis.docx").write_text("years of work")
    with pytest.raises(OutputError, match=r"holds more than a report \(thesis\.docx\)"):
        check_folder(tmp_path / "report", NAMES, overwrite=True)


def test_what_is_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="is a file"):
        check_folder(tmp_path / "file", NAMES, overwrite=True)
    with pytest.raises(OutputError, match="does not exist"):
        check_folder(tmp_path / "no" / "report", NAMES)
