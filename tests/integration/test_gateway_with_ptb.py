"""python-telegram-bot runs on the gateway unchanged."""

import asyncio
import json
from collections.abc import Awaitable
from pathlib import Path

import httpx
import pytest
from telegram import (
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from tests.gateway_world import (
    MessageJson,
    Phone,
    RunningGateway,
    bot_of,
    chat_of,
    file_part,
    phone_of,
    picture,
    running_gateway,
)

JPEG = b"\xff\xd8"
ONE = [{"type": "photo", "media": "attach://nothing"}]


async def test_an_application_answers_commands_photos_and_buttons(gateway: RunningGateway) -> None:
    """`Application` with its own updater and handlers: a command, a photo, a press."""

    async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_chat is not None
        code = (context.args or ["none"])[0]
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])
        await update.effective_chat.send_message(f"joined with {code}", reply_markup=keyboard)

    async def photo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        sizes = update.message.photo
        assert len(sizes) >= 2
        assert [s.width for s in sizes] == sorted(s.width for s in sizes)
        data = await (await sizes[-1].get_file()).download_as_bytearray()
        await update.message.reply_text(
            f"{sizes[-1].width} px, {data.startswith(JPEG)}", do_quote=True
        )

    async def press(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        assert query is not None
        assert query.chat_instance
        await query.answer("noted")
        await query.edit_message_text(f"pressed {query.data}")

    async with bot_of(gateway):  # forgets what earlier tests left
        pass
    application = (
        ApplicationBuilder()
        .token(gateway.token)
        .base_url(f"{gateway.bot_url}/bot")
        .base_file_url(f"{gateway.bot_url}/file/bot")
        .build()
    )
    application.add_handler(CommandHandler("start", start))
    application.add_handler(MessageHandler(filters.PHOTO, photo))
    application.add_handler(CallbackQueryHandler(press))
    async with application:
        assert application.updater is not None
        await application.start()
        await application.updater.start_polling(timeout=5)
        try:
            async with phone_of(gateway, code="C0DE") as phone:
                greeted = await _said(phone, "joined with C0DE")
                body = {"message_id": greeted["message_id"], "data": "yes"}
                assert (await phone.http.post("/chat/callbacks", json=body)).status_code == 200
                await _said(phone, "pressed yes")
                await phone.put("p", files=[file_part(picture(800, 600))], text="Age 40")
                answer = await _said(phone, "800 px, True")
                assert answer["reply_to"]["photo"] is True
        finally:
            await application.updater.stop()
            await application.stop()


async def _said(phone: Phone, text: str) -> MessageJson:
    """The bot's message with this text, as soon as the phone hears of it."""
    async with asyncio.timeout(90), phone.http.stream("GET", "/chat/events") as events:
        for message in await phone.messages():
            if message["text"] == text:
                return message
        async for line in events.aiter_lines():
            if line.startswith("data: ") and text in line:
                found: MessageJson = json.loads(line.removeprefix("data: "))
                return found
    raise AssertionError(text)


async def test_an_album_arrives_as_messages_that_share_a_group(gateway: RunningGateway) -> None:
    async with bot_of(gateway) as bot, phone_of(gateway) as phone:
        parts = [file_part(picture()), file_part(picture(300, 200))]
        sent = await phone.put("album", files=parts, text="two views")
        assert len(sent.json()["messages"]) == 2
        messages = [u.message for u in await bot.get_updates() if u.message and u.message.photo]
        assert len({m.media_group_id for m in messages}) == 1
        assert messages[0].media_group_id
        assert [m.caption for m in messages] == ["two views", None]


async def test_what_the_bot_sends_is_what_the_phone_shows(gateway: RunningGateway) -> None:
    async with phone_of(gateway) as phone:
        chat_id = await chat_of(phone, gateway)
        async with bot_of(gateway) as bot:
            start = (await phone.messages())[0]["message_id"]
            text = await bot.send_message(
                chat_id,
                "<b>Findings</b> 𝄞 <i>none</i>",
                parse_mode="HTML",
                reply_parameters=ReplyParameters(start),
            )
            assert [e.type for e in text.entities] == [MessageEntity.BOLD, MessageEntity.ITALIC]
            photo = await bot.send_photo(chat_id, picture(), caption="film", read_timeout=20)
            again = await bot.send_photo(chat_id, photo.photo[-1].file_id)
            document = await bot.send_document(chat_id, b"a,b\n", filename="cases.csv")
            album = await bot.send_media_group(
                chat_id,
                [InputMediaPhoto(picture(), caption="one"), InputMediaPhoto(photo.photo[0])],
            )
            files = await bot.send_media_group(
                chat_id, [InputMediaDocument(b"1"), InputMediaDocument(b"2")], caption="files"
            )
        shown = await phone.messages(after=start)
        by_id = {m["message_id"]: m for m in shown}
        assert by_id[text.message_id]["text"] == "Findings 𝄞 none"
        assert by_id[text.message_id]["entities"] == [
            {"type": "bold", "offset": 0, "length": 8},
            {"type": "italic", "offset": 12, "length": 4},
        ]
        assert by_id[text.message_id]["reply_to"]["message_id"] == start
        assert by_id[photo.message_id]["text"] == "film"
        assert by_id[again.message_id]["photo"] == by_id[photo.message_id]["photo"]
        assert by_id[document.message_id]["document"]["file_name"] == "cases.csv"
        assert len({by_id[m.message_id]["media_group_id"] for m in album}) == 1
        assert by_id[files[0].message_id]["document"]["file_size"] == 1
        film = await phone.http.get(f"/chat/files/{by_id[again.message_id]['photo']['file_id']}")
        assert film.headers["content-type"] == "image/jpeg"
        table = await phone.http.get(f"/chat/files/{document.document.file_id}")  # type: ignore[union-attr]  # it is a document
        assert table.content == b"a,b\n"
        assert 'attachment; filename="cases.csv"' in table.headers["content-disposition"]


async def test_messages_are_edited_reacted_to_and_deleted(gateway: RunningGateway) -> None:
    async with phone_of(gateway) as phone:
        chat_id = await chat_of(phone, gateway)
        async with bot_of(gateway) as bot:
            text = await bot.send_message(chat_id, "waiting")
            await bot.edit_message_text("reading", chat_id, text.message_id)
            with pytest.raises(BadRequest, match="Message is not modified"):
                await bot.edit_message_text("reading", chat_id, text.message_id)
            keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Stop", callback_data="stop")]])
            await bot.edit_message_reply_markup(chat_id, text.message_id, reply_markup=keyboard)
            photo = await bot.send_photo(chat_id, picture())
            await bot.edit_message_caption(chat_id, photo.message_id, caption="seen")
            await bot.set_message_reaction(chat_id, text.message_id, [ReactionTypeEmoji("👍")])
            shown = {m["message_id"]: m for m in await phone.messages()}
            assert shown[text.message_id]["text"] == "reading"
            assert shown[text.message_id]["edit_date"] is not None
            assert shown[text.message_id]["buttons"] == [[{"text": "Stop", "data": "stop"}]]
            assert shown[text.message_id]["reaction"] == "👍"
            assert shown[photo.message_id]["text"] == "seen"
            await bot.delete_message(chat_id, text.message_id)
            await bot.delete_messages(chat_id, [photo.message_id, 10**9])
            assert not {text.message_id, photo.message_id} & {
                m["message_id"] for m in await phone.messages()
            }
            gone = {"message_id": text.message_id, "data": "stop"}
            answer = await phone.http.post("/chat/callbacks", json=gone)
            assert (answer.status_code, answer.json()) == (
                404,
                {"error": "This button is no longer there."},
            )


async def test_messages_are_copied_and_forwarded_to_another_chat(gateway: RunningGateway) -> None:
    async with phone_of(gateway) as ama, phone_of(gateway, name="Kofi") as kofi:
        ama_id, kofi_id = await chat_of(ama, gateway), await chat_of(kofi, gateway)
        async with bot_of(gateway) as bot:
            sent = (await ama.put("f", files=[file_part(picture())], text="cap")).json()
            await ama.put("t", text="words")
            first = sent["message_id"]
            forwarded = await bot.forward_message(kofi_id, ama_id, first)
            assert forwarded.forward_origin is not None
            assert forwarded.api_kwargs["forward_from"]["first_name"] == "Ama"
            copied = await bot.copy_message(
                kofi_id, ama_id, first, caption="*new*", parse_mode="MarkdownV2"
            )
            both = await bot.copy_messages(kofi_id, ama_id, [first, first + 1])
            await bot.forward_messages(kofi_id, ama_id, [first, first + 1])
            with pytest.raises(BadRequest, match="Message to forward not found"):
                await bot.forward_message(kofi_id, ama_id, 10**9)
        shown = {m["message_id"]: m for m in await kofi.messages()}
        assert shown[copied.message_id]["text"] == "new"
        assert shown[copied.message_id]["entities"] == [{"type": "bold", "offset": 0, "length": 3}]
        assert [shown[m.message_id]["text"] for m in both] == ["cap", "words"]
        file_id = shown[forwarded.message_id]["photo"]["file_id"]
        assert (await kofi.http.get(f"/chat/files/{file_id}")).status_code == 200


async def test_commands_are_offered_by_scope_and_language(gateway: RunningGateway) -> None:
    async with phone_of(gateway) as phone:
        chat_id = await chat_of(phone, gateway)
        async with bot_of(gateway) as bot:
            await bot.set_my_commands([BotCommand("help", "Help")])
            mine = BotCommandScopeChat(chat_id)
            await bot.set_my_commands([BotCommand("cases", "Cases")], scope=mine)
            await bot.set_my_commands([BotCommand("help", "Aide")], language_code="fr")
            assert [c.description for c in await bot.get_my_commands(language_code="fr")] == [
                "Aide"
            ]
            assert await _commands(phone) == ["cases"]
            await bot.delete_my_commands(scope=mine)
            assert await _commands(phone) == ["help"]
            with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
                await bot.set_my_commands([("Help me", "x")])


async def _commands(phone: Phone) -> list[str]:
    answer = await phone.http.get("/chat/messages")
    return [command["command"] for command in answer.json()["bot"]["commands"]]


async def test_the_small_methods_answer_what_ptb_expects(gateway: RunningGateway) -> None:
    async with phone_of(gateway) as phone:
        chat_id = await chat_of(phone, gateway)
        async with bot_of(gateway) as bot:
            chat = await bot.get_chat(chat_id)
            assert (chat.first_name, chat.max_reaction_count) == ("Ama", 11)
            assert await bot.send_chat_action(chat_id, ChatAction.TYPING)
            info = await bot.get_webhook_info()
            assert (info.url, info.pending_update_count) == ("", 0)


@pytest.mark.parametrize(
    ("method", "parameters", "words"),
    [
        ("sendMessage", {"chat_id": 1, "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": "@nobody", "text": "x"}, "chat not found"),
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"text": " "}, "text must be non-empty"),
        ("sendMessage", {"text": "x" * 4097}, "message is too long"),
        (
            "sendMessage",
            {"text": "x", "reply_to_message_id": 999_999},
            "message to be replied not found",
        ),
        ("sendMessage", {"text": "x", "reply_markup": "{"}, "can't parse reply_markup JSON object"),
        ("sendPhoto", {"photo": "x", "caption": "x" * 1025}, "message caption is too long"),
        ("sendPhoto", {"photo": "nothing"}, "wrong file identifier/HTTP URL specified"),
        ("sendPhoto", {"photo": "http://x/y.jpg"}, "failed to get HTTP URL content"),
        ("sendPhoto", {}, "there is no photo in the request"),
        ("editMessageText", {"message_id": 999_999, "text": "x"}, "message to edit not found"),
        ("deleteMessage", {"message_id": 999_999}, "message to delete not found"),
        ("getFile", {"file_id": "x"}, "wrong file_id or the file is temporarily unavailable"),
        (
            "answerCallbackQuery",
            {"callback_query_id": "1"},
            "query is too old and response timeout expired or query ID is invalid",
        ),
        ("sendMediaGroup", {"media": "[]"}, "there are no messages to send"),
        ("sendMediaGroup", {"media": ONE}, "an album has 2 to 10 messages"),
        ("sendMediaGroup", {"media": ONE * 11}, "too many messages to send as an album"),
        ("sendMediaGroup", {"media": ONE * 2}, "can't parse InputMedia: media not found"),
        (
            "sendMediaGroup",
            {"media": [{"type": "animation"}] * 2},
            "can't parse InputMedia: type \"animation\" can't be used in sendMediaGroup",
        ),
        (
            "sendMediaGroup",
            {"media": [{"type": "document"}, *ONE]},
            "document can't be mixed with other media types",
        ),
        ("sendChatAction", {"action": "dancing"}, "wrong parameter action in request"),
        (
            "setMessageReaction",
            {"message_id": 1, "reaction": [{"type": "emoji", "emoji": "X"}]},
            "REACTION_INVALID",
        ),
        ("getUserProfilePhotos", {"user_id": 5}, "user not found"),
        ("getUserProfilePhotos", {"user_id": "x"}, "invalid user_id specified"),
        ("getChatMember", {"user_id": 5}, "user not found"),
        ("getChatMember", {}, "invalid user_id specified"),
        (
            "sendMessage",
            {
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "a", "url": "not a url"}]]},
            },
            "inline keyboard button URL 'not a url' is invalid: Wrong HTTP URL",
        ),
        (
            "sendMessage",
            {"text": "x", "message_id": "x", "reply_to_message_id": "x"},
            "invalid reply_to_message_id specified",
        ),
    ],
)
async def test_what_is_wrong_is_said_in_telegrams_words(
    gateway: RunningGateway, method: str, parameters: dict[str, object], words: str
) -> None:
    async with phone_of(gateway) as phone, httpx.AsyncClient(trust_env=False) as http:
        known = {"chat_id": await chat_of(phone, gateway)} if words != "chat_id is empty" else {}
        answer = await http.post(gateway.api(method), json=known | parameters)
    assert answer.status_code == 400
    assert answer.json() == {
        "ok": False,
        "error_code": 400,
        "description": f"Bad Request: {words}",
    }


async def test_only_an_unknown_method_is_404_and_a_wrong_token_401(gateway: RunningGateway) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        unknown = await http.get(gateway.api("getNothing"))
        no_file = await http.get(f"{gateway.bot_url}/file/bot{gateway.token}/photos/x.jpg")
        upwards = await http.get(f"{gateway.bot_url}/file/bot{gateway.token}/..%2Fgateway.db")
        stranger = await http.get(f"{gateway.bot_url}/bot1:x/getMe")
        strange_file = await http.get(f"{gateway.bot_url}/file/bot1:x/photos/x.jpg")
        nested = await http.get(gateway.api("get/Nothing"))
    assert nested.json() == unknown.json()
    assert (unknown.status_code, unknown.json()["description"]) == (
        404,
        "Not Found: method not found",
    )
    assert [no_file.status_code, upwards.status_code] == [400, 400]
    assert (stranger.status_code, strange_file.status_code) == (401, 401)
    assert stranger.json()["description"] == "Unauthorized"


async def test_ptb_takes_a_wrong_token_for_what_it_is(gateway: RunningGateway) -> None:
    async with bot_of(gateway) as good:
        wrong = type(good)("1:x", base_url=f"{gateway.bot_url}/bot")
        with pytest.raises(InvalidToken):
            await wrong.initialize()
        await wrong.shutdown()


async def test_the_older_of_two_polls_is_told_of_the_conflict(gateway: RunningGateway) -> None:
    async with (
        bot_of(gateway) as first,
        bot_of(gateway) as second,
        asyncio.TaskGroup() as group,
    ):
        older = group.create_task(_failure(first.get_updates(timeout=20)))
        refused: TelegramError | None = None
        while not older.done():  # the first may not yet be waiting when the second comes
            refused = await _failure(second.get_updates(timeout=0))
        assert refused is None
        error = older.result()
        assert isinstance(error, Conflict)
        assert "terminated by other getUpdates request" in str(error)


async def _failure(call: Awaitable[object]) -> TelegramError | None:
    try:
        await call
    except TelegramError as error:
        return error
    return None


async def test_updates_wait_until_confirmed_and_their_ids_go_on_after_a_restart(
    tmp_path: Path,
) -> None:
    with running_gateway(tmp_path) as first:
        async with phone_of(first) as phone, bot_of(first) as bot:
            await phone.put("1", text="one")
            await phone.put("2", text="two")
            await phone.put("3", text="three")
            before = await bot.get_updates(limit=2)
            assert [u.message.text for u in before if u.message] == ["one", "two"]
            assert len(await bot.get_updates(offset=before[1].update_id)) == 2
    with running_gateway(tmp_path) as second:
        async with bot_of(second, forget=False) as bot, phone_of(second) as phone:
            after = await bot.get_updates()
            assert [u.message.text for u in after[:2] if u.message] == ["two", "three"]
            assert after[0].update_id == before[1].update_id
            (last,) = await bot.get_updates(offset=-1)
            assert last.update_id == after[-1].update_id
            assert await bot.get_updates(offset=last.update_id + 1) == ()
            await phone.put("4", text="four")
            (new,) = await bot.get_updates()
            assert new.update_id > last.update_id


async def test_the_kinds_of_update_a_bot_wants_stick(gateway: RunningGateway) -> None:
    async with bot_of(gateway) as bot, phone_of(gateway) as phone:
        await bot.get_updates(offset=-1, allowed_updates=["callback_query"])
        await phone.put("unwanted", text="nobody asked")
        assert all(
            u.message is None or u.message.text != "nobody asked" for u in await bot.get_updates()
        )
        await bot.get_updates(allowed_updates=[])
        await phone.put("wanted", text="again")
        assert [u.message.text for u in await bot.get_updates() if u.message][-1] == "again"


async def test_a_poll_is_woken_by_the_message_it_waits_for(gateway: RunningGateway) -> None:
    async with bot_of(gateway) as bot, phone_of(gateway) as phone:
        (joined,) = await bot.get_updates()
        async with asyncio.TaskGroup() as group, asyncio.timeout(90):
            poll = group.create_task(bot.get_updates(offset=joined.update_id + 1, timeout=50))
            await phone.put("now", text="now")
            (update,) = await poll
        assert update.message is not None
        assert update.message.text == "now"
