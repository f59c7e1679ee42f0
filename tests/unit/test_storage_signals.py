"""Signals to listeners in one process."""

import asyncio

from storage.signals import Listener, Signals


async def test_a_signal_that_comes_as_the_time_is_up_is_not_lost() -> None:
    listener = Listener()
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(listener.wait(0))
        await asyncio.sleep(0)  # its time is up in the next turn of the loop
        listener.wake()
    assert waiting.result()


async def test_a_signal_whose_wait_is_cancelled_ends_the_next_wait() -> None:
    listener = Listener()
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(listener.wait(60))
        await asyncio.sleep(0)
        listener.wake()
        waiting.cancel()
    assert await listener.wait(0)


async def test_whoever_listens_no_longer_is_not_woken() -> None:
    signals = Signals()
    with signals.listen("films") as gone:
        pass
    signals.send(["films"])
    assert not await gone.wait(0)
