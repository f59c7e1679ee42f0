"""What people made of a case: a supervisor looks at it, signs it off, and says why.

The first signature stays, and its alarm is quiet from then on.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.audit import Act, Actor
from bot.domain.cases import Case, case_code
from bot.domain.ids import CaseId, ChatId, UserId
from bot.domain.messages import Outgoing
from bot.store import alarms, audit, outbox
from bot.store.alarm_notices import Words
from bot.store.cases import found
from storage.database import Database, Transaction


class Reviews:
    """Queries over what was made of cases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def look(self, case_id: CaseId, *, by: Actor, told: Sequence[Outgoing]) -> None:
        """Note that a supervisor looks at a case; the first one stays, and others are told."""

        def transaction(tx: Transaction) -> None:
            audit.append(tx, by.does(Act.VIEWED, case_code(case_id)))
            if alarms.see(tx, case_id, by):
                outbox.insert(tx, told)

        await self._database.write(transaction)

    async def sign_off(self, case_id: CaseId, *, by: Actor, agrees: bool, words: Words) -> bool:
        """Sign a case off; the first signature stays, its signatory may change the verdict.

        Args:
            words: What messages of its alarm say from now on.

        Returns:
            True if this signed it, False if somebody else did before or there is no such case.
        """

        def transaction(tx: Transaction) -> bool:
            signed = tx.one(_REVIEW, case_id=case_id, by=by.user_id, now=tx.now, agrees=agrees)
            if signed is not None:
                alarms.see(tx, case_id, by)
                alarms.hush(tx, case_id, by=by, words=words)
                audit.append(tx, by.does(Act.REVIEWED, case_code(case_id)))
            return signed is not None

        return await self._database.write(transaction)

    async def note(self, case_id: CaseId, note: str, *, by: Actor) -> bool:
        """Add words to a sign-off, in place of earlier ones.

        Returns:
            True if this person signed the case off.
        """

        def transaction(tx: Transaction) -> bool:
            noted = tx.one(_NOTE, case_id=case_id, by=by.user_id, note=note)
            if noted is not None:
                audit.append(tx, by.does(Act.CHANGED, case_code(case_id)))
            return noted is not None

        return await self._database.write(transaction)

    async def awaiting_note(self, chat_id: ChatId, by: UserId, since: datetime) -> Case | None:
        """Find the case that a person disagreed with just now, without a word so far.

        Args:
            chat_id: Where the sign-off was confirmed.
            by: Who signed it off.
            since: Not earlier than this.

        Returns:
            The case that was signed off last, if it is one of these.
        """

        def query(tx: Transaction) -> Case | None:
            values = {"chat_id": chat_id, "by": by, "since": since.timestamp()}
            return next(iter(found(tx, _AWAITING_NOTE, **values)), None)

        return await self._database.read(query)


_AWAITING_NOTE = """
WHERE c.case_id = (
    SELECT signed.case_id FROM (
        SELECT * FROM messages WHERE chat_id = :chat_id ORDER BY message_id DESC LIMIT 50
    ) m JOIN readings signed USING (reading_id)
    WHERE m.role = 'review' ORDER BY m.message_id DESC LIMIT 1
)
AND c.reviewed_by = :by AND c.reviewed_at >= :since
AND c.review_agrees = 0 AND c.review_note IS NULL
"""

_REVIEW = """
UPDATE cases SET reviewed_by = :by, reviewed_at = :now, review_agrees = :agrees
WHERE case_id = :case_id AND (reviewed_by IS NULL OR reviewed_by = :by)
RETURNING case_id
"""

_NOTE = """
UPDATE cases SET review_note = :note
WHERE case_id = :case_id AND reviewed_by = :by RETURNING case_id
"""
