"""Messages that their sender takes back before the bot has read them.

Knows messages and the updates of them. What the bot may have, it decides about alone.
"""

from dataclasses import dataclass

from gateway.errors import Conflict, NotFound
from gateway.schemas.records import Message, MessageId, StoredFile
from gateway.store import events, messages, people, rows
from gateway.store.sessions import Session
from gateway.store.transactions import DatabaseStore, writing
from gateway.store.updates import UpdateStore
from storage.database import Database, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """What was taken back.

    Args:
        message_ids: An album goes as a whole.
        files: That nobody has any more, to be discarded.
    """

    message_ids: list[MessageId]
    files: list[StoredFile]


class TakingBack(DatabaseStore):
    """Takes back what waits for the bot.

    Args:
        updates: Knows what the bot may have.
    """

    def __init__(self, database: Database, updates: UpdateStore) -> None:
        super().__init__(database)
        self._updates = updates

    async def take_back(self, session: Session, message_id: MessageId) -> TakenBack:
        """Delete a message of one's own chat with its update, as if it had not been sent.

        Args:
            session: The phone's, as it was when it began to ask.

        Raises:
            Unauthorized: The session has ended meanwhile.
            NotFound: There is no such message of this person's.
            Conflict: The bot may have read it.
        """
        async with self._updates.held_back() as handed_out:
            return await self._take(session, message_id, handed_out)

    @writing
    def _take(
        self, tx: Transaction, session: Session, message_id: MessageId, handed_out: int
    ) -> TakenBack:
        people.require_session(tx, session.token_sha256)
        chat_id = session.person.chat_id
        found = messages.find(tx, chat_id, message_id)
        if found is None or found.from_bot:
            raise NotFound("This message is no longer there.")
        ids = [each.message_id for each in _with_album(tx, found)]
        chosen = rows.dump(ids)
        unread = tx.all(_UNREAD, chat_id=chat_id, ids=chosen, handed_out=handed_out)
        if len(unread) < len(ids):
            raise Conflict("EdgeRad has read this already.")
        tx.run(_FORGET, chat_id=chat_id, ids=chosen)
        files = messages.forget(tx, ids)
        events.add(tx, "deleted", chat_id, {"message_ids": ids})
        return TakenBack(message_ids=ids, files=files)


def _with_album(tx: Transaction, found: Message) -> list[Message]:
    if found.client_id is None:
        return [found]
    return messages.of_client(tx, found.person.chat_id, found.client_id)


_UNREAD = """
SELECT 1 FROM updates
WHERE chat_id = :chat_id AND kind = 'message' AND update_id > :handed_out
    AND message_id IN (SELECT value FROM json_each(:ids))
"""

_FORGET = """
DELETE FROM updates
WHERE chat_id = :chat_id AND message_id IN (SELECT value FROM json_each(:ids))
"""
