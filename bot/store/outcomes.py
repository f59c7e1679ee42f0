"""What became of a case: treated here, referred, died, lost.

Whoever may open a case may say it, and say it anew: each time is noted.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.audit import Act, Actor
from bot.domain.cases import Case, Outcome, case_code
from bot.domain.ids import CaseId, ChatId, UserId
from bot.domain.messages import Outgoing
from bot.store import alarms, audit, outbox
from bot.store.alarm_notices import Words
from bot.store.cases import found
from storage.database import Database, Transaction


class Outcomes:
    """Queries over what became of cases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(
        self,
        case_id: CaseId,
        outcome: Outcome,
        *,
        by: Actor,
        words: Words | None,
        told: Sequence[Outgoing],
    ) -> None:
        """Note what became of a case, in place of what was said before.

        Args:
            words: What messages of its alarm say from now on, None if the alarm goes on.
            told: Messages that say so to others, such as to whoever sent the case.
        """

        def transaction(tx: Transaction) -> None:
            recorded = tx.one(_RECORD, case_id=case_id, outcome=outcome, by=by.user_id, now=tx.now)
            if recorded is not None:
                if words is not None:
                    alarms.hush(tx, case_id, by=by, words=words)
                audit.append(tx, by.does(Act.ENDED, f"{case_code(case_id)} {outcome}"))
                outbox.insert(tx, told)

        await self._database.write(transaction)

    async def name_place(self, case_id: CaseId, place: str, *, by: Actor) -> bool:
        """Note to where a patient was referred; False if this person did not say that they were."""

        def transaction(tx: Transaction) -> bool:
            if tx.one(_NAME_PLACE, case_id=case_id, by=by.user_id, place=place) is None:
                return False
            audit.append(tx, by.does(Act.CHANGED, case_code(case_id)))
            return True

        return await self._database.write(transaction)

    async def awaiting_place(self, chat_id: ChatId, by: UserId, since: datetime) -> Case | None:
        """Find the case that a person called referred just now, without a word to where so far.

        Args:
            chat_id: Where they were asked.
            since: Not earlier than this.
        """

        def query(tx: Transaction) -> Case | None:
            asked = found(tx, _AWAITING, chat_id=chat_id, by=by, since=since.timestamp())
            return next(iter(asked), None)

        return await self._database.read(query)


_RECORD = """
UPDATE cases SET outcome = :outcome, outcome_by = :by, outcome_at = :now, referred_to = NULL
WHERE case_id = :case_id RETURNING 1
"""

_NAME_PLACE = """
UPDATE cases SET referred_to = :place
WHERE case_id = :case_id AND outcome = 'referred' AND outcome_by = :by RETURNING 1
"""

_AWAITING = """
WHERE c.case_id = (
    SELECT asked.case_id FROM (
        SELECT * FROM messages WHERE chat_id = :chat_id ORDER BY message_id DESC LIMIT 50
    ) m JOIN readings asked USING (reading_id)
    WHERE m.role = 'outcome' ORDER BY m.message_id DESC LIMIT 1
)
AND c.outcome = 'referred' AND c.outcome_by = :by AND c.outcome_at >= :since
AND c.referred_to IS NULL
"""
