"""Cases that are older than the clinic keeps them, and the clock that says so.

One query chooses them, for a dry run and for a real one. They are only marked here:
`bot.store.deletion` erases them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.audit import Act, Actor
from bot.domain.ids import CaseId
from bot.domain.retention import Retention
from bot.store import audit
from bot.store.deletion import HELD, IS_OPEN, Scope, mark_for_deletion
from bot.store.rows import moment
from storage.database import Database, Transaction, Value

CLOCK_JUMP = timedelta(days=31)
"""A clock that went on by more than this since it was last looked at is not believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """A case that is older than it is kept.

    Args:
        scope: How much of it is deleted.
        pictures: How many pictures it has.
        held: It is kept all the same: it looked urgent, and nobody has signed it off.
    """

    case_id: CaseId
    created_at: datetime
    scope: Scope
    pictures: int
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionState:
    """Whether old cases are deleted as they should be.

    Args:
        looked_at: When the bot last looked for old cases, None for never.
        cases: How many cases, or their pictures, are to be deleted.
        pending_deletions: How many of them are marked, and not erased yet.
    """

    looked_at: datetime | None
    cases: int
    pending_deletions: int


def retention_state(tx: Transaction, policy: Retention) -> RetentionState:
    """Look, changing nothing."""
    looked = tx.one(_LOOKED_AT)
    due = f"SELECT count(*) FROM ({_EXPIRED} AND NOT {HELD})"
    return RetentionState(
        looked_at=None if looked is None else moment(looked["seen_at"]),
        cases=tx.run(due, **_bounds(tx, policy, tx.now)).fetchone()[0],
        pending_deletions=tx.run("SELECT count(*) FROM pending_deletions").fetchone()[0],
    )


class Expiry:
    """Queries that choose what is too old."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def expired(self, policy: Retention) -> tuple[Expired, ...]:
        """What is older than it is kept, changing nothing."""
        return await self._database.read(
            lambda tx: _expired(tx, f"{_EXPIRED} {_LIMIT}", _bounds(tx, policy, tx.now), _ALL)
        )

    async def mark_expired_for_deletion(
        self, policy: Retention, now: datetime, limit: int
    ) -> tuple[Expired, ...]:
        """Mark what is older than it is kept, with an entry in the audit log.

        Args:
            now: The time that `has_jumped` believed or somebody vouched for: the clock may have
                jumped since.

        Returns:
            What was marked, oldest first, up to a limit: others write between two calls.
        """
        now_s = now.timestamp()
        bounds = await self._database.read(lambda tx: _bounds(tx, policy, now_s))

        def transaction(tx: Transaction) -> tuple[Expired, ...]:
            going = _expired(tx, f"{_EXPIRED} AND NOT {HELD} {_LIMIT}", bounds, limit)
            if going:
                mark_for_deletion(tx, ((each.case_id, each.scope) for each in going))
                nobody = Actor(user_id=None, occasion=f"retention:{now_s}:{going[0].case_id}")
                audit.append(tx, nobody.does(Act.EXPIRED, _in_words(going)))
            return going

        return await self._database.write(transaction)

    async def has_jumped(self, now: datetime) -> bool:
        """Whether the clock went forward by more than a clinic ever rests, since the last look.

        Then nothing may be deleted by age until the clock is put right, or somebody vouches for it
        (`believe`).
        """

        def transaction(tx: Transaction) -> bool:
            row = tx.one(_LOOKED_AT)
            if row is not None and now - moment(row["seen_at"]) > CLOCK_JUMP:
                return True
            tx.run(_LATEST, now=now.timestamp())
            return False

        return await self._database.write(transaction)

    async def believe(self, now: datetime) -> None:
        """Take this time to be right, whatever was seen before."""
        await self._database.write(lambda tx: tx.run(_BELIEVE, now=now.timestamp()))


Bounds = dict[str, Value]
"""Parameters that say what is too old: times, and the numbers of the first cases that are not."""


def _bounds(tx: Transaction, policy: Retention, now_s: float) -> Bounds:
    """Say what is too old, of cases and of pictures.

    Numbers rise with time: a case that was sent while the clock stood in the past is as old as the
    one before it, so it is too old only if its number is below that of the first that is not.

    Returns:
        NULL for what is kept for ever, or where none is younger.
    """
    bounds: Bounds = {}
    for what, kept in (("cases", policy.cases), ("pictures", policy.pictures)):
        before = None if kept is None else now_s - kept.total_seconds()
        bounds[f"{what}_before"] = before
        younger = tx.run(_FIRST_YOUNGER, before=before, now=now_s).fetchone()[0]
        bounds[f"{what}_younger"] = younger
    return bounds


def _expired(tx: Transaction, query: str, bounds: Bounds, limit: int) -> tuple[Expired, ...]:
    return tuple(
        Expired(
            case_id=CaseId(row["case_id"]),
            created_at=moment(row["created_at"]),
            scope=Scope(row["scope"]),
            pictures=row["pictures"],
            held=bool(row["held"]),
        )
        for row in tx.all(query, **bounds, limit=limit)
    )


def _in_words(gone: Sequence[Expired]) -> str:
    """How much went, for the audit log: numbers alone."""
    cases = sum(each.scope is Scope.CASE for each in gone)
    return f"cases: {cases}, pictures: {sum(each.pictures for each in gone)}"


def _too_old(what: str) -> str:
    """Whether a case, or its pictures, are older than they are kept.

    A comparison with NULL, of what is kept for ever, holds for nothing.

    Args:
        what: `cases` or `pictures`.
    """
    return (
        f"(c.created_at < :{what}_before AND c.case_id < coalesce(:{what}_younger, c.case_id + 1))"
    )


_LOOKED_AT = "SELECT seen_at FROM clock"

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
AND NOT {IS_OPEN} AND c.case_id NOT IN (SELECT case_id FROM pending_deletions)
"""
"""The time that bounds both is for the index; what is chosen follows from the rest."""

_LIMIT = "ORDER BY c.created_at LIMIT :limit + 0"
_ALL = -1

_BELIEVE = """
INSERT INTO clock (one, seen_at) VALUES (1, :now) ON CONFLICT (one) DO UPDATE SET seen_at = :now
"""

_LATEST = f"{_BELIEVE} WHERE :now > seen_at"
