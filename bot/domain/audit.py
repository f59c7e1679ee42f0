"""What the audit log says: who did what, when, to what."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from bot.domain.ids import UserId

HEAD_DIGITS = 20
"""80 bits: more than anybody can make a log to fit."""


def head_code(head: str) -> str:
    """A head of the log as people note it.

    Args:
        head: In hexadecimal.

    Returns:
        Its first digits in groups, such as `4f2a-91c0-77de-03ab-5c1e`.
    """
    return "-".join(head[at : at + 4] for at in range(0, HEAD_DIGITS, 4))


class Act(StrEnum):
    """What the audit log says that somebody did."""

    JOINED = "joined"
    ACCEPTED = "accepted"
    INVITED = "invited"
    UNINVITED = "uninvited"
    REVOKED = "revoked"
    SENT = "sent"
    ASKED = "asked"
    COMPARED = "compared"
    VIEWED = "viewed"
    LISTED = "listed"
    SEARCHED = "searched"
    EXPORTED = "exported"
    REVIEWED = "reviewed"
    ALARMED = "alarmed"
    CALLED = "called"
    TOOK = "took"
    GAVE_BACK = "gave back"
    ENDED = "ended"
    CHANGED = "changed"
    CORRECTED = "corrected"
    READ_AGAIN = "read again"
    WITHDREW = "withdrew"
    BROUGHT_BACK = "brought back"
    SPLIT = "split"
    REFUSED = "refused"
    EXPIRED = "expired"
    FORGOT = "forgot"
    BACKED_UP = "backed up"
    RESTORED = "restored"
    CHANGED_KEY = "changed key"
    COPIED_KEY = "copied key"
    PIN = "pin"
    ROLLED_BACK = "rolled back"
    TRIED = "tried"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAuditEntry:
    """Something that somebody does, to be stored in one transaction with what it changes.

    Args:
        subject: To what: a case's code, a person's id, a number. Nothing a patient said.
        user_id: Who does it; None for whoever sits at the machine, and the machine itself.
        key: The same key again adds nothing.
    """

    act: Act
    subject: str
    user_id: UserId | None
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something, and on what occasion.

    Args:
        user_id: None for whoever sits at the machine, and the machine itself.
        occasion: Tells one doing from another: the same update handled twice is one occasion.
    """

    user_id: UserId | None
    occasion: str

    @classmethod
    def at_the_machine(cls) -> Self:
        """Whoever sits at the machine, now."""
        return cls(user_id=None, occasion=f"machine:{secrets.token_hex(8)}")

    def does(self, act: Act, subject: object = "") -> NewAuditEntry:
        """An entry that says so.

        Args:
            subject: To what: a case's code, a person's id, a number. Nothing a patient said.
        """
        return NewAuditEntry(
            act=act,
            subject=str(subject),
            user_id=self.user_id,
            key=f"{self.occasion}:{act}:{subject}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Something that somebody did.

    Args:
        name: Who; None for whoever sat at the machine, or somebody unknown.
        subject: To what.
    """

    at: datetime
    name: str | None
    act: Act
    subject: str
