"""OpenVINO: on the CPU, in bfloat16 where it has units for that (Intel AMX, AVX-512 BF16)."""

from __future__ import annotations

import queue
from pathlib import Path
from typing import Any

import numpy as np

from ..card import Card
from ..errors import EngineError, ModelError
from . import EngineInfo, Scores


class OpenVinoEngine:
    """Each stream runs one patch on one thread: no waiting between threads, and the same sums always."""

    name = "openvino"
    batch = 1

    def __init__(self, network: bytes, card: Card, threads: int) -> None:
        import openvino as ov

        core = ov.Core()
        settings: dict[str, Any] = {"NUM_STREAMS": threads, "INFERENCE_NUM_THREADS": threads}
        try:
            model = core.read_model(network)
            model.reshape([1, len(card.bands), card.patch, card.patch])  # a known shape compiles to faster code
            compiled = core.compile_model(model, "CPU", settings)
        except RuntimeError as error:
            raise ModelError(f"OpenVINO does not accept the network: {str(error).splitlines()[-1]}.") from error
        self.streams = threads
        self.device = f"CPU ({threads} threads)"
        self.precision = _precision(compiled.get_property("INFERENCE_PRECISION_HINT"))
        self._requests: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for _ in range(threads):
            self._requests.put(compiled.create_infer_request())
        # OpenVINO's Python layer sets itself up in its first call, and two first calls at once can lock each other out
        self.predict(np.zeros((1, len(card.bands), card.patch, card.patch), np.float32))

    def predict(self, patches: Scores) -> Scores:
        """Class probabilities, (1, classes, rows, cols), of one normalised patch, (1, bands, rows, cols)."""
        request = self._requests.get()
        try:
            request.infer({0: patches}, share_inputs=True)
            return np.array(request.get_output_tensor().data, np.float32)
        except RuntimeError as error:
            raise EngineError(
                f"OpenVINO failed: {str(error).splitlines()[-1]}.", "Try --engine onnxruntime."
            ) from error
        finally:
            self._requests.put(request)


def info() -> EngineInfo:
    """Whether OpenVINO can be used here, and whether the CPU computes in bfloat16."""
    try:
        import openvino as ov
    except ImportError:
        return EngineInfo("openvino", False, reason="not installed: pip install openvino")
    core = ov.Core()
    capabilities = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    bf16 = "BF16" in capabilities
    return EngineInfo("openvino", True, "CPU", "bf16" if bf16 else "fp32")


def load(network: bytes | Path, card: Card, device: str, threads: int) -> OpenVinoEngine:
    """Load an ONNX network.

    Raises:
        EngineError: OpenVINO is not installed, or a GPU is asked for.
        ModelError: The network is not accepted.
    """
    found = info()
    if not found.usable:
        raise EngineError("OpenVINO is not usable here.", found.reason)
    if device == "gpu":
        raise EngineError("aerialseg runs OpenVINO on the CPU only.", "Use --engine onnxruntime for a GPU.")
    content = network.read_bytes() if isinstance(network, Path) else network
    return OpenVinoEngine(content, card, threads)


def _precision(hint: Any) -> str:
    names = {"f32": "fp32", "bf16": "bf16", "f16": "fp16", "float32": "fp32", "bfloat16": "bf16", "float16": "fp16"}
    text = getattr(hint, "get_type_name", lambda: str(hint))()
    return names.get(text, text)
