"""Whoever has no invite has nothing: what a wrong code opens, or one that nobody has judged yet."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.phone import rates, sessions
from gateway.phone.rates import JOINS_AT_ONCE
from gateway.store import joining
from gateway.store.joining import WAITING_MAX
from storage.layout import GATEWAY_FILES
from tests.attacks.conftest import Note
from tests.gateway_world import RunningGateway, file_part, picture, running_gateway

ATTACKER = "without an invite"

WITHIN_S = 20


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def gateway(home: Path) -> Iterator[RunningGateway]:
    with running_gateway(home, gateway_open=False) as running:
        yield running


@pytest.fixture
def silent(gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch) -> RunningGateway:
    """A gateway whose bot says nothing."""
    monkeypatch.setattr(joining, "VERDICT_S", 0.05)
    return gateway


class Bot:
    """A bot played by hand."""

    def __init__(self, gateway: RunningGateway, http: httpx.AsyncClient) -> None:
        self._gateway = gateway
        self._http = http

    async def call(self, method: str, **parameters: Any) -> Any:
        answer = (await self._http.post(self._gateway.api(method), json=parameters)).json()
        assert answer["ok"], answer
        return answer["result"]

    async def asked(self, code: str) -> int:
        """The chat of whoever asks to come in by this code."""
        updates = await self.call("getUpdates", timeout=WITHIN_S)
        (update,) = [each for each in updates if each["message"]["text"] == f"/start {code}"]
        return int(update["message"]["chat"]["id"])


@asynccontextmanager
async def bot_of(gateway: RunningGateway) -> AsyncIterator[Bot]:
    """A bot to which nothing has been said yet."""
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        bot = Bot(gateway, http)
        await bot.call("deleteWebhook", drop_pending_updates=True)
        yield bot


def stranger(gateway: RunningGateway) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=gateway.url, trust_env=False, timeout=30)


def ask(http: httpx.AsyncClient, code: str, **more: Any) -> asyncio.Task[httpx.Response]:
    body = {"code": code, "name": "Ama"} | more
    return asyncio.create_task(http.post("/join", json=body))  # noqa: TID251 - awaited by the test


async def everything_tried(http: httpx.AsyncClient) -> dict[str, int]:
    """Whatever a phone that joined may do."""
    film = {"file": ("film.jpg", picture(), "image/jpeg")}
    asked = {
        "history": http.get("/chat/messages"),
        "events": http.get("/chat/events"),
        "text": http.put("/chat/messages/1", files={"text": (None, "$A " * 1000)}),
        "picture": http.put("/chat/messages/2", files=film),
        "button": http.post("/chat/callbacks", json={"message_id": 1, "data": "x"}),
        "pin": http.put("/chat/pin", json={"pin": "4711"}),
        "language": http.put("/chat/language", json={"language_code": "fr"}),
        "unlock": http.post("/unlock", json={"pin": "4711"}),
        "board": http.get("/board/events"),
    }
    return {what: (await answer).status_code for what, answer in asked.items()}


def nothing(tried: dict[str, int]) -> bool:
    return set(tried.values()) == {401}


@pytest.mark.parametrize("wait", [{}, {"wait": False}, {"wait": True}, {"wait": "x"}])
async def test_a_code_that_the_bot_has_not_judged_opens_nothing_whatever_the_client_asks(
    silent: RunningGateway, home: Path, wait: dict[str, object], outcome: Note
) -> None:
    async with stranger(silent) as http:
        answer = await ask(http, "UNJUDGED", **wait)
        assert answer.status_code == 503
        for value in http.cookies.values():  # also where it names its secret a session
            http.cookies.set(sessions.COOKIE, value)
            assert nothing(await everything_tried(http))
    assert [path for path in (home / GATEWAY_FILES).rglob("*") if path.is_file()] == []
    outcome(
        "Join while the bot is silent, and use whatever comes back",
        f"{answer.status_code}, then 401 for every address of the chat; no file",
    )


async def test_a_code_that_the_bot_refuses_opens_nothing_and_leaves_nothing(
    gateway: RunningGateway,
    outcome: Note,
) -> None:
    async with bot_of(gateway) as bot, stranger(gateway) as http:
        answer = ask(http, "NOSUCHCODE")
        chat_id = await bot.asked("NOSUCHCODE")
        assert await bot.call("edgeradRefuseJoin", chat_id=chat_id, text="No such code.")
        refused = await answer
        assert (refused.status_code, refused.json()) == (403, {"error": "No such code."})
        assert not refused.cookies
        assert nothing(await everything_tried(http))
        assert "NOSUCHCODE" not in str(await bot.call("getUpdates"))
        gone = await http.post(gateway.api("getChat"), json={"chat_id": chat_id})
        assert gone.json()["description"] == "Bad Request: chat not found"
    outcome(
        "Join with a wrong code, and use whatever comes back",
        f"{refused.status_code}, then 401 for every address of the chat; no message, no chat",
    )


async def test_a_bot_that_refuses_before_it_confirms_goes_on_polling(
    gateway: RunningGateway,
) -> None:
    async with bot_of(gateway) as bot, stranger(gateway) as http:
        answer = ask(http, "REFUSED")
        chat_id = await bot.asked("REFUSED")
        assert await bot.call("edgeradSetAccess", chat_id=chat_id, is_member=False)
        assert (await answer).status_code == 403
        assert await bot.call("getUpdates", offset=1 << 40) == []


async def test_a_session_begins_with_the_bots_yes(gateway: RunningGateway) -> None:
    async with bot_of(gateway) as bot, stranger(gateway) as http:
        answer = ask(http, "GOODCODE")
        chat_id = await bot.asked("GOODCODE")
        assert nothing(await everything_tried(http))
        await bot.call("edgeradSetAccess", chat_id=chat_id, is_member=True)
        assert (await answer).status_code == 200
        assert (await http.get("/chat/messages")).status_code == 200


async def test_an_invite_opened_on_a_phone_in_use_changes_nobody_and_is_not_used(
    gateway: RunningGateway, outcome: Note
) -> None:
    """A supervisor who tries the invite that they made stays who they are."""
    async with bot_of(gateway) as bot, stranger(gateway) as http:
        answer = ask(http, "MINE", name="Esther")
        chat_id = await bot.asked("MINE")
        await bot.call("edgeradSetAccess", chat_id=chat_id, is_member=True)
        assert (await answer).status_code == 200
        before = dict(http.cookies)

        refused = await ask(http, "FORANOTHER", name="Esther")

        assert refused.status_code == 409
        assert "signed in already" in refused.json()["error"]
        assert dict(http.cookies) == before
        assert (await http.get("/chat/messages")).status_code == 200
        updates = await bot.call("getUpdates")
        assert "FORANOTHER" not in str(updates)
        await bot.call("getUpdates", offset=updates[-1]["update_id"] + 1)
        await http.post("/leave", json={})
        later = ask(http, "FORANOTHER", name="Amina")
        another = await bot.asked("FORANOTHER")
        assert another != chat_id
        await bot.call("edgeradSetAccess", chat_id=another, is_member=True)
        assert (await later).status_code == 200
    outcome(
        "Open an invite on a phone in use, to make its owner somebody else",
        f"{refused.status_code}; the invite is not used up",
    )


async def test_a_yes_that_comes_late_is_there_for_whoever_asks_again(
    gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch, outcome: Note
) -> None:
    """A bot that starts slowly, or an answer that the Wi-Fi lost, uses no invite up."""
    monkeypatch.setattr(joining, "VERDICT_S", 0.05)
    async with bot_of(gateway) as bot, stranger(gateway) as http:
        assert (await ask(http, "LATE")).status_code == 503
        assert (await ask(http, "LATE")).status_code == 503
        await bot.call("edgeradSetAccess", chat_id=await bot.asked("LATE"), is_member=True)
        async with stranger(gateway) as other:
            assert (await ask(other, "LATE")).status_code == 503, "another phone"
        kept = dict(http.cookies)
        assert (await ask(http, "LATE", name="Kofi")).status_code == 503, "another person"
        for _ in range(2):  # the first answer was lost
            http.cookies.clear()
            http.cookies.update(kept)
            assert (await ask(http, "LATE")).status_code == 200
        assert (await http.get("/chat/messages")).status_code == 200
    outcome(
        "Take the yes that somebody else waits for, by the same code",
        "503: it is for the phone and the name that asked",
    )


async def test_only_so_many_wait_and_ask_at_once_and_a_no_makes_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outcome: Note
) -> None:
    monkeypatch.setattr(joining, "VERDICT_S", 0.01)
    monkeypatch.setattr(rates, "JOIN_EVERY_S", 3_600.0)  # a slow machine takes more than 10 s
    with running_gateway(tmp_path, gateway_open=False) as full:
        async with bot_of(full) as bot, stranger(full) as http:
            for number in range(WAITING_MAX):
                assert (await ask(http, f"WRONG{number}")).status_code == 503
            refused = await ask(http, "ONEMORE")
            assert refused.status_code == 429
            assert int(refused.headers["retry-after"]) > 0
            assert len(await bot.call("getUpdates")) == WAITING_MAX
            chat_id = await bot.asked("WRONG7")
            await bot.call("edgeradRefuseJoin", chat_id=chat_id, text="No such code.")
            assert (await ask(http, "ONEMORE")).status_code == 503
            answers = [await ask(http, "") for _ in range(JOINS_AT_ONCE - WAITING_MAX)]
        assert [answer.status_code for answer in answers][-2:] == [429, 429]
    outcome(
        "Wait in crowds, or try codes without end",
        f"429 beyond {WAITING_MAX} who wait and {JOINS_AT_ONCE} tries of one address; a"
        " no makes room",
    )


async def test_a_form_of_a_stranger_is_refused_before_it_is_read(
    gateway: RunningGateway, outcome: Note
) -> None:
    """Fourteen forms held open, a byte now and then, filled the disk."""
    url = httpx.URL(gateway.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(
        b"PUT /chat/messages/1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 48000000\r\n"
        b"Cookie: edgerad_session=x\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n--b"
    )
    async with asyncio.timeout(WITHIN_S):
        assert (await reader.readline()).startswith(b"HTTP/1.1 401")
    writer.close()
    outcome("Hold a form of 48 MB open without a session", "401 before its body")


async def test_a_door_that_was_opened_on_purpose_lets_everybody_in(tmp_path: Path) -> None:
    with running_gateway(tmp_path, gateway_open=True) as gateway:
        async with stranger(gateway) as http:
            assert (await ask(http, "anything")).status_code == 200
            assert (await http.put("/chat/messages/1", files=[file_part(b"x")])).status_code == 200
