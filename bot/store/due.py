"""When what waits falls due, in all queues at once: updates, readings, messages."""

from datetime import datetime

from bot.store.bell import Bells
from bot.store.database import Connection, Database

QUEUES = ("updates", "readings", "outbox")


class Due:
    """The times at which things that wait are done."""

    def __init__(self, database: Database, bells: Bells) -> None:
        self._database = database
        self._bells = bells

    async def bring_forward(self, latest: datetime) -> None:
        """Let nothing wait longer than this: said at start, when the clock may have gone back.

        A machine without a battery for its clock begins in the past after a power cut; what waits
        would wait until that past is over.
        """
        values = {"latest": latest.timestamp()}

        def transaction(connection: Connection) -> None:
            for queue in QUEUES:
                connection.execute(
                    f"UPDATE {queue} SET ready_at = :latest"
                    " WHERE status = 'waiting' AND ready_at > :latest",
                    values,
                )

        await self._database.write(transaction)
        for bell in (self._bells.inbox, self._bells.readings, self._bells.outbox):
            bell.ring()
