"""Readings made by an executor, taken to their end."""

import asyncio
from contextlib import aclosing

from inference.contract import Executor, Partial, Reading, ReadingEvent, ReadRequest


async def events_of(
    executor: Executor, request: ReadRequest, *, begun: asyncio.Event | None = None
) -> list[ReadingEvent]:
    """All events of a reading; `begun` is set at the first."""
    events = []
    async with aclosing(executor.read(request)) as stream:
        async for event in stream:
            events.append(event)
            if begun is not None:
                begun.set()
    return events


async def read(
    executor: Executor, request: ReadRequest, *, begun: asyncio.Event | None = None
) -> Reading:
    """What a reading ends with; `begun` is set at its first event."""
    *_, last = await events_of(executor, request, begun=begun)
    assert isinstance(last, Reading)
    return last


def texts(events: list[ReadingEvent]) -> list[str]:
    """The growing text."""
    return [event.text for event in events if isinstance(event, Partial)]
