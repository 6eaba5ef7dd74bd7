"""Recipes."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("keras")

from aerialseg_core.errors import ParameterError
from aerialseg_core.files.texts import parse_toml
from aerialseg_core.training import networks
from aerialseg_core.training.augmentation import PatchForm, augment
from aerialseg_core.training.recipe import Recipe, _build_table, load_recipe, recipe_names


@pytest.mark.parametrize("name", recipe_names())
def test_the_packaged_recipes_load_and_name_a_network(name: str) -> None:
    recipe = load_recipe(name)
    assert recipe.network.name in networks.list_names()
    assert hash(recipe) == hash(load_recipe(name))


def test_the_recipes_of_the_documentation_are_there() -> None:
    assert recipe_names() == ("default", "quick", "seed", "shipped")


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
        ("[run]\nepochs = 0", "epochs = 0 needs minutes"),
        ("[patches]\nside = 100", "multiple of 32"),
        ("[patches]\ncut = 64\nside = 128", "not be smaller"),
        ("[augmentation]\nscale = [2.0, 0.5]", "scale must be"),
        ("[augmentation]\nscale = [1.0]", "a list of 2"),
        ("[augmentation]\ntints = { Water = 1.0 }", "must be a list"),
        ('[optimiser]\nschedule = "linear"', "one of cosine, constant"),
        ("[optimiser]\nlearning_rate = 0.0", "learning_rate must be 1e-12 to 10"),
        ("[optimiser]\nlearning_rate = inf", "learning_rate must be a finite number"),
        ("[run]\nseed = -1", "seed must be 0 to 4294967295"),
        ("[split]\nseed = -1", "seed must not be negative"),
        ("[card]\npatch = 1000000000", "patch must be 32 to 8192"),
        ("[card]\npatch = 100", "patch must be a multiple of 32"),
        ("[card]\ngsd = -1.0", "gsd must be 0.0001 to 100000"),
        ("[card]\nbands = []", "bands must be 1 to 1000 names"),
        ('[card]\nbands = ["a", "a"]', "bands must be different names"),
        ('[card]\nname = "a\\u0000b"', "text without NUL"),
        ('[card]\nbands = ["a"]\n[augmentation]\ntints = { Water = [1.0, 1.0] }', "one gain for each of the 1 bands"),
        ('[card]\nname = "a\\u202eb"', "holds a sign that turns the text round"),
        ('[card]\nbands = ["a\\nb"]', "holds a control character"),
        ("[loss]\nfocal = 0\ndice = 0", "a part must have a weight > 0"),
        ("[loss]\nsmoothing = 1.5", "smoothing must be 0 to 1"),
        ("[run]\nbatch = 65536\n[patches]\nside = 512", "batch of .* must be smaller"),
        ("[network]\noptions = { filters = inf }", "a finite number"),
        ("[network]\noptions = { filters = 2020-01-01 }", "options.filters must be text"),
        ("[run]\nminutes = 9" + "9" * 400, "minutes must be"),
        ("[optimiser]\nwarm_up = 1.0", "warm_up"),
        ("[distillation]\nweight = 0.5", r"\[distillation\] needs \[split\] folds"),
        ('[distillation]\nweight = 0.5\n[split]\nfolds = 2\nkind = "random"', "folds of the kind groups or parts"),
        ("[distillation]\nweight = 0.5\n[split]\nfolds = 2\n[patches]\ncut = 513", "an even .* cut"),
        ("[late]\nshare = 1.0", "share must be 0 to 0.99"),
        ("[late]\nside = 64", r"\[late\] share must be more than 0"),
        ("[late]\nshare = 0.3\nloss = { seed = 1 }", r"\[late\] loss must hold none but balance, cross_entropy, dice"),
        (
            "[late]\nshare = 0.3\nside = 600",
            r"last part of the run unusable: \[patches\] side must be a multiple of 32",
        ),
        ("[late]\nshare = 0.3\nside = 1024", "last part of the run unusable: .* cut must not be smaller"),
        ("[late]\nshare = 0.3\nloss = { focal = 0, dice = 0 }", "last part .* a part must have a weight > 0"),
        ("this is no TOML", "not valid TOML"),
    ],
)
def test_mistakes_are_refused_by_name(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        load_recipe(write(tmp_path, text))


FIELDS = sorted(
    (part.name, field.name)
    for part in dataclasses.fields(Recipe)
    for field in dataclasses.fields(getattr(Recipe(), part.name))
)
ABSURD = [
    *["0", "-1", "1", "1.5", "3", "32", "1e300", "-1e-300", "inf", "-inf", "nan", "9" * 400, "1000000000", "true"],
    *['""', '"x"', '"a\\u0000b"', "[]", "[1]", "[-1.0, 1e9]", "[inf, inf]", '["a", "b"]', "[[]]", "{}", "1979-05-27"],
    *["{ Water = [1.0, nan, 1.0] }", "{ Water = [9.0, 1.0, 1.0] }", "{ a = [[[1]]] }", "{ filters = -1 }"],
]


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(FIELDS), st.sampled_from(ABSURD)), min_size=1, max_size=3))
def test_an_absurd_recipe_is_refused_or_can_be_followed(changes: list[tuple[tuple[str, str], str]]) -> None:
    tables: dict[str, dict[str, str]] = {}
    for (table, key), value in changes:
        tables.setdefault(table, {})[key] = value
    lines = [f"[{table}]\n" + "\n".join(f"{k} = {v}" for k, v in keys.items()) for table, keys in tables.items()]
    try:
        recipe = _build_table(Recipe, parse_toml("\n".join(lines), "it", ParameterError), "It")
    except ParameterError:
        return
    assert json.loads(json.dumps(recipe.to_dict(), allow_nan=False)) == recipe.to_dict()
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        _follow(recipe)


def _follow(recipe: Recipe) -> None:
    """Change a tiny patch as a recipe says."""
    random = np.random.default_rng(recipe.run.seed)
    bands = len(recipe.card.bands)
    pixels = random.integers(0, 255, (40, 40, bands)).astype(np.uint8)
    labels = random.integers(0, 3, (40, 40)).astype(np.uint8)
    tints = {label: recipe.augmentation.tints[name] for label, name in enumerate(recipe.augmentation.tints)}
    form = PatchForm(32, 255.0, tints)
    image, _ = augment(pixels, labels, recipe.augmentation, form=form, rng=random)
    assert image.shape == (32, 32, bands)
    assert np.isfinite(image).all()


@pytest.mark.parametrize(
    "options",
    [
        "{ filters = -1 }",
        "{ filters = 1000000 }",
        '{ filters = "16" }',
        "{ dropout = 7.0 }",
        "{ depth = -1 }",
        "{ moss = 1 }",
    ],
)
def test_options_that_a_network_does_not_take_are_refused(tmp_path: Path, options: str) -> None:
    recipe = load_recipe(write(tmp_path, f'[network]\nname = "unet"\noptions = {options}\n'))
    with pytest.raises(ParameterError, match=r"\w\.$"):
        networks.build(recipe.network.name, 3, 2, **recipe.network.options)


def test_a_missing_recipe_says_what_there_is() -> None:
    with pytest.raises(ParameterError, match="default, quick, seed, shipped"):
        load_recipe("defualt")
