"""Albums: several messages that are one case, with no mark on the last of them.

A part joins its album's case as long as the reading of that was not begun.
"""

import json
from datetime import timedelta

from bot.domain.audit import Act, Actor
from bot.domain.cases import Case, case_code
from bot.domain.corrections import Field
from bot.domain.ids import CaseId, ChatId
from bot.store import audit, outbox
from bot.store.cases import NewCase, Received, add_picture, found, told_values
from bot.store.corrections import add_version
from bot.store.queue_position import place
from bot.store.topics import Topic
from bot.store.words import index_words
from storage.database import Database, Row, Transaction


class Albums:
    """Queries over the cases of albums."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def join(self, new: NewCase, *, settle: timedelta) -> CaseId | None:
        """Add a picture to its album's case, as long as the reading of that was not begun.

        Args:
            new: The picture and, where this part carries it, the caption with its facts.
            settle: How long the reading waits for further parts from now on.

        Returns:
            The case joined (also where this message joined it before), None if there is none open.
        """

        def transaction(tx: Transaction) -> CaseId | None:
            known = tx.one(_ALBUM_CASE_JOINED, chat_id=new.chat_id, message_id=new.message_id)
            if known is not None:
                return CaseId(known["case_id"])
            row = _open_case(tx, new.chat_id, new.media_group_id)
            if row is None:
                return None
            case_id = CaseId(row["case_id"])
            add_picture(tx, case_id, new.message_id, new.picture)
            _settle(tx, row, tx.now + settle.total_seconds())
            if new.caption:
                tx.run(_RECAPTION, **told_values(new), case_id=case_id)
                index_words(tx, case_id)
            return case_id

        return await self._database.write(transaction)

    async def settle(self, chat_id: ChatId, media_group_id: str, wait: timedelta) -> None:
        """Let an album's reading, if not begun, wait so long for a further part."""

        def transaction(tx: Transaction) -> None:
            row = _open_case(tx, chat_id, media_group_id)
            if row is not None:
                _settle(tx, row, tx.now + wait.total_seconds())

        await self._database.write(transaction)

    async def split(
        self, case_id: CaseId, first: int, *, by: Actor, received: Received
    ) -> Case | None:
        """Make a case of its own of an album's later pictures, which are another patient's.

        Args:
            first: The first of them, from 2.
            received: Words the "received" message of the new case.

        Returns:
            The new case, None if there are no such pictures.
        """

        def transaction(tx: Transaction) -> Case | None:
            if not tx.all(_LATER_PICTURES, case_id=case_id, first=first - 1) or first < 2:
                return None
            messages = [row["message_id"] for row in tx.all(_PICTURE_MESSAGES, case_id=case_id)]
            later = messages[first - 1 :]
            opened = tx.run(_OPEN_ANOTHER, case_id=case_id, message_id=next(iter(later), None))
            other_id = CaseId(opened.lastrowid or 0)
            tx.run(_READ_ANOTHER, case_id=case_id, other_id=other_id, now=tx.now)
            tx.run(_MOVE_PICTURES, case_id=case_id, other_id=other_id, first=first - 1)
            message_ids = json.dumps(later)
            tx.run(_MOVE_MESSAGES, case_id=case_id, other_id=other_id, message_ids=message_ids)
            old, other = case_code(case_id), case_code(other_id)
            count = str(len(messages))
            left = f"{first - 1} ({other})"
            add_version(tx, case_id, Field.PICTURES, old=count, new=left, by=by)
            add_version(tx, other_id, Field.PICTURES, old=None, new=old, by=by)
            index_words(tx, other_id)
            (case,) = found(tx, "WHERE c.case_id = :case_id", case_id=other_id)
            outbox.insert(tx, [received(case, place(tx, case.reading_id))])
            audit.append(tx, by.does(Act.SPLIT, f"{old} {other}"))
            tx.signal(Topic.READINGS)
            return case

        return await self._database.write(transaction)

    async def knows(self, chat_id: ChatId, media_group_id: str) -> bool:
        """Whether a part of this album became a case."""
        return await self._database.read(
            lambda tx: tx.one(_KNOWN, chat_id=chat_id, media_group_id=media_group_id) is not None
        )


def _open_case(tx: Transaction, chat_id: ChatId, media_group_id: str | None) -> Row | None:
    return tx.one(_ALBUM_CASE_OPEN, chat_id=chat_id, media_group_id=media_group_id)


def _settle(tx: Transaction, row: Row, ready_at: float) -> None:
    tx.run(_SETTLE, reading_id=row["reading_id"], ready_at=ready_at)
    tx.signal(Topic.READINGS)


_LATER_PICTURES = "SELECT 1 FROM pictures WHERE case_id = :case_id AND ordinal >= :first"

_PICTURE_MESSAGES = """
SELECT m.message_id FROM messages m JOIN readings r USING (reading_id)
WHERE r.case_id = :case_id AND r.question IS NULL AND m.role = 'picture'
    AND m.chat_id = r.chat_id
ORDER BY m.message_id
"""

_OPEN_ANOTHER = """
INSERT INTO cases (sender_id, chat_id, message_id, created_at, caption)
SELECT sender_id, chat_id, coalesce(:message_id, message_id), created_at, ''
FROM cases WHERE case_id = :case_id
"""

_READ_ANOTHER = """
INSERT INTO readings (case_id, asked_by, chat_id, message_id, language, asked_at, ready_at)
SELECT :other_id, c.sender_id, c.chat_id, c.message_id, r.language, :now, :now
FROM cases c JOIN readings r ON r.case_id = :case_id AND r.question IS NULL
WHERE c.case_id = :other_id
"""

_MOVE_PICTURES = """
UPDATE pictures SET case_id = :other_id, ordinal = ordinal - :first
WHERE case_id = :case_id AND ordinal >= :first
"""

_MOVE_MESSAGES = """
UPDATE messages SET reading_id = (
    SELECT reading_id FROM readings WHERE case_id = :other_id AND question IS NULL
)
WHERE role = 'picture' AND message_id IN (SELECT value FROM json_each(:message_ids))
    AND reading_id = (
        SELECT reading_id FROM readings WHERE case_id = :case_id AND question IS NULL
    )
"""

_KNOWN = "SELECT 1 FROM cases WHERE chat_id = :chat_id AND media_group_id = :media_group_id"

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
    indication = :indication, kind = coalesce(:kind, kind)
WHERE case_id = :case_id
"""
