"""A small clinic for tests: a store in a folder, a clock, a Bot API server in memory, people.

The bot in it is PTB's own; only the bytes on its wire are made up.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr
from telegram import Update
from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData
from typing_extensions import override

from bot.app import build_application
from bot.captions import parse_caption
from bot.domain.cases import Case, Place, StoredPicture
from bot.domain.ids import ChatId, MessageId, UserId
from bot.domain.messages import About, MessageRole, Outgoing, Reply
from bot.domain.people import Person, Role
from bot.handlers.failures import Dispatcher
from bot.handlers.visit import Desk
from bot.outbox import Outbox
from bot.settings import BotSettings
from bot.store import Store, open_store
from bot.store.cases import NewCase
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
from inference.errors import DamagedPicture
from inference.parsing import parse_sections
from inference.pictures import Picture
from tests.keys import KEYRING

TOKEN = f"1234567890:{'A' * 35}"
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


@dataclass
class Call:
    """What the bot asked of the server."""

    method: str
    parameters: dict[str, Any]


@dataclass
class FakeServer(BaseRequest):
    """The Bot API in memory: keeps calls, answers as told, else as a server would."""

    calls: list[Call] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    refusals: dict[str, list[tuple[int, dict[str, Any]]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    before: dict[str, Callable[[], None]] = field(default_factory=dict)
    next_message_id: int = 1000
    local_path: str | None = None

    @property
    @override
    def read_timeout(self) -> float | None:
        return 1.0

    @override
    async def initialize(self) -> None: ...

    @override
    async def shutdown(self) -> None: ...

    @override
    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        write_timeout: Any = None,
        connect_timeout: Any = None,
        pool_timeout: Any = None,
    ) -> tuple[int, bytes]:
        await asyncio.sleep(0)  # a network lets others run
        parts = urlsplit(url)
        name = parts.path.rsplit("/", 1)[-1]
        if "/file/" in parts.path:
            return (200, self.files[name]) if name in self.files else (404, b'{"ok": false}')
        asked: dict[str, Any] = {k: values[0] for k, values in parse_qs(parts.query).items()}
        asked |= request_data.parameters if request_data is not None else {}
        self.calls.append(Call(name, asked))
        if name in self.before:
            self.before[name]()
        if self.refusals[name]:
            code, body = self.refusals[name].pop(0)
            return code, json.dumps({"ok": False, "error_code": code} | body).encode()
        return 200, json.dumps({"ok": True, "result": self._answer(name, asked)}).encode()

    def refuse(self, method: str, code: int, description: str, **parameters: Any) -> None:
        """Refuse the next call of a method."""
        body: dict[str, Any] = {"description": description}
        if parameters:
            body["parameters"] = parameters
        self.refusals[method].append((code, body))

    def not_an_api(self, method: str) -> None:
        """Answer the next call of a method as a captive portal would: well, but with no result."""
        self.refusals[method].append((200, {}))

    def sent(self, method: str = "sendMessage") -> list[dict[str, Any]]:
        """The parameters of the calls of a method."""
        return [call.parameters for call in self.calls if call.method == method]

    def _answer(self, name: str, asked: dict[str, Any]) -> Any:
        if name == "getMe":
            return {"id": 1234567890, "is_bot": True, "first_name": "Clinic", "username": "clinic"}
        if name == "getUpdates":
            offset = int(asked.get("offset", 0))
            self.updates = [u for u in self.updates if u["update_id"] >= offset]
            return self.updates
        if name == "edgeradRefuseJoin":
            return False  # nobody waits
        if name == "getFile":
            return {
                "file_id": asked["file_id"],
                "file_unique_id": asked["file_id"],
                "file_path": self.local_path or f"photos/{asked['file_id']}",
            }
        if name.startswith(("send", "edit")):
            self.next_message_id += 1
            return {
                "message_id": asked.get("message_id", self.next_message_id),
                "date": int(START.timestamp()),
                "chat": {"id": int(asked["chat_id"]), "type": "private"},
            }
        return True


def fake_bot(server: FakeServer) -> ExtBot[None]:
    """PTB's bot on a server in memory."""
    return ExtBot(
        TOKEN,
        base_url="http://gateway/bot",
        base_file_url="http://gateway/file/bot",
        request=server,
        get_updates_request=server,
    )


class FakePictures:
    """Takes every file for a picture, except one that says it is damaged."""

    async def prepare(self, data: bytes) -> Picture:
        if data.startswith(b"damaged"):
            raise DamagedPicture
        return Picture(
            data=b"upright " + data,
            media_type="image/jpeg",
            width_px=640,
            height_px=480,
            sha256=sha256(b"upright " + data).hexdigest(),
        )


@dataclass
class Clinic:
    """Everything a test of the bot needs at hand."""

    store: Store
    clock: FakeClock
    server: FakeServer
    desk: Desk
    home: Path
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
        """Enrol somebody by an invite."""
        now = self.clock.now()
        code = await self.store.people.create_invite(role, now + timedelta(hours=1), now)
        person = await self.store.people.redeem_invite(
            code,
            user_id=UserId(user_id),
            chat_id=ChatId(user_id),
            name=name,
            language=language,
            now=now,
        )
        if accepts:
            person = await self.store.people.accept_terms(UserId(user_id), now) or person
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
            language=sender.language,
            picture=await self.picture(),
        )
        case = await self.store.cases.open(new, received, now=self.clock.now())
        assert case is not None
        return case

    async def picture(self) -> StoredPicture:
        """Store a picture's file."""
        return StoredPicture(
            name=await self.store.pictures.add(self.film),
            sha256=sha256(self.film).hexdigest(),
            media_type="image/jpeg",
            width_px=640,
            height_px=480,
        )


def received(case: Case, _place: Place) -> Outgoing:
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
async def clinic(home: Path) -> AsyncIterator[Clinic]:
    """Open a clinic on a data folder."""
    clock, server = FakeClock(), FakeServer()
    async with open_store(home, KEYRING) as store:
        desk = Desk(
            store=store,
            clock=clock,
            pictures=FakePictures(),
            settings=BotSettings(_env_file=None, home=home, bot_token=SecretStr(TOKEN)),
            engine=lambda: EngineStatus(state=EngineState.READY, engine=ENGINE),
        )
        yield Clinic(store=store, clock=clock, server=server, desk=desk, home=home)


def outbox(ward: Clinic) -> Outbox:
    """The clinic's outbox, as the bot wires it."""
    lost = partial(tell_supervisors, store=ward.store, clock=ward.clock)
    return Outbox(bot=fake_bot(ward.server), store=ward.store, clock=ward.clock, lost=lost)


class Talk:
    """People writing to the bot: updates through PTB's application, answers through the outbox."""

    def __init__(self, ward: Clinic) -> None:
        self.ward = ward
        self.bot = fake_bot(ward.server)
        application = build_application(self.bot, ward.desk)
        self._application = application
        self._dispatcher = Dispatcher(application)
        self._outbox = outbox(ward)
        self._update_id = 0
        self._message_id = 100

    async def start(self) -> None:
        """Make PTB's application ready."""
        await self._application.initialize()

    async def photo(self, sender: Person, data: bytes = b"a film", **more: Any) -> dict[str, Any]:
        """Send a photo."""
        file_id = self._upload(data)
        sizes = [
            {"file_id": f"{file_id}s", "file_unique_id": "s", "width": 90, "height": 60},
            {"file_id": file_id, "file_unique_id": "x", "width": 640, "height": 480},
        ]
        return await self.message(sender.chat_id, photo=sizes, **more)

    async def document(
        self, sender: Person, data: bytes, *, size_bytes: int | None = None, **more: Any
    ) -> dict[str, Any]:
        """Send a file."""
        document = {
            "file_id": self._upload(data),
            "file_unique_id": "d",
            "file_size": len(data) if size_bytes is None else size_bytes,
        }
        return await self.message(sender.chat_id, document=document, **more)

    async def text(
        self, sender: Person, text: str, *, reply_to: int | None = None
    ) -> dict[str, Any]:
        """Send a text."""
        more: dict[str, Any] = {}
        if reply_to is not None:
            more["reply_to_message"] = _message(reply_to, sender.chat_id)
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            more["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return await self.message(sender.chat_id, text=text, **more)

    async def press(self, sender: Person, data: str, message_id: int) -> dict[str, Any]:
        """Press a button under a message of the bot."""
        query = {
            "id": "1",
            "from": _user(sender.chat_id),
            "chat_instance": "1",
            "data": data,
            "message": _message(message_id, sender.chat_id),
        }
        return await self.update(callback_query=query)

    async def message(
        self, chat_id: int, *, chat_type: str = "private", **content: Any
    ) -> dict[str, Any]:
        """Send any message."""
        self._message_id += 1
        message = _message(self._message_id, chat_id, chat_type) | {"from": _user(chat_id)}
        return await self.update(message=message | content)

    async def update(self, **content: Any) -> dict[str, Any]:
        """Have an update handled."""
        self._update_id += 1
        update = {"update_id": self._update_id} | content
        await self.again(update)
        return update

    async def again(self, update: dict[str, Any]) -> None:
        """Have an update handled once more, as after a crash."""
        await self._dispatcher.handle(Update.de_json(update, self.bot))

    async def replies(self) -> list[dict[str, Any]]:
        """Deliver what is due; what was sent or edited since the last time."""
        before = len(self.ward.server.calls)
        now = self.ward.clock.now
        while (delivery := await self.ward.store.outbox.take([], now())) is not None:
            await self._outbox.deliver_one(delivery)
        calls = self.ward.server.calls[before:]
        return [{"method": call.method} | call.parameters for call in calls]

    async def texts(self) -> list[str]:
        """Deliver what is due; the words of it."""
        return [reply.get("text", reply.get("caption", "")) for reply in await self.replies()]

    def _upload(self, data: bytes) -> str:
        file_id = f"file{len(self.ward.server.files)}"
        self.ward.server.files[file_id] = data
        return file_id


def _user(user_id: int) -> dict[str, Any]:
    return {"id": user_id, "is_bot": False, "first_name": "Amina"}


def _message(message_id: int, chat_id: int, chat_type: str = "private") -> dict[str, Any]:
    return {
        "message_id": message_id,
        "date": int(START.timestamp()),
        "chat": {"id": chat_id, "type": chat_type},
    }
