"""On a processor without bfloat16 instructions the same is computed, through float32."""

from pathlib import Path

import pytest
import torch
from torch import nn

from inference.contract import ReadRequest, Tier
from inference.footprint import Dtype
from inference.runtime import load, upcast
from inference.runtime.load import load_model
from inference.runtime.upcast import FEW_ROWS, UpcastLinear
from inference.tiers import TierChoice
from tests.checkpoints import make_checkpoint, make_picture
from tests.reading_alone import read_alone

ROUNDING = 2.0**-7  # bfloat16 keeps eight bits
IN, OUT = 96, 200


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_checkpoint(tmp_path_factory.mktemp("home") / "models" / "tiny")


@pytest.fixture
def draw() -> torch.Generator:
    return torch.Generator().manual_seed(0)


@pytest.mark.parametrize("rows", [1, FEW_ROWS, FEW_ROWS + 1, 70])
@pytest.mark.parametrize("bias", [True, False])
def test_a_product_is_float32s_within_bfloat16s_rounding(
    rows: int, bias: bool, draw: torch.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the weights fit into one block or the last of several is not full."""
    monkeypatch.setattr(upcast, "BLOCK_ELEMENTS", 64 * IN)
    layer = nn.Linear(IN, OUT, bias=bias, dtype=torch.bfloat16)
    nn.init.normal_(layer.weight, generator=draw)
    given = torch.randn(2, rows, IN, generator=draw).bfloat16()
    exact = nn.functional.linear(
        given.float(), layer.weight.float(), layer.bias.float() if bias else None
    )
    upcast.upcast(layer)
    assert isinstance(layer, UpcastLinear)
    with torch.inference_mode():
        product = layer(given)
    assert product.dtype == torch.bfloat16
    torch.testing.assert_close(product.float(), exact, atol=8 * ROUNDING, rtol=ROUNDING)


def test_only_a_processor_without_the_instructions_computes_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def upcast_layers(dtype: Dtype, *, instructions: bool) -> int:
        monkeypatch.setattr(load, "multiplies_bfloat16", lambda: instructions)
        choice = TierChoice(tier=Tier.CPU, device="cpu", dtype=dtype, reason="Tested.")
        model = load_model(folder, choice).model
        return sum(isinstance(module, UpcastLinear) for module in model.modules())

    assert upcast_layers(Dtype.BFLOAT16, instructions=False) > 0
    assert upcast_layers(Dtype.BFLOAT16, instructions=True) == 0
    assert upcast_layers(Dtype.FLOAT32, instructions=False) == 0


def test_the_answer_is_what_float32_answers(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A drawn checkpoint's likeliest tokens are close together: the first ones are compared."""
    monkeypatch.setattr(load, "multiplies_bfloat16", lambda: False)
    request = ReadRequest(request_id="r", pictures=(make_picture(),))

    def text(dtype: Dtype) -> str:
        choice = TierChoice(tier=Tier.CPU, device="cpu", dtype=dtype, reason="Tested.")
        return read_alone(load_model(folder, choice), request, max_tokens=4).text

    assert text(Dtype.BFLOAT16) == text(Dtype.FLOAT32) != ""
