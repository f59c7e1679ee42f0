"""A bell that the store rings after a commit, so that loops need not poll for work."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


class Bell:
    """Rung by whoever made work; one loop waits on it, so a ring is never lost."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake whoever waits, now or next."""
        self._rung.set()

    async def wait(self, timeout_s: float) -> None:
        """Wait for a ring since the last wait, at most `timeout_s`."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._rung.wait()
        except TimeoutError:
            return
        finally:
            self._rung.clear()


class Chime:
    """Rung for all who listen at that moment, each of whom hears every ring."""

    def __init__(self) -> None:
        self._listeners: set[Bell] = set()

    def ring(self) -> None:
        """Wake everybody who listens."""
        for bell in self._listeners:
            bell.ring()

    @contextmanager
    def listening(self) -> Iterator[Bell]:
        """Listen while the block runs.

        Yields:
            A bell of one's own.
        """
        bell = Bell()
        self._listeners.add(bell)
        try:
            yield bell
        finally:
            self._listeners.discard(bell)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bells:
    """Rung when there is something to handle, read, take back, deliver, tell or delete."""

    inbox: Bell = field(default_factory=Bell)
    readings: Bell = field(default_factory=Bell)
    cancels: Chime = field(default_factory=Chime)
    outbox: Bell = field(default_factory=Bell)
    access: Bell = field(default_factory=Bell)
    pending_deletions: Bell = field(default_factory=Bell)

    def ring_queue(self) -> None:
        """Say that the queue of readings has changed, and that there may be words of it."""
        self.readings.ring()
        self.outbox.ring()
