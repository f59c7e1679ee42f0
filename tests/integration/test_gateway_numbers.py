"""Numbers through the Bot API: the second lock, and PTB as the bot that speaks to them."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram import Bot, Update
from telegram.error import BadRequest, Forbidden

from bot.settings import BotSettings
from deploy.doctor.checks import Check, Level
from deploy.doctor.liveness import check_sms
from gateway.bot_api.methods import METHODS
from gateway.settings import GatewaySettings
from tests.acceptance.running import eventually
from tests.gateway_world import RunningGateway, bot_of, picture, running_gateway

NUMBER = "+22670123456"
MARK = {"edgerad_sms": True}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    with running_gateway(tmp_path_factory.mktemp("home"), sms_country="BF") as running:
        yield running


@pytest.fixture
async def bot(gateway: RunningGateway) -> AsyncIterator[Bot]:
    async with bot_of(gateway) as made:
        yield made


async def chat_of_number(bot: Bot, number: str = "70 12 34 56") -> int:
    added: Any = await bot.do_api_request("edgeradAddNumber", {"number": number})
    assert added["number"] == NUMBER
    assert added["chat"]["edgerad_channel"] == "sms"
    return int(added["chat"]["id"])


async def test_what_is_marked_as_fit_for_sms_is_taken(bot: Bot) -> None:
    chat_id = await chat_of_number(bot)
    sent = await bot.send_message(chat_id, "C-0042 is answered", api_kwargs=MARK)
    assert sent.text == "C-0042 is answered"
    assert sent.chat.api_kwargs == {"edgerad_channel": "sms"}
    figures: Any = await bot.do_api_request("edgeradGetSms", {})
    assert figures["parts"] >= 1
    assert figures["lines"] == []


async def test_the_same_key_is_one_sms_and_the_same_message(bot: Bot) -> None:
    chat_id = await chat_of_number(bot)
    before: Any = await bot.do_api_request("edgeradGetSms", {})
    asked = MARK | {"edgerad_key": "7:1"}
    first, again = [await bot.send_message(chat_id, "C-0042", api_kwargs=asked) for _ in range(2)]
    assert again.message_id == first.message_id
    other = await bot.send_message(chat_id, "C-0042", api_kwargs=MARK | {"edgerad_key": "8:1"})
    assert other.message_id != first.message_id
    after: Any = await bot.do_api_request("edgeradGetSms", {})
    assert after["parts"] == before["parts"] + 2


async def test_no_method_sends_to_a_number_without_the_mark(
    gateway: RunningGateway, bot: Bot
) -> None:
    chat_id = await chat_of_number(bot)
    own = await bot.send_message(chat_id, "C-0042", api_kwargs=MARK)
    asked = {
        "chat_id": chat_id,
        "from_chat_id": chat_id,
        "message_id": own.message_id,
        "message_ids": [own.message_id],
        "text": "planted",
        "caption": "planted",
        "photo": "x",
        "media": [],
        "action": "typing",
    }
    senders = [
        m for m in METHODS.values() if m.name.startswith(("send", "copy", "forward", "edit"))
    ]
    assert len(senders) > 10
    async with httpx.AsyncClient(trust_env=False) as http:
        for method in senders:
            for mark in ({}, MARK) if method.name != "sendMessage" else ({},):
                answer = await http.post(gateway.api(method.name), json={**asked, **mark})
                assert answer.status_code == 400, method.name
    with pytest.raises(BadRequest, match="marked as fit"):
        await bot.send_message(chat_id, "planted")
    with pytest.raises(BadRequest, match="too long"):
        await bot.send_message(chat_id, "x" * 500, api_kwargs=MARK)


async def test_a_photo_to_a_number_is_refused(gateway: RunningGateway, bot: Bot) -> None:
    chat_id = await chat_of_number(bot)
    with pytest.raises(BadRequest, match="marked as fit"):
        await bot.send_photo(chat_id, picture(), caption="planted", api_kwargs=MARK)


async def test_a_mark_changes_nothing_for_a_page(gateway: RunningGateway, bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(12, "x", api_kwargs=MARK)


async def test_a_number_that_was_taken_back_is_another_chat_later(bot: Bot) -> None:
    chat_id = await chat_of_number(bot)
    await bot.do_api_request("edgeradSetAccess", {"chat_id": chat_id, "is_member": False})
    with pytest.raises(Forbidden):
        await bot.send_message(chat_id, "x", api_kwargs=MARK)
    assert await chat_of_number(bot) != chat_id


async def test_what_is_no_number_is_refused(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Not a phone number"):
        await bot.do_api_request("edgeradAddNumber", {"number": "12"})


async def test_ptb_reads_the_channel_from_the_chat() -> None:
    chat = {"id": 5, "type": "private", "first_name": "SMS", "edgerad_channel": "sms"}
    update = Update.de_json(
        {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": chat, "text": "x"}}, None
    )
    assert update.effective_chat is not None
    assert update.effective_chat.api_kwargs["edgerad_channel"] == "sms"


def test_doctor_says_when_a_line_was_last_heard_and_what_is_wrong_with_it(tmp_path: Path) -> None:
    asked = {"sms_country": "BF", "sms_phone_url": "http://127.0.0.1:9", "sms_phone_password": "x"}
    with running_gateway(tmp_path, **asked) as running:
        gateway = GatewaySettings.model_validate({"bot_token": running.token, **asked})
        bot = BotSettings.model_validate({"bot_api_url": running.bot_url})

        def look() -> list[Check] | None:
            found = check_sms(bot, gateway, None)
            return found if len(found) == 2 else None

        line, spent = eventually(look, "line of the doctor")
    assert (line.level, line.subject) == (Level.FAULT, "SMS")
    assert "phone: not heard since" in line.words
    assert "the phone does not answer" in line.words
    assert (spent.level, spent.words) == (Level.OK, "0 of 100 SMS went out in 24 hours")


def test_doctor_says_nothing_of_sms_where_there_is_none() -> None:
    without = GatewaySettings.model_validate({}), BotSettings.model_validate({})
    assert check_sms(without[1], without[0], None) == []
