"""Readings as those see them who want one: a question asked, taken back, or tried once more.

A case's first reading and every follow-up question is one; `bot.store.cases` asks for the first.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.cases import Case, QueuePosition
from bot.domain.ids import ChatId, MessageId, ReadingId, UserId
from bot.domain.messages import MessageRole, Outgoing
from bot.store import outbox
from bot.store.bell import Bells
from bot.store.database import Connection, Database
from bot.store.queue_position import place
from inference.contract import Language

ReceivedQuestion = Callable[[ReadingId, QueuePosition], Outgoing]
"""Words a question's "received" message; runs inside the transaction."""


class Readings:
    """Queries over what was asked."""

    def __init__(self, database: Database, bells: Bells) -> None:
        self._database = database
        self._bells = bells

    async def ask(
        self,
        case: Case,
        question: str,
        *,
        asked_by: UserId,
        chat_id: ChatId,
        message_id: MessageId,
        language: Language,
        now: datetime,
        received: ReceivedQuestion,
    ) -> ReadingId | None:
        """Queue a follow-up question with its "received" message.

        Returns:
            The reading, None if this message was asked already.
        """
        values = {
            "case_id": case.case_id,
            "question": question,
            "asked_by": asked_by,
            "chat_id": chat_id,
            "message_id": message_id,
            "language": language,
            "now": now.timestamp(),
        }

        def transaction(connection: Connection) -> ReadingId | None:
            row = connection.execute(_ASK, values).fetchone()
            if row is None:
                return None
            reading_id = ReadingId(row["reading_id"])
            connection.execute(
                _REMEMBER_QUESTION,
                values | {"reading_id": reading_id, "role": MessageRole.QUESTION},
            )
            message = received(reading_id, place(connection, reading_id))
            outbox.insert(connection, [message], now)
            return reading_id

        reading_id = await self._database.write(transaction)
        self._bells.ring_queue()
        return reading_id

    async def cancel(
        self, reading_id: ReadingId, by: UserId, messages: Sequence[Outgoing], now: datetime
    ) -> bool:
        """Take one's own reading back, waiting or being read; it stays logged as cancelled.

        Returns:
            False if it is somebody else's or has ended: nothing was changed or sent.
        """
        values = {"reading_id": reading_id, "by": by, "now": now.timestamp()}

        def transaction(connection: Connection) -> bool:
            if connection.execute(_CANCEL, values).fetchone() is None:
                return False
            outbox.insert(connection, messages, now)
            return True

        cancelled = await self._database.write(transaction)
        self._bells.cancels.ring()
        self._bells.ring_queue()
        return cancelled

    async def newest_open(self, asked_by: UserId) -> ReadingId | None:
        """Find what a person asked last and has no answer to yet.

        Returns:
            The reading, None if nothing is open.
        """

        def query(connection: Connection) -> ReadingId | None:
            row = connection.execute(_NEWEST_OPEN, {"asked_by": asked_by}).fetchone()
            return None if row is None else ReadingId(row["reading_id"])

        return await self._database.read(query)

    async def requeue(self, reading_id: ReadingId, now: datetime) -> bool:
        """Give a failed reading new attempts.

        Returns:
            False if it had not failed.
        """
        values = {"reading_id": reading_id, "now": now.timestamp()}
        requeued = await self._database.write(
            lambda connection: connection.execute(_REQUEUE, values).fetchone() is not None
        )
        self._bells.ring_queue()
        return requeued


_ASK = """
INSERT INTO readings (case_id, question, asked_by, chat_id, message_id, language, asked_at,
    ready_at)
VALUES (:case_id, :question, :asked_by, :chat_id, :message_id, :language, :now, :now)
ON CONFLICT DO NOTHING RETURNING reading_id
"""

_REMEMBER_QUESTION = """
INSERT INTO messages (chat_id, message_id, reading_id, role)
VALUES (:chat_id, :message_id, :reading_id, :role)
"""

_CANCEL = """
UPDATE readings SET status = 'cancelled', lease_expires_at = NULL, ended_at = :now
WHERE reading_id = :reading_id AND asked_by = :by AND status IN ('waiting', 'reading')
RETURNING 1
"""

_NEWEST_OPEN = """
SELECT reading_id FROM readings
WHERE asked_by = :asked_by AND status IN ('waiting', 'reading') ORDER BY reading_id DESC LIMIT 1
"""

_REQUEUE = """
UPDATE readings SET status = 'waiting', failures = 0, crashes = 0, failure = NULL,
    ended_at = NULL, ready_at = :now
WHERE reading_id = :reading_id AND status = 'failed' RETURNING 1
"""
