"""A bell that the store rings after a commit, so that loops need not poll for work."""

import asyncio
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Bells:
    """Rung when there is something to handle, to read, to take back, to deliver."""

    inbox: Bell = field(default_factory=Bell)
    readings: Bell = field(default_factory=Bell)
    cancels: Bell = field(default_factory=Bell)
    outbox: Bell = field(default_factory=Bell)
