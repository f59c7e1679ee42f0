"""What this machine has and how big a model is, measured.

Knows how to measure. Must not decide: that is `inference.tiers`.
"""

import json
import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import torch
from transformers.models.gemma3.configuration_gemma3 import Gemma3Config

from inference.errors import ModelCorrupt
from inference.footprint import LONGEST_PROMPT_TOKENS, Footprint
from inference.models.text import has_text, llama_installed
from inference.models.vision import has_int8_vision
from inference.tiers import Gpu, Hardware
from machine.cgroups import measure_limits, usable_cpus

_CPUINFO = Path("/proc/cpuinfo")


def measure_hardware(process: int | None = None) -> Hardware:
    """Measure the machine as it is now, and what a process may have of it.

    Args:
        process: Whose limits count, by its id; this one's by default.

    Returns:
        Its cards, memory and CPU; on a card, what other programs hold is not free.
    """
    memory, limits = psutil.virtual_memory(), measure_limits(process=process)
    allowed_bytes = limits.memory_bytes or memory.total
    free_bytes = memory.available
    if limits.free_bytes is not None:
        free_bytes = min(free_bytes, limits.free_bytes)
    return Hardware(
        ram_total_bytes=memory.total,
        ram_available_bytes=free_bytes,
        ram_allowed_bytes=allowed_bytes if allowed_bytes < memory.total else None,
        gpus=tuple(_gpu(index, free_bytes) for index in range(torch.cuda.device_count())),
        cpu_flags=_cpu_flags(),
        cpu_cores=_cpu_cores(process),
        cpus_allowed=limits.cpus,
        llama=llama_installed(),
    )


def measure_footprint(folder: Path) -> Footprint:
    """Count a model's parameters from the headers of its weight files, without loading them.

    Args:
        folder: The model's folder, with `config.json` and `*.safetensors`.

    Raises:
        ModelCorrupt: The files are not those of a Gemma 3 model.
    """
    quantisable = kept = 0
    try:
        config = Gemma3Config.from_dict(json.loads((folder / "config.json").read_text()))
        for tensor in stored_tensors(folder):
            if tensor.quantisable:
                quantisable += tensor.parameters
            else:
                kept += tensor.parameters
    except (OSError, ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
        raise ModelCorrupt("The model's folder is not that of a Gemma 3 model.") from error
    return Footprint(
        quantisable=quantisable,
        kept=kept,
        kv_elements=_kv_elements(config),
        activation_elements=_activation_elements(config),
        prepared=hasattr(config, "quantization_config"),
        text_file=has_text(folder),
        int8_vision=has_int8_vision(folder),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTensor:
    """A tensor as it lies in a weight file.

    Args:
        name: Its name in the checkpoint.
        dtype: As safetensors spells it, such as `BF16`.
        shape: Its shape; a 4-bit weight's is that of its packed bytes.
        size_bytes: What it takes in the file.
        path: The file.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    size_bytes: int
    path: Path

    @property
    def packed(self) -> bool:
        """Whether it is a weight at 4 bits, two to the byte."""
        return self.dtype == "U8" and self.name.endswith(".weight")

    @property
    def quantisable(self) -> bool:
        """Whether it is the weight of one of the text model's linear layers."""
        in_a_layer = "language_model." in self.name and ".layers." in self.name
        return in_a_layer and len(self.shape) == 2 and self.name.endswith(".weight")

    @property
    def parameters(self) -> int:
        """How many parameters it holds; none if it only describes a 4-bit weight's scales."""
        if ".weight." in self.name:
            return 0
        return math.prod(self.shape) * (2 if self.packed else 1)


def stored_tensors(folder: Path) -> Iterator[StoredTensor]:
    """What a folder's weight files hold, from their headers. Source: the safetensors format."""
    for path in sorted(folder.glob("*.safetensors")):
        with path.open("rb") as file:
            (size_bytes,) = struct.unpack("<Q", file.read(8))
            header: dict[str, Any] = json.loads(file.read(size_bytes))
        header.pop("__metadata__", None)
        for name, tensor in header.items():
            start, end = tensor["data_offsets"]
            yield StoredTensor(
                name=name,
                dtype=tensor["dtype"],
                shape=tuple(tensor["shape"]),
                size_bytes=end - start,
                path=path,
            )


def _kv_elements(config: Gemma3Config) -> int:
    """A sliding layer keeps no more than its window of the prompt."""
    text = config.text_config
    tokens = sum(
        min(text.sliding_window, LONGEST_PROMPT_TOKENS)
        if kind == "sliding_attention"
        else LONGEST_PROMPT_TOKENS
        for kind in text.layer_types
    )
    return tokens * 2 * int(text.num_key_value_heads * text.head_dim)


def _activation_elements(config: Gemma3Config) -> int:
    """In a layer: its input, residual, norm and attention's four, and the MLP's two inner ones."""
    text, vision = config.text_config, config.vision_config
    patches = (vision.image_size // vision.patch_size) ** 2
    in_vision = patches * (8 * vision.hidden_size + 2 * vision.intermediate_size)
    in_text = LONGEST_PROMPT_TOKENS * (8 * text.hidden_size + 2 * text.intermediate_size)
    return int(max(in_vision, in_text))


def _gpu(index: int, ram_free_bytes: int) -> Gpu:
    properties = torch.cuda.get_device_properties(index)
    free_bytes, total_bytes = torch.cuda.mem_get_info(index)
    unified = bool(properties.is_integrated)
    if unified:  # CUDA calls pages of the file cache taken, which the system gives up when asked
        free_bytes = ram_free_bytes
    return Gpu(
        index=index,
        name=properties.name,
        total_bytes=total_bytes,
        free_bytes=free_bytes,
        capability=(properties.major, properties.minor),
        unified=unified,
    )


def _cpu_flags() -> tuple[str, ...]:
    if not _CPUINFO.exists():
        return ()
    for line in _CPUINFO.read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "flags":
            return tuple(value.split())
    return ()


def _cpu_cores(process: int | None) -> int:
    """Physical cores a process may use: a second thread on a core only slows the first."""
    allowed = usable_cpus(process=process)
    return min(allowed, psutil.cpu_count(logical=False) or allowed)
