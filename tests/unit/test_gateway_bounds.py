"""The bounds of what strangers may do: attempts to join, bodies, silent connections."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import pytest
from starlette.types import Message, Receive, Scope, Send

from gateway import server
from gateway.bodies import BodyLimits
from gateway.errors import GatewayError, RequestTimeout, TooLarge, TooManyRequests
from gateway.phone.rates import ALL_JOINS_AT_ONCE, Rate, Rates
from tests.gateway_store import Time


def test_an_allowance_is_used_up_for_its_own_key_and_comes_back_with_time() -> None:
    time = Time()
    rate = Rate(time, at_once=3, every_s=10)
    for _ in range(3):
        rate.take("10.0.0.5")
    with pytest.raises(TooManyRequests, match="try again in 1 minute\\.") as caught:
        rate.take("10.0.0.5")
    assert caught.value.retry_after_s == 10
    rate.take("10.0.0.6", 3)
    time.now += 10
    rate.take("10.0.0.5")
    with pytest.raises(TooManyRequests):
        rate.take("10.0.0.5")
    time.now += 1000
    rate.take("10.0.0.5", 3)
    rate.give_back("10.0.0.5", 2)
    rate.take("10.0.0.5", 2)
    with pytest.raises(TooManyRequests):
        rate.take("10.0.0.5")


def test_an_allowance_goes_on_as_it_was_stored_unless_the_clock_was_set() -> None:
    """A machine that forgot the time in a power cut would take no picture for years."""
    time = Time()
    rate = Rate(time, at_once=3, every_s=10)
    assert rate.take("kept", 1, full_in_s=20) == 30
    with pytest.raises(TooManyRequests):
        rate.take("kept")
    for key, full_in_s in (("set back", 10**9), ("set ahead", -(10**9))):
        assert rate.take(key, 3, full_in_s=full_in_s) == 30
    time.now += 25
    assert rate.take("kept", 2, full_in_s=0) == 25, "what is known here counts"


def test_trying_to_join_is_capped_for_all_addresses_together() -> None:
    rates = Rates(Time(), 1)
    for number in range(ALL_JOINS_AT_ONCE):
        rates.join(f"10.0.{number // 250}.{number % 250}")
    with pytest.raises(TooManyRequests):
        rates.join("10.1.0.1")


def test_a_flood_of_addresses_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.phone.rates._KEYS_MAX", 3)
    rate = Rate(Time(), 5, 1)
    for number in range(10):
        rate.take(f"10.0.0.{number}")
    assert len(rate._full_at) == 3


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
    async with asyncio.TaskGroup() as group, asyncio.timeout(90):
        group.create_task(serving.serve(sockets=[listening]))
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        writer.write(b"GET / HT")
        with contextlib.suppress(ConnectionError):  # where the bytes came as it hung up
            assert await reader.read() == b""
        writer.close()
        serving.should_exit = True
