"""Methods that send files, or put one in another's place.

Source: Bot API, section "Available methods"; InputMedia.
"""

import secrets
from collections.abc import Mapping
from dataclasses import replace

from gateway.bot_api.attachments import PHOTO, Attached, attach
from gateway.bot_api.call import Call, caption
from gateway.bot_api.fields import CAPTION, EDITING, LOOKS, SENDING, THUMBNAIL
from gateway.bot_api.method import Fields, method
from gateway.bot_api.methods.changing import edit
from gateway.errors import BadRequest, GatewayError
from gateway.schemas.limits import ALBUM_MAX
from gateway.schemas.objects import JsonObject
from gateway.schemas.records import Draft, FileKind, StoredFile

_ALBUM_MIN = 2
_WRONG_SIZES = {0: "there are no messages to send", 1: "an album has 2 to 10 messages"}
_IN_ALBUMS = frozenset({PHOTO, FileKind.DOCUMENT, FileKind.AUDIO, FileKind.VIDEO})
_ALONE_IN_ALBUMS = frozenset({FileKind.DOCUMENT, FileKind.AUDIO})
_INSTEAD = _IN_ALBUMS | {FileKind.ANIMATION}
_SHOWN = frozenset({PHOTO, FileKind.VIDEO, FileKind.ANIMATION})
_WITH_THUMBNAIL = frozenset(FileKind) - {FileKind.VOICE, FileKind.STICKER}
_SIZES = "duration width height"


@method(
    "sendPhoto",
    SENDING + CAPTION + LOOKS + Fields(takes="photo"),
)
async def send_photo(call: Call) -> JsonObject:
    """Send a photo, up to 10 MB, new or known."""
    return await _send(call, PHOTO)


@method(
    "sendDocument",
    SENDING
    + CAPTION
    + THUMBNAIL
    + Fields(takes="document", ignores="disable_content_type_detection"),
)
async def send_document(call: Call) -> JsonObject:
    """Send a file as it is, new or known, kept byte for byte."""
    return await _send(call, FileKind.DOCUMENT)


@method("sendVoice", SENDING + CAPTION + Fields(takes="voice duration"))
async def send_voice(call: Call) -> JsonObject:
    """Send a recorded voice as a file."""
    return await _send(call, FileKind.VOICE, "duration")


@method(
    "sendAudio",
    SENDING + CAPTION + THUMBNAIL + Fields(takes="audio duration performer title"),
)
async def send_audio(call: Call) -> JsonObject:
    """Send a piece of music as a file."""
    return await _send(call, FileKind.AUDIO, "duration performer title")


@method(
    "sendVideo",
    SENDING
    + CAPTION
    + LOOKS
    + THUMBNAIL
    + Fields(takes=f"video {_SIZES}", ignores="cover start_timestamp supports_streaming"),
)
async def send_video(call: Call) -> JsonObject:
    """Send a video as a file."""
    return await _send(call, FileKind.VIDEO, _SIZES)


@method(
    "sendAnimation", SENDING + CAPTION + LOOKS + THUMBNAIL + Fields(takes=f"animation {_SIZES}")
)
async def send_animation(call: Call) -> JsonObject:
    """Send a silent film or GIF as a file."""
    return await _send(call, FileKind.ANIMATION, _SIZES)


@method("sendSticker", SENDING + Fields(takes="sticker emoji"))
async def send_sticker(call: Call) -> JsonObject:
    """Send a sticker as a file."""
    return await _send(call, FileKind.STICKER, "emoji", captioned=False)


@method(
    "sendVideoNote",
    SENDING + THUMBNAIL + Fields(takes="video_note duration length"),
)
async def send_video_note(call: Call) -> JsonObject:
    """Send a round video as a file."""
    return await _send(call, FileKind.VIDEO_NOTE, "duration length", captioned=False)


@method("sendMediaGroup", SENDING.without("reply_markup") + Fields(takes="media"))
async def send_media_group(call: Call) -> list[JsonObject]:
    """Send an album of 2 to 10 photos and videos, documents, or pieces of music.

    Raises:
        BadRequest: If it has too few or too many parts, or a part that cannot be sent.
    """
    person = await call.recipient()
    parts = call.parameters.records("media")
    _check_album([str(part.get("type")) for part in parts])
    common = await call.draft(person, marked_up=False)
    common = replace(common, media_group_id=str(secrets.randbits(53)))
    drafts: list[Draft] = []
    files: list[StoredFile] = []
    try:
        for part in parts:
            attached, draft = await _part(call, part, common)
            drafts.append(draft)
            files.extend(attached.new)
    except BaseException:
        await call.media.discard(files)
        raise
    return [call.message_object(sent) for sent in await call.store.send(person, drafts, files)]


@method("editMessageMedia", EDITING + Fields(takes="media"))
async def edit_message_media(call: Call) -> JsonObject:
    """Put another photo or file, caption and buttons in the place of a message's.

    Raises:
        BadRequest: If there is no such message of the bot's with media, or no such file.
        GatewayError: If the chat is none of the bot's.
    """
    media = call.parameters.record("media")
    if media.get("type") not in _INSTEAD:
        raise BadRequest(f'can\'t parse InputMedia: type "{media.get("type")}" is unsupported')
    attached, draft = await _part(call, media, Draft())
    try:
        return await edit(call, what="media", draft=draft, files=attached.new)
    except GatewayError:  # not where the call was cancelled: the message may hold them by now
        await call.media.discard(attached.new)
        raise


async def _send(call: Call, kind: str, told: str = "", *, captioned: bool = True) -> JsonObject:
    person = await call.recipient()
    text, entities = call.caption() if captioned else ("", ())
    common = await call.draft(person)
    known = {name: call.parameters.raw(name) for name in told.split()}
    source, small = call.parameters.upload_or_id(kind), None
    if kind in _WITH_THUMBNAIL:
        small = call.parameters.upload("thumbnail") or call.parameters.upload("thumb")
    attached = await attach(call, source, kind, known, small)
    draft = replace(
        common,
        text=text,
        entities=entities,
        photo=attached.photo,
        document=attached.document,
        has_spoiler=kind in _SHOWN and call.parameters.flag("has_spoiler"),
        is_caption_above=kind in _SHOWN and call.parameters.flag("show_caption_above_media"),
    )
    [sent] = await call.store.send(person, [draft], attached.new)
    return call.message_object(sent)


async def _part(call: Call, part: Mapping[str, object], common: Draft) -> tuple[Attached, Draft]:
    """One of an album's or an edit's media, with its caption."""
    kind = str(part.get("type", ""))
    spans = part.get("caption_entities")
    text, entities = caption(
        str(part.get("caption") or ""),
        str(part.get("parse_mode") or ""),
        [span for span in spans if isinstance(span, dict)] if isinstance(spans, list) else [],
    )
    try:
        source = call.parameters.attached(str(part.get("media") or ""), kind)
    except BadRequest as error:
        raise BadRequest("can't parse InputMedia: media not found") from error
    small = call.parameters.attached_upload(str(part.get("thumbnail") or part.get("thumb") or ""))
    attached = await attach(call, source, kind, part, small if kind in _WITH_THUMBNAIL else None)
    draft = replace(
        common,
        text=text,
        entities=entities,
        photo=attached.photo,
        document=attached.document,
        has_spoiler=kind in _SHOWN and part.get("has_spoiler") is True,
        is_caption_above=kind in _SHOWN and part.get("show_caption_above_media") is True,
    )
    return attached, draft


def _check_album(kinds: list[str]) -> None:
    if not _ALBUM_MIN <= len(kinds) <= ALBUM_MAX:
        raise BadRequest(_WRONG_SIZES.get(len(kinds), "too many messages to send as an album"))
    for kind in kinds:
        if kind not in _IN_ALBUMS:
            why = "can't be used in sendMediaGroup" if kind in _INSTEAD else "is unsupported"
            raise BadRequest(f'can\'t parse InputMedia: type "{kind}" {why}')
    alone = [kind for kind in kinds if kind in _ALONE_IN_ALBUMS]
    if len(set(kinds)) > 1 and alone:
        raise BadRequest(f"{alone[0]} can't be mixed with other media types")
