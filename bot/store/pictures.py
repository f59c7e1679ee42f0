"""The picture files of cases, named by chance and on the disk before a case names them."""

import asyncio
import os
import secrets
from pathlib import Path

NAME_BYTES = 16


class PictureFiles:
    """A folder of pictures, spread over 256 subfolders."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def add(self, data: bytes) -> str:
        """Store a picture; on return it survives a power cut.

        Returns:
            The name to find it by.
        """
        name = secrets.token_hex(NAME_BYTES)
        await asyncio.to_thread(_write_durably, self._path(name), data)
        return name

    async def get(self, name: str) -> bytes:
        """Read a picture.

        Returns:
            Its bytes as they were added.
        """
        return await asyncio.to_thread(self._path(name).read_bytes)

    async def remove(self, name: str) -> None:
        """Forget a picture that no case names."""
        await asyncio.to_thread(self._path(name).unlink, missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name


def _write_durably(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)
    for folder in (path.parent, path.parent.parent):
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
