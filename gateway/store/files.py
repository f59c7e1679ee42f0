"""The bytes of pictures and documents, on disk under names that nobody can guess.

Knows the folder. A file is whole and synced before anybody hears of it; a row follows in the
database, so a crash between the two leaves only a file without a row, which the next start removes.
"""

import asyncio
import base64
import hashlib
import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from gateway.schemas.records import FileId

T = TypeVar("T")

_COPY_BYTES = 1 << 20


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

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def write(self, source: BinaryIO, kind: str, suffix: str = "") -> WrittenFile:
        """Copy a file in.

        Args:
            source: Read from where it stands to its end.
            kind: The first part of its path, as the Bot API has it: `photos` or `documents`.
            suffix: Such as `.jpg`.

        Returns:
            Where it is.
        """
        return await _unbroken(lambda: self._write(source, kind, suffix))

    async def remove(self, paths: Iterable[str]) -> None:
        """Remove files that no row will name."""
        doomed = [self.resolve(path) for path in paths]
        await _unbroken(lambda: _unlink(doomed))

    async def sweep(self, known: frozenset[str]) -> int:
        """Remove the files that no row names.

        Args:
            known: The paths that rows name.

        Returns:
            How many were removed.
        """
        return await _unbroken(lambda: self._sweep(known))

    def resolve(self, path: str) -> Path:
        """Where a file of this path is; only for paths that came out of the database."""
        return self._folder / path

    def _write(self, source: BinaryIO, kind: str, suffix: str) -> WrittenFile:
        folder = self._folder / kind
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / f"{secrets.token_urlsafe(24)}{suffix}"
        try:
            digest, size_bytes = _copy(source, path)
        except BaseException:  # a full disk must not keep what nobody will name
            path.unlink(missing_ok=True)
            raise
        _sync_folder(folder)
        return WrittenFile(
            path=path.relative_to(self._folder).as_posix(),
            file_unique_id=base64.urlsafe_b64encode(digest[:15]).decode(),
            size_bytes=size_bytes,
        )

    def _sweep(self, known: frozenset[str]) -> int:
        if not self._folder.is_dir():
            return 0
        strays = [
            path
            for path in self._folder.rglob("*")
            if path.is_file() and path.relative_to(self._folder).as_posix() not in known
        ]
        _unlink(strays)
        return len(strays)


async def _unbroken(work: Callable[[], T]) -> T:
    return await asyncio.shield(asyncio.to_thread(work))


def _copy(source: BinaryIO, path: Path) -> tuple[bytes, int]:
    """Write a new file and sync it; answers the SHA-256 and the size in bytes."""
    digest = hashlib.sha256()
    with path.open("xb") as target:
        while chunk := source.read(_COPY_BYTES):
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
        return digest.digest(), target.tell()


def _unlink(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
