"""Framing on the socket to the disposable process: a JSON header, then the blobs it announces.

Knows bytes and lengths. Must not know pictures. Nothing is unpickled, and lengths are capped
before they are believed, since the other side has touched untrusted bytes.
"""

import asyncio
import json
import struct
from collections.abc import Sequence
from typing import Any, Protocol

_LENGTH = struct.Struct(">I")
_MAX_HEADER_BYTES = 65_536

Header = dict[str, Any]


class Readable(Protocol):
    """What a blocking frame is read from."""

    def read(self, size: int, /) -> bytes:
        """Read until `size` bytes or the end are there."""
        ...


class BrokenFrame(Exception):
    """The other side does not keep to the protocol."""


def pack(header: Header, blobs: Sequence[bytes]) -> list[bytes]:
    """Make a frame, as pieces to be written one after another."""
    sized = json.dumps({**header, "blobs": [len(blob) for blob in blobs]}).encode()
    return [_LENGTH.pack(len(sized)), sized, *blobs]


async def receive(stream: asyncio.StreamReader, max_bytes: int) -> tuple[Header, list[bytes]]:
    """Read a frame without blocking.

    Args:
        stream: Where it comes from.
        max_bytes: Blobs' total size that is still believed.

    Returns:
        The header and the blobs.

    Raises:
        BrokenFrame: The frame is malformed or too large.
        asyncio.IncompleteReadError: The other side ended first.
    """
    size = _header_size(await stream.readexactly(_LENGTH.size))
    header, sizes = _unpack(await stream.readexactly(size), max_bytes)
    return header, [await stream.readexactly(size) for size in sizes]


def receive_blocking(stream: Readable, max_bytes: int) -> tuple[Header, list[bytes]]:
    """Read a frame, blocking; arguments, answer and errors as for `receive`."""
    size = _header_size(_read(stream, _LENGTH.size))
    header, sizes = _unpack(_read(stream, size), max_bytes)
    return header, [_read(stream, size) for size in sizes]


def _read(stream: Readable, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise BrokenFrame
    return data


def _header_size(data: bytes) -> int:
    size = int(_LENGTH.unpack(data)[0])
    if size > _MAX_HEADER_BYTES:
        raise BrokenFrame
    return size


def _unpack(data: bytes, max_bytes: int) -> tuple[Header, list[int]]:
    try:
        header = json.loads(data)
        sizes = header.pop("blobs")
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError) as error:
        raise BrokenFrame from error
    if not isinstance(header, dict) or not isinstance(sizes, list):
        raise BrokenFrame
    if not all(type(size) is int and size >= 0 for size in sizes) or sum(sizes) > max_bytes:
        raise BrokenFrame
    return header, sizes
