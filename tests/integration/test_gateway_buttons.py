"""No kind of button costs the message that it is on: what cannot be pressed here is shown so."""

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from PIL import Image
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    WebAppInfo,
)

from tests.gateway_world import (
    Phone,
    RunningGateway,
    chat_of,
    file_part,
    phone_of,
    picture,
)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A nurse's film beside a button in another chat."""

    film: dict[str, Any]
    place: dict[str, int]
    list_id: int
    chat_id: int

    @property
    def address(self) -> str:
        """Of the picture."""
        return f"/chat/messages/{self.list_id}/picture?data=case:38"


@pytest.fixture
async def nurse(gateway: RunningGateway) -> AsyncIterator[Phone]:
    async with phone_of(gateway, name="João") as phone:
        yield phone


@pytest.fixture
async def shown(gateway: RunningGateway, bot: Bot, chat_id: int, nurse: Phone) -> Shown:
    nurse_id = await chat_of(nurse, gateway)
    film = (await nurse.put("film", files=[file_part(picture())])).json()
    await bot.delete_webhook(drop_pending_updates=True)  # counts as fetched
    place = {"chat_id": nurse_id, "message_id": film["message_id"]}
    button = InlineKeyboardButton(
        "🔴 C-0038", callback_data="case:38", api_kwargs={"edgerad_picture_of": place}
    )
    plain = InlineKeyboardButton("Older", callback_data="older")
    markup = InlineKeyboardMarkup([[button, plain]])
    listed = await bot.send_message(chat_id, "🔴 C-0038 22:00", reply_markup=markup)
    return Shown(film=film, place=place, list_id=listed.message_id, chat_id=chat_id)


async def test_the_film_beside_a_button_is_shown_small_to_whoever_has_the_button(
    phone: Phone, shown: Shown
) -> None:
    (row,) = (await phone.messages())[-1]["buttons"]
    assert row == [
        {"text": "🔴 C-0038", "data": "case:38", "pictured": True},
        {"text": "Older", "data": "older"},
    ]
    answer = await phone.http.get(shown.address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert max(Image.open(io.BytesIO(answer.content)).size) == 320
    assert answer.headers["cache-control"] == "no-store"


async def test_the_film_beside_a_button_is_nothing_for_anybody_else(
    gateway: RunningGateway, phone: Phone, nurse: Phone, shown: Shown
) -> None:
    async with phone_of(gateway) as other, httpx.AsyncClient(base_url=gateway.url) as nobody:
        assert (await other.http.get(shown.address)).status_code == 404
        group = {"chat": str(shown.chat_id)}
        assert (await other.http.get(shown.address, params=group)).status_code == 404
        assert (await nobody.get(shown.address)).status_code == 401
    assert (await nurse.http.get(shown.address)).status_code == 404  # it is not their list
    for key in ("thumb_id", "file_id"):  # nor does the list open the files themselves
        file_id = shown.film["photo"][key]
        assert (await phone.http.get(f"/chat/files/{file_id}")).status_code == 404
    for data in ("older", "case:39", "", "case:38'--"):
        address = shown.address.removesuffix("case:38") + data
        assert (await phone.http.get(address)).status_code == 404
    own = f"/chat/messages/{shown.film['message_id']}/picture?data=case:38"
    assert (await phone.http.get(own)).status_code == 404
    await phone.http.put("/chat/pin", json={"pin": "4711"})
    await phone.http.get("/")  # asks for the PIN
    assert (await phone.http.get(shown.address)).status_code == 423


async def test_the_film_beside_a_button_goes_with_the_button_and_with_the_film(
    gateway: RunningGateway, bot: Bot, phone: Phone, shown: Shown
) -> None:
    await bot.edit_message_text("turned", shown.chat_id, shown.list_id)
    assert (await phone.http.get(shown.address)).status_code == 404
    told = {"text": "x", "callback_data": "case:38", "edgerad_picture_of": shown.place}
    markup = {"inline_keyboard": [[told]]}
    await sent(gateway, shown.chat_id, markup)
    address = shown.address.replace(
        str(shown.list_id), str((await phone.messages())[-1]["message_id"])
    )
    assert (await phone.http.get(address)).status_code == 200
    await bot.do_api_request("edgeradForget", {"messages": [[*shown.place.values()]]})
    assert (await phone.http.get(address)).status_code == 404


@pytest.mark.parametrize(
    "place", [{}, {"chat_id": 1}, {"chat_id": "1", "message_id": 2}, {"chat_id": 1 << 70}]
)
async def test_a_picture_beside_a_button_that_names_no_message_is_refused(
    gateway: RunningGateway, chat_id: int, place: dict[str, Any]
) -> None:
    button = {"text": "x", "callback_data": "y", "edgerad_picture_of": place}
    answer = await sent(gateway, chat_id, {"inline_keyboard": [[button]]})
    assert answer.status_code == 400
    assert "edgerad_picture_of" in answer.json()["description"]


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
