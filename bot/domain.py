"""People, cases and their words; the legal life of a case.

Knows what a case is. Must not know Telegram, SQL or any engine.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from inference.contract import Language, PatientContext, Reading

ChatId = NewType("ChatId", int)
UserId = NewType("UserId", int)
MessageId = NewType("MessageId", int)
CaseId = NewType("CaseId", int)


class Role(StrEnum):
    """What a person may do; each role may do all that the one before it may."""

    HEALTH_WORKER = "health_worker"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody enrolled by an invite code."""

    user_id: UserId
    chat_id: ChatId
    name: str
    role: Role
    language: Language
    accepted_terms_at: datetime | None
    revoked_at: datetime | None = None


class CaseStatus(StrEnum):
    """Where a case stands; the names are the store's words too."""

    WAITING = "waiting"
    READING = "reading"
    ANSWERED = "answered"
    FAILED = "failed"
    CANCELLED = "cancelled"


TRANSITIONS: dict[CaseStatus, frozenset[CaseStatus]] = {
    CaseStatus.WAITING: frozenset({CaseStatus.READING, CaseStatus.CANCELLED}),
    CaseStatus.READING: frozenset(
        {CaseStatus.ANSWERED, CaseStatus.WAITING, CaseStatus.FAILED, CaseStatus.CANCELLED}
    ),
    CaseStatus.ANSWERED: frozenset(),
    CaseStatus.FAILED: frozenset({CaseStatus.WAITING}),
    CaseStatus.CANCELLED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPicture:
    """A picture of a case, as it stands in the picture store: upright, free of metadata."""

    name: str
    sha256: str
    media_type: str
    width_px: int
    height_px: int
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One patient's study as one sender sent it, with its reading once there is one."""

    case_id: CaseId
    sender_id: UserId
    sender_name: str
    chat_id: ChatId
    message_id: MessageId
    created_at: datetime
    status: CaseStatus
    caption: str
    patient_reference: str | None
    patient: PatientContext
    language: Language
    pictures: tuple[StoredPicture, ...]
    attempt: int = 0
    reading: Reading | None = None
    answered_at: datetime | None = None
    reviewed_by: UserId | None = None
    reviewed_at: datetime | None = None

    @property
    def code(self) -> str:
        """What people call the case, such as `C-0042`."""
        return case_code(self.case_id)


def case_code(case_id: CaseId) -> str:
    """Write a case's number the way people say it, such as `C-0042`."""
    return f"C-{case_id:04d}"
