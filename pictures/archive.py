"""The files of a ZIP archive, one after the other, each within limits.

Knows ZIP. Must not know what the files are. Runs only in a disposable process.
"""

import io
import zipfile
from collections.abc import Iterator

from pictures import limits
from pictures.errors import PictureTooLarge, UnsupportedFormat

_LOCKED = 0x1
"""Bit of an entry that is encrypted (APPNOTE 4.4.4)."""


class Archive:
    """An archive that was opened.

    Args:
        data: The whole file.

    Raises:
        PictureTooLarge: It has too many files, or states that they are too large together.
        UnsupportedFormat: It needs a password.
    """

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._files = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        unpacked = sum(entry.file_size for entry in self._files)
        if len(self._files) > limits.MAX_FILES or unpacked > limits.MAX_UNPACKED_BYTES:
            raise PictureTooLarge("The archive holds too much: send a part of it.")
        if any(entry.flag_bits & _LOCKED for entry in self._files):
            raise UnsupportedFormat("The archive needs a password.", seems="ZIP")

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """Each file, with the number by which `read` finds it again, in the order of their names.

        Yields:
            Number and content.
        """
        for number in sorted(range(len(self._files)), key=lambda at: self._files[at].filename):
            yield number, self.read(number)

    def read(self, number: int) -> bytes:
        """Unpack one file.

        Raises:
            PictureTooLarge: It holds more than it states, or more than a file may.
        """
        entry = self._files[number]
        most = min(entry.file_size, limits.MAX_BYTES)
        with self._zip.open(entry) as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise PictureTooLarge(f"A file in it is larger than {most // 1_000_000} MB.")
        return data
