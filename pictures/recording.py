"""How long a recording lasts, and how large its picture is: read from headers, nothing decoded.

Knows MP4 and its kin, WebM, Ogg, MP3, FLAC, WAV and GIF, and how large a WebP or PNG sticker is.
Runs only in a disposable process. Sources: ISO/IEC 14496-12; RFC 3533 and 7845 (Ogg), 8794 and 9559
(WebM), 9639 (FLAC).
"""

import io
import re
import struct
from collections.abc import Callable, Iterator

from PIL import Image

from pictures.picture import Measures

_BROKEN = (
    *(struct.error, IndexError, ValueError, ZeroDivisionError, OverflowError, OSError),
    *(RecursionError, SyntaxError, Image.DecompressionBombError),
)

_EBML_MASTERS = frozenset({0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0xE0})
_EBML_SCALE, _EBML_DURATION, _EBML_WIDTH, _EBML_HEIGHT = 0x2AD7B1, 0x4489, 0xB0, 0xBA
_GIF_DELAY = re.compile(rb"\x21\xf9\x04.(..).\x00[\x21\x2c]", re.DOTALL)
_MP3_KBIT = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),  # MPEG 1, layer III
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),  # MPEG 2 and 2.5
)
_MP3_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


def measured(data: bytes) -> Measures:
    """Read what a file says of itself.

    Returns:
        Zero for what it does not say, or says in a way that makes no sense.
    """
    for begins, read in _READERS:
        if begins(data):
            try:
                return read(data)
            except _BROKEN:
                break
    return Measures()


def _mp4(data: bytes) -> Measures:
    duration_s, sides = 0.0, (0, 0)
    for kind, start, end in _boxes(data, 0, len(data), inside=frozenset({b"moov", b"trak"})):
        if kind == b"mvhd":
            long = data[start] == 1
            scale, lasts = struct.unpack_from(">IQ" if long else ">II", data, start + 12 + 8 * long)
            duration_s = lasts / scale
        if kind == b"tkhd" and sides == (0, 0):
            sides = _track_sides(data, start, end)
    return Measures(duration_s=round(duration_s), width_px=sides[0], height_px=sides[1])


def _boxes(
    data: bytes, at: int, end: int, inside: frozenset[bytes]
) -> Iterator[tuple[bytes, int, int]]:
    """The boxes of a file, and those within the kinds named, each with where its body is."""
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            (size,), head = struct.unpack_from(">Q", data, at + 8), 16
        stop = end if size == 0 else min(at + size, end)
        if stop < at + head:
            return
        yield kind, at + head, stop
        if kind in inside:
            yield from _boxes(data, at + head, stop, inside)
        at = stop


def _track_sides(data: bytes, start: int, end: int) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", data, end - 8)  # in 65,536ths
    (upright,) = struct.unpack_from(">i", data, start + (52 if data[start] == 1 else 40))
    sides = width >> 16, height >> 16
    return sides if upright else (sides[1], sides[0])  # a phone that was held upright


def _webm(data: bytes) -> Measures:
    found: dict[int, bytes] = {}
    for name, body in _elements(data, 0, len(data)):
        found.setdefault(name, body)
    scale_ns = int.from_bytes(found.get(_EBML_SCALE, b"\x0f\x42\x40"))
    lasts = found.get(_EBML_DURATION, b"\0\0\0\0")
    (ticks,) = struct.unpack(">d" if len(lasts) == 8 else ">f", lasts)
    return Measures(
        duration_s=round(ticks * scale_ns / 1e9),
        width_px=int.from_bytes(found.get(_EBML_WIDTH, b"")),
        height_px=int.from_bytes(found.get(_EBML_HEIGHT, b"")),
    )


def _elements(data: bytes, at: int, end: int) -> Iterator[tuple[int, bytes]]:
    """The short elements of a file, those within masters too, as far as it says where they end."""
    while at < end:
        name, at = _varint(data, at, keep_marker=True)
        size, at = _varint(data, at, keep_marker=False)
        stop = min(at + size, end)
        if name in _EBML_MASTERS:
            yield from _elements(data, at, stop)
        elif size <= 8:
            yield name, data[at:stop]
        at = stop


def _varint(data: bytes, at: int, *, keep_marker: bool) -> tuple[int, int]:
    length = 9 - data[at].bit_length()
    value = int.from_bytes(data[at : at + length])
    if length > 8 or at + length > len(data):
        raise ValueError("no number of EBML")
    return value if keep_marker else value & ((1 << 7 * length) - 1), at + length


def _ogg(data: bytes) -> Measures:
    head = 27 + data[26]
    if data[head : head + 8] == b"OpusHead":
        rate_hz, skipped = 48_000, struct.unpack_from("<H", data, head + 10)[0]
    elif data[head : head + 7] == b"\x01vorbis":
        rate_hz, skipped = struct.unpack_from("<I", data, head + 12)[0], 0
    else:
        return Measures()
    page = data.rfind(b"OggS")
    (samples,) = struct.unpack_from("<q", data, page + 6)
    return Measures(duration_s=round(max(samples - skipped, 0) / rate_hz))


def _mp3(data: bytes) -> Measures:
    start = 0
    if data.startswith(b"ID3"):
        start = 10 + sum(byte << 7 * (3 - n) for n, byte in enumerate(data[6:10]))
    version, layer = data[start + 1] >> 3 & 3, data[start + 1] >> 1 & 3
    if data[start] != 0xFF or version not in _MP3_HZ or layer != 1:
        return Measures()
    rate_hz = _MP3_HZ[version][data[start + 2] >> 2 & 3]
    per_frame = 1152 if version == 3 else 576
    first = data[start : start + 200]
    at = max(first.find(b"Xing"), first.find(b"Info"))
    if at > 0 and first[at + 7] & 1:
        (frames,) = struct.unpack_from(">I", first, at + 8)
        return Measures(duration_s=round(frames * per_frame / rate_hz))
    kbit = _MP3_KBIT[version != 3][data[start + 2] >> 4]
    return Measures(duration_s=round((len(data) - start) * 8 / (kbit * 1000)))


def _flac(data: bytes) -> Measures:
    (packed,) = struct.unpack_from(">Q", data, 18)  # rate: 20 bits; samples: the last 36
    return Measures(duration_s=round((packed & (1 << 36) - 1) / (packed >> 44)))


def _wav(data: bytes) -> Measures:
    at, per_s, size = 12, 0, 0
    while at + 8 <= len(data) and not size:
        kind, length = struct.unpack_from("<4sI", data, at)
        if kind == b"fmt ":
            (per_s,) = struct.unpack_from("<I", data, at + 16)
        if kind == b"data":
            size = min(length, len(data) - at - 8)
        at += 8 + length + length % 2
    return Measures(duration_s=round(size / per_s))


def _gif(data: bytes) -> Measures:
    width, height = struct.unpack_from("<HH", data, 6)
    hundredths = sum(int.from_bytes(delay, "little") for delay in _GIF_DELAY.findall(data))
    return Measures(duration_s=round(hundredths / 100), width_px=width, height_px=height)


def _still(data: bytes) -> Measures:
    with Image.open(io.BytesIO(data), formats=["WEBP", "PNG"]) as image:
        return Measures(width_px=image.width, height_px=image.height)


_READERS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], Measures]], ...] = (
    (lambda data: data[4:8] == b"ftyp", _mp4),
    (lambda data: data.startswith(b"\x1aE\xdf\xa3"), _webm),
    (lambda data: data.startswith(b"OggS"), _ogg),
    (lambda data: data.startswith(b"fLaC"), _flac),
    (lambda data: data.startswith((b"GIF87a", b"GIF89a")), _gif),
    (lambda data: data[:4] == b"RIFF" and data[8:12] == b"WAVE", _wav),
    (lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP", _still),
    (lambda data: data.startswith(b"\x89PNG"), _still),
    (lambda data: data.startswith((b"ID3", b"\xff")), _mp3),
)
