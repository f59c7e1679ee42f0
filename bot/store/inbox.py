"""Updates as they came: stored before they are confirmed, handled in order within a chat."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.ids import ChatId, MessageId
from bot.store import rows
from bot.store.topics import Topic
from storage.database import Database, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredUpdate:
    """An update to handle.

    Args:
        update_id: The server's number of it.
        chat_id: The chat it came from, 0 for one without a chat.
        body: The update's JSON.
        attempts: How often handling it was begun, this time included.
        failures: How often handling it failed; every other beginning ended with the program.
    """

    update_id: int
    chat_id: ChatId
    body: str
    attempts: int
    failures: int

    @property
    def crashes(self) -> int:
        """How often the program ended while it was handled."""
        return self.attempts - 1 - self.failures


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUpdate:
    """An update as the server gave it."""

    update_id: int
    chat_id: ChatId
    body: str


class InboxStore:
    """Queries over updates."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def store(self, updates: Sequence[NewUpdate]) -> None:
        """Commit updates; one that is known already is left as it is."""

        def transaction(tx: Transaction) -> None:
            tx.run_many(
                _STORE,
                [
                    {"update_id": u.update_id, "chat_id": u.chat_id, "body": u.body, "now": tx.now}
                    for u in updates
                ],
            )
            tx.signal(Topic.INBOX)

        await self._database.write(transaction)

    async def take(self, busy: Collection[int]) -> StoredUpdate | None:
        """Take the oldest update whose turn it is, outside the chats being served.

        The attempt is counted before it is made: one that takes the process down is not tried
        for ever.
        """

        def transaction(tx: Transaction) -> StoredUpdate | None:
            row = tx.one(_TAKE, busy=json.dumps(list(busy)), now=tx.now)
            if row is None:
                return None
            return StoredUpdate(
                update_id=row["update_id"],
                chat_id=ChatId(row["chat_id"]),
                body=row["body"],
                attempts=row["attempts"],
                failures=row["failures"],
            )

        return await self._database.note(transaction)

    async def done(self, update: StoredUpdate) -> None:
        """Note that an update was handled."""
        await self._end(update, "done")

    async def failed(self, update: StoredUpdate) -> None:
        """Give an update up; it stays for whoever looks into it."""
        await self._end(update, "failed")

    async def postpone(self, update: StoredUpdate, until: datetime, *, blameless: bool) -> None:
        """Handle an update again later; its chat's later ones wait with it.

        Args:
            blameless: The attempt does not count: network or disk failed, not the handling.
        """
        await self._database.write(
            lambda tx: tx.run(
                _POSTPONE,
                update_id=update.update_id,
                until=until.timestamp(),
                blameless=blameless,
            )
        )

    async def next_at(self, busy: Collection[int]) -> datetime | None:
        """When the next update that was put off is due, outside the chats being served."""
        return await self._database.read(
            lambda tx: rows.moment_or_none(
                tx.run(_NEXT_AT, busy=json.dumps(list(busy))).fetchone()[0]
            )
        )

    async def album_caption(self, chat_id: ChatId, media_group_id: str) -> str | None:
        """The caption of an album, whichever of the parts that have come carries it."""

        def query(tx: Transaction) -> str | None:
            row = tx.one(_ALBUM_CAPTION, chat_id=chat_id, media_group_id=media_group_id)
            return None if row is None else str(row["caption"])

        return await self._database.read(query)

    async def text_of(self, chat_id: ChatId, message_id: MessageId) -> str | None:
        """What was typed in a message, None if it is no longer kept, or had no text."""

        def query(tx: Transaction) -> str | None:
            row = tx.one(_TEXT, chat_id=chat_id, message_id=message_id)
            return None if row is None else str(row["text"])

        return await self._database.read(query)

    async def prune(self, keep: timedelta) -> None:
        """Forget updates handled longer ago than `keep`; the newest always stays."""
        await self._database.write(lambda tx: tx.run(_PRUNE, before=tx.now - keep.total_seconds()))

    async def _end(self, update: StoredUpdate, status: str) -> None:
        await self._database.note(
            lambda tx: tx.run(_END, update_id=update.update_id, status=status, now=tx.now)
        )


_STORE = """
INSERT INTO updates (update_id, chat_id, body, received_at, ready_at)
VALUES (:update_id, :chat_id, :body, :now, :now) ON CONFLICT DO NOTHING
"""

_HEADS = """
FROM updates head INDEXED BY updates_waiting
WHERE head.status = 'waiting' AND head.chat_id NOT IN (SELECT value FROM json_each(:busy))
    AND NOT EXISTS (
        SELECT 1 FROM updates earlier INDEXED BY updates_waiting_in_chat
        WHERE earlier.status = 'waiting' AND earlier.chat_id = head.chat_id
            AND earlier.update_id < head.update_id
    )
"""
"""The first of each chat that is not being served."""

_NEXT_AT = f"SELECT min(head.ready_at) {_HEADS}"

_TAKE = f"""
UPDATE updates SET attempts = attempts + 1 WHERE update_id = (
    SELECT head.update_id {_HEADS} AND head.ready_at <= :now ORDER BY head.update_id LIMIT 1
)
RETURNING *
"""

_END = """
UPDATE updates SET status = :status, handled_at = :now WHERE update_id = :update_id
"""

_POSTPONE = """
UPDATE updates SET ready_at = :until, attempts = attempts - :blameless,
    failures = failures + NOT :blameless
WHERE update_id = :update_id
"""

_ALBUM_CAPTION = """
SELECT json_extract(body, '$.message.caption') AS caption FROM updates
WHERE json_extract(body, '$.message.media_group_id') IS NOT NULL
    AND json_extract(body, '$.message.media_group_id') = :media_group_id
    AND chat_id = :chat_id AND caption IS NOT NULL
ORDER BY update_id LIMIT 1
"""

_TEXT = """
SELECT json_extract(body, '$.message.text') AS text FROM updates
WHERE chat_id = :chat_id AND json_extract(body, '$.message.message_id') = :message_id
    AND text IS NOT NULL
"""

_PRUNE = """
DELETE FROM updates
WHERE handled_at < :before AND update_id < (SELECT max(update_id) FROM updates)
"""
