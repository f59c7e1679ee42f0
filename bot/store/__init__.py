"""All of the bot's SQL and files: people, cases, the queue, messages in and out, pictures.

One process writes: the bot. Its command line may open the store beside it for short work.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bot.store.alarms import Alarms
from bot.store.albums import Albums
from bot.store.audit import Audit
from bot.store.cases import Cases
from bot.store.claims import Claims
from bot.store.comparisons import Comparisons
from bot.store.corrections import Corrections
from bot.store.deletion import Deletion
from bot.store.due import Due
from bot.store.duty import Roster
from bot.store.expiry import Expiry
from bot.store.handover import Handover
from bot.store.inbox import InboxStore
from bot.store.invites import Invites
from bot.store.outbox import OutboxStore
from bot.store.outcomes import Outcomes
from bot.store.oversight import SupervisorFigures
from bot.store.people import People
from bot.store.phones import Phones
from bot.store.pictures import PictureFiles
from bot.store.queue_position import QueuePositions
from bot.store.readings import Readings
from bot.store.reviews import Reviews
from bot.store.summary import ClinicSummary
from bot.store.ward import WardView
from bot.store.withdrawals import Withdrawals
from inference.feature_cache import FeatureCache
from machine.clock import Clock
from storage.database import Database, DatabaseFile
from storage.epoch import Epoch
from storage.keys import Keyring, Purpose
from storage.layout import Layout
from storage.migrations import scripts_of
from storage.sealed_folder import SealedFolder
from storage.signals import Signals


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """What the bot keeps, each noun with its queries.

    Args:
        signals: Sent after commits; see `bot.store.topics.Topic`.
    """

    people: People
    phones: Phones
    invites: Invites
    audit: Audit
    cases: Cases
    albums: Albums
    readings: Readings
    claims: Claims
    comparisons: Comparisons
    corrections: Corrections
    alarms: Alarms
    reviews: Reviews
    outcomes: Outcomes
    roster: Roster
    handover: Handover
    queue_positions: QueuePositions
    inbox: InboxStore
    outbox: OutboxStore
    summary: ClinicSummary
    supervisors: SupervisorFigures
    ward: WardView
    due: Due
    withdrawals: Withdrawals
    deletion: Deletion
    expiry: Expiry
    pictures: PictureFiles
    feature_cache: FeatureCache
    epoch: Epoch
    signals: Signals

    @classmethod
    def on(cls, database: Database, pictures: SealedFolder, feature_cache: FeatureCache) -> Self:
        """Put the store together from its parts; the database is open."""
        return cls(
            people=People(database),
            phones=Phones(database),
            invites=Invites(database),
            audit=Audit(database),
            cases=Cases(database),
            albums=Albums(database),
            readings=Readings(database),
            claims=Claims(database),
            comparisons=Comparisons(database),
            corrections=Corrections(database),
            alarms=Alarms(database),
            reviews=Reviews(database),
            outcomes=Outcomes(database),
            roster=Roster(database),
            handover=Handover(database),
            queue_positions=QueuePositions(database),
            inbox=InboxStore(database),
            outbox=OutboxStore(database),
            summary=ClinicSummary(database),
            supervisors=SupervisorFigures(database),
            ward=WardView(database),
            due=Due(database),
            withdrawals=Withdrawals(database),
            deletion=Deletion(database),
            expiry=Expiry(database),
            pictures=PictureFiles(pictures, database, feature_cache),
            feature_cache=feature_cache,
            epoch=Epoch(database),
            signals=database.signals,
        )


@asynccontextmanager
async def open_store(home: Path, keyring: Keyring, clock: Clock) -> AsyncIterator[Store]:
    """Open the bot's store of a data folder, made where it is missing, its schema up to date.

    Args:
        home: `EDGERAD_HOME`.
        keyring: The keys to it.
        clock: The time of all that is stored.
    """
    layout = Layout(home)
    pictures = SealedFolder(layout.pictures, keyring)
    features = FeatureCache(layout.features, keyring)
    file = database_file(home, keyring)
    async with Database(file, Signals(), lambda: clock.now().timestamp()) as database:
        yield Store.on(database, pictures, features)


def database_file(home: Path, keyring: Keyring) -> DatabaseFile:
    """The bot's database in a data folder."""
    return DatabaseFile(
        path=Layout(home).bot_database,
        keyring=keyring,
        purpose=Purpose.BOT_DATABASE,
        migrations=scripts_of("bot.store"),
    )
