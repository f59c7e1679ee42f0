"""The format of a backup: a tar of a data folder's files, then `backup.json`, its manifest.

Knows the format and how to check an archive. Must not know what is backed up, nor where to.
"""

import hashlib
import io
import os
import shutil
import tarfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from deploy import databases
from deploy.backups.manifest import BackupManifest
from gateway.certificates import Certificates
from machine.faults import Fault, in_words
from machine.sizes import size_words
from storage.key_sources import find_key_source
from storage.keys import Keyring
from storage.layout import BOT_DATABASE, DATABASES, KEPT_FILES, KEPT_FOLDERS
from storage.opening import find_keyring
from storage.sealed_folder import SealedFolder

MANIFEST = "backup.json"
HELD = {MANIFEST, *(path.parts[0] for path in (*DATABASES, *KEPT_FOLDERS, *KEPT_FILES))}
"""How the names in an archive may begin. Models are in none, so a restore puts none in place."""

LAST_WITHOUT_SEAL = 8
"""The schema of the bot's database in release 0.1, the last that did not seal its archives."""

BLOCK_BYTES = 1 << 20


class ArchiveUnusable(Fault):
    """This archive holds no backup that can be restored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSummary:
    """What a checked archive holds.

    Args:
        archive: Where it is.
        files: How many.
        size_bytes: Of the archive.
        made_at: When, in UTC.
        is_genuine: Whether it is sealed with the data's key, so nobody without it changed it.
        missing: How many files the databases named that were not there when it was made.
        damaged: How many files are missing beside those, or are not what was stored.
    """

    archive: Path
    files: int
    size_bytes: int
    made_at: str
    is_genuine: bool
    missing: int
    damaged: int

    def in_words(self) -> str:
        """The summary as a sentence for people."""
        made = f", made {self.made_at}" if self.made_at else ""
        return f"{self.archive}: {self.files} files, {size_words(self.size_bytes)}{made}"

    def warnings(self) -> Iterator[str]:
        """What people should know of it beside that, a sentence or two each."""
        if not self.is_genuine:
            yield (
                "NOT AUTHENTICATED: an earlier release made this archive, without a seal. Whoever"
                " had it may have changed it. Restore it only if it was always in good hands, and"
                " look afterwards at who is enrolled: /people."
            )
        if self.missing:
            yield (
                f"Named by the databases and not there when it was made: {_files(self.missing)},"
                " deleted meanwhile, or lost."
            )
        if self.damaged:
            yield f"Missing, damaged or exchanged in it: {_files(self.damaged)}."


def write(
    archive: Path,
    contents: Iterable[tuple[str, Path]],
    *,
    made_at: str,
    named: Collection[str],
    keyring: Keyring,
) -> None:
    """Write an archive; on return it survives a power cut.

    Args:
        archive: Must not exist yet; for its owner alone.
        contents: Names in the data folder and where the files are; one that is gone is left out.
        made_at: When, in UTC.
        named: The names of all files that should be among them.
        keyring: Seals it.
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
            missing = sorted(set(named) - hashes.keys())
            manifest = BackupManifest.sealed(
                keyring, made_at=made_at, files=hashes, missing=missing
            )
            _add_text(tar, MANIFEST, manifest.model_dump_json(indent=1))
        file.flush()
        os.fsync(descriptor)


def check_format(archive: Path) -> None:
    """Refuse at once what is no archive, before anything else is asked or done.

    Raises:
        ArchiveUnusable: If it does not begin like one.
    """
    with _faults_of(archive), _opened(archive):
        pass


def prove(archive: Path, folder: Path, key_file: Path | None) -> tuple[BackupSummary, Keyring]:
    """Restore an archive into an empty folder and check everything in it.

    Args:
        folder: Where its files go; what is there afterwards is a data folder.
        key_file: `EDGERAD_KEY_FILE`, if set.

    Returns:
        What it holds, and the keys that open it; none where it is not sealed.

    Raises:
        ArchiveUnusable: If a file differs from the manifest, the manifest from its seal, or a
            database is not whole.
        StorageError: If the key at hand does not open it.
    """
    with _faults_of(archive):
        with _opened(archive) as tar:
            for member in tar:
                _unpack(tar, member, folder)
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
    keyring = find_keyring(folder, find_key_source(folder, key_file)) or Keyring(())
    _check_databases(folder, keyring)
    _check_seal(archive, folder, manifest, keyring)
    missing = frozenset(manifest.missing if manifest.has_seal else ())
    summary = BackupSummary(
        archive=archive,
        files=len(found),
        size_bytes=archive.stat().st_size,
        made_at=manifest.made_at,
        is_genuine=manifest.has_seal,
        missing=len(missing),
        damaged=len(_unreadable(folder, keyring) - missing),
    )
    return summary, keyring


def _opened(archive: Path) -> tarfile.TarFile:
    """Open it as EdgeRad writes it: not compressed, so it unpacks to no more than its own size."""
    return tarfile.open(archive, "r:")


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write a file of a data folder out, for its owner alone; refuse whatever else it may be.

    `extractall(filter=...)` does the half of it, and not before Python 3.11.4.

    Raises:
        ArchiveUnusable: If it is something else.
    """
    content = tar.extractfile(member) if _is_ours(member) else None
    if content is None:
        raise ArchiveUnusable(f"The archive is no backup of EdgeRad: it holds {member.name!r}.")
    target = folder / member.name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with content, os.fdopen(descriptor, "wb") as file:
        shutil.copyfileobj(content, file, BLOCK_BYTES)


def _is_ours(member: tarfile.TarInfo) -> bool:
    """Whether it is a plain file with a name that a data folder has: no link, no folder, no hole.

    A sparse file of a few bytes may claim any size.
    """
    parts = member.name.split("/")
    plain = member.type in {tarfile.REGTYPE, tarfile.AREGTYPE} and not member.issparse()
    return plain and parts[0] in HELD and not {"", ".", ".."} & {*parts} and "\0" not in member.name


def _check_databases(folder: Path, keyring: Keyring) -> None:
    for path in DATABASES:
        if (folder / path).exists():
            words = databases.check(folder, path, keyring)
            if words != "ok":
                raise ArchiveUnusable(f"The copy of {path.name} is damaged: {words}")


def _check_seal(archive: Path, folder: Path, manifest: BackupManifest, keyring: Keyring) -> None:
    """Refuse what was changed since it was sealed, and what lost its seal."""
    if manifest.has_seal and not manifest.is_genuine(keyring):
        raise ArchiveUnusable(
            f"{archive} was changed by somebody without the key after it was made. Do not use it;"
            " keep it, and try another backup."
        )
    if not manifest.has_seal and _schema(folder, keyring) > LAST_WITHOUT_SEAL:
        raise ArchiveUnusable(
            f"{archive} was sealed when it was made, and somebody took the seal off. Do not use it;"
            " keep it, and try another backup."
        )


def _schema(folder: Path, keyring: Keyring) -> int:
    if not (folder / BOT_DATABASE).exists():
        return 0
    return databases.schema_version(folder, BOT_DATABASE, keyring)


def _unreadable(folder: Path, keyring: Keyring) -> frozenset[str]:
    """What should be there, sealed, and is not: opens every such file."""
    try:
        named = list(databases.named_files(folder, keyring))
    except databases.DatabaseError as error:
        raise ArchiveUnusable(f"A database in it is damaged: {error}") from error
    files = {
        f"{where.as_posix()}/{name}"
        for where, name in named
        if not SealedFolder(folder / where, keyring).is_whole(name)
    }
    keys = Certificates(folder, keyring).unreadable()
    return frozenset(files | {path.relative_to(folder).as_posix() for path in keys})


def _files(number: int) -> str:
    return f"{number} file{'s' if number > 1 else ''}"


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
