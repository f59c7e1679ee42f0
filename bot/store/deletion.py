"""Deletes cases for good: a patient's, and those that are too old (`bot.store.expiry`).

Knows every table that tells of a case. Must not know the gateway. A case is first marked, so that
a deletion that was cut off is finished later; the gateway deletes its messages (`bot.retention`);
then the case is erased here.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.audit import Act, Actor
from bot.domain.cases import CasesOfPatient, case_code
from bot.domain.ids import CaseId, ChatId, MessageId
from bot.store import audit
from bot.store.queue_position import alarming
from bot.store.rows import moment
from bot.store.topics import Topic
from bot.store.words import begin_merging, go_on_merging, index_words
from storage.database import Database, Row, Transaction


class Scope(StrEnum):
    """How much of a case is deleted."""

    PICTURES = "pictures"
    CASE = "case"
    FORGOTTEN = "forgotten"  # the case, and every table that was exported since it was sent


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingDeletion:
    """A case that is to be deleted, and what the chats hold of it.

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


class Deletion:
    """Queries that mark a patient's cases, and erase what was marked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, reference: str) -> CasesOfPatient | None:
        """Look for the cases of a patient, by the reference in their captions, capital or small."""
        return await self._database.read(
            lambda tx: _found(tx.all(_OF_REFERENCE, reference=reference))
        )

    async def find_like(self, case_id: CaseId) -> CasesOfPatient | None:
        """Look for a case and all others of its reference, for one whose caption has none."""
        return await self._database.read(lambda tx: _found(tx.all(_LIKE, case_id=case_id)))

    async def mark_patient_for_deletion(
        self, newest: CaseId, count: int, *, by: Actor
    ) -> tuple[str, ...]:
        """Mark a case and all others of its reference, if they are those that were shown.

        Args:
            newest: The newest of those that were shown.

        Returns:
            Their codes; none if there are others now: then nothing was changed.
        """

        def transaction(tx: Transaction) -> tuple[str, ...]:
            ids = [CaseId(each["case_id"]) for each in tx.all(_LIKE, case_id=newest)]
            if len(ids) != count or ids[:1] != [newest]:
                return ()
            tx.run(_FORGET_IN_OTHERS, newest=newest)
            mark_for_deletion(tx, ((case_id, Scope.FORGOTTEN) for case_id in ids))
            codes = tuple(case_code(case_id) for case_id in reversed(ids))
            audit.append(tx, by.does(Act.FORGOT, " ".join(codes)))
            return codes

        return await self._database.write(transaction)

    async def pending_deletions(self, limit: int) -> tuple[PendingDeletion, ...]:
        """Marked cases of one scope, without those that somebody asks about again."""

        def transaction(tx: Transaction) -> tuple[PendingDeletion, ...]:
            tx.run(_SPARE_OPEN)
            return tuple(_pending_deletion(tx, row) for row in tx.all(_PENDING, limit=limit))

        return await self._database.write(transaction)

    async def erase(self, pending_deletions: Sequence[PendingDeletion]) -> tuple[str, ...]:
        """Delete cases from every table, all or none.

        Handled updates and delivered messages, kept for whoever looks into a fault, may tell of
        any case: they are deleted with a whole case.

        Returns:
            The names of pictures that no case names any more.
        """
        ids = json.dumps([each.case_id for each in pending_deletions])
        whole = any(each.scope is not Scope.PICTURES for each in pending_deletions)

        def transaction(tx: Transaction) -> tuple[str, ...]:
            names = tuple(row["name"] for row in tx.all(_PICTURES_OF, ids=ids))
            tx.run(_UNSEND_PICTURES, names=json.dumps(names))
            tx.run(_UNSETTLE)
            compared = tx.all(_COMPARED_CASES, ids=ids) if whole else []
            for statement in _ERASE_CASES if whole else _ERASE_PICTURES:
                tx.run(statement, ids=ids)
            for row in compared:  # a newer case loses what compared it with one of these
                index_words(tx, row["case_id"])
            tx.signal(Topic.CANCELS)  # one that was being read need not be read to its end
            return names

        return await self._database.write(transaction)

    async def settle(self) -> None:
        """Have SQLite overwrite what was deleted, in the index of words and in the log.

        Does nothing if nothing was deleted since. If it is cut off, the next call does all of it.
        """
        if await self._database.read(lambda tx: tx.one("SELECT 1 FROM unsettled") is None):
            return
        await self._database.write(begin_merging)
        while await self._database.write(go_on_merging):
            pass
        await self._database.write(lambda tx: tx.run(_SETTLED))
        await self._database.empty_log()


def mark_for_deletion(tx: Transaction, cases: Iterable[tuple[CaseId, Scope]]) -> None:
    """Mark cases, inside somebody's transaction."""
    tx.run_many(_MARK, [{"case_id": case_id, "scope": scope} for case_id, scope in cases])
    tx.signal(Topic.DELETIONS)


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


def _pending_deletion(tx: Transaction, row: Row) -> PendingDeletion:
    messages = tx.all(_MESSAGES_OF, case_id=row["case_id"])
    return PendingDeletion(
        case_id=CaseId(row["case_id"]),
        scope=Scope(row["scope"]),
        created_at=moment(row["created_at"]),
        messages=tuple(
            (ChatId(each["chat_id"]), MessageId(each["message_id"])) for each in messages
        ),
    )


HELD = f"(c.reviewed_at IS NULL AND c.withdrawn_at IS NULL AND {alarming('c')})"
"""Whether a case looked urgent, and nobody has signed it off."""

IS_OPEN = """(EXISTS (
    SELECT 1 FROM readings o INDEXED BY readings_of_case
    WHERE o.case_id = c.case_id AND o.status IN ('waiting', 'reading')
) OR EXISTS (
    SELECT 1 FROM comparisons k INDEXED BY comparisons_of_prior
    CROSS JOIN readings o ON o.reading_id = k.reading_id
    WHERE k.prior_case_id = c.case_id AND o.status IN ('waiting', 'reading')
))"""
"""Whether somebody asks about a case, or has it compared with a newer one."""


_OF_REFERENCE = f"""
SELECT c.case_id, c.created_at, {HELD} AS held
FROM cases c WHERE c.patient_reference = :reference COLLATE NOCASE
ORDER BY c.case_id DESC
"""

_LIKE = f"""
SELECT c.case_id, c.created_at, {HELD} AS held
FROM cases c WHERE c.case_id IN (
    SELECT :case_id UNION SELECT case_id FROM cases WHERE patient_reference = (
        SELECT patient_reference FROM cases WHERE case_id = :case_id
    ) COLLATE NOCASE
)
ORDER BY c.case_id DESC
"""

_FORGET_IN_OTHERS = """
UPDATE corrections SET old = NULL WHERE case_id IN (
    SELECT v.case_id FROM corrections v
    WHERE v.field = 'reference' AND v.old = (
        SELECT patient_reference FROM cases WHERE case_id = :newest
    ) COLLATE NOCASE
)
"""
"""What cases of others said once, while they were taken for this patient's."""

_MARK = """
INSERT INTO pending_deletions (case_id, scope) VALUES (:case_id, :scope)
ON CONFLICT (case_id) DO UPDATE SET scope = excluded.scope
"""

_SPARE_OPEN = f"""
DELETE FROM pending_deletions AS c WHERE scope <> 'forgotten' AND {IS_OPEN}
"""

_PENDING = """
SELECT d.scope, c.* FROM pending_deletions d CROSS JOIN cases c ON c.case_id = d.case_id
WHERE d.scope = (SELECT max(scope) FROM pending_deletions) ORDER BY d.case_id LIMIT :limit + 0
"""
"""`CROSS`, for SQLite would else walk through all cases to look each up among the few."""

_MESSAGES_OF = """
SELECT m.chat_id, m.message_id FROM messages m JOIN readings r USING (reading_id)
WHERE r.case_id = :case_id
UNION
SELECT m.chat_id, m.message_id FROM comparisons k JOIN messages m USING (reading_id)
WHERE k.prior_case_id = :case_id
"""

_IDS = "(SELECT value FROM json_each(:ids))"

_COMPARED = f"(SELECT reading_id FROM comparisons WHERE prior_case_id IN {_IDS})"

_READINGS = f"""(
    SELECT reading_id FROM readings WHERE case_id IN {_IDS} UNION SELECT * FROM {_COMPARED}
)"""
"""Also the comparisons of newer cases with these: they tell of both."""

_COMPARED_CASES = f"""
SELECT DISTINCT case_id FROM readings
WHERE reading_id IN {_COMPARED} AND case_id NOT IN {_IDS}
"""

_PICTURES_OF = f"SELECT name FROM picture_files WHERE case_id IN {_IDS}"

_UNSEND_PICTURES = "DELETE FROM outbox WHERE picture IN (SELECT value FROM json_each(:names))"

_UNSETTLE = "INSERT OR IGNORE INTO unsettled VALUES (1)"

_SETTLED = "DELETE FROM unsettled"

_ERASE_PICTURES = (
    f"DELETE FROM pictures WHERE case_id IN {_IDS}",
    f"DELETE FROM pending_deletions WHERE case_id IN {_IDS}",
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
    f"DELETE FROM corrections WHERE case_id IN {_IDS}",
    f"DELETE FROM awaited_corrections WHERE case_id IN {_IDS}",
    f"DELETE FROM earlier_readings WHERE case_id IN {_IDS}",
    *_ERASE_PICTURES,
    f"DELETE FROM alarms WHERE case_id IN {_IDS}",
    f"DELETE FROM readings WHERE reading_id IN {_COMPARED}",
    f"DELETE FROM readings WHERE case_id IN {_IDS}",
    f"DELETE FROM cases WHERE case_id IN {_IDS}",
)
