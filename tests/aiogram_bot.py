"""The small bot, written with aiogram, which takes ten seconds to import: only its tests do so."""

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

from tests.gateway_world import RunningGateway
from tests.small_bot import SECRET


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
async def aiogram_of(gateway: RunningGateway) -> AsyncIterator[tuple[Bot, Dispatcher]]:
    """aiogram's `Bot`, and what hands its updates to the small bot."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(gateway.bot_url))
    dispatcher = Dispatcher()
    dispatcher.include_router(small_bot())
    async with Bot(gateway.token, session=session) as bot:
        await bot.delete_webhook(drop_pending_updates=True)
        yield bot, dispatcher
        await bot.delete_webhook()


@asynccontextmanager
async def polling(gateway: RunningGateway) -> AsyncIterator[None]:
    """The small bot, which asks for its updates."""
    async with aiogram_of(gateway) as (bot, dispatcher), asyncio.TaskGroup() as group:
        group.create_task(
            dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False)
        )
        try:
            yield
        finally:
            await dispatcher.stop_polling()


@asynccontextmanager
async def delivered_to(gateway: RunningGateway) -> AsyncIterator[None]:
    """The small bot, whose updates are brought to it."""
    async with aiogram_of(gateway) as (bot, dispatcher):
        app = web.Application()
        SimpleRequestHandler(dispatcher, bot, secret_token=SECRET).register(app, "/hook")
        runner = web.AppRunner(app)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            (address,) = runner.addresses
            await bot.set_webhook(f"http://127.0.0.1:{address[1]}/hook", secret_token=SECRET)
            yield
        finally:
            await runner.cleanup()
