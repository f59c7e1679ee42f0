"""A film that a phone sends as a file has a small picture: in the chat, in quotations, in lists."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.gateway_world import (
    MessageJson,
    Phone,
    RunningGateway,
    bot_of,
    chat_of,
    file_part,
    phone_of,
    picture,
)
from tests.integration.test_pictures_series import ct, lying, zipped

DICOM = ct(40, side_px=512)


async def sent(phone: Phone, name: str, data: bytes) -> MessageJson:
    """A film sent as a file; gives the message."""
    form = {"as": "document", "files": [file_part(data, name)]}
    found: MessageJson = (await phone.put(name, **form)).raise_for_status().json()
    return found


async def shown(phone: Phone, file_id: str) -> Image.Image:
    """A picture as a phone shows it."""
    answer = (await phone.http.get(f"/chat/files/{file_id}")).raise_for_status()
    assert answer.headers["content-type"] == "image/jpeg"
    return Image.open(io.BytesIO(answer.content))


FILMS = [
    ("original.jpg", picture(1600, 1200), (320, 240)),
    ("film.png", picture(1600, 1200, form="PNG"), (320, 240)),
    ("film.dcm", DICOM, (320, 320)),
    ("scan.zip", zipped(lying([30, 10, 20], side_px=128)), (128, 128)),
]


@pytest.mark.parametrize(("name", "data", "size"), FILMS, ids=lambda given: str(given)[:12])
async def test_a_film_that_is_sent_as_a_file_has_its_small_picture(
    phone: Phone, name: str, data: bytes, size: tuple[int, int]
) -> None:
    document = (await sent(phone, name, data))["document"]

    assert (await shown(phone, document["thumb_id"])).size == size
    assert (await phone.http.get(f"/chat/files/{document['file_id']}")).content == data


async def test_of_a_scan_the_slice_in_its_middle_is_shown(phone: Phone) -> None:
    """The middle one as the slices lie, not as the archive has them."""
    window = {"WindowCenter": 0, "WindowWidth": 2000}
    alone = (await sent(phone, "slice.dcm", ct(0, side_px=128, **window)))["document"]
    scan = zipped(lying([900, -900, 0], side_px=128, **window))
    document = (await sent(phone, "scan.zip", scan))["document"]

    pictures = [await shown(phone, each["thumb_id"]) for each in (alone, document)]
    one, two = [float(np.asarray(picture.convert("L")).mean()) for picture in pictures]
    assert abs(one - two) < 4


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("letter.pdf", b"%PDF-1.4 no film"),
        ("cut.dcm", DICOM[: len(DICOM) // 2]),
        ("cut.zip", zipped(lying([1, 2]))[:200]),
        ("words.zip", zipped([b"no picture"])),
    ],
)
async def test_a_file_of_which_no_picture_can_be_made_is_sent_without_one(
    phone: Phone, name: str, data: bytes
) -> None:
    document = (await sent(phone, name, data))["document"]

    assert document["thumb_id"] is None
    assert (await phone.http.get(f"/chat/files/{document['file_id']}")).content == data


async def test_each_file_of_an_album_has_a_picture_of_its_own(phone: Phone) -> None:
    files = [file_part(data, name) for name, data, _ in FILMS]
    parts = (await phone.put("album", files=files, **{"as": "document"})).json()["messages"]

    sizes = [(await shown(phone, part["document"]["thumb_id"])).size for part in parts]
    assert sizes == [size for _, _, size in FILMS]


async def test_the_bot_is_told_of_the_small_picture_and_may_quote_and_list_it(
    gateway: RunningGateway,
) -> None:
    async with bot_of(gateway) as bot, phone_of(gateway) as phone:
        chat_id = await chat_of(phone, gateway)
        film = await sent(phone, "film.dcm", DICOM)
        told = [update.message for update in await bot.get_updates()][-1]
        assert told is not None
        assert told.document is not None
        assert told.document.thumbnail is not None
        assert told.document.thumbnail.width == 320
        place = {"chat_id": chat_id, "message_id": film["message_id"]}
        case = {"text": "C-0001", "callback_data": "case", "edgerad_picture_of": place}
        listed = await bot.send_message(
            chat_id,
            "C-0001 film",
            reply_markup={"inline_keyboard": [[case]]},  # type: ignore[arg-type]  # a field of EdgeRad's own
        )
        await bot.send_message(chat_id, "Routine", reply_to_message_id=film["message_id"])
        answer = (await phone.messages())[-1]

        beside = await phone.http.get(
            f"/chat/messages/{listed.message_id}/picture", params={"data": "case"}
        )
        assert Image.open(io.BytesIO(beside.content)).size == (320, 320)
        assert (await shown(phone, answer["reply_to"]["thumb_id"])).size == (320, 320)


async def test_the_small_picture_goes_with_its_film(gateway: RunningGateway) -> None:
    async with bot_of(gateway) as bot, phone_of(gateway) as phone:
        chat_id = await chat_of(phone, gateway)
        film = await sent(phone, "film.dcm", DICOM)
        newest = (await bot.get_updates())[-1].update_id
        await bot.get_updates(offset=newest + 1)
        assert (await phone.http.get(f"/chat/files/{film['document']['thumb_id']}")).is_success
        gone = [[chat_id, film["message_id"]]]
        await bot.do_api_request("edgeradForget", {"messages": gone})

        answer = await phone.http.get(f"/chat/files/{film['document']['thumb_id']}")
        assert answer.status_code == 404
