"""MkDocs hook: puts what each command's `--help` says in place of `{commands}` on the page of the command line."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import click

from aerialseg_core.cli.main import cli

MARK = "{commands}"


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Fill in the commands; MkDocs calls this for each page."""
    if MARK not in markdown:
        return markdown
    commands = list(walk(cli, click.Context(cli, info_name="aerialseg")))
    return markdown.replace(MARK, "\n\n".join(describe(command, context) for command, context in commands))


def walk(group: click.Group, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    """Commands of a group and of the groups in it, by name."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is not None:
            inner = click.Context(command, info_name=name, parent=context)
            yield command, inner
            if isinstance(command, click.Group):
                yield from walk(command, inner)


def describe(command: click.Command, context: click.Context) -> str:
    """Describe a command: its usage, its help with the examples as code, and its options as a list."""
    level = "#" * (2 if context.parent and context.parent.parent is None else 3)
    usage = command.get_usage(context).removeprefix("Usage: ")
    parts = [f"{level} {context.command_path}", f"```text\n{usage}\n```"]
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        if paragraph.startswith("\b\n"):
            title, *lines = paragraph.splitlines()[1:]
            parts += [title, "```sh\n" + "\n".join(line.strip() for line in lines) + "\n```"]
        else:
            parts.append(paragraph)
    options = [option.get_help_record(context) for option in command.params if isinstance(option, click.Option)]
    parts.append("\n".join(f"- `{names}`<br>{text}" for names, text in filter(None, options)))
    return "\n\n".join(parts)
