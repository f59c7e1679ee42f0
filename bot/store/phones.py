"""Whose number is whose: proved by a code that the phone sends back, ended with its owner's access.

Codes and PINs are kept as hashes alone. A number that was taken back is known until the gateway was
told of it.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

from bot.domain.audit import Act, Actor
from bot.domain.ids import ChatId, UserId
from bot.domain.messages import Outgoing
from bot.domain.people import Person
from bot.domain.phones import Phone, pin_digest
from bot.errors import TooManyCodes
from bot.store import audit, duty, outbox, rows
from bot.store.topics import Topic
from storage.database import Database, Row, Transaction

CODE_LASTS = timedelta(minutes=30)
TRIES_MAX = 5
"""Wrong codes until one no longer works."""

CODES_MAX = 5
CODES_WITHIN = timedelta(days=1)
"""Codes cost SMS: nobody gets more than so many within this time."""

PIN_TRIES_MAX = 3
PIN_LOCKS = timedelta(hours=1)
HELP_EVERY = timedelta(hours=1)


class PinVerdict(StrEnum):
    """What becomes of a command that needs a PIN."""

    RIGHT = "right"
    MISSING = "missing"
    WRONG = "wrong"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Owned:
    """A number that was proved, and whose it is."""

    person: Person
    phone: Phone


class Phones:
    """Queries over numbers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(
        self, chat_id: ChatId, number: str, code: str, *, by: Actor, told: Sequence[Outgoing]
    ) -> bool:
        """Note that somebody says a number is theirs; an earlier one of theirs ends.

        The same update handled twice changes nothing.

        Args:
            told: What brings the code to the phone.

        Returns:
            False if it is somebody else's, who has proved it.

        Raises:
            TooManyCodes: This person has had too many in a day.
        """

        def transaction(tx: Transaction) -> bool:
            if any(tx.one(_SAID, key=message.key) for message in told):
                return True
            since = tx.now - CODES_WITHIN.total_seconds()
            asked = tx.one(_ASKED, user_id=by.user_id, since=since)
            if asked is not None and asked["times"] >= CODES_MAX:
                raise TooManyCodes
            other = tx.one(_OTHERS, chat_id=chat_id, user_id=by.user_id)
            if other is not None and other["proven_at"] is not None:
                return False
            tx.run("DELETE FROM phones WHERE chat_id = :chat_id", chat_id=chat_id)
            take_back(tx, by.user_id, unless=chat_id)
            tx.run(
                _BEGIN,
                user_id=by.user_id,
                chat_id=chat_id,
                number=number,
                code=_hash(code),
                until=tx.now + CODE_LASTS.total_seconds(),
            )
            audit.append(tx, by.does(Act.CHANGED, "phone number"))
            outbox.insert(tx, told)
            return True

        return await self._database.write(transaction)

    async def prove(self, chat_id: ChatId, code: str) -> Owned | None:
        """Take the code that a phone sent back; None if it is wrong, too late or tried too often.

        The same again changes nothing.
        """

        def transaction(tx: Transaction) -> Owned | None:
            tx.run("UPDATE phones SET tries = tries + 1 WHERE chat_id = :chat_id", chat_id=chat_id)
            proven = tx.one(_PROVE, chat_id=chat_id, code=_hash(code), now=tx.now, most=TRIES_MAX)
            if proven is None:
                return None
            by = Actor(user_id=UserId(proven["user_id"]), occasion=f"phone:{proven['code_until']}")
            audit.append(tx, by.does(Act.CHANGED, "phone number proved"))
            return _owned(tx, chat_id)

        return await self._database.write(transaction)

    async def of(self, user_id: UserId) -> Phone | None:
        """Somebody's number, proved or not."""
        query = "SELECT * FROM phones WHERE user_id = :user_id"

        def read(tx: Transaction) -> Phone | None:
            row = tx.one(query, user_id=user_id)
            return None if row is None else _phone(row)

        return await self._database.read(read)

    async def owner(self, chat_id: ChatId) -> Owned | None:
        """Whose a number is that was proved, with access still."""
        return await self._database.read(lambda tx: _owned(tx, chat_id))

    async def all(self) -> Mapping[UserId, Phone]:
        """All numbers, by person."""
        query = "SELECT * FROM phones"
        return await self._database.read(
            lambda tx: {UserId(row["user_id"]): _phone(row) for row in tx.all(query)}
        )

    async def reached(self) -> tuple[Owned, ...]:
        """The supervisors and admins whom SMS reach: those on duty first, each in order."""

        def query(tx: Transaction) -> tuple[Owned, ...]:
            phones = {UserId(row["user_id"]): _phone(row) for row in tx.all("SELECT * FROM phones")}
            found = [
                Owned(person, phones[person.user_id])
                for person in duty.supervisors(tx)
                if person.user_id in phones and phones[person.user_id].is_reached
            ]
            found.sort(key=lambda owned: not duty.is_on_duty(tx, owned.person.user_id))
            return tuple(found)

        return await self._database.read(query)

    async def on_duty(self) -> frozenset[UserId]:
        """Those of them who are on duty."""

        def query(tx: Transaction) -> frozenset[UserId]:
            return frozenset(
                person.user_id
                for person in duty.supervisors(tx)
                if duty.is_on_duty(tx, person.user_id)
            )

        return await self._database.read(query)

    async def stop(self, *, is_stopped: bool, by: Actor) -> bool:
        """Send somebody no SMS any more, or again; False if they have no number."""
        word = "SMS off" if is_stopped else "SMS on"
        return await self._change("is_stopped = :value", is_stopped, word, by)

    async def want_daily(self, *, wanted: bool, by: Actor) -> bool:
        """Send somebody the daily line, or no longer; False if they have no number."""
        word = "daily SMS on" if wanted else "daily SMS off"
        return await self._change("wants_daily = :value", wanted, word, by)

    async def set_pin(self, pin: str | None, *, by: Actor) -> bool:
        """Set a PIN, or remove it; False if they have no number."""
        salt = secrets.token_bytes(16)
        digest = None if pin is None else pin_digest(pin, salt)

        def transaction(tx: Transaction) -> bool:
            changed = tx.one(_SET_PIN, user_id=by.user_id, salt=salt, digest=digest)
            if changed is not None:
                audit.append(tx, by.does(Act.CHANGED, "PIN of the number"))
            return changed is not None

        return await self._database.write(transaction)

    async def check_pin(self, user_id: UserId, pin: str | None) -> PinVerdict:
        """Try the PIN of a command; three wrong ones lock it for an hour."""

        def transaction(tx: Transaction) -> PinVerdict:
            row = tx.one("SELECT * FROM phones WHERE user_id = :user_id", user_id=user_id)
            if row is None or row["pin_digest"] is None:
                return PinVerdict.RIGHT
            locked_s = (row["pin_locked_until"] or 0) - tx.now
            if 0 < locked_s <= PIN_LOCKS.total_seconds():
                return PinVerdict.LOCKED
            if pin is None:
                return PinVerdict.MISSING
            is_right = secrets.compare_digest(pin_digest(pin, row["pin_salt"]), row["pin_digest"])
            tries = 0 if is_right else row["pin_tries"] + 1
            is_locked = tries >= PIN_TRIES_MAX
            until = tx.now + PIN_LOCKS.total_seconds() if is_locked else None
            tries = 0 if is_locked else tries
            tx.run(_NOTE_PIN, user_id=user_id, tries=tries, until=until)
            return PinVerdict.RIGHT if is_right else PinVerdict.WRONG

        return await self._database.write(transaction)

    async def may_help(self, chat_id: ChatId, key: str) -> bool:
        """Whether what was not understood is answered: once an hour a number.

        Args:
            key: Of the answer; the same again is the same answer.
        """

        def transaction(tx: Transaction) -> bool:
            if tx.one("SELECT 1 FROM outbox WHERE key = :key", key=key) is not None:
                return True
            before = tx.now - HELP_EVERY.total_seconds()
            return tx.one(_HELP, chat_id=chat_id, before=before, now=tx.now) is not None

        return await self._database.write(transaction)

    async def remove(self, *, by: Actor) -> bool:
        """Take somebody's number back; False if they have none."""

        def transaction(tx: Transaction) -> bool:
            is_gone = take_back(tx, by.user_id)
            if is_gone:
                audit.append(tx, by.does(Act.CHANGED, "phone number removed"))
                tx.signal(Topic.ACCESS)
            return is_gone

        return await self._database.write(transaction)

    async def taken_back(self) -> tuple[ChatId, ...]:
        """The numbers of whose end the gateway was not told yet."""
        query = "SELECT chat_id FROM numbers_taken_back"
        return await self._database.read(
            lambda tx: tuple(ChatId(row["chat_id"]) for row in tx.all(query))
        )

    async def told(self, chat_id: ChatId) -> None:
        """Note that the gateway was told of a number's end."""
        query = "DELETE FROM numbers_taken_back WHERE chat_id = :chat_id"
        await self._database.write(lambda tx: tx.run(query, chat_id=chat_id))

    async def _change(self, assignment: str, value: bool, word: str, by: Actor) -> bool:
        change = f"UPDATE phones SET {assignment} WHERE user_id = :user_id RETURNING 1"

        def transaction(tx: Transaction) -> bool:
            changed = tx.one(change, user_id=by.user_id, value=value)
            if changed is not None:
                audit.append(tx, by.does(Act.CHANGED, word))
            return changed is not None

        return await self._database.write(transaction)


def take_back(tx: Transaction, user_id: UserId | None, unless: ChatId | None = None) -> bool:
    """Let somebody's number be nobody's, inside a transaction; what waits for it is not sent.

    Args:
        unless: The chat of a number that becomes theirs again.
    """
    row = tx.one("DELETE FROM phones WHERE user_id = :user_id RETURNING chat_id", user_id=user_id)
    if row is None or row["chat_id"] == unless:
        return False
    tx.run("INSERT OR IGNORE INTO numbers_taken_back VALUES (:chat_id)", chat_id=row["chat_id"])
    tx.run(_WITHHOLD, chat_id=row["chat_id"], now=tx.now)
    tx.signal(Topic.ACCESS)
    return True


def _owned(tx: Transaction, chat_id: ChatId) -> Owned | None:
    row = tx.one(_OWNED, chat_id=chat_id)
    if row is None:
        return None
    person = tx.one("SELECT * FROM people WHERE user_id = :user_id", user_id=row["user_id"])
    return None if person is None else Owned(rows.person(person), _phone(row))


def _phone(row: Row) -> Phone:
    return Phone(
        user_id=UserId(row["user_id"]),
        chat_id=ChatId(row["chat_id"]),
        number=row["number"],
        proven_at=rows.moment_or_none(row["proven_at"]),
        is_stopped=bool(row["is_stopped"]),
        wants_daily=bool(row["wants_daily"]),
        has_pin=row["pin_digest"] is not None,
    )


def _hash(code: str) -> bytes:
    return sha256(code.encode()).digest()


_SAID = "SELECT 1 FROM outbox WHERE key = :key"

_ASKED = """
SELECT count(*) AS times FROM audit
WHERE actor = :user_id AND at > :since AND act = 'changed' AND subject = 'phone number'
"""

_OTHERS = "SELECT * FROM phones WHERE chat_id = :chat_id AND user_id <> :user_id"

_BEGIN = """
INSERT INTO phones (user_id, chat_id, number, code_sha256, code_until)
VALUES (:user_id, :chat_id, :number, :code, :until)
"""

_PROVE = """
UPDATE phones SET proven_at = coalesce(proven_at, :now)
WHERE chat_id = :chat_id AND code_sha256 = :code AND tries <= :most
    AND (proven_at IS NOT NULL OR :now < code_until)
RETURNING user_id, code_until
"""

_OWNED = """
SELECT phones.* FROM phones JOIN people USING (user_id)
WHERE phones.chat_id = :chat_id AND proven_at IS NOT NULL AND revoked_at IS NULL
    AND accepted_terms_at IS NOT NULL
"""

_SET_PIN = """
UPDATE phones SET pin_salt = :salt, pin_digest = :digest, pin_tries = 0, pin_locked_until = NULL
WHERE user_id = :user_id RETURNING 1
"""

_NOTE_PIN = """
UPDATE phones SET pin_tries = :tries, pin_locked_until = :until WHERE user_id = :user_id
"""

_HELP = """
UPDATE phones SET helped_at = :now
WHERE chat_id = :chat_id AND (helped_at IS NULL OR helped_at <= :before OR helped_at > :now)
RETURNING 1
"""

_WITHHOLD = """
UPDATE outbox SET status = 'undeliverable', failure = 'Revoked', ended_at = :now
WHERE chat_id = :chat_id AND status = 'waiting'
"""
