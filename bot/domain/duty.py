"""Who is on duty: by a plan of weekly shifts in the clinic's time, or as they said of themselves.

Knows how a plan is typed, in any of the bot's languages. Must not know whom that concerns.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

SAID_LASTS = timedelta(hours=16)
"""So long "on" and "off" hold at most: nobody remembers each time to say that a shift has ended."""
SHIFTS_MAX = 14
_HOUR = 60
_DAY = 24 * _HOUR
_DAYS = (
    *("mon lun seg lit", "tue mar ter tal", "wed mer qua lar", "thu jeu qui alh"),
    *("fri ven sex jum", "sat sam sab asa", "sun dim dom lah"),
)
_NUMBERS = {word: day for day, said in enumerate(_DAYS) for word in said.split()}
"""The first letters of the days, in each of the bot's languages."""
_TO = r"\s*[-–]\s*"  # noqa: RUF001 - phones write the longer one
_DAY_NAME = r"([^\W\d_]+)\.?"
_TIME = r"(\d{1,2})(?:[:h.](\d{2}))?h?"
_SHIFT = re.compile(
    rf"(?:{_DAY_NAME}(?:{_TO}{_DAY_NAME})?\s+)?{_TIME}{_TO}{_TIME}", re.ASCII | re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A shift of the week.

    Args:
        days: On which days it begins, one after the other, 0 for Monday.
        begins: Minutes after midnight.
        ends: Minutes after midnight; not after `begins` means on the next day.
    """

    days: tuple[int, ...]
    begins: int
    ends: int

    def covers(self, day: int, minute: int) -> bool:
        """Whether a minute of a day lies in it."""
        if self.begins < self.ends:
            return day in self.days and self.begins <= minute < self.ends
        before = (day - 1) % 7
        return (day in self.days and minute >= self.begins) or (
            before in self.days and minute < self.ends
        )


Plan = tuple[Shift, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What is known of somebody's duty.

    Args:
        plan: Their shifts, none for no plan.
        said: Whether they said that they are on duty, None if they said nothing.
        said_until: Until when that holds.
    """

    plan: Plan = ()
    said: bool | None = None
    said_until: datetime | None = None

    def is_on(self, now: datetime) -> bool:
        """Whether they are on duty at a moment; what they said comes before their plan."""
        if self.said is not None and self._holds(now):
            return self.said
        local = now.astimezone()
        minute = local.hour * _HOUR + local.minute
        return any(shift.covers(local.weekday(), minute) for shift in self.plan)

    def _holds(self, now: datetime) -> bool:
        """Not longer than it lasts, also where the clock was set back meanwhile."""
        until = self.said_until
        return until is not None and until - SAID_LASTS <= now < until


def parse_plan(text: str) -> Plan | None:
    """A plan as people type it: `Mon-Fri 07:00-15:00, Sat 22h-6h`; None for any other text."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    parts = [part.strip() for part in re.split(r"[,;\n]", bare) if part.strip()]
    shifts = [_shift(part) for part in parts[: SHIFTS_MAX + 1]]
    plan = tuple(shift for shift in shifts if shift is not None)
    return plan if 0 < len(plan) == len(parts) <= SHIFTS_MAX else None


def hours(shift: Shift) -> str:
    """From when to when a shift is: `07:00-15:00`."""
    begins, ends = (f"{at // _HOUR:02d}:{at % _HOUR:02d}" for at in (shift.begins, shift.ends))
    return f"{begins}-{ends}"


def _shift(text: str) -> Shift | None:
    found = _SHIFT.fullmatch(text)
    if found is None:
        return None
    first, last, *times = found.groups()
    days, begins, ends = _range(first, last), _minutes(*times[:2]), _minutes(*times[2:])
    if days is None or begins is None or ends is None:
        return None
    return Shift(days=days, begins=begins % _DAY, ends=ends % _DAY)


def _range(first: str | None, last: str | None) -> tuple[int, ...] | None:
    if first is None:
        return tuple(range(7))
    begin, end = (_NUMBERS.get(word.lower()[:3]) for word in (first, last or first))
    if begin is None or end is None:
        return None
    return tuple((begin + n) % 7 for n in range((end - begin) % 7 + 1))


def _minutes(hour: str, minute: str | None) -> int | None:
    at = int(hour) * _HOUR + int(minute or 0)
    return at if at <= _DAY and int(minute or 0) < _HOUR else None
