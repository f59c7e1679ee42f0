"""The picture process: answers, deadlines, and a zygote that outlives every file."""

import io
import time
import zlib
from collections.abc import AsyncIterator

import pytest
from PIL import Image

from inference.errors import (
    DamagedPicture,
    EmptyPicture,
    PictureTooLarge,
    UnsupportedFormat,
)
from inference.pictures import PictureProcess, limits


@pytest.fixture
async def pictures() -> AsyncIterator[PictureProcess]:
    async with PictureProcess() as process:
        yield process


def jpeg(width_px: int = 320, height_px: int = 200) -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((width_px, height_px)).save(buffer, "JPEG")
    return buffer.getvalue()


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def png_bomb(side_px: int) -> bytes:
    """A valid grey PNG of `side_px` squared in a few hundred kilobytes."""
    header = side_px.to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    packer = zlib.compressobj(9)
    row = bytes(side_px + 1)
    body = b"".join(packer.compress(row) for _ in range(side_px)) + packer.flush()
    chunks = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


async def test_a_photo_comes_back_as_a_picture(pictures: PictureProcess) -> None:
    picture = await pictures.prepare(jpeg())
    assert (picture.media_type, picture.width_px, picture.height_px) == ("image/jpeg", 320, 200)
    with Image.open(io.BytesIO(picture.data)) as image:
        assert (image.mode, image.size) == ("RGB", (320, 200))
    assert picture.note is None


async def test_a_photo_comes_back_in_sizes(pictures: PictureProcess) -> None:
    sizes = await pictures.photo_sizes(jpeg(1600, 1000))
    assert [(size.width_px, size.height_px) for size in sizes] == [
        (90, 56),
        (320, 200),
        (800, 500),
        (1280, 800),
    ]
    with Image.open(io.BytesIO(sizes[0].data)) as image:
        assert image.size == (90, 56)


async def test_errors_keep_their_class_and_words(pictures: PictureProcess) -> None:
    with pytest.raises(UnsupportedFormat, match="HEIC") as caught:
        await pictures.prepare(b"\x00\x00\x00\x18ftypheic" + bytes(100))
    assert caught.value.seems == "HEIC"
    with pytest.raises(EmptyPicture):
        await pictures.prepare(b"")
    with pytest.raises(DamagedPicture):
        await pictures.prepare(jpeg()[:-400])
    with pytest.raises(PictureTooLarge, match="50 MB"):
        await pictures.prepare(bytes(limits.MAX_BYTES + 1))


async def test_a_bomb_is_refused_at_once(pictures: PictureProcess) -> None:
    bomb = png_bomb(20_000)
    started = time.monotonic()
    with pytest.raises(PictureTooLarge):
        await pictures.prepare(bomb)
    assert time.monotonic() - started < 2
