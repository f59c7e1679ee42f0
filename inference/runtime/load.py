"""A model's files into memory at a chosen tier, proven by a canary.

Knows transformers' loading. Must not know the wire, nor choose a tier.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from transformers import AutoProcessor, BitsAndBytesConfig
from transformers.models.gemma3.configuration_gemma3 import Gemma3Config
from transformers.models.gemma3.modeling_gemma3 import Gemma3ForConditionalGeneration
from transformers.models.gemma3.processing_gemma3 import Gemma3Processor

from inference.contract import Tier
from inference.cpu import multiplies_bfloat16
from inference.errors import ModelCorrupt, UnusableAnswer
from inference.footprint import Dtype
from inference.models.text import TEXT_FILE
from inference.models.vision import INT8_FILE
from inference.runtime.block_attention import use_fast_vision
from inference.runtime.int8_vision import use_int8_vision
from inference.runtime.prefix_cache import PrefixCache
from inference.runtime.thoughts import ThoughtTokens, thought_tokens
from inference.runtime.upcast import upcast
from inference.tiers import TierChoice, keeps_last

# Naming a list of one's own drops bitsandbytes' built-in `lm_head` (transformers #45674).
NOT_QUANTISED = ("model.vision_tower", "model.multi_modal_projector", "lm_head")

_STORED = {
    Dtype.BFLOAT16: torch.bfloat16,
    Dtype.FLOAT32: torch.float32,
    Dtype.GUARDED_FLOAT16: torch.float16,
}
_COMPUTED = _STORED | {Dtype.GUARDED_FLOAT16: torch.float32}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedModel:
    """Weights and processor, ready to generate.

    Args:
        model: The weights.
        processor: What makes its inputs.
        device: `cpu` or `cuda:<index>`.
        dtype: What the model takes and gives.
        last: What it read last.
        thoughts: The marks of its thoughts, None for a model that has none.
    """

    model: Gemma3ForConditionalGeneration
    processor: Gemma3Processor
    device: str
    dtype: torch.dtype
    last: PrefixCache
    thoughts: ThoughtTokens | None


def load_model(folder: Path, choice: TierChoice) -> LoadedModel:
    """Load a model without looking anywhere but in its folder.

    Args:
        folder: The model's folder, already verified.
        choice: Tier, device and dtype.

    Returns:
        The model in evaluation mode.

    Raises:
        ModelCorrupt: The files do not make a whole Gemma 3 model.
        UnusableAnswer: Its weights cannot be held so, or llama.cpp cannot use its text.
    """
    dtype = torch.float32 if _wide_vision(choice) else _COMPUTED[choice.dtype]
    try:
        processor = AutoProcessor.from_pretrained(folder, local_files_only=True, backend="pil")
        model, info = _kind_of_model(choice).from_pretrained(
            folder,
            config=_config(folder, choice),
            dtype=dtype if choice.llama else _STORED[choice.dtype],
            device_map={"": choice.device},
            quantization_config=_quantisation(choice),
            local_files_only=True,
            use_safetensors=True,
            output_loading_info=True,
        )
    except (OSError, ValueError) as error:
        raise ModelCorrupt("The model's files cannot be loaded.") from error
    if not isinstance(processor, Gemma3Processor) or info["missing_keys"]:
        raise ModelCorrupt("The model's folder is not that of a whole Gemma 3 model.")
    if choice.llama:
        model.open_text(folder / TEXT_FILE)
    if choice.dtype is Dtype.GUARDED_FLOAT16 or hasattr(model, "hf_quantizer"):
        _make_safe(model, choice)
    if choice.int8_vision:
        _make_int8(model, folder)
    if choice.device == "cpu" and not multiplies_bfloat16():
        upcast(model)
    use_fast_vision(model)
    return LoadedModel(
        model=model.eval(),
        processor=processor,
        device=choice.device,
        dtype=dtype,
        last=PrefixCache(kept=keeps_last(choice.device) and not choice.llama),  # it keeps its own
        thoughts=thought_tokens(processor.tokenizer),
    )


def nf4(dtype: torch.dtype) -> BitsAndBytesConfig:
    """NF4 with double quantisation for the text model's linear layers alone.

    Args:
        dtype: What they compute in.

    Returns:
        The configuration, as it also stands in a prepared folder's `config.json`.
    """
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=dtype,
        llm_int8_skip_modules=[*NOT_QUANTISED],
    )


def _wide_vision(choice: TierChoice) -> bool:
    """Beside llama.cpp's text the vision tower is small: float32 costs 0.8 GB, and is faster."""
    return choice.int8_vision or (choice.llama and not multiplies_bfloat16())


def _config(folder: Path, choice: TierChoice) -> Gemma3Config:
    """Beside llama.cpp's text nothing is quantised, whatever a prepared folder says of its own."""
    config = Gemma3Config.from_pretrained(folder, local_files_only=True)
    if choice.llama:
        vars(config).pop("quantization_config", None)
    return config


def _kind_of_model(choice: TierChoice) -> Any:
    if not choice.llama:
        return Gemma3ForConditionalGeneration
    from inference.runtime.llama import LlamaGemma3  # noqa: PLC0415 - not installed everywhere

    return LlamaGemma3


def _quantisation(choice: TierChoice) -> BitsAndBytesConfig | None:
    if choice.prepared or choice.llama:
        return None  # its folder says so itself, or its text's file
    if choice.tier is Tier.BIT8:
        return BitsAndBytesConfig(load_in_8bit=True, llm_int8_skip_modules=[*NOT_QUANTISED])
    return nf4(_COMPUTED[choice.dtype]) if choice.tier is Tier.BIT4 else None


def _make_int8(model: Gemma3ForConditionalGeneration, folder: Path) -> None:
    try:
        use_int8_vision(model, load_file(folder / INT8_FILE))
    except (OSError, SafetensorError, KeyError, AttributeError, RuntimeError) as error:
        raise UnusableAnswer("The vision cannot be held at 8 bits.") from error


def _make_safe(model: Gemma3ForConditionalGeneration, choice: TierChoice) -> None:
    """A prepared folder names the type it computes in, which is not every machine's."""
    # bitsandbytes takes seconds to import, which a model without it need not wait for.
    from bitsandbytes.nn.modules import Linear4bit  # noqa: PLC0415

    from inference.runtime.float16_guard import guard, guard_8bit  # noqa: PLC0415
    from inference.runtime.packing import pack  # noqa: PLC0415

    for module in model.modules():
        if isinstance(module, Linear4bit):
            module.compute_dtype = _COMPUTED[choice.dtype]
    if choice.dtype is Dtype.GUARDED_FLOAT16:
        guard(model)
    else:
        guard_8bit(model)
    if choice.device == "cpu":
        pack(model)
