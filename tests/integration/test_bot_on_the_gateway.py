"""The bot on the real gateway, a phone over HTTP, real pictures; only the engine is scripted."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.app import serve
from bot.domain.audit import Actor
from bot.domain.people import Role
from bot.settings import BotSettings, Engine
from bot.store.listing import CaseFilter
from deploy.phone_client import PhoneClient, PhoneEvent, PhoneRefused, PhoneUpload
from gateway.app import Ports, serving
from gateway.settings import GatewaySettings
from machine.clock import SystemClock
from tests import background
from tests.keys import bot_store_at

FILM = Path("inference/practice/samples/film-1.jpg")
WITHIN_S = 20


@pytest.fixture
async def ports(tmp_path: Path) -> AsyncIterator[Ports]:
    settings = GatewaySettings(
        _env_file=None, home=tmp_path, gateway_host="127.0.0.1", gateway_port=0
    )
    async with serving(settings) as found:
        yield found


def bot_running(home: Path, ports: Ports) -> AbstractAsyncContextManager[None]:
    """The bot on a gateway; leaving ends it wherever it stands."""
    url = f"http://127.0.0.1:{ports.bots}"
    settings = BotSettings(_env_file=None, home=home, bot_api_url=url, engine=Engine.SCRIPTED)
    return background.running(serve(settings, SystemClock()))


@asynccontextmanager
async def nurse(
    home: Path, ports: Ports, role: Role = Role.HEALTH_WORKER, name: str = "Amina"
) -> AsyncIterator[PhoneClient]:
    """A phone whose owner joined and accepted the terms."""
    code = await invite(home, role)
    async with PhoneClient(f"http://127.0.0.1:{ports.phones}") as phone:
        await phone.join(code, name)
        async with phone.listening():
            await phone.accept_terms()
            yield phone


def film() -> PhoneUpload:
    return PhoneUpload(name="film.jpg", data=FILM.read_bytes())


def says(words: str, case: str) -> Callable[[PhoneEvent], bool]:
    def wanted(event: PhoneEvent) -> bool:
        return event.is_from_bot and words in event.data["text"] and case in event.data["text"]

    return wanted


async def test_a_photo_in_an_answer_out_and_a_question_about_it(
    tmp_path: Path, ports: Ports
) -> None:
    async with bot_running(tmp_path, ports), nurse(tmp_path, ports) as phone:
        sent = await phone.send(film(), text="F 41, cough for 3 weeks")
        answer = await phone.wait_for(says("FINDINGS", "C-0001"), limit_s=WITHIN_S)
        assert answer.data["reply_to"]["message_id"] == sent["message_id"]
        assert "female, 41\u00a0years" in answer.data["text"]
        known = len(phone.events)
        await phone.send(text="Which side?", reply_to=answer.data["message_id"])
        await phone.wait_for(says("Opacity", "C-0001"), since=known, limit_s=WITHIN_S)


async def test_an_album_comes_back_as_one_answer(tmp_path: Path, ports: Ports) -> None:
    async with bot_running(tmp_path, ports), nurse(tmp_path, ports) as phone:
        await phone.send(film(), film(), text="M 60 fever")
        await phone.wait_for(says("FINDINGS", "C-0001"), limit_s=WITHIN_S)
        async with bot_store_at(tmp_path) as store:
            (case,) = await store.cases.page(CaseFilter(), limit=10)
        assert len(case.pictures) == 2
        assert case.caption == "M 60 fever"


async def test_what_is_sent_while_the_bot_is_away_is_answered_when_it_is_back(
    tmp_path: Path, ports: Ports
) -> None:
    async with AsyncExitStack() as stack:
        async with bot_running(tmp_path, ports):
            phone = await stack.enter_async_context(nurse(tmp_path, ports))
        await phone.send(film(), text="first")
        await phone.send(film(), text="second")
        async with bot_running(tmp_path, ports):
            for case in ("C-0001", "C-0002"):
                await phone.wait_for(says("FINDINGS", case), limit_s=WITHIN_S)
        answers = [event for event in phone.events if says("FINDINGS", "C-")(event)]
        assert len(answers) == 2


async def test_a_lost_phone_that_is_revoked_in_the_chat_sees_nothing_any_more(
    tmp_path: Path, ports: Ports
) -> None:
    async with bot_running(tmp_path, ports), nurse(tmp_path, ports) as lost:
        await lost.send(film(), text="F 41, cough for 3 weeks")
        await lost.wait_for(says("FINDINGS", "C-0001"), limit_s=WITHIN_S)
        async with nurse(tmp_path, ports, Role.SUPERVISOR, "Dr Mensah") as supervisor:
            await supervisor.send(text="/revoke Amina")
            await press_button(supervisor, "revoke:")
            await press_button(supervisor, "revoke!:")
            async with asyncio.timeout(WITHIN_S):
                while await still_in(lost):  # noqa: ASYNC110 - another process has no Event
                    await asyncio.sleep(0.05)


async def test_a_wrong_code_is_refused_on_the_page_and_lets_nobody_in(
    tmp_path: Path, ports: Ports
) -> None:
    async with (
        bot_running(tmp_path, ports),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports.phones}") as http,
    ):
        asked = {"code": "NOSUCHCODE", "name": "Amina", "wait": True}
        refused = await http.post("/join", json=asked)
        assert refused.status_code == 403
        assert "invite code is not known" in refused.json()["error"]
        assert not refused.cookies
        code = await invite(tmp_path, Role.HEALTH_WORKER)
        joined = await http.post("/join", json=asked | {"code": code})
        assert joined.status_code == 200
        http.cookies.clear()  # another phone
        again = await http.post("/join", json=asked | {"code": code})
        assert "used already" in again.json()["error"]


async def invite(home: Path, role: Role) -> str:
    now = SystemClock().now()
    async with bot_store_at(home) as store:
        return await store.people.create_invite(
            role, now + timedelta(hours=1), by=Actor.at_the_machine()
        )


async def press_button(phone: PhoneClient, action: str) -> None:
    """Press the first button for an action, once a message with one has come or been edited."""

    def data_of(event: PhoneEvent) -> str | None:
        buttons = (each for row in event.data.get("buttons") or [] for each in row)
        return next((b["data"] for b in buttons if b["data"].startswith(action)), None)

    shown = await phone.wait_for(lambda event: data_of(event) is not None, limit_s=WITHIN_S)
    await phone.press(shown.data["message_id"], data_of(shown) or "")


async def still_in(phone: PhoneClient) -> bool:
    try:
        await phone.messages()
    except PhoneRefused as refusal:
        return refusal.status != 401
    return True
