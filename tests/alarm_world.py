"""The alarm loop over a clinic, and the time that passes for it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from bot.alarms import AlarmCaller
from tests.bot_world import Clinic


@dataclass
class Hours:
    """Time that passes, and a clock that somebody may set meanwhile."""

    ward: Clinic
    steady_s: float = 1000.0

    def pass_by(self, minutes: float) -> None:
        """Let time pass, by the clock and in truth."""
        self.ward.clock.advance(minutes * 60)
        self.steady_s += minutes * 60

    def set_clock(self, hours: float) -> None:
        """Set the clock; no time passes."""
        self.ward.clock.advance(hours * 3600)

    def caller(self) -> AlarmCaller:
        """The alarm loop, as the bot starts it."""
        return AlarmCaller(
            store=self.ward.store,
            clock=self.ward.clock,
            waits=self.ward.services.settings.call_waits(),
            steady_s=lambda: self.steady_s,
        )


@contextmanager
def clinic_in_lagos() -> Iterator[None]:
    """Have the machine's time zone be one hour ahead of UTC, all year."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Africa/Lagos")
        time.tzset()
        yield
    time.tzset()
