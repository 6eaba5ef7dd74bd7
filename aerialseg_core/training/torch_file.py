"""Tensors out of a PyTorch weights file of the old format (before 1.6), without PyTorch and without running code.

The file is a row of pickles (magic number, protocol, system info, the state dictionary, storage keys) followed by the
raw storages. A pickle can call anything; this reader lets it call three things: rebuilding a tensor, making an ordered
dictionary, and naming a storage type.
"""

from __future__ import annotations

import io
import pickle  # nosec B403 - read by an unpickler that calls three harmless things only
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelError

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001
_STORAGES = {"FloatStorage": "<f4", "LongStorage": "<i8", "HalfStorage": "<f2", "DoubleStorage": "<f8"}
_DAMAGE = (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, pickle.UnpicklingError)


@dataclass(frozen=True)
class _Tensor:
    """Where a tensor lies: filled in from the raw storages once they are read."""

    storage: str
    dtype: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def read_tensors(path: Path) -> dict[str, NDArray[Any]]:
    """Read the state dictionary of a PyTorch weights file.

    Args:
        path: A `.pth` file in the old format.

    Returns:
        Arrays by their names, shapes as in PyTorch: (filters out, filters in, rows, cols) for convolutions.

    Raises:
        ModelError: The file is missing, damaged, of another format, or asks for code to be run.
    """
    try:
        with path.open("rb") as file:
            if _load(file) != _MAGIC or _load(file) != _PROTOCOL:
                raise ModelError("weights-format", "{path} is not a PyTorch weights file of the old format.", path=path)
            _load(file)
            state = _load(file)
            storages = _read_storages(file, _load(file), state)
    except ModelError:
        raise
    except _DAMAGE as error:
        raise ModelError(
            "weights-unreadable",
            "The weights in {path} cannot be read: {error}.",
            "Install their package again.",
            path=path,
            error=error,
        ) from error
    return {name: _make_array(tensor, storages) for name, tensor in state.items()}


class _RestrictedUnpickler(pickle.Unpickler):
    """Accepts the three globals of a state dictionary and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuild
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if module == "torch" and name in _STORAGES:
            return _STORAGES[name]
        raise pickle.UnpicklingError(f"it asks for {module}.{name}")

    def persistent_load(self, pid: Any) -> tuple[str, str]:
        """A storage is named ("storage", type, key, device, size, view)."""
        kind, dtype, key, *_ = pid
        if kind != "storage" or dtype not in _STORAGES.values():
            raise pickle.UnpicklingError(f"it asks for {kind!r}")
        return str(key), str(dtype)


def _load(file: BinaryIO) -> Any:
    return _RestrictedUnpickler(file).load()


def _rebuild(storage: tuple[str, str], offset: int, shape: Any, strides: Any, *_: Any) -> _Tensor:
    return _Tensor(*storage, int(offset), tuple(shape), tuple(strides))


def _read_storages(file: BinaryIO, keys: list[str], state: Mapping[str, _Tensor]) -> dict[str, NDArray[Any]]:
    """Each storage is its number of elements (int64) and then the elements, in the order of `keys`."""
    dtypes = {tensor.storage: tensor.dtype for tensor in state.values()}
    rest = io.BytesIO(file.read())
    storages = {}
    for key in keys:
        count = int(np.frombuffer(rest.read(8), "<i8")[0])
        dtype = np.dtype(dtypes[key])
        storages[key] = np.frombuffer(rest.read(count * dtype.itemsize), dtype, count)
    return storages


def _make_array(tensor: _Tensor, storages: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
    storage = storages[tensor.storage]
    last = tensor.offset + sum((n - 1) * step for n, step in zip(tensor.shape, tensor.strides, strict=True))
    if not (tensor.offset >= 0 and min(tensor.strides, default=0) >= 0 and last < len(storage)):
        raise ModelError("weights-outside", "The weights hold a tensor that lies outside its storage.")
    strides = [step * storage.itemsize for step in tensor.strides]
    return np.lib.stride_tricks.as_strided(storage[tensor.offset :], tensor.shape, strides).copy()
