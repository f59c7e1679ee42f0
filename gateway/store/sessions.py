"""The sessions of phones: for whom each speaks, in which language, and the PIN that locks some.

A session that has a PIN is open for a while after the PIN was given, and for as long as its page
says that it is in the foreground. What happens to one is told to a bot that asks for such updates.
"""

import hmac
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from gateway.errors import NotFound
from gateway.schemas import objects
from gateway.schemas.records import Person
from gateway.store import people, pins, rows, updates
from gateway.store.pins import OPEN_S, WAITS_S
from gateway.store.signals import Fleeting
from gateway.store.transactions import DatabaseStore, reading, writing
from storage.database import Transaction, Work

SEEN_EVERY_S = 3600
"""How exactly it is known when a phone last spoke: a write at each request would wear the disk."""

T = TypeVar("T")

_STAYS_OPEN_EVERY_S = 60
UPDATE = "edgerad_session"


class SessionEvent(StrEnum):
    """What happened to a session, as the bot is told."""

    LANGUAGE = "language_chosen"
    PIN_SET = "pin_set"
    PIN_REMOVED = "pin_removed"
    PIN_WRONG = "pin_wrong"
    ENDED = "session_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A phone's session.

    Args:
        token_sha256: Hash of its token.
        person: For whom the phone speaks.
        has_pin: Whether a PIN locks it.
        is_open: Whether it is not locked now.
        full_in_s: When it may store as much again as if it had stored nothing, as noted last;
            nonsense where the clock was set.
    """

    token_sha256: bytes
    person: Person
    has_pin: bool
    is_open: bool
    full_in_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PinVerdict:
    """What became of a try.

    Args:
        is_right: Whether it was the PIN, and was looked at.
        wait_s: How long no other try counts.
        tries_left: How many wrong ones there may be yet; with the last the session has ended.
    """

    is_right: bool
    wait_s: int = 0
    tries_left: int = 0


class SessionStore(DatabaseStore):
    """The sessions of all phones; streams look at theirs again when it is locked or over."""

    async def find(self, token_sha256: bytes) -> Session | None:
        """The session of a token; None once it has expired or was ended."""
        session, _ = await self.find_with(token_sha256, lambda _tx: None)
        return session

    async def find_with(
        self, token_sha256: bytes, query: Work[T]
    ) -> tuple[Session | None, T | None]:
        """The session of a token, and what a query finds for it in the same snapshot.

        Args:
            query: Not run where there is no session, or where it is locked.
        """

        def look(tx: Transaction) -> tuple[Session | None, bool, T | None]:
            session, is_due = _look_up(tx, token_sha256)
            may_ask = session is not None and session.is_open
            return session, is_due, query(tx) if may_ask else None

        session, is_due, found = await self.database.read(look)
        if is_due:
            await self._see(token_sha256)
        return session, found

    @writing
    def _see(self, tx: Transaction, token_sha256: bytes) -> None:
        people.see_session(tx, token_sha256)

    @writing
    def end(self, tx: Transaction, token_sha256: bytes) -> None:
        """Let a phone speak for nobody."""
        person = people.of_session(tx, token_sha256)
        people.end_session(tx, token_sha256)
        if person is not None:
            tx.signal(person.chat_id)

    @reading
    def of_same_person(self, tx: Transaction, session: Session) -> list[objects.JsonObject]:
        """The sessions of a session's person, as its page shows them; times are Unix seconds."""
        return [
            {
                "session_id": row["session_id"],
                "since": row["created_at"],
                "seen": row["seen_at"],
                "is_this": row["token_sha256"] == session.token_sha256,
            }
            for row in people.sessions_of(tx, session.person)
        ]

    @writing
    def end_of_same_person(self, tx: Transaction, session: Session, session_id: int) -> None:
        """End one of the sessions of a session's person.

        Raises:
            NotFound: There is none of this id.
        """
        ids = {
            row["session_id"]: row["token_sha256"] for row in people.sessions_of(tx, session.person)
        }
        if session_id not in ids:
            raise NotFound("This sign-in has ended already.")
        people.end_session(tx, ids[session_id])
        tx.signal(session.person.chat_id)

    @writing
    def choose_language(self, tx: Transaction, session: Session, language_code: str) -> None:
        """Note a language that was chosen on a phone's page, and tell the bot."""
        people.require_session(tx, session.token_sha256)
        person = replace(session.person, language_code=language_code)
        people.set_language(tx, person, language_code)
        _tell(tx, person, SessionEvent.LANGUAGE)

    @writing
    def set_language(self, tx: Transaction, person: Person, language_code: str) -> None:
        """Note a language that was chosen elsewhere, and tell the phone's page."""
        people.set_language(tx, person, language_code)
        body: objects.JsonObject = {"language_code": language_code}
        tx.signal(Fleeting(chat_id=person.chat_id, kind="language", body=body))

    async def enter(self, session: Session) -> bool:
        """Whether the chat's page may be opened: once for each time that the PIN was given."""
        return not session.has_pin or await self._enter(session)

    @writing
    def _enter(self, tx: Transaction, session: Session) -> bool:
        may_enter = pins.enter(tx, session.token_sha256)
        if not may_enter:
            tx.signal(session.person.chat_id)
        return may_enter

    async def stay_open(self, session: Session) -> None:
        """Note that a session's page is in the foreground."""
        if session.has_pin and await self._closes_soon(session):
            await self._stay_open(session)

    @reading
    def _closes_soon(self, tx: Transaction, session: Session) -> bool:
        pin = pins.find(tx, session.token_sha256)
        return pin is not None and pin.open_until - tx.now < OPEN_S - _STAYS_OPEN_EVERY_S

    @writing
    def _stay_open(self, tx: Transaction, session: Session) -> None:
        pins.stay_open(tx, session.token_sha256)

    @reading
    def salt(self, tx: Transaction, session: Session) -> bytes:
        """The salt of a session's PIN, empty where it has none."""
        pin = pins.find(tx, session.token_sha256)
        return b"" if pin is None else pin.salt

    @writing
    def try_pin(
        self, tx: Transaction, session: Session, digest: bytes, pass_sha256: bytes
    ) -> PinVerdict:
        """Open a session if this is its PIN's digest.

        Args:
            digest: Of what was typed, with the session's salt.
            pass_sha256: Hash of the pass that the tab gets for it.
        """
        pin = pins.find(tx, session.token_sha256)
        if pin is None:
            return PinVerdict(is_right=True)
        if wait_s := pin.wait_s(tx.now):
            return PinVerdict(is_right=False, wait_s=wait_s, tries_left=_left(pin.wrong_tries))
        if hmac.compare_digest(pin.digest, digest):
            pins.open_session(tx, session.token_sha256, pass_sha256)
            return PinVerdict(is_right=True)
        return _wrong(tx, session, pin.wrong_tries + 1)

    @writing
    def try_pass(self, tx: Transaction, session: Session, pass_sha256: bytes) -> bool:
        """Open a session again that was open lately, if this is the hash of its tab's pass."""
        pin = pins.find(tx, session.token_sha256)
        if pin is None or not pin.lets_in(pass_sha256, tx.now):
            return False
        pins.reopen(tx, session.token_sha256)
        return True

    @writing
    def put_pin(
        self, tx: Transaction, session: Session, salt: bytes, digest: bytes, pass_sha256: bytes
    ) -> None:
        """Lock a session by a PIN from now on."""
        people.require_session(tx, session.token_sha256)
        pins.put(tx, session.token_sha256, salt, digest, pass_sha256)
        _tell(tx, session.person, SessionEvent.PIN_SET)

    @writing
    def remove_pin(self, tx: Transaction, session: Session) -> None:
        """Lock a session no longer."""
        people.require_session(tx, session.token_sha256)
        pins.remove(tx, session.token_sha256)
        _tell(tx, session.person, SessionEvent.PIN_REMOVED)


def _look_up(tx: Transaction, token_sha256: bytes) -> tuple[Session | None, bool]:
    """The session, and whether it is time to note that its phone speaks."""
    row = people.look_up_session(tx, token_sha256)
    if row is None:
        return None, False
    pin = pins.find(tx, token_sha256) if row["has_pin"] else None
    session = Session(
        token_sha256=token_sha256,
        person=rows.person(row),
        has_pin=pin is not None,
        is_open=pin is None or pin.is_open(tx.now),
        full_in_s=row["full_at"] - tx.now,
    )
    return session, row["seen_at"] < tx.now - SEEN_EVERY_S


def _wrong(tx: Transaction, session: Session, wrong_tries: int) -> PinVerdict:
    _tell(tx, session.person, SessionEvent.PIN_WRONG)
    if wrong_tries > len(WAITS_S):
        people.end_session(tx, session.token_sha256)
        tx.signal(session.person.chat_id)
        _tell(tx, session.person, SessionEvent.ENDED)
        return PinVerdict(is_right=False)
    pins.count_wrong(tx, session.token_sha256, wrong_tries)
    return PinVerdict(
        is_right=False, wait_s=WAITS_S[wrong_tries - 1], tries_left=_left(wrong_tries)
    )


def _left(wrong_tries: int) -> int:
    return len(WAITS_S) + 1 - wrong_tries


def _tell(tx: Transaction, person: Person, event: SessionEvent) -> None:
    payload = {"from": objects.person_user(person), "date": tx.now, "event": event}
    updates.enqueue(tx, UPDATE, payload, person.chat_id)
