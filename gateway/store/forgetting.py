"""Deletes messages for good, with their files: by what they are about, and by age.

Looks at all messages page by page, between which others read and write. Counts exactly what it
would delete. A message that the bot has not fetched yet stays.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial
from itertools import groupby

from gateway.schemas.forgetting import Age, Candidate, Forgetting
from gateway.schemas.records import ChatId, MessageId, StoredFile
from gateway.store import events, messages
from gateway.store.transactions import DatabaseStore
from storage.database import Transaction

LOOKED_AT_ONCE = 1_000
DELETED_AT_ONCE = 100


class ForgettingStore(DatabaseStore):
    """Deletes messages, or counts what it would delete."""

    async def count(self, forgetting: Forgetting) -> tuple[int, int]:
        """Count what would go, changing nothing.

        Returns:
            How many messages, and how many of them hold a picture or a document.
        """
        found = [message async for message in self._chosen(forgetting)]
        return len(found), sum(message.has_file for message in found)

    async def forget(self, forgetting: Forgetting) -> list[StoredFile]:
        """Delete messages, and tell the phones that show them; may be cut off and called again.

        Returns:
            The files that nobody holds any more, to be discarded.
        """
        found = [message async for message in self._chosen(forgetting)]
        gone: list[StoredFile] = []
        for start in range(0, len(found), DELETED_AT_ONCE):
            some = found[start : start + DELETED_AT_ONCE]
            gone += await self.database.write(partial(_delete, some=some))
        if found:
            await self.database.empty_log()
        return gone

    async def _chosen(self, forgetting: Forgetting) -> AsyncIterator[Candidate]:
        now = await self.database.read(lambda tx: tx.now)
        age, age_of_files = Age(forgetting.before, now), Age(forgetting.files_before, now)
        after = 0
        ages = (age, age_of_files)
        while page := await self.database.read(partial(_page, after=after)):
            for message in await asyncio.to_thread(_chosen, page, forgetting, ages):
                yield message
            after = page[-1].message_id


def _chosen(
    page: Sequence[Candidate], forgetting: Forgetting, ages: tuple[Age, Age]
) -> list[Candidate]:
    """Those of a page that go; in a thread, for their texts are looked through."""
    return [message for message in page if _is_chosen(message, forgetting, ages)]


def _is_chosen(message: Candidate, forgetting: Forgetting, ages: tuple[Age, Age]) -> bool:
    is_over, file_is_over = (age.is_over(message) for age in ages)  # each sees every message
    return is_over or (message.has_file and file_is_over) or forgetting.is_about(message)


def _page(tx: Transaction, after: int) -> list[Candidate]:
    found = tx.all(
        """
        SELECT chat_id, message_id, reply_to_id, from_bot, date, text,
            media IS NOT NULL AS has_file, media LIKE '{%' AS is_document,
            EXISTS (
                SELECT 1 FROM messages question
                WHERE question.message_id = messages.reply_to_id
                    AND question.chat_id = messages.chat_id
                    AND json_extract(question.keyboard, '$.force_reply')
            ) AS is_answer
        FROM messages
        WHERE message_id > :after
            AND NOT EXISTS (
                SELECT 1 FROM updates
                WHERE updates.message_id = messages.message_id AND updates.kind = 'message'
            )
        ORDER BY message_id LIMIT :limit + 0
        """,
        after=after,
        limit=LOOKED_AT_ONCE,
    )
    return [Candidate(**dict(row)) for row in found]


def _delete(tx: Transaction, some: Sequence[Candidate]) -> list[StoredFile]:
    gone: list[StoredFile] = []
    for chat_id, of_chat in groupby(sorted(some, key=_chat_of), _chat_of):
        ids = [MessageId(message.message_id) for message in of_chat]
        gone += messages.forget(tx, ids)
        events.add(tx, "deleted", ChatId(chat_id), {"message_ids": ids})
    return gone


def _chat_of(message: Candidate) -> int:
    return message.chat_id
