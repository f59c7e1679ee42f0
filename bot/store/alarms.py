"""Alarms: a case that looks critical or urgent rings until somebody takes it, or it needs nobody.

Whatever changes an alarm is one transaction with its audit entry and its messages. Knows what is
said to nobody: words are made by whoever raises, takes or calls, for each person in turn.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.alarms import Alarm, AlarmState, CallWaits
from bot.domain.audit import Act, Actor
from bot.domain.cases import Case, case_code
from bot.domain.ids import CaseId, MessageId, UserId
from bot.domain.messages import MessageRole, Outgoing
from bot.domain.people import Person
from bot.store import audit, duty, outbox, rows
from bot.store.alarm_notices import Words, reword, tell_in_place, tell_louder
from bot.store.topics import Topic
from inference.contract import Urgency
from storage.database import Database, Row, Transaction, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """That a reading looks critical or urgent.

    Args:
        waits: How long its calls wait for somebody.
        notice: The first call to one person, and whether they have the alarm already.
        once_signed_off: Whether it rings only if its case was signed off already, because whoever
            did that had not heard of it.
    """

    urgency: Urgency
    waits: CallWaits
    notice: Callable[[Person, bool], Outgoing]
    once_signed_off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    """An alarm that rings in somebody's chat.

    Args:
        message_id: Its newest message there, with the buttons that take it and open the case.
        is_on_duty: Whether it may disturb them: they are on duty, or nobody is.
    """

    alarm: Alarm
    person: Person
    message_id: MessageId
    is_on_duty: bool


class Alarms:
    """Queries over alarms."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_case(self, case_id: CaseId) -> Alarm | None:
        """A case's alarm, None where none was raised."""
        return await self._database.read(lambda tx: _find(tx, case_id))

    async def take(
        self, case_id: CaseId, *, by: Actor, words: Words, told: Sequence[Outgoing]
    ) -> Alarm | None:
        """Let somebody take an alarm that rings; everybody's messages of it change to say so.

        Args:
            told: Messages that say so to others, such as to whoever sent the case.

        Returns:
            The alarm as it is then: theirs, somebody else's or quiet. None if there is none.
        """

        def transaction(tx: Transaction) -> Alarm | None:
            taken = tx.one(_TAKE, case_id=case_id, by=by.user_id, now=tx.now)
            alarm = _find(tx, case_id)
            if taken is not None and alarm is not None:
                audit.append(tx, by.does(Act.TOOK, alarm.case.code))
                see(tx, case_id, by)
                reword(tx, alarm, by, words)
                outbox.insert(tx, told)
            return alarm

        return await self._database.write(transaction)

    async def give_back(
        self, case_id: CaseId, *, by: Actor, words: Words, told: Sequence[Outgoing]
    ) -> bool:
        """Let an alarm ring again whose taker cannot see to it; False if it is not theirs."""

        def transaction(tx: Transaction) -> bool:
            if tx.one(_GIVE_BACK, case_id=case_id, by=by.user_id, now=tx.now) is None:
                return False
            audit.append(tx, by.does(Act.GAVE_BACK, case_code(case_id)))
            if (alarm := _find(tx, case_id)) is not None:
                reword(tx, alarm, by, words)
            outbox.insert(tx, told)
            tx.signal(Topic.ALARMS)
            return True

        return await self._database.write(transaction)

    async def due(self, now: datetime) -> tuple[Alarm, ...]:
        """The alarms to call out, gravest first; those that need nobody any more become quiet.

        Args:
            now: The time that the caller believes.
        """

        def transaction(tx: Transaction) -> tuple[Alarm, ...]:
            tx.run(_HUSH, now=now.timestamp())
            return tuple(_alarm(tx, row) for row in tx.all(_DUE, now=now.timestamp()))

        if await self._database.read(lambda tx: tx.one(_IS_DUE, now=now.timestamp()) is None):
            return ()
        return await self._database.write(transaction)

    async def call(
        self, alarm: Alarm, messages: Sequence[Outgoing], now: datetime, wait: timedelta
    ) -> bool:
        """Call an alarm out once more.

        Args:
            alarm: As it was when its messages were worded.
            now: The time that the caller believes.
            wait: Until the next call.

        Returns:
            False if it was called, taken or hushed meanwhile: then nothing is said.
        """
        due_at = (now + wait).timestamp()

        def transaction(tx: Transaction) -> bool:
            if tx.one(_CALL, **_fence(alarm), due_at=due_at) is None:
                return False
            nobody = Actor(user_id=None, occasion=f"alarm:{alarm.case.case_id}:{alarm.round}")
            audit.append(tx, nobody.does(Act.CALLED, f"{alarm.case.code} {alarm.calls + 1}"))
            for message in messages:
                _call_out(tx, alarm.case.case_id, message)
            return True

        return await self._database.write(transaction)

    async def move(self, by: timedelta, now: datetime, waits: CallWaits) -> None:
        """Move all calls with a clock that was set; none then waits longer than it would anew.

        Args:
            by: How far the clock jumped.
            now: What it says since.
        """

        def transaction(tx: Transaction) -> None:
            for row in tx.all("SELECT * FROM alarms WHERE state = 'ringing'"):
                latest = now + waits.after(row["calls"], Urgency(row["urgency"]))
                due_at = min(row["due_at"] + by.total_seconds(), latest.timestamp())
                tx.run(_MOVE, case_id=row["case_id"], due_at=due_at)

        await self._database.write(transaction)

    async def tell_of_unheard(self, words: Callable[[Person, int], Outgoing]) -> int:
        """Tell supervisors once of urgent cases that nobody signed off and no alarm was raised for.

        Such are those of a release that raised none.

        Args:
            words: Words what one person is told, of how many.

        Returns:
            How many there were.
        """

        def transaction(tx: Transaction) -> int:
            unheard = tx.all(_UNHEARD)
            for row in unheard:
                tx.run(_HEARD, case_id=row["case_id"], urgency=row["urgency"], now=tx.now)
            if unheard:
                everybody = duty.supervisors(tx)
                outbox.insert(tx, [words(person, len(unheard)) for person in everybody])
            return len(unheard)

        if await self._database.read(lambda tx: tx.one(f"{_UNHEARD} LIMIT 1") is None):
            return 0
        return await self._database.write(transaction)

    async def ringing(self) -> tuple[Ringing, ...]:
        """The alarms that ring, gravest and oldest first, once for each chat that was told."""

        def query(tx: Transaction) -> tuple[Ringing, ...]:
            alarms = [_alarm(tx, row) for row in tx.all(_RINGING)]
            awake = {each.user_id for each in duty.first_to_hear(tx)} if alarms else set()
            return tuple(
                Ringing(
                    alarm=alarm,
                    person=rows.person(row),
                    message_id=MessageId(row["newest_id"]),
                    is_on_duty=UserId(row["user_id"]) in awake,
                )
                for alarm in alarms
                for row in tx.all(_TOLD, case_id=alarm.case.case_id)
            )

        return await self._database.read(query)

    async def next_at(self) -> datetime | None:
        """When the next call is due, None if no alarm rings."""
        query = "SELECT min(due_at) AS due_at FROM alarms WHERE state = 'ringing'"
        return await self._database.read(
            lambda tx: rows.moment_or_none(tx.run(query).fetchone()["due_at"])
        )


def ring(tx: Transaction, case: Case, raised: Raised, *, asked_by: UserId) -> None:
    """Raise an alarm, inside the transaction of the reading that looks so.

    One that rings goes on, as something graver if it looks graver. One that was taken rings anew
    only as something graver; one that is quiet always does. Whoever was told of one that goes on as
    it was is told in the same message, which disturbs nobody again.

    Args:
        asked_by: Who is told by the answer itself, and by no first call.
    """
    if raised.once_signed_off and tx.one(_SIGNED_OFF, case_id=case.case_id) is None:
        return
    before = _find(tx, case.case_id)
    _begin_or_aggravate(tx, case, raised)
    alarm = _find(tx, case.case_id)
    if alarm is not None:
        tell = tell_in_place if _goes_on(before, alarm) else tell_louder
        for person in _hearers(tx, alarm, asked_by):
            tell(tx, case.case_id, raised.notice(person, alarm.taken_by is not None))
    tx.signal(Topic.ALARMS)


def hush(tx: Transaction, case_id: CaseId, *, by: Actor, words: Words) -> None:
    """Let an alarm be quiet, inside the transaction of what makes it so; its messages say why."""
    if tx.one(_QUIET, case_id=case_id) is not None and (alarm := _find(tx, case_id)) is not None:
        reword(tx, alarm, by, words)


def revive(tx: Transaction, case_id: CaseId, *, by: Actor, words: Words) -> None:
    """Let an alarm ring at once that is quiet although its case still needs somebody."""
    revived = tx.one(_REVIVE, case_id=case_id, now=tx.now)
    if revived is not None and (alarm := _find(tx, case_id)) is not None:
        reword(tx, alarm, by, words)
        tx.signal(Topic.ALARMS)


def see(tx: Transaction, case_id: CaseId, by: Actor) -> bool:
    """Note who has looked at a case first, other than its sender; True if it is this person."""
    return tx.one(_SEE, case_id=case_id, by=by.user_id, now=tx.now) is not None


def abandon(tx: Transaction, user_id: UserId, *, by: Actor, words: Words | None) -> None:
    """Let the alarms ring again that somebody took who has no access any more."""
    for row in tx.all(_ABANDON, user_id=user_id, now=tx.now):
        alarm = _find(tx, CaseId(row["case_id"]))
        if alarm is not None and words is not None:
            reword(tx, alarm, by, words)
    tx.signal(Topic.ALARMS)


def _goes_on(before: Alarm | None, now: Alarm) -> bool:
    """Whether an alarm rings as it did."""
    if before is None or before.state is not AlarmState.RINGING:
        return False
    return before.urgency is now.urgency


def _call_out(tx: Transaction, case_id: CaseId, message: Outgoing) -> None:
    if message.about is not None and message.about.role is MessageRole.ALARM:
        tell_louder(tx, case_id, message)
    else:
        outbox.insert(tx, [message])


def _begin_or_aggravate(tx: Transaction, case: Case, raised: Raised) -> None:
    values: dict[str, Value] = {"case_id": case.case_id, "urgency": raised.urgency}
    first_wait = raised.waits.after(1, raised.urgency).total_seconds()
    begun = tx.one(_BEGIN, **values, now=tx.now, due_at=tx.now + first_wait)
    if begun is None:
        tx.run(_AGGRAVATE, **values, due_at=tx.now + first_wait)
        return
    nobody = Actor(user_id=None, occasion=f"alarm:{case.case_id}:{begun['round']}")
    audit.append(tx, nobody.does(Act.ALARMED, f"{case.code} {raised.urgency}"))


def _hearers(tx: Transaction, alarm: Alarm, asked_by: UserId) -> tuple[Person, ...]:
    """Who is told of what an alarm's reading says: its taker alone, once there is one."""
    if alarm.taken_by is None and alarm.calls == 1:
        return duty.first_to_hear(tx, without=asked_by)
    return tuple(
        person
        for person in duty.supervisors(tx)
        if person.user_id != asked_by and alarm.taken_by in {None, person.user_id}
    )


def _find(tx: Transaction, case_id: CaseId) -> Alarm | None:
    row = tx.one(f"{_SELECT} WHERE a.case_id = :case_id", case_id=case_id)
    return None if row is None else _alarm(tx, row)


def _alarm(tx: Transaction, row: Row) -> Alarm:
    return Alarm(
        case=rows.case_of(tx, row),
        state=AlarmState(row["state"]),
        urgency=Urgency(row["urgency"]),
        round=row["round"],
        raised_at=rows.moment(row["raised_at"]),
        calls=row["calls"],
        due_at=rows.moment(row["due_at"]),
        taken_by=None if row["taken_by"] is None else UserId(row["taken_by"]),
        taker_name=row["taker_name"],
        taken_at=rows.moment_or_none(row["taken_at"]),
    )


def _fence(alarm: Alarm) -> dict[str, Value]:
    return {"case_id": alarm.case.case_id, "round": alarm.round, "calls": alarm.calls}


_SELECT = """
SELECT a.*, taker.name AS taker_name
FROM alarms a LEFT JOIN people taker ON taker.user_id = a.taken_by
"""

_UNHEARD = """
SELECT r.case_id, r.urgency
FROM readings r INDEXED BY readings_urgent CROSS JOIN cases c USING (case_id)
WHERE r.question IS NULL AND r.urgency IN ('critical', 'urgent', 'not_stated')
    AND r.urgency <> 'not_stated' AND r.status = 'answered'
    AND c.reviewed_at IS NULL AND c.withdrawn_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM alarms a WHERE a.case_id = r.case_id)
"""

_HEARD = """
INSERT INTO alarms (case_id, state, urgency, round, raised_at, calls, due_at)
VALUES (:case_id, 'quiet', :urgency, 1, :now, 1, :now)
"""

_IS_DUE = "SELECT 1 FROM alarms WHERE state = 'ringing' AND due_at <= :now"

_DUE = f"""
{_SELECT} WHERE a.state = 'ringing' AND a.due_at <= :now
ORDER BY a.urgency = 'urgent', a.due_at
"""

_RINGING = f"""
{_SELECT} WHERE a.state = 'ringing' ORDER BY a.urgency = 'urgent', a.raised_at, a.case_id
"""

_HUSH = """
UPDATE alarms SET state = 'quiet' WHERE state = 'ringing' AND due_at <= :now AND (
    case_id IN (SELECT case_id FROM pending_deletions)
    OR EXISTS (
        SELECT 1 FROM readings r
        WHERE r.case_id = alarms.case_id AND r.question IS NULL AND r.status = 'cancelled'
    )
)
"""

_BEGIN = """
INSERT INTO alarms (case_id, state, urgency, round, raised_at, calls, due_at)
VALUES (:case_id, 'ringing', :urgency, 1, :now, 1, :due_at)
ON CONFLICT (case_id) DO UPDATE SET state = 'ringing', urgency = excluded.urgency,
    round = round + 1, raised_at = :now, calls = 1, due_at = :due_at, taken_by = NULL,
    taken_at = NULL
WHERE state = 'quiet' OR state = 'taken' AND urgency = 'urgent' AND excluded.urgency = 'critical'
RETURNING round
"""

_SIGNED_OFF = "SELECT 1 FROM cases WHERE case_id = :case_id AND reviewed_at IS NOT NULL"

_AGGRAVATE = """
UPDATE alarms SET urgency = 'critical', due_at = min(due_at, :due_at)
WHERE case_id = :case_id AND state = 'ringing' AND urgency = 'urgent' AND :urgency = 'critical'
"""

_TAKE = """
UPDATE alarms SET state = 'taken', taken_by = :by, taken_at = :now
WHERE case_id = :case_id AND state = 'ringing' RETURNING 1
"""

_GIVE_BACK = """
UPDATE alarms SET state = 'ringing', taken_by = NULL, taken_at = NULL, due_at = :now
WHERE case_id = :case_id AND state = 'taken' AND taken_by = :by RETURNING 1
"""

_ABANDON = """
UPDATE alarms SET state = 'ringing', taken_by = NULL, taken_at = NULL, due_at = :now
WHERE state = 'taken' AND taken_by = :user_id RETURNING case_id
"""

_QUIET = """
UPDATE alarms SET state = 'quiet' WHERE case_id = :case_id AND state <> 'quiet' RETURNING 1
"""

_REVIVE = """
UPDATE alarms SET state = 'ringing', round = round + 1, raised_at = :now, calls = 1, due_at = :now,
    taken_by = NULL, taken_at = NULL
WHERE case_id = :case_id AND state = 'quiet' AND EXISTS (
    SELECT 1 FROM cases c WHERE c.case_id = :case_id AND c.reviewed_at IS NULL
        AND coalesce(c.outcome, '') NOT IN ('referred', 'died')
) RETURNING 1
"""

_CALL = """
UPDATE alarms SET calls = calls + 1, due_at = :due_at
WHERE case_id = :case_id AND round = :round AND calls = :calls AND state = 'ringing' RETURNING 1
"""

_MOVE = "UPDATE alarms SET due_at = :due_at WHERE case_id = :case_id"

_SEE = """
UPDATE cases SET seen_by = :by, seen_at = :now
WHERE case_id = :case_id AND seen_at IS NULL AND sender_id <> :by RETURNING 1
"""

_TOLD = """
SELECT p.*, max(m.message_id) AS newest_id
FROM readings r JOIN messages m ON m.reading_id = r.reading_id AND m.role = 'alarm'
JOIN people p ON p.chat_id = m.chat_id
WHERE r.case_id = :case_id AND p.revoked_at IS NULL
GROUP BY p.user_id ORDER BY p.user_id
"""
