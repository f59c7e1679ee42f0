"""The clinic in numbers: a period, and the ward at one moment."""

import datetime as dt
from dataclasses import dataclass
from datetime import datetime

from bot.domain.cases import CaseStatus
from bot.domain.ids import CaseId
from inference.contract import Tier, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineFigures:
    """What one model at one tier did in the period."""

    model: str
    tier: Tier | None
    readings: int
    median_duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A period in numbers.

    Args:
        by_status: Cases by where they stand; no key means none.
        by_urgency: Answered cases by urgency; no key means none.
        follow_ups: Questions asked after a first reading.
        wait_p50_s: Median time from the picture's arrival to the stored answer, None without one.
        wait_p90_s: The time that nine of ten such waits stayed within.
        engines: First readings and follow-ups by model and tier, most used first.
        unreviewed: Answered cases that nobody signed off.
    """

    by_status: dict[CaseStatus, int]
    by_urgency: dict[Urgency, int]
    follow_ups: int
    wait_p50_s: float | None
    wait_p90_s: float | None
    engines: tuple[EngineFigures, ...]
    unreviewed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of the clinic's in numbers.

    Args:
        date: By the clinic's clock.
        by_urgency: Answered cases that were sent on it, by urgency; no key means none.
        unanswered: The others.
    """

    date: dt.date
    by_urgency: dict[Urgency, int]
    unanswered: int

    @property
    def cases(self) -> int:
        """All that were sent on it."""
        return sum(self.by_urgency.values()) + self.unanswered


@dataclass(frozen=True, slots=True, kw_only=True)
class Ward:
    """The ward at one moment, with nothing of a patient.

    Args:
        waiting: Cases and questions that wait.
        waiting_since: When the one that waits longest was sent.
        reading: Those being read.
        reading_since: When the one that is read longest was begun.
        urgent: Critical and urgent cases of the last week that nobody signed off.
        unknown: Those whose urgency is unknown.
        urgent_cases: The first of both: critical, urgent, unknown, and of each the oldest.
        ringing: Alarms that nobody has taken.
        ringing_since: When the oldest of them was raised.
        answered: What was answered in the last hour.
        failed: What was sent in the last hour and could not be read.
        wait_p50_s: Median time until those answers, None without one.
    """

    waiting: int
    waiting_since: datetime | None
    reading: int
    reading_since: datetime | None
    urgent: int
    unknown: int
    urgent_cases: tuple[tuple[CaseId, Urgency], ...]
    ringing: int
    ringing_since: datetime | None
    answered: int
    failed: int
    wait_p50_s: float | None
