"""Albums: several messages that are one case, with no mark on the last of them.

A part joins its album's case as long as the reading of that was not begun.
"""

from datetime import datetime, timedelta

from bot.domain.ids import CaseId, ChatId
from bot.store.bell import Bells
from bot.store.cases import NewCase, add_picture, case_values
from bot.store.database import Connection, Database
from bot.store.words import index_words


class Albums:
    """Queries over the cases of albums."""

    def __init__(self, database: Database, bells: Bells) -> None:
        self._database = database
        self._bells = bells

    async def join(
        self,
        new: NewCase,
        *,
        now: datetime,
        settle: timedelta,
    ) -> CaseId | None:
        """Add a picture to its album's case, as long as the reading of that was not begun.

        Args:
            new: The picture and, where this part carries it, the caption with its facts.
            settle: How long the reading waits for further parts from now on.

        Returns:
            The case joined (also where this message joined it before), None if there is none open.
        """
        values = case_values(new, now, settle)

        def transaction(connection: Connection) -> CaseId | None:
            known = connection.execute(_ALBUM_CASE_JOINED, values).fetchone()
            if known is not None:
                return CaseId(known["case_id"])
            row = connection.execute(_ALBUM_CASE_OPEN, values).fetchone()
            if row is None:
                return None
            case_id = CaseId(row["case_id"])
            add_picture(connection, case_id, new.message_id, new.picture)
            connection.execute(_SETTLE, values | {"reading_id": row["reading_id"]})
            if new.caption:
                connection.execute(_RECAPTION, values | {"case_id": case_id})
                index_words(connection, case_id)
            return case_id

        case_id = await self._database.write(transaction)
        self._bells.readings.ring()
        return case_id

    async def settle(self, chat_id: ChatId, media_group_id: str, until: datetime) -> None:
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

    async def knows(self, chat_id: ChatId, media_group_id: str) -> bool:
        """Whether a part of this album became a case."""
        query = """
            SELECT 1 FROM cases WHERE chat_id = :chat_id AND media_group_id = :media_group_id
        """
        values = {"chat_id": chat_id, "media_group_id": media_group_id}
        return await self._database.read(lambda c: c.execute(query, values).fetchone() is not None)


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
