"""Vision at 8 bits: the same within rounding, tried before it is used, left where it differs."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from inference.contract import Tier
from inference.errors import UnusableAnswer
from inference.footprint import Dtype
from inference.models.text import TEXT_FILE
from inference.models.vision import INT8_FILE, PROOF_FILE, VisionProof, read_proof
from inference.practice.samples import SAMPLES
from inference.runtime import int8_vision, vision_proof
from inference.runtime.canary import prove, prove_practice
from inference.runtime.fidelity import INT8_EYES, load_practice
from inference.runtime.int8_vision import Int8Linear, Largest
from inference.runtime.load import LoadedModel, load_model
from inference.runtime.vision_encoding import vision_fingerprint
from inference.runtime.vision_proof import compare, films_of, write
from inference.tiers import TierChoice
from tests.checkpoints import make_checkpoint, make_picture

pytest.importorskip("gguf", reason="llama.cpp is an extra: pip install edgerad[llama]")
pytest.importorskip("llama_cpp", reason="llama.cpp is an extra: pip install edgerad[llama]")

from gguf import GGMLQuantizationType as Kind

from inference.runtime.gguf import write_text

IN, OUT = 96, 200
ROUNDING = 0.02
BY_LLAMA = TierChoice(
    tier=Tier.CPU, device="cpu", dtype=Dtype.FLOAT32, reason="Tested.", llama=True
)


@pytest.fixture
def draw() -> torch.Generator:
    return torch.Generator().manual_seed(0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = make_checkpoint(tmp_path / "tiny")
    write_text(folder, folder / TEXT_FILE, lambda *_: None, kind=Kind.F32)
    return folder


def ignore(_done: int, _total: int) -> None:
    pass


def error_of(layer: nn.Linear, given: Tensor, largest: Tensor) -> float:
    """Of the product, beside its own size."""
    with torch.inference_mode():
        exact = layer(given)
        return float((Int8Linear(layer, largest)(given) - exact).norm() / exact.norm())


@pytest.mark.parametrize("rows", [1, 70])
@pytest.mark.parametrize("bias", [True, False])
def test_a_product_is_float32s_within_rounding(
    rows: int, bias: bool, draw: torch.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the rows fit into one block or the last of several is not full."""
    monkeypatch.setattr(int8_vision, "BLOCK_ROWS", 32)
    layer = nn.Linear(IN, OUT, bias=bias)
    given = torch.randn(2, rows, IN, generator=draw)
    assert error_of(layer, given, given.abs().amax((0, 1))) < ROUNDING


def test_one_channel_a_hundred_times_the_others_does_not_take_their_bits(
    draw: torch.Generator,
) -> None:
    layer = nn.Linear(IN, OUT)
    given = torch.randn(70, IN, generator=draw)
    given[:, 5] *= 100
    layer.weight.data[:, 5] /= 100  # as a trained model's are: no single channel is the product
    known, unknown = given.abs().amax(0), torch.ones(IN)
    assert error_of(layer, given, known) < ROUNDING < error_of(layer, given, unknown)


def test_the_largest_sums_are_not_cut_off() -> None:
    """On a processor without VNNI, two products that do not fit 16 bits together would be."""
    layer = nn.Linear(IN, OUT)
    layer.weight.data.fill_(1)
    for given in (torch.ones(3, IN), -torch.ones(3, IN)):
        assert error_of(layer, given, torch.ones(IN)) < 0.001


def test_a_row_of_zeros_is_the_bias() -> None:
    layer = nn.Linear(IN, OUT)
    with torch.inference_mode():
        product = Int8Linear(layer, torch.ones(IN))(torch.zeros(1, IN))
    torch.testing.assert_close(product[0], layer.bias.detach())


def test_what_was_tried_and_holds_is_used_from_the_folder(folder: Path) -> None:
    films = [make_picture(), make_picture(300, 400)]
    proof, largest = compare(load_model(folder, BY_LLAMA), films, ignore)
    assert proof.cosine > 0.99
    holds = {"cosine": 1.0, "same_words": 2, "same_urgency": 2}  # drawn weights say anything
    write(folder, proof.model_copy(update=holds), largest)
    loaded = load_model(folder, replace(BY_LLAMA, int8_vision=True))
    layers = [each for each in loaded.model.modules() if isinstance(each, Int8Linear)]
    assert len(layers) == len(largest) > 0
    prove(loaded)


def test_features_of_float32_are_not_taken_for_those_at_8_bits(folder: Path) -> None:
    wide, narrow = (load_model(folder, BY_LLAMA) for _ in range(2))
    compare(narrow, [make_picture()], ignore)
    assert vision_fingerprint(wide) != vision_fingerprint(narrow)


def test_vision_that_differs_stays_as_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a file from an earlier trial, and eyes that 8 bits make blind."""
    (folder / INT8_FILE).touch()

    def blind(model: object, _largest: Largest) -> None:
        for each in model.model.vision_tower.parameters():  # type: ignore[attr-defined]
            each.data.normal_(generator=torch.Generator().manual_seed(1))

    monkeypatch.setattr(vision_proof, "use_int8_vision", blind)
    proof, largest = compare(load_model(folder, BY_LLAMA), [make_picture()], ignore)
    write(folder, proof, largest)
    assert not proof.holds
    assert read_proof(folder) == proof
    assert "stays float32" in proof.words
    assert not (folder / INT8_FILE).exists()


@pytest.mark.parametrize("content", [None, b"damaged", b""])
def test_without_what_it_takes_another_way_is_tried(folder: Path, content: bytes | None) -> None:
    if content is not None:
        (folder / INT8_FILE).write_bytes(content)
    with pytest.raises(UnusableAnswer, match="8 bits"):
        load_model(folder, replace(BY_LLAMA, int8_vision=True))


@pytest.fixture(scope="module")
def practice() -> LoadedModel:
    return load_practice(INT8_EYES)


def test_the_practice_model_reads_the_samples_at_8_bits_as_they_are(practice: LoadedModel) -> None:
    prove_practice(practice)
    assert [each for each in practice.model.modules() if isinstance(each, Int8Linear)]


def test_a_clinics_own_films_are_tried_beside_the_samples(tmp_path: Path) -> None:
    (tmp_path / "one.JPG").write_bytes(make_picture())
    (tmp_path / "notes.txt").write_text("no film")
    assert len(films_of(None)) == len(SAMPLES)
    assert films_of(tmp_path)[len(SAMPLES) :] == [make_picture()]


def test_a_proof_holds_from_its_limits_on() -> None:
    least = VisionProof(films=20, cosine=0.995, same_words=19, same_urgency=20)
    assert least.holds
    for worse in ({"cosine": 0.9949}, {"same_words": 18}, {"same_urgency": 19}):
        assert not least.model_copy(update=worse).holds


def test_a_proof_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    assert read_proof(tmp_path) is None
    (tmp_path / PROOF_FILE).write_text(json.dumps({"films": 0}))
    assert read_proof(tmp_path) is None
