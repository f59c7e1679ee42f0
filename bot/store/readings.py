"""Readings as their senders see them: a question is asked, cancelled or tried again.

Every case has a first reading, which `bot.store.cases` queues, and one for each question about it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.audit import Act, Actor
from bot.domain.cases import Case, QueuePosition, case_code
from bot.domain.ids import CaseId, ChatId, MessageId, ReadingId, UserId
from bot.domain.messages import MessageRole, Outgoing, Told
from bot.store import audit, outbox
from bot.store.cases import found
from bot.store.queue_position import place
from bot.store.topics import Topic
from inference.contract import Language
from storage.database import Database, Transaction

ReceivedQuestion = Callable[[ReadingId, QueuePosition], Outgoing]
"""Words a question's "received" message; runs inside the transaction."""


class Readings:
    """Queries over readings that somebody asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ask(
        self,
        case: Case,
        question: str,
        *,
        asked_by: UserId,
        chat_id: ChatId,
        message_id: MessageId,
        language: Language,
        received: ReceivedQuestion,
        by: Actor,
    ) -> ReadingId | None:
        """Queue a question with its "received" message; None if this message asked it before."""

        def transaction(tx: Transaction) -> ReadingId | None:
            row = tx.one(
                _ASK,
                case_id=case.case_id,
                question=question,
                asked_by=asked_by,
                chat_id=chat_id,
                message_id=message_id,
                language=language,
                now=tx.now,
            )
            if row is None:
                return None
            reading_id = ReadingId(row["reading_id"])
            tx.run(
                _REMEMBER_QUESTION,
                chat_id=chat_id,
                message_id=message_id,
                reading_id=reading_id,
                role=MessageRole.QUESTION,
            )
            outbox.insert(tx, [received(reading_id, place(tx, reading_id))])
            audit.append(tx, by.does(Act.ASKED, case.code))
            tx.signal(Topic.READINGS)
            return reading_id

        return await self._database.write(transaction)

    async def cancel(
        self, reading_id: ReadingId, messages: Sequence[Outgoing], *, by: Actor
    ) -> bool:
        """Cancel one's own reading; False if it is not one's own, or has ended."""

        def transaction(tx: Transaction) -> bool:
            if tx.one(_CANCEL, reading_id=reading_id, by=by.user_id, now=tx.now) is None:
                return False
            outbox.insert(tx, messages)
            audit.append(tx, by.does(Act.CHANGED, f"reading {reading_id}"))
            tx.signal(Topic.CANCELS, Topic.READINGS)
            return True

        return await self._database.write(transaction)

    async def answer_messages(self, case_id: CaseId) -> tuple[Told, ...]:
        """The messages of a case's answer as it is now, in order, also those on their way."""
        return await self._database.read(
            lambda tx: tuple(
                Told(
                    message_id=None if row["message_id"] is None else MessageId(row["message_id"]),
                    key=row["key"],
                )
                for row in tx.all(_ANSWER, case_id=case_id)
            )
        )

    async def just_answered(self, chat_id: ChatId, since: datetime) -> Case | None:
        """Find the case of the newest answer in a chat, if it is one that may be asked about.

        Args:
            since: An answer that was made before is none that a question follows.
        """

        def query(tx: Transaction) -> Case | None:
            values = {"chat_id": chat_id, "since": since.timestamp()}
            return next(iter(found(tx, _JUST_ANSWERED, **values)), None)

        return await self._database.read(query)

    async def newest_open(self, asked_by: UserId) -> ReadingId | None:
        """What a person asked last and has no answer to yet."""

        def query(tx: Transaction) -> ReadingId | None:
            row = tx.one(_NEWEST_OPEN, asked_by=asked_by)
            return None if row is None else ReadingId(row["reading_id"])

        return await self._database.read(query)

    async def requeue(self, reading_id: ReadingId, *, by: Actor) -> bool:
        """Give a failed reading new attempts; False if it had not failed."""

        def transaction(tx: Transaction) -> bool:
            row = tx.one(_REQUEUE, reading_id=reading_id, now=tx.now)
            if row is None:
                return False
            audit.append(tx, by.does(Act.CHANGED, case_code(CaseId(row["case_id"]))))
            tx.signal(Topic.READINGS)
            return True

        return await self._database.write(transaction)


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

_ANSWER = """
SELECT m.message_id AS message_id, NULL AS key, 0 AS outbox_id
FROM readings r JOIN messages m ON m.reading_id = r.reading_id AND m.role = 'answer'
WHERE r.case_id = :case_id AND r.question IS NULL AND m.chat_id = r.chat_id AND m.message_id > (
    SELECT coalesce(max(last_message_id), 0) FROM earlier_readings WHERE case_id = :case_id
)
UNION ALL
SELECT NULL, o.key, o.outbox_id
FROM readings r JOIN outbox o ON o.reading_id = r.reading_id AND o.chat_id = r.chat_id
WHERE r.case_id = :case_id AND r.question IS NULL AND o.role = 'answer' AND o.status = 'waiting'
    AND o.edits IS NULL AND o.edits_key IS NULL
ORDER BY outbox_id, message_id
"""
"""Not those of a reading that was replaced."""

_JUST_ANSWERED = """
WHERE c.withdrawn_at IS NULL AND c.case_id = (
    SELECT answered.case_id FROM (
        SELECT * FROM messages WHERE chat_id = :chat_id AND role = 'answer'
        ORDER BY message_id DESC LIMIT 1
    ) m JOIN readings answered USING (reading_id) WHERE answered.ended_at >= :since
)
"""

_REQUEUE = """
UPDATE readings SET status = 'waiting', failures = 0, crashes = 0, failure = NULL,
    ended_at = NULL, ready_at = :now
WHERE reading_id = :reading_id AND status = 'failed' RETURNING case_id
"""
