"""aiogram runs on the gateway unchanged, by polling and by webhook."""

from gateway.bot_api.methods import METHODS
from tests.gateway_world import RunningGateway, phone_of
from tests.small_bot import try_small_bot


async def test_aiogram_polls(gateway: RunningGateway) -> None:
    from tests.aiogram_bot import polling  # noqa: PLC0415 - importing it takes ten seconds

    async with polling(gateway):
        await try_small_bot(gateway, "aiogram")


async def test_aiogram_is_delivered_to(gateway: RunningGateway) -> None:
    from tests.aiogram_bot import delivered_to  # noqa: PLC0415 - as above

    async with delivered_to(gateway):
        await try_small_bot(gateway, "aiogram-hook")


async def test_aiogram_which_is_strict_reads_every_object(gateway: RunningGateway) -> None:
    """It refuses an object without a field that the newest Bot API says is there."""
    from aiogram.types import BufferedInputFile  # noqa: PLC0415 - as above

    from tests.aiogram_bot import aiogram_of  # noqa: PLC0415 - as above

    async with aiogram_of(gateway) as (bot, _), phone_of(gateway, code="strict") as phone:
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


def test_every_field_that_the_bot_api_has_for_a_method_is_declared() -> None:
    """What nobody declared would be taken and ignored, whatever it asks for."""
    from aiogram import methods  # noqa: PLC0415 - as above

    known = {
        each.__api_method__: set(each.model_fields)
        for name in methods.__all__
        if (each := getattr(methods, name)) is not methods.TelegramMethod
        and hasattr(each, "__api_method__")
    }
    undeclared = {
        f"{name}: {field}"
        for name, fields in known.items()
        if (served := METHODS.get(name.lower())) is not None
        for field in fields - served.fields.declared
    }
    assert undeclared == set()
