"""The model bundle: one ONNX file that carries its card.

A bundle is data. Loading refuses what could reach outside the file (external data) or run foreign code (operators of
unknown domains), and checks the network's checksum against the card.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..errors import ModelError
from ..files.cache import make_key, read_entry, write_entry
from ..files.outputs import write_atomically
from ..progress import Check, check_nothing
from .card import Card
from .deepness import read_metadata, write_metadata
from .description import USUAL_PATCH
from .probe import TINY, probe
from .signature import OWN, NetworkSpec, Signature

if TYPE_CHECKING:  # at run time it is imported where a network is looked at, which is once for each file
    import onnx

CARD_KEY = "aerialseg"
"""Metadata key of the card."""

WEIGHTS_KEY = "aerialseg_weights"
"""Metadata key of the list of what a layer's weights have become, which a training that starts from it reads."""

DEEPNESS_OVERLAP = 0.15
"""Overlap that Deepness is told to use."""

LARGEST_FILE = 2 << 30
"""Bytes of the largest ONNX file: no reader of this format takes more in one piece."""

_DOMAINS = {"", "ai.onnx", "ai.onnx.ml", "com.microsoft"}
_AGAIN = "Get the model file again."
_KIND = "networks"

_OWN_OPERATORS = {
    *("Add", "AveragePool", "BatchNormalization", "Cast", "Clip", "Concat", "Conv", "ConvTranspose", "Div", "Exp"),
    *("Gather", "Identity", "MaxPool", "Mul", "Pad", "ReduceMax", "ReduceSum", "Relu", "Resize", "Shape", "Slice"),
    *("Softmax", "Sub", "Transpose"),
}
"""Operators of our own networks: none of them loops, and none makes much of little."""

_PASSED_ON = {"Cast", "Dropout", "Identity", "Reshape", "Resize", "Squeeze", "Transpose", "Unsqueeze"}
_ACTIVATIONS = {"HardSigmoid", "Sigmoid", "Softmax"}


@dataclass(frozen=True)
class Model:
    """A model that was read and found in order, and can be run."""

    path: Path
    """Its file."""
    card: Card
    """Its card."""
    sha256: str
    """SHA-256 of the whole file, in hex."""
    network: bytes
    """The serialized ONNX network; empty for a `.keras` file, which Keras reads itself."""
    signature: Signature = OWN
    """How the network is used; that of a `.keras` file is known to the engine that has loaded it."""
    notes: tuple[str, ...] = ()
    """What a user should know about it."""


def load_bundle(path: Path, *, described: Mapping[str, Any] | None = None, check: Check = check_nothing) -> Model:
    """Read a model file. A network that is not evidently what its card says is tried first (`probe.py`).

    Args:
        path: The file.
        described: What a person says of a network from elsewhere (`card_file.py`); it goes before its metadata.
        check: Called while a network is tried; raises to give up.

    Raises:
        ModelError: The file is missing, damaged, altered, unsafe, or not a segmentation model; or what nobody can tell
            from the network is not said, or it has a card already.
    """
    content = _read_file(path)
    sha256 = hashlib.sha256(content).hexdigest()
    if described is None and (found := _recall(sha256)):
        return Model(path, found[0], sha256, content, found[1])
    model = _parse(content, path)
    _refuse_unsafe(model, len(content), path)
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    if CARD_KEY in metadata:
        if described is not None:
            raise ModelError(
                "model-has-card",
                "{path} carries a card already.",
                "Leave out --card, or give the file from before.",
                path=path,
            )
        card = Card.from_json(metadata[CARD_KEY])
        if card.sha256 != hash_network(model):
            raise ModelError(
                "model-altered", "The network in {path} does not match its card: damaged or altered.", _AGAIN, path=path
            )
        signature = _check_network(model, content, card, path.name, check)
        write_entry(_KIND, _make_key(sha256), json.dumps([metadata[CARD_KEY], asdict(signature)]).encode())
        return Model(path, card, sha256, content, signature)
    given = described or {}
    published = read_metadata(path.stem, metadata, skip=("class_names", "names") if "classes" in given else ())
    description = replace(published, **given)
    seen = try_network(model, content, path.name, patch=description.patch or USUAL_PATCH, check=check)
    card, signature = description.conclude(seen, path.name)
    return Model(path, card, sha256, content, signature, tuple(description.notes(signature)))


def _recall(sha256: str) -> tuple[Card, Signature] | None:
    """Recall the card of a file that was found in order before, and how its network is used: it is the same file."""
    stored = read_entry(_KIND, _make_key(sha256))
    if stored is None:
        return None
    card, signature = json.loads(stored)
    return Card.from_json(card), Signature(**signature)


def _make_key(sha256: str) -> str:
    """Make the name of what is known of a file; another version of aerialseg may find more wrong with it."""
    return make_key(sha256, __version__)


def embed_card(model: Model) -> Model:
    """Put the card of a model that was read from an ONNX file inside; what its metadata say and the network stay.

    Args:
        model: The model; one that has its card inside is returned as it is.
    """
    import onnx

    network = onnx.load_model_from_string(model.network)
    metadata = {entry.key: entry.value for entry in network.metadata_props}
    if CARD_KEY in metadata:
        return model
    card = model.card.with_sha256(hash_network(network))
    onnx.helper.set_model_props(network, {**metadata, CARD_KEY: card.to_json()})
    content = network.SerializeToString(deterministic=True)
    return replace(model, card=card, sha256=hashlib.sha256(content).hexdigest(), network=content)


def read_card(path: Path) -> Card:
    """Read the card of a bundle; nothing is run, and the network is not looked at.

    Raises:
        ModelError: The file is missing, damaged, or has no card.
    """
    metadata = {entry.key: entry.value for entry in _parse(_read_file(path), path).metadata_props}
    if CARD_KEY not in metadata:
        raise ModelError(
            "model-without-card",
            "{path} carries no card.",
            "Run `aerialseg models add {file} --card CARD.toml`.",
            path=path,
            file=path.name,
        )
    return Card.from_json(metadata[CARD_KEY])


def save_bundle(model: onnx.ModelProto, card: Card, path: Path, *, overwrite: bool = False) -> Model:
    """Write a network with its card; the file is whole or absent.

    Args:
        model: Network with one image input and one output of class scores; of its metadata the list of weights is kept.
            Where it is like our own and takes patches
            of any size, it is written as one for the patch of its card: programs such as the QGIS plugin Deepness need
            numbers for rows and columns. The weights stay as they are.
        card: Its card; the checksum is filled in here.
        path: Target, `*.onnx`.
        overwrite: Whether an existing file may be replaced.

    Raises:
        ModelError: The network is not one that `load_bundle` would accept.
        OutputError: The file exists or cannot be written.
    """
    import onnx

    _declare_patch(model, card.patch)
    card = card.with_sha256(hash_network(model))
    weights = {entry.key: entry.value for entry in model.metadata_props if entry.key == WEIGHTS_KEY}
    metadata = {CARD_KEY: card.to_json(), **write_metadata(card, DEEPNESS_OVERLAP), **weights}
    onnx.helper.set_model_props(model, metadata)
    content = model.SerializeToString(deterministic=True)
    _refuse_unsafe(model, len(content), path)
    _check_network(model, content, card, path.name, check_nothing)
    with write_atomically(path, overwrite=overwrite) as temporary:
        temporary.write_bytes(content)
    return load_bundle(path)


def update_bundle(path: Path, **changes: Any) -> Model:
    """Write a bundle again as `save_bundle` would today, with another card if wanted; the weights stay as they are.

    Args:
        path: The bundle; it is replaced.
        **changes: Fields of its card, with their new values.

    Raises:
        ModelError: It is not in order, or would not be afterwards.
        OutputError: It cannot be written.
    """
    import onnx

    card = replace(load_bundle(path).card, **changes)
    return save_bundle(onnx.load(path), card, path, overwrite=True)


def try_network(model: onnx.ModelProto, content: bytes, name: str, *, patch: int, check: Check) -> NetworkSpec:
    """Run a network on a tiny patch, or on one of this size where it takes no tiny one.

    Raises:
        ModelError: It cannot be run, not within the limits of the probe, or takes no images.
    """
    sides = (TINY, patch) if patch > TINY else (patch,)
    activated = [out.name for out in model.graph.output if _is_activated(model, out.name)]
    return probe(content, name, sides=sides, activated=activated, check=check)


def hash_network(model: onnx.ModelProto) -> str:
    """Compute the SHA-256 of the graph with its weights, in hex; metadata do not count."""
    return hashlib.sha256(model.graph.SerializeToString(deterministic=True)).hexdigest()


def _declare_patch(model: onnx.ModelProto, patch: int) -> None:
    """Declare rows and columns of input and output as so many, where a network like our own leaves them open."""
    shape = _find_plain_shape(model)
    if shape is not None and not shape[1]:
        stored = {tensor.name for tensor in model.graph.initializer}
        for value in (*(one for one in model.graph.input if one.name not in stored), *model.graph.output):
            for axis in value.type.tensor_type.shape.dim[2:]:
                axis.dim_value = patch


def _read_file(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ModelError(
                "model-too-large",
                "The model {path} has more than {gib} GiB.",
                "Choose a smaller model.",
                path=path,
                gib=LARGEST_FILE >> 30,
            )
        return path.read_bytes()
    except OSError as error:
        raise ModelError(
            "model-unreadable",
            "The model {path} cannot be read: {error}.",
            "`aerialseg models list` names the models.",
            path=path,
            error=error.strerror,
        ) from error


def _parse(content: bytes, path: Path) -> onnx.ModelProto:
    import onnx
    from google.protobuf.message import DecodeError, EncodeError

    model = onnx.ModelProto()
    try:
        model.ParseFromString(content)
    except (DecodeError, EncodeError, RuntimeError) as error:
        raise ModelError("model-no-onnx", "{path} is not an ONNX model, or is damaged.", _AGAIN, path=path) from error
    if not model.graph.node or not model.graph.input or not model.graph.output:
        raise ModelError("model-no-onnx", "{path} is not an ONNX model, or is damaged.", _AGAIN, path=path)
    return model


def _refuse_unsafe(model: onnx.ModelProto, size: int, path: Path) -> None:
    """Refuse a network of a file of so many bytes that reaches outside of it, or claims what is not in it."""
    from onnx.external_data_helper import uses_external_data

    own = {function.domain for function in model.functions}  # functions whose body is in this very file
    foreign = {entry.domain for entry in model.opset_import} - _DOMAINS - own
    if foreign:
        named = ascii(", ".join(sorted(foreign)))[1:200].rstrip("'")
        raise ModelError(
            "model-foreign-code",
            "{path} uses operators of foreign code ({operators}).",
            _AGAIN,
            path=path,
            operators=named,
        )
    bodies = (_list_tensors(function.node) for function in model.functions)
    for tensor in chain(_list_tensors(model.graph.node, model.graph), *bodies):
        if uses_external_data(tensor):
            raise ModelError(
                "model-external-weights",
                "{path} keeps its weights in other files.",
                "Save the model as one single file.",
                path=path,
            )
        if min(tensor.dims, default=0) < 0 or math.prod(tensor.dims) > 8 * size:  # eight values in a byte at most
            raise ModelError("model-weights-missing", "{path} claims weights that it does not hold.", _AGAIN, path=path)


def _list_tensors(nodes: Any, graph: Any = None) -> Iterator[Any]:
    """Every tensor of nodes, of the graph that they belong to, and of the graphs nested in them."""
    if graph is not None:
        yield from graph.initializer
        for sparse in graph.sparse_initializer:
            yield from (sparse.values, sparse.indices)
    for node in nodes:
        for attribute in node.attribute:
            yield from attribute.tensors
            if attribute.HasField("t"):
                yield attribute.t
            for sparse in (
                *attribute.sparse_tensors,
                *((attribute.sparse_tensor,) * attribute.HasField("sparse_tensor")),
            ):
                yield from (sparse.values, sparse.indices)
            for nested in (*attribute.graphs, *((attribute.g,) * attribute.HasField("g"))):
                yield from _list_tensors(nested.node, nested)


def _check_network(model: onnx.ModelProto, content: bytes, card: Card, name: str, check: Check) -> Signature:
    """Find out how the network of a card is used.

    Raises:
        ModelError: It is not what the card says.
    """
    shape = _find_plain_shape(model)
    if shape is not None:
        bands, patch, classes = shape
        signature = OWN
    else:
        seen = try_network(model, content, name, patch=card.patch, check=check)
        signature = seen.to_signature(named=len(card.classes), threshold=card.threshold, output=card.output, model=name)
        bands, patch, classes = seen.bands, seen.patch, signature.classes
    if (bands, classes) != (len(card.bands), len(card.classes)):
        raise ModelError(
            "model-card-differs",
            "The network has {bands} bands and {classes} classes, its card {card_bands} and {card_classes}.",
            _AGAIN,
            bands=bands,
            classes=classes,
            card_bands=len(card.bands),
            card_classes=len(card.classes),
        )
    if patch not in (0, card.patch):
        raise ModelError(
            "model-card-patch",
            "The network takes patches of {patch} px only, its card says {card_patch} px.",
            _AGAIN,
            patch=patch,
            card_patch=card.patch,
        )
    return signature


def _find_plain_shape(model: onnx.ModelProto) -> tuple[int, int, int] | None:
    """(bands, fixed patch or 0, classes) of a network that is evidently like our own; None of any other.

    Its operators take a bounded time, it takes one NCHW image of float32 of any number, and what it gives is a softmax
    over the classes of the same size.
    """
    from onnx import TensorProto

    graph = model.graph
    stored = {tensor.name for tensor in graph.initializer}
    values = [*(one for one in graph.input if one.name not in stored), *graph.output]
    plain = all(node.op_type in _OWN_OPERATORS and not node.domain for node in graph.node)
    if not plain or model.functions or graph.sparse_initializer or len(values) != 2:
        return None
    kinds = [value.type.tensor_type for value in values]
    shapes = [[d.dim_value for d in kind.shape.dim] for kind in kinds]
    if any(kind.elem_type != TensorProto.FLOAT for kind in kinds) or any(len(shape) != 4 for shape in shapes):
        return None
    (batch, bands, rows, cols), (_, classes, *size) = shapes
    if batch or rows != cols or not bands or classes < 2 or size != [rows, cols]:
        return None
    return (bands, rows, classes) if _is_softmax(model, values[1].name) else None


def _is_softmax(model: onnx.ModelProto, name: str) -> bool:
    """Whether a value is a softmax over axis 1, as one operator or spelt out as exp / sum."""
    from onnx import numpy_helper

    made_by = _index_producers(model)
    last = made_by.get(name)
    if last is None or last.op_type not in ("Softmax", "Div"):
        return False
    if last.op_type == "Softmax":
        opset = max((entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")), default=0)
        return opset >= 13 and _read_integers(last, "axis") == [1]
    above, below = (made_by.get(one) for one in last.input)
    if above is None or below is None or (above.op_type, below.op_type) != ("Exp", "ReduceSum"):
        return False
    axes = next((t for t in model.graph.initializer if len(below.input) > 1 and t.name == below.input[1]), None)
    along = _read_integers(below, "axes") if axes is None else numpy_helper.to_array(axes).tolist()
    return below.input[0] == last.input[0] and along == [1]


def _is_activated(model: onnx.ModelProto, name: str) -> bool:
    """Whether a value comes out of a sigmoid or softmax."""
    made_by = _index_producers(model)
    for _ in model.graph.node:  # at most as many steps as there are nodes
        node = made_by.get(name)
        if node is None or node.op_type not in _PASSED_ON:
            return node is not None and (node.op_type in _ACTIVATIONS or _is_softmax(model, name))
        name = node.input[0] if node.input else ""
    return False


def _index_producers(model: onnx.ModelProto) -> dict[str, Any]:
    return {name: node for node in model.graph.node for name in node.output}


def _read_integers(node: Any, name: str) -> list[int]:
    """The integers of an attribute; empty if the node has none of that name."""
    found = next((a for a in node.attribute if a.name == name), None)
    return [] if found is None else [*found.ints] or [found.i]
