"""Figures of what people made of readings: how soon they looked, how often they agreed."""

from collections import Counter, defaultdict
from datetime import datetime

from bot.domain.cases import Outcome
from bot.domain.oversight import Agreement, FirstLooks, Oversight
from inference.contract import Urgency
from storage.database import Database, Row


class SupervisorFigures:
    """Queries that count what supervisors did."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def oversight(self, since: datetime, until: datetime) -> Oversight:
        """Count what became of the cases that were sent in a period and answered."""
        times = {"since": since.timestamp(), "until": until.timestamp()}
        return await self._database.read(lambda tx: _oversight(tx.all(_ANSWERED, **times)))


def _oversight(answered: list[Row]) -> Oversight:
    by_urgency = defaultdict[Urgency, list[Row]](list)
    for row in answered:
        by_urgency[Urgency(row["urgency"])].append(row)
    found = [(urgency, by_urgency[urgency]) for urgency in Urgency if urgency in by_urgency]
    return Oversight(
        answered=len(answered),
        signed=sum(row["review_agrees"] is not None for row in answered),
        looks=tuple(_looks(urgency, rows) for urgency, rows in found),
        agreements=tuple(each for urgency, rows in found for each in _agreements(urgency, rows)),
        outcomes=dict(Counter(Outcome(row["outcome"]) for row in answered if row["outcome"])),
    )


def _looks(urgency: Urgency, rows: list[Row]) -> FirstLooks:
    """A clock that was set back makes no look earlier than the case."""
    waits = sorted(
        max(0.0, row["seen_at"] - row["asked_at"]) for row in rows if row["seen_at"] is not None
    )
    half, most = len(rows) // 2, len(rows) * 9 // 10
    return FirstLooks(
        urgency=urgency,
        cases=len(rows),
        seen=len(waits),
        p50_s=waits[half] if half < len(waits) else None,
        p90_s=waits[most] if most < len(waits) else None,
    )


def _agreements(urgency: Urgency, rows: list[Row]) -> list[Agreement]:
    verdicts = defaultdict[str, list[int]](list)
    for row in rows:
        if row["review_agrees"] is not None:
            verdicts[row["model"]].append(row["review_agrees"])
    return [
        Agreement(urgency=urgency, model=model, agreed=sum(said), signed=len(said))
        for model, said in sorted(verdicts.items())
    ]


_ANSWERED = """
SELECT r.urgency, r.model, r.asked_at, coalesce(c.seen_at, c.reviewed_at) AS seen_at,
    c.review_agrees, c.outcome
FROM readings r INDEXED BY readings_by_time CROSS JOIN cases c ON c.case_id = r.case_id
WHERE r.asked_at >= :since AND r.asked_at < :until
    AND (r.question IS NULL) = 1 AND r.status = 'answered' AND c.withdrawn_at IS NULL
"""
"""Whoever signs off a case of their own has looked at it then."""
