"""A phone's PIN in the store: how it is tried, how long it opens, and what the bot hears."""

import asyncio
from typing import Any

import pytest

from gateway.phone.stream import stream
from gateway.phone.turns import Turns
from gateway.store.people import SESSION_IDLE_S
from gateway.store.pins import OPEN_S, WAITS_S
from gateway.store.sessions import Session
from gateway.store.store import ChatStore
from tests.gateway_store import Time, joined

RIGHT, WRONG = b"right", b"wrong"
PASS = bytes(32)


@pytest.fixture
async def store(store: ChatStore) -> ChatStore:
    """A store whose bot asks to be told of sessions."""
    await store.updates.allow(["edgerad_session"])
    return store


async def session_with_pin(store: ChatStore) -> Session:
    await joined(store, token_sha256=b"token")
    session = await found(store)
    await store.sessions.put_pin(session, b"salt", RIGHT, PASS)
    return await found(store)


async def found(store: ChatStore) -> Session:
    session = await store.sessions.find(b"token")
    assert session is not None
    return session


async def heard(store: ChatStore) -> list[Any]:
    """What the bot is told, oldest first."""
    updates: list[Any] = await store.updates.pending(100)
    return [update["edgerad_session"]["event"] for update in updates]


async def test_wrong_tries_wait_longer_and_longer_and_then_the_session_ends(
    store: ChatStore, time: Time
) -> None:
    session = await session_with_pin(store)
    for left, wait_s in zip(range(len(WAITS_S), 0, -1), WAITS_S, strict=True):
        verdict = await store.sessions.try_pin(session, WRONG, PASS)
        assert (verdict.is_right, verdict.wait_s, verdict.tries_left) == (False, wait_s, left)
        time.now += wait_s
    assert [*WAITS_S] == sorted(WAITS_S)
    last = await store.sessions.try_pin(session, WRONG, PASS)
    assert (last.is_right, last.tries_left) == (False, 0)
    assert await store.sessions.find(b"token") is None
    wrong = ["pin_wrong"] * (len(WAITS_S) + 1)
    assert await heard(store) == ["pin_set", *wrong, "session_ended"]


async def test_no_try_counts_while_one_waits_not_even_the_right_one(
    store: ChatStore, time: Time
) -> None:
    session = await session_with_pin(store)
    tries = [store.sessions.try_pin(session, WRONG, PASS) for _ in range(20)]
    verdicts = await asyncio.gather(*tries)
    assert verdicts[-1].tries_left == len(WAITS_S) - 2
    assert not (await store.sessions.try_pin(session, RIGHT, PASS)).is_right
    time.now -= 10 * WAITS_S[-1]
    assert (await store.sessions.try_pin(session, RIGHT, PASS)).is_right, "the clock was set back"


async def test_the_right_pin_opens_the_chat_for_as_long_as_its_page_is_looked_at(
    store: ChatStore, time: Time
) -> None:
    session = await session_with_pin(store)
    time.now += OPEN_S
    assert not (await found(store)).is_open
    await store.sessions.try_pin(session, WRONG, PASS)
    assert (await store.sessions.try_pin(session, RIGHT, PASS)).is_right
    for _ in range(5):
        time.now += OPEN_S - 1
        assert (await found(store)).is_open
        await store.sessions.stay_open(session)
    time.now += OPEN_S
    await store.sessions.stay_open(session)
    assert not (await found(store)).is_open


async def test_a_tab_lets_the_page_in_again_for_as_long_as_it_was_looked_at(
    store: ChatStore, time: Time
) -> None:
    """As with a page in the background: five minutes after it was last in sight it asks."""
    session = await session_with_pin(store)
    time.now += OPEN_S - 1
    assert not await store.sessions.enter(session)
    await store.sessions.stay_open(session)
    assert not await store.sessions.try_pass(session, b"another tab's")
    assert await store.sessions.try_pass(session, PASS)
    assert await store.sessions.enter(session)
    assert (await found(store)).is_open
    time.now += 1
    assert not await store.sessions.try_pass(session, PASS)


async def test_the_page_is_opened_once_for_each_time_that_the_pin_was_given(
    store: ChatStore,
) -> None:
    session = await session_with_pin(store)
    await store.sessions.try_pin(session, RIGHT, PASS)
    assert await store.sessions.enter(session)
    assert (await found(store)).is_open
    assert not await store.sessions.enter(session)
    assert not (await found(store)).is_open


async def test_a_stream_tells_nothing_to_a_session_that_ended_before_it_listened(
    store: ChatStore,
) -> None:
    """A phone is revoked between the check of its cookie and the stream's first look."""
    person = await joined(store, token_sha256=b"token")
    session = await found(store)
    await store.joining.shut_out(person)
    async with asyncio.timeout(90):
        told = [piece async for piece in stream(store, session, None, Turns())]
    assert [piece.partition(":")[0] for piece in told] == ["retry"]


async def test_a_stream_does_not_outlive_a_session_that_expires(
    store: ChatStore, time: Time
) -> None:
    await joined(store, token_sha256=b"token")
    streaming = stream(store, await found(store), 0, Turns(), keep_alive_s=0.01)
    async with asyncio.timeout(90):
        while not (await anext(streaming)).startswith(": still here"):
            pass
        time.now += SESSION_IDLE_S
        assert [piece async for piece in streaming] == []


async def test_a_pin_that_was_removed_asks_for_nothing(store: ChatStore) -> None:
    session = await session_with_pin(store)
    await store.sessions.remove_pin(session)
    session = await found(store)
    assert (session.has_pin, session.is_open) == (False, True)
    assert await store.sessions.enter(session)
    assert await heard(store) == ["pin_set", "pin_removed"]


async def test_a_bot_that_does_not_ask_for_such_updates_gets_none(store: ChatStore) -> None:
    await store.updates.allow([])
    await session_with_pin(store)
    (start,) = await store.updates.pending(10)
    assert "message" in start
