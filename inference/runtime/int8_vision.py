"""The vision tower's linear layers at 8 bits, for processors whose only fast products are integers.

Knows layers and oneDNN's integer product. Must not judge whether a model bears it: that is
`inference.runtime.vision_proof`'s. Attention, norms and the projector stay float32.

A weight has 7 bits and a scale for each of its outputs, an input 8 bits and a scale for each of its
rows. With one bit more, two products of a processor without VNNI would not fit the 16 bits in which
it adds them, and it cuts them off without a word. A few input channels are far larger than the
others, and would take all the bits: each is divided by a factor, by which its weights are
multiplied. Source: SmoothQuant, arXiv 2211.10438, with half of the range on either side.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import cast

import torch
from torch import Tensor, nn
from transformers.models.gemma3.modeling_gemma3 import Gemma3ForConditionalGeneration
from typing_extensions import override

WEIGHT_MAX = 64
INPUT_MAX = 127
ZERO = 128
BLOCK_ROWS = 1024
"""Of an input, turned into integers while they are in the processor's cache."""

_SMALLEST = 1e-6
_onednn = torch.ops.onednn  # there is no public way to its product


class Int8Linear(nn.Module):
    """A linear layer whose product is one of integers.

    Args:
        layer: What it stands for, in float32.
        largest: The largest value of each input channel, (in features,), on pictures like those to
            come.
    """

    def __init__(self, layer: nn.Linear, largest: Tensor) -> None:
        super().__init__()
        weight = layer.weight.detach()  # (out features, in features)
        factors = _factors(largest, weight)
        weight = weight * factors
        scales = weight.abs().amax(1).clamp_min(_SMALLEST) / WEIGHT_MAX  # (out features,)
        integers = (weight / scales[:, None]).round().to(torch.int8)
        self._out_features = layer.out_features
        bias = cast("Tensor | None", layer.bias)
        self._bias = torch.zeros(layer.out_features) if bias is None else bias.detach()
        self._divisors = factors.reciprocal()
        self._scales = scales
        self._zeros = torch.zeros(layer.out_features, dtype=torch.int64)
        self._weight = _onednn.qlinear_prepack(integers, None)

    @override
    def forward(self, given: Tensor) -> Tensor:
        """Source: `torch.nn.Linear`; `given` is (..., in features), float32."""
        rows = given.reshape(-1, given.shape[-1])
        product = rows.new_empty(len(rows), self._out_features)
        for start in range(0, len(rows), BLOCK_ROWS):
            block = slice(start, start + BLOCK_ROWS)
            product[block] = self._multiplied(rows[block])
        return product.view(*given.shape[:-1], self._out_features)

    def _multiplied(self, rows: Tensor) -> Tensor:
        smooth = rows * self._divisors
        largest = smooth.abs().amax(1, keepdim=True).clamp_min_(_SMALLEST)  # (rows, 1)
        integers = smooth.mul_(INPUT_MAX / largest).add_(ZERO + 0.5).to(torch.uint8)
        product = _onednn.qlinear_pointwise(
            integers,
            1 / INPUT_MAX,
            ZERO,
            self._weight,
            self._scales,
            self._zeros,
            None,
            1.0,
            0,
            torch.float32,
            "none",
            [],
            "",
        )
        return torch.addcmul(self._bias, product, largest)


Largest = Mapping[str, Tensor]
"""By the name of each linear layer: the largest value of each of its input channels."""


@contextmanager
def recording_largest(model: Gemma3ForConditionalGeneration) -> Iterator[Largest]:
    """Note what goes into the vision tower's linear layers while the block runs.

    Args:
        model: With its vision tower in float32.
    """
    found: dict[str, Tensor] = {}

    def note(name: str, given: Tensor) -> None:
        largest = given.detach().abs().reshape(-1, given.shape[-1]).amax(0)
        found[name] = torch.maximum(found[name], largest) if name in found else largest

    handles = [
        layer.register_forward_pre_hook(lambda _, given, name=name: note(name, given[0]))
        for name, layer in _linear_layers(model).items()
    ]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


def use_int8_vision(model: Gemma3ForConditionalGeneration, largest: Largest) -> None:
    """Have the vision tower multiply integers, in place.

    Args:
        model: With its vision tower in float32, on a CPU.
        largest: From `recording_largest`, of this model.

    Raises:
        KeyError: It is another model's.
    """
    tower = model.model.vision_tower
    for name, layer in _linear_layers(model).items():
        tower.set_submodule(name, Int8Linear(layer, largest[name]))


def _linear_layers(model: Gemma3ForConditionalGeneration) -> dict[str, nn.Linear]:
    modules = model.model.vision_tower.named_modules()
    return {name: module for name, module in modules if isinstance(module, nn.Linear)}


def _factors(largest: Tensor, weight: Tensor) -> Tensor:
    """By what each channel's weights are multiplied, (in features,)."""
    of_weights = weight.abs().amax(0).clamp_min(_SMALLEST)
    return (largest.clamp_min(_SMALLEST) / of_weights).sqrt()
