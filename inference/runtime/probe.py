"""What this machine has and how big a model is, measured.

Knows how to measure. Must not decide: that is `inference.tiers`.
"""

import json
import math
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import torch

from inference.errors import ModelCorrupt
from inference.tiers import Footprint, Gpu, Hardware

_CPUINFO = Path("/proc/cpuinfo")


def measure_hardware() -> Hardware:
    """Measure the machine as it is now.

    Returns:
        Its cards, memory and CPU; on a card, what other programs hold is not free.
    """
    memory = psutil.virtual_memory()
    return Hardware(
        ram_total_bytes=memory.total,
        ram_available_bytes=memory.available,
        gpus=tuple(_gpu(index) for index in range(torch.cuda.device_count())),
        cpu_flags=_cpu_flags(),
        cpu_cores=_cpu_cores(),
    )


def measure_footprint(folder: Path) -> Footprint:
    """Count a model's parameters from the headers of its weight files, without loading them.

    Args:
        folder: The model's folder, with `config.json` and `*.safetensors`.

    Returns:
        The counts.

    Raises:
        ModelCorrupt: The files are not those of a Gemma 3 model.
    """
    quantisable = kept = 0
    try:
        text = json.loads((folder / "config.json").read_text())["text_config"]
        kv_elements = 2 * text["num_hidden_layers"] * text["num_key_value_heads"] * text["head_dim"]
        for name, shape in _tensors(folder):
            if "language_model." in name and ".layers." in name and len(shape) == 2:
                quantisable += math.prod(shape)
            else:
                kept += math.prod(shape)
    except (OSError, ValueError, KeyError, TypeError, struct.error) as error:
        raise ModelCorrupt("The model's folder is not that of a Gemma 3 model.") from error
    return Footprint(quantisable=quantisable, kept=kept, kv_elements_per_token=kv_elements)


def _tensors(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """Name and shape of each tensor. Source: the safetensors format's header."""
    for path in sorted(folder.glob("*.safetensors")):
        with path.open("rb") as file:
            (size_bytes,) = struct.unpack("<Q", file.read(8))
            header: dict[str, Any] = json.loads(file.read(size_bytes))
        header.pop("__metadata__", None)
        for name, tensor in header.items():
            yield name, tensor["shape"]


def _gpu(index: int) -> Gpu:
    properties = torch.cuda.get_device_properties(index)
    free_bytes, total_bytes = torch.cuda.mem_get_info(index)
    return Gpu(
        index=index,
        name=properties.name,
        total_bytes=total_bytes,
        free_bytes=free_bytes,
        capability=(properties.major, properties.minor),
    )


def _cpu_flags() -> tuple[str, ...]:
    if not _CPUINFO.exists():
        return ()
    for line in _CPUINFO.read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "flags":
            return tuple(value.split())
    return ()


def _cpu_cores() -> int:
    """Physical cores this process may use: a second thread on a core only slows the first."""
    allowed = len(os.sched_getaffinity(0))
    return min(allowed, psutil.cpu_count(logical=False) or allowed)
