"""Whatever a phone changes, sends and stores is limited for its own session, whatever the role."""

import asyncio
import itertools
import shutil
from asyncio import StreamReader
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from starlette.routing import Route

from gateway.phone import rates
from gateway.phone.before_sending import BeforeSending
from gateway.phone.routes import PhoneChat
from gateway.phone.sessions import COOKIE
from gateway.store.files import KEPT_FREE_BYTES
from tests.attacks.conftest import Note
from tests.gateway_world import Phone, RunningGateway, file_part, phone_of, running_gateway

ATTACKER = "by somebody who has joined"

WITHIN_S = 20
WRITES = 6
BODIES = {
    "/chat/pin": {"pin": "4711"},
    "/chat/language": {"language_code": "fr"},
    "/unlock": {"pin": "4711"},
    "/chat/callbacks": {"message_id": 1, "data": "x"},
}
NOT_OF_A_SESSION = {"/join", "/leave"}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allowances that are soon used up, and come back late: a slow machine takes its time."""
    monkeypatch.setattr(rates, "WRITE_EVERY_S", 3_600.0)
    monkeypatch.setattr(rates, "PIN_EVERY_S", 3_600.0)
    monkeypatch.setattr(rates, "WRITES_AT_ONCE", WRITES)
    monkeypatch.setattr(rates, "PINS_AT_ONCE", 3)
    monkeypatch.setattr(rates, "STORED_BYTES", 3_000)
    monkeypatch.setattr(rates, "STORED_BYTE_EVERY_S", 1.0)


@pytest.fixture
def own(tmp_path: Path, small: None) -> Iterator[RunningGateway]:
    """A gateway that is soon used up."""
    with running_gateway(tmp_path) as running:
        yield running


@asynccontextmanager
async def joined(gateway: RunningGateway, cookies: httpx.Cookies) -> AsyncIterator[Phone]:
    """A phone that joined before."""
    async with httpx.AsyncClient(base_url=gateway.url, cookies=cookies, trust_env=False) as http:
        yield Phone(http)


def writes() -> list[tuple[str, str]]:
    """Every route of the phone chat that changes something of a session."""
    found = [route for route in PhoneChat.routes(_AnyChat()) if isinstance(route, Route)]
    return [
        (method, route.path)
        for route in found
        for method in (route.methods or ())
        if method not in {"GET", "HEAD"} and route.path not in NOT_OF_A_SESSION
    ]


class _AnyChat(PhoneChat):
    def __init__(self) -> None:
        """Without anything behind it."""
        self._before_sending = object.__new__(BeforeSending)


async def change(phone: Phone, method: str, path: str, number: int) -> httpx.Response:
    if path in BODIES:
        return await phone.http.request(method, path, json=BODIES[path])
    address = path.replace("{client_id}", str(number)).replace("{session_id}", "x")
    return await phone.http.request(method, address, files={"text": (None, "hello")})


async def test_every_way_to_change_something_has_a_rate(own: RunningGateway, outcome: Note) -> None:
    ways = writes()
    assert len(ways) >= 5
    for method, path in ways:
        async with phone_of(own) as phone:
            answers = [await change(phone, method, path, number) for number in range(WRITES + 1)]
        assert answers[-1].status_code == 429, path
        assert int(answers[-1].headers["retry-after"]) > 0
    outcome("Any change without end, such as `PUT /chat/language`", "429: each way has a rate")


async def test_opening_a_locked_page_again_and_again_has_one_too(
    own: RunningGateway, outcome: Note
) -> None:
    async with phone_of(own) as phone:
        await phone.http.put("/chat/pin", json={"pin": "4711"})
        answers = [await phone.http.get("/") for _ in range(WRITES)]
    assert [answer.status_code for answer in answers][-2:] == [200, 429]
    outcome("Open a locked page again and again", "429")


async def test_the_same_language_again_is_not_written(
    gateway: RunningGateway, outcome: Note
) -> None:
    async with phone_of(gateway) as phone, httpx.AsyncClient(trust_env=False) as bot:
        wanted = {"allowed_updates": ["message", "edgerad_session"]}
        before = (await bot.post(gateway.api("getUpdates"), json=wanted)).json()["result"]
        for _ in range(9):
            await phone.http.put("/chat/language", json={"language_code": "fr"})
        after = (await bot.post(gateway.api("getUpdates"), json=wanted)).json()["result"]
    assert len(after) == len(before) + 1
    outcome("Choose the same language again and again", "written once")


async def test_no_number_of_others_uses_up_a_phones_tries_of_its_pin(
    own: RunningGateway, outcome: Note
) -> None:
    """Eleven sessions used up the tries of everybody."""
    async with phone_of(own) as nurse:
        await nurse.http.put("/chat/pin", json={"pin": "4711"})
        await nurse.http.get("/")
        for _ in range(4):
            async with phone_of(own) as other:
                await other.http.put("/chat/pin", json={"pin": "2580"})
                tries = [await other.http.post("/unlock", json={"pin": "0"}) for _ in range(4)]
                assert tries[-1].status_code == 429
        assert (await nurse.http.post("/unlock", json={"pin": "4711"})).status_code == 200
    outcome(
        "Use up the tries of everybody's PIN from other sessions", "counted for each session alone"
    )


async def test_what_one_phone_stores_in_a_time_is_limited_before_it_is_read(
    own: RunningGateway,
    outcome: Note,
) -> None:
    async with phone_of(own) as phone, phone_of(own) as other:
        assert (await phone.put("1", files=[file_part(bytes(2000), "a.bin")])).status_code == 200
        refused = await phone.put("2", files=[file_part(bytes(2000), "a.bin")])
        assert refused.status_code == 429
        assert (await other.put("1", files=[file_part(bytes(2000), "a.bin")])).status_code == 200
        assert (await phone.put("1", text="the same again")).status_code == 200
    outcome(
        "Store more in pictures than a day's work",
        f"{refused.status_code} before it is read; other phones go on",
    )


@pytest.mark.usefixtures("small")
async def test_a_restart_fills_no_allowance_up(tmp_path: Path, outcome: Note) -> None:
    """Each power cut gave everybody another gigabyte."""
    film = [file_part(bytes(2000), "a.bin")]
    with running_gateway(tmp_path) as gateway:
        async with phone_of(gateway) as phone, phone_of(gateway) as other:
            assert (await phone.put("1", files=film)).status_code == 200
            used_up, rested = phone.http.cookies, other.http.cookies
    with running_gateway(tmp_path) as again:
        async with joined(again, used_up) as phone, joined(again, rested) as other:
            refused = await phone.put("2", files=film)
            assert refused.status_code == 429
            assert (await other.put("1", files=film)).status_code == 200
    outcome("The same after each restart of the gateway", f"{refused.status_code}: it is stored")


async def test_what_was_not_stored_uses_nothing_up(own: RunningGateway) -> None:
    """A phone in a bad Wi-Fi begins a picture many times."""
    async with phone_of(own) as phone:
        for number in range(4):
            empty = await phone.put(str(number), text="", more="x" * 1000)
            assert empty.status_code == 400
        assert (await phone.put("x", files=[file_part(bytes(2000), "a.bin")])).status_code == 200


async def test_uploads_leave_room_on_the_disk_for_words_and_answers(
    gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch, outcome: Note
) -> None:
    room = KEPT_FREE_BYTES + 50_000
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=room))
    film = [file_part(bytes(100_000), "a.bin")]
    async with phone_of(gateway) as phone:
        refused = await phone.put("1", files=film)
        assert refused.status_code == 507
        assert "disk is nearly full" in refused.json()["error"]
        assert (await phone.put("2", text="Is somebody there?")).status_code == 200
        monkeypatch.undo()
        assert (await phone.put("1", files=film)).status_code == 200
    outcome(
        "Uploads until the disk is full",
        f"{refused.status_code}, in words, while {KEPT_FREE_BYTES // 10**6} MB are left;"
        " texts still go through",
    )


@asynccontextmanager
async def held_open(gateway: RunningGateway, token: str, size: int) -> AsyncIterator[StreamReader]:
    """A form that has begun and does not go on."""
    url = httpx.URL(gateway.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(
        f"PUT /chat/messages/held HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n"
        f"Cookie: {COOKIE}={token}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n--b".encode()
    )
    try:
        yield reader
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("size", "begun", "held"),
    [(1_000, rates.UPLOADS_AT_ONCE + 2, rates.UPLOADS_AT_ONCE), (48_000_000, 4, 2)],
    ids=["many", "large"],
)
async def test_one_phone_holds_few_forms_open(
    gateway: RunningGateway, phone: Phone, size: int, begun: int, held: int, *, outcome: Note
) -> None:
    """Fourteen of 48 MB each, a byte every 15 s."""
    token = phone.http.cookies[COOKIE]
    async with asyncio.timeout(WITHIN_S), AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        forms = [
            await stack.enter_async_context(held_open(gateway, token, size)) for _ in range(begun)
        ]
        answers = [group.create_task(form.readline()) for form in forms]
        for first in itertools.islice(asyncio.as_completed(answers), begun - held):
            assert (await first).startswith(b"HTTP/1.1 429")
        async with phone_of(gateway) as other:
            assert (await other.put("1", text="nobody waits")).status_code == 200
        assert sum(answer.done() for answer in answers) == begun - held
        for answer in answers:
            answer.cancel()
    outcome(
        "Hold forms open, a byte now and then",
        "6 small ones or 2 of 48 MB are read; 429 for more, before the body; nobody else waits",
    )
