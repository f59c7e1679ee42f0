"""What a look at the system found: one line a thing, and how they are shown.

Knows a terminal. Must not know what is looked at.
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
    """One thing that was looked at.

    Args:
        level: How well it is.
        subject: What it is.
        words: What was seen.
        advice: What to do about it, or what would be better still; empty where nothing is.
    """

    level: Level
    subject: str
    words: str
    advice: str = ""


def show_checks(console: Console, lines: Iterable[Check]) -> int:
    """Print the lines on one screen.

    Returns:
        Exit status: 1 if anything is at fault, else 0.
    """
    table = Table.grid(padding=(0, 2))
    status = 0
    for line in lines:
        words = Text(line.words)
        if line.advice:
            words.append(f"\n-> {line.advice}", style=STYLES[line.level])
        table.add_row(Text(line.level, style=STYLES[line.level]), line.subject, words)
        status |= line.level is Level.FAULT
    console.print(table)
    return status
