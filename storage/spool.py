"""A temporary file that is in memory while it is small, and unreadable once it is on the disk.

Knows a key that is drawn for each file and kept nowhere but in this process's memory.
"""

import io
import secrets
import tempfile
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from typing_extensions import Buffer, override

BLOCK_BYTES = 16


def spooled_file(memory_bytes: int) -> BinaryIO:
    """Begin a file for bytes that are written once, from the first to the last, and then read.

    Args:
        memory_bytes: With more it moves to the disk, encrypted.
    """
    return io.BufferedRandom(_Spool(memory_bytes))


class _Spool(io.RawIOBase):
    """Memory at first, then a file without a name, encrypted by AES-256 in counter mode.

    Counter mode must not write one place twice.
    """

    def __init__(self, memory_bytes: int) -> None:
        super().__init__()
        self._memory_bytes = memory_bytes
        self._file: BinaryIO | io.FileIO = io.BytesIO()
        self._cipher: algorithms.AES256 | None = None

    @override
    def readinto(self, buffer: Buffer, /) -> int:
        at = self._file.tell()
        view = memoryview(buffer)
        data = self._file.read(len(view))
        view[: len(data)] = self._turn(data, at)
        return len(data)

    @override
    def readall(self) -> bytes:
        """All at once: Python's own reads 8 KiB at a time."""
        at = self._file.tell()
        return self._turn(self._file.read(), at)

    @override
    def write(self, data: Buffer, /) -> int:
        at = self._file.tell()
        if self._cipher is None and at + memoryview(data).nbytes > self._memory_bytes:
            self._move_to_disk()
        return self._file.write(self._turn(bytes(data), at))

    def _move_to_disk(self) -> None:
        at = self._file.tell()
        self._file.seek(0)
        written = self._file.read()
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by `close`
        self._cipher = algorithms.AES256(secrets.token_bytes(32))
        unwritten = memoryview(self._turn(written, 0))
        while unwritten:  # a disk that fills up takes a part, and refuses the next
            unwritten = unwritten[self._file.write(unwritten) :]
        self._file.seek(at)

    @override
    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    @override
    def readable(self) -> bool:
        return True

    @override
    def writable(self) -> bool:
        return True

    @override
    def seekable(self) -> bool:
        return True

    @override
    def close(self) -> None:
        self._file.close()
        super().close()

    def _turn(self, data: bytes, at: int) -> bytes:
        """Encrypt or decrypt what stands at a place in the file."""
        if self._cipher is None:
            return data
        block, skipped = divmod(at, BLOCK_BYTES)
        turn = Cipher(self._cipher, modes.CTR(block.to_bytes(BLOCK_BYTES))).encryptor()
        return turn.update(bytes(skipped) + data)[skipped:]
