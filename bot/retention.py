"""What is deleted for good: by age, as the clinic's settings say, and a patient whom it forgets.

Knows the order: what goes is written down, the chats forget it, then the store does, then the files
go. Cut off anywhere, it is finished later. Must not know how chats are told: `bot.app` has the
gateway told, the command line works on the gateway's own store.
"""

import asyncio
import logging
import shutil
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from telegram.error import TelegramError

from bot.domain.retention import ChatDeletion, Retention
from bot.errors import ClockJumped
from bot.store import Store
from bot.store.deletion import PendingDeletion, Scope
from bot.store.expiry import Expired
from bot.store.topics import Topic
from machine.clock import Clock
from storage.database import DiskFault
from storage.leftovers import leftovers_older_than

CHOSEN_AT_ONCE = 10_000
FORGOTTEN_AT_ONCE = 200
"""The gateway looks through all its messages for each so many cases; with more it stops for longer
at each message."""
ERASED_AT_ONCE = 50
"""Cases are opened between two such transactions, which take about a tenth of a second."""
SWEEP_EVERY = timedelta(days=1)
LOOK_AGAIN_S = 3600.0

Forget = Callable[[ChatDeletion], Awaitable[object]]
"""Has the chats forget; must not return before they have."""

log = logging.getLogger(__name__)


class Deleter:
    """Deletes what is to go.

    Args:
        store: The bot's.
        home: The data folder, in which restores moved things aside.
        clock: Tells how old things are.
        forget: Has the chats forget.
    """

    def __init__(self, *, store: Store, home: Path, clock: Clock, forget: Forget) -> None:
        self._store = store
        self._home = home
        self._clock = clock
        self._forget = forget

    async def work(self, retention: Retention) -> None:
        """Delete what is to go, for ever: by age once a day, a patient at once.

        Args:
            retention: How long things are kept.
        """
        swept_at: datetime | None = None
        with self._store.signals.listen(Topic.DELETIONS) as deletions:
            while True:
                now = self._clock.now()
                try:
                    await self.finish()
                    if swept_at is None or not timedelta(0) <= now - swept_at < SWEEP_EVERY:
                        await self.sweep(retention)
                        swept_at = now
                except ClockJumped as jumped:
                    log.warning("%s", jumped)
                except (TelegramError, DiskFault, OSError) as error:
                    log.warning(
                        "Not everything was deleted; it is tried again later: %s",
                        type(error).__name__,
                    )
                await deletions.wait(LOOK_AGAIN_S)

    async def sweep(self, retention: Retention, *, vouched: bool = False) -> tuple[Expired, ...]:
        """Delete what is older than it is kept.

        Args:
            retention: How long things are kept.
            vouched: Whether somebody at the machine says that its clock is right.

        Returns:
            The cases that went, oldest first.

        Raises:
            ClockJumped: Nobody vouches for a clock that went on by more than a month.
        """
        now = self._clock.now()  # one for the whole sweep: the clock may jump once it was looked at
        if vouched:
            await self._store.expiry.believe(now)
        elif await self._store.expiry.has_jumped(now) and not retention.is_off:
            raise ClockJumped
        if retention.is_off:
            return ()
        await self.finish()
        gone: list[Expired] = []
        while some := await self._store.expiry.mark_expired_for_deletion(
            retention, now, CHOSEN_AT_ONCE
        ):
            await self.finish()
            gone += some
        await self._forget(forgetting_by_age(retention, now))
        for folder in old_leftovers(self._home, retention, now):
            await asyncio.to_thread(shutil.rmtree, folder)
        return tuple(gone)

    async def finish(self) -> None:
        """Delete all that was chosen, now or before a crash."""
        while pending_deletions := await self._store.deletion.pending_deletions(FORGOTTEN_AT_ONCE):
            await self._forget(_forgetting(pending_deletions))
            for start in range(0, len(pending_deletions), ERASED_AT_ONCE):
                await self._erase(pending_deletions[start : start + ERASED_AT_ONCE])
        await self._store.deletion.settle()

    async def _erase(self, pending_deletions: Sequence[PendingDeletion]) -> None:
        for name in await self._store.deletion.erase(pending_deletions):
            await self._store.pictures.remove(name)


def forgetting_by_age(retention: Retention, now: datetime) -> ChatDeletion:
    """Which messages are older than they are kept, whatever they are about."""
    return ChatDeletion(
        before=None if retention.cases is None else now - retention.cases,
        files_before=None if retention.pictures is None else now - retention.pictures,
    )


def old_leftovers(home: Path, retention: Retention, now: datetime) -> tuple[Path, ...]:
    """Folders into which restores moved data so long ago that every case in them is too old."""
    return (
        () if retention.cases is None else tuple(leftovers_older_than(home, now - retention.cases))
    )


def _forgetting(pending_deletions: Sequence[PendingDeletion]) -> ChatDeletion:
    """What the chats hold of cases of one scope."""
    scope = pending_deletions[0].scope
    return ChatDeletion(
        messages=tuple(message for each in pending_deletions for message in each.messages),
        words=tuple(each.code for each in pending_deletions),
        files_only=scope is Scope.PICTURES,
        asked_since=min(each.created_at for each in pending_deletions)
        if scope is Scope.FORGOTTEN
        else None,
    )
