"""Shows readings in progress: the growing text, and the queue positions of those who wait.

Both are edits of the "received" messages, and best effort: no reading fails because of them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from bot.domain.ids import ChatId, MessageId, ReadingId
from bot.domain.messages import Mark, Reply
from bot.locale import translator
from bot.replies import queue, reading
from bot.store import Store
from bot.store.claims import Claim
from bot.store.queue_position import Waiting
from inference.contract import EngineState, Executor, Looked, ScoredUrgency
from machine.tracebacks import traceback_without_messages

FIRST_PROGRESS_S = 0.8
"""Faster readings show no progress: the answer arrives before anybody could read it."""
PROGRESS_S = 2.0
PLACES_SHOWN = 10

log = logging.getLogger(__name__)

Show = Callable[[ChatId, MessageId, Reply], Awaitable[None]]
"""Edits a message, best effort: progress that fails to show is not shown."""

MarkAsked = Callable[[ChatId, MessageId, Mark | None], Awaitable[None]]
"""Puts a mark on what was asked, or takes it off, best effort."""

Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class Growth:
    """A reading in progress: its scored urgency, then its text.

    Attributes:
        scores: Every score, for whoever raises alarms.
    """

    text: str = ""
    score: ScoredUrgency | None = None
    looked: Looked | None = None
    scores: asyncio.Queue[ScoredUrgency] = field(default_factory=asyncio.Queue)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def add_score(self, score: ScoredUrgency) -> None:
        """Note its urgency."""
        self.score = score
        self.scores.put_nowait(score)
        self._changed.set()

    def add_looked(self, looked: Looked) -> None:
        """Note how many slices were looked at."""
        self.looked = looked
        self._changed.set()

    def add_text(self, text: str) -> None:
        """Note the whole text so far."""
        self.text = text
        self._changed.set()

    async def wait(self) -> None:
        """Wait until something was noted since the last wait."""
        await self._changed.wait()
        self._changed.clear()


class Progress:
    """Shows readings as they are made.

    Args:
        store: Where the "received" messages are found.
        executor: Asked who reads.
        show: Edits a message.
        mark: Marks what was asked.
        sleep: Waits so many seconds.
    """

    def __init__(
        self, *, store: Store, executor: Executor, show: Show, mark: MarkAsked, sleep: Sleep
    ) -> None:
        self._store = store
        self._executor = executor
        self._show = show
        self._mark = mark
        self._sleep = sleep

    async def show(self, claim: Claim, growth: Growth) -> None:
        """Show how a reading grows, until cancelled."""
        try:
            await self._show_growth(claim, growth)
        except Exception as error:  # noqa: BLE001 - no reading fails for want of its progress
            log.warning("%s shows no progress: %s", claim.name, traceback_without_messages(error))

    async def _show_growth(self, claim: Claim, growth: Growth) -> None:
        await self._sleep(FIRST_PROGRESS_S)
        while self._executor.status().state is not EngineState.READY:
            await self._sleep(PROGRESS_S)  # the model is not loaded, and may never be
        await self._mark(claim.chat_id, claim.message_id, Mark.READING)
        t = translator(claim.language)
        typical_s = await self._store.queue_positions.typical_s()
        begun = queue.reading_begun(claim.case, claim.reading_id, typical_s, t)
        await self._show_received(claim, begun)
        await self._show_places()
        while True:
            await growth.wait()
            engine = self._executor.status().engine
            if growth.looked is not None and growth.score is None and not growth.text:
                looking = queue.slices_looked_at(claim.case, growth.looked, begun.buttons, t)
                await self._show_received(claim, looking)
                await self._sleep(PROGRESS_S)
                continue
            grown = reading.growing(claim.case, growth.text, growth.score, engine, t)
            await self._show_received(claim, replace(grown, buttons=begun.buttons))
            await self._sleep(PROGRESS_S)

    async def _show_received(self, claim: Claim, reply: Reply) -> None:
        message_id = await self._store.claims.received_message(claim)
        if message_id is not None:
            await self._show(claim.chat_id, message_id, reply)

    async def _show_places(self) -> None:
        """Show senders their queue positions, looked up one by one: a case may be taken back."""
        last: ReadingId | None = None
        for _ in range(PLACES_SHOWN):
            waiting = await self._store.queue_positions.next_waiting(last)
            if waiting is None:
                return
            await self._show(waiting.chat_id, waiting.received_id, _place(waiting))
            last = waiting.reading_id


def _place(waiting: Waiting) -> Reply:
    t = translator(waiting.language)
    if waiting.compared_with is not None:
        prior = waiting.compared_with
        return queue.received_comparison(waiting.reading_id, waiting.case, prior, waiting.place, t)
    if waiting.is_question:
        return queue.received_question(waiting.reading_id, waiting.case, waiting.place, t)
    return queue.received(waiting.case, waiting.place, t)
