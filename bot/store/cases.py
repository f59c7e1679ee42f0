"""Cases: opened with their first picture, described, listed, searched, reviewed.

The queue of readings is `bot.store.readings`; a case's status is its first reading's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import (
    Case,
    CaseId,
    ChatId,
    FollowUp,
    MessageId,
    MessageRole,
    Outgoing,
    Place,
    ReadingId,
    StoredPicture,
    UserId,
)
from bot.store import outbox, rows
from bot.store.bell import Bells
from bot.store.database import Connection, Database
from bot.store.readings import place
from bot.store.words import index_words, match_words
from inference.contract import Language, PatientContext, Sex

Received = Callable[[Case, Place], Outgoing]
"""Words the "received" message once the case has its number; runs inside the transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A case about to be opened, with its first picture."""

    sender_id: UserId
    chat_id: ChatId
    message_id: MessageId
    media_group_id: str | None
    caption: str
    patient_reference: str | None
    patient: PatientContext
    language: Language
    picture: StoredPicture


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases to list; every condition given must hold."""

    sender_id: UserId | None = None
    since: datetime | None = None
    until: datetime | None = None
    urgent: bool = False
    unreviewed: bool = False
    words: str | None = None


class Cases:
    """Queries over cases."""

    def __init__(self, database: Database, bells: Bells) -> None:
        self._database = database
        self._bells = bells

    async def open(
        self, new: NewCase, received: Received, *, now: datetime, settle: timedelta = timedelta(0)
    ) -> Case | None:
        """Open a case, queue its first reading and store the "received" message, all or none.

        Args:
            new: The case.
            received: Words the message.
            now: The time.
            settle: How long the reading waits for further parts of an album.

        Returns:
            The case, None if this message opened or joined one already.
        """

        def transaction(connection: Connection) -> Case | None:
            if _known(connection, new.chat_id, new.message_id):
                return None
            case_id = _insert_case(connection, new, now, settle)
            _add_picture(connection, case_id, new.message_id, new.picture)
            index_words(connection, case_id)
            case = _get(connection, case_id)
            message = received(case, place(connection, case.reading_id))
            outbox.insert(connection, [message], now)
            return case

        case = await self._database.write(transaction)
        self._bells.outbox.ring()
        self._bells.readings.ring()
        return case

    async def join_album(
        self,
        new: NewCase,
        *,
        now: datetime,
        settle: timedelta,
    ) -> CaseId | None:
        """Add a picture to its album's case, as long as the reading of that was not begun.

        Args:
            new: The picture and, where this part carries it, the caption with its facts.
            now: The time.
            settle: How long the reading waits for further parts from now on.

        Returns:
            The case joined (also where this message joined it before), None if there is none open.
        """
        values = _values(new, now, settle)

        def transaction(connection: Connection) -> CaseId | None:
            known = connection.execute(_ALBUM_CASE_JOINED, values).fetchone()
            if known is not None:
                return CaseId(known["case_id"])
            row = connection.execute(_ALBUM_CASE_OPEN, values).fetchone()
            if row is None:
                return None
            case_id = CaseId(row["case_id"])
            _add_picture(connection, case_id, new.message_id, new.picture)
            connection.execute(_SETTLE, values | {"reading_id": row["reading_id"]})
            if new.caption:
                connection.execute(_RECAPTION, values | {"case_id": case_id})
                index_words(connection, case_id)
            return case_id

        case_id = await self._database.write(transaction)
        self._bells.readings.ring()
        return case_id

    async def settle_album(self, chat_id: ChatId, media_group_id: str, until: datetime) -> None:
        """Let an album's reading, if not begun, wait for a further part until a given time."""
        values = {
            "chat_id": chat_id,
            "media_group_id": media_group_id,
            "ready_at": until.timestamp(),
        }

        def transaction(connection: Connection) -> None:
            row = connection.execute(_ALBUM_CASE_OPEN, values).fetchone()
            if row is not None:
                connection.execute(_SETTLE, values | {"reading_id": row["reading_id"]})

        await self._database.write(transaction)
        self._bells.readings.ring()

    async def knows_album(self, chat_id: ChatId, media_group_id: str) -> bool:
        """Whether a part of this album became a case."""
        query = """
            SELECT 1 FROM cases WHERE chat_id = :chat_id AND media_group_id = :media_group_id
        """
        values = {"chat_id": chat_id, "media_group_id": media_group_id}
        return await self._database.read(lambda c: c.execute(query, values).fetchone() is not None)

    async def get(self, case_id: CaseId) -> Case | None:
        """Look a case up by its number.

        Returns:
            The case, None if there is none.
        """

        def query(connection: Connection) -> Case | None:
            found = connection.execute(
                f"{rows.CASE_SELECT} WHERE c.case_id = :case_id", {"case_id": case_id}
            ).fetchall()
            return next(iter(rows.cases(connection, found)), None)

        return await self._database.read(query)

    async def of_reading(self, reading_id: ReadingId) -> Case | None:
        """Find the case of a reading: its first one or a question on it.

        Returns:
            The case, None if there is no such reading.
        """

        def query(connection: Connection) -> Case | None:
            found = connection.execute(
                f"{rows.CASE_SELECT} {_OF_READING}", {"reading_id": reading_id}
            ).fetchall()
            return next(iter(rows.cases(connection, found)), None)

        return await self._database.read(query)

    async def of_message(self, chat_id: ChatId, message_id: MessageId) -> Case | None:
        """Find the case that a message of a chat belongs to: its picture, an answer, a notice.

        Returns:
            The case, None if the message belongs to none.
        """
        values = {"chat_id": chat_id, "message_id": message_id}

        def query(connection: Connection) -> Case | None:
            found = connection.execute(f"{rows.CASE_SELECT} {_OF_MESSAGE}", values).fetchall()
            return next(iter(rows.cases(connection, found)), None)

        return await self._database.read(query)

    async def knows_message(self, chat_id: ChatId, message_id: MessageId) -> bool:
        """Whether a message was taken into a case already.

        Returns:
            True for a picture or question that was.
        """
        return await self._database.read(lambda c: _known(c, chat_id, message_id))

    async def page(
        self, wanted: CaseFilter, *, limit: int, before: CaseId | None = None
    ) -> tuple[Case, ...]:
        """List cases, newest first.

        Args:
            wanted: Which.
            limit: How many at most.
            before: Only cases older than this one: the last one of the page before.

        Returns:
            The cases.
        """
        where, values = _conditions(wanted)
        if before is not None:
            where.append("c.case_id < :before")
        sql = f"{rows.CASE_SELECT} {_where(where)} ORDER BY c.case_id DESC LIMIT :limit"
        values |= {"before": before, "limit": limit}

        def query(connection: Connection) -> tuple[Case, ...]:
            return rows.cases(connection, connection.execute(sql, values))

        return await self._database.read(query)

    async def count(self, wanted: CaseFilter) -> int:
        """Count cases.

        Returns:
            How many there are.
        """
        where, values = _conditions(wanted)
        sql = f"SELECT count(*) FROM ({rows.CASE_SELECT} {_where(where)})"
        return await self._database.read(lambda c: int(c.execute(sql, values).fetchone()[0]))

    async def follow_ups(self, case_id: CaseId) -> tuple[FollowUp, ...]:
        """List the questions asked about a case.

        Returns:
            Them, oldest first.
        """

        def query(connection: Connection) -> tuple[FollowUp, ...]:
            found = connection.execute(_FOLLOW_UPS, {"case_id": case_id})
            return tuple(rows.follow_up(row) for row in found)

        return await self._database.read(query)

    async def describe_patient(
        self, case_id: CaseId, *, age_years: float | None = None, sex: Sex | None = None
    ) -> bool:
        """Note the patient's age or sex, told after the picture.

        Returns:
            True if the reading was not begun yet, so that it will use it.
        """
        values = {"case_id": case_id, "age_years": age_years, "sex": sex}

        def transaction(connection: Connection) -> bool:
            connection.execute(_DESCRIBE, values)
            return connection.execute(_NOT_BEGUN, values).fetchone() is not None

        return await self._database.write(transaction)

    async def review(self, case_id: CaseId, by: UserId, now: datetime, *, agrees: bool) -> bool:
        """Sign a case off; the first signature stays, its signatory may change the verdict.

        Returns:
            True if this signed it, False if somebody else did before or there is no such case.
        """
        values = {"case_id": case_id, "by": by, "now": now.timestamp(), "agrees": agrees}
        query = """
            UPDATE cases SET reviewed_by = :by, reviewed_at = :now, review_agrees = :agrees
            WHERE case_id = :case_id AND (reviewed_by IS NULL OR reviewed_by = :by)
            RETURNING case_id
        """
        return await self._database.write(
            lambda connection: connection.execute(query, values).fetchone() is not None
        )

    async def note_review(self, case_id: CaseId, by: UserId, note: str) -> bool:
        """Add words to a sign-off, in place of earlier ones.

        Returns:
            True if this person signed the case off.
        """
        values = {"case_id": case_id, "by": by, "note": note}
        query = """
            UPDATE cases SET review_note = :note
            WHERE case_id = :case_id AND reviewed_by = :by RETURNING case_id
        """
        return await self._database.write(
            lambda connection: connection.execute(query, values).fetchone() is not None
        )


def _values(new: NewCase, now: datetime, settle: timedelta) -> dict[str, object]:
    return {
        "sender_id": new.sender_id,
        "chat_id": new.chat_id,
        "message_id": new.message_id,
        "media_group_id": new.media_group_id,
        "caption": new.caption,
        "patient_reference": new.patient_reference,
        "age_years": new.patient.age_years,
        "sex": new.patient.sex,
        "indication": new.patient.indication,
        "language": new.language,
        "now": now.timestamp(),
        "ready_at": (now + settle).timestamp(),
    }


def _insert_case(connection: Connection, new: NewCase, now: datetime, settle: timedelta) -> CaseId:
    values = _values(new, now, settle)
    case_id = connection.execute(_INSERT_CASE, values).lastrowid
    connection.execute(_INSERT_FIRST_READING, values | {"case_id": case_id})
    return CaseId(case_id)


def _add_picture(
    connection: Connection, case_id: CaseId, message_id: MessageId, picture: StoredPicture
) -> None:
    values = {
        "case_id": case_id,
        "name": picture.name,
        "sha256": picture.sha256,
        "media_type": picture.media_type,
        "width_px": picture.width_px,
        "height_px": picture.height_px,
        "note": rows.note_json(picture.note),
    }
    connection.execute(_INSERT_PICTURE, values)
    connection.execute(
        _INSERT_PICTURE_MESSAGE,
        {"case_id": case_id, "message_id": message_id, "role": MessageRole.PICTURE},
    )


def _known(connection: Connection, chat_id: ChatId, message_id: MessageId) -> bool:
    query = "SELECT 1 FROM messages WHERE chat_id = :chat_id AND message_id = :message_id"
    values = {"chat_id": chat_id, "message_id": message_id}
    return connection.execute(query, values).fetchone() is not None


def _get(connection: Connection, case_id: CaseId) -> Case:
    found = connection.execute(
        f"{rows.CASE_SELECT} WHERE c.case_id = :case_id", {"case_id": case_id}
    )
    return rows.cases(connection, found)[0]


def _conditions(wanted: CaseFilter) -> tuple[list[str], dict[str, object]]:
    where: list[str] = []
    values: dict[str, object] = {}
    if wanted.sender_id is not None:
        where.append("c.sender_id = :sender_id")
        values["sender_id"] = wanted.sender_id
    if wanted.since is not None:
        where.append("c.created_at >= :since")
        values["since"] = wanted.since.timestamp()
    if wanted.until is not None:
        where.append("c.created_at < :until")
        values["until"] = wanted.until.timestamp()
    if wanted.urgent:
        where.append("r.urgency IN ('critical', 'urgent')")
    if wanted.unreviewed:
        where.append("c.reviewed_at IS NULL AND r.status = 'answered'")
    if wanted.words is not None:
        where.append("c.case_id IN (SELECT rowid FROM case_words WHERE case_words MATCH :words)")
        values["words"] = match_words(wanted.words) or '""'
    return where, values


def _where(conditions: list[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


_INSERT_CASE = """
INSERT INTO cases (sender_id, chat_id, message_id, media_group_id, created_at, caption,
    patient_reference, age_years, sex, indication)
VALUES (:sender_id, :chat_id, :message_id, :media_group_id, :now, :caption,
    :patient_reference, :age_years, :sex, :indication)
"""

_INSERT_FIRST_READING = """
INSERT INTO readings (case_id, asked_by, chat_id, message_id, language, asked_at, ready_at)
VALUES (:case_id, :sender_id, :chat_id, :message_id, :language, :now, :ready_at)
"""

_INSERT_PICTURE = """
INSERT INTO pictures (case_id, ordinal, name, sha256, media_type, width_px, height_px, note)
SELECT :case_id, count(*), :name, :sha256, :media_type, :width_px, :height_px, :note
FROM pictures WHERE case_id = :case_id
"""

_INSERT_PICTURE_MESSAGE = """
INSERT INTO messages (chat_id, message_id, reading_id, role)
SELECT chat_id, :message_id, reading_id, :role
FROM readings WHERE case_id = :case_id AND question IS NULL
"""

_ALBUM_CASE_JOINED = """
SELECT r.case_id FROM messages m JOIN readings r USING (reading_id)
WHERE m.chat_id = :chat_id AND m.message_id = :message_id
"""

_ALBUM_CASE_OPEN = """
SELECT c.case_id, r.reading_id
FROM cases c JOIN readings r ON r.case_id = c.case_id AND r.question IS NULL
WHERE c.chat_id = :chat_id AND c.media_group_id = :media_group_id
    AND r.status = 'waiting' AND r.attempt = 0
"""

_SETTLE = "UPDATE readings SET ready_at = :ready_at WHERE reading_id = :reading_id"

_RECAPTION = """
UPDATE cases SET caption = :caption, patient_reference = :patient_reference,
    age_years = coalesce(:age_years, age_years), sex = coalesce(:sex, sex),
    indication = :indication
WHERE case_id = :case_id
"""

_OF_READING = """
WHERE c.case_id = (SELECT case_id FROM readings WHERE reading_id = :reading_id)
"""

_OF_MESSAGE = """
WHERE c.case_id = (
    SELECT asked.case_id FROM messages m JOIN readings asked USING (reading_id)
    WHERE m.chat_id = :chat_id AND m.message_id = :message_id
)
"""

_FOLLOW_UPS = """
SELECT * FROM readings WHERE case_id = :case_id AND question IS NOT NULL ORDER BY reading_id
"""

_DESCRIBE = """
UPDATE cases SET age_years = coalesce(:age_years, age_years), sex = coalesce(:sex, sex)
WHERE case_id = :case_id
"""

_NOT_BEGUN = """
SELECT 1 FROM readings WHERE case_id = :case_id AND question IS NULL AND status = 'waiting'
"""
