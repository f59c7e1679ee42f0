"""One archive of everything that cannot be made again: cases, chats, pictures, the bot's token.

Knows the data folder's layout. EdgeRad may go on serving: the databases are copied as of one
moment, and pictures are never changed once written. Models are left out: they have a source.
"""

import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from deploy import databases
from machine.faults import Fault, in_words
from machine.sizes import size_words
from vault import opening, places
from vault.keys import Keyring

FOLDERS = (*opening.FOLDERS, Path("secrets"))
FILES = (opening.MARK, Path(places.SEALED))
"""Which key all is sealed with; the key itself where it is sealed with a passphrase."""

MANIFEST = "backup.json"
BLOCK_BYTES = 1 << 20


class BackupFailed(Fault):
    """The backup is not usable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a finished backup holds."""

    target: Path
    files: int
    size_bytes: int

    def in_words(self) -> str:
        """The summary as a sentence for people."""
        size = size_words(self.size_bytes)
        return f"Backed up and checked: {self.files} files, {size}, in {self.target}"


def back_up(
    home: Path, target: Path, key_file: Path | None = None, *, force: bool = False
) -> Summary:
    """Write the archive, then read all of it again before saying that it is done.

    Args:
        home: The data folder.
        target: The tar file to write.
        key_file: `EDGERAD_KEY_FILE`, if set.
        force: Whether it may take the place of one of that name, once it is whole.

    Returns:
        What it holds.

    Raises:
        BackupFailed: If there is nothing to back up, or the archive did not read back the same.
    """
    if not any((home / path).exists() for path in databases.PATHS):
        raise BackupFailed(f"EDGERAD_HOME={home} holds no cases and no chats: nothing to back up.")
    if target.exists() and not force:
        raise BackupFailed(f"{target} is there already. Choose another name, or say --force.")
    draft = target.with_name(target.name + ".partial")
    try:
        with (
            opening.unlocked(home, key_file) as keyring,
            tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as staging,
        ):
            hashes = _write(home, draft, Path(staging), keyring)
            verify(draft, hashes, Path(staging), keyring)
        draft.replace(target)
    except (OSError, tarfile.TarError, databases.DatabaseError) as error:
        raise BackupFailed(f"The backup failed. {in_words(error) or error}") from error
    finally:
        draft.unlink(missing_ok=True)
    return Summary(target=target, files=len(hashes), size_bytes=target.stat().st_size)


def _write(home: Path, draft: Path, staging: Path, keyring: Keyring) -> dict[str, str]:
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    hashes: dict[str, str] = {}
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as archive:
            for name, path in _contents(home, staging, keyring):
                hashes[name] = _hash_file(path)
                archive.add(path, arcname=name)
            manifest = staging / MANIFEST
            manifest.write_text(json.dumps({"format": 1, "files": hashes}, indent=1))
            archive.add(manifest, arcname=MANIFEST)
        file.flush()
        os.fsync(file.fileno())
    return hashes


def _contents(home: Path, staging: Path, keyring: Keyring) -> Iterator[tuple[str, Path]]:
    """Databases first: whatever picture a copied row names was written before it."""
    for path in databases.PATHS:
        if (home / path).exists():
            copied = staging / path.name
            databases.copy(home, path, copied, keyring)
            yield path.as_posix(), copied
    for path in FILES:
        if (home / path).exists():
            yield path.as_posix(), home / path
    for folder in FOLDERS:
        for file in sorted((home / folder).rglob("*")):
            if file.is_file():
                yield file.relative_to(home).as_posix(), file


def verify(archive_path: Path, hashes: dict[str, str], staging: Path, keyring: Keyring) -> None:
    """Read an archive back.

    Args:
        archive_path: The archive.
        hashes: SHA-256 of each file that it must hold, by name.
        staging: An empty place for the databases to be opened in.
        keyring: The keys to them.

    Raises:
        BackupFailed: If a file is missing or differs, or a database in it is not whole.
    """
    found: dict[str, str] = {}
    with tarfile.open(archive_path) as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None and member.name != MANIFEST:
                found[member.name] = _hash(content)
        if found != hashes:
            raise BackupFailed("The archive does not read back as written: is the disk failing?")
        for path in databases.PATHS:
            if path.as_posix() in found:
                archive.extract(path.as_posix(), staging / "check", filter="data")
                _check(staging / "check", path, keyring)


def _check(home: Path, path: Path, keyring: Keyring) -> None:
    words = databases.check(home, path, keyring)
    if words != "ok":
        raise BackupFailed(f"The copy of {path.name} is damaged: {words}")


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return _hash(file)


def _hash(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := file.read(BLOCK_BYTES):
        digest.update(block)
    return digest.hexdigest()
