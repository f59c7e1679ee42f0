"""A film that a phone cannot draw is seen before it is sent, and its file comes in once."""

import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pillow_heif
import pytest
from PIL import Image

from tests.gateway_world import (
    Phone,
    RunningGateway,
    file_part,
    kept,
    phone_of,
    picture,
    running_gateway,
)
from tests.integration.test_pictures_series import ct, lying, zipped

DICOM = ct(40, side_px=512)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def gateway(home: Path) -> Iterator[RunningGateway]:
    with running_gateway(home) as running:
        yield running


async def held(phone: Phone, name: str, data: bytes, file_name: str) -> httpx.Response:
    return await phone.http.put(f"/chat/held/{name}", files=[file_part(data, file_name)])


async def sent(phone: Phone, client_id: str, *names: str) -> httpx.Response:
    """Send files by the names under which they are held."""
    parts = [("file", (None, name)) for name in names]
    return await phone.put(client_id, files=parts, text="Age 40", **{"as": "document"})


def grey_png() -> bytes:
    """Of more greys than a phone's browser draws."""
    made = io.BytesIO()
    Image.fromarray(np.full((300, 400), 30_000, np.uint16)).save(made, "PNG")
    return made.getvalue()


def heic() -> bytes:
    made = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (400, 300), (90, 120, 150))).save(made)
    return made.getvalue()


FILMS = [
    ("film.dcm", DICOM, (512, 512), (320, 320)),
    ("scan.zip", zipped(lying([30, 10, 20], side_px=128)), (128, 128), (64, 64)),
    ("film.png", grey_png(), (400, 300), (320, 240)),
    ("photo.heic", heic(), (400, 300), (320, 240)),
    ("large.jpg", picture(3000, 1500), (1280, 640), (320, 160)),
]


@pytest.mark.parametrize("film", FILMS, ids=lambda film: film[0])
async def test_a_film_is_seen_before_it_is_sent_and_sent_by_a_name(
    home: Path, phone: Phone, film: tuple[str, bytes, tuple[int, int], tuple[int, int]]
) -> None:
    name, data, seen, small = film
    before = kept(home)
    answer = await held(phone, "1", data, name)
    assert answer.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(answer.content)).size == seen
    assert kept(home) == before
    assert [each for each in await phone.messages() if each["document"]] == []

    document = (await sent(phone, "1", "1")).json()["document"]
    assert (document["file_name"], document["file_size"]) == (name, len(data))
    whole = await phone.http.get(f"/chat/files/{document['file_id']}")
    assert whole.content == data
    shown = await phone.http.get(f"/chat/files/{document['thumb_id']}")
    assert Image.open(io.BytesIO(shown.content)).size == small


async def test_a_file_of_which_no_picture_is_made_is_held_all_the_same(phone: Phone) -> None:
    answer = await held(phone, "1", b"%PDF-1.4 no film", "letter.pdf")
    assert (answer.status_code, answer.content) == (204, b"")
    document = (await sent(phone, "1", "1")).json()["document"]
    assert (document["file_name"], document["thumb_id"]) == ("letter.pdf", None)


async def test_files_of_a_message_keep_their_order_whichever_way_they_came(phone: Phone) -> None:
    await held(phone, "a", DICOM, "a.dcm")
    await held(phone, "c", b"words", "c.txt")
    parts = [("file", (None, "a")), file_part(b"b", "b.txt"), ("file", (None, "c"))]
    answer = await phone.put("album", files=parts, **{"as": "document"})
    names = [each["document"]["file_name"] for each in answer.json()["messages"]]
    assert names == ["a.dcm", "b.txt", "c.txt"]


async def test_what_is_not_held_any_more_is_asked_for_as_a_whole(phone: Phone) -> None:
    await held(phone, "1", DICOM, "film.dcm")
    assert (await phone.http.delete("/chat/held/1")).status_code == 200
    answer = await sent(phone, "1", "1")
    assert (answer.status_code, answer.json()) == (
        410,
        {"error": "This was held too long: send it again."},
    )
    whole = await phone.put("1", files=[file_part(DICOM, "film.dcm")], **{"as": "document"})
    assert whole.json()["document"]["file_size"] == len(DICOM)


async def test_sending_again_what_was_sent_by_a_name_sends_one_message(phone: Phone) -> None:
    await held(phone, "1", DICOM, "film.dcm")
    first, again = await sent(phone, "1", "1"), await sent(phone, "1", "1")
    assert first.json()["message_id"] == again.json()["message_id"]


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [file_part(b"", "empty.dcm")],
        [file_part(b"a", "a.dcm"), file_part(b"b", "b.dcm")],
        [("file", (None, "words"))],
    ],
    ids=["nothing", "empty", "two", "words"],
)
async def test_one_file_is_held_at_a_time(phone: Phone, parts: list[object]) -> None:
    answer = await phone.http.put("/chat/held/1", files=parts or {"text": (None, "x")})  # type: ignore[arg-type]
    assert answer.status_code == 400
    assert (await sent(phone, "1", "1")).status_code == 410


@pytest.mark.parametrize("names", [["1", "1"], ["1"] * 11])
async def test_a_held_file_is_in_a_message_once(phone: Phone, names: list[str]) -> None:
    await held(phone, "1", DICOM, "film.dcm")
    assert (await sent(phone, "1", *names)).status_code == 400


async def test_nobody_sends_what_another_phone_has_shown(
    gateway: RunningGateway, phone: Phone
) -> None:
    await held(phone, "1", DICOM, "film.dcm")
    async with phone_of(gateway, name="Kofi") as other:
        assert (await sent(other, "1", "1")).status_code == 410
        await other.http.delete("/chat/held/1")
    assert (await sent(phone, "1", "1")).status_code == 200
