"""The processor: what of a machine, besides the packages on it, determines what an engine makes of a network."""

from __future__ import annotations

import os
import platform
import re
from functools import cache
from pathlib import Path

_TOLD = ("DNNL_", "ONEDNN_", "OPENVINO_", "OV_")
"""How variables of the environment begin that tell engines what of the processor they may use."""


@cache
def describe_processor(facts: Path = Path("/proc/cpuinfo")) -> str:
    """Describe the processor: equal texts, equal instructions. A home folder may be shared by machines of any kind.

    Args:
        facts: Where Linux tells it. Other systems do not, so there the name of the computer stands for it.
    """
    told = sorted(f"{key}={value}" for key, value in os.environ.items() if key.startswith(_TOLD))
    try:
        text = facts.read_text("utf-8", "replace")
    except OSError:
        text = platform.node()
    keys = "vendor_id|cpu family|model|model name|stepping|flags|Features|CPU (?:implementer|part|variant|revision)"
    found = dict.fromkeys(re.findall(rf"(?m)^(?:{keys})\s*:.*$", text))  # of all kinds of cores
    return "\n".join((platform.machine(), platform.processor(), *(found or [text]), *told))
