"""Cases: opened with their first picture, described, listed, searched.

The queue of readings is `bot.store.claims`; a case's status is its first reading's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.audit import Act, Actor
from bot.domain.cases import Case, FollowUp, QueuePosition, StoredPicture
from bot.domain.ids import CaseId, ChatId, MessageId, ReadingId, UserId
from bot.domain.messages import MessageRole, Outgoing
from bot.domain.pages import CasePage, Place
from bot.store import audit, listing, outbox, rows
from bot.store.listing import CaseFilter
from bot.store.queue_position import place
from bot.store.topics import Topic
from bot.store.words import index_words
from inference.contract import Language, PatientContext, PictureKind
from storage.database import Database, Transaction, Value

Beside = Callable[[Case], Outgoing]
"""Words a further message about a new case; runs inside the transaction."""

Received = Callable[[Case, QueuePosition], Outgoing]
"""Words the "received" message once the case has its number; runs inside the transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A case about to be opened, with its first picture; `more` came in the same file."""

    sender_id: UserId
    chat_id: ChatId
    message_id: MessageId
    media_group_id: str | None
    caption: str
    patient_reference: str | None
    patient: PatientContext
    kind: PictureKind | None = None
    language: Language
    picture: StoredPicture
    more: tuple[StoredPicture, ...] = ()


class Cases:
    """Queries over cases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(
        self,
        new: NewCase,
        received: Received,
        *,
        by: Actor,
        settle: timedelta = timedelta(0),
        beside: Sequence[Beside] = (),
    ) -> Case | None:
        """Open a case, queue its first reading and store the "received" message, all or none.

        Args:
            settle: How long the reading waits for further parts of an album.
            beside: Each words a message that is said of it too.

        Returns:
            The case, None if this message opened or joined one already.
        """

        def transaction(tx: Transaction) -> Case | None:
            if _known(tx, new.chat_id, new.message_id):
                return None
            case_id = _insert_case(tx, new, settle)
            add_picture(tx, case_id, new.message_id, new.picture)
            for picture in new.more:
                _insert_picture(tx, case_id, picture)
            index_words(tx, case_id)
            (case,) = found(tx, "WHERE c.case_id = :case_id", case_id=case_id)
            outbox.insert(tx, [received(case, place(tx, case.reading_id))])
            outbox.insert(tx, [word(case) for word in beside])
            audit.append(tx, by.does(Act.SENT, case.code))
            return case

        return await self._database.write(transaction)

    async def get(self, case_id: CaseId) -> Case | None:
        """Look a case up by its number."""
        return await self._one("WHERE c.case_id = :case_id", case_id=case_id)

    async def of_reading(self, reading_id: ReadingId) -> Case | None:
        """Find the case of a reading: its first one or a question on it."""
        return await self._one(_OF_READING, reading_id=reading_id)

    async def of_message(self, chat_id: ChatId, message_id: MessageId) -> Case | None:
        """Find the case that a message of a chat belongs to: its picture, an answer, a notice."""
        return await self._one(_OF_MESSAGE, chat_id=chat_id, message_id=message_id)

    async def unanswered(self, sender_id: UserId, *, limit: int) -> tuple[Case, ...]:
        """List a sender's cases that wait or are being read, oldest first."""
        return await self._database.read(
            lambda tx: found(tx, _UNANSWERED, sender_id=sender_id, limit=limit)
        )

    async def role_of_message(self, chat_id: ChatId, message_id: MessageId) -> MessageRole | None:
        """Look up what a message of a chat is to its case, None if it belongs to none."""

        def role(tx: Transaction) -> MessageRole | None:
            row = tx.one(_MESSAGE, chat_id=chat_id, message_id=message_id)
            return None if row is None else MessageRole(row["role"])

        return await self._database.read(role)

    async def knows_message(self, chat_id: ChatId, message_id: MessageId) -> bool:
        """Whether a picture or a question was taken into a case already."""
        return await self._database.read(lambda tx: _known(tx, chat_id, message_id))

    async def page(
        self, wanted: CaseFilter, *, limit: int, before: CaseId | None = None
    ) -> tuple[Case, ...]:
        """List cases, newest first.

        Args:
            limit: How many at most.
            before: Only cases older than this one: the last one of the page before.
        """
        return await self._database.read(
            lambda tx: listing.page(tx, wanted, limit=limit, before=before)
        )

    async def triaged(
        self, wanted: CaseFilter, *, limit: int, at: Place, pressing_since: datetime
    ) -> CasePage:
        """List cases, what presses first; see `bot.store.listing.triaged`."""
        return await self._database.read(
            lambda tx: listing.triaged(
                tx, wanted, limit=limit, at=at, pressing_since=pressing_since
            )
        )

    async def count(self, wanted: CaseFilter) -> int:
        """Count cases."""
        return await self._database.read(lambda tx: listing.count(tx, wanted))

    async def follow_ups(self, case_id: CaseId) -> tuple[FollowUp, ...]:
        """List the questions asked about a case."""

        def query(tx: Transaction) -> tuple[FollowUp, ...]:
            return tuple(rows.follow_up(row) for row in tx.all(_FOLLOW_UPS, case_id=case_id))

        return await self._database.read(query)

    async def _one(self, where: str, **values: Value) -> Case | None:
        return await self._database.read(lambda tx: next(iter(found(tx, where, **values)), None))


def told_values(new: NewCase) -> dict[str, Value]:
    """What a caption tells of a case, as parameters of statements."""
    return {
        "caption": new.caption,
        "patient_reference": new.patient_reference,
        "age_years": new.patient.age_years,
        "sex": new.patient.sex,
        "indication": new.patient.indication,
        "kind": new.kind,
    }


def _insert_case(tx: Transaction, new: NewCase, settle: timedelta) -> CaseId:
    values: dict[str, Value] = {
        "sender_id": new.sender_id,
        "chat_id": new.chat_id,
        "message_id": new.message_id,
        "now": tx.now,
    }
    opened = tx.run(_INSERT_CASE, **values, **told_values(new), media_group_id=new.media_group_id)
    case_id = CaseId(opened.lastrowid or 0)
    tx.run(
        _INSERT_FIRST_READING,
        **values,
        case_id=case_id,
        language=new.language,
        ready_at=tx.now + settle.total_seconds(),
    )
    tx.signal(Topic.READINGS)
    return case_id


def add_picture(
    tx: Transaction, case_id: CaseId, message_id: MessageId, picture: StoredPicture
) -> None:
    """Add a picture to a case, with the message it came in."""
    _insert_picture(tx, case_id, picture)
    tx.run(
        _INSERT_PICTURE_MESSAGE, case_id=case_id, message_id=message_id, role=MessageRole.PICTURE
    )


def _insert_picture(tx: Transaction, case_id: CaseId, picture: StoredPicture) -> None:
    tx.run(
        _INSERT_PICTURE,
        case_id=case_id,
        name=picture.name,
        sha256=picture.sha256,
        media_type=picture.media_type,
        width_px=picture.width_px,
        height_px=picture.height_px,
        note=rows.note_json(picture.note),
        read_name=picture.read_name,
    )


def _known(tx: Transaction, chat_id: ChatId, message_id: MessageId) -> bool:
    return tx.one(_MESSAGE, chat_id=chat_id, message_id=message_id) is not None


def found(tx: Transaction, where: str, **values: Value) -> tuple[Case, ...]:
    """Cases by a condition on `rows.CASE_SELECT`, inside somebody's transaction."""
    return rows.cases(tx, tx.all(f"{rows.CASE_SELECT} {where}", **values))


_INSERT_CASE = """
INSERT INTO cases (sender_id, chat_id, message_id, media_group_id, created_at, caption,
    patient_reference, age_years, sex, indication, kind)
VALUES (:sender_id, :chat_id, :message_id, :media_group_id, :now, :caption,
    :patient_reference, :age_years, :sex, :indication, :kind)
"""

_INSERT_FIRST_READING = """
INSERT INTO readings (case_id, asked_by, chat_id, message_id, language, asked_at, ready_at)
VALUES (:case_id, :sender_id, :chat_id, :message_id, :language, :now, :ready_at)
"""

_INSERT_PICTURE = """
INSERT INTO pictures
    (case_id, ordinal, name, sha256, media_type, width_px, height_px, note, read_name)
SELECT :case_id, count(*), :name, :sha256, :media_type, :width_px, :height_px, :note, :read_name
FROM pictures WHERE case_id = :case_id
"""

_INSERT_PICTURE_MESSAGE = """
INSERT INTO messages (chat_id, message_id, reading_id, role)
SELECT chat_id, :message_id, reading_id, :role
FROM readings WHERE case_id = :case_id AND question IS NULL
"""

_OF_READING = """
WHERE c.case_id = (SELECT case_id FROM readings WHERE reading_id = :reading_id)
"""

_UNANSWERED = """
WHERE c.case_id IN (
    SELECT case_id FROM readings
    WHERE asked_by = :sender_id AND question IS NULL AND status IN ('waiting', 'reading')
)
ORDER BY c.case_id LIMIT :limit + 0
"""

_OF_MESSAGE = """
WHERE c.case_id = (
    SELECT asked.case_id FROM messages m JOIN readings asked USING (reading_id)
    WHERE m.chat_id = :chat_id AND m.message_id = :message_id
)
"""

_FOLLOW_UPS = """
SELECT r.*, k.prior_case_id, older.created_at AS prior_sent_at FROM readings r
LEFT JOIN comparisons k ON k.reading_id = r.reading_id
LEFT JOIN cases older ON older.case_id = k.prior_case_id
WHERE r.case_id = :case_id AND r.question IS NOT NULL ORDER BY r.reading_id
"""

_MESSAGE = "SELECT role FROM messages WHERE chat_id = :chat_id AND message_id = :message_id"
