"""The load bench's report for a terminal.

Knows the reports. Must not measure anything.
"""

from rich.console import Console
from rich.table import Table

from deploy.bench.archive import Archive
from deploy.bench.load import LoadReport
from deploy.bench.load_sms import SmsLoadReport
from deploy.bench.overhead import Quantiles

RECEIVED_GOAL_MS = 500
ASKED_GOAL_MS = 50
START_GOAL_S = 2


def show_load(console: Console, load: LoadReport) -> None:
    """Print what a burst came to."""
    table = Table(title=f"{load.phones} phones, {load.cases} photos as fast as they are served")
    table.add_column("what")
    table.add_column("found", justify="right")
    lost = load.cases - load.answered
    table.add_row("cases lost", str(lost) if load.answered >= 0 else "some are not answered")
    table.add_row("each phone's answers in order", _yes(holds=load.in_order))
    table.add_row("places in the queue right", _yes(holds=load.places_right))
    table.add_row("first photo to last answer, s", f"{load.took_s:.0f}")
    table.add_row("PUT to acknowledged, ms: p50 / p99", _cell(load.stored))
    table.add_row(
        f"acknowledged to received, ms: p50 / p99 (goal: p99 {RECEIVED_GOAL_MS})",
        _cell(load.received),
    )
    for part, growth_mb in load.memory_growth_mb.items():
        table.add_row(f"memory of the {part}, second half over first, MB", f"{growth_mb:+.1f}")
    console.print(table)


def show_load_with_sms(console: Console, found: SmsLoadReport) -> None:
    """Print what a burst came to without SMS and with it, and how many times as long it took."""
    show_load(console, found.without)
    show_load(console, found.with_sms)
    table = Table(title=f"With SMS ({found.texts:,} alarms went out), against without")
    table.add_column("what")
    table.add_column("times", justify="right")
    before, after = found.without, found.with_sms
    for what, first, second in (
        ("first photo to last answer", before.took_s, after.took_s),
        ("PUT to acknowledged, p50", before.stored.p50_ms, after.stored.p50_ms),
        ("PUT to acknowledged, p99", before.stored.p99_ms, after.stored.p99_ms),
        ("acknowledged to received, p50", before.received.p50_ms, after.received.p50_ms),
        ("acknowledged to received, p99", before.received.p99_ms, after.received.p99_ms),
    ):
        table.add_row(what, f"{second / first:.2f}" if first else "-")
    console.print(table)


def show_archive(console: Console, archive: Archive) -> None:
    """Print what a full store takes."""
    title = f"{archive.cases:,} cases, {archive.size_mb:,.0f} MB: p50 / p99 (goal: {ASKED_GOAL_MS})"
    table = Table(title=title)
    table.add_column("what")
    table.add_column("ms", justify="right")
    for asked in archive.asked:
        table.add_row(asked.name, _cell(asked.took, digits=1))
    table.add_row("received on a phone, during a backup", _cell(archive.received))
    console.print(table)
    console.print(
        f"Bot serving after {archive.start_s:.1f} s (goal: {START_GOAL_S});"
        f" checked backup in {archive.backup_s:.0f} s.",
        highlight=False,
    )


def _cell(took: Quantiles, digits: int = 0) -> str:
    return f"{took.p50_ms:.{digits}f} / {took.p99_ms:.{digits}f}"


def _yes(*, holds: bool) -> str:
    return "yes" if holds else "NO"
