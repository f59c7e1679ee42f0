"""Several chats at once, each chat's work in order, and no more at once than allowed."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from bot.chat_workers import ChatWorkers
from storage.signals import Listener
from tests.bot_world import FakeClock


@dataclass
class Task:
    chat_id: int
    name: str


@dataclass
class Work:
    """Jobs that wait until they are let go; notes which ran together."""

    jobs: list[Task]
    begun: list[str] = field(default_factory=list)
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    something_begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, busy: Collection[int]) -> Task | None:
        for job in self.jobs:
            if job.chat_id not in busy:
                self.jobs.remove(job)
                return job
        return None

    async def run(self, job: Task) -> None:
        self.begun.append(job.name)
        self.something_begun.set()
        await self.gates.setdefault(job.name, asyncio.Event()).wait()

    async def next_at(self, busy: Collection[int]) -> datetime | None:
        return None

    async def until_begun(self, *names: str) -> None:
        """Wait until exactly these have begun, in this order."""
        async with asyncio.timeout(90):
            while self.begun != list(names):
                self.something_begun.clear()
                await self.something_begun.wait()

    def finish(self, name: str) -> None:
        self.gates.setdefault(name, asyncio.Event()).set()


async def test_a_chat_is_served_in_order_and_others_beside_it_up_to_the_width() -> None:
    work = Work([Task(1, "1a"), Task(1, "1b"), Task(2, "2a"), Task(3, "3a")])
    workers = ChatWorkers(2, FakeClock(), Listener())
    running = asyncio.get_running_loop().create_task(workers.run(work.take, work.run, work.next_at))
    await work.until_begun("1a", "2a")
    work.finish("2a")
    await work.until_begun("1a", "2a", "3a")
    work.finish("1a")
    await work.until_begun("1a", "2a", "3a", "1b")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_signal_wakes_the_waiting_loop() -> None:
    work, listener = Work([]), Listener()
    running = asyncio.get_running_loop().create_task(
        ChatWorkers(2, FakeClock(), listener).run(work.take, work.run, work.next_at)
    )
    await asyncio.sleep(0)
    work.jobs.append(Task(1, "late"))
    listener.wake()
    await work.until_begun("late")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_signal_before_the_wait_is_not_lost() -> None:
    listener = Listener()
    listener.wake()
    assert await listener.wait(60)
