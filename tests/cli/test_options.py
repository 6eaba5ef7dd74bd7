"""Absurd values of every option: a sentence, and never an unforeseen error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import image, save_model, save_scene

from aerialseg_core.cli.main import INTERNAL_ERROR, cli, main

COMMANDS = {
    "segment": ["scene.tif", "-o", "classes.tif", "--model", "tiny.onnx", "--overwrite", "--plan"],
    "batch": ["empty", "-o", "out", "--model", "tiny.onnx"],
    "polygons": ["classes.tif", "-o", "out.gpkg", "--overwrite"],
    "patches": ["empty", "-o", "patches"],
    "audit": ["empty"],
    "sample": ["sample.tif", "--overwrite"],
    "evaluate": ["tiny.onnx", "empty", "-o", "report"],
}

NUMBERS = ["0", "-1", "nan", "inf", "-inf", "1e400", "1e308", "1e-308", "9" * 400, str(10**30), str(2**63), str(2**31)]
LISTS = ["1,2", "1,", ",", "nan,nan", "1e308,1e309", "-1e308,-1e308,1e308,1e308", "0,0,0,0", "99999999999999999999,1,2"]
TEXTS = ["", " ", "é", "\udcff", "日本", "x" * 300, "x/" * 3000, "/", "..", "*", "[", "**/**", "%s", "{0}", "-", "--"]
UNITS = ["1e400GiB", "99999999TiB", "64.5MiB", "auto", "source", "https://[::1", "s3://", "/vsimem/x", "scene.tif"]
VALUES = [*NUMBERS, *LISTS, *TEXTS, *UNITS]


def options(command: str) -> Iterator[str]:
    """The options of a command that take a value, choices left out: click says what they are."""
    for parameter in cli.commands[command].params:
        if (
            isinstance(parameter, click.Option)
            and not parameter.is_flag
            and not isinstance(parameter.type, click.Choice)
        ):
            yield parameter.opts[-1]


PLACES = [(command, option) for command in COMMANDS for option in options(command)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scene, a model, a class raster, and a folder of nothing."""
    folder = tmp_path_factory.mktemp("options")
    save_scene(folder / "scene.tif", image(60, 70))
    save_scene(folder / "classes.tif", image(60, 70, bands=1) // 80)
    save_model(folder / "tiny.onnx")
    (folder / "empty").mkdir()
    return folder


@settings(
    max_examples=250, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(PLACES), st.sampled_from(VALUES))
def test_no_value_of_an_option_is_unforeseen(
    folder: Path, capsys: pytest.CaptureFixture[str], place: tuple[str, str], value: str
) -> None:
    command, option = place
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        with pytest.raises(SystemExit) as ended:
            main([command, *COMMANDS[command], f"{option}={value}"])
    said = capsys.readouterr().err
    assert ended.value.code != INTERNAL_ERROR, said
    assert "Traceback" not in said
