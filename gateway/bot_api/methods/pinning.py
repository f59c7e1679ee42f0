"""Methods that pin messages above a chat, in groups and in private chats alike.

Source: Bot API, section "Available methods".
"""

from gateway.bot_api.call import Call
from gateway.bot_api.fields import BUSINESS
from gateway.bot_api.method import Fields, method
from gateway.errors import BadRequest
from gateway.schemas.records import Message, Person
from gateway.store.bells import Fleeting


@method(
    "pinChatMessage", BUSINESS + Fields(takes="chat_id message_id", ignores="disable_notification")
)
async def pin_chat_message(call: Call) -> bool:
    """Pin a message above its chat, and say so in it."""
    chat = await call.chat()
    message = await _message(call, chat, "pin")
    if message.service is not None:
        raise BadRequest("a service message can't be pinned")
    await call.store.pinned.pin(chat, message)
    await _show(call, chat)
    return True


@method("unpinChatMessage", BUSINESS + Fields(takes="chat_id message_id"))
async def unpin_chat_message(call: Call) -> bool:
    """Pin a message no longer; without its id, the newest that is."""
    chat = await call.chat()
    if call.parameters.has("message_id"):
        message: Message | None = await _message(call, chat, "unpin")
    else:
        message = await call.store.pinned.newest(chat.chat_id)
    if message is None:
        raise BadRequest("message to unpin not found")
    await call.store.pinned.unpin(message.message_id)
    await _show(call, chat)
    return True


@method("unpinAllChatMessages", Fields(takes="chat_id"))
async def unpin_all_chat_messages(call: Call) -> bool:
    """Let no message of a chat be pinned."""
    chat = await call.chat()
    await call.store.pinned.unpin_all(chat.chat_id)
    await _show(call, chat)
    return True


async def _message(call: Call, chat: Person, word: str) -> Message:
    found = await call.store.message(chat.chat_id, call.message_id())
    if found is None:
        raise BadRequest(f"message to {word} not found")
    return found


async def _show(call: Call, chat: Person) -> None:
    """Phones that listen look again; the others do when they come back."""
    await call.store.tell(chat, Fleeting(kind="pinned", body={}))
