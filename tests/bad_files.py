"""Files that are no picture that can be read, or that claim to be one."""

import io
import struct
import zlib

from PIL import Image

from deploy.phone_client import PhoneUpload


def png_bomb(side_px: int = 20_000) -> bytes:
    """A PNG of a few kB that unpacks to 400 million pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + crc

    header = struct.pack(">IIBBBBB", side_px, side_px, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(1 + side_px // 8)
    rows = b"".join(packer.compress(row) for _ in range(side_px)) + packer.flush()
    body = chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def gif() -> bytes:
    encoded = io.BytesIO()
    Image.new("P", (64, 64)).save(encoded, "GIF")
    return encoded.getvalue()


def truncated_jpeg() -> bytes:
    encoded = io.BytesIO()
    Image.effect_noise((640, 640), 60).save(encoded, "JPEG")
    return encoded.getvalue()[:20_000]


BAD_FILES = {
    "an empty file": PhoneUpload(name="film.jpg", data=b""),
    "a text file renamed": PhoneUpload(
        name="film.jpg", data=b"Dear doctor, here is the film.\n" * 40
    ),
    "a truncated JPEG": PhoneUpload(name="film.jpg", data=truncated_jpeg()),
    "a PNG bomb": PhoneUpload(name="film.png", data=png_bomb(), media_type="image/png"),
    "a HEIC that holds no picture": PhoneUpload(
        name="IMG_1.HEIC",
        data=b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(4096),
        media_type="image/heic",
    ),
    "an SVG": PhoneUpload(
        name="film.svg",
        data=b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>',
        media_type="image/svg+xml",
    ),
    "a GIF that is cut short": PhoneUpload(
        name="film.gif", data=gif()[:-40], media_type="image/gif"
    ),
}
