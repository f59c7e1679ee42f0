"""The bytes of pictures and documents, sealed on disk under names that nobody can guess.

Knows the folder. A file is whole and synced before anybody hears of it; a row follows in the
database, so a crash between the two leaves only a file without a row, which the next start removes.
"""

import asyncio
import base64
import hashlib
import logging
import secrets
import shutil
import threading
from collections.abc import AsyncGenerator, Callable, Generator, Iterable
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

from gateway.errors import DiskNearlyFull, NotFound
from gateway.schemas.records import FileId
from storage.errors import Damaged
from storage.sealed_folder import SealedFolder

KEPT_FREE_BYTES = 300_000_000
"""Room that no upload takes: for words, answers, and the databases' own growth."""

SMALL_BYTES = 64_000
"""A message of words alone, which is taken as long as there is any room."""

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """A file that is safe on disk.

    Args:
        path: Relative to the folder of files.
        file_unique_id: The same for the same bytes.
        size_bytes: How long it is.
    """

    path: str
    file_unique_id: str
    size_bytes: int


def new_id() -> FileId:
    """A file id that nobody can guess."""
    return FileId(secrets.token_urlsafe(32))


class FileStore:
    """The folder of files; its methods do their work in a thread."""

    def __init__(self, folder: SealedFolder) -> None:
        self._folder = folder

    async def write(self, source: BinaryIO, kind: str, suffix: str = "") -> WrittenFile:
        """Copy a file in.

        Args:
            source: Read from where it stands to its end.
            kind: The first part of its path, as the Bot API has it: `photos` or `documents`.
            suffix: Such as `.jpg`.
        """
        return await _unbroken(lambda: self._write(source, kind, suffix))

    def require_room(self, size_bytes: int) -> None:
        """Refuse what would fill the disk.

        Args:
            size_bytes: Of all that is sent, as announced.

        Raises:
            DiskNearlyFull: There is too little room for it.
        """
        folder = self._folder.path
        free_bytes = shutil.disk_usage(folder if folder.exists() else folder.parent).free
        if size_bytes > SMALL_BYTES and free_bytes - size_bytes < KEPT_FREE_BYTES:
            log.error("An upload was refused: %d MB are left on the disk", free_bytes / 1e6)
            raise DiskNearlyFull

    async def remove(self, paths: Iterable[str]) -> None:
        """Remove files that no row will name."""
        gone = list(paths)
        await _unbroken(lambda: self._remove(gone))

    async def sweep(self, known: frozenset[str]) -> int:
        """Remove the files that no row names; how many there were.

        Args:
            known: The paths that rows name.
        """
        return await _unbroken(lambda: self._sweep(known))

    async def read(self, path: str) -> AsyncGenerator[bytes, None]:
        """Read a file little by little; only for paths that came out of the database.

        Args:
            path: Relative to the folder of files.

        Returns:
            Its bytes, piece by piece, to be closed; the first piece has been read.

        Raises:
            NotFound: If it is gone, or not what was written.
        """
        reading = _Reading(self._folder.pieces(path))
        try:
            first = await asyncio.to_thread(reading.next)
        except (FileNotFoundError, Damaged) as error:
            log.error("A stored file cannot be read: %s", type(error).__name__)  # noqa: TRY400
            raise NotFound("This file is no longer there.") from error
        return _one_by_one(first, reading)

    def _write(self, source: BinaryIO, kind: str, suffix: str) -> WrittenFile:
        path = f"{kind}/{secrets.token_urlsafe(24)}{suffix}"
        counted = _Counted(source)
        self._folder.add(path, counted)
        return WrittenFile(
            path=path,
            file_unique_id=base64.urlsafe_b64encode(counted.sha256.digest()[:15]).decode(),
            size_bytes=counted.size_bytes,
        )

    def _sweep(self, known: frozenset[str]) -> int:
        unknown = [name for name in self._folder.names() if name not in known]
        self._remove(unknown)
        return len(unknown)

    def _remove(self, paths: Iterable[str]) -> None:
        for path in paths:
            self._folder.remove(path)


class _Counted:
    """A source of which length and hash are known once it was read."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.sha256 = hashlib.sha256()
        self.size_bytes = 0

    def read(self, size: int, /) -> bytes:
        data = self._source.read(size)
        self.sha256.update(data)
        self.size_bytes += len(data)
        return data


class _Reading:
    """A file that is read in one thread and may be closed from another."""

    def __init__(self, pieces: Generator[bytes, None, None]) -> None:
        self._pieces = pieces
        self._lock = threading.Lock()

    def next(self) -> bytes:
        """The next piece, empty at the end."""
        with self._lock:
            return next(self._pieces, b"")

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._pieces.close()


async def _one_by_one(first: bytes, reading: _Reading) -> AsyncGenerator[bytes, None]:
    try:
        piece = first
        while piece:
            yield piece
            piece = await asyncio.to_thread(reading.next)
    finally:
        await _unbroken(reading.close)


async def _unbroken(work: Callable[[], T]) -> T:
    return await asyncio.shield(asyncio.to_thread(work))
