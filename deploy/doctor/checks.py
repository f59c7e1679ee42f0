"""The result of a check of the system, and how results are shown.

Knows a terminal. Must not know what is checked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rich.console import Console
from rich.table import Table
from rich.text import Text


class Level(StrEnum):
    """How well something is."""

    OK = "OK"
    WARN = "WARN"
    FAULT = "FAULT"


STYLES = {Level.OK: "green", Level.WARN: "yellow", Level.FAULT: "bold red"}


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check.

    Args:
        level: How well it is.
        subject: What was checked.
        words: What was found.
        advice: What to do about it, or what would be better still; empty where nothing is.
    """

    level: Level
    subject: str
    words: str
    advice: str = ""


def show_checks(console: Console, checks: Iterable[Check]) -> int:
    """Print the results on one screen.

    Returns:
        Exit status: 1 if anything is at fault, else 0.
    """
    table = Table.grid(padding=(0, 2))
    status = 0
    for check in checks:
        words = Text(check.words)
        if check.advice:
            words.append(f"\n-> {check.advice}", style=STYLES[check.level])
        table.add_row(Text(check.level, style=STYLES[check.level]), check.subject, words)
        status |= check.level is Level.FAULT
    console.print(table)
    return status
