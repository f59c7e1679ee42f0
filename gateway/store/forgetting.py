"""Messages that go for good, with their files: by what they are about, and by age.

Looks at all messages little by little, between which others read and write. What is counted is
chosen as what is deleted is. A message that the bot has not fetched yet stays.
"""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from itertools import groupby

from gateway.schemas.forgetting import Age, Forgetting, Said
from gateway.schemas.records import ChatId, MessageId, StoredFile
from gateway.store import events, messages
from gateway.store.transactions import DatabaseStore
from storage.database import Transaction

LOOKED_AT_ONCE = 1_000
DELETED_AT_ONCE = 100


class ForgettingStore(DatabaseStore):
    """Queries over messages that go."""

    async def count(self, forgetting: Forgetting) -> tuple[int, int]:
        """Count what would go, changing nothing.

        Returns:
            How many messages, and how many of them hold a picture or a document.
        """
        found = [said async for said in self._chosen(forgetting)]
        return len(found), sum(said.has_file for said in found)

    async def forget(self, forgetting: Forgetting) -> list[StoredFile]:
        """Delete messages, and tell the phones that show them; may be cut off and called again.

        Returns:
            The files that nobody holds any more, to be discarded.
        """
        found = [said async for said in self._chosen(forgetting)]
        gone: list[StoredFile] = []
        for start in range(0, len(found), DELETED_AT_ONCE):
            some = found[start : start + DELETED_AT_ONCE]
            gone += await self.database.write(partial(_delete, some=some))
        if found:
            await self.database.empty_log()
        return gone

    async def _chosen(self, forgetting: Forgetting) -> AsyncIterator[Said]:
        now = await self.database.read(lambda tx: tx.now)
        age, age_of_files = Age(forgetting.before, now), Age(forgetting.files_before, now)
        after = 0
        while page := await self.database.read(partial(_page, after=after)):
            for said in page:
                is_over, file_is_over = age.is_over(said), age_of_files.is_over(said)
                if is_over or (said.has_file and file_is_over) or forgetting.is_about(said):
                    yield said
            after = page[-1].message_id


def _page(tx: Transaction, after: int) -> list[Said]:
    found = tx.all(
        """
        SELECT chat_id, message_id, reply_to_id, from_bot, date, text,
            media IS NOT NULL AS has_file, media LIKE '{%' AS is_document
        FROM messages
        WHERE message_id > :after
            AND NOT EXISTS (
                SELECT 1 FROM updates
                WHERE updates.message_id = messages.message_id AND updates.kind = 'message'
            )
        ORDER BY message_id LIMIT :limit
        """,
        after=after,
        limit=LOOKED_AT_ONCE,
    )
    return [Said(**dict(row)) for row in found]


def _delete(tx: Transaction, some: Sequence[Said]) -> list[StoredFile]:
    gone: list[StoredFile] = []
    for chat_id, of_chat in groupby(sorted(some, key=_chat_of), _chat_of):
        ids = [MessageId(said.message_id) for said in of_chat]
        gone += messages.forget(tx, ids)
        events.add(tx, "deleted", ChatId(chat_id), {"message_ids": ids})
    return gone


def _chat_of(said: Said) -> int:
    return said.chat_id
