"""What people say, stored together: the message, the bot's update and the phones' event of it."""

from dataclasses import replace

from gateway.errors import NotFound
from gateway.schemas import objects
from gateway.schemas.records import BotIdentity, Draft, Message, Person
from gateway.store import events, messages, updates
from storage.database import Transaction


def receive(
    tx: Transaction,
    bot: BotIdentity,
    chat: Person,
    draft: Draft,
    *,
    client: tuple[str, int] | None = None,
    author: Person | None = None,
) -> Message:
    """Store a message that is not the bot's, and answer it.

    Args:
        chat: The person, or the group, in whose chat it was sent.
        client: The id the phone gave it, and its place in its album.
        author: Who of a group sent it.

    Raises:
        NotFound: The message that it answers is gone.
    """
    if draft.reply_to_id and messages.find(tx, chat.chat_id, draft.reply_to_id) is None:
        raise NotFound("The message you reply to is no longer there.")
    stored = messages.insert(tx, chat, draft, from_bot=False, client=client, author=author)
    payload = objects.message(stored, bot)
    waits = not chat.bot_left and updates.enqueue(
        tx, "message", payload, chat.chat_id, stored.message_id
    )
    events.add_message(tx, "message", chat.chat_id, stored.message_id)
    return replace(stored, delivered=not waits)
