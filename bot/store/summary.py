"""Figures over a period: how many cases, how urgent, how long people waited."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from bot.domain.cases import CaseStatus
from bot.domain.figures import Day, EngineFigures, Figures
from bot.store.rows import moment
from inference.contract import Tier, Urgency
from storage.database import Database, Row


class ClinicSummary:
    """Queries that count."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def figures(self, since: datetime, until: datetime) -> Figures:
        """Count what was sent and asked in a period."""
        times = {"since": since.timestamp(), "until": until.timestamp()}
        return await self._database.read(lambda tx: _figures(tx.all(READINGS, **times)))

    async def days(self, since: datetime, until: datetime) -> tuple[Day, ...]:
        """Count what was sent on each day of a period, by the clinic's clock."""
        times = {"since": since.timestamp(), "until": until.timestamp()}
        first = since.astimezone().date()
        count = (until.astimezone().date() - first).days + 1
        dates = [first + timedelta(days=day) for day in range(count)]
        return await self._database.read(lambda tx: _days(tx.all(READINGS, **times), dates))


def _days(readings: list[Row], dates: Sequence[date]) -> tuple[Day, ...]:
    sent = defaultdict[date, list[Row]](list)
    for row in readings:
        if row["is_first"]:
            sent[moment(row["asked_at"]).astimezone().date()].append(row)
    return tuple(_day(each, sent[each]) for each in dates)


def _day(on: date, sent: Sequence[Row]) -> Day:
    answered = [row for row in sent if row["status"] == CaseStatus.ANSWERED]
    return Day(
        date=on,
        by_urgency=dict(Counter(Urgency(row["urgency"]) for row in answered)),
        unanswered=len(sent) - len(answered),
    )


def _figures(readings: list[Row]) -> Figures:
    """One pass over the period: among a million cases each pass takes a while."""
    first = [row for row in readings if row["is_first"]]
    answered = [row for row in first if row["status"] == CaseStatus.ANSWERED]
    waits = sorted(row["ended_at"] - row["asked_at"] for row in answered)
    return Figures(
        by_status=dict(Counter(CaseStatus(row["status"]) for row in first)),
        by_urgency=dict(Counter(Urgency(row["urgency"]) for row in answered)),
        follow_ups=len(readings) - len(first),
        wait_p50_s=waits[len(waits) // 2] if waits else None,
        wait_p90_s=waits[len(waits) * 9 // 10] if waits else None,
        engines=_engines(row for row in readings if row["status"] == CaseStatus.ANSWERED),
        unreviewed=sum(row["unreviewed"] for row in answered),
    )


def _engines(answered: Iterable[Row]) -> tuple[EngineFigures, ...]:
    durations: dict[tuple[str, str | None], list[float]] = {}
    for row in answered:
        durations.setdefault((row["model"], row["tier"]), []).append(row["duration_s"])
    figures = (
        EngineFigures(
            model=model,
            tier=None if tier is None else Tier(tier),
            readings=len(found),
            median_duration_s=sorted(found)[len(found) // 2],
        )
        for (model, tier), found in durations.items()
    )
    return tuple(sorted(figures, key=lambda engine: -engine.readings))


READINGS = """
SELECT r.asked_at, r.question IS NULL AS is_first, r.status, r.urgency,
    coalesce((
        SELECT min(e.answered_at) FROM earlier_readings e WHERE e.case_id = r.case_id
    ), r.ended_at) AS ended_at, r.model, r.tier,
    r.duration_s, EXISTS (
        SELECT 1 FROM cases u INDEXED BY cases_unreviewed
        WHERE u.case_id = r.case_id AND u.reviewed_at IS NULL AND u.withdrawn_at IS NULL
    ) AS unreviewed
FROM readings r INDEXED BY readings_by_time
WHERE r.asked_at >= :since AND r.asked_at < :until
"""
"""From the index alone, which is in the order of time: no reading's text is passed over."""
