"""Methods that change what was sent, and that answer a press.

Source: Bot API, section "Updating messages".
"""

from collections.abc import Sequence
from dataclasses import replace

from gateway.bot_api.call import Call
from gateway.bot_api.fields import CAPTION, EDITING, LINKS
from gateway.bot_api.method import Fields, method
from gateway.errors import BadRequest
from gateway.schemas.objects import JsonObject
from gateway.schemas.reactions import is_reaction
from gateway.schemas.records import Buttons, Draft, Message, MessageId, StoredFile

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
_MANY_MAX = 100


@method(
    "editMessageText",
    EDITING
    + LINKS
    + Fields(
        takes="text parse_mode entities",
        refuses={"rich_message": "rich messages are not supported by this server"},
    ),
)
async def edit_message_text(call: Call) -> JsonObject:
    """Change the text and buttons of one of the bot's texts."""
    text, entities = call.text()
    draft = Draft(text=text, entities=entities, link_preview=call.link_preview())
    return await edit(call, what="text", draft=draft)


@method("editMessageCaption", EDITING + CAPTION + Fields(takes="show_caption_above_media"))
async def edit_message_caption(call: Call) -> JsonObject:
    """Change the caption and buttons of one of the bot's photos or files."""
    text, entities = call.caption()
    above = call.parameters.flag("show_caption_above_media")
    draft = Draft(text=text, entities=entities, is_caption_above=above)
    return await edit(call, what="caption", draft=draft)


@method("editMessageReplyMarkup", EDITING)
async def edit_message_reply_markup(call: Call) -> JsonObject:
    """Change the buttons of one of the bot's messages."""
    return await edit(call, what="reply_markup")


@method("deleteMessage", Fields(takes="chat_id message_id"))
async def delete_message(call: Call) -> bool:
    """Remove a message.

    Raises:
        BadRequest: If there is no such message.
    """
    person = await call.chat()
    if not await call.store.delete(person.chat_id, [call.message_id()]):
        raise BadRequest("message to delete not found")
    return True


@method("deleteMessages", Fields(takes="chat_id message_ids"))
async def delete_messages(call: Call) -> bool:
    """Remove messages; those that are gone are passed over.

    Raises:
        BadRequest: If there are none, or more than 100.
    """
    person = await call.chat()
    ids = [MessageId(number) for number in call.parameters.integers("message_ids")]
    if not 1 <= len(ids) <= _MANY_MAX:
        raise BadRequest("message identifiers are not specified" if not ids else "too many")
    await call.store.delete(person.chat_id, ids)
    return True


@method("setMessageReaction", Fields(takes="chat_id message_id reaction", ignores="is_big"))
async def set_message_reaction(call: Call) -> bool:
    """Put an emoji on a message, or take it away.

    Raises:
        BadRequest: If there is no such message, more than one emoji, or one that is not of
            Telegram's.
    """
    person = await call.chat()
    reactions = call.parameters.records("reaction")
    if len(reactions) > 1:
        raise BadRequest("REACTIONS_TOO_MANY")
    emoji = reactions[0].get("emoji") if reactions else None
    if reactions and not is_reaction(str(emoji)):
        raise BadRequest("REACTION_INVALID")
    shown = None if emoji is None else str(emoji)
    if not await call.store.react(person.chat_id, call.message_id(), shown):
        raise BadRequest("message to react not found")
    return True


@method(
    "answerCallbackQuery",
    Fields(takes="callback_query_id text show_alert", ignores="url cache_time"),
)
async def answer_callback_query(call: Call) -> bool:
    """Tell the phone that its press was heard, maybe with words, as a note or an alert.

    Raises:
        BadRequest: If there was no such press, or long ago.
    """
    body: JsonObject = {
        "text": call.parameters.text("text"),
        "alert": call.parameters.flag("show_alert"),
    }
    query_id = call.parameters.text("callback_query_id")
    if not await call.store.updates.answer_query(query_id, body):
        raise BadRequest("query is too old and response timeout expired or query ID is invalid")
    return True


async def edit(
    call: Call, *, what: str, draft: Draft | None = None, files: Sequence[StoredFile] = ()
) -> JsonObject:
    """Edit the message that a call names.

    Args:
        call: With `chat_id`, `message_id` and `reply_markup`.
        what: The part that changes beside the buttons: `text`, `caption`, `media`, `reply_markup`.
        draft: What it shall be.
        files: New files that it holds.
    """
    person = await call.chat()
    buttons = call.buttons()

    def changed(message: Message | None) -> Draft:
        return _changed(_editable(message, what), what, draft, buttons)

    edited = await call.store.change(person.chat_id, call.message_id(), changed, files)
    return call.message_object(edited)


def _editable(message: Message | None, what: str) -> Message:
    if message is None:
        raise BadRequest("message to edit not found")
    if not message.from_bot:
        raise BadRequest("message can't be edited")
    if message.content is not None and what != "reply_markup":
        raise BadRequest(f"there is no {what} in the message to edit")
    if what == "text" and message.has_media:
        raise BadRequest("there is no text in the message to edit")
    if what == "caption" and not message.has_media:
        raise BadRequest("there is no caption in the message to edit")
    return message


def _changed(message: Message, what: str, draft: Draft | None, buttons: Buttons | None) -> Draft:
    changed = replace(message, buttons=buttons)
    if draft is not None:
        changed = replace(changed, text=draft.text, entities=draft.entities)
    if draft is not None and what in {"caption", "media"}:
        changed = replace(changed, is_caption_above=draft.is_caption_above)
    if draft is not None and what == "media":
        changed = replace(
            changed, photo=draft.photo, document=draft.document, has_spoiler=draft.has_spoiler
        )
    if draft is not None and what == "text":
        changed = replace(changed, link_preview=draft.link_preview)
    if changed == message:
        raise BadRequest(_NOT_MODIFIED)
    return changed
