"""The queue as the analyst sees it: the next reading is claimed, renewed, and ended.

A claim is a lease: whoever holds it must renew it, and its attempt number fences off results of
an older claim. A reading that failed too often stays, marked failed, for a supervisor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

from bot.domain.cases import Case
from bot.domain.comparisons import FilmPair
from bot.domain.ids import ChatId, MessageId, ReadingId, UserId
from bot.domain.messages import Outgoing
from bot.errors import StaleClaim
from bot.store import alarms, outbox, rows
from bot.store.alarms import Raised
from bot.store.comparisons import films_of
from bot.store.queue_position import alarming
from bot.store.topics import Topic
from bot.store.words import index_words
from inference.contract import Language, Reading, ScoredUrgency, Turn, Urgency
from storage.database import Database, Row, Transaction, Value

MAX_FAILURES = 3
MAX_CRASHES = 10
"""How often the program may end while it makes a reading before that is taken for the cause."""
Attempt = NewType("Attempt", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A reading to make, held under a lease.

    Args:
        attempt: The fencing token: a result under an older one is refused.
        failures: How many earlier attempts failed.
        question: None for a case's first reading.
        films: The older film and the newer, if the two are to be compared.
        history: Earlier questions of this case with their answers, oldest first.
        scored: How urgent it looked to an earlier attempt, where that raised an alarm.
        known: How urgent its case is known to be, also from a reading before a correction.
    """

    reading_id: ReadingId
    attempt: Attempt
    failures: int
    case: Case
    asked_by: UserId
    chat_id: ChatId
    message_id: MessageId
    language: Language
    question: str | None
    history: tuple[Turn, ...]
    scored: ScoredUrgency | None
    known: Urgency | None
    films: FilmPair | None = None

    @property
    def name(self) -> str:
        """What it is called in logs, requests and keys: nothing of the patient."""
        return f"reading:{self.reading_id}:{self.attempt}"

    @property
    def last(self) -> bool:
        """Whether this attempt is the last one."""
        return self.failures + 1 >= MAX_FAILURES


class Claims:
    """Queries over the readings to be made, and those being made.

    Whatever is done with a claim that was lost raises `StaleClaim`, and nothing is stored.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, lease: timedelta) -> Claim | None:
        """Take the next reading that is ready: of a case known to be urgent, else the oldest."""

        def transaction(tx: Transaction) -> Claim | None:
            row = tx.one(_CLAIM, now=tx.now, until=tx.now + lease.total_seconds())
            return None if row is None else _claim(tx, row)

        return await self._database.note(transaction)

    async def heartbeat(self, claim: Claim, lease: timedelta) -> bool:
        """Renew a lease; False if the claim was lost: cancelled, or swept and taken again."""

        def transaction(tx: Transaction) -> bool:
            until = tx.now + lease.total_seconds()
            return tx.one(_HEARTBEAT, **_fence(claim), until=until) is not None

        return await self._database.note(transaction)

    async def raise_alarm(self, claim: Claim, scored: ScoredUrgency, raised: Raised) -> None:
        """Store how urgent a reading looks before its text, with the alarm that says so."""

        def transaction(tx: Transaction) -> None:
            _change(
                tx, claim, _ALARM, urgency=_graver(scored.urgency, claim), **_score_values(scored)
            )
            alarms.ring(tx, claim.case, raised, asked_by=claim.asked_by)

        await self._database.write(transaction)

    async def complete(
        self,
        claim: Claim,
        reading: Reading,
        messages: Sequence[Outgoing],
        raised: Raised | None = None,
    ) -> None:
        """Store a reading, the messages that carry it and the alarm that it raises, all or none.

        Args:
            raised: The alarm; its case is listed as that urgent from then on, also where the answer
                to a later question raises it.
        """

        def transaction(tx: Transaction) -> None:
            urgency = _graver(reading.urgency, claim)
            values = _reading_values(reading) | {"urgency": urgency}
            _change(tx, claim, _COMPLETE, now=tx.now, **values)
            index_words(tx, claim.case.case_id)
            outbox.insert(tx, messages)
            if raised is not None:
                tx.run(_TOLD, case_id=claim.case.case_id, urgency=raised.urgency)
                alarms.ring(tx, claim.case, raised, asked_by=claim.asked_by)

        await self._database.write(transaction)

    async def retry(self, claim: Claim, failure: str, ready_at: datetime) -> None:
        """Put a reading whose attempt failed back into its place in the queue."""
        await self._database.write(
            lambda tx: _change(tx, claim, _RETRY, failure=failure, ready_at=ready_at.timestamp())
        )

    async def release(self, claim: Claim) -> None:
        """Put a reading back that was not failed but interrupted, by a stop of bot or engine."""
        await self._database.write(lambda tx: _change(tx, claim, _RELEASE))

    async def fail(self, claim: Claim, failure: str, messages: Sequence[Outgoing]) -> None:
        """Give a reading up, with the messages that say so."""

        def transaction(tx: Transaction) -> None:
            _change(tx, claim, _FAIL, failure=failure, now=tx.now)
            outbox.insert(tx, messages)

        await self._database.write(transaction)

    async def sweep(self) -> tuple[Claim, ...]:
        """Put readings whose lease ran out back into the queue, counted as a crash each.

        The first goes on at once; after each further one the others go first for a while longer.

        Returns:
            Claims that ran out once too often: still held, to be failed with a message.
        """

        def transaction(tx: Transaction) -> tuple[Claim, ...]:
            tx.run(_SWEEP, now=tx.now, max_crashes=MAX_CRASHES)
            tx.signal(Topic.READINGS)
            return tuple(_claim(tx, row) for row in tx.all(_EXHAUSTED, now=tx.now))

        return await self._database.write(transaction)

    async def expire_leases(self) -> None:
        """End every lease: said at start, when whoever held them is known to be gone."""
        await self._database.write(lambda tx: tx.run(_EXPIRE_LEASES, now=tx.now))

    async def received_message(self, claim: Claim) -> MessageId | None:
        """Find the "received" message of a reading, which shows its progress.

        Returns:
            The message, None until it was delivered, and for somebody revoked since.
        """

        def query(tx: Transaction) -> MessageId | None:
            row = tx.one(_RECEIVED, reading_id=claim.reading_id, chat_id=claim.chat_id)
            return None if row is None else MessageId(row["message_id"])

        return await self._database.read(query)

    async def next_at(self) -> datetime | None:
        """When the earliest waiting reading is ready, None if none waits."""
        return await self._database.read(
            lambda tx: rows.moment_or_none(tx.run(_NEXT_AT).fetchone()[0])
        )


def _fence(claim: Claim) -> dict[str, Value]:
    return {"reading_id": claim.reading_id, "attempt": claim.attempt}


def _change(tx: Transaction, claim: Claim, update: str, **values: Value) -> None:
    """Change a reading that is still held.

    Raises:
        StaleClaim: It is not.
    """
    if tx.one(update, **_fence(claim), **values) is None:
        raise StaleClaim
    tx.signal(Topic.READINGS)


def _claim(tx: Transaction, row: Row) -> Claim:
    case, reading_id = rows.case_of(tx, row), ReadingId(row["reading_id"])
    return Claim(
        reading_id=reading_id,
        attempt=Attempt(row["attempt"]),
        failures=row["failures"],
        case=case,
        asked_by=UserId(row["asked_by"]),
        chat_id=ChatId(row["chat_id"]),
        message_id=MessageId(row["message_id"]),
        language=Language(row["language"]),
        question=row["question"],
        history=_history(tx, row),
        scored=rows.scored_of(row),
        known=None if row["urgency"] is None else Urgency(row["urgency"]),
        films=films_of(tx, reading_id, case),
    )


def _history(tx: Transaction, row: Row) -> tuple[Turn, ...]:
    turns = tx.all(_HISTORY, case_id=row["case_id"], reading_id=row["reading_id"])
    return tuple(Turn(question=turn["question"], answer=turn["text"]) for turn in turns)


def _reading_values(reading: Reading) -> dict[str, Value]:
    return {
        "text": reading.text,
        "model": reading.engine.model,
        "tier": reading.engine.tier,
        "practice": reading.engine.practice,
        "known_release": reading.engine.known_release,
        "duration_s": reading.duration_s,
        "prompt_tokens": reading.prompt_tokens,
        "answer_tokens": reading.answer_tokens,
        "truncated": reading.truncated,
    } | _score_values(reading.scored)


def _graver(urgency: Urgency, claim: Claim) -> Urgency:
    """The graver of two, where the case is known to be alarming: no later reading lowers it."""
    known = claim.known
    if known is None or not known.alarming:
        return urgency
    return urgency.or_graver(known)


def _score_values(scored: ScoredUrgency | None) -> dict[str, Value]:
    return {
        "scored_urgency": None if scored is None else scored.urgency,
        "scored_margin": None if scored is None else scored.margin,
    }


_CLAIM = f"""
UPDATE readings SET status = 'reading', attempt = attempt + 1, claimed_at = :now,
    lease_expires_at = :until, outdated = 0
WHERE reading_id = (
    SELECT w.reading_id FROM readings w INDEXED BY readings_waiting
    WHERE w.status = 'waiting' AND w.ready_at <= :now
    ORDER BY {alarming("w")} DESC, w.reading_id LIMIT 1
)
RETURNING *
"""

_HELD = "WHERE reading_id = :reading_id AND attempt = :attempt AND status = 'reading'"

_HEARTBEAT = f"UPDATE readings SET lease_expires_at = :until {_HELD} RETURNING 1"

_ALARM = f"""
UPDATE readings SET urgency = :urgency, scored_urgency = :scored_urgency,
    scored_margin = :scored_margin
{_HELD} RETURNING 1
"""

_COMPLETE = f"""
UPDATE readings SET status = 'answered', lease_expires_at = NULL, ended_at = :now, failure = NULL,
    text = :text, urgency = :urgency, model = :model, tier = :tier, practice = :practice,
    known_release = :known_release, duration_s = :duration_s, prompt_tokens = :prompt_tokens,
    answer_tokens = :answer_tokens, truncated = :truncated, scored_urgency = :scored_urgency,
    scored_margin = :scored_margin
{_HELD} RETURNING 1
"""

_TOLD = "UPDATE readings SET urgency = :urgency WHERE case_id = :case_id AND question IS NULL"

_RETRY = f"""
UPDATE readings SET status = 'waiting', lease_expires_at = NULL, failures = failures + 1,
    failure = :failure, ready_at = :ready_at
{_HELD} RETURNING 1
"""

_RELEASE = f"UPDATE readings SET status = 'waiting', lease_expires_at = NULL {_HELD} RETURNING 1"

_FAIL = f"""
UPDATE readings SET status = 'failed', lease_expires_at = NULL, failures = failures + 1,
    failure = :failure, ended_at = :now
{_HELD} RETURNING 1
"""

_SWEEP = """
UPDATE readings SET status = 'waiting', lease_expires_at = NULL, crashes = crashes + 1,
    failure = 'LeaseExpired', ready_at = :now + min(60, crashes * crashes)
WHERE status = 'reading' AND lease_expires_at <= :now AND crashes + 1 < :max_crashes
"""

_EXPIRE_LEASES = "UPDATE readings SET lease_expires_at = :now WHERE status = 'reading'"

_NEXT_AT = "SELECT min(ready_at) FROM readings WHERE status = 'waiting'"

_EXHAUSTED = "SELECT * FROM readings WHERE status = 'reading' AND lease_expires_at <= :now"

_HISTORY = """
SELECT question, text FROM readings
WHERE case_id = :case_id AND reading_id < :reading_id
    AND question IS NOT NULL AND status = 'answered'
    AND reading_id NOT IN (SELECT reading_id FROM comparisons) AND ended_at > coalesce((
        SELECT max(replaced_at) FROM earlier_readings WHERE case_id = :case_id
    ), 0)
ORDER BY reading_id
"""
"""None about an earlier reading, made without a correction; nor a comparison, with another film."""

_RECEIVED = """
SELECT message_id FROM messages m
WHERE reading_id = :reading_id AND role = 'received' AND chat_id = :chat_id
    AND NOT EXISTS (
        SELECT 1 FROM people p WHERE p.chat_id = m.chat_id AND p.revoked_at IS NOT NULL
    )
ORDER BY message_id DESC LIMIT 1
"""
