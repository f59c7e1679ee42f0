"""Who may use the bot: enrolled people, who came by an invite."""

from collections import deque
from collections.abc import Callable
from datetime import datetime

from bot.domain.audit import Act, Actor, NewAuditEntry
from bot.domain.ids import ChatId, UserId
from bot.domain.names import distinct
from bot.domain.people import Person, Role
from bot.errors import InviteUnknown
from bot.store import alarms, audit, duty, invites, phones, rows
from bot.store.alarm_notices import Words
from bot.store.topics import Topic
from inference.contract import Language
from storage.database import Database, Transaction, Value

BURSTS = (5, 50, 500)
"""At how many wrong codes within `BURST_S` the audit log says so; a nurse mistypes one or two."""

BURST_S = 600


class People:
    """Queries over people and invites."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._wrong_codes: deque[float] = deque(maxlen=BURSTS[-1] + 1)

    async def create_invite(self, role: Role, expires_at: datetime, *, by: Actor) -> str:
        """Make a one-time invite and return its code, of which only a hash is stored."""
        code = invites.new_code()
        await self._database.write(lambda tx: invites.add(tx, code, role, expires_at, by))
        return code

    async def redeem_invite(
        self,
        code: str,
        *,
        user_id: UserId,
        chat_id: ChatId,
        name: str,
        language: Language,
        by: Actor,
    ) -> Person:
        """Enrol a person by a code; the same person with the same code again changes nothing.

        A code for a higher role raises somebody who is enrolled already; any other is refused and
        stays open, for it is somebody else's.
        A name that somebody else has gets a number, so nobody passes for another.

        Returns:
            The person as enrolled now.

        Raises:
            InviteUnknown: There is no such code.
            InviteError: The code lets this person in no more.
        """
        hashed = invites.hash_of(code)

        def transaction(tx: Transaction) -> Person:
            tx.run(
                _ENROL,
                code=hashed,
                user_id=user_id,
                chat_id=chat_id,
                name=distinct(name, _names(tx, user_id)),
                role=invites.usable_role(tx, hashed, user_id),
                language=language,
                now=tx.now,
            )
            invites.use(tx, hashed, user_id)
            person = rows.person(tx.run(_FIND, user_id=user_id).fetchone())
            audit.append(tx, by.does(Act.JOINED, person.role))
            tx.signal(Topic.ACCESS)
            return person

        try:
            return await self._database.write(transaction)
        except InviteUnknown:
            await self._database.write(self._note_wrong_code)
            raise

    def _note_wrong_code(self, tx: Transaction) -> None:
        """Note in the audit log when wrong codes come in a burst."""
        while self._wrong_codes and self._wrong_codes[0] <= tx.now - BURST_S:
            self._wrong_codes.popleft()
        self._wrong_codes.append(tx.now)
        count = len(self._wrong_codes)
        if count in BURSTS:
            burst = Actor(user_id=None, occasion=f"wrong codes since {self._wrong_codes[0]}")
            audit.append(tx, burst.does(Act.TRIED, f"{count} wrong codes"))

    async def find(self, user_id: UserId) -> Person | None:
        """Look a person up, revoked or not; None if not enrolled."""

        def query(tx: Transaction) -> Person | None:
            row = tx.one(_FIND, user_id=user_id)
            return None if row is None else rows.person(row)

        return await self._database.read(query)

    async def everyone(self) -> tuple[Person, ...]:
        """All people by name, revoked ones too."""
        return await self._list("SELECT * FROM people ORDER BY name, user_id")

    async def supervisors(self) -> tuple[Person, ...]:
        """Those who are told of urgent and failed cases: supervisors and admins with access."""
        return await self._database.read(duty.supervisors)

    async def accept_terms(self, user_id: UserId, *, by: Actor) -> Person | None:
        """Note that a person accepted the terms; the first time stays. None if not enrolled."""
        return await self._change(
            user_id,
            "accepted_terms_at = coalesce(accepted_terms_at, :now)",
            by.does(Act.ACCEPTED),
        )

    async def set_language(
        self, user_id: UserId, language: Language, *, by: Actor
    ) -> Person | None:
        """Choose the language a person is answered in. None if not enrolled."""
        return await self._change(
            user_id,
            "language = :language",
            by.does(Act.CHANGED, f"language {language}"),
            language=language,
        )

    async def revoke(
        self, user_id: UserId, *, by: Actor, words: Words | None = None
    ) -> Person | None:
        """Take a person's access away, and void the invites that they made.

        Their cases stay; the alarms that they took ring again.

        Args:
            words: What messages of those alarms say from now on.

        Returns:
            The person, None if not enrolled.
        """

        def then(tx: Transaction, who: UserId) -> None:
            invites.void_of(tx, who, by)
            alarms.abandon(tx, who, by=by, words=words)
            phones.take_back(tx, who)

        return await self._change(
            user_id,
            "revoked_at = coalesce(revoked_at, :now)",
            by.does(Act.REVOKED, user_id),
            then=then,
        )

    async def untold(self) -> tuple[Person, ...]:
        """Those of whose access the gateway was not told yet, revoked ones first."""
        return await self._list(_UNTOLD)

    async def tell_again(self) -> None:
        """Have the gateway told anew whose access was taken away: it may know less than before."""

        def transaction(tx: Transaction) -> None:
            tx.run("UPDATE people SET told_may_use = NULL WHERE revoked_at IS NOT NULL")
            tx.signal(Topic.ACCESS)

        await self._database.write(transaction)

    async def told(self, person: Person) -> None:
        """Note what the gateway was told of a person."""
        may_use = person.revoked_at is None
        await self._database.write(
            lambda tx: tx.run(_TOLD, user_id=person.user_id, may_use=may_use)
        )

    async def _list(self, query: str) -> tuple[Person, ...]:
        return await self._database.read(lambda tx: tuple(map(rows.person, tx.all(query))))

    async def _change(
        self,
        user_id: UserId,
        assignment: str,
        noted: NewAuditEntry,
        then: Callable[[Transaction, UserId], None] | None = None,
        **values: Value,
    ) -> Person | None:
        update = f"UPDATE people SET {assignment} WHERE user_id = :user_id RETURNING *"

        def transaction(tx: Transaction) -> Person | None:
            row = tx.one(update, user_id=user_id, now=tx.now, **values)
            if row is None:
                return None
            audit.append(tx, noted)
            if then is not None:
                then(tx, user_id)
            tx.signal(Topic.ACCESS)
            return rows.person(row)

        return await self._database.write(transaction)


def _names(tx: Transaction, user_id: UserId) -> list[str]:
    """The names of everybody else who has access."""
    found = tx.all(
        "SELECT name FROM people WHERE revoked_at IS NULL AND user_id <> :user_id", user_id=user_id
    )
    return [row["name"] for row in found]


_FIND = "SELECT * FROM people WHERE user_id = :user_id"

_UNTOLD = """
SELECT * FROM people WHERE told_may_use IS NOT (revoked_at IS NULL)
ORDER BY revoked_at IS NULL, user_id
"""

_RANK = "CASE {} WHEN 'admin' THEN 2 WHEN 'supervisor' THEN 1 ELSE 0 END"

# The same code again, as an update that is handled twice brings it, changes nothing.
_ENROL = f"""
INSERT INTO people (user_id, chat_id, name, role, language, enrolled_at)
VALUES (:user_id, :chat_id, :name, :role, :language, :now)
ON CONFLICT (user_id) DO UPDATE SET
    chat_id = excluded.chat_id,
    role = CASE WHEN revoked_at IS NULL AND {_RANK.format("role")} > {_RANK.format("excluded.role")}
        THEN role ELSE excluded.role END,
    revoked_at = NULL
WHERE EXISTS (SELECT 1 FROM invites WHERE code_sha256 = :code AND used_by IS NULL)
"""

_TOLD = "UPDATE people SET told_may_use = :may_use WHERE user_id = :user_id"
