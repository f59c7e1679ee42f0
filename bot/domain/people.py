"""Whoever was invited: what their role lets them do and see."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.cases import Case
from bot.domain.ids import ChatId, UserId
from inference.contract import Language


class Role(StrEnum):
    """What a person may do; each role may do all that the one before it may."""

    HEALTH_WORKER = "health_worker"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"

    @property
    def sees_all_cases(self) -> bool:
        """Whether other people's cases are open to this role."""
        return self is not Role.HEALTH_WORKER

    def at_least(self, least: "Role") -> bool:
        """Whether this role may do all that another may."""
        order = list(Role)
        return order.index(self) >= order.index(least)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody enrolled by an invite code.

    Args:
        ward: Whose cases are open to the next shift of the same ward; None for no ward.
    """

    user_id: UserId
    chat_id: ChatId
    name: str
    role: Role
    language: Language
    accepted_terms_at: datetime | None
    revoked_at: datetime | None = None
    ward: str | None = None

    @property
    def may_ask(self) -> bool:
        """Whether this person's pictures are read: enrolled, terms accepted, not revoked."""
        return self.accepted_terms_at is not None and self.revoked_at is None

    @property
    def grantable_roles(self) -> tuple[Role, ...]:
        """Roles that this person may give to others, and take from them, lowest first."""
        roles = tuple(Role)
        return roles[: roles.index(self.role) + 1] if self.role.sees_all_cases else ()

    def is_called(self, part: str) -> bool:
        """Whether a part of a name, in any case of letters, is in this person's."""
        return part.casefold() in self.name.casefold()

    def may_correct(self, case: Case) -> bool:
        """Whether this person may set a case right: their own, or any for a supervisor."""
        return case.sender_id == self.user_id or self.role.sees_all_cases

    def may_see(self, case: Case) -> bool:
        """Whether this person may see a case: their own, or any for a supervisor."""
        return case.sender_id == self.user_id or self.role.sees_all_cases


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInvite:
    """An invite that somebody may still use.

    Args:
        invite_id: Says nothing of its code.
        role: What it makes of whoever uses it.
        made_by: Name of who made it; None if it was made at the machine.
    """

    invite_id: int
    role: Role
    made_by: str | None
    expires_at: datetime
