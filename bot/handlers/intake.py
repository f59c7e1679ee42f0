"""Incoming pictures: a photo, an image file, a DICOM file or an album becomes a case.

The picture process decides what is a picture, not its name or type. A picture is on the disk
before its case is, and the case before its sender is told; each step may run twice.
"""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from telegram import Bot, Document, Message, PhotoSize, Update
from telegram.error import BadRequest, InvalidToken
from telegram.ext import BaseHandler, MessageHandler, filters

from bot.captions import parse_caption
from bot.captions.kinds import kind_said
from bot.domain.cases import Case, QueuePosition, StoredPicture
from bot.domain.ids import ChatId, MessageId
from bot.domain.messages import About, MessageRole, Outgoing
from bot.handlers.context import Context
from bot.locale import translator
from bot.replies import pictures, queue, retake
from bot.store.cases import Beside, NewCase
from inference.contract import EngineState, PictureKind
from pictures import Picture, corners
from pictures.corners import Corners, NoOutline
from pictures.errors import DamagedPicture, PictureError, PictureTooLarge
from pictures.sniff import seems

ZIP = "ZIP"
ALBUM_SETTLES = timedelta(seconds=1.5)
"""An album has no end marker: it is whole once no further part has come for this long."""

PART_TAKES = timedelta(seconds=60)
"""Longest that a part of an album holds up the reading of the others while it is prepared."""

log = logging.getLogger(__name__)


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes pictures."""
    return [MessageHandler(filters.PHOTO | filters.Document.ALL, take)]


async def take(update: Update, context: Context) -> None:
    """Make a case of a picture, or tell what is wrong with it."""
    message = update.message
    if message is None or await _is_known(message, context):
        return
    album = message.media_group_id
    if album is not None:
        await _settle(message, album, context, PART_TAKES)
    try:
        taken = await _pictures(message, context)
    except PictureError as error:
        log.info("No picture in update %d: %s", update.update_id, type(error).__name__)
        t = translator(context.language)
        await context.say(pictures.problem(error, t), reply_to=message.message_id)
        if album is not None:
            await _settle(message, album, context, ALBUM_SETTLES)
    else:
        await _file(message, taken, context)


async def _pictures(message: Message, context: Context) -> tuple[Picture, ...]:
    """The picture of a message; of a ZIP the slices of its largest scan, as many as are read."""
    sent = message.photo[-1] if message.photo else message.document
    if sent is None:
        raise DamagedPicture
    data = await fetch(sent, context.bot, context.services.settings.max_upload_bytes)
    if seems(data) != ZIP:
        return (await context.services.pictures.prepare(data, _film_corners(message)),)
    most = context.services.engine().slices
    series = await context.services.pictures.series(data, most)
    return tuple(each.picture for each in series.slices)


def _film_corners(message: Message) -> Corners | None:
    """Where whoever sent a photo set the corners of the film in it; only the gateway tells."""
    try:
        return corners.corners(message.api_kwargs.get("edgerad_film_corners"))
    except NoOutline:
        return None


async def fetch(sent: PhotoSize | Document, bot: Bot, max_bytes: int) -> bytes:
    """Fetch a file from the server, whether it serves it or shares the disk with the bot.

    Returns:
        The file as it was sent.

    Raises:
        PictureTooLarge: It is larger than the bot or the server allows.
        DamagedPicture: The server has it no longer.
    """
    if (sent.file_size or 0) > max_bytes:
        raise PictureTooLarge
    try:
        file = await bot.get_file(sent.file_id)
    except BadRequest as error:
        if "too big" in error.message.lower():
            raise PictureTooLarge from error
        raise DamagedPicture from error
    path = file.file_path or ""
    if Path(path).is_absolute():
        return await asyncio.to_thread(Path(path).read_bytes)
    try:
        return await bot.request.retrieve(path)
    except (BadRequest, InvalidToken) as error:
        raise DamagedPicture from error


async def _file(message: Message, taken: tuple[Picture, ...], context: Context) -> None:
    """Store the pictures, then the case that names them."""
    store = context.services.store
    new = await _new_case(message, taken, context)
    if new.media_group_id is not None and await _join(new, context):
        return
    late = new.media_group_id is not None and await store.albums.knows(
        new.chat_id, new.media_group_id
    )
    settle = timedelta(0) if new.media_group_id is None else ALBUM_SETTLES
    word = _received_late if late else received
    beside = await _beside(new, context)
    case = await store.cases.open(new, word, by=context.actor, settle=settle, beside=beside)
    if case is None:
        for picture in (new.picture, *new.more):
            for name in picture.names:
                await store.pictures.remove(name)
    elif context.services.engine().state is EngineState.FAILED:
        await context.say(queue.engine_failed(case, translator(case.language)))


async def _join(new: NewCase, context: Context) -> bool:
    store = context.services.store
    case_id = await store.albums.join(new, settle=ALBUM_SETTLES)
    if case_id is None:
        return False
    case = await store.cases.get(case_id)
    if case is not None:
        place = await store.queue_positions.place(case.reading_id)
        further = [word(case) for word in await _beside(new, context)]
        await store.outbox.add(_received_more(case, place), *further)
    return True


async def _new_case(message: Message, taken: tuple[Picture, ...], context: Context) -> NewCase:
    store, sender = context.services.store, context.sender
    caption = message.caption
    if caption is None and message.media_group_id is not None:
        caption = await store.inbox.album_caption(context.chat, message.media_group_id)
    facts = parse_caption(caption or "")
    picture, *more = [await _stored(each, context) for each in taken]
    return NewCase(
        sender_id=sender.user_id,
        chat_id=context.chat,
        message_id=MessageId(message.message_id),
        media_group_id=None if more else message.media_group_id,
        caption=caption or "",
        patient_reference=facts.patient_reference,
        patient=facts.patient,
        kind=_kind(taken[0], caption or ""),
        language=sender.language,
        picture=picture,
        more=tuple(more),
    )


async def _stored(picture: Picture, context: Context) -> StoredPicture:
    files = context.services.store.pictures
    return StoredPicture(
        name=await files.add(picture.data),
        sha256=picture.sha256,
        media_type=picture.media_type,
        width_px=picture.width_px,
        height_px=picture.height_px,
        note=picture.note,
        read_name=None if picture.read is None else await files.add(picture.read),
    )


def _kind(picture: Picture, caption: str) -> PictureKind | None:
    """What the file says, else the caption; nobody is waited for."""
    if picture.note is not None and picture.note.subject is not None:
        return PictureKind(picture.note.subject)
    return kind_said(caption)


async def _is_known(message: Message, context: Context) -> bool:
    message_id = MessageId(message.message_id)
    return await context.services.store.cases.knows_message(context.chat, message_id)


async def _settle(message: Message, album: str, context: Context, wait: timedelta) -> None:
    await context.services.store.albums.settle(ChatId(message.chat.id), album, wait)


async def _beside(new: NewCase, context: Context) -> list[Beside]:
    """Words what is said of a picture beside that it was received."""
    both = await _sent_twice(new, context), _poor(new)
    return [words for words in both if words is not None]


def _poor(new: NewCase) -> Beside | None:
    """Words the question whether a poor photo shall be taken again.

    Not of one whose sender set its corners: the phone page has asked already.
    """
    note = new.picture.note
    if note is None or not note.faults or note.film_set_by_sender:
        return None
    fault = note.faults[0]

    def said(case: Case) -> Outgoing:
        return Outgoing(
            key=f"reading:{case.reading_id}:poor:{new.message_id}",
            chat_id=case.chat_id,
            reply=retake.asked(case, fault, translator(case.language)),
            reply_to=new.message_id,
            about=About(reading_id=case.reading_id, role=MessageRole.NOTICE),
        )

    return said


async def _sent_twice(new: NewCase, context: Context) -> Beside | None:
    """Words what is said of a picture that was sent before, None of any other."""
    before = await context.services.store.withdrawals.sent_before(
        new.picture.sha256, new.chat_id, new.media_group_id
    )
    if before is None:
        return None

    def said(case: Case) -> Outgoing:
        return Outgoing(
            key=f"reading:{case.reading_id}:twice:{new.message_id}",
            chat_id=case.chat_id,
            reply=queue.sent_before(case, before, translator(case.language)),
            reply_to=new.message_id,
            about=About(reading_id=case.reading_id, role=MessageRole.NOTICE),
        )

    return said


def received(case: Case, place: QueuePosition) -> Outgoing:
    """Word what is said at once of a case that was opened."""
    return Outgoing(
        key=f"reading:{case.reading_id}:received",
        chat_id=case.chat_id,
        reply=queue.received(case, place, translator(case.language)),
        reply_to=case.message_id,
        about=About(reading_id=case.reading_id, role=MessageRole.RECEIVED),
    )


def _received_late(case: Case, place: QueuePosition) -> Outgoing:
    """The "received" message of a picture that missed its album's case."""
    message = received(case, place)
    late = pictures.late(translator(case.language))
    text = f"{message.reply.text}\n\n{late.text}"
    return replace(message, reply=replace(message.reply, text=text))


def _received_more(case: Case, place: QueuePosition) -> Outgoing:
    """The "received" message again, with the number of pictures as it is now."""
    return Outgoing(
        key=f"reading:{case.reading_id}:received:{len(case.pictures)}",
        chat_id=case.chat_id,
        reply=queue.received(case, place, translator(case.language)),
        about=About(reading_id=case.reading_id, role=MessageRole.RECEIVED),
        edits_received=True,
    )
