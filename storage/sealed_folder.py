"""A folder whose files are sealed, each for its own name.

Knows paths and the sealed form. Must not know what the files are for. Its methods take as long as
the disk does: call them in a thread.
"""

from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path

from storage import durable
from storage.durable import DRAFT
from storage.errors import Damaged
from storage.keys import Keyring, Purpose
from storage.sealing import HEAD_BYTES, MAGIC, Sealer, Source, key_id_of


class SealedFolder:
    """A folder of sealed files.

    Args:
        path: The folder; made with the first file.
        keyring: Seals and opens.
        purpose: What the files are.
    """

    def __init__(self, path: Path, keyring: Keyring, purpose: Purpose = Purpose.FILES) -> None:
        self.path = path
        self._keyring = keyring
        self._sealer = Sealer(keyring, purpose)

    def add(self, name: str, source: Source) -> None:
        """Keep a new file; on return it survives a power cut.

        Args:
            name: Relative to the folder, such as `photos/Zx3.jpg`; not taken yet.
            source: Read to its end.
        """
        durable.create(self.path / name, self._sealer.seal(source, name))

    def put(self, name: str, source: Source) -> None:
        """Keep a file, in place of one of that name: at any moment it is the old or the new one."""
        durable.replace(self.path / name, self._sealer.seal(source, name))

    def pieces(self, name: str) -> Generator[bytes, None, None]:
        """Read a file little by little.

        Args:
            name: As it was added.

        Raises:
            Damaged: If it is not what was added under this name.
            FileNotFoundError: If there is none.
        """
        with (self.path / name).open("rb") as file:
            yield from self._sealer.open(file, name)

    def read(self, name: str) -> bytes:
        """Read a whole file, as `pieces` does."""
        return b"".join(self.pieces(name))

    def is_whole(self, name: str) -> bool:
        """Whether a file is there, and is what was added under this name; opens all of it."""
        try:
            for _ in self.pieces(name):
                pass
        except (OSError, Damaged):
            return False
        return True

    def remove(self, name: str) -> None:
        """Remove a file; it may be gone already."""
        (self.path / name).unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """The names of all files, what a crash left unfinished among them."""
        for path in self.path.rglob("*"):
            if path.is_file():
                yield path.relative_to(self.path).as_posix()

    def reseal(self) -> None:
        """Bring every file to the key in use: from no key, or from one before it.

        May be cut off and called again: at any moment each file is whole, and says its key. A
        damaged file stays as it is.
        """
        for name in list(self.names()):
            if name.endswith(DRAFT):
                self.remove(name)
            else:
                self._reseal_one(name)

    def seal(self, name: str) -> None:
        """Seal a file that lies there in clear, and write zeros over what was in clear."""
        with (self.path / name).open("r+b") as file:
            if not file.read(HEAD_BYTES).startswith(MAGIC):
                file.seek(0)
                self.put(name, file)
                durable.overwrite(file)

    def _reseal_one(self, name: str) -> None:
        self.seal(name)
        with (self.path / name).open("rb") as file:
            head = file.read(HEAD_BYTES)
            file.seek(0)
            if key_id_of(head) != self._keyring.current.id:
                opened = _Opened(self._sealer.open(file, name))
                with suppress(Damaged):
                    self.put(name, opened)


class _Opened:
    """Pieces of whatever length as something to read from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def read(self, size: int, /) -> bytes:
        while len(self._rest) < size and (piece := next(self._pieces, b"")):
            self._rest += piece
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken
