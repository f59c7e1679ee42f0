"""What the audit log says: who did what, when, to what."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Act(StrEnum):
    """What the audit log says that somebody did."""

    JOINED = "joined"
    ACCEPTED = "accepted"
    INVITED = "invited"
    REVOKED = "revoked"
    SENT = "sent"
    ASKED = "asked"
    VIEWED = "viewed"
    LISTED = "listed"
    SEARCHED = "searched"
    EXPORTED = "exported"
    REVIEWED = "reviewed"
    CHANGED = "changed"
    REFUSED = "refused"
    EXPIRED = "expired"
    FORGOT = "forgot"
    BACKED_UP = "backed up"
    RESTORED = "restored"
    CHANGED_KEY = "changed key"
    COPIED_KEY = "copied key"
    PIN = "pin"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Something that somebody did.

    Args:
        at: When.
        name: Who; None for whoever sat at the machine, or somebody unknown.
        act: What they did.
        subject: To what.
    """

    at: datetime
    name: str | None
    act: Act
    subject: str
