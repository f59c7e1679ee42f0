"""What goes over the picture process's socket arrives whole, and nonsense is refused."""

import asyncio
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pictures import Picture, PictureNote, Rendition, ViewPosition, frames, messages
from pictures.errors import DamagedPicture, PictureError, PictureTooLarge

MAX_BYTES = 1_000

headers = st.dictionaries(
    st.text(max_size=8).filter(lambda name: name != "blobs"),
    st.none() | st.integers() | st.text(max_size=8) | st.lists(st.integers(), max_size=3),
    max_size=4,
)
notes = st.builds(
    PictureNote,
    frame=st.none() | st.integers(1, 9),
    frames=st.none() | st.integers(1, 9),
    window_estimated=st.booleans(),
    view=st.none() | st.sampled_from(ViewPosition),
)


async def received(data: bytes) -> tuple[frames.Header, list[bytes]]:
    stream = asyncio.StreamReader()
    stream.feed_data(data)
    stream.feed_eof()
    return await frames.receive(stream, MAX_BYTES)


@given(header=headers, blobs=st.lists(st.binary(max_size=50), max_size=5))
async def test_a_frame_arrives_as_it_was_sent(header: frames.Header, blobs: list[bytes]) -> None:
    data = b"".join(frames.pack(header, blobs))
    assert await received(data) == (header, blobs)
    assert frames.receive_blocking(io.BytesIO(data), MAX_BYTES) == (header, blobs)


@given(data=st.binary(max_size=80))
async def test_noise_is_no_frame(data: bytes) -> None:
    with pytest.raises((frames.BrokenFrame, asyncio.IncompleteReadError)):
        await received(data)
    with pytest.raises(frames.BrokenFrame):
        frames.receive_blocking(io.BytesIO(data), MAX_BYTES)


@pytest.mark.parametrize(
    "header",
    [
        b"[]",
        b"{}",
        b"null",
        b'{"blobs": 3}',
        b'{"blobs": [-1]}',
        b'{"blobs": [true]}',
        b'{"blobs": ["3"]}',
        b'{"blobs": [600, 600]}',
    ],
)
async def test_lengths_are_not_believed_blindly(header: bytes) -> None:
    with pytest.raises(frames.BrokenFrame):
        await received(len(header).to_bytes(4, "big") + header + bytes(2_000))


async def test_a_huge_header_is_not_waited_for() -> None:
    with pytest.raises(frames.BrokenFrame):
        await received(b"\xff\xff\xff\xff")


@given(note=st.none() | notes)
def test_a_picture_survives_the_way(note: PictureNote | None) -> None:
    sent = Picture(
        data=b"png", media_type="image/png", width_px=3, height_px=4, sha256="ab", note=note
    )
    assert messages.picture(*messages.picture_answer(sent)) == sent


def test_photo_sizes_survive_the_way() -> None:
    sent = (
        Rendition(data=b"a", width_px=1, height_px=2),
        Rendition(data=b"b", width_px=3, height_px=4),
    )
    assert messages.photo_sizes(*messages.sizes_answer(sent)) == sent


@pytest.mark.parametrize("error", PictureError.__subclasses__())
def test_an_error_survives_the_way(error: type[PictureError]) -> None:
    with pytest.raises(error, match="such is it") as caught:
        messages.picture(*messages.error_answer(error("such is it", seems="PDF")))
    assert caught.value.seems == "PDF"


@given(header=headers)
def test_an_answer_that_makes_no_sense_is_a_damaged_picture(header: frames.Header) -> None:
    header.pop("error", None)
    with pytest.raises(DamagedPicture):
        messages.picture(header, [b"x"])
    with pytest.raises(DamagedPicture):
        messages.photo_sizes(header, [b"x"])


def test_an_unknown_error_is_a_damaged_picture() -> None:
    with pytest.raises(DamagedPicture):
        messages.picture({"error": "SystemExit", "message": "x"}, [])
    with pytest.raises(PictureTooLarge):
        messages.photo_sizes({"error": "PictureTooLarge", "message": "x"}, [])
