"""Several chats served at once, each chat's work in order.

Knows chats and how to wait. Must not know what the work is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from typing import Protocol, TypeVar

from machine.clock import Clock
from storage.signals import Listener

IDLE_WAIT_S = 30.0
"""Longest wait for work: a signal or a due time ends it earlier."""


class Job(Protocol):
    """A piece of work that belongs to a chat."""

    @property
    def chat_id(self) -> int:
        """The chat; one job of a chat runs at a time."""
        ...


J = TypeVar("J", bound=Job)


class ChatWorkers:
    """Runs jobs, at most `width` at once and one for each chat.

    Args:
        listener: Hears that there may be work.
    """

    def __init__(self, width: int, clock: Clock, listener: Listener) -> None:
        self._free = asyncio.Semaphore(width)
        self._busy: set[int] = set()
        self._clock = clock
        self._listener = listener

    async def run(
        self,
        take: Callable[[Collection[int]], Awaitable[J | None]],
        work: Callable[[J], Awaitable[None]],
        next_at: Callable[[Collection[int]], Awaitable[datetime | None]],
    ) -> None:
        """Run jobs for ever.

        Args:
            take: Gives the next job that is outside the busy chats, None if there is none now.
            work: Does a job; what it raises ends the loop.
            next_at: When work that is put off falls due, outside the busy chats.
        """
        async with asyncio.TaskGroup() as group:
            while True:
                await self._free.acquire()
                busy = frozenset(self._busy)
                job = await take(busy)
                if job is None:
                    self._free.release()
                    await self._listener.wait(self._wait_s(await next_at(busy)))
                    continue
                self._busy.add(job.chat_id)
                group.create_task(self._serve(job, work))

    async def _serve(self, job: J, work: Callable[[J], Awaitable[None]]) -> None:
        try:
            await work(job)
        finally:
            self._busy.discard(job.chat_id)
            self._free.release()
            self._listener.wake()

    def _wait_s(self, due: datetime | None) -> float:
        if due is None:
            return IDLE_WAIT_S
        return min(IDLE_WAIT_S, max(0.0, (due - self._clock.now()).total_seconds()))
