"""pyTelegramBotAPI runs on the gateway unchanged, by polling and by webhook."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from telebot import TeleBot, apihelper
from telebot.types import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaPhoto,
    Message,
    ReplyParameters,
    Update,
)
from typing_extensions import override

from tests.gateway_world import RunningGateway
from tests.small_bot import SECRET, try_small_bot


@pytest.fixture
def bot(gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch) -> Iterator[TeleBot]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(apihelper, "API_URL", gateway.bot_url + "/bot{0}/{1}")
    monkeypatch.setattr(apihelper, "FILE_URL", gateway.bot_url + "/file/bot{0}/{1}")
    made = small_bot(gateway.token)
    made.delete_webhook(drop_pending_updates=True)
    yield made
    made.delete_webhook()


def small_bot(token: str) -> TeleBot:
    bot = TeleBot(token, threaded=False)
    bot.register_message_handler(start, commands=["start"], pass_bot=True)
    bot.register_message_handler(photo, content_types=["photo"], pass_bot=True)
    bot.register_message_handler(document, content_types=["document"], pass_bot=True)
    bot.register_message_handler(edit, func=lambda message: message.text == "edit", pass_bot=True)
    bot.register_callback_query_handler(press, lambda query: query.data == "yes", pass_bot=True)
    return bot


def start(message: Message, bot: TeleBot) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])
    code = str(message.text).partition(" ")[2]
    bot.send_message(message.chat.id, f"joined with {code}", reply_markup=keyboard)


def press(query: CallbackQuery, bot: TeleBot) -> None:
    bot.answer_callback_query(query.id, "noted")
    assert query.message is not None
    bot.edit_message_text("pressed yes", query.message.chat.id, query.message.message_id)


def photo(message: Message, bot: TeleBot) -> None:
    assert message.photo is not None
    largest = message.photo[-1]
    data = fetched(bot, largest.file_id)
    bot.send_photo(
        message.chat.id,
        data,
        caption=f"{largest.width} px: {message.caption}",
        reply_parameters=ReplyParameters(message.message_id),
    )
    views = [
        InputMediaPhoto(InputFile(io.BytesIO(data)), caption=f"view {number}") for number in (1, 2)
    ]
    bot.send_media_group(message.chat.id, [*views])


def document(message: Message, bot: TeleBot) -> None:
    assert message.document is not None
    data = fetched(bot, message.document.file_id)
    bot.send_document(message.chat.id, data.upper(), visible_file_name="back.txt")


def edit(message: Message, bot: TeleBot) -> None:
    sent = bot.send_message(message.chat.id, "*before*", parse_mode="MarkdownV2")
    bot.edit_message_text("<b>after</b>", message.chat.id, sent.message_id, parse_mode="HTML")


def fetched(bot: TeleBot, file_id: str) -> bytes:
    return bot.download_file(str(bot.get_file(file_id).file_path))


async def test_pytelegrambotapi_polls(gateway: RunningGateway, bot: TeleBot) -> None:
    polling = threading.Thread(target=bot.infinity_polling, kwargs={"long_polling_timeout": 1})
    polling.start()
    try:
        await try_small_bot(gateway, "telebot")
    finally:
        bot.stop_polling()  # type: ignore[no-untyped-call]  # not typed there
        polling.join(20)
    assert not polling.is_alive()


async def test_pytelegrambotapi_is_delivered_to(gateway: RunningGateway, bot: TeleBot) -> None:
    with receiving(bot) as url:
        bot.set_webhook(url, secret_token=SECRET)
        await try_small_bot(gateway, "telebot-hook")


@contextmanager
def receiving(bot: TeleBot) -> Iterator[str]:
    """A server that hands over what is delivered, as the library's own examples do."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["X-Telegram-Bot-Api-Secret-Token"] == SECRET
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            update = Update.de_json(body)  # type: ignore[no-untyped-call]  # not typed there
            bot.process_new_updates([update])
            self.send_response(200)
            self.end_headers()

        @override
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook"
    finally:
        server.shutdown()
        server.server_close()
        serving.join(20)
