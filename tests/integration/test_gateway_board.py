"""The ward's board on the gateway: told by the bot, seen by those whom the bot names, alone."""

import asyncio

from gateway.schemas.records import ChatId
from tests.gateway_world import Phone, RunningGateway, bot_of, phone_of

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
        async with asyncio.timeout(10), phone.http.stream("GET", "/board/events") as stream:
            kinds: list[str] = []
            async for line in stream.aiter_lines():
                if line.startswith("event: "):
                    kinds.append(line.removeprefix("event: "))
                if line.startswith("data: ") and kinds == ["board"]:
                    assert '"waiting": 3' in line
                    assert "viewers" not in line
                    await hang(gateway, [])
        assert kinds == ["board", "denied"]


async def test_a_screen_that_was_signed_out_is_told_no_more(gateway: RunningGateway) -> None:
    async with phone_of(gateway) as phone:
        viewer = await chat_of(gateway)
        await hang(gateway, [viewer])
        async with asyncio.timeout(10), phone.http.stream("GET", "/board/events") as stream:
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
