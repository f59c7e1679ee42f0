"""Who did what, when: only ever added to, each entry's hash covering the one before it.

Whatever changes the store appends its entry in its own transaction: neither is there without the
other.

An entry names people and cases by their ids and never says anything of a patient, so it may stay
when the patient's data are deleted.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.audit import Act, AuditEntry, NewAuditEntry
from bot.store.rows import moment, moment_or_none
from storage.database import Database, Row, Transaction, Value

BEGINNING = bytes(32)
"""What stands for the hash before the first entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditVerdict:
    """What a look over the whole log found.

    Args:
        entries: How many are in order, from the first on.
        head: The hash of the last of these, in hexadecimal: whoever notes its first digits can
            prove later that nothing before it was changed.
        fault: What is wrong after them; None if nothing is.
        knows_noted: Whether the noted hash was among them; True where none was given.
    """

    entries: int
    head: str
    fault: str | None
    knows_noted: bool


def last_backup_at(tx: Transaction) -> datetime | None:
    """When the last backup was made, inside somebody's transaction; None without one."""
    query = "SELECT max(at) AS at FROM audit WHERE act = 'backed up'"
    return moment_or_none(tx.run(query).fetchone()["at"])


class Audit:
    """Queries over the audit log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, entry: NewAuditEntry) -> str:
        """Add an entry of something that changes nothing else in the store.

        Returns:
            The head now, in hexadecimal.
        """
        return (await self._database.write(lambda tx: append(tx, entry))).hex()

    async def last_backup_at(self) -> datetime | None:
        """When the last backup was made, None without one."""
        return await self._database.read(last_backup_at)

    async def newest(self, limit: int) -> tuple[AuditEntry, ...]:
        """The newest entries, newest first, each with its person's name where it is known."""
        return await self._database.read(
            lambda tx: tuple(_entry(row) for row in tx.all(_NEWEST, limit=limit))
        )

    async def verify(self, noted: str | None = None) -> AuditVerdict:
        """Look the whole log over for an entry that was changed, dropped, moved or slipped in.

        Args:
            noted: The first digits of a head noted earlier, in hexadecimal.
        """

        def query(tx: Transaction) -> AuditVerdict:
            made = tx.one(_EVER_MADE)
            rows = tx.run("SELECT * FROM audit ORDER BY audit_id")
            return _judge(rows, 0 if made is None else made["seq"], noted and noted.lower())

        return await self._database.read(query)


def append(tx: Transaction, entry: NewAuditEntry) -> bytes:
    """Add an entry in the transaction of what it tells of; its key again adds nothing."""
    last = tx.one(_LAST)
    before: bytes = BEGINNING if last is None else last["hash"]
    if tx.one("SELECT 1 FROM audit WHERE key = :key", key=entry.key):
        return before
    values: dict[str, Value] = {
        "key": entry.key,
        "at": tx.now,
        "actor": entry.user_id,
        "act": entry.act,
        "subject": entry.subject,
    }
    head = _hash(before, 1 if last is None else last["audit_id"] + 1, values)
    tx.run(_ADD, **values, hash=head)
    return head


def _judge(rows: Iterable[Row], ever_made: int, noted: str | None) -> AuditVerdict:
    head, sound, fault = BEGINNING, 0, None
    knows_noted = noted is None
    for row in rows:
        fault = _fault_of(row, head, sound + 1)
        if fault:
            break
        head, sound = row["hash"], sound + 1
        knows_noted = knows_noted or head.hex().startswith(noted or "")
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


def _hash(before: bytes, number: int, entry: Mapping[str, Value]) -> bytes:
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
ORDER BY audit_id DESC LIMIT :limit + 0
"""

_EVER_MADE = "SELECT seq FROM sqlite_sequence WHERE name = 'audit'"
