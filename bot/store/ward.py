"""The ward at this moment: what waits, what is read, what is urgent and nobody has seen."""

from datetime import datetime, timedelta

from bot.domain.figures import Ward
from bot.domain.ids import CaseId
from bot.store.database import Connection, Database
from bot.store.rows import moment_or_none
from inference.contract import Urgency

LOOK_BACK = timedelta(hours=1)
URGENT_WITHIN = timedelta(days=7)
"""Older ones are for `/cases`: the board is drawn every few seconds, from any size of archive."""
URGENT_MOST = 12


class WardView:
    """Queries of the ward's state; counts and case numbers, nothing of a patient."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def now(self, now: datetime) -> Ward:
        """Look at the ward.

        Returns:
            Its state; the figures of answers are those of the last hour.
        """
        since = {"since": (now - LOOK_BACK).timestamp()}
        lately = {"since": (now - URGENT_WITHIN).timestamp()}

        def query(connection: Connection) -> Ward:
            waiting, waiting_since = connection.execute(_WAITING).fetchone()
            reading, reading_since = connection.execute(_READING).fetchone()
            urgent = [(CaseId(c), Urgency(u)) for c, u in connection.execute(_URGENT, lately)]
            waits = [wait_s for (wait_s,) in connection.execute(_WAITS, since)]
            (failed,) = connection.execute(_FAILED, since).fetchone()
            return Ward(
                waiting=waiting,
                waiting_since=moment_or_none(waiting_since),
                reading=reading,
                reading_since=moment_or_none(reading_since),
                urgent=len(urgent),
                urgent_cases=tuple(urgent[:URGENT_MOST]),
                answered=len(waits),
                failed=failed,
                wait_p50_s=waits[len(waits) // 2] if waits else None,
            )

        return await self._database.read(query)


_WAITING = "SELECT count(*), min(asked_at) FROM readings WHERE status = 'waiting'"

_READING = "SELECT count(*), min(claimed_at) FROM readings WHERE status = 'reading'"

_URGENT = """
SELECT r.case_id, r.urgency
FROM readings r INDEXED BY readings_by_time
WHERE r.asked_at >= :since AND (r.question IS NULL) = 1
AND r.urgency IN ('critical', 'urgent') AND r.status = 'answered'
AND EXISTS (
    SELECT 1 FROM cases u INDEXED BY cases_unreviewed
    WHERE u.case_id = r.case_id AND u.reviewed_at IS NULL
)
ORDER BY r.urgency = 'urgent', r.case_id
"""
"""The index has `(question IS NULL) = 1`; for `question IS NULL` SQLite looks into each reading."""

_WAITS = """
SELECT ended_at - asked_at AS wait_s FROM readings
WHERE status = 'answered' AND ended_at >= :since AND question IS NULL ORDER BY wait_s
"""

_FAILED = """
SELECT count(*) FROM readings INDEXED BY readings_by_time
WHERE asked_at >= :since AND (question IS NULL) = 1 AND status = 'failed'
"""
