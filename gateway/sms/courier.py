"""Carries SMS between the store and the lines: out, how far they are, and in.

Knows when a line is asked again, and what its silence means. Everything that it learns is committed
before it is acted on; killed anywhere, it goes on where it was. Must not know what an SMS says.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from gateway.schemas.objects import JsonObject
from gateway.schemas.sms import SmsState, StoredSms
from gateway.sms.driver import Condition, Driver, LineDown, Progress, SmsRefused
from gateway.store.signals import SMS
from gateway.store.sms import SmsStore
from machine.tracebacks import traceback_without_messages
from storage.database import DiskFault
from storage.signals import Signals

LOOK_S = 5.0
TTL_S = 600
"""How long a line may take to send an SMS."""

GRACE_S = 60
CLOCK_OFF_S = 24 * 3600
"""From here on a line's clock is wrong enough to be told of."""

_STATES = {Progress.SENT: SmsState.SENT, Progress.DELIVERED: SmsState.DELIVERED}

log = logging.getLogger(__name__)


@dataclass
class Line:
    """A driver, and what is known of it.

    Args:
        heard_at: When it last answered, unix seconds; None if not since the start.
        fault: What is wrong with it, in words.
        stalled: Whether it takes SMS and does not send them.
        unreadable: How many SMS came that are no text.
        clock_off_s: How far its clock is ahead.
        left: What it may have taken before it fell silent, and another line has now.
    """

    driver: Driver
    heard_at: float | None = None
    fault: str | None = None
    stalled: bool = False
    unreadable: int = 0
    clock_off_s: float | None = None
    left: set[str] = field(default_factory=set)

    def told(self, since: float) -> JsonObject:
        """How it is, for doctor, board and bot; times are unix seconds."""
        return {
            "name": self.driver.name,
            "since": since,
            "heard_at": self.heard_at,
            "fault": self.fault or self._strange(),
            "unreadable": self.unreadable,
        }

    def _strange(self) -> str | None:
        if self.stalled:
            return "it takes SMS and does not send them"
        if self.clock_off_s is not None and abs(self.clock_off_s) > CLOCK_OFF_S:
            return "its clock is off by more than a day"
        return None


class Courier:
    """The loop over all lines.

    Args:
        drivers: The lines, the best first.
        clock: Unix seconds.
    """

    def __init__(
        self,
        *,
        store: SmsStore,
        signals: Signals,
        drivers: Sequence[Driver],
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._signals = signals
        self._clock = clock
        self._since = clock()
        self._lines = {driver.name: Line(driver) for driver in drivers}

    async def work(self) -> None:
        """Carry, for ever."""
        with self._signals.listen(SMS) as listener:
            while True:
                await self.carry()
                await listener.wait(LOOK_S)

    async def carry(self) -> None:
        """Look once at every line, and at all that is due."""
        for line in self._lines.values():
            await self._try(partial(self._look_at, line))
        await self._try(self._serve_due)
        self._store.conditions = [line.told(self._since) for line in self._lines.values()]

    async def _serve_due(self) -> None:
        for sms in await self._store.due():
            step = self._hand if sms.state is SmsState.WAITING else self._follow
            await self._try(partial(step, sms))

    async def _try(self, step: Callable[[], Awaitable[None]]) -> None:
        try:
            await step()
        except DiskFault as fault:
            log.warning("SMS wait: %s", type(fault).__name__)
        except Exception as error:  # noqa: BLE001 - whatever one SMS does, the next ones go out
            _log_failure(error)

    async def _look_at(self, line: Line) -> None:
        """See how a line is, and store what came."""
        try:
            condition = await line.driver.condition()
            came = await line.driver.received()
        except LineDown as error:
            self._is_down(line, error)
            return
        self._is_up(line, condition)
        await self._withdraw_left(line)
        new = await self._store.receive(line.driver.name, came)
        line.unreadable += sum(sms.text is None for sms in new)
        for sms in came:
            with suppress(LineDown):  # it is told again, and known then
                await line.driver.acknowledge(sms)

    async def _withdraw_left(self, line: Line) -> None:
        """Keep a line that is heard again from sending what another one has now."""
        while line.left:
            handle = line.left.pop()
            with suppress(LineDown):
                await line.driver.withdraw(handle)

    async def _hand(self, sms: StoredSms) -> None:
        line = self._line_of(sms)
        try:
            handle = await line.driver.send(sms.own_id, sms.number, sms.text, TTL_S)
        except LineDown as error:
            self._is_down(line, error)
            await self._missed(sms, str(error), refused=False)
        except SmsRefused as error:
            await self._missed(sms, str(error), refused=True)
        else:
            await self._store.handed(sms, line.driver.name, handle)

    async def _follow(self, sms: StoredSms) -> None:
        line = self._line_of(sms)
        try:
            progress = await line.driver.progress(sms.handle or "")
        except LineDown as error:
            self._is_down(line, error)
            await self._is_unknown(sms)
            return
        if progress in _STATES:
            line.stalled = False
            await self._store.progressed(sms, _STATES[progress])
        elif sms.state is SmsState.SENT and progress is not Progress.FAILED:
            # a phone that was reset knows nothing of it any more
            await self._store.progressed(sms, SmsState.SENT)
        elif progress is Progress.PENDING:
            await self._is_late(sms, line)
        else:
            failed = progress is Progress.FAILED
            reason = "it failed" if failed else "the line has lost it"
            await self._missed(sms, reason, refused=True)

    async def _is_unknown(self, sms: StoredSms) -> None:
        """Ask again later; in the end give it anew, under its id: who has it sends it once."""
        if sms.state is SmsState.HANDED and self._is_old(sms):
            await self._missed(sms, "the line took it and is silent", refused=False)
        else:
            await self._store.progressed(sms, sms.state)

    def _is_old(self, sms: StoredSms) -> bool:
        """Whether a line has had an SMS for so long that it will not send it any more."""
        handed_at = self._clock() if sms.handed_at is None else sms.handed_at
        return abs(self._clock() - handed_at) > TTL_S + GRACE_S

    async def _is_late(self, sms: StoredSms, line: Line) -> None:
        """Give an SMS up that a line took long ago and has not sent; else ask again later."""
        if not self._is_old(sms):
            await self._store.progressed(sms, sms.state)
            return
        line.stalled = True
        with suppress(LineDown):
            await line.driver.withdraw(sms.handle or "")
        await self._missed(sms, "it was not sent in time", refused=True)

    async def _missed(self, sms: StoredSms, reason: str, *, refused: bool) -> None:
        log.info("SMS %d: %s", sms.message_id, reason)
        line = self._line_of(sms)
        following = await self._store.missed(sms, tuple(self._lines), reason, refused=refused)
        if following != line.driver.name and not refused:
            line.left.add(sms.handle or sms.own_id)

    def _line_of(self, sms: StoredSms) -> Line:
        first = next(iter(self._lines.values()))
        return self._lines.get(sms.line or "", first)

    def _is_down(self, line: Line, error: LineDown) -> None:
        if line.fault is None:
            log.warning("SMS line %s: %s", line.driver.name, error)
        line.fault = str(error)

    def _is_up(self, line: Line, condition: Condition) -> None:
        line.heard_at, line.fault = self._clock(), condition.fault
        line.clock_off_s = condition.clock_off_s


def _log_failure(error: Exception) -> None:
    log.error("SMS wait: %s", traceback_without_messages(error))
