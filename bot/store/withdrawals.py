"""Withdrawals: a case that should not be there stays, marked, and calls nobody any more."""

from collections.abc import Callable, Sequence

from bot.domain.audit import Act, Actor
from bot.domain.cases import Case, case_code
from bot.domain.corrections import Field, WithdrawalReason
from bot.domain.ids import CaseId, ChatId
from bot.domain.messages import Outgoing
from bot.store import alarms, audit, outbox
from bot.store.alarm_notices import Words
from bot.store.cases import found
from bot.store.corrections import add_version
from bot.store.topics import Topic
from storage.database import Database, Transaction, Value


class Withdrawals:
    """Queries over cases that were withdrawn, and pictures that were sent before."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def withdraw(
        self,
        case_id: CaseId,
        reason: WithdrawalReason,
        *,
        by: Actor,
        words: Words,
        told: Sequence[Outgoing] = (),
    ) -> bool:
        """Withdraw one case; what waits or is being read of it is cancelled, its alarm is quiet.

        Args:
            words: What messages of its alarm say from now on.
            told: Messages that say so.

        Returns:
            False if it was withdrawn before, or there is no such case.
        """

        def transaction(tx: Transaction) -> bool:
            values: dict[str, Value] = {"case_id": case_id, "by": by.user_id, "reason": reason}
            if tx.one(_WITHDRAW, **values, now=tx.now) is None:
                return False
            tx.run(_CANCEL, case_id=case_id, now=tx.now)
            add_version(tx, case_id, Field.WITHDRAWN, old=None, new=reason, by=by)
            alarms.hush(tx, case_id, by=by, words=words)
            outbox.insert(tx, told)
            audit.append(tx, by.does(Act.WITHDREW, f"{case_code(case_id)} {reason}"))
            tx.signal(Topic.CANCELS, Topic.READINGS)
            return True

        return await self._database.write(transaction)

    async def undo(
        self,
        case_id: CaseId,
        *,
        by: Actor,
        words: Words,
        told: Callable[[Case], Sequence[Outgoing]],
    ) -> Case | None:
        """Bring a withdrawn case back: it is read if it was not yet, and its alarm rings again.

        Args:
            words: What messages of its alarm say from now on.
            told: Words the messages that say so.

        Returns:
            The case as it is then, None if it is not withdrawn.
        """

        def transaction(tx: Transaction) -> Case | None:
            row = tx.one(_REASON, case_id=case_id)
            if row is None:
                return None
            tx.run(_RESUME, case_id=case_id, now=tx.now)
            tx.run(_CLEAR, case_id=case_id)
            reason = row["withdrawn_reason"]
            add_version(tx, case_id, Field.WITHDRAWN, old=reason, new=None, by=by)
            alarms.revive(tx, case_id, by=by, words=words)
            (case,) = found(tx, "WHERE c.case_id = :case_id", case_id=case_id)
            outbox.insert(tx, told(case))
            audit.append(tx, by.does(Act.BROUGHT_BACK, case.code))
            tx.signal(Topic.READINGS)
            return case

        return await self._database.write(transaction)

    async def sent_before(
        self, sha256: str, chat_id: ChatId, media_group_id: str | None
    ) -> CaseId | None:
        """Find the newest case of a chat with the same picture, but for the same album's."""

        def query(tx: Transaction) -> CaseId | None:
            row = tx.one(_SENT_BEFORE, sha256=sha256, chat_id=chat_id, album=media_group_id)
            return None if row is None else CaseId(row["case_id"])

        return await self._database.read(query)


_WITHDRAW = """
UPDATE cases SET withdrawn_at = :now, withdrawn_by = :by, withdrawn_reason = :reason
WHERE case_id = :case_id AND withdrawn_at IS NULL RETURNING 1
"""

_CANCEL = """
UPDATE readings SET status = 'cancelled', lease_expires_at = NULL, ended_at = :now
WHERE case_id = :case_id AND status IN ('waiting', 'reading')
"""

_REASON = """
SELECT withdrawn_reason FROM cases WHERE case_id = :case_id AND withdrawn_at IS NOT NULL
"""

_RESUME = """
UPDATE readings SET status = 'waiting', ready_at = :now, ended_at = NULL
WHERE case_id = :case_id AND status = 'cancelled'
    AND ended_at = (SELECT withdrawn_at FROM cases WHERE case_id = :case_id)
    AND EXISTS (SELECT 1 FROM pictures WHERE case_id = :case_id)
"""
"""Those that the withdrawal cancelled, and not those that somebody had taken back before."""

_CLEAR = """
UPDATE cases SET withdrawn_at = NULL, withdrawn_by = NULL, withdrawn_reason = NULL
WHERE case_id = :case_id
"""

_SENT_BEFORE = """
SELECT c.case_id FROM pictures p CROSS JOIN cases c USING (case_id)
WHERE p.sha256 = :sha256 AND c.chat_id = :chat_id AND c.withdrawn_at IS NULL
    AND (c.media_group_id IS NULL OR c.media_group_id IS NOT :album)
ORDER BY c.case_id DESC LIMIT 1
"""
