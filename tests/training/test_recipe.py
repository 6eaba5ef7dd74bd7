"""Recipes."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("keras")

from aerialseg_core.errors import ParameterError
from aerialseg_core.training import networks
from aerialseg_core.training.recipe import Recipe, load_recipe, recipe_names


@pytest.mark.parametrize("name", recipe_names())
def test_the_packaged_recipes_load_and_name_a_network(name: str) -> None:
    recipe = load_recipe(name)
    assert recipe.network.name in networks.names()
    assert hash(recipe) == hash(load_recipe(name))


def test_the_recipes_of_the_documentation_are_there() -> None:
    assert recipe_names() == ("default", "quick", "seed")


def write(folder: Path, text: str) -> Path:
    path = folder / "recipe.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_file_overrides_the_defaults_only_where_it_speaks(tmp_path: Path) -> None:
    text = '[run]\nepochs = 3\nminutes = 5\n[split]\nholdout = ["north"]\ngroups = [["a", "b"], ["c"]]\n'
    recipe = load_recipe(write(tmp_path, text))
    assert recipe.run.epochs == 3
    assert recipe.run.minutes == 5.0
    assert recipe.split.holdout == ("north",)
    assert recipe.split.groups == (("a", "b"), ("c",))
    assert recipe.loss == Recipe().loss


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_recipe_may_be_saved_by_notepad_or_powershell(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text("[run]\nepochs = 3\n", encoding)
    assert load_recipe(path).run.epochs == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("epoch = 3", "unknown key 'epoch'"),
        ("[run]\nepoch = 3", r"\[run\], has an unknown key 'epoch'"),
        ("run = 3", "run must be a table"),
        ("[run]\nepochs = 1.5", "epochs must be of type int"),
        ("[run]\nepochs = true", "epochs must be of type int"),
        ("[run]\nepochs = 0", "must be > 0"),
        ("[patches]\nside = 100", "multiple of 32"),
        ("[patches]\ncut = 64\nside = 128", "not be smaller"),
        ("[augmentation]\nscale = [2.0, 0.5]", "scale must be"),
        ("[augmentation]\nscale = [1.0]", "a list of 2"),
        ("[augmentation]\ntints = { Water = 1.0 }", "must be a list"),
        ('[optimiser]\nschedule = "linear"', "one of cosine, constant"),
        ("[optimiser]\nlearning_rate = 0.0", "learning_rate must be > 0"),
        ("[optimiser]\nwarm_up = 1.0", "warm_up"),
        ("this is no TOML", "not valid TOML"),
    ],
)
def test_mistakes_are_refused_by_name(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        load_recipe(write(tmp_path, text))


def test_a_missing_recipe_says_what_there_is() -> None:
    with pytest.raises(ParameterError, match="default, quick, seed"):
        load_recipe("defualt")
