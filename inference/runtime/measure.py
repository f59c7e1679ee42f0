"""`python -m inference.runtime.measure HOME MODEL TIER TOKENS BATCHES`: the model, measured here.

Knows the steps of a reading and takes the time of each. Prints lines of JSON: `{"step", "done"}` as
it goes, `{"found"}` at the end or `{"fault"}`. TIER is `auto`, a tier's name, or `float32`: what
users of the published model get on a CPU.
"""

import dataclasses
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle, islice
from pathlib import Path

import psutil
import torch

from inference.bench_results import (
    FLOAT32,
    BatchFigures,
    BenchPlan,
    BenchResult,
    MachineLimits,
    ModelFigures,
)
from inference.contract import PatientContext, ReadRequest, Tier
from inference.errors import InferenceError, OutOfMemory
from inference.footprint import Dtype
from inference.models import find_model
from inference.practice.answers import reading
from inference.practice.samples import SAMPLES, SAMPLES_FOLDER
from inference.runtime.decoding import DecodingBatch, GrowingAnswer
from inference.runtime.generate import begin, prepare
from inference.runtime.load import LoadedModel
from inference.runtime.memory import noticing_out_of_memory, peak_memory, release
from inference.runtime.probe import measure_footprint, measure_hardware
from inference.runtime.start import LoadPlan, bring_up, find_load_plans
from inference.runtime.transformers_logs import quieten_transformers
from inference.runtime.urgency import score_urgency
from inference.runtime.vision_encoding import encode_pictures
from inference.tiers import TierChoice, choose_threads

BATCH_TOKENS = 8
TOLD_EVERY = 10  # tokens
GEMM_SIDE = 64
LARGEST_GEMM_SIDE = 2048
LARGEST_GEMM_SIDE_ON_CARD = 8192  # or starting one takes as long as the product
LONG_ENOUGH_S = 0.1
TRIES = 4
READ_BYTES = 512 * 1024 * 1024
FILM = next(sample for sample in SAMPLES if sample.name == "film-2")
PATIENT = PatientContext(age_years=54, indication="cough for three weeks")
READING = reading(FILM.truth)
"""What the model is made to have said of the film: drawn weights say nothing to ask about."""
QUESTION = "Is it on the right or on the left?"

Say = Callable[[str, float | None], None]
"""Called with what is being done, and the share of it that is done where that is known."""


def measure(home: Path, name: str, plan: BenchPlan, say: Say) -> BenchResult:
    """Load a model and time a reading, step by step.

    Returns:
        The machine's limits and the model's figures.

    Raises:
        InferenceError: The model cannot be had in that way.
    """
    ways = _ways(home, name, plan.tier)
    torch.set_num_threads(ways[0].threads)
    say("Measuring the machine itself.", None)
    limits = measure_limits(ways[0].choice.device)
    started = time.perf_counter()
    way, loaded = bring_up(ways, lambda step: say(step, None))
    load_s = time.perf_counter() - started
    return BenchResult(limits=limits, figures=_figures(way, loaded, load_s, plan, say))


def measure_limits(device: str) -> MachineLimits:
    """Time matrix products and reading, on all threads or on a card.

    Args:
        device: `cpu` or `cuda:<index>`.

    Returns:
        The best of a few tries each. That takes seconds on the slowest processor too.
    """
    busy = os.getloadavg()[0]
    limits = MachineLimits(
        bfloat16_gflops=_gflops(torch.bfloat16, device),
        float32_gflops=_gflops(torch.float32, device),
        read_gb_s=READ_BYTES / _read_s(device) / 1e9,
        busy_before=busy,
    )
    release(device)
    return limits


def _gflops(dtype: torch.dtype, device: str) -> float:
    """Larger matrices until a product takes long enough: an emulated one does when they are small.

    Source: 512 rows of bfloat16 take 0.4 s on two cores with AVX2 alone, 2,048 half a minute.
    """
    largest = LARGEST_GEMM_SIDE if device == "cpu" else LARGEST_GEMM_SIDE_ON_CARD
    side = GEMM_SIDE
    while True:
        square = torch.ones(side, side, dtype=dtype, device=device)
        best_s = min(_timed(partial(torch.mm, square, square), device) for _ in range(TRIES))
        if best_s >= LONG_ENOUGH_S or side == largest:
            return 2 * side**3 / best_s / 1e9
        side *= 2


def _read_s(device: str) -> float:
    memory = torch.ones(READ_BYTES // 8, dtype=torch.int64, device=device)
    return min(_timed(memory.sum, device) for _ in range(TRIES))


def _ways(home: Path, name: str, tier: str) -> list[LoadPlan]:
    if tier != FLOAT32:
        asked = None if tier == "auto" else Tier(tier)
        return find_load_plans(home, name, tier=asked, ceiling=None)
    model = find_model(home, name)
    threads = choose_threads(measure_hardware(), measure_footprint(model.path))
    choice = TierChoice(tier=Tier.CPU, device="cpu", dtype=Dtype.FLOAT32, reason="As asked.")
    return [LoadPlan(model=model, choice=choice, threads=threads)]


class _Case:
    """One picture, read and asked about as often as a step of it is to be timed."""

    def __init__(self, loaded: LoadedModel) -> None:
        film = (SAMPLES_FOLDER / f"{FILM.name}.jpg").read_bytes()
        self._request = ReadRequest(request_id="bench", pictures=(film,), patient=PATIENT)
        started = time.perf_counter()
        self._loaded = loaded
        inputs = prepare(loaded.processor, self._request).to(loaded.device, dtype=loaded.dtype)
        self._pixels = inputs["pixel_values"]
        self._features = encode_pictures(loaded, self._pixels)
        self.vision_s = time.perf_counter() - started
        self.prompt_tokens = inputs["input_ids"].shape[1]
        self._said = loaded.processor.tokenizer.encode(READING, add_special_tokens=False)

    def times(
        self, tokens: int, *, cases: int = 1, told: Callable[[int], None] | None = None
    ) -> list[float]:
        """When each token of first readings came, in seconds; the picture is seen already."""
        return self._times(self._request, tokens, cases=cases, told=told)

    def follow_up_times(self, tokens: int) -> list[float]:
        """The same of an answer to a question about the case that was read last."""
        asked = dataclasses.replace(self._request, question=QUESTION, reading=READING)
        return self._times(asked, tokens)

    def _times(
        self,
        request: ReadRequest,
        tokens: int,
        *,
        cases: int = 1,
        told: Callable[[int], None] | None = None,
    ) -> list[float]:
        started = time.perf_counter()
        batch = DecodingBatch(self._loaded)
        for _ in range(cases):
            batch.join(self._begun(request, tokens))
        at = [time.perf_counter() - started]
        for said in islice(cycle(self._said), tokens - 1):
            for growing in batch.answers:
                growing.tokens[-1] = said
            batch.step()
            at.append(time.perf_counter() - started)
            if told is not None and len(at) % TOLD_EVERY == 0:
                told(len(at))
        batch.keep([])  # as an answer that has ended leaves it
        return at

    def urgency_s(self) -> float:
        """Scoring the urgency when the prompt has been read."""
        cache = self._begun(self._request, 1).cache
        return _timed(lambda: score_urgency(self._loaded, cache))

    def _begun(self, request: ReadRequest, tokens: int) -> GrowingAnswer:
        if request.question is None:  # as for a patient who comes after another one
            self._loaded.last.forget()
        return begin(self._loaded, request, max_tokens=tokens, known=self._features)

    def stock_vision_s(self) -> float | None:
        """The vision by the library's own attention, where another one is used."""
        tower = self._loaded.model.model.vision_tower
        used = tower.config._attn_implementation  # noqa: SLF001 - there is no public way
        if used == "sdpa":
            return None
        tower.set_attn_implementation("sdpa")
        try:
            return _timed(lambda: encode_pictures(self._loaded, self._pixels))
        finally:
            tower.set_attn_implementation(used)

    def batches(self, plan: BenchPlan, say: Say) -> Iterator[BatchFigures]:
        """Several such cases read together, as many as memory allows."""
        for cases in plan.batches:
            say(f"Reading {cases} at once.", None)
            try:
                with noticing_out_of_memory():
                    times = self.times(BATCH_TOKENS, cases=cases)
            except OutOfMemory:
                return
            token_s = (times[-1] - times[0]) / (BATCH_TOKENS - 1)
            together_s = times[0] + (plan.tokens - 1) * token_s
            yield BatchFigures(
                cases=cases,
                prefill_s=times[0],
                token_s=token_s,
                case_s=self.vision_s + together_s / cases,
            )


def _figures(
    way: LoadPlan, loaded: LoadedModel, load_s: float, plan: BenchPlan, say: Say
) -> ModelFigures:
    say("Looking at a picture.", None)
    case = _Case(loaded)
    writing = f"Writing {plan.tokens} tokens."
    say(writing, None)
    times = case.times(plan.tokens, told=lambda done: say(writing, done / plan.tokens))
    say("Answering a question.", None)
    follow_up = case.follow_up_times(plan.tokens)
    kept_bytes, peak_bytes = _memory()
    say("Scoring the urgency, and looking in the library's own way.", None)
    return ModelFigures(
        model=way.model.name,
        tier=way.choice.tier,
        device=way.choice.device,
        dtype=way.choice.computes_in,
        prepared=way.choice.prepared,
        threads=torch.get_num_threads(),
        load_s=load_s,
        kept_bytes=kept_bytes,
        peak_bytes=peak_bytes,
        vram_bytes=peak_memory(way.choice.device).vram_bytes,
        prompt_tokens=case.prompt_tokens,
        vision_s=case.vision_s,
        stock_vision_s=case.stock_vision_s(),
        urgency_s=case.urgency_s(),
        first_token_s=case.vision_s + times[0],
        token_s=(times[-1] - times[0]) / (plan.tokens - 1),
        answer_tokens=plan.tokens,
        whole_s=case.vision_s + times[-1],
        follow_up_s=follow_up[-1],
        brief_follow_up_s=follow_up[plan.tokens // 2 - 1],
        slots=way.choice.slots,
        batches=() if way.choice.llama else tuple(case.batches(plan, say)),
    )


def _memory() -> tuple[int, int]:
    """Anonymous memory now and the highest resident memory ever. Source: proc(5)."""
    status = Path("/proc/self/status")
    if not status.exists():
        resident = psutil.Process().memory_info().rss
        return resident, resident
    fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
    anonymous, peak = (int(fields[name].split()[0]) * 1024 for name in ("RssAnon", "VmHWM"))
    return anonymous, peak


def _timed(work: Callable[[], object], device: str = "cpu") -> float:
    """A card goes on by itself, so it is waited for before and after."""
    _wait_for(device)
    started = time.perf_counter()
    work()
    _wait_for(device)
    return time.perf_counter() - started


def _wait_for(device: str) -> None:
    if device != "cpu":
        torch.cuda.synchronize(device)


def _tell(**said: object) -> None:
    sys.stdout.write(f"{json.dumps(said)}\n")
    sys.stdout.flush()


def main() -> None:
    """Measure as the command line says."""
    quieten_transformers()
    home, name, tier, tokens, batches = sys.argv[1:]
    sizes = tuple(int(size) for size in batches.split(",") if size)
    plan = BenchPlan(tier=tier, tokens=int(tokens), batches=sizes)
    try:
        found = measure(Path(home), name, plan, lambda step, done: _tell(step=step, done=done))
    except InferenceError as error:
        _tell(fault=str(error))
    else:
        _tell(found=dataclasses.asdict(found))


if __name__ == "__main__":
    main()
