"""A reading's stream: the engine's side runs in a task of its own, whatever the consumer does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from inference.contract import Partial, ReadingEvent, Scored, ScoredUrgency, Urgency
from inference.streaming import streamed

SCORED = Scored(score=ScoredUrgency(urgency=Urgency.URGENT, margin=1.0))
WITHIN_S = 10


@streamed
async def hasty() -> AsyncIterator[ReadingEvent]:
    """Say everything at once, then fail."""
    yield SCORED
    for text in ("a", "a b", "a b c"):
        yield Partial(text=text)
    raise LookupError


@streamed
async def timed(expired: asyncio.Event) -> AsyncIterator[ReadingEvent]:
    """Run out of time while its first event is being looked at."""
    try:
        async with asyncio.timeout(0):
            yield SCORED
            await asyncio.Event().wait()
    finally:
        expired.set()


@streamed
async def stubborn(cancelled: list[bool]) -> AsyncIterator[ReadingEvent]:
    """Take its time over its end, until it is cancelled again."""
    try:
        yield SCORED
        await asyncio.Event().wait()
    finally:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.append(True)


async def test_a_text_that_was_overtaken_is_left_out_and_all_else_comes_before_the_error() -> None:
    events = hasty()
    assert await anext(events) == SCORED
    assert await anext(events) == Partial(text="a b c")
    with pytest.raises(LookupError):
        await anext(events)


async def test_a_limit_within_the_reading_never_hits_the_consumer() -> None:
    """A plain generator's limit cancels whoever holds its event at that moment."""
    expired = asyncio.Event()
    async with aclosing(timed(expired)) as events, asyncio.timeout(WITHIN_S):
        assert await anext(events) is SCORED
        await expired.wait()
        with pytest.raises(TimeoutError):
            await anext(events)


async def test_a_stream_that_is_never_begun_runs_nothing() -> None:
    expired = asyncio.Event()
    await timed(expired).aclose()
    assert not expired.is_set()


async def test_a_consumer_cancelled_twice_waits_for_the_end_no_longer() -> None:
    cancelled: list[bool] = []
    begun = asyncio.Event()

    async def consume() -> None:
        async with aclosing(stubborn(cancelled)) as events:
            async for _ in events:
                begun.set()

    async with asyncio.timeout(WITHIN_S), asyncio.TaskGroup() as tasks:
        consuming = tasks.create_task(consume())
        await begun.wait()
        for _ in range(2):
            consuming.cancel()
            for _ in range(5):  # turns of the loop, for what is cancelled to notice
                await asyncio.sleep(0)
    assert consuming.cancelled()
    assert cancelled == [True]


async def test_a_dropped_stream_ends_its_task_when_it_is_finalised() -> None:
    expired = asyncio.Event()

    @streamed
    async def endless() -> AsyncIterator[ReadingEvent]:
        try:
            yield SCORED
            await asyncio.Event().wait()
        finally:
            expired.set()

    async for _ in endless():
        break
    async with asyncio.timeout(WITHIN_S):
        await expired.wait()
