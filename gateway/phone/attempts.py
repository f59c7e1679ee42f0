"""How often one address or person, and all together, may try to join, or to guess.

Knows addresses and times, in memory alone: a restart clears them.
"""

from collections import deque
from collections.abc import Callable

from gateway.errors import TooManyRequests

ATTEMPTS_MAX = 60
"""Room for a whole clinic behind one router's address; far too few to find a code."""

TOTAL_MAX = 600
"""From all addresses: on a LAN, anybody may have many."""

WINDOW_S = 600.0
ADDRESSES_MAX = 10_000


class Attempts:
    """A cap on attempts per address, and in total, in a sliding window.

    Args:
        clock: Seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._by_address: dict[str, deque[float]] = {}
        self._all: deque[float] = deque(maxlen=TOTAL_MAX)

    def count(self, address: str) -> None:
        """Count an attempt from an address, or of a person.

        Raises:
            TooManyRequests: If there were too many from there, or from all.
        """
        now = self._clock()
        made = self._by_address.pop(address, deque(maxlen=ATTEMPTS_MAX))
        self._by_address[address] = made  # last: the one that was used longest ago is first
        if len(self._by_address) > ADDRESSES_MAX:
            del self._by_address[next(iter(self._by_address))]
        for counted in (made, self._all):
            _make_room(counted, now)
        made.append(now)
        self._all.append(now)


def _make_room(made: deque[float], now: float) -> None:
    while made and made[0] <= now - WINDOW_S:
        made.popleft()
    if len(made) == made.maxlen:
        wait_s = int(made[0] + WINDOW_S - now) + 1
        raise TooManyRequests(
            wait_s, f"Too many attempts: try again in {wait_s // 60 + 1} minutes."
        )
