"""A download that nobody reads is ended, few are begun at once, and none outlives its reader."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from gateway import server
from gateway.phone.rates import DOWNLOADS_AT_ONCE
from gateway.phone.sessions import COOKIE
from storage.layout import GATEWAY_FILES
from tests.attacks.conftest import Note
from tests.gateway_world import Phone, RunningGateway, file_part, phone_of, running_gateway

ATTACKER = "by somebody who has joined"

WITHIN_S = 20
SIZE_BYTES = 12_000_000
"""More than the buffers of two sockets hold."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def gateway(home: Path) -> Iterator[RunningGateway]:
    with running_gateway(home) as running:
        yield running


def open_files(home: Path) -> int:
    """How many stored files this process, which the gateway runs in, has open."""
    folder, found = home / GATEWAY_FILES, 0
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found += link.readlink().is_relative_to(folder)
    return found


async def until_closed(home: Path) -> None:
    async with asyncio.timeout(WITHIN_S):
        while open_files(home):  # noqa: ASYNC110 - another thread's loop has no Event
            await asyncio.sleep(0.02)


async def film(phone: Phone) -> str:
    sent = await phone.put("1", files=[file_part(os.urandom(SIZE_BYTES), "a.bin")])
    return str(sent.json()["document"]["file_id"])


@asynccontextmanager
async def unread(
    gateway: RunningGateway, phone: Phone, file_id: str
) -> AsyncIterator[asyncio.StreamReader]:
    """A download of which the first line is read."""
    url = httpx.URL(gateway.url)
    reader, writer = await asyncio.open_connection(url.host, url.port, limit=1024)
    token = phone.http.cookies[COOKIE]
    writer.write(
        f"GET /chat/files/{file_id} HTTP/1.1\r\nHost: localhost\r\n"
        f"Cookie: {COOKIE}={token}\r\n\r\n".encode()
    )
    try:
        yield reader
    finally:
        writer.transport.abort()


async def test_one_phone_has_few_downloads_under_way_and_others_are_not_held_up(
    gateway: RunningGateway, home: Path, outcome: Note
) -> None:
    async with phone_of(gateway) as phone, phone_of(gateway) as other, AsyncExitStack() as stack:
        file_id, others = await film(phone), await film(other)
        for _ in range(DOWNLOADS_AT_ONCE):
            reader = await stack.enter_async_context(unread(gateway, phone, file_id))
            assert b" 200 " in await reader.readline()
        one_more = await phone.http.get(f"/chat/files/{file_id}")
        assert one_more.status_code == 429
        assert len((await other.http.get(f"/chat/files/{others}")).content) == SIZE_BYTES
        await stack.aclose()
        await until_closed(home)
        assert len((await phone.http.get(f"/chat/files/{file_id}")).content) == SIZE_BYTES
    outcome(
        "Downloads in crowds",
        f"{DOWNLOADS_AT_ONCE} at once, then {one_more.status_code}; others get theirs",
    )


async def test_a_file_is_closed_when_its_reader_hangs_up(
    gateway: RunningGateway, home: Path, phone: Phone, outcome: Note
) -> None:
    async with unread(gateway, phone, await film(phone)) as reader:
        await reader.readline()
        assert open_files(home) == 1
    await until_closed(home)
    outcome("Hang up in the midst of downloads", "the file is closed at once")


async def test_who_reads_nothing_is_hung_up_on(
    gateway: RunningGateway,
    home: Path,
    phone: Phone,
    monkeypatch: pytest.MonkeyPatch,
    outcome: Note,
) -> None:
    monkeypatch.setattr(server, "STALL_S", 0.1)
    async with unread(gateway, phone, await film(phone)) as reader:
        await reader.readline()
        await until_closed(home)
        read = 0
        with suppress(ConnectionResetError):
            while piece := await reader.read(1 << 20):
                read += len(piece)
        assert read < SIZE_BYTES
    outcome("Downloads that are never read", "hung up on; the file is closed")


async def test_who_reads_slowly_gets_all_of_it(
    gateway: RunningGateway, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "STALL_S", 1.0)
    async with asyncio.timeout(WITHIN_S), unread(gateway, phone, await film(phone)) as reader:
        await reader.readuntil(b"\r\n\r\n")
        read = 0
        while read < SIZE_BYTES:
            read += len(await reader.read(1 << 16))
            await asyncio.sleep(0.01)  # all of it takes longer than an answer may wait
    assert read == SIZE_BYTES
