"""The form of a backup: a tar of a data folder's files, then `backup.json` with their hashes.

Knows the form and how to prove an archive. Must not know what is worth keeping, nor where it goes.
"""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ValidationError

from deploy import databases
from machine.faults import Fault, in_words
from machine.sizes import size_words
from storage.key_sources import find_key_source
from storage.keys import Keyring
from storage.layout import DATABASES, KEPT_FILES, KEPT_FOLDERS
from storage.opening import find_keyring

MANIFEST = "backup.json"
HELD = {MANIFEST, *(path.parts[0] for path in (*DATABASES, *KEPT_FOLDERS, *KEPT_FILES))}
"""How the names in an archive may begin. Models are in none, so a restore puts none in place."""

BLOCK_BYTES = 1 << 20


class ArchiveUnusable(Fault):
    """This archive holds no backup that can be restored."""


class BackupManifest(BaseModel):
    """What an archive says of itself.

    Args:
        format: Of the archive.
        made_at: When, in UTC; empty in the first archives.
        files: SHA-256 by the file's name in the data folder.
    """

    format: int
    made_at: str = ""
    files: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSummary:
    """What an archive holds, proven.

    Args:
        archive: Where it is.
        files: How many.
        size_bytes: Of the archive.
        made_at: When, in UTC.
    """

    archive: Path
    files: int
    size_bytes: int
    made_at: str

    def in_words(self) -> str:
        """The summary as a sentence for people."""
        made = f", made {self.made_at}" if self.made_at else ""
        return f"{self.archive}: {self.files} files, {size_words(self.size_bytes)}{made}"


def write(archive: Path, contents: Iterable[tuple[str, Path]], made_at: str) -> None:
    """Write an archive; on return it survives a power cut.

    Args:
        archive: Must not exist yet; for its owner alone.
        contents: Names in the data folder and where the files are; one that is gone is left out.
    """
    hashes: dict[str, str] = {}
    descriptor = os.open(archive, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            for name, path in contents:
                try:
                    content = _Hashed(path)
                except FileNotFoundError:
                    continue  # deleted since it was listed
                with content.file:
                    tar.addfile(tar.gettarinfo(arcname=name, fileobj=content.file), content)
                hashes[name] = content.digest.hexdigest()
            manifest = BackupManifest(format=1, made_at=made_at, files=hashes)
            _add_text(tar, MANIFEST, manifest.model_dump_json(indent=1))
        file.flush()
        os.fsync(descriptor)


def look_at(archive: Path) -> None:
    """Say at once what is no archive, before anything else is asked or done.

    Raises:
        ArchiveUnusable: If it does not begin like one.
    """
    with _faults_of(archive), tarfile.open(archive):
        pass


def prove(archive: Path, folder: Path, key_file: Path | None) -> BackupSummary:
    """Restore an archive into an empty folder, and look all of it over.

    Args:
        folder: Where its files go; what is there afterwards is a data folder.
        key_file: `EDGERAD_KEY_FILE`, if set.

    Raises:
        ArchiveUnusable: If a file is missing or differs, or a database is not whole.
        StorageError: If the key at hand does not open it.
    """
    with _faults_of(archive):
        with tarfile.open(archive) as tar:
            only_ours = partial(_only_ours, archive)
            tar.extractall(folder, filter=only_ours)  # noqa: S202 - the filter "data", and more
        if not (folder / MANIFEST).is_file():
            raise ArchiveUnusable(f"{archive} is no backup of EdgeRad, or not all of one.")
        manifest = BackupManifest.model_validate_json((folder / MANIFEST).read_bytes())
        (folder / MANIFEST).unlink()
    found = {
        path.relative_to(folder).as_posix(): _hash_of(path)
        for path in folder.rglob("*")
        if path.is_file()
    }
    if found != manifest.files:
        raise ArchiveUnusable(f"{archive} does not read back as it was written: {_where(archive)}")
    _check_databases(folder, find_keyring(folder, find_key_source(folder, key_file)) or Keyring(()))
    return BackupSummary(
        archive=archive,
        files=len(found),
        size_bytes=archive.stat().st_size,
        made_at=manifest.made_at,
    )


def _only_ours(archive: Path, member: tarfile.TarInfo, folder: str) -> tarfile.TarInfo:
    """Let a file of a data folder pass, for its owner alone: no link, and nothing beside those."""
    checked = tarfile.data_filter(member, folder)
    if not checked.isreg() or checked.name.partition("/")[0] not in HELD:
        raise ArchiveUnusable(f"{archive} is no backup of EdgeRad: it holds {member.name!r}.")
    return checked.replace(mode=0o600, deep=False)


def _check_databases(folder: Path, keyring: Keyring) -> None:
    for path in DATABASES:
        if (folder / path).exists():
            words = databases.check(folder, path, keyring)
            if words != "ok":
                raise ArchiveUnusable(f"The copy of {path.name} is damaged: {words}")


@contextmanager
def _faults_of(archive: Path) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, EOFError, ValidationError) as error:
        raise ArchiveUnusable(f"{archive} is no backup of EdgeRad: {_where(archive)}") from error
    except OSError as error:
        raise ArchiveUnusable(f"{archive} cannot be read or unpacked. {in_words(error)}") from error


def _where(archive: Path) -> str:
    return f"is the disk failing? Keep {archive.name}, and try another backup."


class _Hashed:
    """A file that is hashed as it is read."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("rb")
        self.digest = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        block = self.file.read(size)
        self.digest.update(block)
        return block


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.mode = 0o600
    entry.size = len(text.encode())
    tar.addfile(entry, io.BytesIO(text.encode()))


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return _hash(file)


def _hash(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := file.read(BLOCK_BYTES):
        digest.update(block)
    return digest.hexdigest()
