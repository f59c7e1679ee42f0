"""When what waits falls due, in all queues at once: updates, readings, messages."""

from datetime import datetime

from bot.store.topics import Topic
from storage.database import Database, Transaction

QUEUES = {"updates": Topic.INBOX, "readings": Topic.READINGS, "outbox": Topic.OUTBOX}


class Due:
    """The times at which things that wait are done."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def bring_forward(self, latest: datetime) -> None:
        """Let nothing wait longer than this: said at start, when the clock may have gone back.

        A machine without a battery for its clock begins in the past after a power cut; what waits
        would wait until that past is over.
        """

        def transaction(tx: Transaction) -> None:
            for queue, topic in QUEUES.items():
                tx.run(
                    f"UPDATE {queue} SET ready_at = :latest"
                    " WHERE status = 'waiting' AND ready_at > :latest",
                    latest=latest.timestamp(),
                )
                tx.signal(topic)

        await self._database.write(transaction)
