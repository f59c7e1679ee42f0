"""What one shift of a ward leaves to the next: cases that nobody has brought to an end.

A health worker sees their own cases alone. While they are on duty, those that others of their ward
sent within a day are open to them too. A supervisor says who belongs to which ward.
"""

from datetime import timedelta

from bot.domain.audit import Act, Actor
from bot.domain.cases import Case
from bot.domain.ids import CaseId, UserId
from bot.domain.people import Person
from bot.store import audit, duty, rows
from bot.store.cases import found
from storage.database import Database, Transaction

LOOK_BACK = timedelta(days=1)


class Handover:
    """Queries over the cases of a ward."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pending(self, reader: Person) -> tuple[Case, ...]:
        """The ward's cases that are not at an end and whose senders are off duty, newest first."""

        def query(tx: Transaction) -> tuple[Case, ...]:
            cases = found(tx, _PENDING, ward=reader.ward, me=reader.user_id, since=_since(tx))
            return tuple(case for case in cases if not duty.is_on_duty(tx, case.sender_id))

        return await self._database.read(query)

    async def shares(self, case_id: CaseId, reader: Person) -> bool:
        """Whether a case of somebody else is open to this person: of their ward, while on duty."""

        def query(tx: Transaction) -> bool:
            shared = tx.one(_SHARED, case_id=case_id, ward=reader.ward, since=_since(tx))
            return shared is not None and duty.is_on_duty(tx, reader.user_id)

        return await self._database.read(query)

    async def set_ward(self, user_id: UserId, ward: str | None, *, by: Actor) -> None:
        """Say to which ward somebody belongs, None for none."""

        def transaction(tx: Transaction) -> None:
            tx.run(_SET_WARD, user_id=user_id, ward=ward)
            audit.append(tx, by.does(Act.CHANGED, f"ward of {user_id}"))

        await self._database.write(transaction)


def _since(tx: Transaction) -> float:
    return tx.now - LOOK_BACK.total_seconds()


_OF_WARD = """
p.ward = :ward COLLATE NOCASE AND c.created_at >= :since
AND r.status <> 'cancelled' AND c.withdrawn_at IS NULL
"""

_PENDING = f"""
WHERE c.case_id IN (SELECT case_id FROM cases INDEXED BY cases_by_time WHERE created_at >= :since)
    AND {_OF_WARD} AND c.sender_id <> :me AND c.outcome IS NULL
ORDER BY c.case_id DESC
"""

_SHARED = f"""
{rows.CASE_SELECT} WHERE c.case_id = :case_id AND {_OF_WARD}
"""

_SET_WARD = "UPDATE people SET ward = :ward WHERE user_id = :user_id"
