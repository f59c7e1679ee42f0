"""4-bit weights in the order that bitsandbytes' kernel for AVX512-BF16 reads.

The library packs a layer when it is first used, by way of 32-bit numbers: 9 s for MedGemma 4B. Here
the same bytes come from bytes, in 4 s. Knows that order. Must not know models or tiers.
"""

import torch
from bitsandbytes.functional import QuantState, dequantize_blockwise
from bitsandbytes.nn.modules import Linear4bit, Params4bit
from torch import Tensor, nn

BLOCK_ROWS = 32  # outputs that the kernel computes together
_PACKED = "packing_format_for_cpu"  # how the library marks a layer that it need not pack


def pack(model: nn.Module) -> None:
    """Pack every 4-bit layer that the kernel would take, in place.

    Args:
        model: On a CPU, its layers in no use yet; packed ones cannot be saved.
    """
    for layer in model.modules():
        if isinstance(layer, Linear4bit) and layer.support_avx512bf16_for_cpu:
            weight = layer.weight
            assert isinstance(weight, Params4bit)  # noqa: S101 - the library's types do not say so
            weight.data = in_kernel_order(weight.data, weight.quant_state.shape)
            _spread_scales(weight.quant_state)


def in_kernel_order(weights: Tensor, shape: torch.Size) -> Tensor:
    """Put the halves of a layer's bytes where the kernel looks for them.

    Args:
        weights: NF4 as stored, row by row, two inputs a byte.
        shape: (outputs, inputs) of the layer, outputs in whole blocks.

    Returns:
        (outputs, inputs / 2), uint8: for each block of 32 outputs and pair of inputs, output i in
        the low half beside output i + 16 in the high half.

    Source:
        `bitsandbytes.functional._convert_weight_packed_for_cpu`, which gives the same.
    """
    outputs, inputs = shape
    by_block = weights.view(torch.uint8).view(-1, 2, BLOCK_ROWS // 2, inputs // 2)
    low, high = by_block.transpose(2, 3).contiguous().unbind(1)  # (blocks, input pairs, 16)
    first = (high & 0xF0) | (low >> 4)
    second = (high << 4) | (low & 0xF)
    return torch.stack((first, second), dim=-1).view(outputs, inputs // 2)


def _spread_scales(state: QuantState) -> None:
    """The scales as the kernel reads them: one kind, bfloat16, (blocks of a row, outputs)."""
    scales = state.absmax
    if state.nested:
        scales = dequantize_blockwise(scales, state.state2) + state.offset
        state.nested, state.state2 = False, None
    outputs, inputs = state.shape
    by_output = scales.view(outputs, inputs // state.blocksize)
    state.absmax = by_output.T.to(torch.bfloat16).contiguous()
    state.dtype = torch.bfloat16
    vars(state)[_PACKED] = True
