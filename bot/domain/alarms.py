"""An alarm: a case that looks critical or urgent, who has it, and when it is called out again.

Knows the order of the calls. Must not know who is called, nor in which words.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.cases import Case
from bot.domain.ids import UserId
from inference.contract import Urgency

SENDER_IS_TOLD_AT = 3
"""From this call on the sender is told too that nobody has come."""
LONGEST_WAIT = timedelta(days=1)


class AlarmState(StrEnum):
    """Whether an alarm is called out again; the names are the store's words too."""

    RINGING = "ringing"
    TAKEN = "taken"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallWaits:
    """How long an alarm waits for somebody to take it before it is called out again."""

    critical: timedelta
    urgent: timedelta

    def after(self, calls: int, urgency: Urgency) -> timedelta:
        """The wait after so many calls: equal until the sender is told, then twice as long each."""
        first = self.critical if urgency is Urgency.CRITICAL else self.urgent
        doublings = min(max(calls + 1 - SENDER_IS_TOLD_AT, 0), 20)
        return min(first * (1 << doublings), max(LONGEST_WAIT, first))


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An alarm of a case.

    Args:
        urgency: The gravest that was raised.
        round: How often it began to ring: again after a sign-off, or as something graver.
        calls: How often it was called out in this round.
        due_at: When it is called out next, while it rings.
        taken_by: Who took it.
    """

    case: Case
    state: AlarmState
    urgency: Urgency
    round: int
    raised_at: datetime
    calls: int
    due_at: datetime
    taken_by: UserId | None = None
    taker_name: str | None = None
    taken_at: datetime | None = None
