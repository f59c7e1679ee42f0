"""Methods that send texts, and messages that are there already.

Source: Bot API, section "Available methods".
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace

from gateway.bot_api.call import Call
from gateway.bot_api.fields import BUSINESS, CAPTION, LINKS, NARROWING, SENDING
from gateway.bot_api.method import Fields, method
from gateway.errors import BadRequest
from gateway.schemas.objects import JsonObject
from gateway.schemas.records import ChatId, Draft, ForwardOrigin, Message, MessageId

_MANY_MAX = 100
_ACTIONS = frozenset(
    {
        *("typing", "choose_sticker", "find_location", "upload_photo", "upload_document"),
        *("record_video", "upload_video", "record_voice", "upload_voice"),
        *("record_audio", "upload_audio", "record_video_note", "upload_video_note", "cancel"),
    }
)
_AGAIN = NARROWING + Fields(
    takes="chat_id from_chat_id protect_content",
    ignores="message_thread_id disable_notification message_effect_id video_start_timestamp",
)
_MANY = _AGAIN.without("message_effect_id", "video_start_timestamp")


@method(
    "sendMessage",
    SENDING
    + LINKS
    + Fields(takes="text parse_mode entities edgerad_sms edgerad_unless_here edgerad_alarm")
    + Fields(takes="edgerad_key"),
)
async def send_message(call: Call) -> JsonObject:
    """Send a text of up to 4096 characters; to a number only with `edgerad_sms`."""
    person = await call.reader()
    text, entities = call.text()
    if person.is_number:
        here = call.parameters.integer("edgerad_unless_here")
        queued = await call.store.sms.send(
            person,
            Draft(text=text),
            key=call.parameters.text("edgerad_key") or None,
            unless_here=None if here is None else ChatId(here),
            is_alarm=call.parameters.flag("edgerad_alarm"),
        )
        return call.message_object(queued)
    draft = replace(
        await call.draft(person), text=text, entities=entities, link_preview=call.link_preview()
    )
    [sent] = await call.store.send(person, [draft])
    return call.message_object(sent)


@method("sendChatAction", BUSINESS + Fields(takes="chat_id action", ignores="message_thread_id"))
async def send_chat_action(call: Call) -> bool:
    """Show on the phone that the bot is at work."""
    person = await call.recipient()
    action = call.parameters.text("action").lower()
    if action not in _ACTIONS:
        raise BadRequest("wrong parameter action in request")
    await call.store.tell(person, "action", {"action": action})
    return True


@method("forwardMessage", _AGAIN + Fields(takes="message_id"))
async def forward_message(call: Call) -> JsonObject:
    """Send a message again, with its origin."""
    person = await call.recipient()
    [draft] = await _drafts_of(call, [call.message_id()], "forward", forward=True)
    [sent] = await call.store.send(person, [draft])
    return call.message_object(sent)


@method("forwardMessages", _MANY + Fields(takes="message_ids"))
async def forward_messages(call: Call) -> list[JsonObject]:
    """Send messages again, with their origins; those that are gone are left out."""
    return await _send_again(call, forward=True)


@method("copyMessages", _MANY + Fields(takes="message_ids remove_caption"))
async def copy_messages(call: Call) -> list[JsonObject]:
    """Send messages again as the bot's own; those that are gone are left out."""
    return await _send_again(call, forward=False)


@method(
    "copyMessage",
    SENDING.without("business_connection_id")
    + CAPTION
    + Fields(
        takes="from_chat_id message_id show_caption_above_media", ignores="video_start_timestamp"
    ),
)
async def copy_message(call: Call) -> JsonObject:
    """Send a message again as the bot's own, maybe with another caption."""
    person = await call.recipient()
    [found] = await _drafts_of(call, [call.message_id()], "copy", forward=False)
    text, entities, above = found.text, found.entities, found.is_caption_above
    if found.has_media and call.parameters.has("caption"):
        text, entities = call.caption()
        above = call.parameters.flag("show_caption_above_media")
    draft = replace(
        await call.draft(person),
        text=text,
        entities=entities,
        photo=found.photo,
        document=found.document,
        has_spoiler=found.has_spoiler,
        is_caption_above=above,
        link_preview=found.link_preview,
        content=found.content,
    )
    [sent] = await call.store.send(person, [draft])
    return {"message_id": sent.message_id}


async def _send_again(call: Call, *, forward: bool) -> list[JsonObject]:
    person = await call.recipient()
    ids = [MessageId(number) for number in call.parameters.integers("message_ids")]
    if not 1 <= len(ids) <= _MANY_MAX:
        raise BadRequest("there are no messages to forward" if not ids else "too many messages")
    word = "forward" if forward else "copy"
    drafts = await _drafts_of(call, ids, word, forward=forward, skip_missing=True)
    if not forward and call.parameters.flag("remove_caption"):
        drafts = [
            replace(each, text="", entities=()) if each.has_media else each for each in drafts
        ]
    return [{"message_id": sent.message_id} for sent in await call.store.send(person, drafts)]


async def _drafts_of(
    call: Call,
    ids: Sequence[MessageId],
    word: str,
    *,
    forward: bool,
    skip_missing: bool = False,
) -> list[Draft]:
    source = await call.chat("from_chat_id")
    found = [await call.store.message(source.chat_id, message_id) for message_id in ids]
    there = [each for each in found if each is not None and each.service is None]
    if not there or (len(there) < len(found) and not skip_missing):
        raise BadRequest(f"message to {word} not found")
    if forward and any(message.is_protected for message in there):
        raise BadRequest("message can't be forwarded")
    protect = call.parameters.flag("protect_content")
    groups = {m.media_group_id: str(secrets.randbits(53)) for m in there if m.media_group_id}
    return [
        Draft(
            text=message.text,
            entities=message.entities,
            photo=message.photo,
            document=message.document,
            has_spoiler=message.has_spoiler,
            is_caption_above=message.is_caption_above,
            link_preview=message.link_preview,
            content=message.content,
            is_protected=protect,
            media_group_id=groups.get(message.media_group_id or "") if len(there) > 1 else None,
            forward_origin=_origin(call, message) if forward else None,
        )
        for message in there
    ]


def _origin(call: Call, message: Message) -> ForwardOrigin:
    if message.forward_origin is not None:
        return message.forward_origin
    bot, person = call.store.bot, message.author or message.person
    return ForwardOrigin(
        from_bot=message.from_bot,
        user_id=bot.user_id if message.from_bot else person.user_id,
        name=bot.name if message.from_bot else person.name,
        date=message.date,
    )
