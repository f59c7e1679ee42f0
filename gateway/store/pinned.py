"""The messages that the bot pins; the newest of a chat stands above it on the phones."""

from collections.abc import Callable
from dataclasses import replace

from gateway.schemas import objects
from gateway.schemas.records import BotIdentity, ChatId, Draft, Message, MessageId, Person
from gateway.store import events, messages, updates
from gateway.store.database import Database, Transaction


class PinnedStore:
    """What is pinned where.

    Args:
        database: Open.
        bot: Who pins.
    """

    def __init__(self, database: Database, bot: Callable[[], BotIdentity]) -> None:
        self._database = database
        self._bot = bot

    async def newest(self, chat_id: ChatId) -> Message | None:
        """The newest message of a chat that is pinned."""
        return await self._database.read(lambda tx: messages.pinned(tx, chat_id))

    async def pin(self, chat: Person, message: Message) -> None:
        """Pin a message, and say so in the chat, unless it is pinned already."""

        def work(tx: Transaction) -> None:
            if messages.pin(tx, message.message_id, is_pinned=True):
                _tell(tx, chat, message, self._bot())

        await self._database.write(work)

    async def unpin(self, message_id: MessageId) -> None:
        """Pin a message no longer."""
        await self._database.write(lambda tx: messages.pin(tx, message_id, is_pinned=False))

    async def unpin_all(self, chat_id: ChatId) -> None:
        """Let no message of a chat be pinned."""
        await self._database.write(lambda tx: messages.unpin_all(tx, chat_id))


def _tell(tx: Transaction, chat: Person, message: Message, bot: BotIdentity) -> None:
    """Only a pointer is kept: what is deleted must not live on in who pinned it."""
    pointer = {"chat": objects.chat(chat), "message_id": message.message_id, "date": 0}
    told = messages.insert(tx, chat, Draft(service={"pinned_message": pointer}), from_bot=True)
    whole = {"pinned_message": objects.message(replace(message, reply_to=None), bot)}
    payload = objects.message(told, bot) | whole
    updates.enqueue(tx, "message", payload, chat.chat_id, told.message_id)
    events.add_message(tx, "message", chat.chat_id, told.message_id)
