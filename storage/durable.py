"""Files that are whole and on the disk, or not there at all.

Knows fsync and rename. Must not know what is written.
"""

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

WIPE_BYTES = 1 << 20
DRAFT = ".draft"
"""How the name of a file ends that is not whole yet; a crash may leave one behind."""


def create(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a new file for its owner alone, on the disk on return.

    Args:
        path: Where there must be nothing yet; its folders are made.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        _write(path, pieces)
    except BaseException:  # a full disk must not keep what nobody will name
        path.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
    sync_folder(path.parent.parent)


def replace(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file anew: at any moment it is the old one or the new one.

    Args:
        path: The file; made where there is none.
    """
    with draft_of(path) as draft:
        create(draft, pieces)
        draft.replace(path)
    sync_folder(path.parent)


@contextmanager
def draft_of(path: Path) -> Iterator[Path]:
    """A name beside a file for what shall take its place.

    Yields:
        The name; what still bears it at the end is removed.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}{DRAFT}")
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def wipe(path: Path) -> None:
    """Write zeros over a file and remove it.

    A disk that spins then holds nothing of it. Flash writes the zeros elsewhere and frees the old
    cells when it sees fit.

    Args:
        path: The file; it may be gone already.
    """
    if not path.exists():
        return
    with path.open("r+b") as file:
        overwrite(file)
    path.unlink()


def overwrite(file: BinaryIO) -> None:
    """Write zeros over an open file, whatever its name means meanwhile."""
    left = os.fstat(file.fileno()).st_size
    file.seek(0)
    while left > 0:
        left -= file.write(bytes(min(left, WIPE_BYTES)))
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make names in a folder outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(descriptor)
