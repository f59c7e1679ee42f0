"""What `edgerad bench gateway` found, as tables for a terminal.

Knows the report and its goals. Must not measure anything.
"""

from rich.console import Console
from rich.table import Table

from deploy.bench.gateway import GatewayReport
from deploy.bench.overhead import Quantiles

TRIP_GOAL_MS = 60
IDLE_GOAL_MB = 150
PAGE_GOAL_MS = 10


def show_gateway_report(console: Console, report: GatewayReport) -> None:
    """Print what was measured, and the goals.

    Args:
        report: What the bench found.
    """
    table = Table(title=f"The gateway alone, on {report.cpu_count} cores")
    table.add_column("what")
    table.add_column("p50 / p99 / max, in ms", justify="right")
    table.add_column("goal")
    for trips in report.trips:
        what = f"{trips.what}, PUT to getUpdates, phones: {trips.phones} ({trips.sent} sent)"
        goal = f"p99 under {TRIP_GOAL_MS} ms" if (trips.phones, trips.what) == (50, "text") else ""
        table.add_row(what, _cell(trips.times), goal)
    history = report.history
    page = f"page of history among {history.messages:,} messages"
    table.add_row(page, _cell(history.page), f"under {PAGE_GOAL_MS} ms")
    table.add_row(f"one more among {history.messages:,}", _cell(history.send), "")
    table.add_row("one more in an empty store", _cell(history.send_empty), "")
    console.print(table)
    console.print(
        f"sendMessage: {report.send_message_per_s:.0f} a second by one connection,"
        f" {report.send_message_together_per_s:.0f} by eight; getUpdates:"
        f" {report.get_updates_per_s:.0f} a second.\n{report.idle_phones} idle phones:"
        f" {report.idle_mb:.0f} MB (goal: under {IDLE_GOAL_MB}), and {report.pictures_mb:.0f} MB"
        f" for the picture process. {history.messages:,} messages: {history.database_mb:.0f} MB"
        " on the disk.",
        highlight=False,
    )


def _cell(times: Quantiles) -> str:
    return f"{times.p50_ms:.1f} / {times.p99_ms:.1f} / {times.max_ms:.1f}"
