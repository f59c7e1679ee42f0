"""How often, and how much: what one phone, one address and all together may do.

Every limit of the phone chat stands here. Knows keys, times and bytes, in memory: a restart fills
an allowance up again, but for that of bytes, which is stored with each message.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gateway.errors import TooManyRequests
from gateway.store.sessions import Session

JOINS_AT_ONCE, JOIN_EVERY_S = 60, 10.0
"""Room for a whole clinic behind one router's address; far too few to find a code."""

ALL_JOINS_AT_ONCE, ALL_JOIN_EVERY_S = 600, 1.0
"""From all addresses: on a LAN, anybody may have many."""

WRITES_AT_ONCE, WRITE_EVERY_S = 1_200, 5.0
"""Of one session: whatever it sends, presses, chooses or unlocks."""

PINS_AT_ONCE, PIN_EVERY_S = 20, 30.0
"""Of one session, right ones too: each costs some 50 ms."""

LOOKS_AT_ONCE, LOOK_EVERY_S = 20, 3.0
"""Of one session: pictures that are looked at before they are sent; an album has ten."""

UPLOADS_AT_ONCE = 6
"""Of one session, under way."""

DOWNLOADS_AT_ONCE = 8
"""Of one session: a browser has six."""

STORED_BYTES, STORED_BYTE_EVERY_S = 1_000_000_000, 4 * 3600 / 1_000_000_000
"""Of one session."""

_KEYS_MAX = 10_000
_BUSY_S = 5


class Rate:
    """An allowance for each key: so much at once, and one more every so often.

    Args:
        clock: Seconds.
        at_once: How much of a full allowance.
        every_s: How long one more takes.
    """

    def __init__(self, clock: Callable[[], float], at_once: float, every_s: float) -> None:
        self._clock = clock
        self._at_once = at_once
        self._every_s = every_s
        self._full_at: dict[object, float] = {}

    def take(self, key: object, much: float = 1, full_in_s: float = 0) -> float:
        """Use some of an allowance.

        Args:
            full_in_s: When that of a key is full again of which nothing is known here; more than
                a whole allowance takes is what a clock that was set says, and nothing.

        Returns:
            In how many seconds it is full again.

        Raises:
            TooManyRequests: It is used up, and nothing was taken.
        """
        now = self._clock()
        known = full_in_s if full_in_s <= self._at_once * self._every_s else 0
        full_at = max(self._full_at.pop(key, now + known), now)
        wait_s = full_at - now - (self._at_once - much) * self._every_s
        self._full_at[key] = full_at if wait_s > 0 else full_at + much * self._every_s
        if len(self._full_at) > _KEYS_MAX:
            del self._full_at[next(iter(self._full_at))]  # that was used longest ago
        if wait_s > 0:
            raise TooManyRequests(math.ceil(wait_s), _words(wait_s))
        return self._full_at[key] - now

    def give_back(self, key: object, much: float) -> None:
        """Take nothing after all."""
        self._full_at[key] = self._full_at.get(key, 0.0) - much * self._every_s


class Rates:
    """The limits of the phone chat.

    Args:
        clock: Seconds.
        max_upload_bytes: Of one message.
    """

    def __init__(self, clock: Callable[[], float], max_upload_bytes: int) -> None:
        self._joins = Rate(clock, JOINS_AT_ONCE, JOIN_EVERY_S)
        self._all_joins = Rate(clock, ALL_JOINS_AT_ONCE, ALL_JOIN_EVERY_S)
        self._writes = Rate(clock, WRITES_AT_ONCE, WRITE_EVERY_S)
        self._pins = Rate(clock, PINS_AT_ONCE, PIN_EVERY_S)
        self._looks = Rate(clock, LOOKS_AT_ONCE, LOOK_EVERY_S)
        self._bytes = Rate(clock, STORED_BYTES, STORED_BYTE_EVERY_S)
        self._max_upload_bytes = max_upload_bytes
        self._under_way: dict[bytes, list[int]] = {}
        self._downloads: Counter[bytes] = Counter()

    def join(self, address: str) -> None:
        """Count a try to join; like the others here, it raises `TooManyRequests`."""
        self._joins.take(address)
        self._all_joins.take(None)

    def write(self, session: Session) -> None:
        """Count something that a phone changes."""
        self._writes.take(session.token_sha256)

    def pin(self, session: Session) -> None:
        """Count a try of a PIN."""
        self._pins.take(session.token_sha256)

    def look(self, session: Session) -> None:
        """Count a picture that is looked at before it is sent."""
        self._looks.take(session.token_sha256)

    @contextmanager
    def upload(self, session: Session, size_bytes: int | None) -> Iterator[int]:
        """Reserve room for a message while the block reads and stores it; kept if it succeeds.

        Args:
            size_bytes: As announced; as much as may be, if it is not.

        Yields:
            In how many seconds the session may store as much again as if it had stored nothing.

        Raises:
            TooManyRequests: Too much is under way, or was stored lately.
        """
        key, size = session.token_sha256, size_bytes or self._max_upload_bytes
        under_way = self._under_way.setdefault(key, [])
        if under_way and (
            len(under_way) == UPLOADS_AT_ONCE or sum(under_way) + size > 2 * self._max_upload_bytes
        ):
            raise TooManyRequests(_BUSY_S, "This phone is sending much already: wait a little.")
        full_in_s = self._bytes.take(key, size, session.full_in_s)
        under_way.append(size)
        try:
            yield math.ceil(full_in_s)
        except BaseException:
            self._bytes.give_back(key, size)
            raise
        finally:
            under_way.remove(size)
            if not under_way:
                self._under_way.pop(key, None)

    @contextmanager
    def download(self, session: Session) -> Iterator[None]:
        """Count a file that a phone fetches while the block runs.

        Raises:
            TooManyRequests: It fetches too many already.
        """
        key = session.token_sha256
        if self._downloads[key] >= DOWNLOADS_AT_ONCE:
            raise TooManyRequests(_BUSY_S, "This phone is fetching much already: wait a little.")
        self._downloads[key] += 1
        try:
            yield
        finally:
            self._downloads[key] -= 1
            if not self._downloads[key]:
                del self._downloads[key]


def _words(wait_s: float) -> str:
    minutes = math.ceil(wait_s / 60)
    return f"Too many attempts: try again in {minutes} minute{'s' if minutes > 1 else ''}."
