"""Methods that send messages.

Source: Bot API, section "Available methods".
"""

import mimetypes
import secrets
from collections.abc import Sequence

from starlette.datastructures import UploadFile

from gateway.bot_api.call import Call, caption
from gateway.errors import BadRequest
from gateway.schemas.limits import ALBUM_MAX, PHOTO_MAX_BYTES
from gateway.schemas.objects import JsonObject
from gateway.schemas.records import (
    Document,
    Draft,
    FileId,
    ForwardOrigin,
    Media,
    Message,
    MessageId,
    Person,
    StoredFile,
)
from gateway.store.bells import Fleeting
from inference.errors import PictureError

_ALBUM_MIN = 2
_MANY_MAX = 100


async def send_message(call: Call) -> JsonObject:
    """Send a text."""
    person = await call.person()
    text, entities = call.text()
    draft = Draft(
        text=text,
        entities=entities,
        reply_to_id=await call.reply_to(person),
        buttons=call.buttons(),
    )
    return await _send(call, person, draft, ())


async def send_photo(call: Call) -> JsonObject:
    """Send a photo, new or known."""
    return await _send_media(call, "photo")


async def send_document(call: Call) -> JsonObject:
    """Send a document, new or known."""
    return await _send_media(call, "document")


async def send_media_group(call: Call) -> list[JsonObject]:
    """Send an album.

    Args:
        call: With `media`.

    Returns:
        Its messages.

    Raises:
        BadRequest: If it has too few or too many parts, or a part that cannot be sent.
    """
    person = await call.person()
    parts = call.parameters.records("media")
    if not _ALBUM_MIN <= len(parts) <= ALBUM_MAX:
        raise BadRequest(f"can't send an album of {len(parts)}: 2 to 10 is what fits")
    reply_to_id = await call.reply_to(person)
    group = str(secrets.randbits(53))
    drafts: list[Draft] = []
    files: list[StoredFile] = []
    try:
        for part in parts:
            draft, new = await _album_part(call, part, group, reply_to_id)
            drafts.append(draft)
            files.extend(new)
    except BaseException:
        await call.media.discard(files)
        raise
    return [call.message_object(sent) for sent in await call.store.send(person, drafts, files)]


async def send_chat_action(call: Call) -> bool:
    """Show that the bot is at work."""
    person = await call.person()
    action = call.parameters.text("action")
    if not action:
        raise BadRequest("wrong parameter action in request")
    call.store.bells.tell(person.chat_id, Fleeting(kind="action", body={"action": action}))
    return True


async def forward_message(call: Call) -> JsonObject:
    """Send a message again, with its origin."""
    [draft] = await _drafts_of(call, [call.message_id()], "forward", forward=True)
    return await _send(call, await call.person(), draft, ())


async def forward_messages(call: Call) -> list[JsonObject]:
    """Send messages again, with their origins; those that are gone are left out."""
    return await _send_again(call, forward=True)


async def copy_messages(call: Call) -> list[JsonObject]:
    """Send messages again as the bot's own; those that are gone are left out."""
    return await _send_again(call, forward=False)


async def copy_message(call: Call) -> JsonObject:
    """Send a message again as the bot's own, maybe with another caption."""
    person = await call.person()
    [found] = await _drafts_of(call, [call.message_id()], "copy", forward=False)
    text, entities = found.text, found.entities
    if found.has_media and call.parameters.has("caption"):
        text, entities = call.caption()
    draft = Draft(
        text=text,
        entities=entities,
        photo=found.photo,
        document=found.document,
        reply_to_id=await call.reply_to(person),
        buttons=call.buttons(),
    )
    [sent] = await call.store.send(person, [draft])
    return {"message_id": sent.message_id}


async def _send_again(call: Call, *, forward: bool) -> list[JsonObject]:
    person = await call.person()
    ids = [MessageId(number) for number in call.parameters.integers("message_ids")]
    if not 1 <= len(ids) <= _MANY_MAX:
        raise BadRequest("there are no messages to forward" if not ids else "too many messages")
    word = "forward" if forward else "copy"
    drafts = await _drafts_of(call, ids, word, forward=forward, skip_missing=True)
    return [{"message_id": sent.message_id} for sent in await call.store.send(person, drafts)]


async def _drafts_of(
    call: Call,
    ids: Sequence[MessageId],
    word: str,
    *,
    forward: bool,
    skip_missing: bool = False,
) -> list[Draft]:
    source = await call.person("from_chat_id")
    found = [await call.store.message(source.chat_id, message_id) for message_id in ids]
    there = [message for message in found if message is not None]
    if not there or (len(there) < len(found) and not skip_missing):
        raise BadRequest(f"message to {word} not found")
    groups = {m.media_group_id: str(secrets.randbits(53)) for m in there if m.media_group_id}
    return [
        Draft(
            text=message.text,
            entities=message.entities,
            photo=message.photo,
            document=message.document,
            media_group_id=groups.get(message.media_group_id or "") if len(there) > 1 else None,
            forward_origin=_origin(call, message) if forward else None,
        )
        for message in there
    ]


def _origin(call: Call, message: Message) -> ForwardOrigin:
    if message.forward_origin is not None:
        return message.forward_origin
    bot, person = call.store.bot, message.person
    return ForwardOrigin(
        from_bot=message.from_bot,
        user_id=bot.user_id if message.from_bot else person.user_id,
        name=bot.name if message.from_bot else person.name,
        date=message.date,
    )


async def _send(
    call: Call, person: Person, draft: Draft, files: Sequence[StoredFile]
) -> JsonObject:
    [sent] = await call.store.send(person, [draft], files)
    return call.message_object(sent)


async def _send_media(call: Call, kind: str) -> JsonObject:
    person = await call.person()
    text, entities = call.caption()
    reply_to_id, buttons = await call.reply_to(person), call.buttons()
    media, files = await _media(call, call.parameters.upload_or_id(kind), kind)
    draft = Draft(
        text=text,
        entities=entities,
        photo=None if isinstance(media, Document) else media,
        document=media if isinstance(media, Document) else None,
        reply_to_id=reply_to_id,
        buttons=buttons,
    )
    return await _send(call, person, draft, files)


async def _album_part(
    call: Call, part: dict[str, object], group: str, reply_to_id: MessageId | None
) -> tuple[Draft, Sequence[StoredFile]]:
    kind = str(part.get("type", ""))
    if kind not in {"photo", "document"}:
        raise BadRequest(f"type {kind!r} can't be used in sendMediaGroup")
    spans = part.get("caption_entities")
    text, entities = caption(
        str(part.get("caption") or ""),
        str(part.get("parse_mode") or ""),
        [span for span in spans if isinstance(span, dict)] if isinstance(spans, list) else [],
    )
    source = call.parameters.attached(str(part.get("media") or ""), kind)
    media, files = await _media(call, source, kind)
    draft = Draft(
        text=text,
        entities=entities,
        photo=None if isinstance(media, Document) else media,
        document=media if isinstance(media, Document) else None,
        media_group_id=group,
        reply_to_id=reply_to_id,
    )
    return draft, files


async def _media(
    call: Call, source: UploadFile | str, kind: str
) -> tuple[Media, Sequence[StoredFile]]:
    if isinstance(source, str):
        return await _known_media(call, source, kind), ()
    if not source.size:
        raise BadRequest("file must be non-empty")
    if kind == "photo":
        files = await _new_photo(call, source)
    else:
        name = source.filename or "file"
        mime_type = mimetypes.guess_type(name)[0]
        files = (await call.media.document(source.file, name, mime_type),)
    return files[0].media, files


async def _new_photo(call: Call, source: UploadFile) -> tuple[StoredFile, ...]:
    if (source.size or 0) > PHOTO_MAX_BYTES:
        raise BadRequest("file is too big for a photo; the maximum size is 10 MB")
    try:
        return await call.media.photo(source.read)
    except PictureError as error:
        raise BadRequest("IMAGE_PROCESS_FAILED") from error


async def _known_media(call: Call, file_id: str, kind: str) -> Media:
    if file_id.startswith(("http://", "https://")):
        raise BadRequest("failed to get HTTP URL content")
    found = await call.store.file(FileId(file_id))
    if found is None:
        raise BadRequest("wrong file identifier/HTTP URL specified")
    known_kind = "document" if isinstance(found.media, Document) else "photo"
    if known_kind != kind:
        raise BadRequest(f"can't use file of type {known_kind.title()} as {kind.title()}")
    return found.media
