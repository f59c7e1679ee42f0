"""Bytes on a socket as no well-behaved phone sends them: half, slowly, or too many parts.

Knows HTTP/1.1 and the phone's session. Must not know what the gateway makes of it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from deploy.phone_client import PhoneClient, PhoneUpload

BOUNDARY = "edgerad-boundary"
ANSWER_S = 30.0


class Connection:
    """A connection of a phone to the gateway, with the phone's session."""

    def __init__(
        self, phone: PhoneClient, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._cookies = "; ".join(f"{key}={value}" for key, value in phone._http.cookies.items())
        self._host = phone._http.base_url.netloc.decode()
        self._reader = reader
        self._writer = writer

    @classmethod
    @asynccontextmanager
    async def to(cls, phone: PhoneClient) -> AsyncIterator["Connection"]:
        """Open one as this phone."""
        url = phone._http.base_url
        reader, writer = await asyncio.open_connection(url.host, url.port)
        try:
            yield cls(phone, reader, writer)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def begin_upload(self, film: PhoneUpload, *, announced_bytes: int) -> None:
        """Send a message's head and the start of its body, and promise more."""
        await self.head("PUT", "/chat/messages/half-a-message", announced_bytes)
        await self.send(part("file", film.data, film.name)[:-100])

    async def head(self, method: str, path: str, body_bytes: int) -> None:
        """Send a request's head."""
        lines = (
            f"{method} {path} HTTP/1.1",
            f"Host: {self._host}",
            f"Cookie: {self._cookies}",
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
            f"Content-Length: {body_bytes}",
        )
        await self.send("".join(f"{line}\r\n" for line in (*lines, "")).encode())

    async def send(self, data: bytes) -> None:
        """Send bytes."""
        self._writer.write(data)
        await self._writer.drain()

    def hang_up(self) -> None:
        """Break the connection off."""
        self._writer.transport.abort()

    async def status(self) -> int:
        """The status of the answer."""
        async with asyncio.timeout(ANSWER_S):
            return int((await self._reader.readline()).split()[1])


def part(name: str, data: bytes, file_name: str | None = None) -> bytes:
    """One part of a multipart body."""
    named = f'; filename="{file_name}"' if file_name else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'
    return head.encode() + data + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()
