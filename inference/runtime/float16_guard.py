"""Matrix products in float16 whose numbers cannot overflow.

Gemma 3's residual stream and the products inside its MLPs pass float16's largest number, 65,504
(transformers #36822): plain float16 answers nothing or nonsense. Cards below compute capability 8.0
have no bfloat16, and float32 there is slow and twice as large.

So everything is computed in float32 but the products themselves. Each row that goes into one is
divided, where it must be, by a power of two so that neither the row nor any partial sum of its
product can leave float16's range; the result is multiplied by the same power again. A row that
needs no division is untouched. Knows layers. Must not know tiers or cards.
"""

import math
from collections.abc import Iterator
from typing import cast

import torch
from bitsandbytes.nn.modules import Int8Params, Linear8bitLt
from torch import Tensor, nn
from transformers import PreTrainedModel
from typing_extensions import override

from inference.errors import UnusableAnswer

LARGEST = 2.0**15
"""Half of what float16 holds: the other half is room for rounding."""

_ROWS_AT_ONCE = 4096  # bounds the copy in which a layer's weights are added up


class GuardedLinear(nn.Module):
    """A linear layer that passes through float16, for inputs of any size.

    With x a row, W the weight and s the row's power of two: y = s * (W (x / s)) + b. Every partial
    sum of W (x / s) is at most max|x / s| times the largest sum of absolute values in a row of W,
    so s is chosen to keep that product, and x / s itself, within `LARGEST`.

    Args:
        inner: A float16 or an 8-bit layer; its bias is taken from it.
        limit: `input_limit(inner)`.
    """

    def __init__(self, inner: nn.Linear, limit: float) -> None:
        super().__init__()
        self.inner = inner
        self.limit = limit
        bias = cast("Tensor | None", inner.bias)
        self.bias = None if bias is None else nn.Parameter(bias.float(), requires_grad=False)
        inner.register_parameter("bias", None)

    @override
    def forward(self, x: Tensor) -> Tensor:
        """Source: `torch.nn.Linear`; x is (..., in features), float32 or bfloat16."""
        largest = x.float().abs().amax(dim=-1, keepdim=True)  # (..., 1)
        scale = torch.exp2(torch.ceil(torch.log2(largest / self.limit))).clamp(min=1.0)
        small = (x.float() / scale).to(self._passes_as(x))
        product: Tensor = self.inner(small).float() * scale  # (..., out features)
        return (product if self.bias is None else product + self.bias).to(x.dtype)

    def _passes_as(self, x: Tensor) -> torch.dtype:
        return x.dtype if isinstance(self.inner, Linear8bitLt) else self.inner.weight.dtype


class Float32Embedding(nn.Module):
    """Gemma's scaled word embedding, kept in float16 and scaled in float32.

    Args:
        inner: `Gemma3TextScaledWordEmbedding`.
    """

    def __init__(self, inner: nn.Embedding) -> None:
        super().__init__()
        self.weight = inner.weight
        self.scale = float(cast("float", inner.scalar_embed_scale))

    @override
    def forward(self, input_ids: Tensor) -> Tensor:
        """Source: `Gemma3TextScaledWordEmbedding.forward`; float32 (..., hidden size)."""
        return nn.functional.embedding(input_ids, self.weight).float() * self.scale


def guard(model: PreTrainedModel) -> None:
    """Make a model that was loaded in float16 compute safely, in place.

    Afterwards it takes and gives float32; the large weights stay in float16 or quantised.

    Args:
        model: A Gemma 3 model; its 4-bit layers, if any, compute in float32.

    Raises:
        UnusableAnswer: A weight itself does not fit into float16.
    """
    layers = list(_linear_layers(model))
    words = model.get_input_embeddings()
    large = {id(layer.weight) for _, _, layer in layers} | {id(words.weight)}
    for parameter in model.parameters():
        if not torch.isfinite(parameter).all():
            raise UnusableAnswer("The model has weights that float16 cannot hold.")
        if id(parameter) not in large:
            parameter.data = parameter.data.float()
    model.set_input_embeddings(Float32Embedding(words))
    guard_8bit(model)
    for parent, name, layer in layers:
        if type(layer) is nn.Linear:
            setattr(parent, name, GuardedLinear(layer, input_limit(layer)))


def guard_8bit(model: PreTrainedModel) -> None:
    """Guard those 8-bit layers that could overflow, in place, whatever the model computes in.

    bitsandbytes multiplies inputs of `threshold` and more apart, in their own type, and gives what
    the others make as float16: most layers are safe as they are.

    Args:
        model: A model; its other layers stay as they are.
    """
    for parent, name, layer in list(_linear_layers(model)):
        if isinstance(layer, Linear8bitLt):
            limit = input_limit(layer)
            if limit < layer.state.threshold:
                setattr(parent, name, GuardedLinear(layer, limit))


def input_limit(layer: nn.Linear) -> float:
    """The largest input that no partial sum of a layer's product makes larger than `LARGEST`.

    Args:
        layer: A float16 or an 8-bit layer.

    Returns:
        A power of two, no larger than `LARGEST` itself.
    """
    largest_row = max(float(rows.max()) for rows in _row_sums(layer))
    return 2.0 ** math.floor(math.log2(LARGEST / max(largest_row, 1.0)))


def _linear_layers(model: nn.Module) -> Iterator[tuple[nn.Module, str, nn.Linear]]:
    """Each linear layer with the module that holds it and its name there."""
    for parent in model.modules():
        for name, layer in parent.named_children():
            if isinstance(layer, nn.Linear):
                yield parent, name, layer


def _row_sums(layer: nn.Linear) -> list[Tensor]:
    """The sum of absolute weights of each output, a few thousand of them at once."""
    weight = layer.weight.detach()  # (out features, in features)
    starts = range(0, len(weight), _ROWS_AT_ONCE)
    sums = [weight[start : start + _ROWS_AT_ONCE].float().abs().sum(dim=1) for start in starts]
    if isinstance(layer.weight, Int8Params):
        return [torch.cat(sums) * layer.weight.SCB / 127]
    return sums
