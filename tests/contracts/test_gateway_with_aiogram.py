"""aiogram runs on the gateway unchanged, by polling and by webhook."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandObject, CommandStart
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
)
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from tests.gateway_world import RunningGateway, phone_of
from tests.small_bot import SECRET, try_small_bot


def small_bot() -> Router:
    router = Router()
    router.message(CommandStart())(start)
    router.message(F.photo)(photo)
    router.message(F.document)(document)
    router.message(F.text == "edit")(edit)
    router.callback_query(F.data == "yes")(press)
    return router


async def start(message: Message, command: CommandObject) -> None:
    button = InlineKeyboardButton(text="Yes", callback_data="yes")
    await message.answer(
        f"joined with {command.args}",
        reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]),
    )


async def press(query: CallbackQuery) -> None:
    await query.answer("noted")
    assert isinstance(query.message, Message)
    await query.message.edit_text("pressed yes")


async def photo(message: Message, bot: Bot) -> None:
    assert message.photo is not None
    data = await _fetched(bot, message.photo[-1].file_id)
    await message.reply_photo(
        BufferedInputFile(data, "film.jpg"),
        caption=f"{message.photo[-1].width} px: {message.caption}",
    )
    await message.answer_media_group(
        [
            InputMediaPhoto(media=BufferedInputFile(data, "f.jpg"), caption=f"view {number}")
            for number in (1, 2)
        ]
    )


async def document(message: Message, bot: Bot) -> None:
    assert message.document is not None
    data = await _fetched(bot, message.document.file_id)
    await message.answer_document(BufferedInputFile(data.upper(), "back.txt"))


async def edit(message: Message) -> None:
    sent = await message.answer("*before*", parse_mode="MarkdownV2")
    await sent.edit_text("<b>after</b>", parse_mode="HTML")


async def _fetched(bot: Bot, file_id: str) -> bytes:
    kept = io.BytesIO()
    await bot.download(file_id, kept)
    return kept.getvalue()


@asynccontextmanager
async def bot_of(gateway: RunningGateway) -> AsyncIterator[tuple[Bot, Dispatcher]]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(gateway.url))
    dispatcher = Dispatcher()
    dispatcher.include_router(small_bot())
    async with Bot(gateway.token, session=session) as bot:
        await bot.delete_webhook(drop_pending_updates=True)
        yield bot, dispatcher
        await bot.delete_webhook()


async def test_aiogram_polls(gateway: RunningGateway) -> None:
    async with bot_of(gateway) as (bot, dispatcher), asyncio.TaskGroup() as group:
        group.create_task(
            dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False)
        )
        try:
            await try_small_bot(gateway, "aiogram")
        finally:
            await dispatcher.stop_polling()


async def test_aiogram_is_delivered_to(gateway: RunningGateway) -> None:
    async with bot_of(gateway) as (bot, dispatcher):
        app = web.Application()
        SimpleRequestHandler(dispatcher, bot, secret_token=SECRET).register(app, "/hook")
        runner = web.AppRunner(app)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            (address,) = runner.addresses
            await bot.set_webhook(f"http://127.0.0.1:{address[1]}/hook", secret_token=SECRET)
            await try_small_bot(gateway, "aiogram-hook")
        finally:
            await runner.cleanup()


async def test_aiogram_which_is_strict_reads_every_object(gateway: RunningGateway) -> None:
    """It refuses an object without a field that the newest Bot API says is there."""
    async with bot_of(gateway) as (bot, _), phone_of(gateway, code="strict") as phone:
        (update,) = await bot.get_updates()
        assert update.message is not None
        chat = update.message.chat
        made = {"title": "Ward", "user_ids": [chat.id]}
        ward = (await phone.http.post(gateway.api("edgeradCreateGroup"), json=made)).json()[
            "result"
        ]
        (runs,) = await bot.get_chat_administrators(ward["id"])
        assert runs.user.id == bot.id
        assert (await bot.get_chat_member(ward["id"], chat.id)).status == "member"
        assert (await bot.get_chat(chat.id)).first_name == chat.first_name
        for send in (bot.send_sticker, bot.send_video_note, bot.send_animation, bot.send_voice):
            assert (await send(chat.id, BufferedInputFile(b"x", "x.bin"))).chat == chat
        sent = await bot.send_venue(chat.id, 5.6, -0.2, "Ridge", "Castle Road")
        assert (await bot.forward_message(ward["id"], chat.id, sent.message_id)).venue == sent.venue
        assert (await bot.get_webhook_info()).url == ""
