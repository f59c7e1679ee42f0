"""Photos and documents that come in: from bytes to files on disk to the Bot API's media.

Knows which uploads can be a photo, and that senders take turns. Must not decode anything itself:
that is done in the picture process.
"""

import asyncio
import io
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import PurePath
from typing import BinaryIO, Protocol
from weakref import WeakValueDictionary

from gateway.schemas.records import (
    Document,
    FileId,
    FileKind,
    Media,
    Photo,
    PhotoSize,
    StoredFile,
    UserId,
)
from gateway.store.files import FileStore, WrittenFile, new_id
from pictures import Measures, Picture, PictureNote
from pictures.errors import (
    PictureError,
    PictureProcessFailed,
    PictureProcessingError,
    UnsupportedFormat,
)
from pictures.picture import Series
from pictures.sniff import seems, sniff

PHOTO_BOXES_PX = (90, 320, 800, 1280, 2560)
"""Telegram's sizes, and one to read from: a LAN has room for more than 1,280 px."""

THUMBNAIL_BOXES_PX = (90, 320)
"""A thumbnail is the larger one. Source: Bot API, sendDocument."""

PREVIEW_BOXES_PX = (320, 1280)
"""A thumbnail, and what fills a phone's screen."""

START_BYTES = 512
"""As much of a file as tells what it is."""

_PHOTO_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_FALLBACK_TYPE = "application/octet-stream"
_ENDINGS = frozenset(
    {
        *(".avif", ".bmp", ".dcm", ".dicom", ".gif", ".heic", ".heif", ".jpeg", ".jpg", ".png"),
        *(".svg", ".tgs", ".tif", ".tiff", ".webp"),
        *(".csv", ".doc", ".docx", ".htm", ".html", ".json", ".md", ".odp", ".ods", ".odt", ".pdf"),
        *(".ppt", ".pptx", ".rtf", ".txt", ".xls", ".xlsx", ".xml"),
        *(".aac", ".m4a", ".mp3", ".oga", ".ogg", ".opus", ".wav"),
        *(".avi", ".mkv", ".mov", ".mp4", ".mpeg", ".webm"),
        *(".7z", ".gz", ".rar", ".tar", ".zip"),
    }
)
"""Endings that a file keeps on the disk, where names are not sealed: bots tell its kind by them.
Any other may be a patient's name (`film.Okafor`)."""
_FOLDERS = {
    FileKind.DOCUMENT: "documents",
    FileKind.VOICE: "voice",
    FileKind.AUDIO: "music",
    FileKind.VIDEO: "videos",
    FileKind.ANIMATION: "animations",
    FileKind.STICKER: "stickers",
    FileKind.VIDEO_NOTE: "video_notes",
}


class MadeSize(Protocol):
    """One size of a photo, as the picture process makes it."""

    @property
    def data(self) -> bytes:
        """The JPEG file."""
        ...

    @property
    def width_px(self) -> int:
        """Width in pixels."""
        ...

    @property
    def height_px(self) -> int:
        """Height in pixels."""
        ...


class Pictures(Protocol):
    """The picture process, as far as the gateway needs it."""

    async def photo_sizes(
        self, read: Callable[[], Awaitable[bytes]], boxes_px: Sequence[int]
    ) -> Sequence[MadeSize]:
        """Make a photo's sizes, ascending, at least two, upright."""
        ...

    async def measured(self, read: Callable[[], Awaitable[bytes]]) -> Measures:
        """Read how long a recording lasts, and how large its picture is."""
        ...

    async def prepare(self, data: bytes) -> Picture:
        """Decode a picture, and find the film in it."""
        ...

    async def series(self, data: bytes, most: int) -> Series:
        """Take so many slices of the scan in a ZIP, evenly spaced."""
        ...


class MediaUpload(Protocol):
    """A file as it came in; it can be read again."""

    async def read(self, size: int = -1) -> bytes:
        """Read so many bytes from where it stands, or to its end."""
        ...

    async def seek(self, offset: int) -> None:
        """Let it stand somewhere."""
        ...


def looks_like_photo(start: bytes) -> bool:
    """Tell from a file's first 12 bytes whether apps would send it as a photo: JPEG, PNG, WebP."""
    return start.startswith(_PHOTO_STARTS) or (start[:4] == b"RIFF" and start[8:12] == b"WEBP")


class MediaStore:
    """Makes media of uploads.

    Args:
        files: Where bytes go.
        pictures: Decodes what may be a photo.
    """

    def __init__(self, files: FileStore, pictures: Pictures) -> None:
        self._files = files
        self._pictures = pictures
        self._turns: WeakValueDictionary[UserId, asyncio.Lock] = WeakValueDictionary()
        self._archives = asyncio.Lock()  # one at a time is in memory

    async def photo(self, upload: MediaUpload, sender: UserId) -> tuple[StoredFile, ...]:
        """Keep a photo in its sizes; a sender's photos are made one after the other.

        Args:
            sender: Whose turn it has to be: who sends many at once holds up nobody else.

        Returns:
            A file for each size; they share their media.

        Raises:
            pictures.errors.PictureError: If it is not a picture that can be read.
        """
        made = await self._made(upload, sender, PHOTO_BOXES_PX)
        async with asyncio.TaskGroup() as group:  # each waits for the disk
            writes = [
                group.create_task(self._files.write(io.BytesIO(size.data), "photos", ".jpg"))
                for size in made
            ]
        written = [write.result() for write in writes]
        photo: Photo = tuple(
            _photo_size(file, size) for file, size in zip(written, made, strict=True)
        )
        return tuple(
            _stored(size.file_id, file, photo) for file, size in zip(written, photo, strict=True)
        )

    async def thumbnail(self, upload: MediaUpload, sender: UserId) -> StoredFile | None:
        """Keep the small picture of a file, or of the scan in a ZIP; None if none is made of it.

        Args:
            sender: As `photo` takes it.
        """
        made = await self.small_sizes(upload, sender, THUMBNAIL_BOXES_PX)
        return None if made is None else await self.keep_thumbnail(made[-1])

    async def keep_thumbnail(self, made: MadeSize) -> StoredFile:
        """Keep a small picture that was made before."""
        written = await self._files.write(io.BytesIO(made.data), "thumbnails", ".jpg")
        size = _photo_size(written, made)
        return _stored(size.file_id, written, (size,))

    async def small_sizes(
        self, upload: MediaUpload, sender: UserId, boxes_px: Sequence[int]
    ) -> Sequence[MadeSize] | None:
        """Make small pictures of a file, or of the slice in the middle of the scan in a ZIP.

        Args:
            sender: As `photo` takes it.
            boxes_px: As `pictures.PictureProcess.photo_sizes` takes them.

        Returns:
            At least two, ascending; None if none can be made of it.
        """
        try:
            return await self._small(upload, sender, boxes_px)
        except PictureProcessingError:  # the file is worth more than its picture
            return None

    async def seen_in(self, data: bytes, sender: UserId) -> PictureNote | None:
        """Where the film surely is in a photo, and what is wrong with it; None if nothing is said.

        Args:
            sender: As `photo` takes it.
        """
        async with self._turns.setdefault(sender, asyncio.Lock()):
            try:
                picture = await self._pictures.prepare(data)
            except PictureProcessingError:
                return None
        return picture.note

    async def measured(self, upload: MediaUpload, sender: UserId) -> Measures:
        """How long a recording lasts and how large its picture is, as far as it says so.

        Args:
            sender: As `photo` takes it.
        """
        try:
            async with self._turns.setdefault(sender, asyncio.Lock()):
                return await self._pictures.measured(partial(_whole, upload))
        except (PictureError, PictureProcessFailed):
            return Measures()

    async def _made(
        self, upload: MediaUpload, sender: UserId, boxes_px: Sequence[int]
    ) -> Sequence[MadeSize]:
        async with self._turns.setdefault(sender, asyncio.Lock()):
            return await self._pictures.photo_sizes(partial(_whole, upload), boxes_px)

    async def _small(
        self, upload: MediaUpload, sender: UserId, boxes_px: Sequence[int]
    ) -> Sequence[MadeSize]:
        await upload.seek(0)
        start = await upload.read(START_BYTES)
        if sniff(start) is not None:
            return await self._made(upload, sender, boxes_px)
        if seems(start) == "ZIP":
            return await self._small_of_scan(upload, sender, boxes_px)
        raise UnsupportedFormat

    async def _small_of_scan(
        self, upload: MediaUpload, sender: UserId, boxes_px: Sequence[int]
    ) -> Sequence[MadeSize]:
        async with self._turns.setdefault(sender, asyncio.Lock()), self._archives:
            series = await self._pictures.series(await _whole(upload), 1)
            data = series.slices[0].picture.data

            async def read() -> bytes:
                return data

            return await self._pictures.photo_sizes(read, boxes_px)

    async def document(
        self,
        source: BinaryIO,
        name: str,
        mime_type: str | None,
        kind: FileKind = FileKind.DOCUMENT,
    ) -> StoredFile:
        """Keep a file as it is.

        Args:
            source: Read from where it stands.
            name: What its sender calls it.
            mime_type: What its sender takes it for.
            kind: As what it is sent.
        """
        ending = PurePath(name).suffix.lower()
        kept = ending if ending in _ENDINGS else ""
        written = await self._files.write(source, _FOLDERS[kind], kept)
        document = Document(
            file_id=new_id(),
            file_unique_id=written.file_unique_id,
            file_name=name,
            mime_type=mime_type or _FALLBACK_TYPE,
            file_size=written.size_bytes,
            kind=kind,
        )
        return _stored(document.file_id, written, document)

    async def discard(self, files: Sequence[StoredFile]) -> None:
        """Remove files that no message came to hold."""
        await self._files.remove([file.path for file in files])


def with_thumbnail(file: StoredFile, small: StoredFile | None) -> tuple[StoredFile, ...]:
    """A document and its small picture, of which its media tell; the document alone without one."""
    if small is None:
        return (file,)
    if not isinstance(file.media, Document) or isinstance(small.media, Document):
        raise TypeError("a thumbnail is a photo, and what it is of is none")
    return (replace(file, media=replace(file.media, thumbnail=small.media[0])), small)


async def _whole(upload: MediaUpload) -> bytes:
    await upload.seek(0)
    return await upload.read()


def _photo_size(written: WrittenFile, made: MadeSize) -> PhotoSize:
    return PhotoSize(
        file_id=new_id(),
        file_unique_id=written.file_unique_id,
        width=made.width_px,
        height=made.height_px,
        file_size=written.size_bytes,
    )


def _stored(file_id: FileId, written: WrittenFile, media: Media) -> StoredFile:
    return StoredFile(
        file_id=file_id,
        file_unique_id=written.file_unique_id,
        path=written.path,
        size_bytes=written.size_bytes,
        media=media,
    )
