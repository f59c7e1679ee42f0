"""Who tries tokens at the Bot API's door, as the bot is told: how many, and only so often.

Knows the number, in memory: whoever goes on trying writes one update in ten minutes.
"""

from collections.abc import Callable

from gateway.schemas.records import ChatId
from gateway.store import updates
from gateway.store.transactions import DatabaseStore, writing
from storage.database import Database, Transaction

UPDATE = "edgerad_attempts"
TOLD_EVERY_S = 600.0


class AttemptStore(DatabaseStore):
    """The wrong tokens since the bot was last told.

    Args:
        clock: Seconds.
    """

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        super().__init__(database)
        self._clock = clock
        self._count = 0
        self._told_at = float("-inf")

    async def wrong_token(self) -> None:
        """Count a wrong token, and tell the bot unless it was told lately."""
        self._count += 1
        if abs(self._clock() - self._told_at) < TOLD_EVERY_S:  # also where it was set back
            return
        count, self._count, self._told_at = self._count, 0, self._clock()
        await self._tell(count)

    @writing
    def _tell(self, tx: Transaction, count: int) -> None:
        updates.enqueue(tx, UPDATE, {"date": tx.now, "wrong_tokens": count}, ChatId(0))
