"""Pages of a list of cases: where one begins, and what is on it.

Knows the order of a list: what presses first, gravest first, then all the rest, newest first.
"""

from dataclasses import dataclass
from enum import IntEnum

from bot.domain.cases import Case
from bot.domain.ids import CaseId


class Section(IntEnum):
    """A part of a list; the numbers stand in buttons."""

    REST = 0
    CRITICAL = 1
    URGENT = 2
    UNKNOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page begins.

    Args:
        section: The part of the list that it begins in.
        before: It begins below this case, None for the top of that part.
        shown: How many cases stand above it.
    """

    section: Section = Section.CRITICAL
    before: CaseId | None = None
    shown: int = 0


TOP = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """A page of a list.

    Args:
        place: Where it begins.
        next: Where the next one begins, None on the last.
    """

    cases: tuple[Case, ...]
    place: Place = TOP
    next: Place | None = None
