"""How a model comes up: which folder, which way to hold it, and what the canary lets pass."""

import dataclasses
from pathlib import Path

import pytest
import torch

from inference.contract import Tier
from inference.errors import NoTierFits, OutOfMemory, UnusableAnswer
from inference.footprint import Dtype, Footprint
from inference.models import InstalledModel, find_prepared, prepare_model
from inference.models.prepare import Quantise
from inference.models.text import TEXT_FILE
from inference.practice.folder import MODEL_FOLDER
from inference.runtime import canary, start
from inference.runtime.canary import prove, prove_practice
from inference.runtime.load import LoadedModel, load_model
from inference.runtime.memory import peak_memory
from inference.runtime.probe import measure_footprint
from inference.runtime.quantise import quantise
from inference.runtime.start import LoadPlan, bring_up, find_load_plans
from inference.tiers import GB, Hardware, TierChoice
from tests.checkpoints import make_checkpoint

RAM = Hardware(
    ram_total_bytes=32 * GB, ram_available_bytes=32 * GB, cpu_flags=("avx512_bf16",), cpu_cores=2
)


def in_this_process(source: Path, target: Path, _progress: object) -> None:
    quantise(source, target, lambda *_: None)


def make_prepared(home: Path, *, by: Quantise = in_this_process) -> InstalledModel:
    return prepare_model(home, "tiny", quantise=by)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny model, on a machine that takes it for a large one."""
    make_checkpoint(tmp_path / "models" / "tiny")

    def measure(folder: Path) -> Footprint:
        return dataclasses.replace(measure_footprint(folder), kept=1_000_000_000)

    monkeypatch.setattr(start, "measure_footprint", measure)
    monkeypatch.setattr(start, "measure_hardware", lambda: RAM)
    return tmp_path


def ways(home: Path, tier: Tier | None = None) -> list[LoadPlan]:
    return find_load_plans(home, "tiny", tier=tier, ceiling=None)


def held(found: list[LoadPlan]) -> list[tuple[str, Dtype]]:
    return [(way.model.name, way.choice.dtype) for way in found]


def test_without_a_prepared_folder_a_cpu_has_bfloat16_and_then_float32(home: Path) -> None:
    assert held(ways(home)) == [("tiny", Dtype.BFLOAT16), ("tiny", Dtype.FLOAT32)]


def test_a_prepared_folder_is_the_first_way_on_a_cpu(home: Path) -> None:
    make_prepared(home)
    assert held(ways(home)) == [
        ("tiny-nf4", Dtype.BFLOAT16),
        ("tiny", Dtype.BFLOAT16),
        ("tiny", Dtype.FLOAT32),
    ]
    assert held(ways(home, Tier.BIT4)) == [("tiny-nf4", Dtype.BFLOAT16)]
    assert held(ways(home, Tier.BIT8)) == [("tiny", Dtype.BFLOAT16)]


def test_llama_is_the_first_way_where_it_may_be_and_its_text_is_prepared(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_text(source: Path, target: Path, progress: object) -> None:
        in_this_process(source, target, progress)
        (target / TEXT_FILE).write_bytes(b"GGUF")

    monkeypatch.setattr(start, "measure_hardware", lambda: dataclasses.replace(RAM, llama=True))
    make_prepared(home, by=with_text)
    first, second, *_ = ways(home)
    assert (first.model.name, first.choice.llama) == ("tiny-nf4", True)
    assert (second.model.name, second.choice.llama) == ("tiny-nf4", False)
    without = find_load_plans(home, "tiny", tier=None, ceiling=None, llama=False)
    assert not any(way.choice.llama for way in without)


def test_the_prepared_folder_of_other_weights_is_not_taken(home: Path) -> None:
    make_prepared(home)
    make_checkpoint(home / "models" / "tiny", seed=1)
    found = ways(home)
    assert {way.model.name for way in found} == {"tiny"}
    assert find_prepared(home, found[0].model) is None


def test_a_way_that_is_unusable_is_followed_by_the_next_of_its_tier(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse_bfloat16(loaded: LoadedModel) -> None:
        if loaded.dtype is torch.bfloat16:
            raise UnusableAnswer

    monkeypatch.setattr(start, "prove", refuse_bfloat16)
    told: list[str] = []
    way, loaded = bring_up(ways(home), told.append)
    assert way.choice.dtype is Dtype.FLOAT32
    assert loaded.dtype is torch.float32
    assert any("next way" in words for words in told)


def test_a_way_that_takes_more_memory_than_there_is_is_followed_by_the_next_of_its_tier(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse_bfloat16(loaded: LoadedModel) -> None:
        if loaded.dtype is torch.bfloat16:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr(start, "prove", refuse_bfloat16)
    told: list[str] = []
    way, _ = bring_up(ways(home), told.append)
    assert way.choice.dtype is Dtype.FLOAT32
    assert any("ran out of memory" in words for words in told)


@pytest.mark.parametrize(
    ("raised", "said"), [(UnusableAnswer, UnusableAnswer), (MemoryError, OutOfMemory)]
)
def test_when_the_last_way_fails_it_says_so(
    home: Path, monkeypatch: pytest.MonkeyPatch, raised: type[Exception], said: type[Exception]
) -> None:
    def refuse(_: LoadedModel) -> None:
        raise raised

    monkeypatch.setattr(start, "prove", refuse)
    with pytest.raises(said):
        bring_up(ways(home), lambda _: None)


def test_a_library_that_cannot_do_it_here_makes_the_way_unusable(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> LoadedModel:
        raise RuntimeError("no kernel image is available for execution on the device")

    monkeypatch.setattr(start, "load_model", fail)
    with pytest.raises(UnusableAnswer, match="does not run at cpu here"):
        bring_up(ways(home), lambda _: None)


def test_a_machine_without_room_says_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = dataclasses.replace(RAM, ram_available_bytes=GB)
    monkeypatch.setattr(start, "measure_hardware", lambda: small)
    with pytest.raises(NoTierFits):
        ways(home)


@pytest.fixture(scope="module")
def practice() -> LoadedModel:
    return load_model(
        MODEL_FOLDER,
        TierChoice(tier=Tier.CPU, device="cpu", dtype=Dtype.FLOAT32, reason="Tested."),
    )


def test_the_practice_model_passes_its_canary(practice: LoadedModel) -> None:
    prove(practice)
    prove_practice(practice)


@pytest.mark.parametrize("part", ["vision_tower", "multi_modal_projector", "language_model"])
def test_a_weight_that_is_not_finite_anywhere_is_found_at_a_glance(
    tmp_path: Path, part: str
) -> None:
    damaged = load_model(
        make_checkpoint(tmp_path / "tiny"),
        TierChoice(tier=Tier.CPU, device="cpu", dtype=Dtype.FLOAT32, reason="Tested."),
    )
    prove(damaged)
    weights = [w for w in getattr(damaged.model.model, part).parameters() if w.ndim == 2]
    with torch.no_grad():
        weights[-1].fill_(torch.nan)
    with pytest.raises(UnusableAnswer, match="not finite"):
        prove(damaged)


def test_a_practice_model_that_does_not_see_the_film_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given weights that compute finite numbers and some text, but know nothing."""
    monkeypatch.setattr(canary, "READING_TOKENS", 8)
    ignorant = load_model(
        make_checkpoint(tmp_path / "tiny"),
        TierChoice(tier=Tier.CPU, device="cpu", dtype=Dtype.FLOAT32, reason="Tested."),
    )
    prove(ignorant)
    with pytest.raises(UnusableAnswer, match="misreads"):
        prove_practice(ignorant)


def test_the_peak_of_memory_is_known() -> None:
    assert 10_000_000 < peak_memory("cpu").ram_bytes < 100 * GB
