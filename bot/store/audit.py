"""Who did what, when: only ever added to, each entry's hash covering the one before it.

An entry names people and cases by their ids and never says anything of a patient, so it may stay
when the patient's data are deleted.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.audit import Act, AuditEntry
from bot.domain.ids import UserId
from bot.store.database import Connection, Database, Row
from bot.store.rows import moment

BEGINNING = bytes(32)
"""What stands for the hash before the first entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditVerdict:
    """What a look over the whole log found.

    Args:
        entries: How many are in order, from the first on.
        head: The hash of the last of these, in hexadecimal: whoever notes it can prove later that
            nothing before it was changed.
        fault: What is wrong after them; None if nothing is.
        knows_noted: Whether the noted hash was among them; True where none was given.
    """

    entries: int
    head: str
    fault: str | None
    knows_noted: bool


class Audit:
    """Queries over the audit log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, act: Act, subject: str, *, actor: UserId | None, key: str, now: datetime
    ) -> str:
        """Add an entry; the same key again adds nothing.

        Args:
            subject: To what: a case's code, a person's id, a number. Nothing a patient said.
            actor: Who did it; None for whoever sat at the machine.
            key: Tells one doing from another.

        Returns:
            The head now, in hexadecimal.
        """
        entry = {"key": key, "at": now.timestamp(), "actor": actor, "act": act, "subject": subject}

        def transaction(connection: Connection) -> bytes:
            last = connection.execute(_LAST).fetchone()
            before: bytes = BEGINNING if last is None else last["hash"]
            if connection.execute("SELECT 1 FROM audit WHERE key = :key", entry).fetchone():
                return before
            number = 1 if last is None else last["audit_id"] + 1
            head = _hash(before, number, entry)
            connection.execute(_ADD, entry | {"hash": head})
            return head

        return (await self._database.write(transaction)).hex()

    async def newest(self, limit: int) -> tuple[AuditEntry, ...]:
        """The newest entries.

        Returns:
            Them, newest first, each with its person's name where it is known.
        """

        def query(connection: Connection) -> tuple[AuditEntry, ...]:
            return tuple(_entry(row) for row in connection.execute(_NEWEST, {"limit": limit}))

        return await self._database.read(query)

    async def verify(self, noted: str | None = None) -> AuditVerdict:
        """Look the whole log over for an entry that was changed, dropped, moved or slipped in.

        Args:
            noted: A head noted earlier, in hexadecimal.
        """

        def query(connection: Connection) -> AuditVerdict:
            rows = connection.execute("SELECT * FROM audit ORDER BY audit_id")
            made = connection.execute(_EVER_MADE).fetchone()
            return _judge(rows, 0 if made is None else made["seq"], noted and noted.lower())

        return await self._database.read(query)


def _judge(rows: Iterable[Row], ever_made: int, noted: str | None) -> AuditVerdict:
    head, sound, fault = BEGINNING, 0, None
    knows_noted = noted is None
    for row in rows:
        fault = _fault_of(row, head, sound + 1)
        if fault:
            break
        head, sound = row["hash"], sound + 1
        knows_noted = knows_noted or head.hex() == noted
    if fault is None and sound < ever_made:
        fault = f"the last {ever_made - sound} are missing"
    if fault is None and sound > ever_made:
        fault = "the database's own count of entries was changed"
    return AuditVerdict(entries=sound, head=head.hex(), fault=fault, knows_noted=knows_noted)


def _fault_of(row: Row, before: bytes, number: int) -> str | None:
    if row["audit_id"] != number:
        return f"entry {number} is missing"
    if row["hash"] != _hash(before, number, dict(row)):
        return f"entry {number} was changed, or is not the one that stood there"
    return None


def _hash(before: bytes, number: int, entry: dict[str, object]) -> bytes:
    said = [number, *(entry[name] for name in ("key", "at", "actor", "act", "subject"))]
    return hashlib.sha256(before + json.dumps(said).encode()).digest()


def _entry(row: Row) -> AuditEntry:
    return AuditEntry(
        at=moment(row["at"]), name=row["name"], act=Act(row["act"]), subject=row["subject"]
    )


_LAST = "SELECT audit_id, hash FROM audit ORDER BY audit_id DESC LIMIT 1"

_ADD = """
INSERT INTO audit (key, at, actor, act, subject, hash)
VALUES (:key, :at, :actor, :act, :subject, :hash)
"""

_NEWEST = """
SELECT audit.*, people.name FROM audit LEFT JOIN people ON people.user_id = audit.actor
ORDER BY audit_id DESC LIMIT :limit
"""

_EVER_MADE = "SELECT seq FROM sqlite_sequence WHERE name = 'audit'"
