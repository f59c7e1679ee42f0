"""A message that a phone sends: from its form to the drafts that are stored.

Knows the form and the limits of a message. Must not know sessions.
"""

import asyncio
import contextlib
import mimetypes
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from gateway import forms
from gateway.errors import BadRequest
from gateway.phone.held import Held
from gateway.schemas.automatic import automatic_entities
from gateway.schemas.entities import Entity, cleaned
from gateway.schemas.limits import (
    ALBUM_MAX,
    CAPTION_MAX_CHARS,
    PHOTO_MAX_BYTES,
    TEXT_MAX_CHARS,
)
from gateway.schemas.records import Document, Draft, MessageId, StoredFile, UserId
from gateway.store.media import START_BYTES, MediaStore, looks_like_photo, with_thumbnail
from pictures import corners
from pictures.corners import Corners, NoOutline
from pictures.errors import PictureProcessingError

_FIELDS_MAX = 4 + 2 * ALBUM_MAX
_NAME_MAX_CHARS = 128
_THUMBNAILS_S = 10.0
"""How long a message waits for the small pictures of its files, all of them together: no phone may
give up on one that is here."""
_SHORT_CHARS = 256
"""Searched without the way to a thread and back: half a millisecond at most, whatever it says."""
_TOO_MANY = f"One message holds at most {ALBUM_MAX} pictures."
_WRONG_CORNERS = (
    "The corners of the film came in wrong: set them again, or send the photo without them."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A message as a phone sent it.

    Args:
        text: Text, or caption of the files.
        files: Pictures and documents, still in memory or in a temporary file.
        seen: Which of them were seen before they are sent, by their place.
        as_document: True to keep pictures as they are.
        reply_to_id: The message it answers.
        film_corners: Of the film in each of the first files, where the sender set them.
        chat: Id of the group it is for; empty for the bot alone.
    """

    text: str
    files: tuple[UploadFile, ...]
    as_document: bool
    reply_to_id: MessageId | None
    chat: str
    seen: Mapping[int, Held] = field(default_factory=dict)
    film_corners: tuple[Corners | None, ...] = ()


async def read_form(request: Request, files_max: int = ALBUM_MAX) -> FormData:
    """Read a form with as many files as an album has pictures, unless fewer are the most.

    Returns:
        The form; the caller closes it.

    Raises:
        BadRequest: If it is no form, or has too many parts.
    """
    try:
        return await forms.read_form(request, max_files=files_max, max_fields=_FIELDS_MAX)
    except HTTPException as error:
        if error.detail.startswith("Too many files"):
            raise BadRequest(_TOO_MANY) from error
        raise BadRequest("The message came in damaged: send it again.") from error


async def read_file(request: Request) -> UploadFile:
    """Read a form that is one file; the caller closes it.

    Raises:
        BadRequest: If it is anything else.
    """
    form = await read_form(request, files_max=1)
    parts = form.getlist("file")
    if len(parts) == 1 and isinstance(parts[0], UploadFile) and parts[0].size:
        return parts[0]
    await form.close()
    raise BadRequest


def held_names(form: FormData) -> set[str]:
    """The files of a message that came in before, as the phone calls them."""
    return {part for part in form.getlist("file") if isinstance(part, str)}


def parse(form: FormData, held: Mapping[str, Held]) -> Upload:
    """Check a form's fields.

    Args:
        form: A part `file` is a file, or the name of one that is held.
        held: The files of these names.

    Raises:
        BadRequest: With a sentence that says what to change.
    """
    parts = form.getlist("file")
    if len(parts) > ALBUM_MAX:
        raise BadRequest(_TOO_MANY)
    seen = {place: held[part] for place, part in enumerate(parts) if isinstance(part, str)}
    if len(seen) != len(held):
        raise BadRequest
    files = tuple(part if isinstance(part, UploadFile) else held[part].upload for part in parts)
    upload = Upload(
        text=cleaned(_field(form, "text")).strip(),
        files=files,
        as_document=_field(form, "as") == "document",
        reply_to_id=_message_id(_field(form, "reply_to")),
        chat=_field(form, "chat"),
        seen=seen,
        film_corners=_film_corners(form, len(files)),
    )
    if not upload.files and not upload.text:
        raise BadRequest("The message is empty: write something, or add a picture.")
    what, most = ("caption", CAPTION_MAX_CHARS) if files else ("text", TEXT_MAX_CHARS)
    if len(upload.text) > most:
        raise BadRequest(
            f"The {what} has {len(upload.text):,} characters, and {most:,} is the most: shorten"
            " it, or send the rest as a message of its own."
        )
    return upload


async def make_drafts(
    upload: Upload, sender: UserId, media: MediaStore
) -> tuple[tuple[Draft, ...], tuple[StoredFile, ...]]:
    """Put a message's files on disk, and make drafts that hold them.

    Returns:
        The drafts, the first with the text, and the files.
    """
    kept: list[Sequence[StoredFile]] = []
    try:
        for file in upload.files:  # one by one, so that a failure knows what to discard
            kept.append(  # noqa: PERF401 - a comprehension would lose the ones before a failure
                await _keep(file, sender, media, as_document=upload.as_document)
            )
        await _add_thumbnails(kept, upload, sender, media)
    except BaseException:
        await media.discard([file for files in kept for file in files])
        raise
    group = str(secrets.randbits(53)) if len(kept) > 1 else None
    entities = await _found_in(upload.text)
    first, *others = kept or [()]
    drafts = [
        _draft(upload, first, group, upload.text, entities),
        *(_draft(upload, files, group) for files in others),
    ]
    for place, found in enumerate(upload.film_corners):
        drafts[place] = replace(drafts[place], film_corners=found)
    return tuple(drafts), tuple(file for files in kept for file in files)


async def _add_thumbnails(
    kept: list[Sequence[StoredFile]], upload: Upload, sender: UserId, media: MediaStore
) -> None:
    """Make the small pictures of what is kept as a file, as far as there is time."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_THUMBNAILS_S):
            for place, ((first, *_), file) in enumerate(zip(kept, upload.files, strict=True)):
                if not isinstance(first.media, Document):
                    continue
                if place in upload.seen:
                    made = upload.seen[place].small
                    small = None if made is None else await media.keep_thumbnail(made)
                else:
                    small = await media.thumbnail(file, sender)
                kept[place] = with_thumbnail(first, small)


async def _found_in(text: str) -> tuple[Entity, ...]:
    if len(text) <= _SHORT_CHARS:
        return automatic_entities(text)
    return await asyncio.to_thread(automatic_entities, text)


async def _keep(
    file: UploadFile, sender: UserId, media: MediaStore, *, as_document: bool
) -> tuple[StoredFile, ...]:
    """Store a file; one that is no photo becomes a document, and the bot says what is wrong."""
    start = await file.read(START_BYTES)
    await file.seek(0)
    small = (file.size or 0) <= PHOTO_MAX_BYTES
    if small and not as_document and looks_like_photo(start):
        try:
            return await media.photo(file, sender)
        except PictureProcessingError:
            await file.seek(0)
    name = _file_name(file.filename)
    mime_type = mimetypes.guess_type(name)[0]
    return (await media.document(file.file, name, mime_type),)


def _draft(
    upload: Upload,
    files: Sequence[StoredFile],
    group: str | None,
    text: str = "",
    entities: tuple[Entity, ...] = (),
) -> Draft:
    held = files[0].media if files else None
    return Draft(
        text=text,
        entities=entities,
        photo=held if isinstance(held, tuple) else None,
        document=held if isinstance(held, Document) else None,
        media_group_id=group,
        reply_to_id=upload.reply_to_id,
    )


def _file_name(given: str | None) -> str:
    name = PurePath(cleaned(given or "").replace("\\", "/")).name.strip()
    return name[-_NAME_MAX_CHARS:] or "file"


def _field(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _film_corners(form: FormData, files: int) -> tuple[Corners | None, ...]:
    """The corners of each file, in the files' order; empty for one of which none were set."""
    given = [part for part in form.getlist("film_corners") if isinstance(part, str)]
    if len(given) > files:
        raise BadRequest(_WRONG_CORNERS)
    try:
        return tuple(corners.parse(text) if text else None for text in given)
    except NoOutline as error:
        raise BadRequest(_WRONG_CORNERS) from error


def _message_id(text: str) -> MessageId | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise BadRequest("The message you reply to is no longer there.")
    return MessageId(int(text))
