"""Cases that are older than they are kept, and the clock by which they are.

The choice is one query, by which a dry run tells what a real run would delete. It is only written
down: `bot.store.deletion` takes out what was chosen.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.ids import CaseId
from bot.domain.retention import Retention
from bot.store.bell import Bells
from bot.store.database import Connection, Database
from bot.store.deletion import HELD, IS_OPEN, Scope, mark_for_deletion
from bot.store.rows import moment

CLOCK_JUMP = timedelta(days=31)
"""A clock that went on by more than this since it was last looked at is not believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """A case that is older than it is kept.

    Args:
        scope: How much of it goes.
        pictures: How many pictures it has.
        held: It stays all the same: it looked urgent, and nobody has signed it off.
    """

    case_id: CaseId
    created_at: datetime
    scope: Scope
    pictures: int
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionState:
    """How it stands with what is older than it is kept.

    Args:
        looked_at: When it was last looked for, None for never.
        cases: How many cases are due to go, whole or their pictures.
        doomed: How many were chosen, and are not gone yet.
    """

    looked_at: datetime | None
    cases: int
    pending_deletions: int


def retention_state(connection: Connection, policy: Retention, now: datetime) -> RetentionState:
    """See how it stands, on a connection that only reads."""
    looked = connection.execute("SELECT seen_at FROM clock").fetchone()
    due = f"SELECT count(*) AS n FROM ({_EXPIRED} AND NOT {HELD})"
    return RetentionState(
        looked_at=None if looked is None else moment(looked["seen_at"]),
        cases=connection.execute(due, _bounds(connection, policy, now)).fetchone()["n"],
        pending_deletions=connection.execute("SELECT count(*) AS n FROM doomed").fetchone()["n"],
    )


class Expiry:
    """Queries that choose what is too old."""

    def __init__(self, database: Database, bells: Bells) -> None:
        self._database = database
        self._bells = bells

    async def expired(self, policy: Retention, now: datetime) -> tuple[Expired, ...]:
        """What is older than it is kept, changing nothing."""

        def query(connection: Connection) -> tuple[Expired, ...]:
            bounds = _bounds(connection, policy, now)
            return _expired(connection, f"{_EXPIRED} {_LIMIT}", bounds, _ALL)

        return await self._database.read(query)

    async def mark_expired_for_deletion(
        self, policy: Retention, now: datetime, limit: int
    ) -> tuple[Expired, ...]:
        """Write down what goes of that which is older than it is kept.

        Returns:
            What goes, oldest first, up to a limit: others write between two calls.
        """
        bounds = await self._database.read(lambda connection: _bounds(connection, policy, now))

        def transaction(connection: Connection) -> tuple[Expired, ...]:
            going = _expired(connection, f"{_EXPIRED} AND NOT {HELD} {_LIMIT}", bounds, limit)
            mark_for_deletion(connection, ((each.case_id, each.scope) for each in going))
            return going

        going = await self._database.write(transaction)
        self._bells.pending_deletions.ring()
        return going

    async def has_jumped(self, now: datetime) -> bool:
        """Whether the clock went on further than a clinic rests, since it was last looked at.

        Then the latest time that was believed stands, until the clock is put right or somebody
        vouches for it (`believe`).

        Returns:
            True if nothing may be deleted by age.
        """

        def transaction(connection: Connection) -> bool:
            row = connection.execute("SELECT seen_at FROM clock").fetchone()
            if row is not None and now - moment(row["seen_at"]) > CLOCK_JUMP:
                return True
            connection.execute(_LATEST, {"now": now.timestamp()})
            return False

        return await self._database.write(transaction)

    async def believe(self, now: datetime) -> None:
        """Take this for the time, whatever was seen before."""
        await self._database.write(lambda c: c.execute(_BELIEVE, {"now": now.timestamp()}))


Bounds = dict[str, float | None]
"""Parameters that say what is too old: times, and the numbers of the first cases that are not."""


def _bounds(connection: Connection, policy: Retention, now: datetime) -> Bounds:
    """Say what is too old, of cases and of pictures.

    Numbers rise with time: a case that was sent while the clock stood in the past is as old as the
    one before it, so it is too old only if its number is below that of the first that is not.

    Returns:
        NULL for what is kept for ever, or where none is younger.
    """
    bounds: Bounds = {}
    for what, kept in (("cases", policy.cases), ("pictures", policy.pictures)):
        before = None if kept is None else (now - kept).timestamp()
        times = {"before": before, "now": now.timestamp()}
        bounds[f"{what}_before"] = before
        bounds[f"{what}_younger"] = connection.execute(_FIRST_YOUNGER, times).fetchone()["case_id"]
    return bounds


def _expired(connection: Connection, query: str, bounds: Bounds, limit: int) -> tuple[Expired, ...]:
    rows = connection.execute(query, {**bounds, "limit": limit})
    return tuple(
        Expired(
            case_id=CaseId(row["case_id"]),
            created_at=moment(row["created_at"]),
            scope=Scope(row["scope"]),
            pictures=row["pictures"],
            held=bool(row["held"]),
        )
        for row in rows
    )


def _too_old(what: str) -> str:
    """Whether a case, or its pictures, are older than they are kept.

    A comparison with NULL, of what is kept for ever, holds for nothing.

    Args:
        what: `cases` or `pictures`.
    """
    return (
        f"(c.created_at < :{what}_before AND c.case_id < coalesce(:{what}_younger, c.case_id + 1))"
    )


_FIRST_YOUNGER = """
SELECT min(case_id) AS case_id FROM cases INDEXED BY cases_by_time
WHERE created_at >= :before AND created_at <= :now
"""

_EXPIRED = f"""
SELECT c.case_id, c.created_at, {HELD} AS held,
    CASE WHEN {_too_old("cases")} THEN 'case' ELSE 'pictures' END AS scope,
    (SELECT count(*) FROM pictures p WHERE p.case_id = c.case_id) AS pictures
FROM cases c INDEXED BY cases_by_time
WHERE c.created_at < max(coalesce(:cases_before, :pictures_before),
    coalesce(:pictures_before, :cases_before))
AND (
    {_too_old("cases")}
    OR {_too_old("pictures")} AND EXISTS (SELECT 1 FROM pictures p WHERE p.case_id = c.case_id)
)
AND NOT {IS_OPEN} AND c.case_id NOT IN (SELECT case_id FROM doomed)
"""
"""The time that bounds both is for the index; what is chosen follows from the rest."""

_LIMIT = "ORDER BY c.created_at LIMIT :limit"
_ALL = -1

_BELIEVE = """
INSERT INTO clock (one, seen_at) VALUES (1, :now) ON CONFLICT (one) DO UPDATE SET seen_at = :now
"""

_LATEST = f"{_BELIEVE} WHERE :now > seen_at"
