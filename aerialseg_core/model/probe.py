"""The probe: what a network takes and gives, found out by running it on a few tiny patches.

A file from elsewhere may be anything: a loop that never ends, a constant of a terabyte, a network for something else.
So it is tried in a process of its own, with a limit on its time and its memory, before anything is planned with it.
That process tells what it saw as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from .. import environ
from ..errors import DependencyError, ModelError, find_cause
from ..progress import Check, check_nothing
from .signature import (
    TAKEN,
    NetworkSpec,
    OutputSpec,
    Signature,
    format_shape,
    infer_output,
    list_input_layouts,
    make_probe_patches,
)

SECONDS = 60
"""Time in which a network must have loaded and given its scores for the patches of the probe."""

CHECK_EVERY = 0.5
"""Seconds after which is looked whether the run was cancelled."""

MEMORY = 8 << 30
"""Memory that it may take for that, bytes."""

TINY = 64
"""Side of the patch where a network takes any, px."""

BANDS = (3, 4, 1)
"""Numbers of bands that are tried where a network does not declare one."""

_HIDDEN = getattr(subprocess, "CREATE_NO_WINDOW", 0)
_ORT_TYPES = {"tensor(float)": "float32", "tensor(float16)": "float16", "tensor(double)": "float64"}


def probe(
    network: bytes, model: str, *, sides: Sequence[int], activated: Sequence[str] = (), check: Check = check_nothing
) -> NetworkSpec:
    """Run an ONNX network on a few patches, in a process with limits.

    Args:
        network: The serialized network.
        model: Its name, for errors.
        sides: Sides of the patch to try where it takes any, px.
        activated: Outputs that are known to come out of a sigmoid or softmax.
        check: Called while the process runs; raises to give up.

    Raises:
        Cancelled: As `check` says.
        ModelError: It cannot be run, or not within the limits.
        DependencyError: ONNX Runtime is not installed.
    """
    limits = {"seconds": SECONDS, "memory": MEMORY}
    question = json.dumps({"sides": list(sides), "activated": list(activated), "limits": limits})
    command = environ.isolated(f"{__package__}.probe", question)
    answered = _ask_process(command, network, check)
    if answered is None:
        raise ModelError(
            "model-endless",
            "{model} has not given scores for a tiny patch within {seconds} s: it may never end.",
            "Choose another model.",
            model=model,
            seconds=SECONDS,
        )
    try:
        told = json.loads(answered)
    except ValueError as error:
        raise ModelError(
            "model-crashes",
            "{model} crashed when it was tried on a tiny patch, or needs more than {gib} GiB for it.",
            "Choose another model.",
            model=model,
            gib=MEMORY >> 30,
        ) from error
    if "missing" in told:
        raise DependencyError("needs-onnxruntime", "ONNX Runtime is not installed.", "pip install onnxruntime")
    if "error" in told:
        raise ModelError(
            "model-cannot-run",
            "{model} cannot be run: {cause}.",
            "Choose a segmentation model.",
            model=model,
            cause=told["error"],
        )
    readings = tuple(
        one if isinstance(one, str) else OutputSpec(**{**one, "shape": tuple(one["shape"])})
        for one in told.pop("readings")
    )
    return NetworkSpec(**{**told, "outputs": tuple(told["outputs"])}, readings=readings)


def _ask_process(command: Sequence[str], network: bytes, check: Check) -> bytes | None:
    """Take what the process of the probe tells; None if it does not end in time."""
    end = time.monotonic() + SECONDS
    # A file, not a pipe: `communicate` forgets what of its input is not yet written when its time is up.
    with tempfile.TemporaryFile() as given:
        given.write(network)
        given.seek(0)
        # A list, no shell: `environ.isolated` makes it of this Python and a module of ours.
        with subprocess.Popen(  # nosec B603
            command, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, creationflags=_HIDDEN
        ) as process:
            try:
                while time.monotonic() < end:
                    check()
                    with suppress(subprocess.TimeoutExpired):
                        return process.communicate(timeout=CHECK_EVERY)[0]
            finally:
                process.kill()
    return None


def answer(question: str) -> None:
    """Take a network on stdin, and tell on stdout what was seen: what the process of the probe does."""
    told = os.dup(1)
    os.dup2(2, 1)  # libraries that print do not speak for us
    asked = json.loads(question)
    limit_process(**asked["limits"])
    network = sys.stdin.buffer.read()
    try:
        seen = asdict(inspect_network(network, asked["sides"], asked["activated"]))
    except ModelError as error:
        seen = {"error": error.text.rstrip(".")}
    except MemoryError:
        seen = {"error": "it needs too much memory for a tiny patch"}
    except ImportError:
        seen = {"missing": "onnxruntime"}
    with os.fdopen(told, "w", encoding="ascii") as stream:
        json.dump(seen, stream)


def limit_process(seconds: int, memory: int) -> None:
    """Bound time and memory of this process, where the system can: it may outlive the one that watches it.

    Args:
        seconds: Wall time after which it is killed from outside.
        memory: Bytes that it may take.
    """
    if sys.platform == "win32":
        return
    import resource

    on_all_cores = (seconds + 5) * (os.cpu_count() or 1)
    limits = ((resource.RLIMIT_DATA, memory), (resource.RLIMIT_CPU, on_all_cores), (resource.RLIMIT_CORE, 0))
    for kind, amount in limits:
        with suppress(ValueError, OSError):  # a lower limit holds already
            resource.setrlimit(kind, (amount, amount))


def inspect_network(network: bytes, sides: Sequence[int], activated: Sequence[str]) -> NetworkSpec:
    """Load a network and run it on the patches of the probe.

    Args:
        network: The serialized network.
        sides: Sides of the patch to try where it takes any, px.
        activated: Outputs that are known to come out of a sigmoid or softmax.

    Raises:
        ModelError: It is refused by ONNX Runtime, has another number of inputs than one, or takes no patches.
        MemoryError: It needs more memory than there is.
    """
    session = _load_session(network)
    (given,) = session.get_inputs()
    dtype = _ORT_TYPES.get(given.type, given.type.removeprefix("tensor(").removesuffix(")"))
    if dtype not in TAKEN:
        raise ModelError("probe-input-type", "its input is of type {dtype}", dtype=dtype)
    shape = [n if isinstance(n, int) and n > 0 else 0 for n in given.shape]
    ways = [
        (last, channels, side, fixed)
        for last, bands, fixed in list_input_layouts(shape)
        for side in ([fixed] if fixed else sides)
        for channels in ([bands] if bands else BANDS)
    ]
    if not ways:
        raise ModelError(
            "probe-input-shape", "its input of {shape} is no square image of some bands", shape=format_shape(shape)
        )
    batch, failure = max(shape[0], 1), ""
    for last, bands, side, fixed in ways:
        try:
            values = _run_session(session, Signature(dtype=dtype, channels_last=last), bands, side, batch)
        except find_runtime_errors() as error:
            if "bad_alloc" in str(error) or "allocate memory" in str(error):
                raise MemoryError from error
            failure = failure or find_cause(error)
            continue
        names = tuple(one.name for one in session.get_outputs())
        readings = tuple(
            infer_output(name, found, batch=batch, side=side, activated=name in activated)
            for name, *found in zip(names, *values, strict=True)
        )
        return NetworkSpec(dtype, last, shape[0], bands, fixed, names, readings)
    raise ModelError("probe-fails", "{cause}", cause=failure)


def _load_session(network: bytes) -> Any:
    """A session of ONNX Runtime for a network with one input, on all threads."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False
    try:
        session = ort.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    except find_runtime_errors() as error:
        raise ModelError("probe-fails", "{cause}", cause=find_cause(error)) from error
    names = [one.name for one in session.get_inputs()]
    if len(names) != 1:
        raise ModelError(
            "probe-inputs",
            "it wants {count} inputs ({names}) instead of one image",
            count=len(names),
            names=", ".join(map(repr, names))[:200],
        )
    return session


def _run_session(session: Any, taken: Signature, bands: int, side: int, batch: int) -> list[list[Any]]:
    """Every output for each patch of the probe."""
    full = 1.0 if not taken.raw else 65535.0 if taken.dtype == "uint16" else 255.0
    name = session.get_inputs()[0].name
    patches = make_probe_patches(bands, side, batch=batch, full=full)
    return [session.run(None, {name: taken.feed(patch)}) for patch in patches]


def find_runtime_errors() -> tuple[type[Exception], ...]:
    """List ONNX Runtime's own errors, which share no base class."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    kinds = [kind for kind in vars(state).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    return (*kinds, RuntimeError)


if __name__ == "__main__":
    answer(sys.argv[1])
