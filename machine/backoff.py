"""How long to wait before the next try: each failure in a row doubles the wait, up to a limit."""

import math
from dataclasses import dataclass

_MOST_DOUBLINGS = 32


def delay_after_s(failures: int, *, first_s: float, longest_s: float) -> float:
    """How long to wait after a number of failures in a row, 1 or more."""
    doublings = min(failures - 1, _MOST_DOUBLINGS)  # more overflow a float
    return min(longest_s, math.ldexp(first_s, doublings))


@dataclass(slots=True)
class Backoff:
    """The same for a caller that does not count its failures itself."""

    first_s: float
    longest_s: float
    _failures: int = 0

    def next_delay_s(self) -> float:
        """Count one more failure and say how long to wait after it."""
        self._failures += 1
        return delay_after_s(self._failures, first_s=self.first_s, longest_s=self.longest_s)

    def reset(self) -> None:
        """Start over: it worked."""
        self._failures = 0
