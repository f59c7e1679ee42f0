"""All of the bot's SQL and files: people, cases, the queue, messages in and out, pictures.

One process writes: the bot. Its command line may open the store beside it for short work.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.store.albums import Albums
from bot.store.audit import Audit
from bot.store.bell import Bells
from bot.store.cases import Cases
from bot.store.claims import Claims
from bot.store.database import Database
from bot.store.deletion import Deletion
from bot.store.due import Due
from bot.store.expiry import Expiry
from bot.store.inbox import InboxStore
from bot.store.outbox import OutboxStore
from bot.store.people import People
from bot.store.pictures import PictureFiles
from bot.store.queue_position import QueuePositions
from bot.store.readings import Readings
from bot.store.summary import ClinicSummary
from bot.store.ward import WardView
from inference.feature_cache import FeatureCache
from storage.keys import Keyring
from storage.opening import CACHE
from storage.sealed_folder import SealedFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """What the bot keeps, each noun with its queries."""

    people: People
    audit: Audit
    cases: Cases
    albums: Albums
    readings: Readings
    claims: Claims
    queue_positions: QueuePositions
    inbox: InboxStore
    outbox: OutboxStore
    summary: ClinicSummary
    ward: WardView
    due: Due
    deletion: Deletion
    expiry: Expiry
    pictures: PictureFiles
    seen: FeatureCache
    bells: Bells


@asynccontextmanager
async def open_store(home: Path, keyring: Keyring) -> AsyncIterator[Store]:
    """Open the bot's store under a data folder, made where missing.

    Args:
        home: `EDGERAD_HOME`; the store lives in its folder `bot`.
        keyring: The keys to it.

    Yields:
        The store, its schema up to date.
    """
    database = Database(home / "bot" / "bot.db", keyring)
    folder = SealedFolder(home / "bot" / "pictures", keyring)
    seen = FeatureCache(home / CACHE, keyring)
    bells = Bells()
    try:
        await database.open()
        yield Store(
            people=People(database, bells.access),
            audit=Audit(database),
            cases=Cases(database, bells),
            albums=Albums(database, bells),
            readings=Readings(database, bells),
            claims=Claims(database, bells),
            queue_positions=QueuePositions(database),
            inbox=InboxStore(database, bells.inbox),
            outbox=OutboxStore(database, bells.outbox),
            summary=ClinicSummary(database),
            ward=WardView(database),
            due=Due(database, bells),
            deletion=Deletion(database, bells),
            expiry=Expiry(database, bells),
            pictures=PictureFiles(folder, database, seen),
            seen=seen,
            bells=bells,
        )
    finally:
        await database.close()
