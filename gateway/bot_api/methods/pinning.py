"""Methods that pin messages above a chat, in groups and in private chats alike.

Source: Bot API, section "Available methods".
"""

from gateway.bot_api.call import Call
from gateway.bot_api.fields import BUSINESS
from gateway.bot_api.method import Fields, method
from gateway.errors import BadRequest


@method(
    "pinChatMessage", BUSINESS + Fields(takes="chat_id message_id", ignores="disable_notification")
)
async def pin_chat_message(call: Call) -> bool:
    """Pin a message above its chat, and say so in it."""
    chat = await call.chat()
    message = await call.store.message(chat.chat_id, call.message_id())
    if message is None:
        raise BadRequest("message to pin not found")
    if message.service is not None:
        raise BadRequest("a service message can't be pinned")
    await call.store.pinned.pin(chat, message)
    return True


@method("unpinChatMessage", BUSINESS + Fields(takes="chat_id message_id"))
async def unpin_chat_message(call: Call) -> bool:
    """Pin a message no longer; without its id, the newest that is."""
    chat = await call.chat()
    message_id = call.message_id() if call.parameters.has("message_id") else None
    if not await call.store.pinned.unpin(chat, message_id):
        raise BadRequest("message to unpin not found")
    return True


@method("unpinAllChatMessages", Fields(takes="chat_id"))
async def unpin_all_chat_messages(call: Call) -> bool:
    """Let no message of a chat be pinned."""
    chat = await call.chat()
    await call.store.pinned.unpin_all(chat)
    return True
