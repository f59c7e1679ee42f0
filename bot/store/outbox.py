"""Messages to send: stored with what caused them, kept until the server confirmed them.

Delivery is oldest first within a chat: a message waits while an earlier one of its chat waits.
Each kind of message has a lane of its own, so that none waits for another kind's.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.audit import NewAuditEntry
from bot.domain.ids import ChatId, MessageId, ReadingId
from bot.domain.messages import About, Asks, Attachment, MessageRole, Outgoing, Question, Reply
from bot.store import audit, rows
from bot.store.topics import Topic
from storage.database import Database, Row, Transaction, Value


class OutboxLane(StrEnum):
    """Messages that may wait for each other: as many are sent at once as their lane is wide."""

    WORDS = "words"  # what people wait for, an alarm's first call too
    FILES = "files"  # pictures take the server long
    CALLS = "calls"  # of alarms, called again
    SMS = "sms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A stored message whose turn it is.

    Args:
        outbox_id: Its key in the store.
        attempts: How often sending it was begun, this time included.
        failures: How often it failed for no reason of the server's.
        message: What to send; `edits` is filled in for an edit of a "received" message.
        removes: The message that it edits gives way to one that was delivered.
        withheld: It tells of a patient, and its reader's access was taken away meanwhile.
        created_at: When it was stored, unix seconds.
        lane: Beside which messages it is sent.
    """

    outbox_id: int
    attempts: int
    failures: int
    message: Outgoing
    removes: bool
    withheld: bool
    created_at: float
    lane: OutboxLane

    @property
    def name(self) -> str:
        """What no other message is called, of another database of the clinic's neither."""
        return f"{self.outbox_id}:{self.created_at}"

    @property
    def chat_id(self) -> ChatId:
        """The chat it goes to."""
        return self.message.chat_id


class OutboxStore:
    """Queries over messages to send."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, *messages: Outgoing, entry: NewAuditEntry | None = None) -> None:
        """Store messages for delivery; one whose key is known is left as it is.

        Args:
            entry: What the audit log says of whoever gets to see them.
        """

        def transaction(tx: Transaction) -> None:
            insert(tx, messages)
            if entry is not None:
                audit.append(tx, entry)

        await self._database.write(transaction)

    async def knows(self, key: str) -> bool:
        """Whether a message of this key was stored."""
        query = "SELECT 1 FROM outbox WHERE key = :key"
        return await self._database.read(lambda tx: tx.one(query, key=key) is not None)

    async def key_of(self, chat_id: ChatId, message_id: MessageId) -> str | None:
        """The key of a message that was delivered."""
        query = "SELECT key FROM outbox WHERE chat_id = :chat_id AND message_id = :message_id"

        def read(tx: Transaction) -> str | None:
            row = tx.one(query, chat_id=chat_id, message_id=message_id)
            return None if row is None else str(row["key"])

        return await self._database.read(read)

    async def question_of(self, chat_id: ChatId, message_id: MessageId) -> Question | None:
        """What a delivered message asks for, None if for nothing."""
        query = "SELECT asks FROM outbox WHERE chat_id = :chat_id AND message_id = :message_id"

        def read(tx: Transaction) -> Question | None:
            found = [row["asks"] for row in tx.all(query, chat_id=chat_id, message_id=message_id)]
            return next((Question(asks) for asks in found if asks is not None), None)

        return await self._database.read(read)

    async def keys(self, prefix: str) -> frozenset[str]:
        """The keys that begin so."""
        query = "SELECT key FROM outbox WHERE key >= :prefix AND key < :prefix || x'ff'"
        return await self._database.read(
            lambda tx: frozenset(row["key"] for row in tx.all(query, prefix=prefix))
        )

    async def stored_at(self, prefix: str) -> dict[str, datetime]:
        """When the messages were stored whose keys begin so, by key, in their order."""
        query = """
        SELECT key, created_at FROM outbox
        WHERE key >= :prefix AND key < :prefix || x'ff' ORDER BY outbox_id
        """
        return await self._database.read(
            lambda tx: {
                row["key"]: rows.moment(row["created_at"]) for row in tx.all(query, prefix=prefix)
            }
        )

    async def take(
        self, busy: Collection[int], full: Collection[OutboxLane] = ()
    ) -> Delivery | None:
        """Take the oldest message whose turn it is, outside the chats being served and full lanes.

        The attempt is counted before it is made: while the disk is full, no message is sent that
        could not be marked as sent, and would be sent again and again.
        """

        def transaction(tx: Transaction) -> Delivery | None:
            row = tx.one(_NEXT, **_outside(busy, full), now=tx.now)
            if row is None:
                return None
            tx.run(_COUNT_ATTEMPT, outbox_id=row["outbox_id"])
            return _delivery(row)

        return await self._database.note(transaction)

    async def sent(self, delivery: Delivery, message_id: MessageId) -> None:
        """Note that the server confirmed a message, and which message it became."""

        def transaction(tx: Transaction) -> None:
            tx.run(_SENT, outbox_id=delivery.outbox_id, message_id=message_id, now=tx.now)
            tx.run(_REMEMBER_MESSAGE, outbox_id=delivery.outbox_id, message_id=message_id)

        await self._database.write(transaction)

    async def removed(self, delivery: Delivery) -> None:
        """Note that the message which a delivery edits is no longer in its chat."""
        message = delivery.message
        values: dict[str, Value] = {"chat_id": message.chat_id, "message_id": message.edits}

        def transaction(tx: Transaction) -> None:
            tx.run(_SENT, outbox_id=delivery.outbox_id, message_id=None, now=tx.now)
            tx.run(_FORGET_MESSAGE, **values)

        await self._database.write(transaction)

    async def undeliverable(self, delivery: Delivery, failure: str) -> None:
        """Give a message up: the server will never take it."""
        await self._database.write(
            lambda tx: tx.run(
                _UNDELIVERABLE, outbox_id=delivery.outbox_id, failure=failure, now=tx.now
            )
        )

    async def postpone(self, delivery: Delivery, until: datetime, *, failed: bool) -> None:
        """Try a message again later; its chat's later ones wait with it.

        Args:
            failed: It was for no reason of the server's, which is borne a limited number of times.
        """
        await self._database.write(
            lambda tx: tx.run(
                _POSTPONE, outbox_id=delivery.outbox_id, until=until.timestamp(), failed=failed
            )
        )

    async def next_at(
        self, busy: Collection[int], full: Collection[OutboxLane] = ()
    ) -> datetime | None:
        """When the next message is due, outside the chats being served and full lanes."""
        return await self._database.read(
            lambda tx: rows.moment_or_none(tx.run(_NEXT_AT, **_outside(busy, full)).fetchone()[0])
        )

    async def prune(self, keep: timedelta) -> None:
        """Forget messages delivered or given up longer ago than `keep`."""
        query = "DELETE FROM outbox WHERE ended_at < :before"
        await self._database.write(lambda tx: tx.run(query, before=tx.now - keep.total_seconds()))


def insert(tx: Transaction, messages: Iterable[Outgoing]) -> None:
    """Store messages inside somebody's transaction; a key that is known is left as it is."""
    for message in messages:
        tx.run(_INSERT, **_values(message), now=tx.now)
        tx.signal(Topic.OUTBOX)


def _outside(busy: Collection[int], full: Collection[OutboxLane]) -> dict[str, Value]:
    return {"busy": json.dumps(list(busy)), "full": json.dumps(list(full))}


def _values(message: Outgoing) -> dict[str, Value]:
    about, attachment, asks = message.about, message.attachment, message.reply.asks
    return {
        "key": message.key,
        "chat_id": message.chat_id,
        "text": message.reply.text,
        "buttons": rows.buttons_json(message.reply.buttons),
        "reply_to": message.reply_to,
        "reading_id": None if about is None else about.reading_id,
        "role": None if about is None else about.role,
        "picture": message.picture,
        "file_name": None if attachment is None else attachment.file_name,
        "file": None if attachment is None else attachment.data,
        "edits": message.edits,
        "edits_key": message.edits_key,
        "edits_received": message.edits_received,
        "gives_way_to": message.gives_way_to,
        "is_sms": message.is_sms,
        "unless_here": message.unless_here,
        "calls_again": message.calls_again,
        "asks": None if asks is None else asks.question,
        "example": None if asks is None else asks.example,
    }


def _delivery(row: Row) -> Delivery:
    message = Outgoing(
        key=row["key"],
        chat_id=ChatId(row["chat_id"]),
        reply=Reply(text=row["text"], buttons=rows.buttons(row["buttons"]), asks=_asks(row)),
        reply_to=_message_id(row["reply_to"]),
        about=_about(row),
        picture=row["picture"],
        attachment=_attachment(row),
        edits=_message_id(row["edits"] or row["received_id"] or row["earlier_id"]),
        edits_key=row["edits_key"],
        edits_received=bool(row["edits_received"]),
        gives_way_to=row["gives_way_to"],
        is_sms=bool(row["is_sms"]),
        unless_here=None if row["unless_here"] is None else ChatId(row["unless_here"]),
        calls_again=bool(row["calls_again"]),
    )
    return Delivery(
        outbox_id=row["outbox_id"],
        attempts=row["attempts"] + 1,
        failures=row["failures"],
        message=message,
        removes=bool(row["removes"]),
        withheld=bool(row["withheld"]),
        created_at=row["created_at"],
        lane=OutboxLane(row["lane"]),
    )


def _message_id(value: int | None) -> MessageId | None:
    return None if value is None else MessageId(value)


def _about(row: Row) -> About | None:
    if row["reading_id"] is None:
        return None
    return About(reading_id=ReadingId(row["reading_id"]), role=MessageRole(row["role"]))


def _asks(row: Row) -> Asks | None:
    if row["asks"] is None:
        return None
    return Asks(question=Question(row["asks"]), example=row["example"])


def _attachment(row: Row) -> Attachment | None:
    if row["file_name"] is None:
        return None
    return Attachment(file_name=row["file_name"], data=row["file"])


_INSERT = """
INSERT INTO outbox (key, chat_id, text, buttons, reply_to, reading_id, role, picture, file_name,
    file, edits, edits_key, edits_received, gives_way_to, is_sms, unless_here, calls_again, asks,
    example, created_at, ready_at)
VALUES (:key, :chat_id, :text, :buttons, :reply_to, :reading_id, :role, :picture, :file_name,
    :file, :edits, :edits_key, :edits_received, :gives_way_to, :is_sms, :unless_here,
    :calls_again, :asks, :example, :now, :now)
ON CONFLICT (key) DO NOTHING
"""

_HEADS = """
WITH RECURSIVE chats (chat_id) AS (
    SELECT min(chat_id) FROM outbox WHERE status = 'waiting'
    UNION ALL
    SELECT (
        SELECT min(o.chat_id) FROM outbox o WHERE o.status = 'waiting' AND o.chat_id > c.chat_id
    ) FROM chats c WHERE c.chat_id IS NOT NULL
), heads AS (
    SELECT o.outbox_id, o.ready_at, CASE
        WHEN o.is_sms THEN 'sms'
        WHEN o.calls_again THEN 'calls'
        WHEN o.file_name IS NOT NULL OR o.picture IS NOT NULL THEN 'files'
        ELSE 'words'
    END AS lane
    FROM chats CROSS JOIN outbox o ON o.outbox_id = (
        SELECT min(first.outbox_id) FROM outbox first
        WHERE first.status = 'waiting' AND first.chat_id = chats.chat_id
    )
    WHERE chats.chat_id NOT IN (SELECT value FROM json_each(:busy))
)
"""
"""The first of each chat that is not being served, found chat by chat: however many wait in one."""

_NEXT_AT = f"""{_HEADS}
SELECT min(ready_at) FROM heads WHERE lane NOT IN (SELECT value FROM json_each(:full))
"""

_NEXT = f"""{_HEADS}, next AS (
    SELECT outbox_id, lane FROM heads
    WHERE lane NOT IN (SELECT value FROM json_each(:full)) AND ready_at <= :now
    ORDER BY outbox_id LIMIT 1
)
SELECT head.*, next.lane, CASE WHEN head.edits_received THEN (
    SELECT m.message_id FROM messages m
    WHERE m.reading_id = head.reading_id AND m.role = 'received' AND m.chat_id = head.chat_id
    ORDER BY m.message_id DESC LIMIT 1
) END AS received_id, (
    SELECT earlier.message_id FROM outbox earlier WHERE earlier.key = head.edits_key
) AS earlier_id, EXISTS (
    SELECT 1 FROM outbox other WHERE other.key = head.gives_way_to AND other.status = 'sent'
) AS removes, head.reading_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM people p WHERE p.chat_id = head.chat_id AND p.revoked_at IS NOT NULL
) AS withheld
FROM next CROSS JOIN outbox head ON head.outbox_id = next.outbox_id
"""

_COUNT_ATTEMPT = "UPDATE outbox SET attempts = attempts + 1 WHERE outbox_id = :outbox_id"

_SENT = """
UPDATE outbox SET status = 'sent', message_id = :message_id, ended_at = :now, file = NULL
WHERE outbox_id = :outbox_id
"""

_REMEMBER_MESSAGE = """
INSERT INTO messages (chat_id, message_id, reading_id, role)
SELECT chat_id, :message_id, reading_id, role FROM outbox
WHERE outbox_id = :outbox_id AND reading_id IS NOT NULL AND edits IS NULL AND edits_key IS NULL
    AND NOT edits_received
ON CONFLICT DO NOTHING
"""

_FORGET_MESSAGE = "DELETE FROM messages WHERE chat_id = :chat_id AND message_id = :message_id"

_UNDELIVERABLE = """
UPDATE outbox SET status = 'undeliverable', failure = :failure, ended_at = :now, file = NULL
WHERE outbox_id = :outbox_id
"""

_POSTPONE = """
UPDATE outbox SET ready_at = :until, failures = failures + :failed WHERE outbox_id = :outbox_id
"""
