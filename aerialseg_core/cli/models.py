"""`aerialseg models`."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from .options import open_reporter, print_result, progress_option

card_option = click.option(
    "--card",
    type=click.Path(exists=True, dir_okay=False),
    metavar="CARD.toml",
    help="What the file does not say of itself: its classes, ground resolution, scaling.",
)


@click.group(short_help="List, show, check, add and describe models.")
def models() -> None:
    """List the models, show a model's card, check a model, add one from elsewhere, or export it as a STAC item.

    \b
    Examples:
      aerialseg models list
      aerialseg models show mbrsc-lite0
      aerialseg models check theirs.onnx
      aerialseg models line mine.onnx
      aerialseg models add theirs.onnx --card theirs.toml
      aerialseg models stac mymodel.onnx > mymodel.json
    """


@models.command("list", short_help="List the models that can be used by name.")
@progress_option
def list_models(progress: str) -> None:
    """List the models that can be used by name: the shipped ones, and those that were added."""
    from ..errors import ModelError
    from ..model.bundle import read_card
    from ..model.registry import list_models

    with open_reporter(progress) as reporter:
        listed = []
        for name, path in list_models().items():
            try:
                listed.append({"name": name, "description": read_card(path).description, "file": str(path)})
            except ModelError as error:  # a file that somebody laid into the folder
                reporter.message(error.sentence.whole(), "warning")
        reporter.result(models=listed)
    for model in listed:
        print_result(progress, f"{model['name']:<16} {model['description']}")


@models.command("add", short_help="Add a model from elsewhere, to use it by its name.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@card_option
@click.option("--overwrite", is_flag=True, help="Replace a model that was added under this name.")
@progress_option
def add_model(file: str, card: str | None, overwrite: bool, progress: str) -> None:
    """Add the ONNX model FILE to those that can be used by name.

    A copy goes into the folder AERIALSEG_MODELS, or into the folder of the user's data, with its card inside. What its
    metadata do not say comes from --card, a TOML; what is missing there is asked for.

    \b
    Examples:
      aerialseg models add roads.onnx --card roads.toml
      aerialseg segment scene.tif -o classes.tif --model roads
    """
    from ..model import registry

    with open_reporter(progress) as reporter:
        model = registry.add_model(file, card=card, overwrite=overwrite, check=reporter.check)
        reporter.result(name=model.card.name, file=str(model.path), notes=list(model.notes))
    print_result(progress, f"{model.card.name:<16} {model.path}")
    for note in model.notes:
        print_result(progress, f"note             {note}")


@models.command("show")
@click.argument("name")
@progress_option
def show_model(name: str, progress: str) -> None:
    """Show the card of a model, by NAME or by its file."""
    from ..model.registry import load_model

    with open_reporter(progress) as reporter:
        model = load_model(name, check=reporter.check)
        reporter.result(card=model.card.to_dict(), file_sha256=model.sha256)
    card = model.card.to_dict()
    if "known" in card:  # what the training images look like is numbers for the program
        packed = card["known"]["packed"]
        card["known"]["packed"] = f"{packed[:16]}... ({len(packed)} characters)"
    if "activations" in card:
        card["activations"] = f"of {len(card['activations'])} feature maps"
    print_result(progress, json.dumps(card, indent=2))  # in ASCII, which every pipe takes


@models.command("line", short_help="List the versions that a model was retrained from.")
@click.argument("name")
@progress_option
def list_versions(name: str, progress: str) -> None:
    """List the versions of a model, by NAME or by its file: itself, the one that it was retrained from, and so on.

    They are looked for among the models that can be used by name and in the folder of the file.

    \b
    Example:
      aerialseg models line mine.onnx
    """
    from ..model.lineage import trace_parents
    from ..model.registry import list_models, load_model
    from ..sentences import Sentence

    with open_reporter(progress) as reporter:
        model = load_model(name, check=reporter.check)
        files = [*list_models().values(), *sorted(model.path.absolute().parent.glob("*.onnx"))]
        line = [(model.path, model.card), *trace_parents(model, files)]
        versions = [
            {"name": card.name, "file": str(path), "accuracy": card.metrics.get("accuracy"), "parent": card.parent}
            for path, card in line
        ]
        if versions[-1]["parent"]:
            said = "The parent of {name} is not among the models here."
            reporter.message(Sentence("model-parent-missing", said, name=versions[-1]["name"]), "warning")
        reporter.result(versions=versions)
    for one in versions:
        print_result(progress, f"{one['name']:<16} {one['file']}")


@models.command("check", short_help="Say what would be done with a model.")
@click.argument("name")
@card_option
@progress_option
def check_model(name: str, card: str | None, progress: str) -> None:
    """Say what would be done with a model, by NAME or by its file: what goes in, what comes out, how it is read.

    The network is run on tiny patches, by every engine that is usable here. What cannot make a map is refused in a
    sentence, with exit code 5.

    \b
    Examples:
      aerialseg models check theirs.onnx
      aerialseg models check theirs.onnx --card theirs.toml
    """
    from ..model import check as checking

    with open_reporter(progress) as reporter:
        found = checking.check_model(name, card=card, reporter=reporter)
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
