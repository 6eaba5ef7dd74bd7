"""The model bundle: one ONNX file that carries its card.

A bundle is data. Loading refuses what could reach outside the file (external data) or run foreign code (operators of
unknown domains), and checks the network's checksum against the card.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnx
from google.protobuf.message import DecodeError, EncodeError
from onnx.external_data_helper import uses_external_data

from .card import Card
from .errors import ModelError
from .outputs import whole_or_absent

CARD_KEY = "aerialseg"
"""Metadata key of the card."""

DEEPNESS_OVERLAP = 0.15
"""Overlap that Deepness is told to use."""

_DOMAINS = {"", "ai.onnx", "ai.onnx.ml", "com.microsoft"}
_AGAIN = "Get the model file again."


@dataclass(frozen=True)
class Bundle:
    """A model that was read and found in order."""

    path: Path
    """The file."""
    card: Card
    """Its card."""
    sha256: str
    """SHA-256 of the whole file, in hex."""
    network: bytes
    """The ONNX model, serialised."""


def load_bundle(path: Path) -> Bundle:
    """Read a model file.

    Raises:
        ModelError: The file is missing, damaged, altered, unsafe, or not a segmentation model.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"The model {path} cannot be read: {error.strerror}.", "`aerialseg models list` names the models."
        ) from error
    model = _parse(content, path)
    _refuse_unsafe(model, path)
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    if CARD_KEY in metadata:
        card = Card.from_json(metadata[CARD_KEY])
        if card.sha256 != network_sha256(model):
            raise ModelError(f"The network in {path} does not match its card: damaged or altered.", _AGAIN)
    else:
        card = Card.from_deepness(path.stem, metadata, _network_shape(model, path))
    return Bundle(path, card, hashlib.sha256(content).hexdigest(), content)


def save_bundle(model: onnx.ModelProto, card: Card, path: Path, *, overwrite: bool = False) -> Bundle:
    """Write a network with its card; the file is whole or absent.

    Args:
        model: Network with one NCHW float32 input and one NCHW output of class probabilities.
        card: Its card; the checksum is filled in here.
        path: Target, `*.onnx`.
        overwrite: Whether an existing file may be replaced.

    Raises:
        ModelError: The network is not one that `load_bundle` would accept.
        OutputError: The file exists or cannot be written.
    """
    bands, _, classes = _network_shape(model, path)
    if (bands, classes) != (len(card.bands), len(card.classes)):
        raise ModelError(
            f"The network has {bands} bands and {classes} classes, its card {len(card.bands)} and {len(card.classes)}."
        )
    card = card.with_sha256(network_sha256(model))
    metadata = {CARD_KEY: card.to_json(), **card.to_deepness(DEEPNESS_OVERLAP)}
    onnx.helper.set_model_props(model, metadata)
    with whole_or_absent(path, overwrite=overwrite) as temporary:
        temporary.write_bytes(model.SerializeToString(deterministic=True))
    return load_bundle(path)


def network_sha256(model: onnx.ModelProto) -> str:
    """SHA-256 of the graph with its weights, in hex; metadata do not count."""
    return hashlib.sha256(model.graph.SerializeToString(deterministic=True)).hexdigest()


def _parse(content: bytes, path: Path) -> onnx.ModelProto:
    model = onnx.ModelProto()
    try:
        model.ParseFromString(content)
    except (DecodeError, EncodeError, RuntimeError) as error:
        raise ModelError(f"{path} is not an ONNX model, or is damaged.", _AGAIN) from error
    if not model.graph.node or not model.graph.input or not model.graph.output:
        raise ModelError(f"{path} is not an ONNX model, or is damaged.", _AGAIN)
    return model


def _refuse_unsafe(model: onnx.ModelProto, path: Path) -> None:
    foreign = {entry.domain for entry in model.opset_import} - _DOMAINS
    if foreign:
        raise ModelError(f"{path} uses operators of foreign code ({', '.join(sorted(foreign))}).", _AGAIN)
    if any(uses_external_data(tensor) for tensor in _tensors(model.graph)):
        raise ModelError(f"{path} keeps its weights in other files.", "Save the model as one single file.")


def _tensors(graph: Any) -> Iterator[Any]:
    """Every tensor of a graph and of the graphs nested in its nodes."""
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        yield from (sparse.values, sparse.indices)
    for node in graph.node:
        for attribute in node.attribute:
            yield from attribute.tensors
            if attribute.HasField("t"):
                yield attribute.t
            for nested in (*attribute.graphs, *((attribute.g,) if attribute.HasField("g") else ())):
                yield from _tensors(nested)


def _network_shape(model: onnx.ModelProto, path: Path) -> tuple[int, int, int]:
    """(bands, fixed patch or 0, classes) of a network with one image input and one score output."""
    stored = {tensor.name for tensor in model.graph.initializer}
    inputs = [i for i in model.graph.input if i.name not in stored]
    shapes = [[d.dim_value for d in v.type.tensor_type.shape.dim] for v in (*inputs, *model.graph.output)]
    if len(inputs) != 1 or len(shapes) != 2 or any(len(s) != 4 for s in shapes):
        raise ModelError(f"{path} is not a segmentation network with one NCHW input and one NCHW output.")
    (_, bands, rows, cols), (_, classes, _, _) = shapes
    if rows != cols or not bands or not classes:
        raise ModelError(f"{path} does not take square patches of a known number of bands and classes.")
    return bands, rows, classes
