"""How many messages a bot may send, for whoever wants to test it against Telegram's limits.

Knows Telegram's published limits: 30 messages a second in all, one a second to a chat, 20 a minute
to a group. Source: Bots FAQ, "My bot is hitting limits". Must not know methods.
"""

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from gateway.errors import TooManyRequests

_BUCKETS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """A number of messages in a period; all of them may come at once."""

    most: int
    in_s: float


ALL = Rate(30, 1.0)
A_CHAT = Rate(3, 3.0)
A_GROUP = Rate(20, 60.0)


class FloodControl:
    """Counts what was sent, by a leaky bucket for each chat.

    Args:
        clock: Seconds, monotonic.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._used: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def count(self, chat_id: str) -> None:
        """Count a message.

        Raises:
            TooManyRequests: If it is one too many; it is then not counted.
        """
        now = self._clock()
        rates = {"": ALL, chat_id: A_GROUP if chat_id.startswith("-") else A_CHAT}
        levels = {key: self._level(key, rate, now) for key, rate in rates.items()}
        waits = [
            (level + 1 - rates[key].most) * rates[key].in_s / rates[key].most
            for key, level in levels.items()
        ]
        if max(waits) > 0:
            retry_after_s = math.ceil(max(waits))
            raise TooManyRequests(retry_after_s, f"retry after {retry_after_s}")
        for key, level in levels.items():
            self._used[key] = level + 1, now
            self._used.move_to_end(key)
        while len(self._used) > _BUCKETS_MAX:
            self._used.popitem(last=False)

    def _level(self, key: str, rate: Rate, now: float) -> float:
        level, since = self._used.get(key, (0.0, now))
        return max(0.0, level - (now - since) * rate.most / rate.in_s)
