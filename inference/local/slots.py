"""Places for readings that run at once, and waiting for one.

Knows numbers. Must not know what a reading is.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Slots:
    """One place at first."""

    def __init__(self) -> None:
        self.offered = 1
        self._ceiling: int | None = None
        self._held = 0
        self._freed = asyncio.Event()

    def offer(self, places: int) -> None:
        """Let so many run from now on, as far as the ceiling lets them."""
        self.offered = places if self._ceiling is None else min(places, self._ceiling)
        self._freed.set()

    def at_most(self, ceiling: int | None) -> None:
        """Let no later offer go beyond a ceiling.

        Args:
            ceiling: At least one; None for no ceiling.
        """
        self._ceiling = ceiling

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Wait for a place, and hold it meanwhile."""
        while self._held >= self.offered:
            self._freed.clear()
            await self._freed.wait()
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
            self._freed.set()
