"""Who tries tokens at the Bot API's door, or writes SMS unknown: how many, and only so often told.

Knows the numbers, in memory: whoever goes on trying writes one update in ten minutes.
"""

from collections.abc import Callable

from gateway.schemas.records import ChatId
from gateway.store import updates
from gateway.store.transactions import DatabaseStore, writing
from storage.database import Database, Transaction

UPDATE = "edgerad_attempts"
TOLD_EVERY_S = 600.0


class AttemptStore(DatabaseStore):
    """The attempts of one kind since the bot was last told.

    Args:
        clock: Seconds.
        kind: What the update calls them.
    """

    def __init__(self, database: Database, clock: Callable[[], float], kind: str) -> None:
        super().__init__(database)
        self._clock = clock
        self._kind = kind
        self._count = 0
        self._told_at = float("-inf")

    async def count(self) -> None:
        """Count one, and tell the bot unless it was told lately."""
        self._count += 1
        if abs(self._clock() - self._told_at) < TOLD_EVERY_S:  # also where it was set back
            return
        count, self._count, self._told_at = self._count, 0, self._clock()
        await self._tell(count)

    @writing
    def _tell(self, tx: Transaction, count: int) -> None:
        updates.enqueue(tx, UPDATE, {"date": tx.now, self._kind: count}, ChatId(0))
