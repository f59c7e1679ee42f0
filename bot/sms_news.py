"""SMS that nobody's case brings about: the daily line, and what is wrong with the machine.

Knows when one is due; each is a message with a key of its day, so that none goes out twice. Runs
only where the clinic has SMS. What is wrong is told in the chat too: a line that is ill sends none.
"""

import asyncio
import logging
import shutil
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from telegram.error import TelegramError

from bot.domain.messages import Outgoing, Reply
from bot.domain.people import Role
from bot.domain.phones import Line, SmsFigures
from bot.gateway_methods import GatewayMethods
from bot.locale import Translator, translator
from bot.replies import sms
from bot.store import Store
from inference.contract import EngineState, EngineStatus
from machine.clock import Clock
from machine.sizes import GB
from storage.database import DiskFault

LOOK_S = 60.0
DAILY_HOUR = 7
"""By the clinic's clock."""

DOWN_FOR = timedelta(minutes=10)
UNHEARD_FOR = timedelta(minutes=15)
OLD_BACKUP = timedelta(days=8)
LOW_DISK_BYTES = 5 * GB

log = logging.getLogger(__name__)

Words = Callable[[Translator], Reply]


class SmsNews:
    """The loop.

    Args:
        home: The data folder, whose disk is looked at.
        free_bytes: How much room a folder's disk has.
    """

    def __init__(
        self,
        *,
        store: Store,
        gateway: GatewayMethods,
        clock: Clock,
        engine: Callable[[], EngineStatus],
        home: Path,
        free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._engine = engine
        self._home = home
        self._free_bytes = free_bytes
        self._sleep = sleep
        self._works_at = clock.now()

    async def work(self) -> None:
        """Tell what is new, for ever."""
        while True:
            try:
                await self.tell()
            except (TelegramError, DiskFault, OSError) as error:
                log.warning("The news were not told: %s", type(error).__name__)
            await self._sleep(LOOK_S)

    async def tell(self) -> None:
        """Tell once what is due.

        Raises:
            TelegramError: The server did not say how SMS go.
        """
        now = self._clock.now()
        state = self._engine().state
        if state is not EngineState.FAILED or now < self._works_at:
            self._works_at = now
        free = self._free_bytes(self._home)
        if now.astimezone().hour >= DAILY_HOUR:
            await self._tell_daily(state, free, now)
        await self._tell_faults(free, await self._gateway.sms(), now)

    async def _tell_daily(self, state: EngineState, free: int, now: datetime) -> None:
        figures = await self._store.summary.figures(now - timedelta(days=1), now)
        _, unopened = await self._store.ward.unopened(None)
        told = []
        people = {person.user_id: person for person in await self._store.people.everyone()}
        for user_id, phone in (await self._store.phones.all()).items():
            person = people[user_id]
            if not (phone.wants_daily and phone.is_reached and person.role.sees_all_cases):
                continue
            cases, t = sum(figures.by_status.values()), translator(person.language)
            told.append(
                Outgoing(
                    key=f"daily:{now.astimezone():%Y-%m-%d}:{user_id}",
                    chat_id=phone.chat_id,
                    reply=sms.daily(cases, len(unopened), state, free // GB, t),
                    is_sms=True,
                )
            )
        await self._store.outbox.add(*told)

    async def _tell_faults(self, free: int, going: SmsFigures | None, now: datetime) -> None:
        backup_at = await self._store.audit.last_backup_at()
        faults = dict(self._faults(free, going, backup_at, now))
        admins = [
            person for person in await self._store.people.supervisors() if person.role is Role.ADMIN
        ]
        phones = await self._store.phones.all()
        for kind, words in faults.items():
            for person in admins:
                key = f"operator:{kind}:{now.astimezone():%Y-%m-%d}:{person.user_id}"
                reply = words(translator(person.language))
                told = [Outgoing(key=key, chat_id=person.chat_id, reply=sms.in_chat(reply))]
                phone = phones.get(person.user_id)
                if phone is not None and phone.is_reached:
                    told.append(
                        Outgoing(key=f"{key}:sms", chat_id=phone.chat_id, reply=reply, is_sms=True)
                    )
                await self._store.outbox.add(*told)

    def _faults(
        self, free: int, going: SmsFigures | None, backup_at: datetime | None, now: datetime
    ) -> Iterator[tuple[str, Words]]:
        """What is wrong, each once a day."""
        down = now - self._works_at
        if down >= DOWN_FOR:
            yield "engine", lambda t: sms.engine_down(_minutes(down), t)
        if free < LOW_DISK_BYTES:
            yield "disk", lambda t: sms.disk_full(free / GB, t)
        if backup_at is None or now - backup_at > OLD_BACKUP:
            days = None if backup_at is None else (now - backup_at).days
            yield "backup", lambda t: sms.backup_old(days, t)
        if going is not None and going.parts >= going.parts_a_day:
            yield "budget", sms.budget_spent
        for line in () if going is None else going.lines:
            if (silent := now - (line.heard_at or line.since)) >= UNHEARD_FOR:
                yield f"line {line.name}", _unheard(line, silent)


def _unheard(line: Line, silent: timedelta) -> Words:
    return lambda t: sms.line_unheard(line.name, _minutes(silent), t)


def _minutes(time: timedelta) -> int:
    return int(time.total_seconds() // 60)
