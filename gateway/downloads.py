"""Answers with a stored file, which is decrypted while it is sent.

Knows HTTP's headers for files. Must not know who may have it.
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import ExitStack, aclosing
from urllib.parse import quote

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send
from typing_extensions import override

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


class Download(StreamingResponse):
    """Answers with a file, or with a piece of it, and closes it however that ends.

    Args:
        pieces: The file's.
        size_bytes: How many there are.
        media_type: What it is.
        name: What to save it as; None to show it.
        wanted: The request's `Range`; what is no range of bytes is passed over.
        held: What is held until the end; empty from then on.
    """

    def __init__(
        self,
        pieces: AsyncGenerator[bytes, None],
        size_bytes: int,
        media_type: str,
        *,
        name: str | None = None,
        wanted: str | None = None,
        held: ExitStack | None = None,
    ) -> None:
        self._pieces = pieces
        self._held = held or ExitStack()
        found = _RANGE.fullmatch(wanted or "")
        start, end = _bounds(found[1], found[2], size_bytes) if found else (0, size_bytes)
        super().__init__(_cut(pieces, start, end) if found else pieces, media_type=media_type)
        self.headers["Accept-Ranges"] = "bytes"
        if name is not None:
            self.headers["Content-Disposition"] = f"attachment; {_named(name)}"
        if found and start >= end:
            self.status_code, start, end = 416, 0, 0
            self.headers["Content-Range"] = f"bytes */{size_bytes}"
        elif found:
            self.status_code = 206
            self.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size_bytes}"
        self.headers["Content-Length"] = str(end - start)

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._held:
            async with aclosing(self._pieces):
                await super().__call__(scope, receive, send)


def _bounds(first: str, last: str, size_bytes: int) -> tuple[int, int]:
    """Where a range starts, and where it has ended; nothing is in it if it lies beyond the file."""
    if not first:
        return max(0, size_bytes - int(last or 0)), size_bytes
    return int(first), min(int(last) + 1, size_bytes) if last else size_bytes


async def _cut(pieces: AsyncIterator[bytes], start: int, end: int) -> AsyncIterator[bytes]:
    at = 0
    if start >= end:
        return
    async for piece in pieces:
        if kept := piece[max(start - at, 0) : max(end - at, 0)]:
            yield kept
        at += len(piece)
        if at >= end:
            return


def _named(name: str) -> str:
    quoted = quote(name, safe="")
    return f'filename="{name}"' if quoted == name else f"filename*=utf-8''{quoted}"
