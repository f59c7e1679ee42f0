"""The queue in front of the model: places in it, and how long the wait is."""

from dataclasses import dataclass

from bot.domain.cases import Case, ComparedWith, QueuePosition
from bot.domain.ids import ChatId, MessageId, ReadingId
from bot.store import rows
from inference.contract import Language
from storage.database import Database, Row, Transaction

RECENT_READINGS = 20
"""Of so many first readings, the last ones, those by the newest model and tier tell the wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A reading in the queue whose "received" message can show its place."""

    reading_id: ReadingId
    case: Case
    chat_id: ChatId
    received_id: MessageId
    language: Language
    is_question: bool
    compared_with: ComparedWith | None
    place: QueuePosition


class QueuePositions:
    """Queries over waiting readings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def place(self, reading_id: ReadingId) -> QueuePosition:
        """Tell where a reading stands in the queue."""
        return await self._database.read(lambda tx: place(tx, reading_id))

    async def typical_s(self) -> float | None:
        """How many seconds a case's first reading takes, None where none was made yet."""
        return await self._database.read(_typical_s)

    async def next_waiting(self, after: ReadingId | None = None) -> Waiting | None:
        """The next waiting reading behind another whose place can be shown.

        Args:
            after: The one in front, None for the first of the queue.
        """

        def query(tx: Transaction) -> Waiting | None:
            row = tx.one(_WAITING, after=after or 0)
            return None if row is None else _waiting(tx, row)

        return await self._database.read(query)


def alarming(reading: str) -> str:
    """Whether a reading goes first: its case is known to be critical or urgent.

    A first reading that was interrupted after its urgency was scored is, and so is a question about
    such a case.

    Args:
        reading: Its alias in the query.

    Returns:
        An SQL expression, 1 or 0.
    """
    return (
        "EXISTS (SELECT 1 FROM readings a INDEXED BY readings_of_case"
        f" WHERE a.case_id = {reading}.case_id AND a.urgency IN ('critical', 'urgent'))"
    )


def place(tx: Transaction, reading_id: ReadingId) -> QueuePosition:
    """Where a reading stands, inside somebody's transaction."""
    ahead, at_once = tx.run(_AHEAD, reading_id=reading_id).fetchone()
    typical_s = _typical_s(tx)
    rounds = ahead / max(1, at_once) + 1
    return QueuePosition(ahead=ahead, wait_s=None if typical_s is None else rounds * typical_s)


def in_queue(tx: Transaction) -> int:
    """How many readings wait or are under way, inside somebody's transaction."""
    (count,) = tx.run(_IN_QUEUE).fetchone()
    return int(count)


def _typical_s(tx: Transaction) -> float | None:
    typical_s: float | None
    (typical_s,) = tx.run(_TYPICAL_DURATION, limit=RECENT_READINGS).fetchone()
    return typical_s


def _waiting(tx: Transaction, row: Row) -> Waiting:
    case, reading_id = rows.case_of(tx, row), ReadingId(row["reading_id"])
    prior = tx.one(_COMPARED_WITH, reading_id=reading_id)
    return Waiting(
        reading_id=reading_id,
        case=case,
        chat_id=ChatId(row["chat_id"]),
        received_id=MessageId(row["received_id"]),
        language=Language(row["language"]),
        is_question=row["question"] is not None,
        compared_with=None if prior is None else rows.compared_with(prior),
        place=place(tx, reading_id),
    )


_IN_QUEUE = """
SELECT (SELECT count(*) FROM readings INDEXED BY readings_waiting WHERE status = 'waiting')
    + (SELECT count(*) FROM readings INDEXED BY readings_leased WHERE status = 'reading')
"""

_COMPARED_WITH = """
SELECT k.prior_case_id, c.created_at AS prior_sent_at
FROM comparisons k JOIN cases c ON c.case_id = k.prior_case_id WHERE k.reading_id = :reading_id
"""

_AHEAD = f"""
SELECT (
    SELECT count(*) FROM readings w INDEXED BY readings_waiting
    WHERE w.status = 'waiting'
        AND ({alarming("w")}, -w.reading_id) > ({alarming("me")}, -me.reading_id)
) + (
    SELECT count(*) FROM readings r INDEXED BY readings_leased
    WHERE r.status = 'reading' AND r.reading_id <> me.reading_id
), (
    SELECT count(*) FROM readings INDEXED BY readings_leased WHERE status = 'reading'
)
FROM readings me WHERE me.reading_id = :reading_id
"""
"""While others wait, as many are being read as the engine reads at once."""

_TYPICAL_DURATION = """
SELECT avg(duration_s) FROM (
    SELECT duration_s, model, tier FROM readings WHERE status = 'answered' AND question IS NULL
    ORDER BY ended_at DESC LIMIT :limit + 0
) AS recent, (
    SELECT model AS now_model, tier AS now_tier FROM readings WHERE status = 'answered'
    ORDER BY ended_at DESC LIMIT 1
)
WHERE model = now_model AND tier IS now_tier
"""

_WAITING = """
SELECT r.reading_id, r.case_id, r.question, r.chat_id, r.language,
    m.message_id AS received_id
FROM readings r INDEXED BY readings_waiting
JOIN messages m ON m.reading_id = r.reading_id AND m.role = 'received' AND m.chat_id = r.chat_id
WHERE r.status = 'waiting' AND r.reading_id > :after
    AND NOT EXISTS (
        SELECT 1 FROM people p WHERE p.chat_id = r.chat_id AND p.revoked_at IS NOT NULL
    )
ORDER BY r.reading_id, m.message_id DESC LIMIT 1
"""
