"""Files of every kind go out through python-telegram-bot, and come back from the gateway."""

import pytest
from telegram import Bot, InputMediaAnimation, InputMediaDocument, InputMediaPhoto, Message
from telegram.error import BadRequest

from tests.gateway_world import (
    Phone,
    picture,
)


async def test_a_voice_says_how_long_it_is(bot: Bot, chat_id: int) -> None:
    sent = await bot.send_voice(chat_id, b"OggS", duration=3, caption="listen")
    assert sent.voice is not None
    told = sent.voice.to_dict()
    assert (told["duration"], told["mime_type"], sent.caption) == (3, "audio/ogg", "listen")
    again = await bot.send_voice(chat_id, sent.voice.file_id)
    assert again.voice == sent.voice


async def test_music_says_who_plays_what(bot: Bot, chat_id: int) -> None:
    sent = await bot.send_audio(
        chat_id, b"ID3", duration=200, performer="Ebo", title="Song", filename="song.mp3"
    )
    audio = sent.audio
    assert audio is not None
    assert (audio.performer, audio.title, audio.file_name) == ("Ebo", "Song", "song.mp3")


async def test_a_video_has_its_size_and_an_animation_is_a_document_too(
    bot: Bot, chat_id: int
) -> None:
    video = await bot.send_video(chat_id, b"mp4", width=640, height=480, duration=9)
    moving = await bot.send_animation(chat_id, b"gif", filename="beat.gif")
    assert video.video is not None
    told = video.video.to_dict()
    assert (told["width"], told["height"], told["duration"]) == (640, 480, 9)
    assert moving.animation is not None
    assert moving.document is not None
    assert moving.document.file_id == moving.animation.file_id


async def test_a_sticker_has_no_caption(bot: Bot, chat_id: int) -> None:
    sent = await bot.send_sticker(chat_id, b"RIFF", emoji="👍")
    assert sent.sticker is not None
    assert (sent.sticker.emoji, sent.sticker.type, sent.caption) == ("👍", "regular", None)


async def test_a_video_note_has_its_side_and_no_caption(bot: Bot, chat_id: int) -> None:
    sent = await bot.send_video_note(chat_id, b"mp4", duration=4, length=300)
    assert sent.video_note is not None
    told = sent.video_note.to_dict()
    assert (told["length"], told["duration"], sent.caption) == (300, 4, None)
    assert (await bot.send_video_note(chat_id, b"mp4")).video_note.length == 240  # type: ignore[union-attr]  # it is one


async def test_what_was_sent_can_be_fetched_and_the_phone_sees_a_file(
    bot: Bot, chat_id: int, phone: Phone
) -> None:
    sent = await bot.send_voice(chat_id, b"a voice", filename="note.ogg")
    assert sent.voice is not None
    file = await bot.get_file(sent.voice.file_id)
    assert bytes(await file.download_as_bytearray()) == b"a voice"
    (shown,) = [m for m in await phone.messages() if m["message_id"] == sent.message_id]
    assert shown["document"]["file_name"] == "note.ogg"
    answer = await phone.http.get(f"/chat/files/{sent.voice.file_id}")
    assert answer.content == b"a voice"


async def test_a_file_is_sent_again_as_the_kind_that_it_is(bot: Bot, chat_id: int) -> None:
    sent = await bot.send_document(chat_id, b"x")
    assert sent.document is not None
    with pytest.raises(BadRequest, match="type document as voice"):
        await bot.send_voice(chat_id, sent.document.file_id)


async def test_media_take_the_place_of_a_messages_media(
    bot: Bot, chat_id: int, phone: Phone
) -> None:
    sent = await bot.send_photo(chat_id, picture(), caption="before")
    edited = await bot.edit_message_media(
        InputMediaDocument(b"a,b", filename="cases.csv", caption="*after*", parse_mode="Markdown"),
        chat_id,
        sent.message_id,
    )
    assert isinstance(edited, Message)
    assert edited.document is not None
    assert not edited.photo
    assert (edited.caption, edited.caption_entities[0].type) == ("after", "bold")
    gone = await phone.http.get(f"/chat/files/{sent.photo[0].file_id}")
    here = await phone.http.get(f"/chat/files/{edited.document.file_id}")
    assert (gone.status_code, here.content) == (404, b"a,b")
    back = await bot.edit_message_media(
        InputMediaPhoto(sent.photo[-1].file_id), chat_id, sent.message_id
    )
    assert isinstance(back, Message)
    assert back.photo == sent.photo
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_media(
            InputMediaPhoto(sent.photo[-1].file_id), chat_id, sent.message_id
        )


async def test_media_take_the_place_of_a_text(bot: Bot, chat_id: int) -> None:
    sent = await bot.send_message(chat_id, "soon")
    edited = await bot.edit_message_media(InputMediaAnimation(b"gif"), chat_id, sent.message_id)
    assert isinstance(edited, Message)
    assert edited.animation is not None
    assert edited.text is None


async def test_an_album_does_not_mix_documents_with_photos(bot: Bot, chat_id: int) -> None:
    with pytest.raises(BadRequest, match="can't be mixed"):
        await bot.send_media_group(chat_id, [InputMediaDocument(b"1"), InputMediaPhoto(picture())])
