"""What a bench of the model finds: seconds, bytes and rates of one machine.

Knows the figures. Must not know how they are measured or shown.
"""

from dataclasses import dataclass

from inference.contract import Tier

FLOAT32 = "float32"
"""Beside the tiers' names: what users of the published model get on a CPU."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchPlan:
    """What to measure.

    Args:
        tier: `auto`, a tier's name or `FLOAT32`.
        tokens: Length of the answer, at least 2.
        batches: Numbers of cases to read together; what memory does not allow is left out.
    """

    tier: str
    tokens: int
    batches: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineLimits:
    """What the machine itself, or its card, can do, measured in the same run.

    Args:
        bfloat16_gflops: Matrix products in bfloat16, 10^9 operations a second.
        float32_gflops: The same in float32.
        read_gb_s: Reading of memory, 10^9 bytes a second.
        busy_before: Processes that ran or waited for the processor before the run: what else the
            machine did. Source: getloadavg(3), one minute.
    """

    bfloat16_gflops: float
    float32_gflops: float
    read_gb_s: float
    busy_before: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFigures:
    """Several cases read together.

    Args:
        cases: How many.
        prefill_s: Reading the prompts of all, one after the other; the pictures are seen.
        token_s: A token of each.
        case_s: A case's share of the whole, reckoned for the same answer as the whole case's.
    """

    cases: int
    prefill_s: float
    token_s: float
    case_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFigures:
    """One way to hold a model, measured.

    Args:
        model: Its name.
        tier: The tier's name.
        device: `cpu` or `cuda:<index>`.
        dtype: What is computed in.
        prepared: Whether the weights came from a folder that holds them at 4 bits.
        threads: Threads that compute on the CPU.
        load_s: Checking the files, loading, and the test questions, which warm it up.
        kept_bytes: Memory that cannot be reclaimed (anonymous pages) after the case and a question.
        peak_bytes: Most memory it ever held, mapped files included.
        vram_bytes: Most video memory held, None without a card.
        prompt_tokens: Tokens of the first reading's prompt, 256 of them the picture's.
        vision_s: From the picture to its features.
        stock_vision_s: The same by transformers' own attention; None where that is what is used.
        urgency_s: What scoring the urgency takes, once the prompt is read.
        first_token_s: From the request to the first token, vision included.
        token_s: Each further token, a mean.
        answer_tokens: How many were written.
        whole_s: The whole case.
        follow_up_s: An answer as long to a question right after the case: the picture is seen, and
            what was read last is gone on from.
        brief_follow_up_s: Half of that answer.
        slots: How many cases EdgeRad reads at once in this way.
        batches: Several cases at once.
    """

    model: str
    tier: Tier
    device: str
    dtype: str
    prepared: bool
    threads: int
    load_s: float
    kept_bytes: int
    peak_bytes: int
    vram_bytes: int | None
    prompt_tokens: int
    vision_s: float
    stock_vision_s: float | None
    urgency_s: float
    first_token_s: float
    token_s: float
    answer_tokens: int
    whole_s: float
    follow_up_s: float
    brief_follow_up_s: float
    slots: int
    batches: tuple[BatchFigures, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchResult:
    """The machine's limits and the model's figures."""

    limits: MachineLimits
    figures: ModelFigures
