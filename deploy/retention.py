"""What is older than it is kept, on the machine itself: shown, and deleted when asked.

Works on both stores at once, EdgeRad running or not, by the same queries as the bot.
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.domain.retention import ChatDeletion, Retention
from bot.gateway_methods import as_parameters
from bot.retention import Deleter, forgetting_by_age, old_leftovers
from bot.store import Store, open_store
from bot.store.expiry import Expired
from gateway.schemas import forgetting as chats
from gateway.schemas.records import BotIdentity, UserId
from gateway.settings import GatewaySettings
from gateway.store.files import FileStore
from gateway.store.signals import PhoneSignals
from gateway.store.store import ChatStore, open_chat_store
from machine.clock import Clock
from storage.keys import Keyring
from storage.layout import Layout
from storage.sealed_folder import SealedFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Old:
    """What is older than it is kept.

    Args:
        cases: The cases, and those whose pictures are.
        messages: How many messages of chats.
        files: How many of these hold a picture or a document.
        folders: What restores moved aside.
    """

    cases: tuple[Expired, ...]
    messages: int
    files: int
    folders: tuple[Path, ...]


async def look(retention: Retention, place: GatewaySettings, keyring: Keyring, clock: Clock) -> Old:
    """Look at what is too old, changing nothing.

    Args:
        retention: How long things are kept.
        keyring: The keys to it.
    """
    now = clock.now()
    async with open_store(place.home, keyring, clock) as store, _chats(place, keyring) as found:
        by_age = _in_chats(forgetting_by_age(retention, now))
        messages, files = (0, 0) if found is None else await found.forgetting.count(by_age)
        return Old(
            cases=await store.expiry.expired(retention),
            messages=messages,
            files=files,
            folders=old_leftovers(place.home, retention, now),
        )


async def delete(
    retention: Retention, place: GatewaySettings, keyring: Keyring, clock: Clock
) -> tuple[Expired, ...]:
    """Delete what is too old; whoever calls it vouches for the clock.

    Args:
        retention: How long things are kept.
        keyring: The keys to it.

    Returns:
        The cases that went.
    """
    async with open_store(place.home, keyring, clock) as store, _chats(place, keyring) as found:
        return await _deleter(store, found, place, keyring, clock).sweep(retention, vouched=True)


def _deleter(
    store: Store, found: ChatStore | None, place: GatewaySettings, keyring: Keyring, clock: Clock
) -> Deleter:
    files = FileStore(SealedFolder(Layout(place.home).gateway_files, keyring))

    async def forget(forgetting: ChatDeletion) -> None:
        if found is not None:
            gone = await found.forgetting.forget(_in_chats(forgetting))
            await files.remove([file.path for file in gone])

    return Deleter(store=store, home=place.home, clock=clock, forget=forget)


def _in_chats(forgetting: ChatDeletion) -> chats.Forgetting:
    """The bot's words for it as the gateway's, which knows no times but Unix seconds."""
    said = as_parameters(forgetting) | {
        "messages": frozenset(forgetting.messages),
        "words": forgetting.words,
    }
    return chats.Forgetting(**said)  # type: ignore[arg-type]  # the names are the same


@asynccontextmanager
async def _chats(place: GatewaySettings, keyring: Keyring) -> AsyncIterator[ChatStore | None]:
    """The gateway's store, where there is one."""
    path = Layout(place.home).gateway_database
    if not path.exists():
        yield None
        return
    nobody = BotIdentity(user_id=UserId(0), name="", username="")
    async with open_chat_store(path, keyring, nobody, PhoneSignals(), time.time) as found:
        yield found
