"""SMS: a sender can be forged, and whoever is on the Wi-Fi may answer in the old phone's place."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass

import pytest
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from typing_extensions import override

from gateway import server
from gateway.sms import android
from tests.attacks.conftest import Note
from tests.sms_phone import Phone
from tests.sms_world import NUMBER, OTHER, RULES, sms_world

ATTACKER = "without an invite"

WITHIN_S = 60


async def test_who_forges_a_number_uses_up_no_sms_that_an_alarm_needs(outcome: Note) -> None:
    """Each forged `STATUS` is answered; thirty of them, and no alarm reached that supervisor."""
    async with sms_world() as world:
        forged = [await world.number(NUMBER), await world.number(OTHER)]
        for chat in forged:
            for _ in range(RULES.parts_a_number // 2):
                await world.send(chat, "Cases: 0", is_alarm=False)
            one_more = await world.send(chat, "Cases: 0", is_alarm=False)
            assert await world.state(one_more) == ("failed", "budget")
        for chat in forged:
            assert await world.state(await world.send(chat)) == ("waiting", None)
    outcome(
        "Ask by SMS without end, under a supervisor's forged number",
        "answers use half of a budget; alarms go out",
    )


class Impostor(Phone):
    """Somebody else at the phone's address; nothing that it says has an end."""

    @override
    async def inbox_page(self, request: Request) -> Response:
        return StreamingResponse(self.without_end(), media_type="application/json")

    async def without_end(self) -> AsyncIterator[bytes]:
        """Spaces: JSON may have any number of them."""
        while True:
            yield b" " * 1_000_000
            await asyncio.sleep(0.001)


class Dripping(Impostor):
    """One who says a byte now and then."""

    @override
    async def without_end(self) -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.01)


@dataclass
class WithoutBottom(Phone):
    """One whose inbox has always more."""

    pages: int = 0

    @override
    async def inbox_page(self, request: Request) -> Response:
        self.pages += 1
        self.receives("+22670999999", f"{self.pages}")
        page = await super().inbox_page(request)
        page.headers["X-Total-Count"] = str(10**12 + self.pages)
        return page


@pytest.mark.parametrize("phone", [Impostor(), Dripping()], ids=["much", "slow"])
async def test_an_answer_without_end_holds_up_no_other_line(
    monkeypatch: pytest.MonkeyPatch, phone: Phone, outcome: Note
) -> None:
    """The modem beside it waited for ever."""
    if isinstance(phone, Dripping):
        monkeypatch.setattr(android, "ANSWER_S", 0.3)
    async with asyncio.timeout(WITHIN_S), sms_world(line=phone) as world:
        await world.courier.carry()
        assert world.fault() is not None
    outcome(
        "Answer in the phone's place without end, much at once or a byte now and then",
        "cut off at 4 MB and 10 s; the other line goes on",
    )


async def test_an_inbox_without_bottom_is_read_no_further_than_its_newest(outcome: Note) -> None:
    phone = WithoutBottom()
    async with asyncio.timeout(WITHIN_S), sms_world(line=phone) as world:
        before = phone.pages
        await world.courier.carry()
        assert phone.pages - before <= android.PAGES_MAX + 1
    outcome("An inbox without end in its place", f"{android.PAGES_MAX} pages at a look")


def test_who_leaves_the_wifi_without_a_word_is_hung_up_on(outcome: Note) -> None:
    """While a page shows the chat, no SMS tells of an answer; a lost phone showed it for long."""
    listening = server.listen("127.0.0.1", 0)
    with closing(listening), socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with closing(accepted):
            waits_ms = accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
    assert waits_ms == server.STALL_S * 1000
    outcome(
        "A phone that is out of the Wi-Fi, and passes for one that shows its chat",
        f"hung up on {waits_ms // 1000} s after it was told something; then SMS go out",
    )
