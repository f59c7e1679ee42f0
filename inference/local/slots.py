"""Slots: how many readings run at once, and waiting for one to be free.

Knows numbers. Must not know what a reading is.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Slots:
    """One slot at first."""

    def __init__(self) -> None:
        self.count = 1
        self._limit: int | None = None
        self._taken = 0
        self._freed = asyncio.Event()

    def resize(self, count: int) -> None:
        """Have so many slots from now on, but no more than the limit."""
        self.count = count if self._limit is None else min(count, self._limit)
        self._freed.set()

    def limit(self, most: int | None) -> None:
        """Let later resizes give at most so many slots, which is at least one; None for any."""
        self._limit = most

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Wait for a free slot, and hold it meanwhile."""
        while self._taken >= self.count:
            self._freed.clear()
            await self._freed.wait()
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1
            self._freed.set()
