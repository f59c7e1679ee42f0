"""What people wait for goes out beside files, repeated calls and SMS, and none of them starves."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from telegram.request import RequestData
from typing_extensions import override

from bot.domain.ids import ChatId
from bot.domain.messages import Attachment, Outgoing, Reply
from bot.outbox import AT_ONCE, MessageSender
from bot.store.outbox import OutboxLane
from bot.undelivered import tell_supervisors
from tests.bot_server import FakeServer, fake_bot
from tests.bot_world import Clinic

LIMIT_S = 60
FILM = Attachment(file_name="film.jpg", data=b"a film")


@dataclass
class SlowServer(FakeServer):
    """A server that is told of some chats' messages and confirms none of them."""

    silent: set[int] = field(default_factory=set)
    asked: list[tuple[int, str]] = field(default_factory=list)
    something_asked: asyncio.Event = field(default_factory=asyncio.Event)

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
        told: dict[str, Any] = {} if request_data is None else request_data.parameters
        if "chat_id" in told:
            chat_id = int(told["chat_id"])
            self.asked.append((chat_id, told.get("text") or told.get("caption") or ""))
            self.something_asked.set()
            if chat_id in self.silent:
                await asyncio.Event().wait()
        return await super().do_request(url, method, request_data)

    async def until(self, holds: Callable[[list[tuple[int, str]]], bool]) -> None:
        """Wait until what was asked of the server is so."""
        async with asyncio.timeout(LIMIT_S):
            while not holds(self.asked):
                self.something_asked.clear()
                await self.something_asked.wait()


def words(chat_id: int, text: str, **more: Any) -> Outgoing:
    return Outgoing(
        key=f"{chat_id}:{text}", chat_id=ChatId(chat_id), reply=Reply(text=text), **more
    )


@asynccontextmanager
async def delivering(ward: Clinic, *silent: int) -> AsyncIterator[SlowServer]:
    """The delivery loop, at a server that does not confirm what some chats are sent."""
    server = SlowServer(silent=set(silent))
    lost = partial(tell_supervisors, store=ward.store)
    bot = fake_bot(server)
    box = MessageSender(bot=bot, store=ward.store, clock=ward.clock, lost=lost)
    loop = asyncio.get_running_loop().create_task(box.deliver())
    try:
        yield server
    finally:
        loop.cancel()
        with suppress(asyncio.CancelledError):
            await loop


FLOODS: dict[OutboxLane, dict[str, Any]] = {
    OutboxLane.FILES: {"attachment": FILM},
    OutboxLane.CALLS: {"calls_again": True},
    OutboxLane.SMS: {"is_sms": True},
}


@pytest.mark.parametrize("lane", FLOODS)
async def test_received_waits_for_no_file_no_repeated_call_and_no_sms(
    ward: Clinic, lane: OutboxLane
) -> None:
    """A slow SMS line, and a flood of alarms in more chats than are served at once."""
    chats = range(100, 108)
    await ward.store.outbox.add(
        *(words(chat, f"{number}", **FLOODS[lane]) for number in range(5) for chat in chats)
    )
    async with delivering(ward, *chats) as server:
        await server.until(lambda asked: len(asked) == AT_ONCE[lane])
        await ward.store.outbox.add(words(7, "received"))
        await server.until(lambda asked: (7, "received") in asked)
        await ward.store.outbox.add(words(7, "answer"))
        await server.until(lambda asked: (7, "answer") in asked)
        assert len(server.asked) == AT_ONCE[lane] + 2


@pytest.mark.parametrize("lane", FLOODS)
async def test_whoever_waits_for_words_makes_no_file_no_call_and_no_sms_wait(
    ward: Clinic, lane: OutboxLane
) -> None:
    chats = range(100, 108)
    await ward.store.outbox.add(
        *(words(chat, f"{number}") for number in range(5) for chat in chats)
    )
    async with delivering(ward, *chats) as server:
        await server.until(lambda asked: len(asked) == AT_ONCE[OutboxLane.WORDS])
        for number in range(3):
            await ward.store.outbox.add(words(7, f"{number}", **FLOODS[lane]))
        await server.until(lambda asked: [t for c, t in asked if c == 7] == ["0", "1", "2"])


async def test_an_alarms_first_call_waits_for_nothing_that_came_after_it(ward: Clinic) -> None:
    """However many cases come: at most as many as are sent at once stand before it."""
    flood = [words(chat, f"{number}") for number in range(5) for chat in range(100, 108)]
    await ward.store.outbox.add(*flood[:16], words(8, "alarm"), *flood[16:])
    async with delivering(ward) as server:
        await server.until(lambda asked: len(asked) == len(flood) + 1)
    before = server.asked.index((8, "alarm"))
    assert before < 16 + AT_ONCE[OutboxLane.WORDS]


async def test_a_chat_keeps_its_order_whatever_lanes_its_messages_take(ward: Clinic) -> None:
    mixed = [
        words(8, "answer"),
        words(8, "film", attachment=FILM),
        words(8, "call", calls_again=True),
        words(8, "received"),
        words(8, "sms", is_sms=True),
        words(8, "last"),
    ]
    await ward.store.outbox.add(*mixed)
    async with delivering(ward) as server:
        await server.until(lambda asked: len(asked) == len(mixed))
    assert [text for _, text in server.asked] == [message.reply.text for message in mixed]


async def test_a_chat_whose_film_is_not_confirmed_is_sent_nothing_behind_it(ward: Clinic) -> None:
    await ward.store.outbox.add(words(8, "film", attachment=FILM), words(8, "received"))
    async with delivering(ward, 8) as server:
        await server.until(bool)
        await ward.store.outbox.add(words(9, "behind it"))
        await server.until(lambda asked: (9, "behind it") in asked)
        assert server.asked == [(8, "film"), (9, "behind it")]
