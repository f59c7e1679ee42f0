"""Attention over a picture's patches on a CPU, in blocks of bfloat16 matrix products.

Knows one attention function. The library's own is kept wherever this one is not faster: on a
graphics card, in float32, and on a CPU without bfloat16 instructions. Every patch sees every other,
4,096 of them in MedGemma; a block of rows keeps the scores within the processor's cache.
"""

import torch
from transformers import AttentionInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.models.gemma3.modeling_gemma3 import Gemma3ForConditionalGeneration

from inference.bfloat16 import multiplies_bfloat16

BLOCK_ROWS = 512
_NAME = "edgerad_blocks"


def use_fast_vision(model: Gemma3ForConditionalGeneration) -> bool:
    """Have the vision tower attend in blocks where that is faster.

    Args:
        model: Loaded, on its device.

    Returns:
        Whether it does now.
    """
    tower = model.model.vision_tower
    fast = bool(
        tower.device.type == "cpu" and tower.dtype == torch.bfloat16 and multiplies_bfloat16()
    )
    if fast:
        AttentionInterface.register(_NAME, attend_in_blocks)
        tower.set_attn_implementation(_NAME)
    return fast


def attend_in_blocks(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    *,
    scaling: float,
    **more: object,
) -> tuple[torch.Tensor, None]:
    """Attention without a mask, head by head and block by block.

    Args:
        module: Whose attention it is.
        query: (pictures, heads, patches, head size).
        key: As `query`.
        value: As `query`.
        attention_mask: Left to the library where there is one.
        scaling: Factor of the scores.
        more: What the library passes along.

    Returns:
        (pictures, patches, heads, head size), and no weights.

    Source:
        The interface of `transformers.AttentionInterface`.
    """
    if attention_mask is not None:
        given: tuple[torch.Tensor, None] = sdpa_attention_forward(
            module, query, key, value, attention_mask, scaling=scaling, **more
        )
        return given
    pictures, heads, patches, size = query.shape
    output = query.new_empty(pictures, patches, heads, size)
    for picture in range(pictures):
        for head in range(heads):
            q = (query[picture, head] * scaling).contiguous()  # (patches, size)
            k, v = key[picture, head].contiguous(), value[picture, head].contiguous()
            for start in range(0, patches, BLOCK_ROWS):
                rows = slice(start, start + BLOCK_ROWS)
                shares = (q[rows] @ k.T).softmax(-1)  # (rows, patches)
                output[picture, rows, head] = shares @ v
    return output, None
