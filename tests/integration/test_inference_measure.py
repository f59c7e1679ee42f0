"""The model bench: a drawn model of a shape loads, and each step of a reading has its time."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from transformers.models.gemma3.modeling_gemma3 import Gemma3ForConditionalGeneration

from inference.bench_results import FLOAT32, BenchPlan, MachineLimits
from inference.contract import ReadRequest, Tier
from inference.cpu import multiplies_bfloat16
from inference.errors import ModelMissing
from inference.footprint import Dtype
from inference.runtime.decoding import GrowingAnswer
from inference.runtime.generate import begin
from inference.runtime.load import LoadedModel, load_model
from inference.runtime.measure import TRIES, main, measure, measure_limits
from inference.runtime.shape import config_4b, practice_processor, write_processor, write_random
from inference.tiers import TierChoice
from tests.checkpoints import make_checkpoint, make_config, make_processor
from tests.reading_alone import looks, reads

PLAN = BenchPlan(tier=FLOAT32, tokens=6, batches=(1, 2))
PARAMETERS_4B = 4_300_079_472  # google/medgemma-4b-it


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    make_checkpoint(home / "models" / "tiny", window_tokens=2048)
    return home


@pytest.fixture
def known_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare a measurement the machine's own limits, which take seconds."""
    limits = MachineLimits(bfloat16_gflops=1, float32_gflops=1, read_gb_s=1, busy_before=0)
    monkeypatch.setattr("inference.runtime.measure.measure_limits", lambda _: limits)


def test_every_step_of_a_reading_is_timed_and_the_limits_stand_beside_it(home: Path) -> None:
    steps: list[tuple[str, float | None]] = []
    found = measure(home, "tiny", PLAN, lambda *said: steps.append(said))
    figures = found.figures
    assert (figures.model, figures.dtype, figures.device) == ("tiny", "float32", "cpu")
    assert figures.answer_tokens == 6
    assert 0 < figures.vision_s < figures.first_token_s < figures.whole_s
    assert 0 < figures.brief_follow_up_s < figures.follow_up_s
    assert figures.urgency_s > 0
    assert 0 < figures.kept_bytes <= figures.peak_bytes
    assert figures.stock_vision_s is None  # float32 keeps the library's attention
    assert [batch.cases for batch in figures.batches] == [1, 2]
    assert min(found.limits.bfloat16_gflops, found.limits.float32_gflops) > 0
    assert found.limits.read_gb_s > 0
    assert ("Reading 2 at once.", None) in steps


@pytest.mark.usefixtures("known_limits")
def test_the_follow_up_is_one_as_the_product_has_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The picture is seen, the reading said, and what was read last is gone on from."""
    begun: list[tuple[ReadRequest, int, int]] = []

    def noting(loaded: LoadedModel, request: ReadRequest, **how: Any) -> GrowingAnswer:
        with reads(loaded) as read_tokens, looks(loaded) as looked:
            draft = begin(loaded, request, **how)
        assert not looked
        begun.append((request, draft.read_tokens, read_tokens[0]))
        return draft

    monkeypatch.setattr("inference.runtime.measure.begin", noting)
    measure(home, "tiny", replace(PLAN, batches=(2,)), lambda *_: None)
    (first, first_tokens, _), (asked, asked_tokens, asked_read), *others = begun
    assert first.question is None
    assert asked.question
    assert asked.reading is not None
    assert asked.reading.startswith("FINDINGS: A large opacity")
    assert asked_read == asked_tokens - first_tokens - (PLAN.tokens - 1)
    assert len(others) == 3
    assert all(tokens == read_tokens == first_tokens for _, tokens, read_tokens in others)


@pytest.mark.usefixtures("known_limits")
def test_a_cpu_uses_no_card_that_is_there(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "max_memory_allocated", lambda *_: 0)
    assert measure(home, "tiny", PLAN, lambda *_: None).figures.vram_bytes is None


def test_the_limits_are_those_of_the_place_that_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A card goes on by itself: a product's time is that until it has ended."""
    ended: list[str] = []
    places: list[str] = []
    ones = torch.ones

    def noting(*shape: int, **how: Any) -> torch.Tensor:
        places.append(how["device"])
        return ones(*shape, **how | {"device": "meta"})

    monkeypatch.setattr(torch, "ones", noting)
    monkeypatch.setattr(torch.cuda, "synchronize", ended.append)
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: None)
    limits = measure_limits("cuda:1")
    assert set(places) == {"cuda:1"}
    assert len(ended) >= 2 * 3 * TRIES  # before and after each
    assert set(ended) == {"cuda:1"}
    assert limits.float32_gflops > 0


@pytest.mark.parametrize("gflops", [0.01, 0.6, 20, 500])
def test_the_limits_take_seconds_on_a_processor_that_emulates_bfloat16(
    gflops: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it does in a second is told as it is, from matrices that it multiplies in a moment."""
    took_s: list[float] = []

    def multiply(left: torch.Tensor, right: torch.Tensor) -> None:
        took_s.append(2 * len(left) * left.shape[1] * right.shape[1] / (gflops * 1e9))

    clock = SimpleNamespace(perf_counter=lambda: sum(took_s))
    monkeypatch.setattr(torch, "mm", multiply)
    monkeypatch.setattr("inference.runtime.measure.time", clock)
    monkeypatch.setattr("inference.runtime.measure._read_s", lambda _: 1.0)
    limits = measure_limits("cpu")
    assert limits.bfloat16_gflops == pytest.approx(gflops)
    assert limits.float32_gflops == pytest.approx(gflops)
    assert sum(took_s) < 10
    assert len(took_s) <= 50


def test_where_blocks_are_used_the_librarys_way_is_timed_beside_them(home: Path) -> None:
    choice = TierChoice(tier=Tier.CPU, device="cpu", dtype=Dtype.BFLOAT16, reason="Tested.")
    loaded = load_model(home / "models" / "tiny", choice)
    used = loaded.model.model.vision_tower.config._attn_implementation
    assert (used != "sdpa") is multiplies_bfloat16()


def test_a_model_that_is_not_there_cannot_be_measured(home: Path) -> None:
    with pytest.raises(ModelMissing):
        measure(home, "absent", PLAN, lambda *_: None)


@pytest.mark.usefixtures("known_limits")
@pytest.mark.parametrize(("name", "last"), [("tiny", "found"), ("absent", "fault")])
def test_the_process_says_its_steps_and_then_what_it_found_or_what_is_wrong(
    home: Path,
    name: str,
    last: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("inference.runtime.measure.quieten_transformers", lambda: None)
    monkeypatch.setattr(sys, "argv", ["measure", str(home), name, FLOAT32, "2", ""])
    main()
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert list(said[-1]) == [last]
    assert all(list(each) == ["step", "done"] for each in said[:-1])


@pytest.mark.usefixtures("known_limits")
def test_how_far_a_long_answer_is_is_told_as_it_grows(home: Path) -> None:
    done: list[float | None] = []
    plan = replace(PLAN, tokens=30, batches=())
    measure(home, "tiny", plan, lambda _, share: done.append(share))
    assert [share for share in done if share is not None] == pytest.approx([1 / 3, 2 / 3, 1])


def test_bitsandbytes_is_imported_where_it_is_needed_alone_and_prints_nothing() -> None:
    """On a processor with bfloat16 instructions it would advise another package."""
    loading = (
        "import sys, inference.runtime.load\n"
        "assert 'bitsandbytes' not in sys.modules\n"
        "import bitsandbytes.nn\n"
    )
    command = [sys.executable, "-c", loading]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_the_4b_shape_is_medgemmas() -> None:
    with torch.device("meta"):
        model = Gemma3ForConditionalGeneration(config_4b(practice_processor()))
    assert model.num_parameters() == PARAMETERS_4B


def test_a_drawn_model_is_written_in_files_and_loads_whole(tmp_path: Path) -> None:
    config = make_config(make_processor().tokenizer)
    written: list[tuple[int, int]] = []
    write_processor(tmp_path, config)
    words = config.text_config.vocab_size - 1
    write_random(
        tmp_path, config, lambda *done: written.append(done), words=words, file_bytes=100_000
    )
    assert len(list(tmp_path.glob("*.safetensors"))) == len(written) > 1
    assert written[-1][0] == written[-1][1]
    choice = TierChoice(tier=Tier.CPU, device="cpu", dtype=Dtype.FLOAT32, reason="Tested.")
    loaded = load_model(tmp_path, choice)
    assert loaded.model.lm_head.weight is loaded.model.model.language_model.embed_tokens.weight
    weight = loaded.model.lm_head.weight.detach()
    assert float(weight[:words].std()) == pytest.approx(0.02, rel=0.1)
    assert not weight[words:].any()
