"""A case: what was sent, its reading, its questions, and which states may follow which.

Knows what a case is. Must not know who may see it, nor what is said of it.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.corrections import Side, WithdrawalReason
from bot.domain.ids import CaseId, ChatId, MessageId, ReadingId, UserId
from inference.contract import Language, PatientContext, PictureKind, Reading
from pictures import PictureNote

CASES_COUNTED = 1_000
"""Where the counting of a list ends: nobody pages through more, and a million take a second."""


class CaseStatus(StrEnum):
    """Where a reading stands, and so its case; the names are the store's words too."""

    WAITING = "waiting"
    READING = "reading"
    ANSWERED = "answered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """What became of a case's patient; the names are the store's words too."""

    DONE_HERE = "done_here"
    REFERRED = "referred"
    DIED = "died"
    LOST = "lost"

    @property
    def ends_urgency(self) -> bool:
        """Whether nobody here need hurry any more, whoever says it."""
        return self in {Outcome.REFERRED, Outcome.DIED}


TRANSITIONS: dict[CaseStatus, frozenset[CaseStatus]] = {
    CaseStatus.WAITING: frozenset({CaseStatus.READING, CaseStatus.CANCELLED}),
    CaseStatus.READING: frozenset(
        {CaseStatus.ANSWERED, CaseStatus.WAITING, CaseStatus.FAILED, CaseStatus.CANCELLED}
    ),
    CaseStatus.ANSWERED: frozenset({CaseStatus.WAITING}),  # read again, after a correction
    CaseStatus.FAILED: frozenset({CaseStatus.WAITING}),
    CaseStatus.CANCELLED: frozenset({CaseStatus.WAITING}),  # a withdrawal that is undone
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPicture:
    """A picture of a case, as it stands in the picture store: upright, free of metadata.

    Args:
        read_name: Of what is read in its place: the film in it, made straight, or a CT's windows.
    """

    name: str
    sha256: str
    media_type: str
    width_px: int
    height_px: int
    note: PictureNote | None = None
    read_name: str | None = None

    @property
    def read(self) -> str:
        """Name of the picture that a model is given."""
        return self.read_name or self.name

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all its files."""
        return (self.name,) if self.read_name is None else (self.name, self.read_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """That a case should not be there."""

    reason: WithdrawalReason
    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One patient's study as one sender sent it, with its reading once there is one.

    Args:
        message_id: The first picture's message, which answers reply to.
        attempt: How often the reading was claimed.
        failure: Name of the error that ended the reading, for supervisors.
        seen_at: When somebody who may sign it off looked at it first, other than its sender.
        review_agrees: Whether whoever signed it off agrees with the reading.
        review_note: What that person wrote about it.
        outcome: What became of the patient, as somebody said last.
        referred_to: The place, in words.
        side: Which side its sender said later that the picture shows.
        kind: What kind of picture it is, None where neither its file nor anybody said.
        outdated: Whether the reading was made, or begun, without a correction since.
        withdrawal: That it should not be there, None for all others.
    """

    case_id: CaseId
    reading_id: ReadingId
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
    failure: str | None = None
    seen_by: UserId | None = None
    seen_at: datetime | None = None
    reviewed_by: UserId | None = None
    reviewed_at: datetime | None = None
    review_agrees: bool | None = None
    review_note: str | None = None
    outcome: Outcome | None = None
    outcome_by: UserId | None = None
    outcome_at: datetime | None = None
    referred_to: str | None = None
    side: Side | None = None
    kind: PictureKind | None = None
    outdated: bool = False
    withdrawal: Withdrawal | None = None

    @property
    def code(self) -> str:
        """What people call the case, such as `C-0042`."""
        return case_code(self.case_id)

    @property
    def told(self) -> PatientContext:
        """What the model is told of the patient: the side of the picture too."""
        if self.side is None:
            return self.patient
        said = f"the picture shows the patient's {self.side} side"
        indication = "; ".join(part for part in (self.patient.indication, said) if part)
        return replace(self.patient, indication=indication)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedWith:
    """The older case whose film a case's own was read together with."""

    case_id: CaseId
    sent_at: datetime

    @property
    def code(self) -> str:
        """What people call it."""
        return case_code(self.case_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A question asked about a case after its first reading, with the answer once there is one.

    Args:
        compared_with: Set if a comparison was asked for; the question is then the bot's own words.
    """

    reading_id: ReadingId
    case_id: CaseId
    asked_by: UserId
    chat_id: ChatId
    message_id: MessageId
    question: str
    status: CaseStatus
    reading: Reading | None = None
    compared_with: ComparedWith | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePosition:
    """Where a reading stands in the queue.

    Args:
        ahead: Readings that come before it; 0 means it is next.
        wait_s: Expected time until the answer, None where nothing was read yet to judge by.
    """

    ahead: int
    wait_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesOfPatient:
    """The cases of a patient's reference.

    Args:
        newest: The highest number among them.
        count: How many there are.
        first_at: When the first was sent.
        last_at: When the last was.
        unreviewed: How many look urgent and were signed off by nobody.
    """

    newest: CaseId
    count: int
    first_at: datetime
    last_at: datetime
    unreviewed: int


def case_code(case_id: CaseId) -> str:
    """Write a case's number the way people say it, such as `C-0042`."""
    return f"C-{case_id:04d}"


_CASE_CODE = re.compile(r"\s*(?:c\s*-?\s*|#\s*)?0*([1-9]\d{0,8})\s*", re.IGNORECASE | re.ASCII)


def parse_case_code(text: str) -> CaseId | None:
    """A case's number as people type it: `C-0042`, `c42`, `42`; None for any other text."""
    match = _CASE_CODE.fullmatch(text)
    return None if match is None else CaseId(int(match[1]))
