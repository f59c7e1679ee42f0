"""Rows to domain values and back.

Knows the columns of the schema. Must not know how rows are found.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pydantic import TypeAdapter

from bot.domain.cases import (
    Case,
    CaseStatus,
    ComparedWith,
    FollowUp,
    Outcome,
    StoredPicture,
    Withdrawal,
)
from bot.domain.corrections import Side, WithdrawalReason
from bot.domain.ids import CaseId, ChatId, MessageId, ReadingId, UserId
from bot.domain.messages import Button
from bot.domain.people import Person, Role
from inference.contract import (
    EngineInfo,
    Language,
    PatientContext,
    PictureKind,
    Reading,
    ScoredUrgency,
    Sex,
    Tier,
    Urgency,
)
from inference.parsing import parse_answer, parse_comparison
from pictures import PictureNote
from storage.database import Row, Transaction

_NOTE = TypeAdapter(PictureNote)

CASE_COLUMNS = """c.*, p.name AS sender_name, r.reading_id, r.question, r.language, r.status,
    r.attempt, r.failure, r.ended_at, r.text, r.urgency, r.model, r.tier, r.practice,
    r.known_release, r.duration_s, r.prompt_tokens, r.answer_tokens, r.truncated, r.scored_urgency,
    r.scored_margin, r.outdated, wp.name AS withdrawn_by_name"""

# Cross joins: SQLite would otherwise begin at the few people and visit every case of each.
JOIN_FIRST_READING = "CROSS JOIN readings r ON r.case_id = c.case_id AND r.question IS NULL"
JOIN_PEOPLE = (
    "CROSS JOIN people p ON p.user_id = c.sender_id"
    " LEFT JOIN people wp ON wp.user_id = c.withdrawn_by"
)

CASE_SELECT = f"SELECT {CASE_COLUMNS} FROM cases c {JOIN_FIRST_READING} {JOIN_PEOPLE}"


def moment(unix_s: float) -> datetime:
    """A stored time as an aware datetime, in UTC."""
    return datetime.fromtimestamp(unix_s, UTC)


def moment_or_none(unix_s: float | None) -> datetime | None:
    """A stored time that may be missing."""
    return None if unix_s is None else moment(unix_s)


def person(row: Row) -> Person:
    """A row of `people`."""
    return Person(
        user_id=UserId(row["user_id"]),
        chat_id=ChatId(row["chat_id"]),
        name=row["name"],
        role=Role(row["role"]),
        language=Language(row["language"]),
        accepted_terms_at=moment_or_none(row["accepted_terms_at"]),
        revoked_at=moment_or_none(row["revoked_at"]),
        ward=row["ward"],
    )


def reading(row: Row) -> Reading | None:
    """The answer in a row of `readings`.

    Returns:
        The reading, None where there is none yet. Sections are parsed again from its text.
    """
    return None if row["text"] is None else made_reading(row, row["question"])


def made_reading(row: Row, question: str | None = None) -> Reading:
    """The answer in a row that has one, a first reading's or that to a question."""
    return Reading(
        text=row["text"],
        sections=parse_answer(row["text"], question),
        engine=EngineInfo(
            model=row["model"],
            tier=None if row["tier"] is None else Tier(row["tier"]),
            practice=bool(row["practice"]),
            known_release=bool(row["known_release"]),
        ),
        duration_s=row["duration_s"],
        prompt_tokens=row["prompt_tokens"],
        answer_tokens=row["answer_tokens"],
        truncated=bool(row["truncated"]),
        scored=scored_of(row),
        told=Urgency(row["urgency"]),
    )


def scored_of(row: Row) -> ScoredUrgency | None:
    """How urgent a reading looked, None where that was not scored."""
    if row["scored_urgency"] is None:
        return None
    return ScoredUrgency(urgency=Urgency(row["scored_urgency"]), margin=row["scored_margin"])


def cases(tx: Transaction, rows: Sequence[Row]) -> tuple[Case, ...]:
    """Cases from rows of `CASE_SELECT`, with their pictures."""
    pictures = _pictures(tx, [row["case_id"] for row in rows])
    return tuple(_case(row, tuple(pictures.get(row["case_id"], ()))) for row in rows)


def case_of(tx: Transaction, row: Row) -> Case:
    """The case that a row of `readings` is about."""
    found = tx.all(f"{CASE_SELECT} WHERE c.case_id = :case_id", case_id=row["case_id"])
    (case,) = cases(tx, found)
    return case


def compared_with(row: Row) -> ComparedWith:
    """The older case of a comparison, from a row of `comparisons` with the time of that case."""
    return ComparedWith(case_id=CaseId(row["prior_case_id"]), sent_at=moment(row["prior_sent_at"]))


def follow_up(row: Row) -> FollowUp:
    """A question and, where there is one, its answer, from a row of `readings`.

    Args:
        row: With what it was compared with, if it was a comparison.
    """
    made, prior = reading(row), None if row["prior_case_id"] is None else compared_with(row)
    if made is not None and prior is not None:
        made = replace(made, sections=parse_comparison(made.text))
    return FollowUp(
        reading_id=ReadingId(row["reading_id"]),
        case_id=CaseId(row["case_id"]),
        asked_by=UserId(row["asked_by"]),
        chat_id=ChatId(row["chat_id"]),
        message_id=MessageId(row["message_id"]),
        question=row["question"],
        status=CaseStatus(row["status"]),
        reading=made,
        compared_with=prior,
    )


def note_json(note: PictureNote | None) -> str | None:
    """A picture's note as stored: JSON of its fields."""
    return None if note is None else _NOTE.dump_json(note).decode()


def buttons_json(rows: tuple[tuple[Button, ...], ...]) -> str:
    """Inline buttons as stored: JSON, rows of [text, data], with chat and message of a picture."""
    stored = [[[b.text, b.data, *(b.picture_of or ())] for b in row] for row in rows]
    return json.dumps(stored, ensure_ascii=False)


def buttons(stored: str) -> tuple[tuple[Button, ...], ...]:
    """Inline buttons from what `buttons_json` wrote."""
    return tuple(
        tuple(
            Button(text=text, data=data, picture_of=tuple(picture_of) or None)
            for text, data, *picture_of in row
        )
        for row in json.loads(stored)
    )


def _case(row: Row, pictures: tuple[StoredPicture, ...]) -> Case:
    return Case(
        case_id=CaseId(row["case_id"]),
        reading_id=ReadingId(row["reading_id"]),
        sender_id=UserId(row["sender_id"]),
        sender_name=row["sender_name"],
        chat_id=ChatId(row["chat_id"]),
        message_id=MessageId(row["message_id"]),
        created_at=moment(row["created_at"]),
        status=CaseStatus(row["status"]),
        caption=row["caption"],
        patient_reference=row["patient_reference"],
        patient=_patient(row),
        language=Language(row["language"]),
        pictures=pictures,
        attempt=row["attempt"],
        reading=reading(row),
        answered_at=moment(row["ended_at"]) if row["text"] is not None else None,
        failure=row["failure"],
        seen_by=None if row["seen_by"] is None else UserId(row["seen_by"]),
        seen_at=moment_or_none(row["seen_at"]),
        reviewed_by=None if row["reviewed_by"] is None else UserId(row["reviewed_by"]),
        reviewed_at=moment_or_none(row["reviewed_at"]),
        review_agrees=None if row["review_agrees"] is None else bool(row["review_agrees"]),
        review_note=row["review_note"],
        outcome=None if row["outcome"] is None else Outcome(row["outcome"]),
        outcome_by=None if row["outcome_by"] is None else UserId(row["outcome_by"]),
        outcome_at=moment_or_none(row["outcome_at"]),
        referred_to=row["referred_to"],
        side=None if row["side"] is None else Side(row["side"]),
        kind=None if row["kind"] is None else PictureKind(row["kind"]),
        outdated=bool(row["outdated"]),
        withdrawal=_withdrawal(row),
    )


def _withdrawal(row: Row) -> Withdrawal | None:
    if row["withdrawn_at"] is None:
        return None
    return Withdrawal(
        reason=WithdrawalReason(row["withdrawn_reason"]),
        name=row["withdrawn_by_name"] or "",
        at=moment(row["withdrawn_at"]),
    )


def _patient(row: Row) -> PatientContext:
    return PatientContext(
        age_years=row["age_years"],
        sex=None if row["sex"] is None else Sex(row["sex"]),
        indication=row["indication"],
    )


def _pictures(tx: Transaction, case_ids: list[int]) -> dict[int, list[StoredPicture]]:
    found: dict[int, list[StoredPicture]] = {}
    query = """
        SELECT * FROM pictures WHERE case_id IN (SELECT value FROM json_each(:case_ids))
        ORDER BY case_id, ordinal
    """
    for row in tx.all(query, case_ids=json.dumps(case_ids)):
        found.setdefault(row["case_id"], []).append(_picture(row))
    return found


def _picture(row: Row) -> StoredPicture:
    return StoredPicture(
        name=row["name"],
        sha256=row["sha256"],
        media_type=row["media_type"],
        width_px=row["width_px"],
        height_px=row["height_px"],
        note=_note(row["note"]),
        read_name=row["read_name"],
    )


def _note(stored: str | None) -> PictureNote | None:
    return None if stored is None else _NOTE.validate_json(stored)
