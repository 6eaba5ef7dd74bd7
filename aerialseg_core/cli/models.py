"""`aerialseg models`."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from .options import open_reporter, print_result, progress_option


@click.group(short_help="List, show, check and describe models.")
def models() -> None:
    """List the shipped models, show a model's card, check a model, or export it as a STAC item.

    \b
    Examples:
      aerialseg models list
      aerialseg models show mbrsc-lite0
      aerialseg models check frommyfriend.onnx
      aerialseg models stac mymodel.onnx > mymodel.json
    """


@models.command("list")
@progress_option
def list_models(progress: str) -> None:
    """List the shipped models."""
    from ..model.registry import list_models, load_model

    with open_reporter(progress) as reporter:
        cards = [load_model(name).card for name in list_models()]
        reporter.result(models=[{"name": c.name, "description": c.description} for c in cards])
    for card in cards:
        print_result(progress, f"{card.name:<16} {card.description}")


@models.command("show")
@click.argument("name")
@progress_option
def show_model(name: str, progress: str) -> None:
    """Show the card of a model, by NAME or by its file."""
    from ..model.registry import load_model

    with open_reporter(progress) as reporter:
        model = load_model(name, check=reporter.check)
        reporter.result(card=model.card.to_dict(), file_sha256=model.sha256)
    print_result(progress, json.dumps(model.card.to_dict(), indent=2))  # in ASCII, which every pipe takes


@models.command("check", short_help="Say what would be done with a model.")
@click.argument("name")
@progress_option
def check_model(name: str, progress: str) -> None:
    """Say what would be done with a model, by NAME or by its file: what goes in, what comes out, how it is read.

    The network is run on tiny patches, by every engine that is usable here. What cannot make a map is refused in a
    sentence, with exit code 5.

    \b
    Example:
      aerialseg models check theirs.onnx
    """
    from ..model import check as checking

    with open_reporter(progress) as reporter:
        found = checking.check_model(name, reporter=reporter)
        reporter.result(**asdict(found))
    for line in found.lines():
        print_result(progress, line)


@models.command("stac")
@click.argument("name")
def stac_item(name: str) -> None:
    """Print the STAC item (MLM extension) of a model, by NAME or by its file."""
    from ..model.registry import load_model
    from ..model.stac import make_mlm_item

    model = load_model(name)
    item = make_mlm_item(
        model.card,
        href=model.path.name,
        sha256=model.sha256,
        dtype=model.signature.dtype,
        channels_last=model.signature.channels_last,
    )
    print_result("none", json.dumps(item, indent=2))
