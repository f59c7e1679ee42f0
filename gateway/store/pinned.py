"""The messages that the bot pins; the newest of a chat stands above it on the phones."""

from collections.abc import Callable
from dataclasses import replace

from gateway.schemas import objects
from gateway.schemas.records import BotIdentity, ChatId, Draft, Message, MessageId, Person
from gateway.store import events, messages, updates
from gateway.store.transactions import DatabaseStore, reading, writing
from storage.database import Database, Transaction


class PinnedStore(DatabaseStore):
    """What is pinned where; phones that listen hear when it changes.

    Args:
        bot: Who pins.
    """

    def __init__(self, database: Database, bot: Callable[[], BotIdentity]) -> None:
        super().__init__(database)
        self._bot = bot

    @reading
    def newest(self, tx: Transaction, chat_id: ChatId) -> Message | None:
        """The newest message of a chat that is pinned."""
        return messages.pinned(tx, chat_id)

    @writing
    def pin(self, tx: Transaction, chat: Person, message: Message) -> None:
        """Pin a message, and say so in the chat, unless it is pinned already."""
        if messages.pin(tx, message.message_id, is_pinned=True):
            _tell(tx, chat, message, self._bot())
        _show(tx, chat)

    @writing
    def unpin(self, tx: Transaction, chat: Person, message_id: MessageId | None) -> bool:
        """Unpin a message, or the newest that is pinned; False if there is no such message."""
        if message_id is None:
            message = messages.pinned(tx, chat.chat_id)
        else:
            message = messages.find(tx, chat.chat_id, message_id)
        if message is None:
            return False
        messages.pin(tx, message.message_id, is_pinned=False)
        _show(tx, chat)
        return True

    @writing
    def unpin_all(self, tx: Transaction, chat: Person) -> None:
        """Unpin all messages of a chat."""
        messages.unpin_all(tx, chat.chat_id)
        _show(tx, chat)


def _show(tx: Transaction, chat: Person) -> None:
    tx.signal(*events.fleeting(tx, chat, "pinned", {}))


def _tell(tx: Transaction, chat: Person, message: Message, bot: BotIdentity) -> None:
    """Say so in the chat; only a pointer is stored there, so that what is deleted is gone."""
    pointer = {"chat": objects.chat(chat), "message_id": message.message_id, "date": 0}
    told = messages.insert(tx, chat, Draft(service={"pinned_message": pointer}), from_bot=True)
    whole = {"pinned_message": objects.message(replace(message, reply_to=None), bot)}
    payload = objects.message(told, bot) | whole
    updates.enqueue(tx, "message", payload, chat.chat_id, told.message_id)
    events.add_message(tx, "message", chat.chat_id, told.message_id)
