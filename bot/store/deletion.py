"""Cases that go for good: chosen by age or by a patient's reference, then taken out of every table.

Knows every table that tells of a case. Must not know the gateway, which is told between the two.
What is chosen is written down first, so that a deletion that was cut off is finished later; the
choice is one query, by which a dry run tells what a real run would delete.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.cases import CasesOfPatient, case_code
from bot.domain.ids import CaseId, ChatId, MessageId
from bot.domain.retention import Retention
from bot.store.bell import Bells
from bot.store.database import Connection, Database, Row
from bot.store.line import alarming
from bot.store.rows import moment
from bot.store.words import begin_merging, go_on_merging

CLOCK_JUMP = timedelta(days=31)
"""A clock that went on by more than this since it was last looked at is not believed."""


class Scope(StrEnum):
    """How much of a case goes."""

    PICTURES = "pictures"
    CASE = "case"
    FORGOTTEN = "forgotten"  # the case, and every table that was exported since it was sent


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
class Doomed:
    """A case on its way out, and what the chats hold of it.

    Args:
        messages: Those that are about it.
    """

    case_id: CaseId
    scope: Scope
    created_at: datetime
    messages: tuple[tuple[ChatId, MessageId], ...]

    @property
    def code(self) -> str:
        """What people call it."""
        return case_code(self.case_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How it stands with what is older than it is kept.

    Args:
        looked_at: When it was last looked for, None for never.
        cases: How many cases are due to go, whole or their pictures.
        doomed: How many were chosen, and are not gone yet.
    """

    looked_at: datetime | None
    cases: int
    doomed: int


def standing(connection: Connection, policy: Retention, now: datetime) -> Standing:
    """See how it stands, on a connection that only reads.

    Returns:
        It.
    """
    looked = connection.execute("SELECT seen_at FROM clock").fetchone()
    due = f"SELECT count(*) AS n FROM ({_EXPIRED} AND NOT {_HELD})"
    return Standing(
        looked_at=None if looked is None else moment(looked["seen_at"]),
        cases=connection.execute(due, _bounds(connection, policy, now)).fetchone()["n"],
        doomed=connection.execute("SELECT count(*) AS n FROM doomed").fetchone()["n"],
    )


class Deletion:
    """Queries that choose what goes, and take it out."""

    def __init__(self, database: Database, bells: Bells) -> None:
        self._database = database
        self._bells = bells

    async def expired(self, policy: Retention, now: datetime) -> tuple[Expired, ...]:
        """What is older than it is kept, changing nothing.

        Returns:
            It, oldest first.
        """

        def query(connection: Connection) -> tuple[Expired, ...]:
            bounds = _bounds(connection, policy, now)
            return _expired(connection, f"{_EXPIRED} {_LIMIT}", bounds, _ALL)

        return await self._database.read(query)

    async def doom_expired(
        self, policy: Retention, now: datetime, limit: int
    ) -> tuple[Expired, ...]:
        """Write down what goes of that which is older than it is kept.

        Returns:
            What goes, oldest first, up to a limit: others write between two calls.
        """
        bounds = await self._database.read(lambda connection: _bounds(connection, policy, now))

        def transaction(connection: Connection) -> tuple[Expired, ...]:
            going = _expired(connection, f"{_EXPIRED} AND NOT {_HELD} {_LIMIT}", bounds, limit)
            _doom(connection, ((each.case_id, each.scope) for each in going))
            return going

        going = await self._database.write(transaction)
        self._bells.doomed.ring()
        return going

    async def find(self, reference: str) -> CasesOfPatient | None:
        """Look for the cases of a patient, by the reference in their captions, capital or small.

        Returns:
            What was found, None for nothing.
        """

        def query(connection: Connection) -> CasesOfPatient | None:
            return _found(connection.execute(_OF_REFERENCE, {"reference": reference}).fetchall())

        return await self._database.read(query)

    async def find_like(self, case_id: CaseId) -> CasesOfPatient | None:
        """Look for a case and all others of its reference, for one whose caption has none.

        Returns:
            What was found, None for nothing.
        """

        def query(connection: Connection) -> CasesOfPatient | None:
            return _found(connection.execute(_LIKE, {"case_id": case_id}).fetchall())

        return await self._database.read(query)

    async def doom_patient(self, newest: CaseId, count: int) -> tuple[str, ...]:
        """Write down that a case goes, and all others of its reference, as they were shown.

        Args:
            newest: The newest of those that were shown.
            count: How many were.

        Returns:
            Their codes; none where there are others now, and then nothing was changed.
        """

        def transaction(connection: Connection) -> tuple[str, ...]:
            found = connection.execute(_LIKE, {"case_id": newest})
            ids = [each["case_id"] for each in found]
            if len(ids) != count or ids[:1] != [newest]:
                return ()
            _doom(connection, ((CaseId(case_id), Scope.FORGOTTEN) for case_id in ids))
            return tuple(case_code(CaseId(case_id)) for case_id in reversed(ids))

        codes = await self._database.write(transaction)
        self._bells.doomed.ring()
        return codes

    async def doomed(self, limit: int) -> tuple[Doomed, ...]:
        """What is on its way out: cases of one scope, less those that somebody asks about again.

        Returns:
            Up to a limit; nothing once all is gone.
        """

        def transaction(connection: Connection) -> tuple[Doomed, ...]:
            connection.execute(_SPARE_OPEN)
            rows = connection.execute(_DOOMED, {"limit": limit}).fetchall()
            return tuple(_doomed(connection, row) for row in rows)

        return await self._database.write(transaction)

    async def erase(self, doomed: Sequence[Doomed]) -> tuple[str, ...]:
        """Take cases out of every table, all or none.

        With whole cases goes what was kept for whoever looks into a fault: updates that were
        handled and messages that were delivered may say anything.

        Returns:
            The names of pictures that no case names any more.
        """
        ids = {"ids": json.dumps([each.case_id for each in doomed])}
        whole = any(each.scope is not Scope.PICTURES for each in doomed)

        def transaction(connection: Connection) -> tuple[str, ...]:
            names = tuple(row["name"] for row in connection.execute(_PICTURES_OF, ids))
            connection.execute(_UNSEND_PICTURES, {"names": json.dumps(names)})
            connection.execute(_UNSETTLE)
            for statement in _ERASE_CASES if whole else _ERASE_PICTURES:
                connection.execute(statement, ids)
            return names

        names = await self._database.write(transaction)
        self._bells.cancels.ring()  # one that was being read need not be read to its end
        return names

    async def settle(self) -> None:
        """Have SQLite let go of what was deleted: the words' index, then the write-ahead log.

        Does nothing where nothing was deleted since; cut off, the next call does all of it.
        """
        if not await self._database.read(_is_unsettled):
            return
        await self._database.write(begin_merging)
        while await self._database.write(go_on_merging):
            pass
        await self._database.write(lambda connection: connection.execute(_SETTLED))
        await self._database.empty_log()

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


def _is_unsettled(connection: Connection) -> bool:
    return connection.execute("SELECT 1 FROM unsettled").fetchone() is not None


def _doom(connection: Connection, cases: Iterable[tuple[CaseId, Scope]]) -> None:
    connection.executemany(
        _DOOM, [{"case_id": case_id, "scope": scope} for case_id, scope in cases]
    )


def _found(rows: Sequence[Row]) -> CasesOfPatient | None:
    if not rows:
        return None
    times = [moment(row["created_at"]) for row in rows]
    return CasesOfPatient(
        newest=CaseId(rows[0]["case_id"]),
        count=len(rows),
        first_at=min(times),
        last_at=max(times),
        unreviewed=sum(row["held"] for row in rows),
    )


def _doomed(connection: Connection, row: Row) -> Doomed:
    messages = connection.execute(_MESSAGES_OF, {"case_id": row["case_id"]})
    return Doomed(
        case_id=CaseId(row["case_id"]),
        scope=Scope(row["scope"]),
        created_at=moment(row["created_at"]),
        messages=tuple(
            (ChatId(each["chat_id"]), MessageId(each["message_id"])) for each in messages
        ),
    )


_HELD = f"(c.reviewed_at IS NULL AND {alarming('c')})"

_IS_OPEN = """EXISTS (
    SELECT 1 FROM readings o INDEXED BY readings_of_case
    WHERE o.case_id = c.case_id AND o.status IN ('waiting', 'reading')
)"""


def _too_old(what: str) -> str:
    """Whether a case, or its pictures, are older than they are kept.

    A comparison with NULL, of what is kept for ever, holds for nothing.

    Args:
        what: `cases` or `pictures`.

    Returns:
        An SQL expression.
    """
    return (
        f"(c.created_at < :{what}_before AND c.case_id < coalesce(:{what}_younger, c.case_id + 1))"
    )


_FIRST_YOUNGER = """
SELECT min(case_id) AS case_id FROM cases INDEXED BY cases_by_time
WHERE created_at >= :before AND created_at <= :now
"""

_EXPIRED = f"""
SELECT c.case_id, c.created_at, {_HELD} AS held,
    CASE WHEN {_too_old("cases")} THEN 'case' ELSE 'pictures' END AS scope,
    (SELECT count(*) FROM pictures p WHERE p.case_id = c.case_id) AS pictures
FROM cases c INDEXED BY cases_by_time
WHERE c.created_at < max(coalesce(:cases_before, :pictures_before),
    coalesce(:pictures_before, :cases_before))
AND (
    {_too_old("cases")}
    OR {_too_old("pictures")} AND EXISTS (SELECT 1 FROM pictures p WHERE p.case_id = c.case_id)
)
AND NOT {_IS_OPEN} AND c.case_id NOT IN (SELECT case_id FROM doomed)
"""
"""The time that bounds both is for the index; what is chosen follows from the rest."""

_LIMIT = "ORDER BY c.created_at LIMIT :limit"
_ALL = -1

_OF_REFERENCE = f"""
SELECT c.case_id, c.created_at, {_HELD} AS held
FROM cases c WHERE c.patient_reference = :reference COLLATE NOCASE
ORDER BY c.case_id DESC
"""

_LIKE = f"""
SELECT c.case_id, c.created_at, {_HELD} AS held
FROM cases c WHERE c.case_id IN (
    SELECT :case_id UNION SELECT case_id FROM cases WHERE patient_reference = (
        SELECT patient_reference FROM cases WHERE case_id = :case_id
    ) COLLATE NOCASE
)
ORDER BY c.case_id DESC
"""

_DOOM = """
INSERT INTO doomed (case_id, scope) VALUES (:case_id, :scope)
ON CONFLICT (case_id) DO UPDATE SET scope = excluded.scope
"""

_SPARE_OPEN = f"""
DELETE FROM doomed AS c WHERE scope <> 'forgotten' AND {_IS_OPEN}
"""

_DOOMED = """
SELECT d.scope, c.* FROM doomed d CROSS JOIN cases c ON c.case_id = d.case_id
WHERE d.scope = (SELECT max(scope) FROM doomed) ORDER BY d.case_id LIMIT :limit
"""
"""`CROSS`, for SQLite would else walk through all cases to look each up among the few doomed."""

_MESSAGES_OF = """
SELECT m.chat_id, m.message_id FROM messages m JOIN readings r USING (reading_id)
WHERE r.case_id = :case_id
"""

_IDS = "(SELECT value FROM json_each(:ids))"

_READINGS = f"(SELECT reading_id FROM readings WHERE case_id IN {_IDS})"

_PICTURES_OF = f"SELECT name FROM pictures WHERE case_id IN {_IDS}"

_UNSEND_PICTURES = "DELETE FROM outbox WHERE picture IN (SELECT value FROM json_each(:names))"

_UNSETTLE = "INSERT OR IGNORE INTO unsettled VALUES (1)"

_SETTLED = "DELETE FROM unsettled"

_ERASE_PICTURES = (
    f"DELETE FROM pictures WHERE case_id IN {_IDS}",
    f"DELETE FROM doomed WHERE case_id IN {_IDS}",
)

_ERASE_CASES = (
    """
    DELETE FROM updates
    WHERE status <> 'waiting' AND update_id < (SELECT max(update_id) FROM updates)
    """,
    "UPDATE updates SET body = '{}' WHERE status <> 'waiting'",
    f"DELETE FROM outbox WHERE status <> 'waiting' OR reading_id IN {_READINGS}",
    f"DELETE FROM messages WHERE reading_id IN {_READINGS}",
    f"DELETE FROM case_words WHERE rowid IN {_IDS}",
    *_ERASE_PICTURES,
    f"DELETE FROM readings WHERE case_id IN {_IDS}",
    f"DELETE FROM cases WHERE case_id IN {_IDS}",
)

_BELIEVE = """
INSERT INTO clock (one, seen_at) VALUES (1, :now) ON CONFLICT (one) DO UPDATE SET seen_at = :now
"""

_LATEST = f"{_BELIEVE} WHERE :now > seen_at"
