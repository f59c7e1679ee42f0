"""Who waits for what to happen, and how they are woken.

Knows listeners in this process. A ring says only "look again": what happened is in the database, so
a listener that was away misses nothing. Fleeting events (typing, an answer to a button) are the
exception: they are given to who listens now and kept for nobody.
"""

import asyncio
import contextlib
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from gateway.schemas.objects import JsonObject
from gateway.schemas.records import ChatId

Topic = ChatId | Literal["updates", "board"]
FLEETING_MAX = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleeting:
    """An event that matters only now."""

    kind: str
    body: JsonObject


class Listener:
    """One who waits on a topic; `ended` once it shall wait no longer."""

    def __init__(self) -> None:
        self.ended = False
        self.fleeting: deque[Fleeting] = deque(maxlen=FLEETING_MAX)
        self._rung = asyncio.Event()

    def end(self) -> None:
        """Let it go."""
        self.ended = True
        self.wake()

    def wake(self) -> None:
        """Make the wait, or the next one, end."""
        self._rung.set()

    async def wait(self, timeout_s: float) -> bool:
        """Wait until woken since the last wait ended, at most `timeout_s` seconds.

        Returns:
            False if nothing woke it.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._rung.wait()
        woken = self._rung.is_set()
        self._rung.clear()
        return woken


class Bells:
    """All listeners of this process; used from the event loop only."""

    def __init__(self) -> None:
        self.closed = False
        self._listeners: defaultdict[Topic, dict[Listener, None]] = defaultdict(dict)

    @contextlib.contextmanager
    def listen(self, topic: Topic, most: int | None = None) -> Iterator[Listener]:
        """Listen to a topic for as long as the block lasts.

        Args:
            topic: What is listened to.
            most: How many may listen to it; the oldest is let go for one more.
        """
        listener = Listener()
        listening = self._listeners[topic]
        listening[listener] = None
        if most is not None and len(listening) > most:
            oldest = next(iter(listening))
            del listening[oldest]
            oldest.end()
        try:
            yield listener
        finally:
            listening.pop(listener, None)
            if not self._listeners[topic]:
                del self._listeners[topic]

    def ring(self, topics: Iterable[Topic]) -> None:
        """Wake who listens to any of these topics."""
        for topic in topics:
            for listener in self._listeners.get(topic, ()):
                listener.wake()

    def end(self, topic: Topic) -> None:
        """Let all go who wait on a topic."""
        for listener in self._listeners.get(topic, ()):
            listener.end()

    def tell(self, chat_id: ChatId, event: Fleeting) -> None:
        """Give a fleeting event to who listens to a chat now."""
        for listener in self._listeners.get(chat_id, ()):
            listener.fleeting.append(event)
            listener.wake()

    def tell_all(self, event: Fleeting) -> None:
        """Give a fleeting event to every chat that listens now."""
        for topic in tuple(self._listeners):
            if isinstance(topic, int):
                self.tell(topic, event)

    def close(self) -> None:
        """Let every listener go: the server is about to stop."""
        self.closed = True
        self.ring(tuple(self._listeners))
