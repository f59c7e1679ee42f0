"""Recordings with true headers and nothing in them, so that no encoder is needed."""

import io
import struct
import wave

from PIL import Image


def mp4(
    seconds: float, width: int, height: int, *, upright: bool = True, long: bool = False
) -> bytes:
    """A film with one picture track, as phones write it: `moov` at its end."""
    ticks = round(seconds * 600)
    times = struct.pack(">QQIQ" if long else ">IIII", 0, 0, 600, ticks)
    version = b"\x01\0\0\0" if long else b"\0\0\0\0"
    mvhd = _box(b"mvhd", version + times + bytes(80))
    track_times = struct.pack(">QQIIQ" if long else ">IIIII", 0, 0, 1, 0, ticks)
    matrix = struct.pack(">9i", 65536 if upright else 0, *[0] * 8)
    sides = struct.pack(">II", width << 16, height << 16)
    tkhd = _box(b"tkhd", version + track_times + bytes(16) + matrix + sides)
    sound = _box(b"tkhd", version + track_times + bytes(16) + matrix + bytes(8))
    tracks = _box(b"trak", sound) + _box(b"trak", tkhd)
    return _box(b"ftyp", b"isom") + _box(b"mdat", b"x" * 100) + _box(b"moov", mvhd + tracks)


def webm(seconds: float, width: int, height: int) -> bytes:
    """A film as browsers record it: its segment does not say where it ends."""
    info = _element(0x1549A966, _element(0x2AD7B1, (10**6).to_bytes(3)) + _duration(seconds * 1000))
    sides = _element(0xB0, width.to_bytes(2)) + _element(0xBA, height.to_bytes(2))
    tracks = _element(0x1654AE6B, _element(0xAE, _element(0xE0, sides)))
    head = _element(0x1A45DFA3, _element(0x4282, b"webm"))
    return head + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" + info + tracks


def opus(seconds: float) -> bytes:
    """A recorded voice."""
    head = b"OpusHead\x01\x01" + struct.pack("<HIHB", 312, 48_000, 0, 0)
    return _page(0, head) + _page(round(seconds * 48_000) + 312, b"x" * 40)


def vorbis(seconds: float) -> bytes:
    """A piece of music in Ogg."""
    head = b"\x01vorbis" + struct.pack("<IBI", 0, 2, 44_100) + bytes(14)
    return _page(0, head) + _page(round(seconds * 44_100), b"x" * 40)


def mp3(seconds: float, *, counted: bool = True, tagged: bool = True) -> bytes:
    """A piece of music of 128 kbit/s; `counted` as one of variable rate is."""
    frame = b"\xff\xfb\x90\x00"
    tag = b"ID3\x04\0\0\0\0\x01\x00" + bytes(128) if tagged else b""
    if counted:
        frames = round(seconds * 44_100 / 1152)
        return tag + frame + bytes(32) + b"Xing" + struct.pack(">II", 1, frames) + bytes(300)
    return tag + frame + bytes(round(seconds * 16_000) - 4)


def flac(seconds: float) -> bytes:
    """A piece of music without loss."""
    packed = 44_100 << 44 | 1 << 41 | 15 << 36 | round(seconds * 44_100)
    return b"fLaC\0\0\0\x22" + bytes(10) + packed.to_bytes(8) + bytes(16)


def wav(seconds: float) -> bytes:
    """A recording as it is."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", ""))
        file.writeframes(bytes(round(seconds * 16_000)))
    return made.getvalue()


def gif(seconds: float, width: int, height: int) -> bytes:
    """A silent film of two pictures."""
    made = io.BytesIO()
    first, second = (Image.new("P", (width, height), colour) for colour in (0, 1))
    each_ms = round(seconds * 500)
    first.save(made, "GIF", save_all=True, append_images=[second], duration=each_ms)
    return made.getvalue()


def sticker(width: int, height: int) -> bytes:
    """A sticker that does not move."""
    made = io.BytesIO()
    Image.new("RGBA", (width, height)).save(made, "WEBP")
    return made.getvalue()


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _element(name: int, body: bytes) -> bytes:
    return name.to_bytes((name.bit_length() + 7) // 8) + (1 << 28 | len(body)).to_bytes(4) + body


def _duration(ticks: float) -> bytes:
    return _element(0x4489, struct.pack(">d", ticks))


def _page(granule: int, body: bytes) -> bytes:
    head = b"OggS\0\x02" + struct.pack("<qIII", granule, 7, 0, 0)
    return head + bytes([1, len(body)]) + body
