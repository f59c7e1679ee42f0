"""A bot that updates are delivered to: keeps what came, answers what it is told."""

import json
import ssl
from asyncio import Queue, StreamReader, StreamWriter, start_server
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request that came."""

    headers: dict[str, str]
    update: dict[str, Any]

    @property
    def text(self) -> str:
        """The text of its message."""
        return str(self.update["message"]["text"])


@dataclass(slots=True)
class Answer:
    """What is answered to one request; by default, that it came well."""

    status: int = 200
    body: bytes = b""
    media_type: str = "application/json"


@dataclass(slots=True)
class Receiver:
    """The bot's server."""

    url: str = ""
    deliveries: "Queue[Delivery]" = field(default_factory=Queue)
    answers: list[Answer] = field(default_factory=list)

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Take one delivery a connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()[1:]
        pairs = [line.split(": ", 1) for line in head if line]
        headers = {key.lower(): value for key, value in pairs}
        body = await reader.readexactly(int(headers["content-length"]))
        self.deliveries.put_nowait(Delivery(headers, json.loads(body)))
        answer = self.answers.pop(0) if self.answers else Answer()
        start = f"HTTP/1.1 {answer.status} X\r\ncontent-type: {answer.media_type}\r\n"
        length = f"content-length: {len(answer.body)}\r\nconnection: close\r\n\r\n"
        writer.write((start + length).encode() + answer.body)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def receiving(certificate: str | None = None) -> AsyncIterator[Receiver]:
    """A bot's server on a free port; with a certificate file, over TLS."""
    secure = None
    if certificate is not None:
        secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        secure.load_cert_chain(certificate)
    receiver = Receiver()
    server = await start_server(receiver.serve, "127.0.0.1", 0, ssl=secure)
    async with server:
        port = server.sockets[0].getsockname()[1]
        receiver.url = f"{'https' if secure else 'http'}://127.0.0.1:{port}/hook"
        yield receiver
