"""A file in a request: uploaded with it, or named by the id of one that is known.

Knows what Telegram answers where neither is a file that can be sent. Must not know messages.
"""

import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.datastructures import UploadFile

from gateway.bot_api.call import Call
from gateway.bot_api.parameters import as_integer
from gateway.errors import BadRequest
from gateway.schemas.entities import cleaned
from gateway.schemas.limits import PHOTO_MAX_BYTES
from gateway.schemas.records import Document, FileId, FileKind, Media, Photo, StoredFile
from gateway.store.media import looks_like_photo, with_thumbnail
from pictures import Measures
from pictures.errors import PictureError

PHOTO = "photo"
_USUAL_TYPES = {
    FileKind.VOICE: "audio/ogg",
    FileKind.AUDIO: "audio/mpeg",
    FileKind.VIDEO: "video/mp4",
    FileKind.ANIMATION: "video/mp4",
    FileKind.STICKER: "image/webp",
    FileKind.VIDEO_NOTE: "video/mp4",
}
_PICTURED = frozenset({FileKind.DOCUMENT, FileKind.STICKER})
_SIDES = ("width_px", "height_px")
_MEASURED = {
    FileKind.VOICE: ("duration_s",),
    FileKind.AUDIO: ("duration_s",),
    FileKind.STICKER: _SIDES,
    **dict.fromkeys(
        (FileKind.VIDEO, FileKind.ANIMATION, FileKind.VIDEO_NOTE), ("duration_s", *_SIDES)
    ),
}
_SIDES_PX = {FileKind.STICKER: 512, FileKind.VIDEO_NOTE: 240}  # where the bot tells none


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """Media that a message shall hold, and the files among them that are new."""

    media: Media
    new: Sequence[StoredFile] = ()

    @property
    def photo(self) -> Photo | None:
        """The media, if they are a photo."""
        return None if isinstance(self.media, Document) else self.media

    @property
    def document(self) -> Document | None:
        """The media, if they are a file of another kind."""
        return self.media if isinstance(self.media, Document) else None


async def attach(
    call: Call,
    source: UploadFile | str,
    kind: str,
    told: Mapping[str, object],
    thumbnail: UploadFile | None = None,
) -> Attached:
    """Store a file that is uploaded, or find one that is known.

    Args:
        call: Brings what files are kept with.
        source: The upload, or a file's id.
        kind: `photo`, or the value of a `FileKind`.
        told: What the request says of the file, such as its `duration`.
        thumbnail: Uploaded with it.

    Raises:
        BadRequest: If there is no such file, or it cannot be sent as this kind.
    """
    if isinstance(source, str):
        return Attached(media=await _known(call, source, kind))
    if not source.size:
        raise BadRequest("file must be non-empty")
    if kind == PHOTO:
        photo = await _new_photo(call, source)
        return Attached(media=photo[0].media, new=photo)
    file = await _new_file(call, source, FileKind(kind), told)
    pictured = source if await _is_picture(source, kind) else thumbnail
    small = pictured and await call.media.thumbnail(pictured, call.store.bot.user_id)
    files = with_thumbnail(file, small or None)
    return Attached(media=files[0].media, new=files)


async def _is_picture(source: UploadFile, kind: str) -> bool:
    """Whether a file's thumbnail is made of itself, as Telegram does, whatever the bot gives."""
    if kind not in _PICTURED or (source.size or 0) > PHOTO_MAX_BYTES:
        return False
    await source.seek(0)
    return looks_like_photo(await source.read(12))


async def _new_file(
    call: Call, source: UploadFile, kind: FileKind, told: Mapping[str, object]
) -> StoredFile:
    name = cleaned(source.filename or "") or "file"
    mime_type = mimetypes.guess_type(name)[0] or _USUAL_TYPES.get(kind)
    kept = await call.media.document(source.file, name, mime_type, kind)
    if not isinstance(kept.media, Document):
        raise TypeError("a file was kept as a photo")
    measures = await _measures(call, source, kind, told)
    media = replace(
        kept.media,
        duration_s=measures.duration_s,
        width_px=measures.width_px,
        height_px=measures.height_px,
        performer=_text(told.get("performer")),
        title=_text(told.get("title")),
        emoji=_text(told.get("emoji")),
    )
    return replace(kept, media=media)


async def _measures(
    call: Call, source: UploadFile, kind: FileKind, told: Mapping[str, object]
) -> Measures:
    """What the bot says of a recording; else what the recording does; else what is usual."""
    length = as_integer(told.get("length"))
    said = {
        "duration_s": as_integer(told.get("duration")),
        "width_px": as_integer(told.get("width")) or length,
        "height_px": as_integer(told.get("height")) or length,
    }
    asked = _MEASURED.get(kind, ())
    own = Measures()
    if any(not said[name] for name in asked):
        own = await call.media.measured(source, call.store.bot.user_id)
    usual = dict.fromkeys(_SIDES, _SIDES_PX.get(kind, 0))
    return Measures(
        **{name: said[name] or getattr(own, name) or usual.get(name, 0) for name in asked}
    )


async def _new_photo(call: Call, source: UploadFile) -> tuple[StoredFile, ...]:
    if (source.size or 0) > PHOTO_MAX_BYTES:
        raise BadRequest("file is too big for a photo; the maximum size is 10 MB")
    try:
        return await call.media.photo(source, call.store.bot.user_id)
    except PictureError as error:
        raise BadRequest("IMAGE_PROCESS_FAILED") from error


async def _known(call: Call, file_id: str, kind: str) -> Media:
    if file_id.startswith(("http://", "https://")):
        raise BadRequest("failed to get HTTP URL content")
    found = await call.store.files.find(FileId(file_id))
    if found is None:
        raise BadRequest("wrong file identifier/HTTP URL specified")
    known_kind = found.media.kind.value if isinstance(found.media, Document) else PHOTO
    if known_kind != kind:
        raise BadRequest(f"can't use file of type {known_kind.title()} as {kind.title()}")
    return found.media


def _text(value: object) -> str | None:
    return cleaned(value).strip() or None if isinstance(value, str) else None
