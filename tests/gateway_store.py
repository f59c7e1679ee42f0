"""A gateway's store, at a time that only the test moves."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

from gateway.schemas.records import BotIdentity, Person, UserId
from gateway.schemas.sms import SmsRules
from gateway.store.sessions import Session
from gateway.store.signals import PhoneSignals
from gateway.store.store import ChatStore, open_chat_store, whole_seconds
from storage.keys import Keyring, Purpose
from storage.migrations import migrate, scripts_of
from storage.sqlcipher import connect
from storage.testing import MemoryDatabase
from tests.keys import KEYRING

BOT = BotIdentity(user_id=UserId(1), name="EdgeRad", username="edgerad_bot")
MIGRATIONS = scripts_of("gateway.store")

Clock = Callable[[], float]


class Time:
    """A clock, unix seconds."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.75

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def chats_at(path: Path, clock: Clock) -> AsyncIterator[ChatStore]:
    """The store of a database file, made if there is none."""
    async with open_chat_store(path, KEYRING, BOT, PhoneSignals(), clock) as store:
        yield store


def write_as_newer_release(path: Path, keyring: Keyring = KEYRING) -> None:
    """Make a file as a release would that is not out yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(connect(path, keyring, Purpose.GATEWAY_DATABASE)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        migrate(connection, (*MIGRATIONS, "CREATE TABLE later (n INTEGER) STRICT;"))


@asynccontextmanager
async def chats_in_memory(clock: Clock, sms: SmsRules | None = None) -> AsyncIterator[ChatStore]:
    """A store that needs no file."""
    signals = PhoneSignals()
    async with MemoryDatabase(MIGRATIONS, signals, whole_seconds(clock)) as database:
        yield ChatStore(database, signals, BOT, clock, sms=sms)


async def joined(
    store: ChatStore,
    name: str = "Ama",
    language_code: str | None = None,
    token_sha256: bytes = b"hash",
) -> Person:
    """Somebody whom the bot has let in."""
    person = await store.joining.ask(name, language_code, token_sha256, "code")
    await store.joining.let_in(person)
    return replace(person, is_member=True)


async def joined_session(store: ChatStore) -> Session:
    """The session of somebody whom the bot has let in."""
    await joined(store)
    session = await store.sessions.find(b"hash")
    assert session is not None
    return session
