"""Whoever tries codes or tokens is noted in the audit log, in few entries."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.domain.audit import Act
from bot.store.people import BURST_S, BURSTS
from gateway.store import attempts
from tests.attacks.conftest import Note
from tests.bot_conversation import STRANGER, Conversation, conversation
from tests.bot_world import clinic
from tests.gateway_world import RunningGateway

ATTACKER = "without an invite"


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Conversation]:
    async with clinic(tmp_path, in_memory=True) as ward, conversation(ward) as opened:
        yield opened


async def noted(chat: Conversation) -> list[str]:
    """What the audit log says of people who tried to get in, newest first."""
    entries = await chat.clinic.store.audit.newest(1_000)
    return [entry.subject for entry in entries if entry.act is Act.TRIED]


async def test_wrong_codes_are_noted_when_they_come_in_a_burst(
    chat: Conversation, outcome: Note
) -> None:
    for number in range(BURSTS[1]):
        await chat.types(STRANGER, f"/start WRONG{number}")
        if number + 1 < BURSTS[0]:
            assert await noted(chat) == [], "somebody who mistypes"
    assert await noted(chat) == ["50 wrong codes", "5 wrong codes"]
    chat.clinic.clock.advance(BURST_S)
    await chat.types(STRANGER, "/start WRONG")
    assert len(await noted(chat)) == 2
    outcome(
        "Try wrong codes in a burst",
        f"in the audit log at {', '.join(map(str, BURSTS))} within {BURST_S // 60} minutes",
    )


async def test_the_bot_notes_the_wrong_tokens_that_the_gateway_tells_of(
    chat: Conversation, outcome: Note
) -> None:
    assert await chat.serve({"edgerad_attempts": {"date": 1, "wrong_tokens": 3}}) == []
    assert await noted(chat) == ["3 wrong tokens"]
    outcome("The same, and nobody looks", "it stands in the audit log")


async def test_the_gateway_tells_of_wrong_tokens_and_not_of_each(
    gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch, outcome: Note
) -> None:
    async with httpx.AsyncClient(base_url=gateway.bot_url, trust_env=False) as http:

        async def told() -> list[Any]:
            asked = {"allowed_updates": ["edgerad_attempts"]}
            answer = (await http.post(gateway.api("getUpdates"), json=asked)).json()
            return [update["edgerad_attempts"] for update in answer["result"]]

        assert await told() == []
        for _ in range(9):
            assert (await http.get("/bot1:wrong/getMe")).status_code == 401
        (first,) = await told()
        assert first["wrong_tokens"] == 1
        monkeypatch.setattr(attempts, "TOLD_EVERY_S", 0.0)
        assert (await http.get("/file/bot1:wrong/photos/x")).status_code == 401
        assert [each["wrong_tokens"] for each in await told()] == [1, 9]
    outcome("Try tokens at the Bot API", "401; told to the bot, in few updates")
