"""What is done at the machine, noted in the bot's audit log.

Knows the bot's store. Must not know what was done.
"""

import asyncio
import secrets

from bot.domain.audit import Act
from bot.settings import BotSettings
from bot.store import open_store
from bot.store.database import DiskFault
from machine.clock import SystemClock
from machine.faults import Fault
from storage.opening import unlocked


class NotRecorded(Fault):
    """It was done, and could not be noted in the audit log."""


def record(settings: BotSettings, act: Act, subject: str = "") -> str:
    """Note what whoever sits at the machine has done.

    Args:
        subject: To what; nothing of a patient.

    Returns:
        The log's head now.

    Raises:
        NotRecorded: If the disk is full or fails.
    """
    try:
        return asyncio.run(_add(settings, act, subject))
    except DiskFault as error:
        raise NotRecorded(f"It was done, but not noted in the audit log: {error}") from error


async def _add(settings: BotSettings, act: Act, subject: str) -> str:
    key = f"machine:{secrets.token_hex(8)}"
    with unlocked(settings.home, settings.key_file) as keyring:
        async with open_store(settings.home, keyring) as store:
            return await store.audit.add(act, subject, actor=None, key=key, now=SystemClock().now())
