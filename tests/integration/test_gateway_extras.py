"""Keyboards, quotes, protected content and what a bot says of itself, through PTB."""

import httpx
import pytest
from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MenuButtonCommands,
    MenuButtonWebApp,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
    WebAppInfo,
)
from telegram.error import BadRequest

from tests.gateway_world import (
    MessageJson,
    Phone,
    RunningGateway,
    bot_of,
    file_part,
    phone_of,
    picture,
)


async def chat(phone: Phone) -> MessageJson:
    found: MessageJson = (await phone.http.get("/chat/messages")).json()
    return found


async def test_a_reply_keyboard_stays_until_it_is_removed(
    bot: Bot, chat_id: int, phone: Phone
) -> None:
    keyboard = ReplyKeyboardMarkup(
        [["Yes", "No"], ["Later"]], one_time_keyboard=True, input_field_placeholder="Choose"
    )
    asked = await bot.send_message(chat_id, "Again?", reply_markup=keyboard)
    await bot.send_message(chat_id, "(it stays)")
    shown = await chat(phone)
    assert shown["keyboard"] == {
        "message_id": asked.message_id,
        "rows": [["Yes", "No"], ["Later"]],
        "force_reply": False,
        "one_time": True,
        "placeholder": "Choose",
    }
    assert asked.reply_markup is None
    await bot.send_message(chat_id, "Thanks", reply_markup=ReplyKeyboardRemove())
    shown = await chat(phone)
    assert shown["keyboard"] is None
    assert shown["messages"][-1]["keyboard"]["rows"] == []


async def test_a_bot_may_ask_for_a_reply(bot: Bot, chat_id: int, phone: Phone) -> None:
    asked = await bot.send_message(
        chat_id, "How old?", reply_markup=ForceReply(input_field_placeholder="Years")
    )
    shown = (await chat(phone))["keyboard"]
    assert (shown["message_id"], shown["force_reply"]) == (asked.message_id, True)
    await phone.put("age", text="40", reply_to=str(asked.message_id))
    (update,) = await bot.get_updates(offset=-1)
    assert update.message is not None
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.text == "How old?"


async def test_an_answer_quotes_a_part_of_a_message(bot: Bot, chat_id: int, phone: Phone) -> None:
    first = await bot.send_message(chat_id, "𝄞 Left lower zone is dense")
    answer = await bot.send_message(
        chat_id,
        "Sure?",
        reply_parameters=ReplyParameters(
            first.message_id, quote="*lower* zone", quote_parse_mode="Markdown", quote_position=8
        ),
    )
    assert answer.quote is not None
    assert (answer.quote.text, answer.quote.position) == ("lower zone", 8)
    assert [e.type for e in answer.quote.entities or ()] == ["bold"]
    assert (await phone.messages())[-1]["reply_to"]["text"] == "lower zone"
    with pytest.raises(BadRequest, match=r"(?i)quote_text_invalid"):
        await bot.send_message(
            chat_id, "x", reply_parameters=ReplyParameters(first.message_id, quote="upper")
        )


async def test_what_is_protected_is_not_forwarded(bot: Bot, chat_id: int, phone: Phone) -> None:
    sent = await bot.send_photo(chat_id, picture(), protect_content=True)
    assert sent.has_protected_content is True
    assert (await phone.messages())[-1]["protected"] is True
    with pytest.raises(BadRequest, match="can't be forwarded"):
        await bot.forward_message(chat_id, chat_id, sent.message_id)


async def test_link_previews_and_effects_change_nothing_that_is_read(
    bot: Bot, chat_id: int
) -> None:
    sent = await bot.send_message(
        chat_id,
        "see http://10.0.0.5/x",
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        message_effect_id="5104841245755180586",
    )
    assert sent.link_preview_options is not None
    assert sent.link_preview_options.is_disabled is True
    edited = await bot.edit_message_text("see http://10.0.0.5/y", chat_id, sent.message_id)
    assert edited.link_preview_options is None  # type: ignore[union-attr]  # it is a message


async def test_a_press_may_be_answered_with_an_alert(bot: Bot, chat_id: int, phone: Phone) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
    sent = await bot.send_message(chat_id, "?", reply_markup=keyboard)
    async with phone.http.stream("GET", "/chat/events") as events:
        lines = events.aiter_lines()
        await anext(lines)
        body = {"message_id": sent.message_id, "data": "go"}
        assert (await phone.http.post("/chat/callbacks", json=body)).status_code == 200
        (update,) = await bot.get_updates(offset=-1)
        assert update.callback_query is not None
        await update.callback_query.answer("Stop!", show_alert=True)
        async for line in lines:
            if '"Stop!"' in line:
                assert '"alert": true' in line
                break


async def test_a_film_and_a_file_are_copied_and_forwarded_with_their_media(
    bot: Bot, chat_id: int, phone: Phone
) -> None:
    film = (await phone.put("film", files=[file_part(picture())], text="cap")).json()
    voice = await bot.send_voice(chat_id, b"voice")
    assert voice.voice is not None
    copied = await bot.copy_message(chat_id, chat_id, film["message_id"])
    forwarded = await bot.forward_message(chat_id, chat_id, voice.message_id)
    bare = await bot.copy_messages(chat_id, chat_id, [film["message_id"]], remove_caption=True)
    by_id = {m["message_id"]: m for m in await phone.messages()}
    assert by_id[copied.message_id]["photo"] == by_id[film["message_id"]]["photo"]
    assert by_id[bare[0].message_id]["text"] == ""
    assert forwarded.voice == voice.voice


async def test_a_deep_link_starts_the_bot_with_its_payload(
    gateway: RunningGateway, bot: Bot
) -> None:
    async with phone_of(gateway, code="ward-7_film"):
        (update,) = await bot.get_updates(offset=-1)
    assert update.message is not None
    assert update.message.text == "/start ward-7_film"
    assert [(e.type, e.offset, e.length) for e in update.message.entities] == [
        ("bot_command", 0, 6)
    ]


async def test_a_bot_says_who_it_is_in_each_language(
    bot: Bot, phone: Phone, gateway: RunningGateway
) -> None:
    await bot.set_my_name("Ward bot")
    await bot.set_my_name("Robot", language_code="fr")
    await bot.set_my_description("Reads films")
    await bot.set_my_short_description("Films")
    try:
        assert (await bot.get_my_name()).name == "Ward bot"
        assert (await bot.get_my_name("fr")).name == "Robot"
        assert (await bot.get_my_description("fr")).description == "Reads films"
        assert (await bot.get_my_short_description()).short_description == "Films"
        async with bot_of(gateway, forget=False) as again:
            assert again.first_name == "Ward bot"
        assert (await chat(phone))["bot"]["name"] == "Ward bot"
        with pytest.raises(BadRequest, match=r"(?i)too long"):
            await bot.set_my_name("x" * 65)
    finally:
        await bot.set_my_name("")
    assert (await bot.get_my_name()).name == "EdgeRad"


async def test_a_menu_button_is_kept_for_a_chat_or_all(bot: Bot, chat_id: int) -> None:
    assert (await bot.get_chat_menu_button(chat_id)).type == "default"
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert (await bot.get_chat_menu_button(chat_id)).type == "commands"
    app = MenuButtonWebApp("Films", WebAppInfo("https://a.b"))
    await bot.set_chat_menu_button(chat_id, app)
    assert await bot.get_chat_menu_button(chat_id) == app
    assert (await bot.get_chat_menu_button()).type == "commands"


async def test_nobody_has_a_profile_photo(bot: Bot, chat_id: int) -> None:
    photos = await bot.get_user_profile_photos(chat_id)
    assert (photos.total_count, photos.photos) == (0, ())


@pytest.mark.parametrize("method", ["sendPoll", "noSuchThing", "getMe/more", ""])
async def test_an_unknown_method_is_not_found(gateway: RunningGateway, method: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(gateway.api(method))
    assert (answer.status_code, answer.json()) == (
        404,
        {"ok": False, "error_code": 404, "description": "Not Found: method not found"},
    )


@pytest.mark.parametrize(
    "markup",
    [
        {"keyboard": "x"},
        {"force_reply": True, "input_field_placeholder": "x" * 65},
    ],
)
async def test_what_is_no_keyboard_is_refused(
    gateway: RunningGateway, chat_id: int, markup: dict[str, object]
) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        body = {"chat_id": chat_id, "text": "x", "reply_markup": markup}
        answer = await http.post(gateway.api("sendMessage"), json=body)
    assert answer.status_code == 400


async def test_a_business_connection_is_refused(gateway: RunningGateway, chat_id: int) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        body = {"chat_id": chat_id, "text": "x", "business_connection_id": "b"}
        answer = await http.post(gateway.api("sendMessage"), json=body)
    assert answer.json()["description"] == "Bad Request: business connection not found"
