"""4-bit weights packed at loading are what the library would have made of them."""

import copy

import pytest
import torch
from bitsandbytes import functional
from bitsandbytes.functional import QuantState
from bitsandbytes.nn.modules import Linear4bit, Params4bit
from torch import Tensor, nn

from inference.runtime.packing import pack

INPUTS, OUTPUTS = 128, 96


@pytest.fixture(params=[True, False], ids=["nested", "plain"])
def layer(request: pytest.FixtureRequest) -> Linear4bit:
    """A layer that the kernel would take, whichever processor this is."""
    layer = Linear4bit(  # type: ignore[no-untyped-call]
        INPUTS, OUTPUTS, bias=False, quant_type="nf4", compress_statistics=request.param
    )
    generator = torch.Generator().manual_seed(0)
    layer.weight.data = torch.randn(OUTPUTS, INPUTS, generator=generator)
    layer.to("cpu")
    layer.support_avx512bf16_for_cpu = True
    return layer


def state_of(layer: Linear4bit) -> QuantState:
    assert isinstance(layer.weight, Params4bit)
    state: QuantState = layer.weight.quant_state
    return state


def test_the_bytes_and_scales_are_the_librarys(layer: Linear4bit) -> None:
    state = copy.deepcopy(state_of(layer))
    bits, state = functional._convert_weight_packed_for_cpu(layer.weight.data.clone(), state)

    pack(nn.Sequential(layer))

    packed = state_of(layer)
    assert torch.equal(layer.weight.data, bits)
    assert torch.equal(packed.absmax, state.absmax)
    assert (packed.nested, packed.dtype) == (state.nested, state.dtype)
    assert vars(packed)["packing_format_for_cpu"]


def test_where_the_kernel_does_not_run_nothing_is_packed(layer: Linear4bit) -> None:
    layer.support_avx512bf16_for_cpu = False
    before: Tensor = layer.weight.data.clone()
    pack(nn.Sequential(layer))
    assert torch.equal(layer.weight.data, before)
