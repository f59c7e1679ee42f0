"""A stored file as an answer: its bytes leave the disk sealed and the gateway open.

Knows HTTP's headers for files. Must not know who may have it.
"""

from collections.abc import AsyncIterator
from urllib.parse import quote

from starlette.responses import StreamingResponse


def download(
    pieces: AsyncIterator[bytes], size_bytes: int, media_type: str, name: str | None = None
) -> StreamingResponse:
    """Answer with a file.

    Args:
        pieces: Its bytes.
        size_bytes: How many there are.
        media_type: What it is.
        name: What to save it as; None to show it.

    Returns:
        The answer.
    """
    headers = {"Content-Length": str(size_bytes)}
    if name is not None:
        headers["Content-Disposition"] = f"attachment; {_named(name)}"
    return StreamingResponse(pieces, media_type=media_type, headers=headers)


def _named(name: str) -> str:
    quoted = quote(name, safe="")
    return f'filename="{name}"' if quoted == name else f"filename*=utf-8''{quoted}"
