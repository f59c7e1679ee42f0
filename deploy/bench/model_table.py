"""The model bench's report: a table for engineers, and words for those who will wait.

Knows the report. Must not measure anything.
"""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from deploy.bench.model import ModelReport
from inference.bench_results import FLOAT32, BenchResult, ModelFigures
from inference.tiers import LLAMA

GB = 10**9

# Set for MedGemma 4B, its text at 4 bits, on two cores.
MOST_KEPT_BYTES = 3.5 * GB
MOST_LOAD_S = 15.0
MOST_URGENCY_S = 3.0
LEAST_SAVED_S = 20.0
TIMES_AS_FAST = {"NF4 prepared": 3.0, "Q4_K prepared": 4.5}  # as float32


def show_model_report(console: Console, report: ModelReport) -> None:
    """Print what was measured.

    Args:
        report: What the bench found.
    """
    ways = [report.found, *([report.against] if report.against else [])]
    table = Table(title=f"One reading of {report.found.figures.model}, {report.date}")
    table.add_column("")
    for found in ways:
        figures = found.figures
        weights = _weights(figures)
        table.add_column(f"{weights}, {figures.dtype}, {figures.device}", justify="right")
    rows = [_rows(found.figures) for found in ways]
    for name, value in rows[0].items():
        table.add_row(name, value, *(other[name] for other in rows[1:]))
    console.print(table)
    _show_batches(console, report.found.figures)
    console.print(_limits(report.found), highlight=False)
    if report.against is not None:
        console.print(_ratio(report.found.figures, report.against.figures), highlight=False)
        _show_goals(console, report.found.figures, report.against.figures)


def explain(report: ModelReport) -> str:
    """What a nurse will wait on this machine.

    Args:
        report: What the bench found.
    """
    figures = report.found.figures
    alarm_s = figures.first_token_s + figures.urgency_s
    return (
        f"A first answer on this machine takes {_wait(figures.whole_s)}: {_wait(figures.vision_s)} "
        f"to look at the picture, the rest to read the question and to write.\n"
        f"If the picture looks critical, supervisors hear of it after {_wait(alarm_s)}.\n"
        f"A question right after it takes {_wait(figures.brief_follow_up_s)} for a brief answer, "
        f"and longer where another case was read between.\n"
        f"After a start, the first case waits {_wait(figures.load_s)} longer.\n"
        f"{_at_once(figures)}"
    )


def _at_once(figures: ModelFigures) -> str:
    """What those wait whose cases come at the same moment."""
    batch = next((batch for batch in figures.batches if 1 < batch.cases == figures.slots), None)
    if batch is None:
        return (
            f"Cases that come at once are read one after the other: the fifth has its answer after "
            f"{_wait(5 * figures.whole_s)}."
        )
    alarms_s = batch.cases * (figures.vision_s + figures.urgency_s) + batch.prefill_s
    return (
        f"{batch.cases} cases that come at once are read together: the last of their alarms comes "
        f"after {_wait(alarms_s)}, and all have their answers after "
        f"{_wait(batch.cases * batch.case_s)}."
    )


def _rows(figures: ModelFigures) -> dict[str, str]:
    vram, stock_s = figures.vram_bytes, figures.stock_vision_s
    return {
        "load, with checks and warm-up": _seconds(figures.load_s),
        "memory that cannot be reclaimed": _gigabytes(figures.kept_bytes),
        "peak memory": _gigabytes(figures.peak_bytes),
        "peak video memory": "no card" if vram is None else _gigabytes(vram),
        "vision": _seconds(figures.vision_s),
        "vision, the library's way": "the same" if stock_s is None else _seconds(stock_s),
        f"first token, {figures.prompt_tokens} tokens read": _seconds(figures.first_token_s),
        "scoring the urgency": _seconds(figures.urgency_s),
        "each token": _seconds(figures.token_s),
        f"whole case, {figures.answer_tokens} tokens": _seconds(figures.whole_s),
        f"a follow-up, {figures.answer_tokens} tokens": _seconds(figures.follow_up_s),
        f"a follow-up, {figures.answer_tokens // 2} tokens": _seconds(figures.brief_follow_up_s),
        "threads": str(figures.threads),
    }


def _show_batches(console: Console, figures: ModelFigures) -> None:
    if not figures.batches:
        return
    table = Table(title="Several cases at once")
    for heading in ("cases", "prompts read", "a token of each", "a case"):
        table.add_column(heading, justify="right")
    for batch in figures.batches:
        times = (batch.prefill_s, batch.token_s, batch.case_s)
        table.add_row(str(batch.cases), *map(_seconds, times))
    console.print(table)


def _show_goals(console: Console, figures: ModelFigures, other: ModelFigures) -> None:
    if figures.device != "cpu" or other.dtype != FLOAT32 or _weights(figures) not in TIMES_AS_FAST:
        return
    table = Table(title="Goals, set for two cores")
    table.add_column("")
    for heading in ("found", "goal"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for name, found, goal, is_met in _goals(figures, other):
        table.add_row(name, found, goal, "met" if is_met else "missed")
    console.print(table)


def _goals(figures: ModelFigures, other: ModelFigures) -> Iterator[tuple[str, str, str, bool]]:
    """What was looked for, what was found, the goal, and whether it is met."""
    least = TIMES_AS_FAST[_weights(figures)]
    times, saved_s = other.whole_s / figures.whole_s, figures.whole_s - figures.brief_follow_up_s
    kept, most_kept = _gigabytes(figures.kept_bytes), _gigabytes(round(MOST_KEPT_BYTES))
    yield "whole case, times as fast", f"{times:.1f}", f"{least:.1f}", times >= least
    yield "memory kept", kept, f"at most {most_kept}", figures.kept_bytes <= MOST_KEPT_BYTES
    for name, took_s, most_s in (
        ("load", figures.load_s, MOST_LOAD_S),
        ("scoring the urgency", figures.urgency_s, MOST_URGENCY_S),
    ):
        yield name, _seconds(took_s), f"at most {_seconds(most_s)}", took_s <= most_s
    goal = f"at least {_seconds(LEAST_SAVED_S)}"
    yield "a follow-up half as long saves", _seconds(saved_s), goal, saved_s >= LEAST_SAVED_S


def _weights(figures: ModelFigures) -> str:
    if figures.dtype.startswith(LLAMA):
        return "Q4_K prepared"
    return "NF4 prepared" if figures.prepared else figures.tier


def _limits(found: BenchResult) -> str:
    limits, figures = found.limits, found.figures
    where = f"{figures.threads} threads" if figures.device == "cpu" else figures.device
    return (
        f"This machine's limits in the same run, {where}: matrix products "
        f"{limits.bfloat16_gflops:.0f} (bfloat16) and {limits.float32_gflops:.0f} (float32) "
        f"Gflop/s, memory read {limits.read_gb_s:.1f} GB/s. "
        f"Other work on it before: {limits.busy_before:.1f} processes."
    )


def _ratio(figures: ModelFigures, other: ModelFigures) -> str:
    share = figures.whole_s / other.whole_s
    return (
        f"Whole case: {share:.2f} of {other.dtype}'s, {1 / share:.1f} times as fast. "
        f"A follow-up saves {figures.whole_s - figures.follow_up_s:.0f} s at the same length, "
        f"{figures.whole_s - figures.brief_follow_up_s:.0f} s half as long."
    )


def _seconds(value: float) -> str:
    return f"{value:.1f} s" if value >= 10 else f"{value:.2f} s"


def _gigabytes(size_bytes: int) -> str:
    return f"{size_bytes / GB:.1f} GB"


def _wait(seconds: float) -> str:
    if seconds < 1:
        return "less than a second"
    if seconds < 90:
        return f"about {seconds:.0f} seconds"
    return f"about {seconds / 60:.0f} minutes"
