"""Alarms on the gateway: told by the bot, shown to the chats that they name, and to no other."""

import asyncio
import json
from typing import Any

import httpx

from gateway.schemas.records import ChatId
from tests.gateway_world import RunningGateway, phone_of
from tests.integration.test_gateway_board import chat_of


async def ring(gateway: RunningGateway, *alarms: dict[str, Any]) -> int:
    """What the bot does when an alarm rings; answers the status."""
    async with httpx.AsyncClient() as bot:
        answer = await bot.post(gateway.api("edgeradSetAlarms"), json={"alarms": list(alarms)})
        return answer.status_code


def alarm(chat_id: ChatId) -> dict[str, Any]:
    return {"chat_id": chat_id, "message_id": 3, "code": "C-0014", "extra": "not shown"}


async def test_an_alarm_is_seen_by_the_chat_that_it_names_alone(
    gateway: RunningGateway,
) -> None:
    async with phone_of(gateway) as supervisor:
        viewer = await chat_of(gateway)
        async with phone_of(gateway) as worker:
            assert await ring(gateway, alarm(viewer)) == 200
            seen = (await supervisor.http.get("/chat/messages")).json()["alarms"]
            assert [(each["code"], "extra" in each) for each in seen] == [("C-0014", False)]
            assert (await worker.http.get("/chat/messages")).json()["alarms"] == []
        supervisor.http.cookies.clear()
        assert (await supervisor.http.get("/chat/messages")).status_code == 401


async def test_a_page_is_told_as_an_alarm_begins_and_ends(gateway: RunningGateway) -> None:
    async with phone_of(gateway) as phone:
        viewer = await chat_of(gateway)
        async with asyncio.timeout(90), phone.http.stream("GET", "/chat/events") as stream:
            lines = stream.aiter_lines()
            counts: list[int] = []
            while await anext(lines) != "":
                pass
            await ring(gateway, alarm(viewer))
            while len(counts) < 2:
                if await anext(lines) != "event: alarms":
                    continue
                data = (await anext(lines)).removeprefix("data: ")
                counts.append(len(json.loads(data)["alarms"]))
                if len(counts) == 1:
                    await ring(gateway)
            assert counts == [1, 0]


async def test_an_alarm_without_a_chat_or_a_message_is_refused(gateway: RunningGateway) -> None:
    assert await ring(gateway, {"chat_id": 5}) == 400
    assert await ring(gateway, *[alarm(ChatId(5))] * 1_001) == 400
