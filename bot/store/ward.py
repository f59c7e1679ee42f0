"""The ward now: what waits, what is being read, what is urgent and not signed off."""

from datetime import timedelta

from bot.domain.figures import Ward
from bot.domain.ids import CaseId, UserId
from bot.store.rows import moment_or_none
from inference.contract import Urgency
from storage.database import Database, Transaction

LOOK_BACK = timedelta(hours=1)
URGENT_WITHIN = timedelta(days=7)
"""Older ones are for `/cases`: the board is drawn every few seconds, from any size of archive."""
URGENT_MOST = 60


class WardView:
    """Queries of the ward's state; counts and case numbers, nothing of a patient."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def now(self) -> Ward:
        """Look at the ward; the figures of answers are those of the last hour."""
        return await self._database.read(_ward)

    async def unopened(self, whose: UserId | None) -> tuple[int, tuple[CaseId, ...]]:
        """How many wait, and the urgent cases of the last week that nobody has opened.

        Args:
            whose: Only those that this person sent; None for all.
        """

        def query(tx: Transaction) -> tuple[int, tuple[CaseId, ...]]:
            waiting = tx.run(_WAITING_OF, whose=whose).fetchone()[0]
            since = tx.now - URGENT_WITHIN.total_seconds()
            found = tx.run(_UNOPENED, since=since, whose=whose)
            return waiting, tuple(CaseId(case_id) for (case_id,) in found)

        return await self._database.read(query)


def _ward(tx: Transaction) -> Ward:
    lately = tx.now - LOOK_BACK.total_seconds()
    waiting, waiting_since = tx.run(_WAITING).fetchone()
    reading, reading_since = tx.run(_READING).fetchone()
    urgent = [
        (CaseId(case_id), Urgency(urgency))
        for case_id, urgency in tx.run(_URGENT, since=tx.now - URGENT_WITHIN.total_seconds())
    ]
    ringing, ringing_since = tx.run(_RINGING).fetchone()
    waits = [wait_s for (wait_s,) in tx.run(_WAITS, since=lately)]
    return Ward(
        waiting=waiting,
        waiting_since=moment_or_none(waiting_since),
        reading=reading,
        reading_since=moment_or_none(reading_since),
        urgent=sum(urgency.alarming for _, urgency in urgent),
        unknown=sum(not urgency.alarming for _, urgency in urgent),
        urgent_cases=tuple(urgent[:URGENT_MOST]),
        ringing=ringing,
        ringing_since=moment_or_none(ringing_since),
        answered=len(waits),
        failed=tx.run(_FAILED, since=lately).fetchone()[0],
        wait_p50_s=waits[len(waits) // 2] if waits else None,
    )


_WAITING = "SELECT count(*), min(asked_at) FROM readings WHERE status = 'waiting'"

_READING = "SELECT count(*), min(claimed_at) FROM readings WHERE status = 'reading'"

_URGENT = """
SELECT r.case_id, r.urgency
FROM readings r INDEXED BY readings_by_time
WHERE r.asked_at >= :since AND (r.question IS NULL) = 1
AND r.urgency IN ('critical', 'urgent', 'not_stated') AND r.status = 'answered'
AND EXISTS (
    SELECT 1 FROM cases u INDEXED BY cases_unreviewed
    WHERE u.case_id = r.case_id AND u.reviewed_at IS NULL AND u.withdrawn_at IS NULL
)
ORDER BY r.urgency = 'not_stated', r.urgency = 'urgent', r.case_id
"""
"""The index has `(question IS NULL) = 1`; for `question IS NULL` SQLite looks into each reading."""

_RINGING = "SELECT count(*), min(raised_at) FROM alarms WHERE state = 'ringing'"

_WAITING_OF = """
SELECT count(*) FROM readings
WHERE status = 'waiting' AND (:whose IS NULL OR asked_by = :whose)
"""

_UNOPENED = """
SELECT r.case_id
FROM readings r INDEXED BY readings_by_time
WHERE r.asked_at >= :since AND (r.question IS NULL) = 1
AND r.urgency IN ('critical', 'urgent') AND r.status = 'answered'
AND EXISTS (
    SELECT 1 FROM cases u INDEXED BY cases_unreviewed
    WHERE u.case_id = r.case_id AND u.reviewed_at IS NULL AND u.withdrawn_at IS NULL
        AND u.seen_at IS NULL AND (:whose IS NULL OR u.sender_id = :whose)
)
ORDER BY r.urgency = 'urgent', r.case_id
"""

_WAITS = """
SELECT ended_at - asked_at AS wait_s FROM readings
WHERE status = 'answered' AND ended_at >= :since AND question IS NULL
    AND NOT EXISTS (SELECT 1 FROM earlier_readings e WHERE e.case_id = readings.case_id)
ORDER BY wait_s
"""
"""Nobody waited for a reading that was made again since the case was sent."""

_FAILED = """
SELECT count(*) FROM readings INDEXED BY readings_by_time
WHERE asked_at >= :since AND (question IS NULL) = 1 AND status = 'failed'
"""
