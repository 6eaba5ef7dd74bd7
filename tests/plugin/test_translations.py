"""All that the plugin says is translated, and `scripts/translations.py` notices when it is not."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

REPO = Path(__file__).resolve().parents[2]
PLUGIN = REPO / "plugin"

CODE = """from .i18n import tr
print(tr("Read {} of {}").format(1, 2), tr("&Run"), tr(" and "), tr("one " 'text'))
"""
TRANSLATIONS = {"Read {} of {}": "Von {1} ist {0} gelesen", "&Run": "&Los", " and ": " & ", "one text": 'ein <"Text">'}


@pytest.fixture(scope="module")
def translations() -> ModuleType:
    """The script, as a module."""
    spec = importlib.util.spec_from_file_location("translations", REPO / "scripts" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def small(tmp_path: Path, translations: ModuleType) -> Path:
    """A plugin of four texts, translated."""
    plugin = tmp_path / "plugin"
    (plugin / "i18n").mkdir(parents=True)
    (plugin / "code.py").write_text(CODE, encoding="utf-8")
    ts = plugin / "i18n" / "aerialseg_de.ts"
    known = {text: translations.Translation(translation) for text, translation in TRANSLATIONS.items()}
    translations.write(ts, translations.collect(plugin), known)
    return plugin


def found(translations: ModuleType, plugin: Path) -> list[str]:
    """What is wrong, but for the .qm file that is not there."""
    return [line for line in translations.find_problems(plugin) if ".qm is not there" not in line]


def replace(plugin: Path, old: str, new: str, name: str = "i18n/aerialseg_de.ts") -> None:
    text = (plugin / name).read_text(encoding="utf-8")
    assert old in text
    (plugin / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_text_of_the_plugin_is_translated_and_compiled(translations: ModuleType) -> None:
    assert list(translations.find_problems(PLUGIN)) == []


def test_files_of_translations_are_as_update_writes_them(translations: ModuleType, tmp_path: Path) -> None:
    copy = shutil.copytree(PLUGIN, tmp_path / "plugin", ignore=shutil.ignore_patterns("__pycache__"))
    translations.update(copy)
    for ts in translations.list_files(PLUGIN):
        assert (copy / "i18n" / ts.name).read_bytes() == ts.read_bytes()


def test_small_plugin_is_fine_and_update_changes_nothing(translations: ModuleType, small: Path) -> None:
    assert found(translations, small) == []
    ts = small / "i18n" / "aerialseg_de.ts"
    before = ts.read_bytes()
    assert translations.update(small) == "aerialseg_de.ts: 4 texts, 0 to translate, 0 dropped"
    assert ts.read_bytes() == before
    assert {text: t.text for text, t in translations.read(ts).items()} == TRANSLATIONS


@pytest.mark.parametrize(
    ("old", "new", "flaw"),
    [
        ("Von {1} ist {0} gelesen", "Gelesen: {}", "placeholders differ"),
        ("Von {1} ist {0} gelesen", "Von {1} ist {} gelesen", "placeholders differ"),
        ("Von {1} ist {0} gelesen", "Von {1 ist {0} gelesen", "placeholders differ"),
        ("> &amp; <", "> &amp;<", "spaces at an end differ"),
        ("&amp;Los", "Los", "the key (&) differs"),
        ("&amp;Los", "", "unfinished"),
        ("<translation>&amp;Los", '<translation type="unfinished">&amp;Los', "unfinished"),
        ("<translation>&amp;Los", '<translation type="vanished">&amp;Los', "vanished"),
        ("<source>&amp;Run", "<source>R&amp;un", "missing"),
        ("<source>&amp;Run", "<source>R&amp;un", "no longer in the code"),
    ],
)
def test_flaw_is_noticed(translations: ModuleType, small: Path, old: str, new: str, flaw: str) -> None:
    replace(small, old, new)
    assert any(flaw in line for line in found(translations, small))
    assert translations.main(["check", "--plugin", str(small)]) == 1


def test_update_keeps_what_is_translated_and_drops_what_vanished(translations: ModuleType, small: Path) -> None:
    replace(small, '"&Run"', '"R&un"', "code.py")
    assert translations.update(small) == "aerialseg_de.ts: 4 texts, 1 to translate, 1 dropped"
    known = translations.read(small / "i18n" / "aerialseg_de.ts")
    assert known.pop("R&un") == translations.Translation("", finished=False)
    assert {text: t.text for text, t in known.items()} == {k: v for k, v in TRANSLATIONS.items() if k != "&Run"}


def test_text_that_returns_gets_its_vanished_translation_back(translations: ModuleType, small: Path) -> None:
    replace(small, "<translation>&amp;Los", '<translation type="vanished">&amp;Los')
    assert "0 to translate" in translations.update(small)
    assert found(translations, small) == []


@pytest.mark.parametrize(
    "call", ['tr(f"a {1}")', "tr(name)", 'tr("a" + "b")', 'tr("a", 1)', 'tr("")', 'map(tr, ["a"])']
)
def test_text_that_cannot_be_collected_is_an_error(translations: ModuleType, small: Path, call: str) -> None:
    (small / "more.py").write_text(f"from .i18n import tr\n\nvalue = {call}\n", encoding="utf-8")
    with pytest.raises(translations.TextError, match=r"plugin/more\.py"):
        translations.collect(small)
    assert translations.main(["update", "--plugin", str(small)]) == 1


def test_compiled_file_must_be_there_and_be_the_one_of_its_source(translations: ModuleType, small: Path) -> None:
    ts = small / "i18n" / "aerialseg_de.ts"
    assert list(translations.find_problems(small)) == ["aerialseg_de.qm is not there: run `release`."]
    shutil.copyfile(PLUGIN / "i18n" / "aerialseg_de.qm", ts.with_suffix(".qm"))
    assert list(translations.find_problems(small)) == [
        "aerialseg_de.qm is not the one of aerialseg_de.ts: run `release`."
    ]


def test_release_compiles_or_says_where_lrelease_is_to_be_had(
    translations: ModuleType, small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if any(map(shutil.which, translations.LRELEASE_NAMES)):
        assert translations.main(["release", "--plugin", str(small)]) == 0
        assert translations.main(["check", "--plugin", str(small)]) == 0
    monkeypatch.setenv("PATH", "")
    capsys.readouterr()
    assert translations.main(["release", "--plugin", str(small)]) == 1
    assert "qttools5-dev-tools" in capsys.readouterr().err


def test_file_that_is_no_xml_is_named(translations: ModuleType, small: Path) -> None:
    replace(small, "</TS>", "")
    with pytest.raises(translations.TextError, match=r"aerialseg_de\.ts is no XML"):
        translations.update(small)
