"""Slow and hostile clients hold nothing that others need."""

import asyncio
import contextlib
import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from gateway import bodies, server
from gateway.phone import stream
from tests.gateway_world import (
    RunningGateway,
    bot_of,
    chat_of,
    phone_of,
    running_gateway,
)


@contextlib.asynccontextmanager
async def connected(
    gateway: RunningGateway, *, as_bot: bool = False
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    url = httpx.URL(gateway.bot_url if as_bot else gateway.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def test_a_second_head_that_never_ends_is_hung_up_on(
    gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with asyncio.timeout(90), connected(gateway) as (reader, writer):
        writer.write(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        await reader.readuntil(b"}")
        monkeypatch.setattr(server, "HEAD_S", 0.2)
        writer.write(b"GET /health HTTP/1.1\r\nX-Slow: ")
        assert await reader.read() == b""


async def test_a_connection_that_is_kept_outlives_the_time_for_a_head(
    gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "HEAD_S", 0.7)  # more than it takes to begin with the first
    async with asyncio.timeout(90), connected(gateway) as (reader, writer):
        for _ in range(3):
            writer.write(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 200")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.8):
                    assert await reader.read(1) == b"x", "hung up on"


async def test_slow_clients_delay_nobody(
    gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred that dribble a head, a body, or do not read what they asked for."""
    head = f"POST /bot{gateway.token}/sendMessage HTTP/1.1\r\nHost: localhost\r\n".encode()
    starts = [b"GET / HT", head + b"Content-Length: 900\r\n\r\nchat", b"GET / HTTP/1.1\r\n"]
    async with contextlib.AsyncExitStack() as stack, asyncio.timeout(90):
        for number in range(99):
            as_bot = number % 3 == 1
            _, writer = await stack.enter_async_context(connected(gateway, as_bot=as_bot))
            writer.write(starts[number % 3])
        async with phone_of(gateway) as phone, bot_of(gateway) as bot:
            sent = await bot.send_message(await chat_of(phone, gateway), "nobody waits")
            assert (await phone.messages())[-1]["message_id"] == sent.message_id


async def test_a_body_that_stops_coming_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies.BodyLimits.__init__, "__defaults__", (0.1, 5.0))
    with running_gateway(tmp_path) as gateway:
        head = f"POST /bot{gateway.token}/sendMessage HTTP/1.1\r\nHost: localhost\r\n".encode()
        async with asyncio.timeout(90), connected(gateway, as_bot=True) as (reader, writer):
            writer.write(head + b"Content-Type: application/json\r\nContent-Length: 90\r\n\r\n{")
            assert (await reader.readline()).startswith(b"HTTP/1.1 408")


async def test_one_address_holds_only_so_many_connections(
    gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "CONNECTIONS_PER_ADDRESS_MAX", 3)
    monkeypatch.setattr(server, "is_trusted", lambda _host: False)
    async with contextlib.AsyncExitStack() as stack, asyncio.timeout(90):
        for _ in range(3):
            await stack.enter_async_context(connected(gateway))
        reader, _ = await stack.enter_async_context(connected(gateway))
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""


async def test_one_person_holds_only_so_many_event_streams(
    gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "STREAMS_MAX", 2)
    async with phone_of(gateway) as phone, contextlib.AsyncExitStack() as stack:
        streams = []
        for _ in range(3):
            answer = await stack.enter_async_context(phone.http.stream("GET", "/chat/events"))
            lines = answer.aiter_lines()
            assert (await anext(lines)).startswith("retry")
            streams.append(lines)
        async with asyncio.timeout(90):
            assert [line async for line in streams[0]] != ["never ends"]


async def test_too_many_parts_are_refused(gateway: RunningGateway) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        files = [(f"f{n}", (f"{n}.txt", b"x")) for n in range(30)]
        answer = await http.post(gateway.api("sendMediaGroup"), files=files)
    assert answer.json()["description"] == "Bad Request: can't parse the request's form"


async def test_a_query_holds_the_longest_text(gateway: RunningGateway) -> None:
    async with phone_of(gateway) as phone, httpx.AsyncClient(trust_env=False) as http:
        query = {"chat_id": str(await chat_of(phone, gateway)), "text": "𝄞" * 4096}
        answer = await http.post(gateway.api("sendMessage"), params=query)
    assert answer.json()["result"]["text"] == "𝄞" * 4096


async def test_a_head_without_end_is_refused(gateway: RunningGateway) -> None:
    async with asyncio.timeout(90), connected(gateway) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nX-Long: " + b"x" * 200_000)
        assert (await reader.readline()).startswith(b"HTTP/1.1 400")


async def test_text_for_phones_is_compressed_and_events_are_not(gateway: RunningGateway) -> None:
    async with phone_of(gateway) as phone:
        raw = phone.http.build_request(
            "GET", "/static/chat.js", headers={"Accept-Encoding": "gzip"}
        )
        answer = await phone.http.send(raw, stream=True)
        packed = b"".join([piece async for piece in answer.aiter_raw()])
        assert answer.headers["content-encoding"] == "gzip"
        assert len(packed) < len(gzip.decompress(packed)) / 2
        async with phone.http.stream("GET", "/chat/events") as events:
            assert "content-encoding" not in events.headers


async def test_flood_control_answers_429_with_the_time_to_wait(tmp_path: Path) -> None:
    with running_gateway(tmp_path, gateway_flood_control=True) as gateway:
        async with phone_of(gateway) as phone, httpx.AsyncClient(trust_env=False) as http:
            body = {"chat_id": await chat_of(phone, gateway), "text": "again"}
            answers = [await http.post(gateway.api("sendMessage"), json=body) for _ in range(9)]
    refused = next(answer for answer in answers if answer.status_code == 429)
    wait_s = refused.json()["parameters"]["retry_after"]
    assert refused.headers["retry-after"] == str(wait_s)
    assert refused.json()["description"] == f"Too Many Requests: retry after {wait_s}"
