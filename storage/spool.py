"""A temporary file that is in memory while it is small, and unreadable once it is on the disk.

Knows a key that is drawn for each file and kept nowhere but in this process's memory.
"""

import io
import secrets
import tempfile
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from typing_extensions import Buffer, override

if TYPE_CHECKING:
    Base = tempfile.SpooledTemporaryFile[bytes]
else:
    Base = tempfile.SpooledTemporaryFile

BLOCK_BYTES = 16


class Spool(Base):
    """The standard library's spooled file; what it writes to the disk is encrypted.

    For bytes that are written once, from the first to the last: AES in counter mode must not
    write one place twice.
    """

    @override
    def rollover(self) -> None:
        """Move what is in memory to the disk."""
        at = self._file.tell()
        self._file.seek(0)
        hidden = io.BufferedRandom(_Hidden())
        hidden.write(self._file.read())
        hidden.seek(at)
        self._file, self._rolled = hidden, True


class _Hidden(io.RawIOBase):
    """A file without a name, encrypted by AES-256 in counter mode."""

    def __init__(self) -> None:
        super().__init__()
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by `close`
        self._cipher = algorithms.AES256(secrets.token_bytes(32))

    @override
    def readinto(self, buffer: Buffer, /) -> int:
        at = self._file.tell()
        view = memoryview(buffer)
        data = self._file.read(len(view))
        view[: len(data)] = self._turn(data, at)
        return len(data)

    @override
    def write(self, data: Buffer, /) -> int:
        return self._file.write(self._turn(bytes(data), self._file.tell()))

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
        if not self.closed:
            self._file.close()
        super().close()

    def _turn(self, data: bytes, at: int) -> bytes:
        """Encrypt or decrypt what stands at a place in the file."""
        block, skipped = divmod(at, BLOCK_BYTES)
        turn = Cipher(self._cipher, modes.CTR(block.to_bytes(BLOCK_BYTES))).encryptor()
        return turn.update(bytes(skipped) + data)[skipped:]
