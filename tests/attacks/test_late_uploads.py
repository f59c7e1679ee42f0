"""What somebody began to send before they were shut out, and ended after it, is not kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from gateway.phone.sessions import COOKIE
from storage.layout import GATEWAY_FILES
from tests.gateway_world import Phone, RunningGateway, chat_of, phone_of, running_gateway

WITHIN_S = 20


class HalfSent:
    """A request of which all but the end was sent."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, rest: bytes
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._rest = rest

    async def end(self) -> bytes:
        """Send the end; gives the first line of the answer."""
        self._writer.write(self._rest)
        async with asyncio.timeout(WITHIN_S):
            return await self._reader.readline()


@asynccontextmanager
async def half_sent(gateway: RunningGateway, phone: Phone, **form: str) -> AsyncIterator[HalfSent]:
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form.items()
    )
    film = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\nhalf'
    body = f"{parts}{film} and half\r\n--b--\r\n".encode()
    head = (
        f"PUT /chat/messages/late HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
        f"Cookie: {COOKIE}={phone.http.cookies[COOKIE]}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\nExpect: 100-continue\r\n\r\n"
    ).encode()
    url = httpx.URL(gateway.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(head)
    async with asyncio.timeout(WITHIN_S):  # the gateway asks for the body: it knows the session
        assert (await reader.readline()).startswith(b"HTTP/1.1 100")
        await reader.readline()
    writer.write(body[:40])
    try:
        yield HalfSent(reader, writer, body[40:])
    finally:
        writer.close()


def files(home: Path) -> list[Path]:
    return [path for path in (home / GATEWAY_FILES).rglob("*") if path.is_file()]


async def call(gateway: RunningGateway, method: str, **asked: object) -> object:
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = (await http.post(gateway.api(method), json=asked)).json()
    assert answer["ok"], answer
    return answer["result"]


@pytest.mark.parametrize("revoked", [False, True])
async def test_an_upload_that_ends_after_revoking_is_refused_and_leaves_no_file(
    tmp_path: Path, revoked: bool
) -> None:
    with running_gateway(tmp_path) as gateway:
        async with phone_of(gateway) as phone:
            chat_id = await chat_of(phone, gateway)
            async with half_sent(gateway, phone, text="late") as upload:
                if revoked:
                    await call(gateway, "edgeradSetAccess", chat_id=chat_id, is_member=False)
                status = 401 if revoked else 200
                assert (await upload.end()).startswith(f"HTTP/1.1 {status}".encode())
        assert len(files(tmp_path)) == (0 if revoked else 1)
        assert ("late" in str(await call(gateway, "getUpdates"))) is not revoked


async def test_an_upload_to_a_group_that_ends_after_its_sender_was_taken_out_is_refused(
    tmp_path: Path,
) -> None:
    with running_gateway(tmp_path) as gateway:
        async with phone_of(gateway) as phone:
            user_id = await chat_of(phone, gateway)
            made = await call(gateway, "edgeradCreateGroup", title="Ward 7", user_ids=[user_id])
            assert isinstance(made, dict)
            async with half_sent(gateway, phone, chat=str(made["id"]), text="late") as upload:
                await call(gateway, "banChatMember", chat_id=made["id"], user_id=user_id)
                assert (await upload.end()).startswith(b"HTTP/1.1 404")
        assert files(tmp_path) == []
