"""What somebody began to send before they were shut out, and ended after it, is not kept."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import httpx
import pytest

from gateway.phone.sessions import COOKIE
from storage.layout import GATEWAY_FILES
from tests.attacks.conftest import Note
from tests.gateway_world import Phone, RunningGateway, chat_of, phone_of, running_gateway

ATTACKER = "by somebody who has joined"

WITHIN_S = 20
_BEGUN_BYTES = 20


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


def half_sent(
    gateway: RunningGateway, phone: Phone, **form: str
) -> AbstractAsyncContextManager[HalfSent]:
    """An upload of which all but the end was sent."""
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form.items()
    )
    film = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\nhalf'
    body = f"{parts}{film} and half\r\n--b--\r\n".encode()
    return half("PUT /chat/messages/late", "multipart/form-data; boundary=b", body, gateway, phone)


@asynccontextmanager
async def half(
    asked: str, kind: str, body: bytes, gateway: RunningGateway, phone: Phone
) -> AsyncIterator[HalfSent]:
    """A request of which all but the end was sent."""
    head = (
        f"{asked} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
        f"Cookie: {COOKIE}={phone.http.cookies[COOKIE]}\r\n"
        f"Content-Type: {kind}\r\nExpect: 100-continue\r\n\r\n"
    ).encode()
    url = httpx.URL(gateway.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(head)
    async with asyncio.timeout(WITHIN_S):  # the gateway asks for the body: it knows the session
        assert (await reader.readline()).startswith(b"HTTP/1.1 100")
        await reader.readline()
    writer.write(body[:_BEGUN_BYTES])
    try:
        yield HalfSent(reader, writer, body[_BEGUN_BYTES:])
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
    tmp_path: Path, revoked: bool, outcome: Note
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
    outcome(
        "An upload that is begun before `/revoke` and ended after it", "401; no file, no update"
    )


@pytest.mark.parametrize("revoked", [False, True])
async def test_a_press_that_ends_after_revoking_is_refused(
    tmp_path: Path, revoked: bool, outcome: Note
) -> None:
    with running_gateway(tmp_path) as gateway:
        async with phone_of(gateway) as phone:
            chat_id = await chat_of(phone, gateway)
            buttons = {"inline_keyboard": [[{"text": "Agree", "callback_data": "agree:1"}]]}
            sent = await call(
                gateway, "sendMessage", chat_id=chat_id, text="?", reply_markup=buttons
            )
            assert isinstance(sent, dict)
            body = json.dumps({"message_id": sent["message_id"], "data": "agree:1"}).encode()
            press = half("POST /chat/callbacks", "application/json", body, gateway, phone)
            async with press as pressing:
                if revoked:
                    await call(gateway, "edgeradSetAccess", chat_id=chat_id, is_member=False)
                status = 401 if revoked else 200
                assert (await pressing.end()).startswith(f"HTTP/1.1 {status}".encode())
        assert ("agree:1" in str(await call(gateway, "getUpdates"))) is not revoked
    outcome("A press of a button, begun before `/revoke` and ended after it", "401; no update")


async def test_an_upload_to_a_group_that_ends_after_its_sender_was_taken_out_is_refused(
    tmp_path: Path,
    outcome: Note,
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
    outcome("An upload to a group, ended after its sender was taken out", "404; no file")
