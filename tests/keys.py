"""The key that tests seal with, and a data folder's own where a process made one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.store import Store, open_store
from machine.clock import SystemClock
from storage.keys import Key, Keyring
from storage.opening import unlocked

KEYRING = Keyring((Key(bytes(range(32))),))


@asynccontextmanager
async def bot_store_at(home: Path) -> AsyncIterator[Store]:
    """The bot's store of a data folder, opened beside a bot that runs on it."""
    with unlocked(home, None) as keyring:
        async with open_store(home, keyring, SystemClock()) as store:
            yield store
