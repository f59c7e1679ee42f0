"""Plaintext copies of files, for a bot on the same machine that is told their paths.

Stored files are sealed, so their own paths are of no use to it. The copies lie in memory where the
system has a folder for that, and only this account can read them. The newest few are kept, and none
when the gateway stops.
"""

import asyncio
import os
import tempfile
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.schemas.records import StoredFile
from gateway.store.files import FileStore

COPIES_MAX = 64
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it, for its owner


class PlaintextCopies:
    """The copies that are there.

    Args:
        files: The sealed ones.
        folder: Of the copies.
    """

    def __init__(self, files: FileStore, folder: Path) -> None:
        self._files = files
        self._folder = folder
        self._copies: OrderedDict[str, Path] = OrderedDict()
        self._turn = asyncio.Lock()

    async def path(self, file: StoredFile) -> Path:
        """The path of a file's copy; where there are too many copies, the oldest is deleted."""
        async with self._turn:
            if file.path not in self._copies:
                self._copies[file.path] = await self._copy(file)
            self._copies.move_to_end(file.path)
            while len(self._copies) > COPIES_MAX:
                _, oldest = self._copies.popitem(last=False)
                await asyncio.to_thread(oldest.unlink)
            return self._copies[file.path]

    async def _copy(self, file: StoredFile) -> Path:
        copy = self._folder / file.path
        await asyncio.to_thread(copy.parent.mkdir, mode=0o700, exist_ok=True)
        with await asyncio.to_thread(copy.open, "wb") as target:
            async for piece in await self._files.read(file.path):
                await asyncio.to_thread(target.write, piece)
        return copy


@contextmanager
def plaintext_copies(files: FileStore) -> Iterator[PlaintextCopies]:
    """Keep copies while the block runs."""
    where = _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="edgerad-", dir=where) as folder:
        yield PlaintextCopies(files, Path(folder))
