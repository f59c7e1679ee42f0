"""What is done at the machine, noted in the bot's audit log.

Knows the bot's store. Must not know what was done.
"""

import asyncio

from bot.domain.audit import Act, Actor
from bot.settings import BotSettings
from bot.store import open_store
from machine.clock import SystemClock
from machine.faults import Fault
from storage.database import DiskFault
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
    with unlocked(settings.home, settings.key_file) as keyring:
        async with open_store(settings.home, keyring, SystemClock()) as store:
            return await store.audit.add(Actor.at_the_machine().does(act, subject))
