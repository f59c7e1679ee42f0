"""A connection that asks and reads the answer, and costs next to nothing itself.

A client library takes longer over a request than the gateway does, and would measure itself.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


class Wire:
    """One connection, kept open.

    Args:
        reader: What comes in.
        writer: What goes out.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def post(self, path: str, body: object) -> Any:
        """Ask with JSON.

        Raises:
            RuntimeError: If the answer is a refusal.
        """
        data = json.dumps(body).encode()
        return await self.ask("POST", path, data, "Content-Type: application/json\r\n")

    async def ask(self, method: str, path: str, body: bytes, headers: str) -> Any:
        """Ask with any body.

        Args:
            headers: Lines, each with its end.

        Raises:
            RuntimeError: If the answer is a refusal.
        """
        length = f"Content-Length: {len(body)}\r\n\r\n"
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}{length}"
        self._writer.write(head.encode() + body)
        start, *lines = (await self._reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        found = dict(line.lower().split(": ", 1) for line in lines if line)
        answer = await self._reader.readexactly(int(found["content-length"]))
        if " 200 " not in start:
            raise RuntimeError(f"{method} was answered {start}")
        return json.loads(answer)

    async def listen(self, path: str, headers: str) -> None:
        """Ask for a stream, and take in whatever comes until cancelled."""
        self._writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode())
        while await self._reader.read(1 << 16):
            pass


@asynccontextmanager
async def wired(port: int) -> AsyncIterator[Wire]:
    """Be connected to the gateway while the block runs.

    Args:
        port: Where it listens, on loopback.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Wire(reader, writer)
    finally:
        writer.close()
