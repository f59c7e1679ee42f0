"""A gateway's store, at a time that only the test moves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from gateway.schemas.records import BotIdentity, UserId
from gateway.store.bells import Bells
from gateway.store.database import Clock
from gateway.store.store import Store, open_store
from tests.keys import KEYRING

BOT = BotIdentity(user_id=UserId(1), name="EdgeRad", username="edgerad_bot")


class Time:
    """A clock, unix seconds."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def chats_at(path: Path, clock: Clock) -> AsyncIterator[Store]:
    """The store of a database file, made if there is none."""
    async with open_store(path, KEYRING, BOT, Bells(), clock) as opened:
        yield opened
