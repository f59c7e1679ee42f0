"""How often one address may try to join.

Knows addresses and times, in memory alone: a restart forgives.
"""

from collections import deque
from collections.abc import Callable

from gateway.errors import TooManyRequests

ATTEMPTS_MAX = 60
"""Room for a whole clinic behind one router's address; far too few to find a code."""

WINDOW_S = 600.0
ADDRESSES_MAX = 10_000


class Attempts:
    """A cap on attempts per address in a sliding window.

    Args:
        clock: Seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._by_address: dict[str, deque[float]] = {}

    def count(self, address: str) -> None:
        """Count an attempt.

        Args:
            address: Where it comes from.

        Raises:
            TooManyRequests: If there were too many from there.
        """
        now = self._clock()
        made = self._by_address.pop(address, deque(maxlen=ATTEMPTS_MAX))
        while made and made[0] <= now - WINDOW_S:
            made.popleft()
        self._by_address[address] = made  # last: the one that was used longest ago is first
        if len(self._by_address) > ADDRESSES_MAX:
            del self._by_address[next(iter(self._by_address))]
        if len(made) == ATTEMPTS_MAX:
            wait_s = int(made[0] + WINDOW_S - now) + 1
            raise TooManyRequests(
                wait_s, f"Too many attempts to join: try again in {wait_s // 60 + 1} minutes."
            )
        made.append(now)
