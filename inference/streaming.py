"""How an engine's reading reaches whoever waits for it: as events, by a task of its own.

Knows tasks and the contract's events. Must not know any engine.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from functools import wraps
from typing import ParamSpec

from inference.contract import Partial, ReadingEvent

P = ParamSpec("P")


def streamed(
    read: Callable[P, AsyncIterator[ReadingEvent]],
) -> Callable[P, AsyncGenerator[ReadingEvent, None]]:
    """Make an `Executor.read` of a generator, which then runs in a task of its own.

    So the generator may hold a timeout, a slot or a connection while it yields: only its own task
    enters and leaves them, and nothing that the consumer does between two events takes place
    within them. Closing what is returned cancels that task and waits for its end.
    """

    @wraps(read)
    async def events(*args: P.args, **kwargs: P.kwargs) -> AsyncGenerator[ReadingEvent, None]:
        unread: deque[ReadingEvent] = deque()
        changed = asyncio.Event()

        async def work() -> None:
            async for event in read(*args, **kwargs):
                if isinstance(event, Partial) and unread and isinstance(unread[-1], Partial):
                    unread.pop()  # the later text replaces it
                unread.append(event)
                changed.set()

        task = asyncio.create_task(work())  # noqa: TID251 - it never outlives this generator
        task.add_done_callback(lambda _: changed.set())
        try:
            while unread or not task.done():
                if unread:
                    yield unread.popleft()
                else:
                    changed.clear()
                    await changed.wait()
            await task  # raises what ended the reading
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)  # a second cancel reaches it too

    return events
