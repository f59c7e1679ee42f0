"""The alarm loop: calls out again, louder, what nobody has taken.

Knows when a call is due, and what to make of a clock that was set. Each call is a row with a due
time, so a restart goes on where it was. Must not know how a reading is made, nor how one is sent.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot import texting
from bot.domain.alarms import SENDER_IS_TOLD_AT, Alarm, CallWaits
from bot.domain.messages import About, MessageRole, Outgoing
from bot.domain.people import Person
from bot.locale import translator
from bot.replies import alarms
from bot.store import Store
from bot.store.topics import Topic
from machine.clock import Clock
from machine.tracebacks import traceback_without_messages
from storage.database import DiskFault

LOOK_S = 10.0
"""How long a clock that was set may go unnoticed."""
JUMP = timedelta(seconds=30)
"""A clock that runs ahead of or behind the machine's own seconds by more than this was set."""

log = logging.getLogger(__name__)


class AlarmCaller:
    """Calls alarms out again.

    Args:
        clock: The time of day, which somebody may set.
        steady_s: Seconds that nobody sets, and that go on while the machine sleeps.
    """

    def __init__(
        self, *, store: Store, clock: Clock, waits: CallWaits, steady_s: Callable[[], float]
    ) -> None:
        self._store = store
        self._clock = clock
        self._waits = waits
        self._steady_s = steady_s
        self._seen = clock.now(), steady_s()

    async def work(self) -> None:
        """Call out what is due, for ever."""
        await self.begin()
        with self._store.signals.listen(Topic.ALARMS) as listener:
            while True:
                try:
                    idle_s = await self._idle_s() if await self.call_due() else LOOK_S
                except DiskFault as fault:
                    log.warning("No alarm could be called: %s", type(fault).__name__)
                    idle_s = LOOK_S
                await listener.wait(idle_s)

    async def begin(self) -> None:
        """Let no call wait longer than it would anew: the clock may have gone back meanwhile.

        Supervisors hear of urgent cases that an earlier release raised no alarm for.
        """
        await self._store.alarms.move(timedelta(0), self._clock.now(), self._waits)
        unheard = await self._store.alarms.tell_of_unheard(_unheard)
        if unheard:
            log.warning("%d urgent cases had no alarm and nobody's sign-off", unheard)

    async def call_due(self) -> bool:
        """Call out once more each alarm whose call is due by a clock that did not jump.

        Returns:
            False if one could not be called: it is still due.
        """
        now, all_called = await self._heed_the_clock(), True
        for alarm in await self._store.alarms.due(now):
            try:
                await self._call_again(alarm, now)
            except Exception as error:  # noqa: BLE001 - whatever one does, the next one is called
                _log_failure(alarm, error)
                all_called = False
        return all_called

    async def _call_again(self, alarm: Alarm, now: datetime) -> None:
        wait = self._waits.after(alarm.calls + 1, alarm.urgency)
        if await self._store.alarms.call(alarm, await self._call(alarm, now), now, wait):
            log.warning("%s was called again (%d)", alarm.case.code, alarm.calls + 1)

    async def _heed_the_clock(self) -> datetime:
        """Move the calls with a clock that was set: what was left of their waits is left still."""
        now, steady_s = self._clock.now(), self._steady_s()
        seen, seen_s = self._seen
        jumped = (now - seen) - timedelta(seconds=steady_s - seen_s)
        if abs(jumped) > JUMP:
            log.warning("The clock was set by %s: calls move with it", jumped)
            await self._store.alarms.move(jumped, now, self._waits)
        self._seen = now, steady_s
        return now

    async def _call(self, alarm: Alarm, now: datetime) -> list[Outgoing]:
        case, number = alarm.case, alarm.calls + 1
        about = About(reading_id=case.reading_id, role=MessageRole.ALARM)
        key = f"alarm:{case.case_id}:{alarm.round}:{number}"
        messages = [
            Outgoing(
                key=f"{key}:{person.user_id}",
                chat_id=person.chat_id,
                reply=alarms.called_again(alarm, person, now, translator(person.language)),
                about=about,
                calls_again=True,
            )
            for person in await self._store.people.supervisors()
        ]
        if number >= SENDER_IS_TOLD_AT:
            messages += _to_sender(alarm)
        return [*messages, *await texting.calls(alarm, number, self._store, now)]

    async def _idle_s(self) -> float:
        due_at = await self._store.alarms.next_at()
        if due_at is None:
            return LOOK_S
        return min(LOOK_S, max(0.0, (due_at - self._clock.now()).total_seconds()))


def _to_sender(alarm: Alarm) -> list[Outgoing]:
    """That nobody came: said anew at each call, in place of the one before."""
    case, key = alarm.case, f"alarm:{alarm.case.case_id}:{alarm.round}"
    again = Outgoing(
        key=f"{key}:{alarm.calls + 1}:sender",
        chat_id=case.chat_id,
        reply=alarms.nobody_came(alarm, translator(case.language)),
        reply_to=case.message_id,
        about=About(reading_id=case.reading_id, role=MessageRole.NOTICE),
        calls_again=True,
    )
    if alarm.calls < SENDER_IS_TOLD_AT:
        return [again]
    before = f"{key}:{alarm.calls}:sender"
    over = replace(
        again,
        key=f"{again.key}:over",
        reply_to=None,
        edits_key=before,
        gives_way_to=again.key,
    )
    return [again, over]


def _unheard(person: Person, count: int) -> Outgoing:
    return Outgoing(
        key=f"alarms:unheard:{person.user_id}",
        chat_id=person.chat_id,
        reply=alarms.unheard(count, translator(person.language)),
    )


def _log_failure(alarm: Alarm, error: Exception) -> None:
    where = traceback_without_messages(error)
    log.error("%s could not be called again: %s", alarm.case.code, where)
