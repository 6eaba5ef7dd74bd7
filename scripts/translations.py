#!/usr/bin/env python3
"""The plugin's texts in other languages: `update` the .ts files, `check` them, `release` them as .qm files.

Every text is the literal argument of a call of `tr` in plugin/, or of `tr_noop` in a table. A translator fills
plugin/i18n/aerialseg_<language>.ts, with Qt Linguist or an editor; QGIS reads the .qm file beside it, which is in the
repository because the plugin is used straight from the working tree. Another language begins with an empty .ts file of
that name.
"""

from __future__ import annotations

import argparse
import ast
import re
import shutil
import string
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

PLUGIN = Path(__file__).resolve().parent.parent / "plugin"
CONTEXT = "aerialseg"
LRELEASE_NAMES = ("lrelease", "lrelease6", "lrelease-qt6", "lrelease-qt5", "pyside6-lrelease")
NO_LRELEASE = (
    "lrelease is not installed; it comes with Qt Linguist (Debian: apt install qttools5-dev-tools or qt6-l10n-tools)."
)

QM_MAGIC = bytes.fromhex("3cb86418caef9c95cd211cbf60a1bddd")
QM_MESSAGES = 0x69
QM_END, QM_TRANSLATION, QM_SOURCE = 1, 3, 6


class TextError(Exception):
    """A text or a file of translations cannot be used."""


class Translation(NamedTuple):
    """What a .ts file has for a text."""

    text: str
    finished: bool = True
    vanished: bool = False


def collect(plugin: Path) -> dict[str, list[str]]:
    """All texts of the plugin, each with the files that it is in.

    Raises:
        TextError: A call has no plain literal, or `tr` is used without calling it.
    """
    found: dict[str, list[str]] = {}
    wrong: list[str] = []
    for path in sorted(plugin.rglob("*.py")):
        name = path.relative_to(plugin).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"), name)
        called = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _is_tr(node.func):
                called.add(node.func)
                text = _read_literal(node)
                if text is None:
                    wrong.append(f"plugin/{name}:{node.lineno}: tr takes one literal: {ast.unparse(node)}")
                elif name not in found.setdefault(text, []):
                    found[text].append(name)
        if any(_is_tr(node) and node not in called for node in ast.walk(tree)):
            wrong.append(f"plugin/{name}: tr is used without a call, and the text is not found")
    if wrong:
        raise TextError("\n".join(wrong))
    return found


def _is_tr(node: ast.AST) -> bool:
    return (isinstance(node, ast.Name) and node.id in ("tr", "tr_noop")) or (
        isinstance(node, ast.Attribute) and node.attr == "tr"
    )


def _read_literal(call: ast.Call) -> str | None:
    """The text of a call; literals that follow each other are one."""
    if len(call.args) != 1 or call.keywords or not isinstance(call.args[0], ast.Constant):
        return None
    text = call.args[0].value
    return text if isinstance(text, str) and text else None


def list_files(plugin: Path) -> list[Path]:
    """The .ts files of the plugin, one for each language."""
    return sorted((plugin / "i18n").glob(f"{CONTEXT}_*.ts"))


def read(ts: Path) -> dict[str, Translation]:
    """What is in a .ts file; an empty file has nothing."""
    data = ts.read_bytes()
    if not data.strip():
        return {}
    try:
        root = ET.fromstring(data)
    except ET.ParseError as error:
        raise TextError(f"{ts.name} is no XML: {error}") from error
    translations = {}
    for message in root.iter("message"):
        node = message.find("translation")
        kind = "unfinished" if node is None else node.get("type", "")
        text = (node.text or "") if node is not None else ""
        finished = bool(text) and kind != "unfinished"
        translations[message.findtext("source") or ""] = Translation(text, finished, kind in ("vanished", "obsolete"))
    return translations


def write(ts: Path, texts: dict[str, list[str]], known: dict[str, Translation]) -> None:
    """Write a .ts file: the texts of the code, with those translations that there are.

    There are no line numbers in it and the order is fixed, so that only texts that changed show in a diff.
    """
    language = ts.stem.removeprefix(f"{CONTEXT}_")
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<!DOCTYPE TS>"]
    lines += [f'<TS version="2.1" language="{language}" sourcelanguage="en">', "<context>"]
    lines += [f"    <name>{CONTEXT}</name>"]
    for text in sorted(texts, key=lambda text: (texts[text][0], text)):
        translation = known.get(text, Translation("", finished=False))
        kind = "" if translation.finished else ' type="unfinished"'
        lines += ["    <message>", *(f'        <location filename="../{name}"/>' for name in texts[text])]
        lines += [f"        <source>{_escape(text)}</source>"]
        lines += [f"        <translation{kind}>{_escape(translation.text)}</translation>", "    </message>"]
    ts.write_text("\n".join([*lines, "</context>", "</TS>", ""]), encoding="utf-8", newline="\n")


def _escape(text: str) -> str:
    return escape(text, {'"': "&quot;", "'": "&apos;"})


def find_problems(plugin: Path) -> Iterator[str]:
    """What is wrong with the translations, a line for each."""
    texts = collect(plugin)
    if not list_files(plugin):
        yield f"{plugin / 'i18n'} has no {CONTEXT}_*.ts."
    for ts in list_files(plugin):
        known = read(ts)
        for text in texts:
            for flaw in _find_flaws(text, known.get(text)):
                yield f"{ts.name}: {flaw}: {text!r}"
        for text in known.keys() - texts.keys():
            yield f"{ts.name}: no longer in the code: {text!r}"
        yield from _find_stale(ts, {text: known[text].text for text in texts if text in known and known[text].text})


def _find_flaws(text: str, translation: Translation | None) -> Iterator[str]:
    if translation is None:
        yield "missing"
    elif translation.vanished or not translation.finished:
        yield "vanished" if translation.vanished else "unfinished"
    else:
        if _find_placeholders(text) != _find_placeholders(translation.text):
            yield f"placeholders differ in {translation.text!r}"
        if _find_edges(text) != _find_edges(translation.text):
            yield f"spaces at an end differ in {translation.text!r}"
        if _count_mnemonics(text) != _count_mnemonics(translation.text):
            yield f"the key (&) differs in {translation.text!r}"


def _find_placeholders(text: str) -> Counter[str] | None:
    """The fields that `str.format` fills; the n-th `{}` is `{n-1}`, so a translation may turn their order round."""
    try:
        fields = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError:
        return None
    if "" in fields and any(name.isdigit() for name in fields):
        return None  # `format` refuses the mixture
    return Counter(name or str(number) for number, name in enumerate(fields))


def _find_edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _count_mnemonics(text: str) -> int:
    return len(re.findall(r"&\w", text))


def _find_stale(ts: Path, wanted: dict[str, str]) -> Iterator[str]:
    qm = ts.with_suffix(".qm")
    if not qm.is_file():
        yield f"{qm.name} is not there: run `release`."
    elif read_qm(qm.read_bytes()) != wanted:
        yield f"{qm.name} is not the one of {ts.name}: run `release`."


def read_qm(data: bytes) -> dict[str, str]:
    """The texts of a .qm file and their translations.

    Raises:
        TextError: The file is no .qm file.
    """
    if data[:16] != QM_MAGIC:
        raise TextError("the .qm file is none")
    try:
        return _read_messages(data)
    except (struct.error, UnicodeDecodeError) as error:
        raise TextError(f"the .qm file is damaged: {error}") from error


def _read_messages(data: bytes) -> dict[str, str]:
    sections, at = {}, 16
    while at < len(data):
        kind, length = struct.unpack_from(">BI", data, at)
        sections[kind] = data[at + 5 : at + 5 + length]
        at += 5 + length
    messages, block, at = {}, sections.get(QM_MESSAGES, b""), 0
    source = translation = ""
    while at < len(block):
        tag, at = block[at], at + 1
        if tag == QM_END:
            messages[source] = translation
            source = translation = ""
            continue
        (length,) = struct.unpack_from(">i", block, at)
        value, at = block[at + 4 : at + 4 + max(length, 0)], at + 4 + max(length, 0)
        if tag == QM_SOURCE:
            source = value.decode("utf-8")
        elif tag == QM_TRANSLATION:
            translation = value.decode("utf-16-be")
    return messages


def update(plugin: Path) -> str:
    """Bring the .ts files up to the code; what is left to translate."""
    texts = collect(plugin)
    lines = []
    for ts in list_files(plugin):
        known = read(ts)
        write(ts, texts, known)
        left = sum(not known[text].finished if text in known else True for text in texts)
        dropped = len(known.keys() - texts.keys())
        lines.append(f"{ts.name}: {len(texts)} texts, {left} to translate, {dropped} dropped")
    return "\n".join(lines)


def check(plugin: Path) -> str:
    """Look whether all is translated.

    Raises:
        TextError: Something is not.
    """
    found = list(find_problems(plugin))
    if found:
        raise TextError("\n".join([*found, "`python scripts/translations.py update` brings the .ts files up to date."]))
    return "\n".join(f"{ts.name}: all texts are translated" for ts in list_files(plugin))


def release(plugin: Path) -> str:
    """Compile the .ts files.

    Raises:
        TextError: There is no lrelease, or it refuses a file.
    """
    program = next(filter(None, map(shutil.which, LRELEASE_NAMES)), None)
    if program is None:
        raise TextError(NO_LRELEASE)
    for ts in list_files(plugin):
        command = [program, "-silent", str(ts), "-qm", str(ts.with_suffix(".qm"))]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise TextError(f"lrelease refuses {ts.name}: {done.stderr.strip() or done.stdout.strip()}")
    return "\n".join(f"{ts.with_suffix('.qm').name}: written" for ts in list_files(plugin))


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; 0 if all is well."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("action", choices=("update", "check", "release"))
    parser.add_argument("--plugin", type=Path, default=PLUGIN, help="folder of the plugin (this one)")
    options = parser.parse_args(arguments)
    action = {"update": update, "check": check, "release": release}[options.action]
    try:
        print(action(options.plugin))
    except TextError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
