"""Frames arrive whole however the stream is cut; nonsense is refused."""

import asyncio
import io
import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machine.frames import (
    BrokenFrame,
    Frame,
    FrameLimits,
    Header,
    StreamEnded,
    pack,
    receive,
    receive_blocking,
)

LIMITS = FrameLimits(header_bytes=10_000, blobs=5, blob_bytes=700, blobs_bytes=1_000)
HEADERS = st.dictionaries(
    st.text(max_size=8).filter(lambda name: name != "blobs"),
    st.none() | st.integers() | st.text(max_size=8) | st.lists(st.integers(), max_size=3),
    max_size=4,
)
FRAMES = st.tuples(HEADERS, st.lists(st.binary(max_size=50), max_size=5))


async def received(data: bytes) -> Frame:
    stream = asyncio.StreamReader()
    stream.feed_data(data)
    stream.feed_eof()
    return await receive(stream, LIMITS)


def received_blocking(data: bytes) -> Frame:
    return receive_blocking(io.BytesIO(data).read, LIMITS)


async def refused(data: bytes) -> type[BrokenFrame]:
    """Both ends refuse it in the same way."""
    with pytest.raises(BrokenFrame) as caught:
        await received(data)
    with pytest.raises(BrokenFrame) as caught_blocking:
        received_blocking(data)
    assert caught.type is caught_blocking.type
    return caught.type


def framed(header: bytes, rest: bytes = b"") -> bytes:
    return b"ERW1" + struct.pack(">I", len(header)) + header + rest


@given(sent=st.lists(FRAMES, max_size=4), piece_bytes=st.integers(min_value=1, max_value=97))
async def test_frames_arrive_as_they_were_sent_however_the_stream_is_cut(
    sent: list[Frame], piece_bytes: int
) -> None:
    data = b"".join(pack(*frame, LIMITS) for frame in sent)
    file, stream = io.BytesIO(data), asyncio.StreamReader()

    def feed() -> None:
        if piece := file.read(piece_bytes):
            stream.feed_data(piece)
            asyncio.get_running_loop().call_soon(feed)

    feed()
    assert [await receive(stream, LIMITS) for _ in sent] == sent

    pieces = io.BytesIO(data)
    blocking = [
        receive_blocking(lambda size: pieces.read(min(size, piece_bytes)), LIMITS) for _ in sent
    ]
    assert blocking == sent


@given(data=st.binary(max_size=300))
async def test_noise_is_no_frame(data: bytes) -> None:
    await refused(data)


@given(frame=FRAMES, data=st.data())
async def test_a_frame_that_is_cut_short_is_told_from_a_broken_one(
    frame: Frame, data: st.DataObject
) -> None:
    whole = pack(*frame, LIMITS)
    kept_bytes = data.draw(st.integers(min_value=0, max_value=len(whole) - 1))
    assert await refused(whole[:kept_bytes]) is StreamEnded


@pytest.mark.parametrize(
    "header",
    [
        b"{",
        b"[]",
        b"{}",
        b"null",
        b"\xff\xff",
        b"[" * 9_000,
        b'{"blobs": 3}',
        b'{"blobs": "x"}',
        b'{"blobs": [-1]}',
        b'{"blobs": [true]}',
        b'{"blobs": ["3"]}',
        b'{"blobs": [701]}',
        b'{"blobs": [600, 600]}',
        b'{"blobs": [0, 0, 0, 0, 0, 0]}',
    ],
)
async def test_a_header_is_not_believed_blindly(header: bytes) -> None:
    assert await refused(framed(header, bytes(2_000))) is BrokenFrame


async def test_a_huge_header_is_not_waited_for() -> None:
    assert await refused(b"ERW1" + struct.pack(">I", LIMITS.header_bytes + 1)) is BrokenFrame


async def test_another_programs_words_are_no_frame() -> None:
    assert await refused(b"Loading checkpoint shards: 100%") is BrokenFrame


@pytest.mark.parametrize(
    ("header", "blobs"),
    [
        ({"text": "x" * 10_000}, []),
        ({}, [b""] * 6),
        ({}, [bytes(701)]),
        ({}, [bytes(600), bytes(600)]),
    ],
)
def test_a_frame_too_large_is_not_sent(header: Header, blobs: list[bytes]) -> None:
    with pytest.raises(BrokenFrame):
        pack(header, blobs, LIMITS)


def test_a_text_that_utf_8_cannot_carry_is_sent_with_question_marks() -> None:
    header, _ = received_blocking(pack({"text": "broken \ud800 emoji"}, [], LIMITS))
    assert header == {"text": "broken ? emoji"}


def test_no_memory_is_set_aside_for_a_blob_before_it_comes() -> None:
    asked: list[int] = []

    def read(size: int) -> bytes:
        asked.append(size)
        return stream.read(size)

    limits = FrameLimits(header_bytes=99, blobs=1, blob_bytes=1 << 40, blobs_bytes=1 << 40)
    stream = io.BytesIO(framed(json.dumps({"blobs": [1 << 40]}).encode()))
    with pytest.raises(StreamEnded):
        receive_blocking(read, limits)
    assert max(asked) <= 1 << 20
