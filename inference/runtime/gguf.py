"""A model's text in a file for llama.cpp, quantised by llama.cpp's own functions.

Leaves out the vision tower, which stays with transformers, and the vocabulary: token ids go in and
logits come out. Holds a part of one tensor at a time. Source: llama.cpp's `convert_hf_to_gguf.py`.
"""

import ctypes
import itertools
import math
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from gguf import (
    GGML_QUANT_SIZES,
    MODEL_ARCH,
    MODEL_ARCH_NAMES,
    GGMLQuantizationType,
    GGUFWriter,
    RopeScalingType,
    get_tensor_name_map,
)
from llama_cpp._ggml import libggml as ggml  # there is no public way to these functions
from safetensors import safe_open
from transformers.models.gemma3.configuration_gemma3 import Gemma3Config

from inference.runtime.probe import StoredTensor, stored_tensors
from machine.cgroups import usable_cpus

_AT_ONCE = 2**22  # weights that a core turns at once
_TEXT = re.compile(r"(?:^|\.)language_model\.(?:model\.)?(.+)\.weight")
ggml.ggml_quantize_chunk.argtypes = [
    ctypes.c_int,
    *[ctypes.c_void_p] * 2,
    *[ctypes.c_int64] * 3,
    ctypes.c_void_p,
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tensor:
    name: str
    kind: GGMLQuantizationType
    stored: StoredTensor

    @property
    def size_bytes(self) -> int:
        block, block_bytes = GGML_QUANT_SIZES[self.kind]
        return math.prod(self.stored.shape) // block * int(block_bytes)


def write_text(
    source: Path,
    target: Path,
    say: Callable[[int, int], None],
    *,
    kind: GGMLQuantizationType = GGMLQuantizationType.Q4_K,
) -> None:
    """Write a model's text, whole or not at all; a file that is there is whole, and kept.

    Args:
        source: A model folder in bfloat16, float16 or float32.
        say: Told the bytes that are done, and how many there are.
        kind: How weights are kept: the embedding better where that is Q4_K, norms as they are, and
            a weight whose rows its blocks do not divide at 8 bits.
    """
    config = Gemma3Config.from_pretrained(source, local_files_only=True)
    tensors = list(_tensors(source, config.text_config.num_hidden_layers, kind))
    total_bytes = sum(tensor.size_bytes for tensor in tensors)
    if target.exists():
        say(total_bytes, total_bytes)
        return
    done_bytes = 0
    part = target.with_suffix(".part")
    header = _header(config, tensors)
    header.write_header_to_file(part)
    header.write_kv_data_to_file()
    header.write_ti_data_to_file()
    header.close()
    with part.open("ab") as file:
        header.write_padding(file, file.tell())
        for tensor in tensors:  # the library's writer takes whole ones, of half a gigabyte
            for data in _data(tensor):
                done_bytes += file.write(data)
                say(done_bytes, total_bytes)
            header.write_padding(file, tensor.size_bytes)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)


def _tensors(source: Path, layers: int, kind: GGMLQuantizationType) -> Iterator[_Tensor]:
    names = get_tensor_name_map(MODEL_ARCH.GEMMA3, layers)
    for stored in stored_tensors(source):
        found = _TEXT.search(stored.name)
        if found is not None:
            name = f"{names[f'model.{found[1]}']}.weight"
            yield _Tensor(name=name, kind=_kind(stored, kind), stored=stored)


def _kind(stored: StoredTensor, kind: GGMLQuantizationType) -> GGMLQuantizationType:
    if len(stored.shape) == 1:
        return GGMLQuantizationType.F32
    # also the head, which picks the words
    if kind is GGMLQuantizationType.Q4_K and stored.name.endswith("embed_tokens.weight"):
        kind = GGMLQuantizationType.Q6_K
    block, _ = GGML_QUANT_SIZES[kind]
    return kind if stored.shape[-1] % block == 0 else GGMLQuantizationType.Q8_0


def _header(config: Gemma3Config, tensors: list[_Tensor]) -> GGUFWriter:
    text = config.text_config
    full, local = (text.rope_parameters[f"{kind}_attention"] for kind in ("full", "sliding"))
    header = GGUFWriter(None, MODEL_ARCH_NAMES[MODEL_ARCH.GEMMA3])
    header.add_quantization_version(2)
    header.add_tokenizer_model("none")
    header.add_context_length(text.max_position_embeddings)
    header.add_embedding_length(text.hidden_size)
    header.add_block_count(text.num_hidden_layers)
    header.add_feed_forward_length(text.intermediate_size)
    header.add_vocab_size(text.vocab_size)
    header.add_head_count(text.num_attention_heads)
    header.add_head_count_kv(text.num_key_value_heads)
    header.add_key_length(text.head_dim)
    header.add_value_length(text.head_dim)
    header.add_layer_norm_rms_eps(text.rms_norm_eps)
    header.add_rope_freq_base(full["rope_theta"])
    header.add_rope_freq_base_swa(local["rope_theta"])
    if full["rope_type"] == "linear":
        header.add_rope_scaling_type(RopeScalingType.LINEAR)
        header.add_rope_scaling_factor(full["factor"])
    slides = [kind == "sliding_attention" for kind in text.layer_types]
    if any(slides):
        header.add_sliding_window(text.sliding_window)
        header.add_sliding_window_pattern(slides)
    for tensor in tensors:
        header.add_tensor_info(
            tensor.name, tensor.stored.shape, np.dtype(np.float32), tensor.size_bytes, tensor.kind
        )
    return header


def _data(tensor: _Tensor) -> Iterator[bytes]:
    """A tensor's bytes, some rows at a time."""
    with safe_open(tensor.stored.path, "pt") as file:
        if len(tensor.stored.shape) == 1:  # a norm: transformers adds one, llama.cpp does not
            yield (file.get_tensor(tensor.stored.name).float() + 1).numpy().tobytes()
            return
        weight = file.get_slice(tensor.stored.name)
        height, width = tensor.stored.shape
        step = _AT_ONCE // width
        parts = (
            weight[start : start + step].float().contiguous() for start in range(0, height, step)
        )
        yield from _quantised_by_all_cores(parts, tensor.kind)


def _quantised_by_all_cores(
    parts: Iterator[torch.Tensor], kind: GGMLQuantizationType
) -> Iterator[bytes]:
    cores = usable_cpus()
    with ThreadPoolExecutor(cores) as threads:
        while few := list(itertools.islice(parts, cores)):
            yield from threads.map(_quantised, few, itertools.repeat(kind))


def _quantised(rows: torch.Tensor, kind: GGMLQuantizationType) -> bytes:
    height, width = rows.shape
    block, block_bytes = GGML_QUANT_SIZES[kind]
    data = ctypes.create_string_buffer(height * width // block * block_bytes)
    ggml.ggml_quantize_chunk(kind, rows.data_ptr(), data, 0, height, width, None)
    return data.raw
