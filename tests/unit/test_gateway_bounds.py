"""The bounds of what strangers may do: attempts to join, bodies, silent connections."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import pytest
from starlette.types import Message, Receive, Scope, Send

from gateway import server
from gateway.bodies import BodyLimits
from gateway.errors import GatewayError, RequestTimeout, TooLarge, TooManyRequests
from gateway.phone.attempts import ATTEMPTS_MAX, TOTAL_MAX, WINDOW_S, Attempts
from tests.gateway_store import Time


def test_attempts_are_capped_in_a_sliding_window_for_each_address() -> None:
    time = Time()
    attempts = Attempts(time)
    for _ in range(ATTEMPTS_MAX):
        attempts.count("10.0.0.5")
    with pytest.raises(TooManyRequests, match="try again in 11 minutes") as caught:
        attempts.count("10.0.0.5")
    attempts.count("10.0.0.6")
    time.now += caught.value.retry_after_s
    attempts.count("10.0.0.5")


def test_attempts_are_capped_in_total_too() -> None:
    attempts = Attempts(Time())
    for number in range(TOTAL_MAX):
        attempts.count(f"10.0.{number // 250}.{number % 250}")
    with pytest.raises(TooManyRequests):
        attempts.count("10.1.0.1")


def test_a_flood_of_addresses_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.phone.attempts.ADDRESSES_MAX", 3)
    attempts = Attempts(Time())
    for number in range(10):
        attempts.count(f"10.0.0.{number}")
    assert len(attempts._by_address) == 3
    assert WINDOW_S > 0


async def read(
    app_limits: Callable[[Callable[..., Awaitable[None]]], BodyLimits],
    receive: Receive,
    headers: list[tuple[bytes, bytes]],
) -> GatewayError | bytes:
    """Read a body through the limits."""
    result: GatewayError | bytes = b""

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        nonlocal result
        body = b""
        try:
            while True:
                message = await receive()
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    break
        except GatewayError as error:
            result = error
        else:
            result = body

    async def send(_message: Message) -> None:
        raise AssertionError("nothing is sent")

    await app_limits(app)({"type": "http", "headers": headers}, receive, send)
    return result


def pieces(*bodies: bytes) -> Receive:
    left = list(bodies)

    async def receive() -> Message:
        body = left.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(left)}

    return receive


async def never() -> Message:
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


async def gone() -> Message:
    return {"type": "http.disconnect"}


async def test_a_body_is_read_up_to_its_bound_and_no_further() -> None:
    def limits(app: Callable[..., Awaitable[None]]) -> BodyLimits:
        return BodyLimits(app, 4)

    assert await read(limits, pieces(b"ab", b"cd"), []) == b"abcd"
    assert isinstance(await read(limits, pieces(b"ab", b"cde"), []), TooLarge)
    announced = [(b"content-length", b"5")]
    assert isinstance(await read(limits, never, announced), TooLarge)


@pytest.mark.parametrize(("idle_s", "whole_s"), [(0.0, 9.0), (9.0, 0.0)])
async def test_a_body_that_does_not_come_is_given_up(idle_s: float, whole_s: float) -> None:
    def limits(app: Callable[..., Awaitable[None]]) -> BodyLimits:
        return BodyLimits(app, 4, idle_s=idle_s, whole_s=whole_s)

    assert isinstance(await read(limits, never, []), RequestTimeout)


async def test_a_phone_that_goes_half_way_leaves_no_body() -> None:
    assert isinstance(await read(lambda app: BodyLimits(app, 4), gone, []), RequestTimeout)


async def test_who_connects_and_asks_for_nothing_is_hung_up_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise AssertionError("nobody asked")

    monkeypatch.setattr(server, "HEAD_S", 0.01)
    listening = server.listen("127.0.0.1", 0)
    serving = server.make_server(app, graceful_s=1)
    async with asyncio.TaskGroup() as group, asyncio.timeout(10):
        group.create_task(serving.serve(sockets=[listening]))
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        writer.write(b"GET / HT")
        with contextlib.suppress(ConnectionError):  # where the bytes came as it hung up
            assert await reader.read() == b""
        writer.close()
        serving.should_exit = True
