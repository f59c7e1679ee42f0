"""Corrections: versions of what was said of a case, and readings that were made before them.

Whatever is corrected is one transaction with its version, its audit entry and its messages.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.audit import Act, Actor
from bot.domain.cases import Case, QueuePosition, case_code
from bot.domain.corrections import Awaited, Change, Correction, EarlierReading, Field
from bot.domain.corrections import Value as Told
from bot.domain.ids import CaseId, MessageId, UserId
from bot.domain.messages import Outgoing
from bot.store import audit, outbox, rows
from bot.store.cases import found
from bot.store.queue_position import place
from bot.store.topics import Topic
from bot.store.words import index_words
from storage.database import Database, Row, Transaction, Value

ReadAgain = Callable[[Case, QueuePosition, Sequence[MessageId]], Sequence[Outgoing]]
"""Words what is said of a reading that is made again, and of the messages with that before it."""


class Corrections:
    """Queries over what was corrected."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def correct(
        self, case_id: CaseId, changes: Sequence[Change], *, by: Actor
    ) -> tuple[Correction, ...]:
        """Set a case right; a field that is so already is left alone.

        Returns:
            What was corrected.
        """

        def transaction(tx: Transaction) -> tuple[Correction, ...]:
            before = _last_id(tx, case_id)
            made = [change for change in changes if note(tx, case_id, change, by)]
            if made:
                index_words(tx, case_id)
                act = Act.CORRECTED if _overwrites(tx, case_id, before) else Act.CHANGED
                fields = " ".join(change.field for change in made)
                subject = case_code(case_id)
                named = act is Act.CORRECTED
                audit.append(tx, by.does(act, f"{subject} {fields}" if named else subject))
            return _versions(tx, case_id, before)

        return await self._database.write(transaction)

    async def of_case(self, case_id: CaseId) -> tuple[Correction, ...]:
        """List what was corrected in a case, oldest first."""
        return await self._database.read(lambda tx: _versions(tx, case_id, 0))

    async def earlier_readings(self, case_id: CaseId) -> tuple[EarlierReading, ...]:
        """List the readings of a case that later ones replaced, oldest first."""

        def query(tx: Transaction) -> tuple[EarlierReading, ...]:
            return tuple(_earlier(row) for row in tx.all(_EARLIER, case_id=case_id))

        return await self._database.read(query)

    async def read_again(self, case_id: CaseId, *, by: Actor, words: ReadAgain) -> bool:
        """Have an answered case read again; the answer and its sign-off are kept beside it.

        Returns:
            False if it is not answered, was withdrawn, or has no pictures any more.
        """

        def transaction(tx: Transaction) -> bool:
            if tx.one(_MAY_BE_READ, case_id=case_id) is None:
                return False
            told = [MessageId(row["message_id"]) for row in tx.all(_ANSWERS, case_id=case_id)]
            tx.run(_KEEP, case_id=case_id, now=tx.now)
            (before,) = found(tx, "WHERE c.case_id = :case_id", case_id=case_id)
            tx.run(_READ_AGAIN, case_id=case_id, now=tx.now)
            tx.run(_UNREVIEW, case_id=case_id)
            outbox.insert(tx, words(before, place(tx, before.reading_id), told))
            audit.append(tx, by.does(Act.READ_AGAIN, before.code))
            tx.signal(Topic.READINGS)
            return True

        return await self._database.write(transaction)

    async def await_from(self, user_id: UserId, case_id: CaseId, awaited: Awaited) -> None:
        """Note what somebody was asked to type, in place of what they were asked before."""
        values: dict[str, Value] = {"user_id": user_id, "case_id": case_id, "awaited": awaited}
        await self._database.write(lambda tx: tx.run(_AWAIT, **values, now=tx.now))

    async def awaited_from(self, user_id: UserId, since: datetime) -> tuple[CaseId, Awaited] | None:
        """What somebody was asked to type since a time, and has not typed yet."""

        def query(tx: Transaction) -> tuple[CaseId, Awaited] | None:
            row = tx.one(_AWAITED, user_id=user_id, since=since.timestamp())
            return None if row is None else (CaseId(row["case_id"]), Awaited(row["awaited"]))

        return await self._database.read(query)

    async def await_nothing(self, user_id: UserId) -> None:
        """Forget what somebody was asked to type."""
        query = "DELETE FROM awaited_corrections WHERE user_id = :user_id"
        await self._database.write(lambda tx: tx.run(query, user_id=user_id))


def note(tx: Transaction, case_id: CaseId, change: Change, by: Actor) -> bool:
    """Change a field with its version, inside somebody's transaction; False if it was so."""
    column = _COLUMNS[change.field]
    row = tx.one(f"SELECT {column} AS old FROM cases WHERE case_id = :case_id", case_id=case_id)
    if row is None or row["old"] == change.value:
        return False
    tx.run(
        f"UPDATE cases SET {column} = :new WHERE case_id = :case_id",
        new=change.value if change.field is not Field.CAPTION else change.value or "",
        case_id=case_id,
    )
    old, new = _text(row["old"]), _text(change.value)
    add_version(tx, case_id, change.field, old=old, new=new, by=by)
    return True


def add_version(
    tx: Transaction, case_id: CaseId, field: Field, *, old: str | None, new: str | None, by: Actor
) -> None:
    """Note that a field was changed, inside the transaction that changes it."""
    values: dict[str, Value] = {"field": field, "old": old, "new": new, "by": by.user_id}
    tx.run(_ADD, **values, case_id=case_id, now=tx.now)
    if field.is_told_to_model:
        tx.run(_OUTDATE, case_id=case_id)


def _last_id(tx: Transaction, case_id: CaseId) -> int:
    query = "SELECT coalesce(max(correction_id), 0) AS last FROM corrections WHERE case_id = :id"
    return int(tx.run(query, id=case_id).fetchone()["last"])


def _overwrites(tx: Transaction, case_id: CaseId, after: int) -> bool:
    """Whether something said before was changed, and not only something added."""
    return any(version.old for version in _versions(tx, case_id, after))


def _versions(tx: Transaction, case_id: CaseId, after: int) -> tuple[Correction, ...]:
    found_rows = tx.all(_VERSIONS, case_id=case_id, after=after)
    return tuple(
        Correction(
            field=Field(row["field"]),
            old=row["old"],
            new=row["new"],
            name=row["name"],
            at=rows.moment(row["corrected_at"]),
        )
        for row in found_rows
    )


def _earlier(row: Row) -> EarlierReading:
    return EarlierReading(
        reading=rows.made_reading(row),
        answered_at=rows.moment(row["answered_at"]),
        reviewer=row["reviewer"],
        review_agrees=None if row["review_agrees"] is None else bool(row["review_agrees"]),
        review_note=row["review_note"],
    )


def _text(value: Told) -> str | None:
    return None if value is None or value == "" else str(value)


_COLUMNS = {
    Field.REFERENCE: "patient_reference",
    Field.AGE: "age_years",
    Field.SEX: "sex",
    Field.SIDE: "side",
    Field.KIND: "kind",
    Field.CAPTION: "caption",
    Field.INDICATION: "indication",
}

_ADD = """
INSERT INTO corrections (case_id, field, old, new, corrected_by, corrected_at)
VALUES (:case_id, :field, :old, :new, :by, :now)
"""

_OUTDATE = """
UPDATE readings SET outdated = 1
WHERE case_id = :case_id AND question IS NULL AND status IN ('reading', 'answered')
"""

_VERSIONS = """
SELECT v.*, p.name FROM corrections v JOIN people p ON p.user_id = v.corrected_by
WHERE v.case_id = :case_id AND v.correction_id > :after ORDER BY v.correction_id
"""

_EARLIER = """
SELECT e.*, p.name AS reviewer FROM earlier_readings e
LEFT JOIN people p ON p.user_id = e.reviewed_by
WHERE e.case_id = :case_id ORDER BY e.earlier_id
"""

_MAY_BE_READ = """
SELECT 1 FROM cases c JOIN readings r ON r.case_id = c.case_id AND r.question IS NULL
WHERE c.case_id = :case_id AND r.status = 'answered' AND c.withdrawn_at IS NULL
    AND EXISTS (SELECT 1 FROM pictures p WHERE p.case_id = c.case_id)
"""

_ANSWERS = """
SELECT m.message_id FROM messages m JOIN readings r USING (reading_id)
WHERE r.case_id = :case_id AND r.question IS NULL AND m.role = 'answer'
    AND m.chat_id = r.chat_id AND m.message_id > (
        SELECT coalesce(max(last_message_id), 0) FROM earlier_readings WHERE case_id = :case_id
    )
ORDER BY m.message_id
"""

_KEEP = """
INSERT INTO earlier_readings (case_id, text, model, tier, practice, known_release, urgency,
    duration_s, prompt_tokens, answer_tokens, truncated, scored_urgency, scored_margin,
    answered_at, replaced_at, last_message_id, reviewed_by, review_agrees, review_note)
SELECT r.case_id, r.text, r.model, r.tier, r.practice, r.known_release, r.urgency,
    r.duration_s, r.prompt_tokens, r.answer_tokens, r.truncated, r.scored_urgency, r.scored_margin,
    r.ended_at, :now, (
        SELECT max(m.message_id) FROM messages m
        WHERE m.reading_id = r.reading_id AND m.role = 'answer'
    ), c.reviewed_by, c.review_agrees, c.review_note
FROM readings r JOIN cases c USING (case_id)
WHERE r.case_id = :case_id AND r.question IS NULL
"""

_READ_AGAIN = """
UPDATE readings SET status = 'waiting', text = NULL, failures = 0, crashes = 0, failure = NULL,
    ended_at = NULL, ready_at = :now, outdated = 0, scored_urgency = NULL, scored_margin = NULL
WHERE case_id = :case_id AND question IS NULL
"""
"""Its urgency stays: what looked urgent once goes first, and is listed until it is signed off."""

_UNREVIEW = """
UPDATE cases SET reviewed_by = NULL, reviewed_at = NULL, review_agrees = NULL, review_note = NULL
WHERE case_id = :case_id
"""

_AWAIT = """
INSERT INTO awaited_corrections (user_id, case_id, awaited, asked_at)
VALUES (:user_id, :case_id, :awaited, :now)
ON CONFLICT (user_id) DO UPDATE SET case_id = excluded.case_id, awaited = excluded.awaited,
    asked_at = excluded.asked_at
"""

_AWAITED = """
SELECT case_id, awaited FROM awaited_corrections WHERE user_id = :user_id AND asked_at >= :since
"""
