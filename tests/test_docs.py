"""What the README and the guides promise: their commands work as they stand, and their English is plain."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from support import REPO

from aerialseg_core.cli.main import cli

PAGES = sorted(
    {REPO / "README.md", REPO / "CONTRIBUTING.md", *(REPO / "docs").rglob("*.md")}, key=lambda path: path.as_posix()
)
"""Pages for people, those that are generated included."""

WIDTH = 120
PHRASES = ("says so", "goes on", "patience", "hang together")
"""Not plain English, or not idiomatic."""
FOREIGN = ("gdal_polygonize.py",)
"""Programs of others that are named."""


def name_of(page: Path) -> str:
    return page.relative_to(REPO).as_posix()


def blocks(page: Path, language: str) -> list[str]:
    """Blocks of code of a page, in a language."""
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"))


def commands(page: Path) -> Iterator[list[str]]:
    """Lines of a page that run aerialseg, as arguments."""
    for block in blocks(page, "sh"):
        for line in block.splitlines():
            if line.startswith("aerialseg "):
                yield shlex.split(line, comments=True)[1:]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_lines_are_short_and_phrases_are_plain(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not [line for line in text.splitlines() if len(line) > WIDTH]
    prose = " ".join(re.sub(r"`[^`]*`", "", text).split())
    assert not [phrase for phrase in PHRASES if phrase in prose]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_files_that_are_named_exist(page: Path) -> None:
    """By their path from the root, or Python modules of the core by the end of it."""
    code = re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8"))
    paths = re.findall(r"\b((?:aerialseg_core|benchmarks|docs|plugin|scripts|tests)/[\w/.-]*\w)", " ".join(code))
    assert not [path for path in paths if not (REPO / path).exists() and not (REPO / f"{path}.py").exists()]
    modules = [path for path in code if re.fullmatch(r"[\w/]+\.py", path) and path not in (*paths, *FOREIGN)]
    assert not [path for path in modules if not [*(REPO / "aerialseg_core").rglob(path), *REPO.glob(path)]]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_and_options_exist(page: Path) -> None:
    for words in commands(page):
        command: click.Command = cli
        context = click.Context(command, info_name="aerialseg")
        while isinstance(command, click.Group):
            command = command.get_command(context, words.pop(0)) or pytest.fail(f"no such command: {words}")
        known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
        used = {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert used <= known | {"--help"}, words


def test_the_commands_of_the_readme_run_in_an_empty_directory(tmp_path: Path) -> None:
    """As a newcomer would type them."""
    environment = {**os.environ, "PYTHONPATH": str(REPO)}
    lines = list(commands(REPO / "README.md"))
    assert [words[0] for words in lines] == ["sample", "segment", "polygons"]
    snippets = blocks(REPO / "README.md", "python")
    for arguments in (*(["-m", "aerialseg_core", *words] for words in lines), *(["-c", code] for code in snippets)):
        done = subprocess.run(
            [sys.executable, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, (arguments, done.stderr)
    assert {path.name for path in tmp_path.iterdir()} >= {"scene.tif", "classes.tif", "classes.gpkg", "map.gpkg"}
