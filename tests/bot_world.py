"""A small clinic for tests: a store in a folder, a clock, a Bot API server in memory, people."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

from pydantic import SecretStr

from bot.answers import alarm
from bot.captions import parse_caption
from bot.captions.kinds import kind_said
from bot.domain.audit import Actor
from bot.domain.cases import Case, QueuePosition, StoredPicture
from bot.domain.ids import CaseId, ChatId, MessageId, UserId
from bot.domain.messages import About, MessageRole, Outgoing, Reply
from bot.domain.people import Person, Role
from bot.handlers.context import Services
from bot.outbox import MessageSender
from bot.settings import BotSettings
from bot.store import Store, database_file
from bot.store.alarms import Raised
from bot.store.cases import NewCase
from bot.store.claims import Claim
from bot.undelivered import tell_supervisors
from inference.contract import (
    EngineInfo,
    EngineState,
    EngineStatus,
    Language,
    PatientContext,
    Reading,
    Tier,
)
from inference.feature_cache import FeatureCache
from inference.parsing import parse_sections
from machine.clock import Clock
from pictures import Picture, PictureNote
from pictures.corners import Corners
from pictures.errors import DamagedPicture
from pictures.picture import Rendition, Series, Slice, Subject
from pictures.places import MarkWords, Place
from storage.database import Database
from storage.layout import PICTURES, Layout
from storage.sealed_folder import SealedFolder
from storage.signals import Signals
from storage.testing import MemoryDatabase
from tests.bot_server import TOKEN, FakeServer, fake_bot
from tests.keys import KEYRING

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ENGINE = EngineInfo(model="medgemma-4b-it", tier=Tier.CPU, practice=False)
URGENT_TEXT = (
    "FINDINGS: Left pneumothorax.\nIMPRESSION: Pneumothorax.\n"
    "URGENCY: urgent\nRECOMMENDATION: Chest drain."
)


class FakeClock:
    """Time that stands still until a test moves it."""

    def __init__(self) -> None:
        self._now = START

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


class FakePictures:
    """Takes every file for a picture, except one that says it is damaged."""

    def __init__(self) -> None:
        self.note: PictureNote | None = None

    async def prepare(self, data: bytes, film: Corners | None = None) -> Picture:
        if data.startswith(b"damaged"):
            raise DamagedPicture
        return Picture(
            data=b"upright " + data,
            media_type="image/jpeg",
            width_px=640,
            height_px=480,
            sha256=sha256(b"upright " + data).hexdigest(),
            note=self._note(film),
            read=None if film is None else b"straight " + data,
        )

    async def series(self, data: bytes, most: int) -> Series:
        """As many slices of a scan of thirty as are wanted."""
        if data.endswith(b"damaged"):
            raise DamagedPicture
        slices = [await self._slice(data, number) for number in range(1, min(most, 30) + 1)]
        return Series(slices=tuple(slices), total=30)

    async def _slice(self, data: bytes, number: int) -> Slice:
        picture = await self.prepare(data + str(number).encode())
        note = PictureNote(frame=number, frames=30, subject=Subject.CT)
        return Slice(
            picture=replace(picture, note=note, read=f"windows {number}".encode()),
            position_mm=float(number),
            instance=None,
        )

    async def photo_sizes(
        self, read: Callable[[], Awaitable[bytes]], boxes_px: Sequence[int]
    ) -> tuple[Rendition, ...]:
        data = await read()
        if data.startswith(b"unprintable"):
            raise DamagedPicture
        return tuple(Rendition(data=data, width_px=box, height_px=box) for box in boxes_px)

    async def marked(self, data: bytes, place: Place, words: MarkWords) -> bytes:
        if data.startswith(b"unmarkable"):
            raise DamagedPicture
        return f"{words.across} {words.label} on ".lstrip().encode() + data

    def _note(self, film: Corners | None) -> PictureNote | None:
        if film is None:
            return self.note
        return replace(self.note or PictureNote(), film=film, film_set_by_sender=True)


@dataclass
class Clinic:
    """Everything a test of the bot needs at hand."""

    store: Store
    database: Database
    clock: FakeClock
    server: FakeServer
    services: Services
    home: Path
    pictures: FakePictures
    next_message_id: int = 10
    film: bytes = b"a film"

    async def enrol(
        self,
        user_id: int,
        role: Role = Role.HEALTH_WORKER,
        *,
        name: str = "Amina",
        language: Language = Language.ENGLISH,
        accepts: bool = True,
    ) -> Person:
        """Enrol somebody by an invite; who has the role already stays as they are."""
        machine = Actor.at_the_machine()
        known = await self.store.people.find(UserId(user_id))
        if known is not None and known.revoked_at is None and known.role.at_least(role):
            return known
        expires_at = self.services.clock.now() + timedelta(hours=1)
        code = await self.store.people.create_invite(role, expires_at, by=machine)
        person = await self.store.people.redeem_invite(
            code,
            user_id=UserId(user_id),
            chat_id=ChatId(user_id),
            name=name,
            language=language,
            by=machine,
        )
        if accepts:
            person = await self.store.people.accept_terms(UserId(user_id), by=machine) or person
        return person

    async def open_case(
        self, sender: Person, *, album: str | None = None, caption: str = "cough for 3 weeks"
    ) -> Case:
        """Open a case with one picture and its "received" message."""
        self.next_message_id += 1
        new = NewCase(
            sender_id=sender.user_id,
            chat_id=sender.chat_id,
            message_id=MessageId(self.next_message_id),
            media_group_id=album,
            caption=caption,
            patient_reference=parse_caption(caption).patient_reference,
            patient=PatientContext(indication=caption or None),
            kind=kind_said(caption),
            language=sender.language,
            picture=await self.picture(),
        )
        case = await self.store.cases.open(new, received, by=actor(sender))
        assert case is not None
        return case

    async def ask(self, case: Case) -> None:
        """Ask about a case, as its sender."""
        self.next_message_id += 1
        asked = await self.store.readings.ask(
            case,
            "Which side?",
            asked_by=case.sender_id,
            chat_id=case.chat_id,
            message_id=MessageId(self.next_message_id),
            language=case.language,
            received=lambda reading_id, place: replace(
                received(case, place), key=f"reading:{reading_id}:received", about=None
            ),
            by=Actor.at_the_machine(),
        )
        assert asked is not None

    async def answer(self, made: Reading) -> None:
        """Have the next reading end so, with the alarm that it raises."""
        claim = await self.store.claims.take(timedelta(minutes=1))
        assert claim is not None
        raised = self.raised(claim, made) if made.urgency.alarming else None
        await self.store.claims.complete(claim, made, [], raised)

    def raised(self, claim: Claim, made: Reading) -> Raised:
        """The alarm that a reading raises."""
        waits = self.services.settings.call_waits()
        return Raised(urgency=made.urgency, waits=waits, notice=partial(alarm, claim, made))

    async def sign_off(self, case_id: CaseId) -> None:
        """Have whoever sits at the machine sign a case off."""
        machine = Actor.at_the_machine()
        signed = await self.store.reviews.sign_off(
            case_id, by=machine, agrees=True, words=lambda _alarm, _reader: Reply(text="over")
        )
        assert signed

    async def picture(self) -> StoredPicture:
        """Store a picture's file."""
        return StoredPicture(
            name=await self.store.pictures.add(self.film),
            sha256=sha256(self.film).hexdigest(),
            media_type="image/jpeg",
            width_px=640,
            height_px=480,
        )


def damage(ward: Clinic) -> None:
    """Let the disk spoil every picture that the bot keeps."""
    for path in (ward.home / PICTURES).rglob("*"):
        if path.is_file():
            path.write_bytes(b"spoilt")


def actor(person: Person) -> Actor:
    """A person who does something, each time something else."""
    return Actor(user_id=person.user_id, occasion=f"test:{secrets.token_hex(8)}")


def received(case: Case, _place: QueuePosition) -> Outgoing:
    """A "received" message."""
    return Outgoing(
        key=f"reading:{case.reading_id}:received",
        chat_id=case.chat_id,
        reply=Reply(text="received"),
        about=About(reading_id=case.reading_id, role=MessageRole.RECEIVED),
    )


def reading(text: str = URGENT_TEXT, *, follow_up: bool = False) -> Reading:
    """A reading as an engine would make it."""
    return Reading(
        text=text,
        sections=parse_sections("" if follow_up else text),
        engine=ENGINE,
        duration_s=12.5,
        prompt_tokens=300,
        answer_tokens=40,
    )


@asynccontextmanager
async def clinic(
    home: Path, *, in_memory: bool = False, clock: Clock | None = None
) -> AsyncIterator[Clinic]:
    """Open a clinic on a data folder.

    Args:
        in_memory: The database needs no disk, and is gone at the end.
        clock: Runs by itself; by default the time stands still.
    """
    still, server, layout = FakeClock(), FakeServer(), Layout(home)
    clock = clock or still
    file = database_file(home, KEYRING)

    def now() -> float:
        return clock.now().timestamp()

    made = (
        MemoryDatabase(file.migrations, Signals(), now)
        if in_memory
        else Database(file, Signals(), now)
    )
    async with made as database:
        store = Store.on(
            database,
            SealedFolder(layout.pictures, KEYRING),
            FeatureCache(layout.features, KEYRING),
        )
        pictures = FakePictures()
        services = Services(
            store=store,
            clock=clock,
            pictures=pictures,
            settings=BotSettings(_env_file=None, home=home, bot_token=SecretStr(TOKEN)),
            engine=lambda: EngineStatus(state=EngineState.READY, engine=ENGINE),
        )
        yield Clinic(
            store=store,
            database=database,
            clock=still,
            server=server,
            services=services,
            home=home,
            pictures=pictures,
        )


def outbox(ward: Clinic) -> MessageSender:
    """The clinic's outbox, as the bot wires it."""
    lost = partial(tell_supervisors, store=ward.store)
    return MessageSender(bot=fake_bot(ward.server), store=ward.store, clock=ward.clock, lost=lost)
