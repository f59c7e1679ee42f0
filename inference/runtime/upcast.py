"""Matrix products with bfloat16 weights on a processor that cannot multiply in bfloat16.

Most laptops' processors have no bfloat16 instructions: torch then emulates them, at a fifth of the
speed of float32. Here a few rows of weights at a time are made float32, which stays within the
processor's cache, and multiplied in float32: the same sums, rounded to bfloat16 at the end, while
the weights stay bfloat16 and mapped from their file. Knows layers. Must not know models or tiers.
"""

from typing import cast

import torch
from torch import Tensor, nn
from typing_extensions import override

FEW_ROWS = 3
"""Up to so many rows are multiplied one by one: reading the weights is what takes the time."""
BLOCK_ELEMENTS = 2**20


class UpcastLinear(nn.Linear):
    """A linear layer with bfloat16 weights, multiplied in float32."""

    @override
    def forward(self, input: Tensor) -> Tensor:
        """Source: `torch.nn.Linear`; `input` is (..., in features), bfloat16."""
        rows = input.reshape(-1, self.in_features)  # (rows, in features)
        multiply = _row_by_row if len(rows) <= FEW_ROWS else _in_blocks
        return multiply(rows, self).view(*input.shape[:-1], self.out_features)


def upcast(model: nn.Module) -> None:
    """Have a model's bfloat16 linear layers multiply in float32, in place.

    Args:
        model: On a CPU; quantised layers stay as they are.
    """
    for layer in model.modules():
        if type(layer) is nn.Linear and layer.weight.dtype == torch.bfloat16:
            layer.__class__ = UpcastLinear


def _row_by_row(rows: Tensor, layer: nn.Linear) -> Tensor:
    product = torch.stack([torch.mv(layer.weight, row) for row in rows])  # (rows, out features)
    bias = _bias(layer)
    return product if bias is None else product + bias


def _in_blocks(rows: Tensor, layer: nn.Linear) -> Tensor:
    wide, bias = rows.float(), _bias(layer)
    product = rows.new_empty(len(rows), layer.out_features)
    step = max(1, BLOCK_ELEMENTS // layer.in_features)
    block = wide.new_empty(step, layer.in_features)
    for start in range(0, layer.out_features, step):
        outputs = slice(start, start + step)
        weights = layer.weight[outputs]
        few = block[: len(weights)].copy_(weights)  # (outputs of this block, in features)
        part = wide @ few.T  # (rows, outputs of this block)
        product[:, outputs] = part if bias is None else part + bias[outputs]
    return product


def _bias(layer: nn.Linear) -> Tensor | None:
    """Whatever torch's own types say, a layer may have none."""
    return cast("Tensor | None", layer.bias)
