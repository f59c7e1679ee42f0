"""Albums: several messages that are one case, with no mark on the last of them.

A part joins its album's case as long as the reading of that was not begun.
"""

from datetime import timedelta

from bot.domain.ids import CaseId, ChatId
from bot.store.cases import NewCase, add_picture, told_values
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
    indication = :indication
WHERE case_id = :case_id
"""
