"""ONNX Runtime: on the CPU everywhere, on CUDA where its GPU package is installed."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ...errors import EngineError, ModelError, find_cause
from ..bundle import Model
from ..probe import find_runtime_errors
from ..scores import Scores
from . import EngineInfo

CUDA = "CUDAExecutionProvider"
GPU_BATCH = 8
"""Patches in one call on a GPU; always full, so that a patch is computed alike wherever it stands."""

_CUDA_LIBRARY = "capi/*onnxruntime_providers_cuda.*"
_MISSING = "not installed: pip install onnxruntime"


class OnnxRuntimeEngine:
    """On the CPU each stream runs one patch on one thread: no waiting between threads, and the same sums always."""

    name = "onnxruntime"
    resizes = False  # on a CPU it takes half as long again for a pixel of a patch of 640 px as for one of 512
    precision = "fp32"
    kept_as = ""
    seconds_to_compile = 0.0

    def __init__(self, model: Model, gpu: bool, threads: int) -> None:
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # a growing arena would keep the largest patch of every stream for ever
        options.enable_cpu_mem_arena = False
        # a block for all intermediate results, asked of the system for every patch, cost more time than many small ones
        options.enable_mem_pattern = gpu
        providers = [CUDA, "CPUExecutionProvider"] if gpu else ["CPUExecutionProvider"]
        try:
            self._session: Any = ort.InferenceSession(model.network, options, providers=providers)
        except find_runtime_errors() as error:
            raise ModelError(
                "onnxruntime-refuses", "ONNX Runtime does not accept the network: {cause}.", cause=find_cause(error)
            ) from error
        self.signature = model.signature
        self._input = self._session.get_inputs()[0].name
        self._output = self._session.get_outputs()[self.signature.output].name
        on_gpu = CUDA in self._session.get_providers()
        self.device = "GPU (CUDA)" if on_gpu else f"CPU ({threads} threads)"
        self.streams, self.batch = (2, GPU_BATCH) if on_gpu else (threads, 1)
        self.batch = self.signature.batch or self.batch

    def predict(self, patches: Scores) -> Scores:
        """Give class probabilities, (batch, classes, rows, cols), of normalized (batch, bands, rows, cols)."""
        try:
            found = self._session.run([self._output], {self._input: self.signature.feed(patches)})[0]
        except find_runtime_errors() as error:
            raise EngineError(
                "onnxruntime-failed", "ONNX Runtime failed: {cause}.", "Try --engine openvino.", cause=find_cause(error)
            ) from error
        return self.signature.to_scores(found, patches.shape[2])


def detect() -> EngineInfo:
    """Find out whether ONNX Runtime can be used here; it is imported only where it brings a library for GPUs."""
    spec = find_spec("onnxruntime")
    gpu = False
    try:
        if spec is None:
            raise ImportError
        if any(True for folder in spec.submodule_search_locations or () for _ in Path(folder).glob(_CUDA_LIBRARY)):
            import onnxruntime as ort

            gpu = CUDA in ort.get_available_providers()
    except ImportError:
        return EngineInfo("onnxruntime", False, reason=_MISSING)
    return EngineInfo("onnxruntime", True, "GPU (CUDA)" if gpu else "CPU", "fp32", preferred=gpu)


def load(model: Model, device: str, threads: int) -> OnnxRuntimeEngine:
    """Load an ONNX network.

    Raises:
        EngineError: A GPU is asked for and there is none.
        ModelError: The network is not accepted.
    """
    found = detect()
    if not found.usable:
        raise EngineError("onnxruntime-not-usable", "ONNX Runtime is not usable here.", "{reason}", reason=found.reason)
    if device == "gpu" and "GPU" not in found.device:
        raise EngineError(
            "onnxruntime-no-gpu", "ONNX Runtime sees no GPU here.", "Install onnxruntime-gpu, or use --device cpu."
        )
    try:
        return OnnxRuntimeEngine(model, device != "cpu" and "GPU" in found.device, threads)
    except ImportError as error:
        raise EngineError(
            "onnxruntime-damaged", "ONNX Runtime is damaged here.", "Install it again: pip install onnxruntime."
        ) from error
