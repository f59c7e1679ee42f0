"""The form bench's report for a terminal.

Knows the report. Must not measure anything.
"""

from rich.console import Console
from rich.table import Table

from deploy.bench.form import FormReport


def show_form_report(console: Console, report: FormReport) -> None:
    """Print what became of the films, freely and held."""
    free, held = report.free, report.held
    table = Table(title=f"{report.model}: {free.films} drawn films, half of them photographed")
    table.add_column("what")
    table.add_column("freely", justify="right")
    table.add_column("held to the form", justify="right")
    for name, first, second in (
        ("no answer", free.failed, held.failed),
        ("all four sections, urgency stated", free.sections, held.sections),
        ("in words that were taught", free.understood, held.understood),
        ("finding, side and zone right", free.right, held.right),
        ("tokens of all answers", free.tokens, held.tokens),
        ("seconds a film", round(free.took_s / free.films, 1), round(held.took_s / held.films, 1)),
    ):
        table.add_row(name, str(first), str(second))
    console.print(table)
    console.print(
        f"The same urgency either way: {report.same_urgency} of {free.films};"
        f" the same text: {report.same_text}.",
        highlight=False,
    )
