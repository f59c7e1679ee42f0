"""The table of docs/security.md that says what a number may ask: every cell is tried."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.audit import Actor
from bot.domain.messages import Outgoing
from bot.domain.people import Role
from bot.domain.phones import Verb
from bot.locale import translator
from bot.replies import sms
from inference.contract import Language
from tests.bot_conversation import Conversation, conversation
from tests.bot_world import clinic, reading
from tests.integration.test_access_matrix import table
from tests.sms_talk import NUMBERS, begin, set_up, texts, with_sms

SMS = table("SMS")
WHO = ("unknown number", "not proved", "revoked", "health worker", "supervisor", "admin")
T = translator(Language.ENGLISH)
REFUSED = {sms.not_allowed(T).text, sms.help_text(T).text}


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Conversation]:
    async with clinic(tmp_path, in_memory=True) as ward:
        with_sms(ward)
        async with conversation(ward) as opened:
            yield opened


async def number_of(chat: Conversation, who: str) -> str:
    """The number of somebody of a column; case 1 is theirs, and rings."""
    role = Role(who.replace(" ", "_")) if who in WHO[3:] else Role.ADMIN
    person = await chat.enrol(1, role)
    if who == "unknown number":
        chat.clinic.server.numbers[NUMBERS[2]] = 10**12 + 7
        return NUMBERS[2]
    if who == "not proved":
        await begin(chat, person, NUMBERS[1])
        return NUMBERS[1]
    number = await set_up(chat, person)
    await chat.alarm(person, reading())
    await chat.delivered()
    if who == "revoked":
        await chat.clinic.store.people.revoke(person.user_id, by=Actor.at_the_machine())
    return number


def was_served(text: str, said: list[Outgoing]) -> bool:
    answers = [message.reply.text for message in said if message.is_sms]
    return bool(answers) and (text == "HELP" or answers[0] not in REFUSED)


def test_the_table_has_every_command_and_every_sender() -> None:
    assert len(SMS) == len(Verb) + 2
    assert {tuple(columns) for columns in SMS.values()} == {(*WHO, "PIN")}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("text", SMS)
async def test_every_command_by_sms_serves_whom_the_page_says(
    chat: Conversation, who: str, text: str
) -> None:
    said = await texts(chat, await number_of(chat, who), text)
    assert was_served(text, said) == SMS[text][who].startswith("yes"), said
    if who in WHO[:3]:
        assert said == []


@pytest.mark.parametrize("text", [text for text in SMS if not text.startswith("/")])
async def test_every_command_wants_the_pin_that_the_page_says(
    chat: Conversation, text: str
) -> None:
    number = await number_of(chat, "admin")
    await chat.types(1, "/phone pin 4711")
    said = await texts(chat, number, text)
    asked = sms.pin_wanted(T).text in [message.reply.text for message in said]
    assert asked == (SMS[text]["PIN"] == "yes")


async def test_a_health_worker_asks_of_their_own_cases_alone(chat: Conversation) -> None:
    number = await number_of(chat, "health worker")
    await chat.alarm(await chat.enrol(4), reading())
    await chat.delivered()
    said = await texts(chat, number, "CASE C-0002")
    assert [message.reply.text for message in said] == ["EdgeRad: C-0002: nothing to be done."]
    said = await texts(chat, number, "CASES")
    assert "not opened: 1. C-0001" in said[0].reply.text
