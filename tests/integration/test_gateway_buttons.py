"""No kind of button costs the message that it is on: what cannot be pressed here is shown so."""

from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    WebAppInfo,
)

from tests.gateway_world import Phone, RunningGateway


async def sent(gateway: RunningGateway, chat_id: int, markup: dict[str, Any]) -> httpx.Response:
    """Send a text with this markup, as JSON that no library has tidied."""
    async with httpx.AsyncClient(trust_env=False) as http:
        body = {"chat_id": chat_id, "text": "x", "reply_markup": markup}
        return await http.post(gateway.api("sendMessage"), json=body)


async def test_numbers_as_text_and_data_are_taken_as_words(
    gateway: RunningGateway, chat_id: int, phone: Phone
) -> None:
    markup = {"inline_keyboard": [[{"text": 4, "callback_data": 0}, {"text": 1.5, "url": "a.b"}]]}
    answer = await sent(gateway, chat_id, markup)
    assert answer.json()["result"]["reply_markup"]["inline_keyboard"] == [
        [{"text": "4", "callback_data": "0"}, {"text": "1.5", "url": "http://a.b/"}]
    ]
    await sent(gateway, chat_id, {"keyboard": [[{"text": 7}, "8"]]})
    shown = await phone.messages()
    assert shown[-2]["buttons"][0][0] == {"text": "4", "data": "0"}
    assert shown[-1]["keyboard"]["rows"] == [["7", "8"]]


@pytest.mark.parametrize(
    "kind",
    [
        {"web_app": {"url": "https://a.b"}},
        {"login_url": {"url": "https://a.b"}},
        {"switch_inline_query": ""},
        {"switch_inline_query_current_chat": "x"},
        {"switch_inline_query_chosen_chat": {"query": "x"}},
        {"copy_text": {"text": "x"}},
        {"callback_game": {}},
        {"pay": True},
        {"disabled": {}},
        {"a_kind_of_next_year": {"x": 1}},
    ],
    ids=lambda kind: next(iter(kind)),
)
async def test_an_inline_button_of_a_kind_that_is_not_here_is_shown_and_cannot_be_pressed(
    gateway: RunningGateway, chat_id: int, phone: Phone, kind: dict[str, object]
) -> None:
    markup = {
        "inline_keyboard": [[{"text": "Other"} | kind, {"text": "OK", "callback_data": "ok"}]]
    }
    answer = await sent(gateway, chat_id, markup)
    assert answer.status_code == 200
    assert answer.json()["result"]["reply_markup"] == markup  # as the bot gave it
    other, usual = (await phone.messages())[-1]["buttons"][0]
    assert other == {"text": "Other", "data": "", "disabled": True}
    assert usual == {"text": "OK", "data": "ok"}
    press = {"message_id": (await phone.messages())[-1]["message_id"], "data": ""}
    assert (await phone.http.post("/chat/callbacks", json=press)).status_code == 404


async def test_a_reply_keyboard_leaves_out_what_is_not_here(
    bot: Bot, chat_id: int, phone: Phone
) -> None:
    asks = KeyboardButton("My number", request_contact=True)
    app = KeyboardButton("App", web_app=WebAppInfo("https://a.b"))
    await bot.send_message(chat_id, "x", reply_markup=ReplyKeyboardMarkup([[asks], ["Yes", app]]))
    await bot.send_message(chat_id, "y", reply_markup=ReplyKeyboardMarkup([[asks]]))
    partly, wholly = (await phone.messages())[-2:]
    assert partly["keyboard"]["rows"] == [["Yes"]]
    assert (wholly["text"], wholly["keyboard"]) == ("y", None)


async def test_the_style_of_a_button_is_kept_and_told(
    gateway: RunningGateway, chat_id: int, phone: Phone
) -> None:
    styled = {"text": "Delete", "callback_data": "d", "style": "danger"}
    plain = {"text": "Keep", "callback_data": "k", "style": "no such style"}
    answer = await sent(gateway, chat_id, {"inline_keyboard": [[styled, plain]]})
    (row,) = answer.json()["result"]["reply_markup"]["inline_keyboard"]
    assert row == [styled, {"text": "Keep", "callback_data": "k"}]
    shown = (await phone.messages())[-1]["buttons"][0]
    assert shown == [
        {"text": "Delete", "data": "d", "style": "danger"},
        {"text": "Keep", "data": "k"},
    ]


async def test_a_library_reads_its_own_button_back(bot: Bot, chat_id: int) -> None:
    button = InlineKeyboardButton("Copy", copy_text=CopyTextButton("C-0042"))
    message = await bot.send_message(chat_id, "x", reply_markup=InlineKeyboardMarkup([[button]]))
    assert message.reply_markup == InlineKeyboardMarkup([[button]])
    copied = await bot.edit_message_text("y", chat_id, message.message_id)
    assert getattr(copied, "reply_markup", None) is None


@pytest.mark.parametrize(
    "markup",
    [
        {"inline_keyboard": [[{"text": "alone"}]]},
        {"inline_keyboard": [[{"text": "alone", "pay": False, "style": "danger"}]]},
        {"inline_keyboard": [[{"text": "", "callback_data": "x"}]]},
        {"inline_keyboard": [[{"text": True, "callback_data": "x"}]]},
        {"inline_keyboard": [[{"text": "x", "callback_data": ""}]]},
        {"inline_keyboard": [[{"text": "x", "callback_data": "x" * 65}]]},
        {"inline_keyboard": [{"text": "x", "callback_data": "x"}]},
        {"keyboard": [[{}]]},
        {"keyboard": [[7]]},
    ],
)
async def test_what_telegram_refuses_is_refused(
    gateway: RunningGateway, chat_id: int, markup: dict[str, object]
) -> None:
    assert (await sent(gateway, chat_id, markup)).status_code == 400
