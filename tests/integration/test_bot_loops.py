"""All loops of the bot together, on a server in memory: a picture in, its answer out, once."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from typing_extensions import override

from bot.app import build_application, run_loops
from bot.domain.cases import CaseStatus
from bot.domain.ids import CaseId
from bot.domain.people import Role
from inference.contract import Executor, Partial, ReadingEvent, ReadRequest
from inference.scripted import ScriptedAnswer, ScriptedExecutor
from machine.clock import SystemClock
from tests import background
from tests.bot_server import FakeServer, fake_bot
from tests.bot_world import START, URGENT_TEXT, Clinic, clinic

WITHIN_S = 10


def photo(update_id: int, chat_id: int, **more: Any) -> dict[str, Any]:
    message = {
        "message_id": update_id,
        "date": int(START.timestamp()),
        "chat": {"id": chat_id, "type": "private"},
        "from": {"id": chat_id, "is_bot": False, "first_name": "Amina"},
        "photo": [{"file_id": "film", "file_unique_id": "f", "width": 640, "height": 480}],
    }
    return {"update_id": update_id, "message": message | more}


class PatientServer(FakeServer):
    """Lets a test wait for what it has been asked."""

    def __init__(self) -> None:
        super().__init__()
        self.files["film"] = b"a film"
        self.asked = asyncio.Event()

    @override
    async def do_request(
        self, url: str, method: str, *more: Any, **named: Any
    ) -> tuple[int, bytes]:
        if "getUpdates" in url and not self.updates:
            await asyncio.sleep(0.01)  # a long poll
        return await super().do_request(url, method, *more, **named)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds, looking after every call."""
        async with asyncio.timeout(WITHIN_S):
            while not holds():
                self.asked.clear()
                await self.asked.wait()

    def answers(self, words: str) -> list[dict[str, Any]]:
        return [sent for sent in self.sent() if words in sent["text"]]


def running(
    ward: Clinic, server: PatientServer, executor: Executor
) -> AbstractAsyncContextManager[None]:
    """Run the bot; leaving ends it wherever it stands."""
    application = build_application(fake_bot(server), ward.services)
    for method in ("sendMessage", "editMessageText", "getUpdates"):
        server.before[method] = server.asked.set
    return background.running(run_loops(application, ward.services, executor))


class NeverEnding:
    """An engine that is always in the middle of a reading."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.status = ScriptedExecutor().status

    async def read(self, request: ReadRequest) -> AsyncGenerator[ReadingEvent, None]:
        self.begun.set()
        await asyncio.Event().wait()
        yield Partial(text=request.request_id)


async def test_pictures_of_several_people_come_back_as_one_answer_each(tmp_path: Path) -> None:
    server = PatientServer()
    async with clinic(tmp_path, clock=SystemClock()) as ward:
        for user_id in (7, 8, 9):
            await ward.enrol(user_id)
        server.updates = [photo(1, 7), photo(2, 8), photo(3, 9), photo(4, 7)]
        executor = ScriptedExecutor(default=ScriptedAnswer(text=URGENT_TEXT))
        async with running(ward, server, executor):
            await server.until(lambda: len(server.answers("Left pneumothorax")) == 4)
        assert len(server.answers("Received")) == 4
        for sent in server.answers("Left pneumothorax"):
            assert "C-000" in sent["text"]


async def test_an_album_is_answered_as_one_case(tmp_path: Path) -> None:
    server = PatientServer()
    async with clinic(tmp_path, clock=SystemClock()) as ward:
        await ward.enrol(7)
        caption = {"caption": "F 30 fever", "media_group_id": "g"}
        server.updates = [photo(1, 7, **caption), photo(2, 7, media_group_id="g")]
        executor = ScriptedExecutor(default=ScriptedAnswer(text=URGENT_TEXT))
        async with running(ward, server, executor):
            await server.until(lambda: bool(server.answers("Left pneumothorax")))
        assert [len(request.pictures) for request in executor.requests] == [2]


async def test_an_alarm_that_nobody_takes_is_called_again_after_a_restart_too(
    tmp_path: Path,
) -> None:
    executor = ScriptedExecutor(default=ScriptedAnswer(text=URGENT_TEXT))
    server = PatientServer()
    async with clinic(tmp_path, clock=SystemClock()) as ward:
        await ward.enrol(7)
        await ward.enrol(8, Role.SUPERVISOR, name="Dr Mensah")
        server.updates = [photo(1, 7)]
        async with running(ward, server, executor):
            await server.until(lambda: len(server.answers("Pneumothorax")) == 2)
    quick = ward.services.settings.model_copy(update={"call_again_urgent_minutes": 0.01})
    async with clinic(tmp_path, clock=SystemClock()) as ward:
        ward.services = replace(ward.services, settings=quick)
        async with running(ward, server, executor):
            await server.until(lambda: bool(server.answers("nobody has opened this")))
    called = [(sent["chat_id"], sent["text"]) for sent in server.answers("Call ")]
    assert {chat for chat, _ in called} == {8}
    assert "Call 2" in called[0][1]


async def test_after_a_crash_in_the_middle_of_a_reading_the_case_is_answered_once(
    tmp_path: Path,
) -> None:
    server = PatientServer()
    async with clinic(tmp_path, clock=SystemClock()) as ward:
        await ward.enrol(7)
        server.updates = [photo(1, 7), photo(2, 7)]
        engine = NeverEnding()
        async with running(ward, server, engine):
            await asyncio.wait_for(engine.begun.wait(), WITHIN_S)
    server.updates = [photo(1, 7), photo(2, 7)]
    async with clinic(tmp_path, clock=SystemClock()) as ward:
        executor = ScriptedExecutor(default=ScriptedAnswer(text=URGENT_TEXT))
        async with running(ward, server, executor):
            await server.until(lambda: len(server.answers("Left pneumothorax")) == 2)
        for number in (1, 2):
            case = await ward.store.cases.get(CaseId(number))
            assert case is not None
            assert case.status is CaseStatus.ANSWERED
        assert await ward.store.cases.get(CaseId(3)) is None
        assert len(executor.requests) == 2


async def test_the_bot_waits_for_a_server_that_comes_late_and_survives_its_restarts(
    tmp_path: Path,
) -> None:
    server = PatientServer()
    server.refuse("getMe", 502, "Bad Gateway")
    server.refuse("getUpdates", 502, "Bad Gateway")
    server.refuse("sendMessage", 502, "Bad Gateway")
    async with clinic(tmp_path, clock=SystemClock()) as ward:
        await ward.enrol(7)
        server.updates = [photo(1, 7)]
        executor = ScriptedExecutor(default=ScriptedAnswer(text=URGENT_TEXT))
        async with running(ward, server, executor):
            await server.until(lambda: bool(server.answers("Left pneumothorax")))
