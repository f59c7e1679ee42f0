"""Frames on a pipe or socket: a JSON header, then the blobs that it announces.

A frame is a magic word, the length of the header, the header, and the blobs one after another.
Knows bytes and lengths, not what they mean. The other side may have touched untrusted bytes, so
nothing is unpickled, and lengths are checked before they are believed.
"""

import asyncio
import json
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

_MAGIC = b"ERW1"
_PREFIX = struct.Struct(">4sI")
_PIECE_BYTES = 1 << 20

Header = dict[str, Any]
Frame = tuple[Header, list[bytes]]
ReadSome = Callable[[int], bytes]
"""Waits for bytes and reads at most so many; none at the stream's end."""


class BrokenFrame(Exception):
    """The other side does not keep to the protocol: the stream is of no more use."""


class StreamEnded(BrokenFrame):
    """The stream ended before the frame did, or where one would begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameLimits:
    """How large a frame may be; each blob alone, and all together."""

    header_bytes: int
    blobs: int
    blob_bytes: int
    blobs_bytes: int

    def check(self, header_bytes: int, blob_sizes: Sequence[int] = ()) -> None:
        """Refuse a frame that is too large.

        Raises:
            BrokenFrame: It is.
        """
        if (
            header_bytes > self.header_bytes
            or len(blob_sizes) > self.blobs
            or max(blob_sizes, default=0) > self.blob_bytes
            or sum(blob_sizes) > self.blobs_bytes
        ):
            raise BrokenFrame


def pack(header: Header, blobs: Sequence[bytes], limits: FrameLimits) -> bytes:
    """Write a frame; characters that UTF-8 cannot carry become question marks.

    Raises:
        BrokenFrame: It is larger than allowed.
    """
    sizes = [len(blob) for blob in blobs]
    text = json.dumps({**header, "blobs": sizes}, ensure_ascii=False).encode(errors="replace")
    limits.check(len(text), sizes)
    return b"".join((_PREFIX.pack(_MAGIC, len(text)), text, *blobs))


async def receive(stream: asyncio.StreamReader, limits: FrameLimits) -> Frame:
    """Read the next frame.

    Raises:
        BrokenFrame: It is malformed or too large.
        StreamEnded: There is no whole one any more.
    """
    try:
        size = _header_size(await stream.readexactly(_PREFIX.size), limits)
        header, sizes = _header(await stream.readexactly(size), limits)
        return header, [await stream.readexactly(size) for size in sizes]
    except asyncio.IncompleteReadError as error:
        raise StreamEnded from error


def receive_blocking(read: ReadSome, limits: FrameLimits) -> Frame:
    """Read the next frame, as `receive` does, in a thread or process that may wait."""
    size = _header_size(_read_exactly(read, _PREFIX.size), limits)
    header, sizes = _header(_read_exactly(read, size), limits)
    return header, [_read_exactly(read, size) for size in sizes]


def _read_exactly(read: ReadSome, size: int) -> bytes:
    pieces = []
    while size:
        piece = read(min(size, _PIECE_BYTES))
        if not piece:
            raise StreamEnded
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _header_size(prefix: bytes, limits: FrameLimits) -> int:
    magic, size = _PREFIX.unpack(prefix)
    if magic != _MAGIC:
        raise BrokenFrame
    limits.check(size)
    return int(size)


def _header(text: bytes, limits: FrameLimits) -> tuple[Header, list[int]]:
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BrokenFrame from error
    sizes = header.pop("blobs", None) if isinstance(header, dict) else None
    if not isinstance(sizes, list) or not all(type(size) is int and size >= 0 for size in sizes):
        raise BrokenFrame
    limits.check(len(text), sizes)
    return header, sizes
