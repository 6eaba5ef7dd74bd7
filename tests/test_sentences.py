"""Sentences have keys that programs can rely on, and the plugin has words of its own for them."""

from __future__ import annotations

import ast
import json
import pickle
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from aerialseg_core import errors
from aerialseg_core.errors import AerialSegError, DataError, RasterReadError
from aerialseg_core.sentences import Sentence, describe, join, tell

REPO = Path(__file__).resolve().parents[1]
CORE, WORDING = REPO / "aerialseg_core", REPO / "plugin" / "wording"
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

ERRORS = {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, AerialSegError)}
MAKERS = {*ERRORS, "Sentence", "refusal"}
"""What makes a sentence of a key, a text, a hint and values; `refusal` is an error class that is handed over."""

NOT_MET = re.compile(
    "(cluster-(no|sees|silent|unknown|workers)|decoder|devices|encoder|folder-on-web|index|input-needs|late|list|machine"
    "|needs|network|pip|plan-(mosaic|refused|scenes|sheet|upload)|polygon-file|preview|probe|remote|sample|scene-of-server"
    "|scenes-refused|share|stac|store|table|unet|upload|weights|worker|file-(other|without))(-.*)?"
    "|argument-not-text|evaluate-no-meaning|layer-without-bias|output-being-uploaded|parts"
    "|polygons-no-coverage"
)
"""Keys of what the plugin does not do: clusters, object stores, STAC, networks of one's own recipes, …"""


class Said(NamedTuple):
    """A place of the core that makes a sentence."""

    key: str
    text: ast.expr | None
    values: frozenset[str]
    """Their names."""
    is_open: bool
    """Whether values are handed over as a whole."""
    where: str


@cache
def find_sentences() -> tuple[Said, ...]:
    return tuple(one for path in sorted(CORE.rglob("*.py")) for one in _find_in(path))


def _find_in(path: Path) -> Iterator[Said]:
    if path.name in ("sentences.py", "errors.py"):
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        where = f"{path.relative_to(REPO)}:{node.lineno}"
        arguments = node.args
        if path.name == "config.py" and name == "_require":
            arguments = arguments[1:]
        elif name not in MAKERS or not arguments or isinstance(arguments[0], ast.Name):
            continue
        keys = [arguments[0]] if not isinstance(arguments[0], ast.IfExp) else [arguments[0].body, arguments[0].orelse]
        for key in keys:
            assert isinstance(key, ast.Constant), f"{where}: the key is no literal"
            values = frozenset(keyword.arg for keyword in node.keywords if keyword.arg)
            is_open = any(keyword.arg is None for keyword in node.keywords)
            yield Said(str(key.value), arguments[1] if len(arguments) > 1 else None, values, is_open, where)


@cache
def find_words() -> dict[str, str]:
    """What the plugin says by key."""
    found: dict[str, str] = {}
    for path in sorted(WORDING.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Assign)
                and ast.unparse(node.targets[0]) == "SENTENCES"
                and path.stem != "sentences"
            ):
                assert isinstance(node.value, ast.Dict)
                for key, call in zip(node.value.keys, node.value.values, strict=True):
                    assert isinstance(key, ast.Constant)
                    assert isinstance(call, ast.Call)
                    assert isinstance(call.args[0], ast.Constant)
                    assert key.value not in found, key.value
                    found[str(key.value)] = str(call.args[0].value)
    return found


def list_fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_sentence_of_the_core_has_a_key_of_its_own() -> None:
    found = find_sentences()
    assert len(found) > 600
    assert [one.where for one in found if not KEY.fullmatch(one.key)] == []
    texts: dict[str, set[str]] = {}
    for one in found:
        if isinstance(one.text, ast.Constant):
            texts.setdefault(one.key, set()).add(str(one.text.value))
    assert {key: said for key, said in texts.items() if len(said) > 1} == {}


def test_no_error_is_made_of_a_text_without_a_key() -> None:
    wrong = []
    for path in sorted(CORE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS:
                first = node.args[0] if node.args else None
                if (
                    not (isinstance(first, ast.Constant) and KEY.fullmatch(str(first.value)))
                    and path.name != "config.py"
                ):
                    wrong.append(f"{path.relative_to(REPO)}:{node.lineno}")
    assert wrong == []


def test_no_message_is_a_text_without_a_key() -> None:
    wrong = []
    for path in sorted(CORE.rglob("*.py")):
        if path.name in ("progress.py", "console.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_message = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "message"
            if is_message and isinstance(node.args[0], (ast.Constant, ast.JoinedStr, ast.BinOp, ast.IfExp)):
                wrong.append(f"{path.relative_to(REPO)}:{node.lineno}")
    assert wrong == []


def test_plugin_knows_every_sentence_that_it_can_meet() -> None:
    words = find_words()
    met = {one.key for one in find_sentences() if not NOT_MET.fullmatch(one.key)}
    assert sorted(met - words.keys()) == []
    made_by_the_plugin = {key for key in words if key.startswith(("worker-", "question-"))}
    assert sorted(words.keys() - {one.key for one in find_sentences()} - made_by_the_plugin) == []


def test_plugin_puts_in_what_the_core_tells_and_nothing_else() -> None:
    told: dict[str, list[Said]] = {}
    for one in find_sentences():
        told.setdefault(one.key, []).append(one)
    wrong = {}
    for key, text in find_words().items():
        for one in told.get(key, []):
            if not one.is_open and not list_fields(text) <= one.values:
                wrong[key] = list_fields(text) - one.values
    assert wrong == {}


def test_sentence_is_its_text() -> None:
    said = Sentence("a-key", "{path} has {count:,} bands.", "Choose {count}.", path="/a/{b}.tif", count=1234)
    assert said == "/a/{b}.tif has 1,234 bands."
    assert (said.key, said.hint) == ("a-key", "Choose 1234.")
    assert tell(said) == "/a/{b}.tif has 1,234 bands. Choose 1234."
    assert tell("A plain text.") == "A plain text."


def test_hint_of_an_inner_sentence_is_kept() -> None:
    inner = Sentence("inner", "{name} is wrong.", "Write {{ }}.", name="x")
    assert Sentence("outer", "a.toml: {cause}", cause=inner).hint == "Write { }."
    assert Sentence("outer", "a.toml: {cause}", "Another.", cause=inner).hint == "Another."


def test_description_is_json_without_secrets() -> None:
    inner = Sentence("inner", "{n}", n=np.int64(3))
    said = Sentence(
        "a-key",
        "{address} {share} {bad} {cause}",
        address="https://me:geheim@host/a?token=geheim",
        share=np.float32(0.5),
        bad=float("nan"),
        cause=inner,
    )
    told = json.loads(json.dumps(describe(said), allow_nan=False))
    assert "geheim" not in json.dumps(told)
    assert told["values"]["share"] == 0.5
    assert told["values"]["bad"] == "nan"
    assert told["values"]["cause"] == {"key": "inner", "text": "3", "hint": "", "values": {"n": 3}}
    assert describe("plain https://me:geheim@host/a") == {"text": "plain https://***@host/a"}


def test_sentences_and_errors_travel_to_another_process(tmp_path: Path) -> None:
    error = RasterReadError("scene-unreadable", "{scene} is {what}.", "Look at {scene}.", scene=tmp_path, what=object())
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (RasterReadError, str(error))
    assert describe(again.sentence) == describe(error.sentence)
    assert isinstance(again, OSError)
    joined = pickle.loads(pickle.dumps(join([error.sentence, "b"], "; ")))
    assert joined == f"{error.sentence}; b"
    assert joined.values["part1"].key == "scene-unreadable"


def test_error_of_a_sentence_keeps_it() -> None:
    first = RasterReadError("a-key", "{a}", "{b}", a=1, b=2)
    second = DataError.of(first.sentence)
    assert (second.text, second.hint, second.sentence.key, second.code) == ("1", "2", "a-key", "DataError")


@pytest.mark.parametrize(
    ("arguments", "key", "values"),
    [
        (["--tta", "3"], "usage-choice", {"option": "--tta", "value": "3"}),
        (["--overlap", "half"], "usage-number", {"option": "--overlap", "value": "half"}),
        (["--bands", "red"], "option-not-numbers", {"option": "--bands", "text": "red"}),
        (["--memory", "much"], "size-not-readable", {"text": "much"}),
        (["--no-such-option"], "usage", {}),
    ],
)
def test_wrong_arguments_are_events(arguments: list[str], key: str, values: dict[str, str]) -> None:
    command = [sys.executable, "-m", "aerialseg_core", "segment", "a.tif", "-o", "b.tif", "--progress", "json"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
    told = json.loads(done.stdout)
    assert done.returncode == 2
    assert (told["event"], told["code"], told["key"]) == ("error", "ParameterError", key)
    assert values.items() <= told["values"].items()
