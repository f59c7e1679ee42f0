"""The time, as something that tests can own."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The time now, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The time now, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that reads the machine's clock


def steady_s() -> float:
    """Seconds since the machine started, its sleep included: nobody can set them."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
