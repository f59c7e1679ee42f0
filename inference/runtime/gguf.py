"""A model's text in a file for llama.cpp, quantised by llama.cpp's own functions.

Knows the GGUF format and llama.cpp's names for Gemma 3. Leaves out the eyes, which stay with
transformers, and the vocabulary: token ids go in and logits come out. Holds a part of one tensor at
a time. Source: llama.cpp's `docs/gguf.md`, `src/llama-arch.cpp` and `convert_hf_to_gguf.py`.
"""

import ctypes
import itertools
import math
import os
import re
import struct
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import torch
from llama_cpp._ggml import libggml as ggml
from safetensors import safe_open
from transformers.models.gemma3.configuration_gemma3 import Gemma3Config

from inference.runtime.probe import StoredTensor, stored_tensors
from machine.cgroups import usable_cpus

_MAGIC, _VERSION, _ALIGNMENT = b"GGUF", 3, 32
_AT_ONCE = 2**22  # weights that a core turns at once
_TEXT = re.compile(r"(?:^|\.)language_model\.(?:model\.)?(?:layers\.(\d+)\.)?(.+)\.weight")
_NAMES = {
    "embed_tokens": "token_embd",
    "norm": "output_norm",
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "post_attention_layernorm": "post_attention_norm",
    "pre_feedforward_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "post_feedforward_layernorm": "post_ffw_norm",
}

ggml.ggml_row_size.argtypes = [ctypes.c_int, ctypes.c_int64]
ggml.ggml_row_size.restype = ctypes.c_size_t
ggml.ggml_blck_size.restype = ctypes.c_int64
ggml.ggml_quantize_chunk.argtypes = [
    ctypes.c_int,
    *[ctypes.c_void_p] * 2,
    *[ctypes.c_int64] * 3,
    ctypes.c_void_p,
]


class Kind(IntEnum):
    """How numbers are kept. Source: `enum ggml_type`."""

    F32 = 0
    Q4_0 = 2
    Q8_0 = 8
    Q4_K = 12
    Q6_K = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tensor:
    name: str
    kind: Kind
    stored: StoredTensor

    @property
    def size_bytes(self) -> int:
        *rows, width = self.stored.shape
        return math.prod(rows) * int(ggml.ggml_row_size(self.kind, width))


def write_text(
    source: Path, target: Path, say: Callable[[int, int], None], *, kind: Kind = Kind.Q4_K
) -> None:
    """Write a model's text, whole or not at all; a file that is there is whole, and kept.

    Args:
        source: A model folder in bfloat16, float16 or float32.
        say: Told the bytes that are done, and how many there are.
        kind: How weights are kept: the embedding better where that is Q4_K, norms as they are, and
            a weight whose rows its blocks do not divide at 8 bits.
    """
    config = Gemma3Config.from_pretrained(source, local_files_only=True)
    tensors = list(_tensors(source, kind))
    total_bytes = sum(tensor.size_bytes for tensor in tensors)
    if target.exists():
        say(total_bytes, total_bytes)
        return
    done_bytes = 0
    part = target.with_suffix(".part")
    with part.open("wb") as file:
        file.write(_header(config, tensors))
        for tensor in tensors:
            for data in _data(tensor):
                done_bytes += file.write(data)
                say(done_bytes, total_bytes)
            file.write(_padding(tensor.size_bytes))
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)


def _tensors(source: Path, kind: Kind) -> Iterator[_Tensor]:
    for stored in stored_tensors(source):
        found = _TEXT.search(stored.name)
        if found is not None:
            layer, name = found.groups()
            block = "" if layer is None else f"blk.{layer}."
            kept = _kind(name, stored, kind)
            yield _Tensor(name=f"{block}{_NAMES[name]}.weight", kind=kept, stored=stored)


def _kind(name: str, stored: StoredTensor, kind: Kind) -> Kind:
    if len(stored.shape) == 1:
        return Kind.F32
    if kind is Kind.Q4_K and name == "embed_tokens":  # also the head, which picks the words
        kind = Kind.Q6_K
    fits = stored.shape[-1] % ggml.ggml_blck_size(kind) == 0
    return kind if fits else Kind.Q8_0


def _header(config: Gemma3Config, tensors: list[_Tensor]) -> bytes:
    facts = {
        "general.architecture": "gemma3",
        "general.quantization_version": 2,
        "tokenizer.ggml.model": "none",
        **{f"gemma3.{key}": value for key, value in _facts(config).items()},
    }
    header = _MAGIC + struct.pack("<IQQ", _VERSION, len(tensors), len(facts))
    for key, value in facts.items():
        header += _string(key) + _value(value)
    offset = 0
    for tensor in tensors:
        shape = tensor.stored.shape[::-1]  # ggml names the row's length first
        header += _string(tensor.name)
        header += struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, tensor.kind, offset)
        offset += tensor.size_bytes + len(_padding(tensor.size_bytes))
    return header + _padding(len(header))


def _facts(config: Gemma3Config) -> dict[str, object]:
    text = config.text_config
    full, local = (text.rope_parameters[f"{kind}_attention"] for kind in ("full", "sliding"))
    facts: dict[str, object] = {
        "context_length": text.max_position_embeddings,
        "embedding_length": text.hidden_size,
        "block_count": text.num_hidden_layers,
        "feed_forward_length": text.intermediate_size,
        "vocab_size": text.vocab_size,
        "attention.head_count": text.num_attention_heads,
        "attention.head_count_kv": text.num_key_value_heads,
        "attention.key_length": text.head_dim,
        "attention.value_length": text.head_dim,
        "attention.layer_norm_rms_epsilon": float(text.rms_norm_eps),
        "rope.freq_base": float(full["rope_theta"]),
        "rope.freq_base_swa": float(local["rope_theta"]),
    }
    if full["rope_type"] == "linear":
        facts |= {"rope.scaling.type": "linear", "rope.scaling.factor": float(full["factor"])}
    slides = [int(kind == "sliding_attention") for kind in text.layer_types]
    if any(slides):
        facts["attention.sliding_window"] = text.sliding_window
        facts["attention.sliding_window_pattern"] = slides
    return facts


def _value(value: object) -> bytes:
    """A value behind the number of its type. Source: `enum gguf_type`."""
    match value:
        case int():
            return struct.pack("<II", 4, value)
        case float():
            return struct.pack("<If", 6, value)
        case list():
            return struct.pack(f"<IIQ{len(value)}I", 9, 4, len(value), *value)
        case _:
            return struct.pack("<I", 8) + _string(str(value))


def _string(text: str) -> bytes:
    return struct.pack("<Q", len(text)) + text.encode("ascii")


def _padding(size_bytes: int) -> bytes:
    return bytes(-size_bytes % _ALIGNMENT)


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


def _quantised_by_all_cores(parts: Iterator[torch.Tensor], kind: Kind) -> Iterator[bytes]:
    cores = usable_cpus()
    with ThreadPoolExecutor(cores) as threads:
        while few := list(itertools.islice(parts, cores)):
            yield from threads.map(_quantised, few, itertools.repeat(kind))


def _quantised(rows: torch.Tensor, kind: Kind) -> bytes:
    height, width = rows.shape
    data = ctypes.create_string_buffer(height * ggml.ggml_row_size(kind, width))
    ggml.ggml_quantize_chunk(kind, rows.data_ptr(), data, 0, height, width, None)
    return data.raw
