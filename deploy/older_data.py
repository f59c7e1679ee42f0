"""Whether the databases are older than EdgeRad's sealed record of them, as an operator sees it.

Knows both databases and the record. Noticing is the parts' own at their start; here it is told.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from bot.older_data import revoke_again
from bot.settings import BotSettings
from bot.store import open_store
from deploy import databases
from machine.clock import SystemClock
from storage.epoch import EpochRecord, Finding
from storage.keys import Keyring
from storage.layout import DATABASES, Layout
from storage.opening import unlocked

WHAT_TO_DO = (
    "If you put files back by hand, stop EdgeRad and restore the newest backup: edgerad restore"
    " ARCHIVE --force. If nobody did, somebody may have had the disk, or it is failing: compare a"
    " head of the audit log that you noted (edgerad audit verify --head CODE), look at who is"
    " enrolled (/people), ask for cases that are missing. Then: edgerad audit accept"
)


def noticed(home: Path, keyring: Keyring) -> list[Finding]:
    """What was noticed and not accepted yet, and what would be at a start now; changes nothing.

    Args:
        keyring: The keys to the folder; none where nothing is sealed yet.

    Raises:
        DatabaseError: If a database cannot be read.
    """
    if not keyring.keys:
        return []
    record = EpochRecord(home, keyring)
    now = SystemClock().now().timestamp()
    return [*record.findings(), *record.judge(lambda: _numbers(home, keyring), now)]


def adopt(folder: Path, keyring: Keyring, before: Path) -> None:
    """Begin the record of a backup that is about to be put in place, so that it is not noticed.

    Args:
        folder: The backup, unpacked.
        keyring: The keys to it; none where it is not sealed.
        before: The data folder in whose place it comes.
    """
    Layout(folder).epoch.mkdir(mode=0o700)  # takes the place of the one before in any case
    if keyring.keys:
        revoked = EpochRecord(before, keyring).revoked()
        EpochRecord(folder, keyring).adopt(_numbers(folder, keyring), revoked)


def revoke_after_restore(settings: BotSettings) -> int:
    """Take away again the access of people who lost it since the backup was made.

    Returns:
        How many.
    """
    return asyncio.run(_revoke_again(settings))


async def _revoke_again(settings: BotSettings) -> int:
    with unlocked(settings.home, settings.key_file) as keyring:
        revoked = EpochRecord(settings.home, keyring).revoked()
        async with open_store(settings.home, keyring, SystemClock()) as store:
            return await revoke_again(store, revoked)


def _numbers(home: Path, keyring: Keyring) -> Mapping[Path, int]:
    paths = [path for path in DATABASES if (home / path).exists()]
    return {path: databases.epoch(home, path, keyring) for path in paths}
