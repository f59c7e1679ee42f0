"""Who is on duty, and who therefore hears of an alarm first.

Knows whom alarms concern: supervisors and admins with access.
"""

from collections.abc import Mapping

from pydantic import TypeAdapter

from bot.domain.audit import Act, Actor
from bot.domain.duty import SAID_LASTS, Duty, Plan
from bot.domain.ids import UserId
from bot.domain.people import Person
from bot.store import audit, rows
from storage.database import Database, Row, Transaction

_PLAN = TypeAdapter(Plan)
OFF_DUTY = Duty()


class Roster:
    """Queries over who is on duty."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, user_id: UserId) -> Duty:
        """What is known of somebody's duty."""
        return await self._database.read(lambda tx: _all(tx).get(user_id, OFF_DUTY))

    async def on_duty(self) -> tuple[Person, ...]:
        """Who is on duty now, by name."""
        return await self._database.read(
            lambda tx: _on_duty(tx, tuple(map(rows.person, tx.all(_PEOPLE))))
        )

    async def say(self, *, on: bool, by: Actor) -> None:
        """Note that somebody says of themselves that they are on duty, or off it, for a while."""
        until_s = SAID_LASTS.total_seconds()

        def transaction(tx: Transaction) -> None:
            tx.run(_SAY, user_id=by.user_id, said=on, until=tx.now + until_s)
            audit.append(tx, by.does(Act.CHANGED, "duty on" if on else "duty off"))

        await self._database.write(transaction)

    async def plan(self, plan: Plan, *, by: Actor) -> None:
        """Note somebody's weekly shifts, in place of earlier ones and of what they said."""

        def transaction(tx: Transaction) -> None:
            tx.run(_SET_PLAN, user_id=by.user_id, plan=_PLAN.dump_json(plan).decode())
            audit.append(tx, by.does(Act.CHANGED, "duty plan"))

        await self._database.write(transaction)


def supervisors(tx: Transaction) -> tuple[Person, ...]:
    """Those who are told of urgent and failed cases: supervisors and admins with access."""
    return tuple(rows.person(row) for row in tx.all(_SUPERVISORS))


def first_to_hear(tx: Transaction, *, without: UserId | None = None) -> tuple[Person, ...]:
    """Who hears of an alarm at its first call: who is on duty, and all where nobody is.

    Args:
        without: Somebody who knows already.
    """
    others = tuple(person for person in supervisors(tx) if person.user_id != without)
    return _on_duty(tx, others) or others


def is_on_duty(tx: Transaction, user_id: UserId) -> bool:
    """Whether somebody is on duty, inside somebody's transaction."""
    return _all(tx).get(user_id, OFF_DUTY).is_on(rows.moment(tx.now))


def _on_duty(tx: Transaction, people: tuple[Person, ...]) -> tuple[Person, ...]:
    known, now = _all(tx), rows.moment(tx.now)
    return tuple(each for each in people if known.get(each.user_id, OFF_DUTY).is_on(now))


def _all(tx: Transaction) -> Mapping[UserId, Duty]:
    return {UserId(row["user_id"]): _duty(row) for row in tx.all("SELECT * FROM duty")}


def _duty(row: Row) -> Duty:
    return Duty(
        plan=_PLAN.validate_json(row["plan"]),
        said=None if row["said"] is None else bool(row["said"]),
        said_until=rows.moment_or_none(row["said_until"]),
    )


_PEOPLE = "SELECT * FROM people WHERE revoked_at IS NULL ORDER BY name, user_id"

_SUPERVISORS = """
SELECT * FROM people WHERE role IN ('supervisor', 'admin') AND revoked_at IS NULL
ORDER BY enrolled_at, user_id
"""

_SAY = """
INSERT INTO duty (user_id, said, said_until) VALUES (:user_id, :said, :until)
ON CONFLICT (user_id) DO UPDATE SET said = excluded.said, said_until = excluded.said_until
"""

_SET_PLAN = """
INSERT INTO duty (user_id, plan) VALUES (:user_id, :plan)
ON CONFLICT (user_id) DO UPDATE SET plan = excluded.plan, said = NULL, said_until = NULL
"""
