"""The versions of a model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner
from support import card, network

from aerialseg_core.cli.main import cli
from aerialseg_core.model.bundle import load_bundle, save_bundle
from aerialseg_core.model.lineage import trace_parents


def make_line(folder: Path, count: int) -> list[Path]:
    """Models of which each is the parent of the next."""
    paths, parent = [], None
    for number in range(count):
        path = folder / f"v{number}.onnx"
        save_bundle(network(seed=number), replace(card(), name=f"v{number}", parent=parent), path)
        parent = load_bundle(path).sha256
        paths.append(path)
    return paths


def test_the_line_of_a_model_is_found_by_checksums_not_by_names(tmp_path: Path) -> None:
    paths = make_line(tmp_path, 3)
    moved = paths[1].rename(tmp_path / "somewhere.onnx")
    (tmp_path / "junk.onnx").write_bytes(b"no model")
    files = [*tmp_path.glob("*.onnx"), tmp_path / "missing.onnx"]
    assert [path for path, _ in trace_parents(load_bundle(paths[2]), files)] == [moved, paths[0]]
    assert trace_parents(load_bundle(paths[2]), [paths[0]]) == []
    assert trace_parents(load_bundle(paths[0]), files) == []


def test_the_command_lists_them_and_says_what_is_missing(tmp_path: Path) -> None:
    paths = make_line(tmp_path, 3)
    outcome = CliRunner().invoke(cli, ["models", "line", str(paths[2]), "--progress", "none"])
    assert [line.split()[0] for line in outcome.output.splitlines()] == ["v2", "v1", "v0"]
    paths[0].unlink()
    outcome = CliRunner().invoke(cli, ["models", "line", str(paths[2]), "--progress", "json"])
    assert "The parent of v1 is not among the models here" in outcome.output
