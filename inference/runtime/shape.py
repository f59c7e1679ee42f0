"""`python -m inference.runtime.shape FOLDER`: a model of MedGemma 4B's exact shape, weights drawn.

Knows the shape, which decides time and memory; what such a model says means nothing. Written file
by file, so that no more than one file's tensors are held. Each line of output is the bytes done and
the bytes there are. Source of the shape: `config.json` of google/medgemma-4b-it.
"""

import json
import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoProcessor, GenerationConfig
from transformers.models.gemma3.configuration_gemma3 import Gemma3Config
from transformers.models.gemma3.modeling_gemma3 import Gemma3ForConditionalGeneration
from transformers.models.gemma3.processing_gemma3 import Gemma3Processor

from inference.practice.folder import MODEL_FOLDER

FILE_BYTES = 1_000_000_000
WEIGHT_STD = 0.02
EMBEDDING = "model.language_model.embed_tokens.weight"
_DRAWN = 2**22  # numbers that are drawn; larger weights repeat them
_IMAGE_PX, _IMAGE_TOKENS = 896, 256
_LAYERS, _FULL_EVERY = 34, 6


def config_4b(processor: Gemma3Processor) -> Gemma3Config:
    """MedGemma 4B's configuration, with the token ids of the practice model's tokenizer."""
    tokenizer = processor.tokenizer
    end = tokenizer.convert_tokens_to_ids("<end_of_turn>")
    full = "full_attention"
    return Gemma3Config(
        text_config={
            "vocab_size": 262_208,
            "hidden_size": 2560,
            "intermediate_size": 10_240,
            "num_hidden_layers": _LAYERS,
            "num_attention_heads": 8,
            "num_key_value_heads": 4,
            "head_dim": 256,
            "query_pre_attn_scalar": 256,
            "sliding_window": 1024,
            "layer_types": [
                full if layer % _FULL_EVERY == 0 else "sliding_attention"
                for layer in range(1, _LAYERS + 1)
            ],
            "pad_token_id": tokenizer.pad_token_id,
            "bos_token_id": tokenizer.bos_token_id,
            "eos_token_id": [tokenizer.eos_token_id, end],
        },
        vision_config={
            "hidden_size": 1152,
            "intermediate_size": 4304,
            "num_hidden_layers": 27,
            "num_attention_heads": 16,
            "image_size": _IMAGE_PX,
            "patch_size": 14,
            "vision_use_head": False,
        },
        mm_tokens_per_image=_IMAGE_TOKENS,
        boi_token_index=tokenizer.boi_token_id,
        eoi_token_index=tokenizer.eoi_token_id,
        image_token_index=tokenizer.image_token_id,
        eos_token_id=[tokenizer.eos_token_id, end],
    )


def write_random(
    folder: Path,
    config: Gemma3Config,
    say: Callable[[int, int], None],
    *,
    words: int,
    file_bytes: int = FILE_BYTES,
) -> None:
    """Write weights of a shape in bfloat16, a file at a time.

    Args:
        say: Told the bytes written and how many there are.
        words: How many tokens the tokenizer has a word for: only these are ever written.
        file_bytes: How much goes into one file.
    """
    with torch.device("meta"):
        shapes = Gemma3ForConditionalGeneration(config).state_dict()
    del shapes["lm_head.weight"]  # the embedding, once more
    files = list(_files(shapes, file_bytes))
    total_bytes = 2 * sum(weight.numel() for weight in shapes.values())
    drawn = torch.randn(_DRAWN, generator=torch.Generator().manual_seed(0)).mul_(WEIGHT_STD)
    done_bytes = 0
    places: dict[str, str] = {}
    for number, names in enumerate(files, start=1):
        file = f"model-{number:05}-of-{len(files):05}.safetensors"
        tensors = {name: _filled(shapes[name].shape, drawn.bfloat16()) for name in names}
        if EMBEDDING in tensors:
            tensors[EMBEDDING][words:] = 0  # what has no word is never the likeliest
        save_file(tensors, folder / file, metadata={"format": "pt"})
        places |= dict.fromkeys(names, file)
        done_bytes += 2 * sum(tensor.numel() for tensor in tensors.values())
        say(done_bytes, total_bytes)
    index = {"metadata": {"total_size": total_bytes}, "weight_map": places}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    config.dtype = torch.bfloat16
    config.architectures = ["Gemma3ForConditionalGeneration"]
    config.save_pretrained(folder)


def write_processor(folder: Path, config: Gemma3Config) -> None:
    """Write the practice model's processor for pictures of this shape, and how to generate."""
    processor = practice_processor()
    side_px = config.vision_config.image_size
    processor.image_processor.size = {"height": side_px, "width": side_px}
    Gemma3Processor(
        image_processor=processor.image_processor,
        tokenizer=processor.tokenizer,
        chat_template=processor.chat_template,
        image_seq_length=config.mm_tokens_per_image,
    ).save_pretrained(folder)
    GenerationConfig(
        bos_token_id=config.text_config.bos_token_id,
        pad_token_id=config.text_config.pad_token_id,
        eos_token_id=config.text_config.eos_token_id,
        do_sample=False,
    ).save_pretrained(folder)


def practice_processor() -> Gemma3Processor:
    """The practice model's processor.

    Returns:
        It; its tokenizer knows the prompts' words.
    """
    return AutoProcessor.from_pretrained(MODEL_FOLDER, local_files_only=True, backend="pil")


def _files(shapes: dict[str, torch.Tensor], file_bytes: int) -> Iterator[list[str]]:
    names: list[str] = []
    held_bytes = 0
    for name, weight in shapes.items():
        if names and held_bytes + 2 * weight.numel() > file_bytes:
            yield names
            names, held_bytes = [], 0
        names.append(name)
        held_bytes += 2 * weight.numel()
    yield names


def _filled(shape: torch.Size, drawn: torch.Tensor) -> torch.Tensor:
    count = math.prod(shape)
    return drawn.repeat(-(-count // len(drawn)))[:count].view(shape).clone()


def main() -> None:
    """Write the folder, saying how far it is."""
    folder = Path(sys.argv[1])
    processor = practice_processor()
    config = config_4b(processor)

    def say(done_bytes: int, total_bytes: int) -> None:
        sys.stdout.write(f"{done_bytes} {total_bytes}\n")
        sys.stdout.flush()

    write_processor(folder, config)
    write_random(folder, config, say, words=len(processor.tokenizer))


if __name__ == "__main__":
    main()
