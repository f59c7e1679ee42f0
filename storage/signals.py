"""Who waits for work, and how a commit wakes them, so that no loop need poll.

A signal only says "look again": what happened is in the database. Whoever listens before looking
misses nothing. Used from the event loop alone.
"""

import asyncio
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager, suppress


class Listener:
    """One that waits for a signal; a signal between two waits ends the second at once."""

    def __init__(self) -> None:
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """End the wait, or the next one."""
        self._woken.set()

    async def wait(self, timeout_s: float) -> bool:
        """Wait for a signal since the last wait ended; False if none came within `timeout_s`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._woken.wait()
        woken = self._woken.is_set()  # also where it came as the time was up
        self._woken.clear()
        return woken


class Signals:
    """The listeners of this process, by topic, in the order they came."""

    def __init__(self) -> None:
        self._listeners: defaultdict[Hashable, dict[Listener, None]] = defaultdict(dict)

    @contextmanager
    def listen(self, *topics: Hashable) -> Iterator[Listener]:
        """Listen to topics while the block runs."""
        listener = Listener()
        self._add(listener, topics)
        try:
            yield listener
        finally:
            self._remove(listener, topics)

    def send(self, topics: Iterable[Hashable]) -> None:
        """Wake everybody who listens to one of these topics."""
        for topic in topics:
            for listener in self._listeners.get(topic, ()):
                listener.wake()

    def _add(self, listener: Listener, topics: Iterable[Hashable]) -> None:
        for topic in topics:
            self._listeners[topic][listener] = None

    def _remove(self, listener: Listener, topics: Iterable[Hashable]) -> None:
        for topic in topics:
            self._listeners[topic].pop(listener, None)
            if not self._listeners[topic]:
                del self._listeners[topic]
