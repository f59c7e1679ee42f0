"""Figures over a period: how many cases, how urgent, how long people waited."""

from datetime import datetime

from bot.domain import CaseStatus, EngineFigures, Figures
from bot.store.database import Connection, Database
from inference.contract import Tier, Urgency


class Summary:
    """Queries that count."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def figures(self, since: datetime, until: datetime) -> Figures:
        """Count what was sent in a period.

        Args:
            since: From this time on.
            until: Before this time.

        Returns:
            The period in numbers.
        """
        values = {"since": since.timestamp(), "until": until.timestamp()}

        def query(connection: Connection) -> Figures:
            waits = [row["wait_s"] for row in connection.execute(_WAITS, values)]
            (follow_ups,) = connection.execute(_FOLLOW_UPS, values).fetchone()
            (unreviewed,) = connection.execute(_UNREVIEWED, values).fetchone()
            return Figures(
                by_status={
                    CaseStatus(name): count for name, count in connection.execute(_STATUS, values)
                },
                by_urgency={
                    Urgency(name): count for name, count in connection.execute(_URGENCY, values)
                },
                follow_ups=follow_ups,
                wait_p50_s=waits[len(waits) // 2] if waits else None,
                wait_p90_s=waits[len(waits) * 9 // 10] if waits else None,
                engines=_engines(connection, values),
                unreviewed=unreviewed,
            )

        return await self._database.read(query)


def _engines(connection: Connection, values: dict[str, float]) -> tuple[EngineFigures, ...]:
    durations: dict[tuple[str, str | None], list[float]] = {}
    for model, tier, duration_s in connection.execute(_DURATIONS, values):
        durations.setdefault((model, tier), []).append(duration_s)
    figures = (
        EngineFigures(
            model=model,
            tier=None if tier is None else Tier(tier),
            readings=len(found),
            median_duration_s=found[len(found) // 2],
        )
        for (model, tier), found in durations.items()
    )
    return tuple(sorted(figures, key=lambda engine: -engine.readings))


_PERIOD = """
FROM cases c JOIN readings r ON r.case_id = c.case_id AND r.question IS NULL
WHERE c.created_at >= :since AND c.created_at < :until
"""

_STATUS = f"SELECT r.status, count(*) {_PERIOD} GROUP BY r.status"

_URGENCY = f"""
SELECT r.urgency, count(*) {_PERIOD} AND r.status = 'answered' GROUP BY r.urgency
"""

_WAITS = f"""
SELECT r.ended_at - c.created_at AS wait_s {_PERIOD} AND r.status = 'answered' ORDER BY wait_s
"""

_UNREVIEWED = f"""
SELECT count(*) {_PERIOD} AND r.status = 'answered' AND c.reviewed_at IS NULL
"""

_FOLLOW_UPS = """
SELECT count(*) FROM cases c JOIN readings r ON r.case_id = c.case_id
WHERE c.created_at >= :since AND c.created_at < :until AND r.question IS NOT NULL
"""

_DURATIONS = """
SELECT r.model, r.tier, r.duration_s FROM cases c JOIN readings r ON r.case_id = c.case_id
WHERE c.created_at >= :since AND c.created_at < :until AND r.status = 'answered'
ORDER BY r.duration_s
"""
