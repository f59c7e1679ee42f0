"""The Bot API as its clients use it: python-telegram-bot unchanged, and others' ways by hand."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    ReplyParameters,
    Update,
)
from telegram.error import BadRequest
from telegram.ext import ApplicationBuilder, CommandHandler, ContextTypes, MessageHandler, filters

from tests.gateway_world import Phone, World, gateway_world, picture

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])


@pytest.fixture(autouse=True)
def _durations_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with gateway_world(tmp_path) as running:
        yield running


@pytest.fixture
async def bot(world: World) -> Bot:
    return await world.bot()


@pytest.fixture
async def phone(world: World) -> Phone:
    return await world.joined()


@pytest.fixture
async def chat_id(world: World, phone: Phone) -> int:
    (update,) = await world.updates()
    return int(update["message"]["chat"]["id"])


async def test_an_application_with_its_own_updater_answers_commands_and_photos(
    world: World, phone: Phone
) -> None:
    """Requires: PTB's `Application` runs on the gateway unchanged."""

    async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message is not None
        await update.effective_message.reply_html(f"<b>Welcome</b> {(context.args or [''])[0]}")

    async def photo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        assert message is not None
        data = await (await message.photo[-1].get_file()).download_as_bytearray()
        await message.reply_photo(bytes(data), caption=f"seen: {message.caption}")

    base = f"{world.url}/bot", f"{world.url}/file/bot"
    built = ApplicationBuilder().token(world.token).base_url(base[0]).base_file_url(base[1])
    application = built.build()
    application.add_handler(CommandHandler("start", start))
    application.add_handler(MessageHandler(filters.PHOTO, photo))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling()
        await phone.send("one", ("film.jpg", picture()), text="F 30")
        await _until(phone, "seen: F 30")
        await application.updater.stop()
        await application.stop()

    welcome = next(m for m in await phone.messages() if m["text"] == "Welcome CODE")
    assert welcome["html"] == "<b>Welcome</b> CODE"
    assert welcome["reply_to"] is None


async def test_a_message_is_sent_edited_and_deleted(phone: Phone, bot: Bot, chat_id: int) -> None:
    sent = await bot.send_message(chat_id, "one *two*", parse_mode="MarkdownV2")
    assert sent.text == "one two"
    await bot.edit_message_text("three", chat_id=chat_id, message_id=sent.message_id)
    assert (await phone.messages())[-1]["text"] == "three"
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("three", chat_id=chat_id, message_id=sent.message_id)
    assert await bot.delete_message(chat_id, sent.message_id)
    assert "three" not in [m["text"] for m in await phone.messages()]
    with pytest.raises(BadRequest, match="not found"):
        await bot.edit_message_text("four", chat_id=chat_id, message_id=sent.message_id)


async def test_a_button_comes_back_as_a_callback_that_can_be_answered(
    world: World, phone: Phone, bot: Bot, chat_id: int
) -> None:
    sent = await bot.send_message(chat_id, "?", reply_markup=KEYBOARD)
    await phone.http.post("/chat/callbacks", json={"message_id": sent.message_id, "data": "yes"})
    update = (await bot.get_updates(timeout=5))[-1]
    assert update.callback_query is not None
    assert update.callback_query.data == "yes"
    assert await update.callback_query.answer("Noted")
    await bot.edit_message_reply_markup(chat_id, sent.message_id, reply_markup=None)
    assert (await phone.messages())[-1]["buttons"] is None


async def test_pictures_documents_and_albums_go_out_and_replies_are_quoted(
    phone: Phone, bot: Bot, chat_id: int
) -> None:
    asked = (await phone.messages())[0]["message_id"]
    reply = ReplyParameters(asked)
    photo = await bot.send_photo(chat_id, picture(), caption="film", reply_parameters=reply)
    again = await bot.send_photo(chat_id, photo.photo[-1].file_id)
    document = await bot.send_document(chat_id, b"a;b\n", filename="cases.csv")
    album = await bot.send_media_group(
        chat_id, [InputMediaPhoto(picture(310), caption="two"), InputMediaPhoto(picture(320))]
    )
    assert photo.reply_to_message is not None
    assert again.photo[-1].file_id == photo.photo[-1].file_id
    assert document.document is not None
    assert document.document.file_name == "cases.csv"
    assert len({message.media_group_id for message in album}) == 1
    seen = await phone.messages()
    assert seen[1]["reply_to"]["message_id"] == asked
    assert seen[3]["document"]["file_name"] == "cases.csv"


async def test_commands_are_kept_by_scope_and_language(
    phone: Phone, bot: Bot, chat_id: int
) -> None:
    await bot.set_my_commands([BotCommand("help", "Help")])
    scope = BotCommandScopeChat(chat_id)
    await bot.set_my_commands([BotCommand("cases", "Cases")], scope=scope)
    assert [c.command for c in await bot.get_my_commands()] == ["help"]
    page = (await phone.http.get("/chat/messages")).json()
    assert [c["command"] for c in page["bot"]["commands"]] == ["cases"]
    await bot.delete_my_commands(scope=scope)
    page = (await phone.http.get("/chat/messages")).json()
    assert [c["command"] for c in page["bot"]["commands"]] == ["help"]


async def test_the_chat_and_the_bot_are_told_as_ptb_needs_them(bot: Bot, chat_id: int) -> None:
    chat = await bot.get_chat(chat_id)
    assert chat.first_name == "Awa"
    assert chat.accepted_gift_types is not None
    assert (await bot.get_me()).is_bot
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(1, "nobody")


async def test_messages_are_forwarded_copied_and_reacted_to(
    phone: Phone, bot: Bot, chat_id: int
) -> None:
    first = (await phone.messages())[0]["message_id"]
    forwarded = await bot.forward_message(chat_id, chat_id, first)
    assert forwarded.forward_origin is not None
    copied = await bot.copy_message(chat_id, chat_id, first)
    assert copied.message_id > forwarded.message_id
    assert await bot.set_message_reaction(chat_id, first, "👍")
    assert (await phone.messages())[0]["reaction"] == "👍"


async def test_a_poll_waits_and_is_woken_by_a_message(world: World, phone: Phone) -> None:
    (first,) = await world.updates()
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(world.updates(offset=first["update_id"] + 1, timeout=20))
        await phone.send("one", text="hello")
    assert poll.result()[0]["message"]["text"] == "hello"


async def test_of_two_pollers_the_older_one_is_told_so(world: World, phone: Phone) -> None:
    (first,) = await world.updates()
    after = first["update_id"] + 1
    async with asyncio.TaskGroup() as group:
        older = group.create_task(world.call("getUpdates", offset=after, timeout=20))
        await asyncio.sleep(0.1)  # it is pending: nothing but the second poll ends it
        await world.call("getUpdates", timeout=0)
    assert older.result()["error_code"] == 409
    assert older.result()["description"].startswith("Conflict: terminated by other getUpdates")


async def test_updates_are_kept_until_confirmed_and_their_ids_never_go_back(
    tmp_path: Path,
) -> None:
    async with gateway_world(tmp_path) as world:
        await world.joined()
        (first,) = await world.updates()
    async with gateway_world(tmp_path) as world:
        (again,) = await world.updates()
        assert again == first
        await world.updates(offset=first["update_id"] + 1)
    async with gateway_world(tmp_path) as world:
        await world.joined("Binta")
        (second,) = await world.updates()
        assert second["update_id"] > first["update_id"]


async def test_a_negative_offset_keeps_the_last_and_limit_cuts(world: World, phone: Phone) -> None:
    for n in range(3):
        await phone.send(f"m{n}", text=f"m{n}")
    assert len(await world.updates(limit=2)) == 2
    assert [u["message"]["text"] for u in await world.updates(offset=-1)] == ["m2"]
    assert len(await world.updates()) == 1


@pytest.mark.parametrize("kinds", [["callback_query"], json.dumps(["callback_query"])])
async def test_allowed_updates_stick_until_changed(
    world: World, phone: Phone, kinds: list[str] | str
) -> None:
    await world.updates(offset=-1, allowed_updates=kinds)
    await phone.send("one", text="unwanted")
    await world.updates(allowed_updates=[])
    await phone.send("two", text="wanted")
    texts = [u["message"]["text"] for u in await world.updates()]
    assert "wanted" in texts
    assert "unwanted" not in texts


@pytest.mark.parametrize("way", ["query", "form", "json", "multipart", "mixed"])
async def test_parameters_are_taken_in_every_encoding(
    world: World, phone: Phone, chat_id: int, way: str
) -> None:
    url = f"{world.url}/bot{world.token}/SendMessage"
    text = {"chat_id": str(chat_id), "text": way}
    ways: dict[str, dict[str, Any]] = {
        "query": {"params": text},
        "form": {"data": text},
        "json": {"json": {"chat_id": chat_id, "text": way}},
        "multipart": {"files": {key: (None, value) for key, value in text.items()}},
        "mixed": {"params": text, "files": {"other": ("a.txt", b"a")}},
    }
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.request("GET" if way == "query" else "POST", url, **ways[way])
    assert answer.json()["ok"], answer.text
    assert (await phone.messages())[-1]["text"] == way


async def test_a_file_may_be_attached_under_any_name_with_the_rest_in_the_query(
    world: World, phone: Phone, chat_id: int
) -> None:
    """Requires: pyTelegramBotAPI puts all parameters into the query of a multipart POST."""
    url = f"{world.url}/bot{world.token}/sendPhoto"
    query = {"chat_id": str(chat_id), "photo": "attach://somewhere", "caption": "film"}
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(url, params=query, files={"somewhere": ("f.jpg", picture())})
    assert answer.json()["ok"], answer.text
    assert (await phone.messages())[-1]["photo"]["width"] == 400


@pytest.mark.parametrize(
    ("method", "parameters", "status", "description"),
    [
        ("noSuchMethod", {}, 404, "Not Found: method not found"),
        ("sendMessage", {"text": "x"}, 400, "Bad Request: chat_id is empty"),
        ("sendMessage", {"chat_id": 5, "text": "x"}, 400, "Bad Request: chat not found"),
        ("getFile", {"file_id": "nothing"}, 400, "Bad Request"),
        ("setWebhook", {"url": "https://example.com"}, 400, "Bad Request: webhooks"),
    ],
)
async def test_refusals_have_telegrams_status_and_words(
    world: World, method: str, parameters: dict[str, object], status: int, description: str
) -> None:
    answer = await world.call(method, **parameters)
    assert answer["error_code"] == status
    assert answer["description"].startswith(description)


async def test_texts_are_refused_when_empty_too_long_or_badly_marked_up(
    bot: Bot, chat_id: int
) -> None:
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(chat_id, " ")
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(chat_id, "x" * 4097)
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await bot.send_message(chat_id, "<b>open", parse_mode="HTML")
    with pytest.raises(BadRequest, match="aption is too long"):
        await bot.send_photo(chat_id, picture(), caption="x" * 1025)


async def test_a_wrong_token_is_refused_and_no_file_is_served_for_it(
    world: World, phone: Phone
) -> None:
    await phone.send("one", ("film.jpg", picture()))
    photo = (await world.updates())[-1]["message"]["photo"][-1]
    path = (await world.call("getFile", file_id=photo["file_id"]))["result"]["file_path"]
    async with httpx.AsyncClient(trust_env=False) as http:
        right = await http.get(f"{world.url}/file/bot{world.token}/{path}")
        stranger = await http.get(f"{world.url}/file/bot{world.token[:-1]}!/{path}")
        unknown = await http.get(f"{world.url}/bot{world.token[:-1]}!/getMe")
        climb = await http.get(f"{world.url}/file/bot{world.token}/..%2f..%2fgateway.db")
    assert right.status_code == 200
    assert stranger.status_code == 401
    assert unknown.status_code == 401
    assert climb.status_code == 400


async def _until(phone: Phone, text: str) -> None:
    """Poll the chat until a message reads like this."""
    async with asyncio.timeout(15):
        while text not in [message["text"] for message in await phone.messages()]:  # noqa: ASYNC110 - it happens in the gateway
            await asyncio.sleep(0.05)
