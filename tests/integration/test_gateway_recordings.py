"""What a bot tells of a recording is kept; what it does not tell is read from the file."""

import datetime as dtm
import io
from typing import Any

import pytest
from PIL import Image
from telegram import (
    Animation,
    Audio,
    Bot,
    Document,
    InputMediaAnimation,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    Message,
    Sticker,
    Video,
    VideoNote,
    Voice,
)

from tests import recordings
from tests.gateway_world import Phone, picture

FILM = recordings.mp4(5.2, 360, 640)
SEEN = Video | Animation | Sticker
HEARD = Voice | Audio | Video | Animation | VideoNote


def seconds(media: HEARD) -> int:
    """How long it lasts, whichever type PTB gives."""
    lasts = media.duration
    return int(lasts.total_seconds()) if isinstance(lasts, dtm.timedelta) else int(lasts)


async def test_what_a_bot_does_not_tell_is_read_from_the_recording(bot: Bot, chat_id: int) -> None:
    video = (await bot.send_video(chat_id, FILM)).video
    animation = (await bot.send_animation(chat_id, recordings.gif(3, 100, 80))).animation
    voice = (await bot.send_voice(chat_id, recordings.opus(4))).voice
    audio = (await bot.send_audio(chat_id, recordings.mp3(61))).audio
    note = (await bot.send_video_note(chat_id, recordings.mp4(9, 384, 384))).video_note
    sticker = (await bot.send_sticker(chat_id, recordings.sticker(510, 512))).sticker
    assert video
    assert animation
    assert voice
    assert audio
    assert note
    assert sticker
    assert (seconds(video), video.width, video.height) == (5, 360, 640)
    assert (seconds(animation), animation.width, animation.height) == (3, 100, 80)
    assert (seconds(voice), seconds(audio)) == (4, 61)
    assert (seconds(note), note.length) == (9, 384)
    assert (sticker.width, sticker.height) == (510, 512)


async def test_what_a_bot_tells_is_believed(bot: Bot, chat_id: int) -> None:
    video = (await bot.send_video(chat_id, FILM, duration=70, width=320, height=240)).video
    voice = (await bot.send_voice(chat_id, recordings.opus(4), duration=12)).voice
    assert video
    assert voice
    assert (seconds(video), video.width, video.height) == (70, 320, 240)
    assert seconds(voice) == 12


async def test_what_nobody_tells_costs_no_message(bot: Bot, chat_id: int) -> None:
    video = (await bot.send_video(chat_id, b"no film at all")).video
    assert video is not None
    assert (seconds(video), video.width, video.height) == (0, 0, 0)


@pytest.mark.parametrize("kind", ["document", "audio", "animation", "video", "video_note"])
async def test_the_thumbnail_of_a_file_is_kept_and_can_be_fetched(
    bot: Bot, chat_id: int, kind: str
) -> None:
    given = picture(600, 300, "PNG")
    sent: Message = await getattr(bot, f"send_{kind}")(chat_id, FILM, thumbnail=given)
    media: Document | Audio | Animation | Video | VideoNote = getattr(sent, kind)
    assert media.thumbnail is not None
    assert (media.thumbnail.width, media.thumbnail.height) == (320, 160)
    fetched = bytes(await (await media.thumbnail.get_file()).download_as_bytearray())
    assert len(fetched) == media.thumbnail.file_size
    with Image.open(io.BytesIO(fetched)) as image:
        assert (image.format, image.size) == ("JPEG", (320, 160))
    again: Message = await getattr(bot, f"send_{kind}")(chat_id, media.file_id)
    assert getattr(again, kind).thumbnail == media.thumbnail


async def test_a_thumbnail_that_is_no_picture_is_left_out(bot: Bot, chat_id: int) -> None:
    sent = await bot.send_document(chat_id, b"x", filename="a.txt", thumbnail=b"no picture")
    assert sent.document is not None
    assert sent.document.thumbnail is None


async def test_a_thumbnail_goes_with_the_last_message_that_has_it(bot: Bot, chat_id: int) -> None:
    sent = await bot.send_document(chat_id, b"x", filename="a.txt", thumbnail=picture())
    assert sent.document is not None
    assert sent.document.thumbnail is not None
    copied = await bot.copy_message(chat_id, chat_id, sent.message_id)
    await sent.delete()
    assert (await sent.document.thumbnail.get_file()).file_size == sent.document.thumbnail.file_size
    assert await bot.delete_message(chat_id, copied.message_id)


async def test_media_in_albums_and_edits_have_their_details_too(bot: Bot, chat_id: int) -> None:
    documents = [
        InputMediaDocument(b"x", filename=f"{n}.txt", thumbnail=picture()) for n in range(2)
    ]
    for sent in await bot.send_media_group(chat_id, documents):
        assert sent.document is not None
        assert sent.document.thumbnail is not None
    covered = InputMediaPhoto(picture(), has_spoiler=True)
    film = InputMediaVideo(FILM, has_spoiler=True)
    first, second = await bot.send_media_group(chat_id, [covered, film])
    assert (first.has_media_spoiler, second.has_media_spoiler) == (True, True)
    assert second.video is not None
    assert seconds(second.video) == 5
    open_one = await first.edit_media(InputMediaAnimation(recordings.gif(3, 100, 80)))
    assert isinstance(open_one, Message)
    assert open_one.has_media_spoiler is None
    assert open_one.animation is not None
    assert open_one.animation.width == 100


async def test_what_is_covered_stays_so(bot: Bot, chat_id: int, phone: Phone) -> None:
    sends: list[tuple[Any, bytes]] = [
        *((bot.send_photo, picture()), (bot.send_video, FILM)),
        (bot.send_animation, recordings.gif(3, 100, 80)),
    ]
    for send, data in sends:
        sent: Message = await send(chat_id, data, has_spoiler=True)
        assert sent.has_media_spoiler
        assert (await phone.messages())[-1]["covered"] is True
        assert (await sent.forward(chat_id)).has_media_spoiler
        await sent.copy(chat_id)
        assert (await phone.messages())[-1]["covered"] is True
    await bot.send_photo(chat_id, picture())
    assert (await phone.messages())[-1]["covered"] is False


async def test_a_caption_above_its_picture_stays_there(
    bot: Bot, chat_id: int, phone: Phone
) -> None:
    above: dict[str, Any] = {"caption": "first", "show_caption_above_media": True}
    sends: list[tuple[Any, bytes]] = [(bot.send_photo, picture()), (bot.send_video, FILM)]
    for send, data in sends:
        sent: Message = await send(chat_id, data, **above)
        assert sent.show_caption_above_media
        assert (await phone.messages())[-1]["caption_above"] is True
        assert (await sent.forward(chat_id)).show_caption_above_media
        below = await sent.edit_caption("then")
        assert isinstance(below, Message)
        assert not below.show_caption_above_media
        again = await sent.edit_caption("then above", show_caption_above_media=True)
        assert isinstance(again, Message)
        assert again.show_caption_above_media
    plain = await bot.send_photo(chat_id, picture())
    copy = await plain.copy(chat_id, caption="other words", show_caption_above_media=True)
    assert (await bot.forward_message(chat_id, chat_id, copy.message_id)).show_caption_above_media


async def test_a_picture_that_is_sent_as_a_file_has_a_thumbnail_of_itself(
    bot: Bot, chat_id: int
) -> None:
    film = picture(640, 320)
    sent = await bot.send_document(chat_id, film, filename="film.jpg", thumbnail=picture(90, 90))
    sticker = (await bot.send_sticker(chat_id, recordings.sticker(510, 512))).sticker
    assert sent.document is not None
    assert sent.document.thumbnail is not None
    assert (sent.document.thumbnail.width, sent.document.thumbnail.height) == (320, 160)
    assert bytes(await (await sent.document.get_file()).download_as_bytearray()) == film
    assert sticker is not None
    assert sticker.thumbnail is not None
    assert sticker.thumbnail.height == 320


async def test_where_a_venue_is_known_elsewhere_is_kept(bot: Bot, chat_id: int) -> None:
    venue = (
        await bot.send_venue(chat_id, 5, 1, "Ridge", "x", foursquare_id="f", foursquare_type="t")
    ).venue
    other = (
        await bot.send_venue(
            chat_id, 5, 1, "Ridge", "x", google_place_id="g", google_place_type="h"
        )
    ).venue
    assert venue
    assert other
    assert (venue.foursquare_id, venue.foursquare_type, venue.google_place_id) == ("f", "t", None)
    assert (other.google_place_id, other.google_place_type) == ("g", "h")
