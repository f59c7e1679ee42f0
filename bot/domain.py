"""People, cases and their words; the legal life of a case.

Knows what a case is. Must not know Telegram, SQL or any engine.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from inference.contract import Language, PatientContext, Reading, Tier, Urgency
from inference.pictures import PictureNote

ChatId = NewType("ChatId", int)
UserId = NewType("UserId", int)
MessageId = NewType("MessageId", int)
CaseId = NewType("CaseId", int)
ReadingId = NewType("ReadingId", int)


CASES_COUNTED = 1_000
"""Where the counting of a list ends: nobody pages through more, and a million take a second."""


class Role(StrEnum):
    """What a person may do; each role may do all that the one before it may."""

    HEALTH_WORKER = "health_worker"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"

    @property
    def sees_all_cases(self) -> bool:
        """Whether other people's cases are open to this role."""
        return self is not Role.HEALTH_WORKER

    def at_least(self, least: "Role") -> bool:
        """Whether this role may do all that another may."""
        order = list(Role)
        return order.index(self) >= order.index(least)


class Act(StrEnum):
    """What the audit log says that somebody did."""

    JOINED = "joined"
    ACCEPTED = "accepted"
    INVITED = "invited"
    REVOKED = "revoked"
    SENT = "sent"
    ASKED = "asked"
    VIEWED = "viewed"
    LISTED = "listed"
    SEARCHED = "searched"
    EXPORTED = "exported"
    REVIEWED = "reviewed"
    CHANGED = "changed"
    REFUSED = "refused"
    EXPIRED = "expired"
    FORGOT = "forgot"
    BACKED_UP = "backed up"
    RESTORED = "restored"
    CHANGED_KEY = "changed key"
    COPIED_KEY = "copied key"
    PIN = "pin"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Something that somebody did.

    Args:
        at: When.
        name: Who; None for whoever sat at the machine, or somebody unknown.
        act: What they did.
        subject: To what.
    """

    at: datetime
    name: str | None
    act: Act
    subject: str


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

    @property
    def may_ask(self) -> bool:
        """Whether this person's pictures are read: enrolled, terms accepted, not revoked."""
        return self.accepted_terms_at is not None and self.revoked_at is None

    def is_called(self, part: str) -> bool:
        """Whether a part of a name, in any case of letters, is in this person's."""
        return part.casefold() in self.name.casefold()

    def may_see(self, case: "Case") -> bool:
        """Whether this person may see a case: their own, or any for a supervisor."""
        return case.sender_id == self.user_id or self.role.sees_all_cases


class CaseStatus(StrEnum):
    """Where a reading stands, and so its case; the names are the store's words too."""

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
    note: PictureNote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One patient's study as one sender sent it, with its reading once there is one.

    Args:
        message_id: The first picture's message, which answers reply to.
        attempt: How often the reading was claimed.
        failure: Name of the error that ended the reading, for supervisors.
        review_agrees: Whether whoever signed it off agrees with the reading.
        review_note: What that person wrote about it.
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
    reviewed_by: UserId | None = None
    reviewed_at: datetime | None = None
    review_agrees: bool | None = None
    review_note: str | None = None

    @property
    def code(self) -> str:
        """What people call the case, such as `C-0042`."""
        return case_code(self.case_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A question asked about a case after its first reading, with the answer once there is one."""

    reading_id: ReadingId
    case_id: CaseId
    asked_by: UserId
    chat_id: ChatId
    message_id: MessageId
    question: str
    status: CaseStatus
    reading: Reading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a reading stands in the queue.

    Args:
        ahead: Readings that come before it; 0 means it is next.
        wait_s: Expected time until the answer, None where nothing was read yet to judge by.
    """

    ahead: int
    wait_s: float | None


def case_code(case_id: CaseId) -> str:
    """Write a case's number the way people say it, such as `C-0042`."""
    return f"C-{case_id:04d}"


_CASE_CODE = re.compile(r"\s*(?:c\s*-?\s*|#\s*)?0*([1-9]\d{0,8})\s*", re.IGNORECASE | re.ASCII)


def parse_case_code(text: str) -> CaseId | None:
    """Read a case's number as people type it: `C-0042`, `c42`, `42`.

    Returns:
        The number, None if the text is none.
    """
    match = _CASE_CODE.fullmatch(text)
    return None if match is None else CaseId(int(match[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """An inline button; `data` comes back when it is pressed (at most 64 bytes)."""

    text: str
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Words for a person.

    Args:
        text: Safe Telegram HTML, at most 4096 characters once parsed.
        buttons: Rows of inline buttons under it.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()


class MessageRole(StrEnum):
    """What a message in a chat is to a case; a text that replies to one finds the case by it."""

    PICTURE = "picture"
    QUESTION = "question"
    RECEIVED = "received"
    ANSWER = "answer"
    NOTICE = "notice"
    REVIEW = "review"


class Mark(StrEnum):
    """The bot's reaction to what somebody asked: where the asking stands, at a glance."""

    READING = "👀"
    ANSWERED = "👌"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The reading that a message is about, and what the message is to it."""

    reading_id: ReadingId
    role: MessageRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file made for a person, such as an export."""

    file_name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message to be delivered, stored until the server confirmed it.

    Args:
        key: Unique name of this message; a second message of the same key is the same message.
        chat_id: Where it goes.
        reply: Its words: a text, the caption of `picture` or `attachment`, or the new text of an
            edited message.
        reply_to: Message it replies to; sent without if that one is gone.
        about: The reading it is about, so that replies to it find the case.
        picture: Name of a stored picture to send.
        attachment: File to send.
        edits: Message of the chat to edit instead of sending a new one.
        edits_received: Edit the "received" message of the reading in `about` instead.
    """

    key: str
    chat_id: ChatId
    reply: Reply
    reply_to: MessageId | None = None
    about: About | None = None
    picture: str | None = None
    attachment: Attachment | None = None
    edits: MessageId | None = None
    edits_received: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long things are kept after they were sent; None for ever."""

    cases: timedelta | None = None
    pictures: timedelta | None = None

    @property
    def is_off(self) -> bool:
        """Whether everything is kept for ever."""
        return self.cases is None and self.pictures is None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgetting:
    """Which messages of the chats are to go; each condition chooses more.

    Args:
        messages: These, and the answers to them.
        words: Those that name one of these, such as a case's code.
        files_only: Of all these, only those that hold a picture or a document.
        asked_since: From this time on the bot's documents, which are exports, and commands with
            words after them, such as those of a search.
        before: All from before this time.
        files_before: Those from before this time that hold a picture or a document.
    """

    messages: tuple[tuple[ChatId, MessageId], ...] = ()
    words: tuple[str, ...] = ()
    files_only: bool = False
    asked_since: datetime | None = None
    before: datetime | None = None
    files_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineFigures:
    """What one model at one tier did in the period."""

    model: str
    tier: Tier | None
    readings: int
    median_duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A period in numbers.

    Args:
        by_status: Cases by where they stand; no key means none.
        by_urgency: Answered cases by urgency; no key means none.
        follow_ups: Questions asked after a first reading.
        wait_p50_s: Median time from the picture's arrival to the stored answer, None without one.
        wait_p90_s: The time that nine of ten such waits stayed within.
        engines: First readings and follow-ups by model and tier, most used first.
        unreviewed: Answered cases that nobody signed off.
    """

    by_status: dict[CaseStatus, int]
    by_urgency: dict[Urgency, int]
    follow_ups: int
    wait_p50_s: float | None
    wait_p90_s: float | None
    engines: tuple[EngineFigures, ...]
    unreviewed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ward:
    """The ward at one moment, with nothing of a patient.

    Args:
        waiting: Cases and questions that wait.
        waiting_since: When the one that waits longest was sent.
        reading: Those being read.
        reading_since: When the one that is read longest was begun.
        urgent: Critical and urgent cases of the last week that nobody signed off.
        urgent_cases: The first of them, critical ones first, then the oldest.
        answered: What was answered in the last hour.
        failed: What was sent in the last hour and could not be read.
        wait_p50_s: Median time until those answers, None without one.
    """

    waiting: int
    waiting_since: datetime | None
    reading: int
    reading_since: datetime | None
    urgent: int
    urgent_cases: tuple[tuple[CaseId, Urgency], ...]
    answered: int
    failed: int
    wait_p50_s: float | None
