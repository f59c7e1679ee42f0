"""Makes tiny checkpoints of MedGemma's architecture with random weights, for the tests."""

import hashlib
import json
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from transformers.models.gemma.tokenization_gemma import GemmaTokenizer
from transformers.models.gemma3.configuration_gemma3 import Gemma3Config
from transformers.models.gemma3.image_processing_pil_gemma3 import Gemma3ImageProcessorPil
from transformers.models.gemma3.modeling_gemma3 import Gemma3ForConditionalGeneration
from transformers.models.gemma3.processing_gemma3 import Gemma3Processor

from inference.feature_cache import FeatureCache
from storage.keys import Key, Keyring
from storage.layout import FEATURES

IMAGE_PX = 56
PATCH_PX = 14
IMAGE_TOKENS = 4
SPECIAL_TOKENS = (
    "<pad>",
    "<eos>",
    "<bos>",
    "<unk>",
    "<mask>",
    "<start_of_turn>",
    "<end_of_turn>",
    "<start_of_image>",
    "<end_of_image>",
    "<image_soft_token>",
)
THOUGHT_TOKENS = ("<unused94>", "<unused95>")
CHAT_TEMPLATE = """\
{{ bos_token }}
{%- set prefix = messages[0]['content'][0]['text'] + '\n\n' -%}
{%- for message in messages[1:] -%}
    {%- set role = 'model' if message['role'] == 'assistant' else message['role'] -%}
    {{ '<start_of_turn>' + role + '\n' }}
    {{- prefix if loop.first else '' }}
    {%- for item in message['content'] -%}
        {{ '<start_of_image>' if item['type'] == 'image' else item['text'] | trim }}
    {%- endfor -%}
    {{ '<end_of_turn>\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<start_of_turn>model\n' }}{%- endif -%}
"""


def make_picture(width_px: int = 400, height_px: int = 300) -> bytes:
    """A PNG of noise, the same for the same size."""
    pixels = np.random.default_rng(0).integers(0, 256, (height_px, width_px, 3), dtype=np.uint8)
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def padded_by_numpy(picture: bytes) -> Image.Image:
    """A picture padded to a square as Google's notebooks for MedGemma pad it: the reference."""
    pixels = np.asarray(Image.open(BytesIO(picture)).convert("RGB"))
    height, width = pixels.shape[:2]
    rows, columns = max(0, width - height), max(0, height - width)
    around = ((rows // 2, rows - rows // 2), (columns // 2, columns - columns // 2), (0, 0))
    return Image.fromarray(np.pad(pixels, around))


def make_checkpoint(
    folder: Path,
    *,
    seed: int = 0,
    broken: bool = False,
    window_tokens: int = 64,
    thinks: bool = False,
) -> Path:
    """Write a model folder as `inference.models` keeps them, manifest included.

    Args:
        folder: Where; made if it is not there.
        seed: Of the random weights.
        broken: Make a weight not-a-number, as a damaged or overflowing model would compute.
        window_tokens: Of its sliding layer; MedGemma's is longer than most prompts.
        thinks: Whether its tokenizer has the marks of a thought, as MedGemma 1.5's.

    Returns:
        The folder.
    """
    processor = make_processor(THOUGHT_TOKENS if thinks else ())
    torch.manual_seed(seed)
    config = make_config(processor.tokenizer)
    config.text_config.sliding_window = window_tokens
    model = Gemma3ForConditionalGeneration(config)
    with torch.no_grad():
        projection = model.model.multi_modal_projector.mm_input_projection_weight
        projection.normal_(std=0.2)
        if broken:
            projection.fill_(float("nan"))
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    processor.save_pretrained(folder)
    write_manifest(folder)
    return folder


def feature_cache_in(home: Path, keyring: Keyring | None = None) -> FeatureCache:
    """The cache of a data folder, empty unless its key is given."""
    return FeatureCache(home / FEATURES, keyring or Keyring((Key.new(),)))


def make_processor(more_tokens: tuple[str, ...] = ()) -> Gemma3Processor:
    """A processor of Gemma 3's kind with a byte-level vocabulary, and more tokens at its end."""
    pieces = [
        *SPECIAL_TOKENS,
        *(f"<0x{byte:02X}>" for byte in range(256)),
        "▁",
        *map(chr, range(33, 127)),
        *more_tokens,
    ]
    tokenizer = GemmaTokenizer(
        vocab={piece: index for index, piece in enumerate(pieces)},
        merges=[],
        extra_special_tokens={
            "boi_token": "<start_of_image>",
            "eoi_token": "<end_of_image>",
            "image_token": "<image_soft_token>",
        },
    )
    tokenizer.add_special_tokens(
        {"additional_special_tokens": ["<start_of_turn>", "<end_of_turn>"]},
        replace_extra_special_tokens=False,
    )
    return Gemma3Processor(
        image_processor=Gemma3ImageProcessorPil(
            size={"height": IMAGE_PX, "width": IMAGE_PX}, image_mean=[0.5] * 3, image_std=[0.5] * 3
        ),
        tokenizer=tokenizer,
        chat_template=CHAT_TEMPLATE,
        image_seq_length=IMAGE_TOKENS,
    )


def make_config(tokenizer: GemmaTokenizer) -> Gemma3Config:
    """MedGemma's shape, as small as the quantised layers' block sizes allow."""
    token = tokenizer.convert_tokens_to_ids
    return Gemma3Config(
        text_config={
            "vocab_size": len(tokenizer),
            "hidden_size": 64,
            "intermediate_size": 128,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "num_key_value_heads": 1,
            "head_dim": 32,
            "query_pre_attn_scalar": 32,
            "sliding_window": 64,
            "layer_types": ["sliding_attention", "full_attention"],
            "max_position_embeddings": 4096,
            "pad_token_id": token("<pad>"),
            "bos_token_id": token("<bos>"),
            "eos_token_id": [token("<eos>"), token("<end_of_turn>")],
        },
        vision_config={
            "hidden_size": 64,
            "intermediate_size": 128,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "image_size": IMAGE_PX,
            "patch_size": PATCH_PX,
            "vision_use_head": False,
        },
        mm_tokens_per_image=IMAGE_TOKENS,
        boi_token_index=token("<start_of_image>"),
        eoi_token_index=token("<end_of_image>"),
        image_token_index=token("<image_soft_token>"),
        eos_token_id=[token("<eos>"), token("<end_of_turn>")],
    )


def write_manifest(folder: Path) -> None:
    """Write `edgerad.json` for the files as they stand."""
    files = {
        path.name: {
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "bytes": path.stat().st_size,
        }
        for path in sorted(folder.iterdir())
        if path.name != "edgerad.json"
    }
    manifest = {"name": folder.name, "practice": True, "modified": False, "files": files}
    (folder / "edgerad.json").write_text(json.dumps(manifest))
