"""Who may use the bot: enrolled people and the one-time invites that enrol them.

Keeps only the hash of an invite code.
"""

import hashlib
import secrets
from datetime import datetime

from bot.domain.ids import ChatId, UserId
from bot.domain.people import Person, Role
from bot.errors import InviteExpired, InviteUnknown, InviteUsed
from bot.store import rows
from bot.store.bell import Bell
from bot.store.database import Connection, Database
from inference.contract import Language

CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_CHARS = 10


class People:
    """Queries over people and invites."""

    def __init__(self, database: Database, access: Bell) -> None:
        self._database = database
        self._access = access

    async def create_invite(
        self, role: Role, expires_at: datetime, now: datetime, *, created_by: UserId | None = None
    ) -> str:
        """Make a one-time invite.

        Returns:
            Its code: told once, stored only as a hash.
        """
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_CHARS))
        values = {
            "code": _hash(code),
            "role": role,
            "now": now.timestamp(),
            "by": created_by,
            "expires_at": expires_at.timestamp(),
        }
        query = """
            INSERT INTO invites (code_sha256, role, created_at, created_by, expires_at)
            VALUES (:code, :role, :now, :by, :expires_at)
        """
        await self._database.write(lambda connection: connection.execute(query, values))
        return code

    async def redeem_invite(
        self,
        code: str,
        *,
        user_id: UserId,
        chat_id: ChatId,
        name: str,
        language: Language,
        now: datetime,
    ) -> Person:
        """Enrol a person by a code; the same person with the same code again changes nothing.

        A code for a higher role raises somebody who is enrolled already; a lower one never lowers.

        Returns:
            The person as enrolled now.

        Raises:
            InviteUnknown: There is no such code.
            InviteUsed: Somebody else used it, or this person before their access was taken away.
            InviteExpired: It is too old.
        """
        values = {
            "code": _hash(code),
            "user_id": user_id,
            "chat_id": chat_id,
            "name": name,
            "language": language,
            "now": now.timestamp(),
        }

        def transaction(connection: Connection) -> Person:
            values["role"] = _usable_role(connection, values)
            connection.execute(_ENROL, values)
            connection.execute(_USE_INVITE, values)
            return rows.person(connection.execute(_FIND, values).fetchone())

        person = await self._database.write(transaction)
        self._access.ring()
        return person

    async def find(self, user_id: UserId) -> Person | None:
        """Look a person up, revoked or not.

        Returns:
            The person, None for a stranger.
        """

        def query(connection: Connection) -> Person | None:
            row = connection.execute(_FIND, {"user_id": user_id}).fetchone()
            return None if row is None else rows.person(row)

        return await self._database.read(query)

    async def everyone(self) -> tuple[Person, ...]:
        """All people by name, revoked ones too."""

        def query(connection: Connection) -> tuple[Person, ...]:
            found = connection.execute("SELECT * FROM people ORDER BY name, user_id")
            return tuple(rows.person(row) for row in found)

        return await self._database.read(query)

    async def supervisors(self) -> tuple[Person, ...]:
        """Everybody who is told of urgent and failed cases: supervisors and admins, not revoked.

        Returns:
            Them, in the order they were enrolled.
        """

        def query(connection: Connection) -> tuple[Person, ...]:
            return tuple(rows.person(row) for row in connection.execute(_SUPERVISORS))

        return await self._database.read(query)

    async def accept_terms(self, user_id: UserId, now: datetime) -> Person | None:
        """Note that a person accepted the terms; the first time stays.

        Returns:
            The person, None for a stranger.
        """
        return await self._change(
            user_id, "accepted_terms_at = coalesce(accepted_terms_at, :value)", now.timestamp()
        )

    async def set_language(self, user_id: UserId, language: Language) -> Person | None:
        """Choose the language a person is answered in.

        Returns:
            The person, None for a stranger.
        """
        return await self._change(user_id, "language = :value", language)

    async def revoke(self, user_id: UserId, now: datetime) -> Person | None:
        """Take a person's access away; their cases stay.

        Returns:
            The person, None for a stranger.
        """
        person = await self._change(
            user_id, "revoked_at = coalesce(revoked_at, :value)", now.timestamp()
        )
        self._access.ring()
        return person

    async def untold(self) -> tuple[Person, ...]:
        """Those of whom the gateway does not know yet whether they may use the bot.

        Returns:
            Them, revoked ones first: a lost phone does not wait.
        """

        def query(connection: Connection) -> tuple[Person, ...]:
            return tuple(rows.person(row) for row in connection.execute(_UNTOLD))

        return await self._database.read(query)

    async def told(self, person: Person) -> None:
        """Note what the gateway was told of a person."""
        may_use = person.revoked_at is None
        await self._change(person.user_id, "told_may_use = :value", may_use)

    async def _change(self, user_id: UserId, assignment: str, value: str | float) -> Person | None:
        update = f"UPDATE people SET {assignment} WHERE user_id = :user_id RETURNING *"

        def transaction(connection: Connection) -> Person | None:
            row = connection.execute(update, {"user_id": user_id, "value": value}).fetchone()
            return None if row is None else rows.person(row)

        return await self._database.write(transaction)


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()


def _usable_role(connection: Connection, values: dict[str, object]) -> Role:
    invite = connection.execute(
        "SELECT * FROM invites WHERE code_sha256 = :code", values
    ).fetchone()
    if invite is None:
        raise InviteUnknown
    if invite["used_by"] is not None and not _is_enrolled_by(connection, invite["used_by"], values):
        raise InviteUsed
    if invite["used_by"] is None and invite["expires_at"] <= values["now"]:
        raise InviteExpired
    return Role(invite["role"])


def _is_enrolled_by(connection: Connection, used_by: int, values: dict[str, object]) -> bool:
    """Whether somebody sends the code again that let them in, and still has access."""
    found = connection.execute(_FIND, values).fetchone()
    return used_by == values["user_id"] and found["revoked_at"] is None


_FIND = "SELECT * FROM people WHERE user_id = :user_id"

_SUPERVISORS = """
SELECT * FROM people WHERE role IN ('supervisor', 'admin') AND revoked_at IS NULL
ORDER BY enrolled_at, user_id
"""

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

_USE_INVITE = """
UPDATE invites SET used_by = :user_id, used_at = :now WHERE code_sha256 = :code AND used_by IS NULL
"""
