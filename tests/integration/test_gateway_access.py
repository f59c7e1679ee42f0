"""The end of a lost phone's session. How one begins is in tests/attacks/test_joining.py."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from storage.layout import GATEWAY_FILES
from tests.gateway_world import (
    Phone,
    RunningGateway,
    file_part,
    phone_of,
    picture,
    running_gateway,
)


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[RunningGateway]:
    with running_gateway(tmp_path) as running:
        yield running


async def set_access(gateway: RunningGateway, phone: Phone, *, is_member: bool) -> None:
    """Tell the gateway as the bot does."""
    async with httpx.AsyncClient(trust_env=False) as http:
        updates = (await http.get(gateway.api("getUpdates"))).json()["result"]
        chat_id = updates[0]["message"]["chat"]["id"]
        asked = {"chat_id": chat_id, "is_member": is_member}
        answer = await http.post(gateway.api("edgeradSetAccess"), json=asked)
    assert answer.json() == {"ok": True, "result": True}


async def test_a_revoked_phone_reaches_nothing_any_more(
    gateway: RunningGateway, tmp_path: Path
) -> None:
    async with phone_of(gateway) as phone:
        sent = (await phone.put("1", files=[file_part(picture())], text="Age 40")).json()
        film = f"/chat/files/{sent['photo']['file_id']}"
        assert (await phone.http.get(film)).status_code == 200
        async with phone.http.stream("GET", "/chat/events") as events:
            await set_access(gateway, phone, is_member=False)
            told = [line async for line in events.aiter_lines()]  # ends: the stream was closed
        assert not [line for line in told if "Age 40" in line]
        answers = [
            await phone.http.get("/chat/messages"),
            await phone.http.get(film),
            await phone.http.get("/chat/events"),
            await phone.put("2", text="still here?"),
            await phone.http.post("/chat/callbacks", json={"message_id": 1, "data": "x"}),
        ]
    assert [answer.status_code for answer in answers] == [401] * 5
    assert [path for path in (tmp_path / GATEWAY_FILES).rglob("*") if path.is_file()] == []


async def test_who_leaves_is_told_nothing_more_wherever_their_page_is_open_still(
    gateway: RunningGateway,
) -> None:
    """A stream must not outlive its session: a film's answer would go on to a phone given away."""
    async with (
        asyncio.timeout(90),
        phone_of(gateway) as phone,
        phone.http.stream("GET", "/chat/events") as events,
    ):
        lines = events.aiter_lines()
        assert (await anext(lines)).startswith("retry")
        assert (await phone.http.post("/leave")).status_code == 200
        told = [line async for line in lines]  # ends: the stream was closed
    assert not [line for line in told if line.startswith("data")]


async def test_one_sees_and_ends_ones_own_sign_ins_and_nobody_elses(
    gateway: RunningGateway,
) -> None:
    async with phone_of(gateway) as phone, phone_of(gateway) as other:
        async with phone.http.stream("GET", "/chat/events") as events:
            lines = events.aiter_lines()
            assert (await anext(lines)).startswith("retry")
            listed = (await phone.http.get("/chat/sessions")).json()
        assert listed["open_pages"] == 1
        (own,) = listed["sessions"]
        assert own["is_this"]
        assert 0 < own["since"] <= own["seen"]
        address = f"/chat/sessions/{own['session_id']}"
        assert (await other.http.delete(address)).status_code == 404
        assert (await phone.http.get("/chat/messages")).status_code == 200
        assert (await phone.http.delete(address)).status_code == 200
        assert (await phone.http.get("/chat/messages")).status_code == 401
        assert (await other.http.get("/chat/messages")).status_code == 200


async def test_whoever_is_in_cannot_be_refused(gateway: RunningGateway) -> None:
    """They are told in the chat."""
    async with phone_of(gateway) as phone, httpx.AsyncClient(trust_env=False) as bot:
        updates = (await bot.get(gateway.api("getUpdates"))).json()["result"]
        asked = {"chat_id": updates[0]["message"]["chat"]["id"], "text": "No such code."}
        answer = await bot.post(gateway.api("edgeradRefuseJoin"), json=asked)
        assert answer.json() == {"ok": True, "result": False}
        assert (await phone.http.get("/chat/messages")).status_code == 200


async def test_what_others_hold_stays_when_somebody_is_shut_out(gateway: RunningGateway) -> None:
    async with phone_of(gateway) as lost, phone_of(gateway) as other:
        await lost.put("1", files=[file_part(picture())])
        kept = (await other.put("1", files=[file_part(picture())])).json()
        await set_access(gateway, lost, is_member=False)
        film = await other.http.get(f"/chat/files/{kept['photo']['file_id']}")
        assert film.status_code == 200
        assert len(await other.messages()) == 2


@pytest.mark.parametrize("asked", [{}, {"chat_id": 5}, {"chat_id": "x"}])
async def test_access_of_nobody_is_refused(
    gateway: RunningGateway, asked: dict[str, object]
) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(gateway.api("edgeradSetAccess"), json=asked)
    assert answer.status_code == 400
