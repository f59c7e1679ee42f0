"""getUpdates: one poller at a time, woken as soon as there is something.

Knows how polls take turns. What waits is the store's to say. Source: Bot API, getUpdates.
"""

import asyncio

from gateway.errors import Conflict
from gateway.schemas.objects import JsonObject
from gateway.store.signals import UPDATES
from gateway.store.store import ChatStore
from storage.signals import Listener

LIMIT_MAX = 100
TIMEOUT_MAX_S = 50


class Poller:
    """Hands updates to whoever polled last.

    Args:
        store: Where updates wait.
    """

    def __init__(self, store: ChatStore) -> None:
        self._store = store
        self._current: Listener | None = None

    async def poll(self, *, offset: int, limit: int, timeout_s: int) -> list[JsonObject]:
        """Answer the updates that wait, or wait for the first.

        Args:
            offset: Confirms all updates before it; a negative one keeps the last so many.
            limit: At most so many, clamped to 1 to 100.
            timeout_s: How long to wait, clamped to 0 to 50 seconds.

        Returns:
            The updates, oldest first.

        Raises:
            Conflict: If another poll began meanwhile.
        """
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + min(max(timeout_s, 0), TIMEOUT_MAX_S)
        with self._store.signals.listen(UPDATES) as listener:
            self._take_turn(listener)
            if offset:
                await self._store.updates.confirm(offset)
            while True:
                self._check_turn(listener)
                found = await self._store.updates.pending(min(max(limit, 1), LIMIT_MAX))
                self._check_turn(listener)
                left_s = ends_at - loop.time()
                if found or left_s <= 0 or self._store.signals.closed:
                    return found
                await listener.wait(left_s)

    def end(self) -> None:
        """End the poll that waits, if one does: updates are delivered from now on."""
        self._take_turn(None)

    def _take_turn(self, listener: Listener | None) -> None:
        older, self._current = self._current, listener
        if older is not None:
            older.wake()

    def _check_turn(self, listener: Listener) -> None:
        if self._current is None:
            raise Conflict("terminated by setWebhook request")
        if self._current is not listener:
            raise Conflict(
                "terminated by other getUpdates request; make sure that only one bot instance is"
                " running"
            )
