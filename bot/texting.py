"""Whom an alarm calls by SMS: at most one a case, person and step; the next one where it fails.

Knows the keys by which such an SMS is known. Must not know how one is sent.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.domain.alarms import Alarm, AlarmState
from bot.domain.ids import CaseId
from bot.domain.messages import About, MessageRole, Outgoing
from bot.locale import translator
from bot.replies import sms
from bot.store import Store
from bot.store.phones import Owned

FIRST_STEP = 2
"""The call from which on SMS go out too: nobody took it in the chat until then."""

EVERYBODY_AT = 3
"""From this call on all supervisors with a number are called, before it those on duty."""

_KEY = re.compile(r"alarm:(\d+):(\d+):(\d+):sms:\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class CallKey:
    """Which call of which alarm an SMS belongs to."""

    case_id: CaseId
    round: int
    step: int

    @property
    def prefix(self) -> str:
        """What the keys of its SMS begin with; the person follows."""
        return f"alarm:{self.case_id}:{self.round}:{self.step}:sms:"


def alarm_key(key: str) -> CallKey | None:
    """The call that a message's key names; None if it is no alarm's SMS."""
    found = _KEY.fullmatch(key)
    return None if found is None else CallKey(CaseId(int(found[1])), int(found[2]), int(found[3]))


async def calls(alarm: Alarm, step: int, store: Store, now: datetime) -> list[Outgoing]:
    """The SMS of a call: to those on duty, or to all where none of them has a number."""
    if step < FIRST_STEP:
        return []
    call = CallKey(alarm.case.case_id, alarm.round, step)
    reached = await store.phones.reached()
    on_duty = await store.phones.on_duty()
    first = [owned for owned in reached if owned.person.user_id in on_duty]
    called = reached if step >= EVERYBODY_AT or not first else first
    return [_call(call, alarm, owned, now) for owned in called]


async def next_call(call: CallKey, store: Store, now: datetime) -> list[Outgoing]:
    """The SMS to the next person whom this call has not tried, while nobody has the case."""
    alarm = await store.alarms.of_case(call.case_id)
    if alarm is None or alarm.state is not AlarmState.RINGING or alarm.round != call.round:
        return []
    tried = await store.outbox.keys(call.prefix)
    left = [
        owned
        for owned in await store.phones.reached()
        if f"{call.prefix}{owned.person.user_id}" not in tried
    ]
    return [_call(call, alarm, owned, now) for owned in left[:1]]


def _call(call: CallKey, alarm: Alarm, owned: Owned, now: datetime) -> Outgoing:
    t = translator(owned.person.language)
    return Outgoing(
        key=f"{call.prefix}{owned.person.user_id}",
        chat_id=owned.phone.chat_id,
        reply=sms.alarm(alarm, now, t, has_pin=owned.phone.has_pin),
        about=About(reading_id=alarm.case.reading_id, role=MessageRole.NOTICE),
        is_sms=True,
    )
