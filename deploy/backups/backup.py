"""One archive of everything that cannot be made again: cases, chats, pictures, the bot's token.

Knows what of the data folder that is. EdgeRad may go on serving: the databases are copied as of one
moment, and pictures are never changed once written. Models are left out: they have a source. All of
a patient stays sealed in the archive; the key is not in it.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.store.expiry import CLOCK_JUMP
from deploy import databases
from deploy.backups import archive
from deploy.backups.archive import BackupSummary
from machine.clock import Clock, SystemClock
from machine.faults import Fault, in_words
from storage.bot_token import seal_token
from storage.durable import DRAFT, sync_folder
from storage.home import Holder, hold
from storage.keys import Keyring
from storage.layout import DATABASES, KEPT_FILES, KEPT_FOLDERS
from storage.opening import unlocked

NAME = "edgerad-%Y-%m-%dT%H%M%SZ.tar"
DATED = re.compile(r"edgerad-\d{4}-\d\d-\d\dT\d{6}Z\.tar")
"""How archives are called where only the folder was named; their names sort by time."""


class BackupFailed(Fault):
    """The backup was not made; archives that were there stay."""


def back_up(
    home: Path,
    target: Path,
    key_file: Path | None = None,
    *,
    force: bool = False,
    keep: int | None = None,
    keep_for: timedelta | None = None,
    clock: Clock | None = None,
) -> BackupSummary:
    """Write the archive, and restore it into a scratch folder before saying that it is done.

    Args:
        target: The tar file to write, or a folder, in which it gets a name with date and time.
        key_file: `EDGERAD_KEY_FILE`, if set.
        force: Whether it may take the place of one of that name, once it is proven.
        keep: How many dated archives stay in the folder; all by default.
        keep_for: How long dated archives stay in the folder; for ever by default.
        clock: Tells the time; the machine's by default.

    Raises:
        BackupFailed: If there is nothing to back up or no place for it.
        ArchiveUnusable: If the archive could not be restored.
        StorageError: If the key is not at hand.
    """
    if not any((home / path).exists() for path in DATABASES):
        raise BackupFailed(f"EDGERAD_HOME={home} holds no cases and no chats: nothing to back up.")
    now = (clock or SystemClock()).now()
    path = target / now.strftime(NAME) if target.is_dir() else target
    _check_place(path, target, force=force, keep=keep)
    with hold(home, Holder.BACKUP):
        summary = _write(home, path, key_file, now)
    if keep is not None:
        _forget_all_but(keep, path)
    if keep_for is not None and path != target:
        _forget_older(keep_for, path, now)
    return summary


def _check_place(path: Path, target: Path, *, force: bool, keep: int | None) -> None:
    if keep is not None and path == target:
        raise BackupFailed(f"--keep needs a folder to keep archives in, and {target} is none.")
    if not path.parent.is_dir():
        raise BackupFailed(f"There is no folder {path.parent}. Is the disk connected?")
    if path.exists() and not force:
        raise BackupFailed(f"{path} is there already. Choose another name, or say --force.")


def _write(home: Path, path: Path, key_file: Path | None, now: datetime) -> BackupSummary:
    try:
        with (
            unlocked(home, key_file) as keyring,
            tempfile.TemporaryDirectory(dir=path.parent, prefix=".edgerad-backup-") as folder,
        ):
            seal_token(home, keyring)
            staging = Path(folder)
            draft = staging / path.name
            made_at = f"{now:%Y-%m-%d %H:%M} UTC"
            copies = _copied_databases(home, staging / "copied", keyring)
            archive.write(
                draft,
                _contents(home, copies),
                made_at=made_at,
                named=_named(staging / "copied", keyring),
                keyring=keyring,
            )
            (staging / "restored").mkdir()
            summary, _ = archive.prove(draft, staging / "restored", key_file)
            draft.replace(path)
            sync_folder(path.parent)
    except (OSError, databases.DatabaseError) as error:
        raise BackupFailed(f"The backup was not made. {in_words(error) or error}") from error
    return replace(summary, archive=path)


def _copied_databases(home: Path, copied: Path, keyring: Keyring) -> dict[str, Path]:
    """Copies of the databases, before any file is: what a copied row names was written before it.

    Returns:
        Where each is, by its name in the data folder.
    """
    copies: dict[str, Path] = {}
    for path in DATABASES:
        if (home / path).exists():
            (copied / path).parent.mkdir(parents=True)
            databases.copy(home, path, copied / path, keyring)
            copies[path.as_posix()] = copied / path
    return copies


def _named(copied: Path, keyring: Keyring) -> list[str]:
    return [
        f"{folder.as_posix()}/{name}" for folder, name in databases.named_files(copied, keyring)
    ]


def _contents(home: Path, copies: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    yield from copies.items()
    for path in KEPT_FILES:
        if (home / path).exists():
            yield path.as_posix(), home / path
    for folder in KEPT_FOLDERS:
        for file in sorted((home / folder).rglob("*")):
            if file.is_file() and not file.name.endswith(DRAFT):
                yield file.relative_to(home).as_posix(), file


def _forget_all_but(keep: int, newest: Path) -> None:
    """Remove the oldest dated archives; the one just made stays whatever the clock says."""
    others = _others(newest)
    for path in others[: max(0, len(others) - (keep - 1))]:
        path.unlink()


def _forget_older(keep_for: timedelta, newest: Path, now: datetime) -> None:
    """Remove dated archives in which every case is too old.

    Not where the last one before is from more than a month ago: then the clock may have jumped.
    """
    others = _others(newest)
    if others and others[-1].name >= (now - CLOCK_JUMP).strftime(NAME):
        for path in others:
            if path.name < (now - keep_for).strftime(NAME):
                path.unlink()


def _others(newest: Path) -> list[Path]:
    """The dated archives beside one, oldest first."""
    folder = newest.parent
    return sorted(
        path for path in folder.iterdir() if DATED.fullmatch(path.name) and path != newest
    )
