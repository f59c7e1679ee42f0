"""Methods that change what was sent, and that answer a press.

Source: Bot API, section "Updating messages".
"""

from dataclasses import replace

from gateway.bot_api.call import Call
from gateway.errors import BadRequest
from gateway.schemas.entities import Entity
from gateway.schemas.objects import JsonObject
from gateway.schemas.records import Buttons, Draft, Message, MessageId
from gateway.store.bells import Fleeting

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
_MANY_MAX = 100


async def edit_message_text(call: Call) -> JsonObject:
    """Change a text message's text and buttons."""
    text, entities = call.text()
    return await _edit(call, what="text", text=text, entities=entities)


async def edit_message_caption(call: Call) -> JsonObject:
    """Change a picture's or document's caption and buttons."""
    text, entities = call.caption()
    return await _edit(call, what="caption", text=text, entities=entities)


async def edit_message_reply_markup(call: Call) -> JsonObject:
    """Change a message's buttons."""
    return await _edit(call, what="reply_markup")


async def delete_message(call: Call) -> bool:
    """Remove a message.

    Args:
        call: With `chat_id` and `message_id`.

    Returns:
        True.

    Raises:
        BadRequest: If there is no such message.
    """
    person = await call.person()
    if not await call.store.delete(person.chat_id, [call.message_id()]):
        raise BadRequest("message to delete not found")
    return True


async def delete_messages(call: Call) -> bool:
    """Remove messages; those that are gone are passed over.

    Args:
        call: With `chat_id` and `message_ids`.

    Returns:
        True.

    Raises:
        BadRequest: If there are none, or more than 100.
    """
    person = await call.person()
    ids = [MessageId(number) for number in call.parameters.integers("message_ids")]
    if not 1 <= len(ids) <= _MANY_MAX:
        raise BadRequest("message identifiers are not specified" if not ids else "too many")
    await call.store.delete(person.chat_id, ids)
    return True


async def set_message_reaction(call: Call) -> bool:
    """Put an emoji on a message, or take it away.

    Args:
        call: With `chat_id`, `message_id` and `reaction`.

    Returns:
        True.

    Raises:
        BadRequest: If there is no such message, or more than one emoji.
    """
    person = await call.person()
    reactions = call.parameters.records("reaction")
    if len(reactions) > 1:
        raise BadRequest("REACTIONS_TOO_MANY")
    emoji = reactions[0].get("emoji") if reactions else None
    if reactions and not isinstance(emoji, str):
        raise BadRequest("REACTION_INVALID")
    shown = emoji if isinstance(emoji, str) else None
    if not await call.store.react(person.chat_id, call.message_id(), shown):
        raise BadRequest("message to react not found")
    return True


async def answer_callback_query(call: Call) -> bool:
    """Tell the phone that its press was heard, maybe with words.

    Args:
        call: With `callback_query_id`.

    Returns:
        True.

    Raises:
        BadRequest: If there was no such press, or long ago.
    """
    chat_id = await call.store.chat_of_query(call.parameters.text("callback_query_id"))
    if chat_id is None:
        raise BadRequest("query is too old and response timeout expired or query ID is invalid")
    body: JsonObject = {
        "text": call.parameters.text("text"),
        "alert": call.parameters.flag("show_alert"),
    }
    call.store.bells.tell(chat_id, Fleeting(kind="answer", body=body))
    return True


async def _edit(
    call: Call, *, what: str, text: str | None = None, entities: tuple[Entity, ...] = ()
) -> JsonObject:
    person = await call.person()
    buttons = call.buttons()

    def edit(message: Message | None) -> Draft:
        current = _editable(message, what)
        return _changed(current, text=text, entities=entities, buttons=buttons)

    edited = await call.store.change(person.chat_id, call.message_id(), edit)
    return call.message_object(edited)


def _editable(message: Message | None, what: str) -> Message:
    if message is None:
        raise BadRequest("message to edit not found")
    if not message.from_bot:
        raise BadRequest("message can't be edited")
    if what == "text" and message.has_media:
        raise BadRequest("there is no text in the message to edit")
    if what == "caption" and not message.has_media:
        raise BadRequest("there is no caption in the message to edit")
    return message


def _changed(
    message: Message, *, text: str | None, entities: tuple[Entity, ...], buttons: Buttons | None
) -> Draft:
    changed = replace(message, buttons=buttons)
    if text is not None:
        changed = replace(changed, text=text, entities=entities)
    if changed == message:
        raise BadRequest(_NOT_MODIFIED)
    return changed
