"""Puts a backup in place: unpacked and proven beside the data first, then swapped in.

Knows what of a data folder an archive replaces. Nothing is deleted: what was there is moved into a
folder of leftovers.
Cut off before the swap, nothing has changed; cut off in it, `edgerad restore --finish` goes on.
"""

import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from deploy import older_data
from deploy.backups import archive
from deploy.backups.archive import ArchiveUnusable, BackupSummary
from machine.faults import Fault
from storage.durable import sync_folder
from storage.home import hold_all
from storage.layout import DATABASES, SEALED_WITH, Layout
from storage.leftovers import leftover_folder


class NotEmpty(Fault):
    """There are data where the backup would go."""


class ArchiveDamaged(ArchiveUnusable):
    """Files in this archive are missing, damaged or exchanged."""


class NothingToFinish(Fault):
    """No restore was interrupted here: name the archive to restore."""

    def __init__(self) -> None:
        super().__init__("No restore was interrupted here: name the archive to restore.")


def verify(path: Path, key_file: Path | None) -> BackupSummary:
    """Restore a backup into a scratch folder and check it; the data folder is not touched.

    Args:
        key_file: `EDGERAD_KEY_FILE`, if set.

    Raises:
        ArchiveUnusable: If the archive cannot be restored, or not all of it.
    """
    with tempfile.TemporaryDirectory(prefix="edgerad-restore-") as scratch:
        summary, _ = archive.prove(path, Path(scratch), key_file)
        return _whole(summary)


def restore(
    path: Path,
    home: Path,
    key_file: Path | None,
    now: datetime,
    *,
    force: bool = False,
    damaged: bool = False,
) -> BackupSummary:
    """Put a backup in place of what is in a data folder; models stay.

    Args:
        home: The data folder, on which nothing may run.
        key_file: `EDGERAD_KEY_FILE`, if set.
        now: Names the folder of leftovers.
        force: Whether there may be cases already; they become leftovers.
        damaged: Whether pictures and files in it may be missing or damaged.

    Raises:
        NotEmpty: If there are cases or chats, and `force` was not said.
        ArchiveUnusable: If the archive cannot be restored; nothing has changed.
        AlreadyRunning: If EdgeRad runs on the folder.
    """
    with hold_all(home):
        archive.check_format(path)
        if any((home / name).exists() for name in DATABASES) and not force:
            raise NotEmpty(
                f"EDGERAD_HOME={home} holds cases or chats. With --force they are moved aside"
                " within it, and the backup takes their place. Nothing was changed."
            )
        unpacking = Layout(home).unpacking
        shutil.rmtree(unpacking, ignore_errors=True)
        unpacking.mkdir(mode=0o700)
        try:
            summary, keyring = archive.prove(path, unpacking, key_file)
            if not damaged:
                _whole(summary)
            if not (
                unpacking / SEALED_WITH
            ).exists():  # what is not sealed is to be sealed at the start
                Layout(home).sealed_with.unlink(missing_ok=True)
            if not summary.is_genuine:  # others may know its token, or have chosen it
                Layout(unpacking).bot_token.unlink(missing_ok=True)
            older_data.adopt(unpacking, keyring, before=home)
            os.sync()  # a power cut after the swap must find all of it
            unpacking.rename(Layout(home).restoring)
        finally:
            shutil.rmtree(unpacking, ignore_errors=True)
        _swap_in(home, now)
    return summary


def finish(home: Path, now: datetime) -> None:
    """Go on with a restore that was cut off.

    Args:
        home: The data folder, on which nothing may run.
        now: Names the folder of leftovers.

    Raises:
        NothingToFinish: If no restore was cut off in its swap.
        AlreadyRunning: If EdgeRad runs on the folder.
    """
    if not Layout(home).restoring.exists():
        raise NothingToFinish
    with hold_all(home):
        _swap_in(home, now)


def _whole(summary: BackupSummary) -> BackupSummary:
    if summary.damaged:
        raise ArchiveDamaged(
            f"{' '.join((summary.in_words() + '.', *summary.warnings()))} Try another backup. If"
            " there is none, restore what is whole: edgerad restore --damaged ARCHIVE"
        )
    return summary


def _swap_in(home: Path, now: datetime) -> None:
    """Put in place what was unpacked and proven; may be cut off and called again."""
    leftovers = leftover_folder(home, now)
    restoring = Layout(home).restoring
    for new in sorted(restoring.iterdir()):
        old = home / new.name
        if old.exists():
            leftovers.mkdir(mode=0o700, exist_ok=True)
            old.rename(leftovers / new.name)
        new.rename(old)
    restoring.rmdir()
    sync_folder(home)
