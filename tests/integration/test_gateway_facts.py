"""Places, contacts and dice go out through PTB, and the phone says them in words."""

import pytest
from telegram import Bot
from telegram.error import BadRequest

from tests.gateway_world import Phone


async def test_a_place_is_told_to_the_bot_in_degrees_and_to_the_phone_in_words(
    bot: Bot, chat_id: int, phone: Phone
) -> None:
    sent = await bot.send_location(chat_id, 5.6037, -0.187, horizontal_accuracy=20)
    assert sent.location is not None
    assert (sent.location.latitude, sent.location.longitude) == (5.6037, -0.187)
    assert (sent.text, sent.location.horizontal_accuracy) == (None, 20)
    named = await bot.send_venue(chat_id, 5.6, -0.2, "Ridge", "Castle Road")
    assert named.venue is not None
    assert (named.venue.title, named.venue.location) == ("Ridge", named.location)
    shown = [message["text"] for message in (await phone.messages())[-2:]]
    assert shown == ["📍 5.60370, -0.18700", "📍 Ridge\nCastle Road\n5.60000, -0.20000"]


async def test_a_contact_has_its_number(bot: Bot, chat_id: int, phone: Phone) -> None:
    sent = await bot.send_contact(chat_id, "+233241234567", "Esi", last_name="Owusu")
    assert sent.contact is not None
    assert (sent.contact.phone_number, sent.contact.last_name) == ("+233241234567", "Owusu")
    assert (await phone.messages())[-1]["text"] == "👤 Esi Owusu\n+233241234567"


async def test_dice_fall_within_their_faces(bot: Bot, chat_id: int) -> None:
    for emoji, faces in (("🎲", 6), ("🏀", 5), ("🎰", 64)):
        sent = await bot.send_dice(chat_id, emoji=emoji)
        assert sent.dice is not None
        assert sent.dice.emoji == emoji
        assert 1 <= sent.dice.value <= faces


async def test_they_are_copied_and_forwarded_but_have_no_text_to_edit(
    bot: Bot, chat_id: int
) -> None:
    sent = await bot.send_dice(chat_id)
    assert (await bot.forward_message(chat_id, chat_id, sent.message_id)).dice == sent.dice
    copied = await bot.copy_message(chat_id, chat_id, sent.message_id)
    again = await bot.forward_message(chat_id, chat_id, copied.message_id)
    assert again.dice == sent.dice
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("x", chat_id, sent.message_id)


async def test_what_cannot_be_a_place_or_a_contact_is_refused(bot: Bot, chat_id: int) -> None:
    for wrong in (91, float("nan")):
        with pytest.raises(BadRequest, match="Wrong location specified"):
            await bot.send_location(chat_id, wrong, 0)
    with pytest.raises(BadRequest, match="First_name is empty"):
        await bot.send_contact(chat_id, "+233241234567", " ")
    with pytest.raises(BadRequest, match="Wrong emoji specified"):
        await bot.send_dice(chat_id, emoji="🍕")
