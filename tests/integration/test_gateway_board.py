"""The ward's board on the gateway: told by the bot, seen by those whom the bot names, alone."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from gateway.schemas.records import ChatId
from tests.gateway_world import Phone, RunningGateway, bot_of, phone_of, running_gateway
from tests.sms_phone import PASSWORD, USER, old_phone

CONTENT = {"waiting": 3, "urgent": 1}


async def hang(gateway: RunningGateway, viewers: list[ChatId]) -> None:
    """What the bot does when the ward changed."""
    async with bot_of(gateway, forget=False) as bot:
        told = {"board": CONTENT, "viewers": viewers}
        assert await bot.do_api_request("edgerad_set_board", api_kwargs=told)


async def chat_of(gateway: RunningGateway) -> ChatId:
    """The chat of whoever joined last."""
    async with bot_of(gateway, forget=False) as bot:
        update = (await bot.get_updates())[-1]
        assert update.effective_chat is not None
        return ChatId(update.effective_chat.id)


async def statuses(phone: Phone) -> list[int]:
    """How the board's page and whether the menu offers it."""
    page, chat = await phone.http.get("/board"), await phone.http.get("/chat/messages")
    return [page.status_code, int(chat.json()["board"])]


async def test_only_those_whom_the_bot_names_may_look(gateway: RunningGateway) -> None:
    async with phone_of(gateway) as supervisor:
        viewer = await chat_of(gateway)
        async with phone_of(gateway) as worker:
            await hang(gateway, [viewer])
            assert await statuses(supervisor) == [200, 1]
            assert await statuses(worker) == [403, 0]


async def test_who_has_not_joined_is_asked_to(gateway: RunningGateway) -> None:
    async with phone_of(gateway) as phone:
        phone.http.cookies.clear()
        assert "join.js" in (await phone.http.get("/board")).text
        assert (await phone.http.get("/board/events")).status_code == 401


async def test_a_viewer_is_told_as_it_changes_and_no_longer_once_unnamed(
    gateway: RunningGateway,
) -> None:
    async with phone_of(gateway) as phone:
        await hang(gateway, [await chat_of(gateway)])
        async with asyncio.timeout(90), phone.http.stream("GET", "/board/events") as stream:
            kinds: list[str] = []
            async for line in stream.aiter_lines():
                if line.startswith("event: "):
                    kinds.append(line.removeprefix("event: "))
                if line.startswith("data: ") and kinds == ["board"]:
                    assert '"waiting": 3' in line
                    assert "viewers" not in line
                    await hang(gateway, [])
        assert kinds == ["board", "denied"]


async def told(gateway: RunningGateway, phone: Phone, viewer: ChatId) -> dict[str, Any]:
    """The board as a viewer's page is told of it now."""
    await hang(gateway, [viewer])
    async with phone.http.stream("GET", "/board/events") as stream:
        async for line in stream.aiter_lines():
            if line.startswith("data: "):
                board: dict[str, Any] = json.loads(line.removeprefix("data: "))
                return board
    raise AssertionError("the board says nothing")


async def test_viewers_see_when_what_sends_sms_was_last_heard_and_what_is_wrong(
    tmp_path: Path,
) -> None:
    async with old_phone() as old:
        line = {"sms_phone_url": old.url, "sms_phone_user": USER, "sms_phone_password": PASSWORD}
        with running_gateway(tmp_path, sms_country="BF", **line) as gateway:
            async with phone_of(gateway) as phone:
                viewer = await chat_of(gateway)
                board = partial(told, gateway, phone, viewer)
                (heard,) = (await board_with(board, bool))["sms"]
                assert (heard["name"], heard["fault"]) == ("phone", None)
                old.is_off = True
                seen = await board_with(board, lambda lines: lines[0]["fault"] is not None)
                assert seen["sms"][0]["fault"] == "the phone answers with HTTP 503"
                assert seen["sms"][0]["heard_at"] >= heard["heard_at"] > 0


async def board_with(
    board: Callable[[], Awaitable[dict[str, Any]]], is_meant: Callable[[list[Any]], bool]
) -> dict[str, Any]:
    """The board, once it says of the lines what is meant."""
    async with asyncio.timeout(60):
        while True:
            seen = await board()
            if is_meant(seen.get("sms", [])):
                return seen
            await asyncio.sleep(0.1)  # another thread has no Event


async def test_a_screen_that_was_signed_out_is_told_no_more(gateway: RunningGateway) -> None:
    async with phone_of(gateway) as phone:
        viewer = await chat_of(gateway)
        await hang(gateway, [viewer])
        async with asyncio.timeout(90), phone.http.stream("GET", "/board/events") as stream:
            lines = stream.aiter_lines()
            while await anext(lines) != "event: board":
                pass
            await phone.http.post("/leave")
            await hang(gateway, [viewer])
            assert "event: denied" in [line async for line in lines]


async def test_a_board_as_large_as_a_wall_is_refused(gateway: RunningGateway) -> None:
    async with phone_of(gateway) as phone:
        board = {f"key{number}": number for number in range(100)}
        answer = await phone.http.post(gateway.api("edgeradSetBoard"), json={"board": board})
        assert answer.status_code == 400
        assert answer.json()["description"] == "Bad Request: board is too large"
