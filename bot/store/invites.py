"""One-time invites: made, used, listed while they are open, cancelled.

Keeps only the hash of a code. An invite is as good as whoever made it: it lets nobody in once they
may not invite any more.
"""

import hashlib
import secrets
from datetime import datetime

from bot.domain.audit import Act, Actor
from bot.domain.ids import UserId
from bot.domain.people import OpenInvite, Person, Role
from bot.errors import InviteCancelled, InviteExpired, InviteNotNeeded, InviteUnknown, InviteUsed
from bot.store import audit, rows
from storage.database import Database, Row, Transaction

CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_CHARS = 10
ID_BITS = 59
"""A button's data holds no number of more than 18 digits."""


class Invites:
    """Queries over open invites."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self) -> tuple[OpenInvite, ...]:
        """Those that can still be used, the first to expire first."""
        return await self._database.read(
            lambda tx: tuple(map(_open_invite, tx.all(_OPEN, now=tx.now)))
        )

    async def cancel(self, invite_id: int, *, by: Person, actor: Actor) -> OpenInvite | None:
        """Cancel an open invite.

        Args:
            by: Who cancels it; nobody does one to a role above their own.

        Returns:
            The invite; None if it is not open, or not theirs to cancel.
        """

        def transaction(tx: Transaction) -> OpenInvite | None:
            row = tx.one(_OPEN_ONE, now=tx.now, invite_id=invite_id)
            if row is None or Role(row["role"]) not in by.grantable_roles:
                return None
            tx.run(_CANCEL, now=tx.now, invite_id=invite_id)
            audit.append(tx, actor.does(Act.UNINVITED, row["role"]))
            return _open_invite(row)

        return await self._database.write(transaction)


def new_code() -> str:
    """A code that nobody can guess."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_CHARS))


def hash_of(code: str) -> str:
    """What is kept of a code, however somebody typed it."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()


def add(tx: Transaction, code: str, role: Role, expires_at: datetime, by: Actor) -> None:
    """Add an invite."""
    tx.run(
        _ADD,
        code=hash_of(code),
        invite_id=secrets.randbits(ID_BITS),
        role=role,
        now=tx.now,
        by=by.user_id,
        expires_at=expires_at.timestamp(),
    )
    audit.append(tx, by.does(Act.INVITED, role))


def usable_role(tx: Transaction, hashed: str, user_id: UserId) -> Role:
    """The role that a code gives a person now.

    Raises:
        InviteUnknown: There is no such code.
        InviteUsed: Somebody else used it, or this person before their access was taken away.
        InviteExpired: It is too old.
        InviteCancelled: It was cancelled, or whoever made it may not invite to this role any more.
        InviteNotNeeded: This person has the role, or a higher one.
    """
    invite = tx.one("SELECT * FROM invites WHERE code_sha256 = :code", code=hashed)
    if invite is None:
        raise InviteUnknown
    role = Role(invite["role"])
    if invite["used_by"] is not None:
        if not _is_enrolled_by(tx, invite["used_by"], user_id):
            raise InviteUsed
    elif invite["expires_at"] <= tx.now:
        raise InviteExpired
    elif invite["cancelled_at"] is not None or not _may_still_invite(tx, invite):
        raise InviteCancelled
    elif _has_as_much(tx, user_id, role):
        raise InviteNotNeeded
    return role


def use(tx: Transaction, hashed: str, user_id: UserId) -> None:
    """Note who used an invite; the first time stays."""
    tx.run(_USE, code=hashed, user_id=user_id, now=tx.now)


def void_of(tx: Transaction, user_id: UserId, by: Actor) -> None:
    """Cancel every open invite that a person made."""
    voided = tx.all(_VOID, user_id=user_id, now=tx.now)
    if voided:
        audit.append(tx, by.does(Act.UNINVITED, f"{len(voided)} of {user_id}"))


def _is_enrolled_by(tx: Transaction, used_by: int, user_id: UserId) -> bool:
    """Whether somebody sends the code again that let them in, and still has access."""
    found = tx.one(_PERSON, user_id=user_id)
    return used_by == user_id and found is not None and found["revoked_at"] is None


def _has_as_much(tx: Transaction, user_id: UserId, role: Role) -> bool:
    found = tx.one(_PERSON, user_id=user_id)
    return (
        found is not None and found["revoked_at"] is None and rows.person(found).role.at_least(role)
    )


def _may_still_invite(tx: Transaction, invite: Row) -> bool:
    """Whether who made it has access, and a role that may give this one."""
    if invite["created_by"] is None:
        return True  # made at the machine
    found = tx.one(_PERSON, user_id=invite["created_by"])
    if found is None or found["revoked_at"] is not None:
        return False
    return Role(invite["role"]) in rows.person(found).grantable_roles


def _open_invite(row: Row) -> OpenInvite:
    return OpenInvite(
        invite_id=row["invite_id"],
        role=Role(row["role"]),
        made_by=row["name"],
        expires_at=rows.moment(row["expires_at"]),
    )


_PERSON = "SELECT * FROM people WHERE user_id = :user_id"

_ADD = """
INSERT INTO invites (code_sha256, invite_id, role, created_at, created_by, expires_at)
VALUES (:code, :invite_id, :role, :now, :by, :expires_at)
"""

_USE = """
UPDATE invites SET used_by = :user_id, used_at = :now WHERE code_sha256 = :code AND used_by IS NULL
"""

_IS_OPEN = "used_by IS NULL AND cancelled_at IS NULL AND expires_at > :now"

_LISTED = f"""
SELECT invites.*, people.name FROM invites
LEFT JOIN people ON people.user_id = invites.created_by WHERE {_IS_OPEN}
"""

_OPEN = f"{_LISTED} ORDER BY expires_at"

_OPEN_ONE = f"{_LISTED} AND invite_id = :invite_id"

_CANCEL = "UPDATE invites SET cancelled_at = :now WHERE invite_id = :invite_id"

_VOID = f"""
UPDATE invites SET cancelled_at = :now WHERE created_by = :user_id AND {_IS_OPEN}
RETURNING invite_id
"""
