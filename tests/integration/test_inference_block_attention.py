"""The faster attention of the vision tower says what the library's own says."""

from pathlib import Path

import pytest
import torch

from inference.contract import ReadRequest, Tier
from inference.footprint import Dtype
from inference.runtime import block_attention
from inference.runtime.block_attention import BLOCK_ROWS, attend_in_blocks, use_fast_vision
from inference.runtime.generate import prepare
from inference.runtime.load import LoadedModel, load_model
from inference.tiers import TierChoice
from tests.checkpoints import make_checkpoint, make_picture

PICTURES = ReadRequest(request_id="r", pictures=(make_picture(), make_picture(300, 900)))
HEADS, PATCHES, HEAD_PX = 2, BLOCK_ROWS + 88, 72
ROUNDING = 2.0**-7  # bfloat16 keeps eight bits


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_checkpoint(tmp_path_factory.mktemp("home") / "models" / "tiny")


def loaded(folder: Path, dtype: Dtype) -> LoadedModel:
    choice = TierChoice(tier=Tier.CPU, device="cpu", dtype=dtype, reason="Tested.")
    return load_model(folder, choice)


def features(model: LoadedModel) -> torch.Tensor:
    pixels = prepare(model.processor, PICTURES)["pixel_values"].to(model.dtype)
    with torch.inference_mode():
        seen: torch.Tensor = model.model.get_image_features(pixels).pooler_output
    return seen.float()


def draw(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0)).bfloat16()


def test_blocks_attend_as_float32_does_within_bfloat16s_rounding() -> None:
    query, key, value = draw(3, 2, HEADS, PATCHES, HEAD_PX)
    given, _ = attend_in_blocks(torch.nn.Identity(), query, key, value, None, scaling=0.1)
    expected = torch.nn.functional.scaled_dot_product_attention(
        query.float(), key.float(), value.float(), scale=0.1
    ).transpose(1, 2)
    torch.testing.assert_close(given.float(), expected, atol=ROUNDING, rtol=ROUNDING)


def test_what_is_masked_is_left_to_the_library() -> None:
    query, key, value = draw(3, 1, HEADS, 8, HEAD_PX)
    mask = torch.ones(1, 1, 8, 8, dtype=torch.bool).tril()
    given, _ = attend_in_blocks(torch.nn.Identity(), query, key, value, mask, scaling=0.1)
    expected = torch.nn.functional.scaled_dot_product_attention(
        query, key, value, attn_mask=mask, scale=0.1
    ).transpose(1, 2)
    torch.testing.assert_close(given, expected)


def test_a_tower_with_blocks_sees_what_the_librarys_tower_sees(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(block_attention, "multiplies_bfloat16", lambda: False)
    library = loaded(folder, Dtype.BFLOAT16)
    own = features(library)
    monkeypatch.setattr(block_attention, "multiplies_bfloat16", lambda: True)
    assert use_fast_vision(library.model)
    scale = own.abs().max()
    torch.testing.assert_close(features(library) / scale, own / scale, atol=2 * ROUNDING, rtol=0)


def test_float32_keeps_the_librarys_attention(folder: Path) -> None:
    assert not use_fast_vision(loaded(folder, Dtype.FLOAT32).model)
