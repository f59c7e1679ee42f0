"""Answers with a stored file, which is decrypted while it is sent.

Knows HTTP's headers for files. Must not know who may have it.
"""

import re
from collections.abc import AsyncIterator
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


def download(
    pieces: AsyncIterator[bytes],
    size_bytes: int,
    media_type: str,
    name: str | None = None,
    wanted: str | None = None,
) -> Response:
    """Answer with a file, or with a piece of it.

    Args:
        size_bytes: How many there are.
        name: What to save it as; None to show it.
        wanted: The request's `Range`; what is no range of bytes is passed over.
    """
    headers = {"Content-Length": str(size_bytes), "Accept-Ranges": "bytes"}
    if name is not None:
        headers["Content-Disposition"] = f"attachment; {_named(name)}"
    found = _RANGE.fullmatch(wanted or "")
    if found is None:
        return StreamingResponse(pieces, media_type=media_type, headers=headers)
    start, end = _bounds(found[1], found[2], size_bytes)
    if start >= end:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size_bytes}"})
    headers["Content-Length"] = str(end - start)
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{size_bytes}"
    cut = _cut(pieces, start, end)
    return StreamingResponse(cut, status_code=206, media_type=media_type, headers=headers)


def _bounds(first: str, last: str, size_bytes: int) -> tuple[int, int]:
    """Where a range starts, and where it has ended; nothing is in it if it lies beyond the file."""
    if not first:
        return max(0, size_bytes - int(last or 0)), size_bytes
    return int(first), min(int(last) + 1, size_bytes) if last else size_bytes


async def _cut(pieces: AsyncIterator[bytes], start: int, end: int) -> AsyncIterator[bytes]:
    at = 0
    async for piece in pieces:
        if kept := piece[max(start - at, 0) : max(end - at, 0)]:
            yield kept
        at += len(piece)
        if at >= end:
            return


def _named(name: str) -> str:
    quoted = quote(name, safe="")
    return f'filename="{name}"' if quoted == name else f"filename*=utf-8''{quoted}"
