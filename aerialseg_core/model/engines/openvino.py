"""OpenVINO: on the CPU, in bytes or in bfloat16 where that is faster.

In bytes, if the card tells how, where the processor has instructions for them (VNNI, Intel AMX): without, products
of bytes are added up in 16 bits, which may overflow. Else in bfloat16 where it has units for that (AMX, AVX-512 BF16).
"""

from __future__ import annotations

import queue
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import EngineError, ModelError, find_cause
from ...files.cache import make_key, read_entry, write_entry
from .. import quantization
from ..bundle import Model
from ..processor import describe_processor
from ..scores import Scores
from . import COMPILED, EngineInfo, name_compiled


class OpenVinoEngine:
    """Each stream runs one patch on one thread: no waiting between threads, and the same sums always."""

    name = "openvino"
    resizes = True

    def __init__(self, model: Model, threads: int) -> None:
        import openvino as ov

        self._core, self._model = ov.Core(), model
        self.signature = model.signature
        self.batch = self.signature.batch or 1
        self.streams = threads
        self.device = f"CPU ({threads} threads)"
        self._activations = model.card.activations if _has_byte_products(self._core) else None
        # every process would be pinned to the first cores: two workers were as slow as one
        self._settings = {"NUM_STREAMS": threads, "INFERENCE_NUM_THREADS": threads, "ENABLE_CPU_PINNING": False}
        self.kept_as = self._name()
        self.seconds_to_compile = 0.0
        self._compiling = threading.Lock()
        self._side = 0
        self._idle: queue.SimpleQueue[Any] = queue.SimpleQueue()
        # OpenVINO's Python layer sets itself up in its first call, and two first calls at once can lock each other out
        self._first: threading.Lock | None = threading.Lock()
        self._compile(model.card.patch)

    def predict(self, patches: Scores) -> Scores:
        """Give class probabilities, (batch, classes, rows, cols), of normalized (batch, bands, rows, cols)."""
        if first := self._first:
            with first:
                scores = self._infer(patches)
                self._first = None
                return scores
        return self._infer(patches)

    def _infer(self, patches: Scores) -> Scores:
        idle = self._compile(patches.shape[2])
        request = idle.get()
        try:
            request.infer({0: self.signature.feed(patches)}, share_inputs=True)
            found = np.array(request.get_output_tensor(self.signature.output).data)
        except RuntimeError as error:
            raise EngineError(
                "openvino-failed", "OpenVINO failed: {cause}.", "Try --engine onnxruntime.", cause=find_cause(error)
            ) from error
        finally:
            idle.put(request)
        return self.signature.to_scores(found, patches.shape[2])

    def _compile(self, side: int) -> queue.SimpleQueue[Any]:
        """Compile the network for patches of this side, unless it is; a known shape compiles to faster code.

        What was compiled for another side goes: its memory counts more than the time.
        """
        with self._compiling:
            if side != self._side:
                self._idle, self._side = queue.SimpleQueue(), 0
                try:
                    compiled = self._recall(side) or self._compile_anew(side)
                except RuntimeError as error:
                    raise ModelError(
                        "openvino-refuses",
                        "OpenVINO does not accept the network: {cause}.",
                        "Try --engine onnxruntime.",
                        cause=find_cause(error),
                    ) from error
                hint = compiled.get_property("INFERENCE_PRECISION_HINT")
                self.precision = "int8" if self._activations else _name_precision(hint)
                for _ in range(self.streams):
                    self._idle.put(compiled.create_infer_request())
                self._side = side
            return self._idle

    def _name(self) -> str:
        """Name what is compiled by all that determines it but for the side of the patches."""
        import openvino as ov

        made_by = ov.__version__, describe_processor(), self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        # which may make another network of it than they did
        ours = Path(__file__).read_bytes(), Path(quantization.__file__).read_bytes()
        shape = self.signature.shape(self.batch, len(self._model.card.bands), 0)
        return make_key(
            self._model.sha256, shape, sorted(self._settings.items()), made_by, ours, bool(self._activations)
        )

    def _recall(self, side: int) -> Any:
        """Take what an earlier run has compiled for patches of this side from the user's cache; None if it has not."""
        if stored := read_entry(COMPILED, name_compiled(self.kept_as, side)):
            with suppress(RuntimeError):  # then it is made again
                return self._core.import_model(stored, "CPU", self._settings)
        return None

    def _compile_anew(self, side: int) -> Any:
        """Compile for patches of this side, and keep it in the user's cache.

        Raises:
            RuntimeError: OpenVINO does not accept the network.
        """
        begin = time.perf_counter()
        content = self._model.network
        if self._activations:
            import onnx

            quantized = quantization.quantize(onnx.load_model_from_string(content), self._activations)
            content = quantized.SerializeToString()
        network = self._core.read_model(content)
        network.reshape(self.signature.shape(self.batch, len(self._model.card.bands), side))
        compiled = self._core.compile_model(network, "CPU", self._settings)
        write_entry(COMPILED, name_compiled(self.kept_as, side), compiled.export_model().getvalue())
        self.seconds_to_compile = time.perf_counter() - begin
        return compiled


def detect() -> EngineInfo:
    """Find out whether OpenVINO can be used here, and whether the CPU computes in bfloat16."""
    try:
        import openvino as ov
    except ImportError:
        return EngineInfo("openvino", False, reason="not installed: pip install openvino")
    core = ov.Core()
    capabilities = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    bf16 = "BF16" in capabilities
    return EngineInfo("openvino", True, "CPU", "bf16" if bf16 else "fp32", resizes=OpenVinoEngine.resizes)


def load(model: Model, device: str, threads: int) -> OpenVinoEngine:
    """Load an ONNX network.

    Raises:
        EngineError: OpenVINO is not installed, or a GPU is asked for.
        ModelError: The network is not accepted.
    """
    found = detect()
    if not found.usable:
        raise EngineError("openvino-not-usable", "OpenVINO is not usable here.", "{reason}", reason=found.reason)
    if device == "gpu":
        raise EngineError(
            "openvino-cpu-only", "aerialseg runs OpenVINO on the CPU only.", "Use --engine onnxruntime for a GPU."
        )
    return OpenVinoEngine(model, threads)


def _has_byte_products(core: Any) -> bool:
    """Whether the processor adds up products of bytes in 32 bits.

    Linux tells it; elsewhere those are known by bfloat16, which no x86 processor has without it.
    """
    told = "vnni" in describe_processor() or "amx_int8" in describe_processor()
    return told or "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def _name_precision(hint: Any) -> str:
    names = {"f32": "fp32", "bf16": "bf16", "f16": "fp16", "float32": "fp32", "bfloat16": "bf16", "float16": "fp16"}
    text = getattr(hint, "get_type_name", lambda: str(hint))()
    return names.get(text, text)
