"""Matrix products in float16 on checkpoints whose activations float16 cannot hold."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from bitsandbytes.nn.modules import Linear4bit, Linear8bitLt
from safetensors.torch import load_file, save_file
from transformers.models.gemma3.modeling_gemma3 import Gemma3ForConditionalGeneration

from inference.contract import ReadRequest, Tier
from inference.errors import UnusableAnswer
from inference.footprint import Dtype
from inference.practice.cameras import jpeg_bytes
from inference.practice.folder import MODEL_FOLDER
from inference.practice.phantoms import draw_phantom
from inference.practice.truth import every_truth
from inference.runtime.canary import prove
from inference.runtime.float16_guard import LARGEST, GuardedLinear, guard, input_limit
from inference.runtime.generate import prepare
from inference.runtime.load import LoadedModel, load_model
from inference.tiers import TierChoice
from tests.checkpoints import make_checkpoint, make_picture
from tests.reading_alone import read_alone

FLOAT16_MAX = 65_504.0
MAX_TOKENS = 24
REQUEST = ReadRequest(request_id="r", pictures=(make_picture(),))


def load(folder: Path, tier: Tier, dtype: Dtype) -> LoadedModel:
    return load_model(folder, TierChoice(tier=tier, device="cpu", dtype=dtype, reason="Tested."))


def load_plain_float16(folder: Path) -> LoadedModel:
    """As it would be held without the guard."""
    guarded = load(folder, Tier.BIT16, Dtype.GUARDED_FLOAT16)
    model = Gemma3ForConditionalGeneration.from_pretrained(folder, dtype=torch.float16)
    return replace(guarded, model=model.eval(), dtype=torch.float16)


def planted(source: Path, target: Path, change: Callable[[str, torch.Tensor], None]) -> Path:
    """A copy of a checkpoint with its weights changed in place, kept in float32."""
    target.mkdir()
    for path in source.iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    weights = {n: w.float() for n, w in load_file(source / "model.safetensors").items()}
    for name, weight in weights.items():
        change(name, weight)
    save_file(weights, target / "model.safetensors", metadata={"format": "pt"})
    return target


@pytest.fixture(scope="module")
def large_stream(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny Gemma 3 whose residual stream passes float16's largest number in every layer."""
    folder = tmp_path_factory.mktemp("large")

    def enlarge(name: str, weight: torch.Tensor) -> None:
        if name.endswith("post_feedforward_layernorm.weight"):
            weight += 40_000

    return planted(make_checkpoint(folder / "tiny"), folder / "planted", enlarge)


@pytest.fixture(scope="module")
def large_products(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The practice model, whose MLPs and attention now pass it inside; a norm undoes it exactly."""

    def enlarge(name: str, weight: torch.Tensor) -> None:
        enlarged = name.endswith(("mlp.up_proj.weight", "self_attn.v_proj.weight"))
        if enlarged and name.startswith("language_model."):
            weight *= 2.0**15

    return planted(MODEL_FOLDER, tmp_path_factory.mktemp("large") / "planted", enlarge)


def logits(loaded: LoadedModel) -> torch.Tensor:
    inputs = prepare(loaded.processor, REQUEST).to("cpu", dtype=loaded.dtype)
    with torch.inference_mode():
        last: torch.Tensor = loaded.model(**inputs).logits[0, -1].float()  # (vocabulary,)
    return last


def text(loaded: LoadedModel, request: ReadRequest = REQUEST, max_tokens: int = MAX_TOKENS) -> str:
    return read_alone(loaded, request, max_tokens=max_tokens).text


def test_the_planted_stream_is_beyond_float16(large_stream: Path) -> None:
    loaded = load(large_stream, Tier.CPU, Dtype.FLOAT32)
    inputs = prepare(loaded.processor, REQUEST)
    with torch.inference_mode():
        states = loaded.model(**inputs, output_hidden_states=True).hidden_states
    assert max(float(state.abs().max()) for state in states) > FLOAT16_MAX


def test_plain_float16_fails_on_it(large_stream: Path) -> None:
    plain = load_plain_float16(large_stream)
    assert not torch.isfinite(logits(plain)).all()
    with pytest.raises(UnusableAnswer):
        prove(plain)


def test_guarded_float16_answers_on_it_as_float32_does(large_stream: Path) -> None:
    exact = load(large_stream, Tier.CPU, Dtype.FLOAT32)
    guarded = load(large_stream, Tier.BIT16, Dtype.GUARDED_FLOAT16)
    assert text(guarded) == text(exact)
    torch.testing.assert_close(logits(guarded), logits(exact), atol=5e-3, rtol=0)
    prove(guarded)


def test_guarded_float16_keeps_every_large_weight_in_two_bytes(large_stream: Path) -> None:
    model = load(large_stream, Tier.BIT16, Dtype.GUARDED_FLOAT16).model
    sizes = {weight.dtype for weight in model.parameters() if weight.ndim == 2}
    assert torch.float16 in sizes
    in_linears = {id(m.inner.weight) for m in model.modules() if isinstance(m, GuardedLinear)}
    wide = [w for w in model.parameters() if w.dtype is torch.float32 and id(w) in in_linears]
    assert in_linears
    assert not wide


def films() -> list[ReadRequest]:
    """A clean film of every eighth truth."""
    drawn = [draw_phantom(np.random.default_rng(8), truth).film for truth in every_truth()[::8]]
    return [
        ReadRequest(request_id="r", pictures=(jpeg_bytes(film.convert("RGB"), quality=90),))
        for film in drawn
    ]


@pytest.mark.parametrize("tier", [Tier.BIT16, Tier.BIT8, Tier.BIT4])
def test_every_tier_of_an_old_card_reads_planted_films_as_float32_reads_plain_ones(
    large_products: Path, tier: Tier
) -> None:
    """Given weights whose products pass 65,504 inside, every reading is the one of float32."""
    exact = load(MODEL_FOLDER, Tier.CPU, Dtype.FLOAT32)
    guarded = load(large_products, tier, Dtype.GUARDED_FLOAT16)
    for request in films():
        assert text(guarded, request, 120) == text(exact, request, 120)


def test_plain_float16_does_not_read_planted_films(large_products: Path) -> None:
    with pytest.raises(UnusableAnswer):
        prove(load_plain_float16(large_products))


@pytest.mark.parametrize("size", [1.0, 300.0, 1e6, 1e30])
def test_a_guarded_product_is_float32s_for_inputs_of_any_size(size: float) -> None:
    torch.manual_seed(0)
    layer = torch.nn.Linear(256, 64)
    x = torch.randn(5, 256) * size
    expected = layer(x).detach()
    half = layer.half()
    guarded = GuardedLinear(half, input_limit(half))
    spread = float(expected.abs().max())
    torch.testing.assert_close(guarded(x), expected, atol=2e-3 * spread, rtol=0)


def test_rows_that_are_safe_as_they_are_stay_untouched() -> None:
    torch.manual_seed(0)
    half = torch.nn.Linear(256, 64, bias=False).half()
    x = torch.randn(5, 256)
    assert torch.equal(GuardedLinear(half, input_limit(half))(x), half(x.half()).float())


@pytest.mark.parametrize("weight", [1e-4, 1.0, 60_000.0])
def test_no_row_at_the_limit_can_make_a_product_overflow(weight: float) -> None:
    """The worst row there is: every input at the limit, with its weight's sign."""
    layer = torch.nn.Linear(512, 4, bias=False).half()
    layer.weight.data.fill_(weight)
    x = torch.full((1, 512), input_limit(layer))
    assert layer.weight.detach().abs().float().sum(dim=1).max() * x[0, 0] <= LARGEST
    assert x[0, 0] <= LARGEST


def test_an_8_bit_layer_is_guarded_only_where_its_product_could_overflow(
    large_products: Path,
) -> None:
    def kinds(folder: Path) -> set[type]:
        layers = load(folder, Tier.BIT8, Dtype.BFLOAT16).model.model.language_model.layers
        guarded = [m for m in layers.modules() if isinstance(m, GuardedLinear)]
        return {type(module.inner) for module in guarded}

    assert kinds(large_products) == {Linear8bitLt}
    assert kinds(MODEL_FOLDER) == set()


def test_4_bit_layers_of_an_old_card_compute_in_float32(large_products: Path) -> None:
    layers = load(
        large_products, Tier.BIT4, Dtype.GUARDED_FLOAT16
    ).model.model.language_model.layers
    found = [module for module in layers.modules() if isinstance(module, Linear4bit)]
    assert found
    assert {module.compute_dtype for module in found} == {torch.float32}


def test_a_weight_that_float16_cannot_hold_is_refused(large_stream: Path) -> None:
    model = Gemma3ForConditionalGeneration.from_pretrained(large_stream, dtype=torch.float16)
    model.lm_head.weight.data[0, 0] = torch.inf
    with pytest.raises(UnusableAnswer):
        guard(model)
