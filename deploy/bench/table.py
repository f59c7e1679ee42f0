"""The bench's report as a table for a terminal.

Knows the report. Must not measure anything.
"""

from rich.console import Console
from rich.table import Table

from deploy.bench.overhead import OverheadReport, Quantiles

GOAL_MS = 250


def show_report(console: Console, report: OverheadReport) -> None:
    """Print what was measured, in milliseconds and MB.

    Args:
        report: What the bench found.
    """
    times = Table(title="The whole way but the model: p50 / p99 / max, in ms")
    for heading in ("phones", "what they did", "photos", "stored", "received", "answer"):
        times.add_column(heading, justify="left" if heading.startswith("what") else "right")
    for each in report.scenarios:
        times.add_row(
            str(each.phones),
            each.name,
            str(each.photos),
            *(_cell(step) for step in (each.stored, each.received, each.answered)),
        )
    console.print(times)
    memory = Table(title="Resident memory after the run, in MB")
    for heading in ("part", "itself", "its picture processes"):
        memory.add_column(heading)
    for part in report.memory:
        memory.add_row(part.part, f"{part.own_mb:.0f}", f"{part.pictures_mb:.0f}")
    console.print(memory)
    console.print(
        f"{report.cpu_count} cores; photos of {report.photo_bytes / 1000:.0f} kB."
        " From the start of the phone's PUT to: stored by the gateway; the bot's first message on"
        f" the phone; the final answer on the phone. Goal: answer p99 under {GOAL_MS} ms at pace.",
        highlight=False,
    )


def _cell(step: Quantiles) -> str:
    return f"{step.p50_ms:.0f} / {step.p99_ms:.0f} / {step.max_ms:.0f}"
