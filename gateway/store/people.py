"""SQL of people and of their phones' sessions, whose tokens are kept as hashes alone."""

from gateway.errors import Unauthorized
from gateway.schemas.records import ChatId, Person, UserId
from gateway.store import rows
from storage.database import Row, Transaction

DAY_S = 24 * 3600
SESSION_S = 365 * DAY_S
"""How long a phone may speak for its person at most; then it joins anew."""

SESSION_IDLE_S = 30 * DAY_S
"""How long it may be silent meanwhile."""

STORED_NOTED_S = 60
"""How exactly it is noted what a phone has stored, as time until its allowance is full again: a
restart gives it back no more than a minute fills. A write for each text would cost its share."""


def add(tx: Transaction, person: Person) -> None:
    """Add a person who joins now."""
    tx.run(
        "INSERT INTO people (user_id, name, language_code, joined_at)"
        " VALUES (:user_id, :name, :language_code, :now)",
        user_id=person.user_id,
        name=person.name,
        language_code=person.language_code,
        now=tx.now,
    )


def find(tx: Transaction, user_id: UserId | ChatId) -> Person | None:
    """The person of this id, or of this private chat."""
    row = tx.one("SELECT * FROM people WHERE user_id = :user_id", user_id=user_id)
    return None if row is None else rows.person(row)


def set_language(tx: Transaction, person: Person, language_code: str) -> None:
    """Note which language a person wants."""
    tx.run(
        "UPDATE people SET language_code = :language_code WHERE user_id = :user_id",
        language_code=language_code,
        user_id=person.user_id,
    )


def set_member(tx: Transaction, person: Person, *, is_member: bool) -> None:
    """Note whether the bot has let a person in, or shuts them out."""
    tx.run(
        "UPDATE people SET is_member = :is_member, is_shut_out = NOT :is_member AND user_id > 0,"
        " stays = stays OR :is_member WHERE user_id = :user_id",
        is_member=is_member,
        user_id=person.user_id,
    )


def add_session(tx: Transaction, token_sha256: bytes, person: Person) -> None:
    """Let a phone speak for a person, from when the bot lets them in."""
    tx.run(
        "INSERT INTO sessions (token_sha256, user_id, created_at, seen_at)"
        " VALUES (:token_sha256, :user_id, :now, :now)",
        token_sha256=token_sha256,
        user_id=person.user_id,
        now=tx.now,
    )


def look_up_session(tx: Transaction, token_sha256: bytes) -> Row | None:
    """A session that has not expired, with its person; nobody has one whom the bot has not let in.

    Returns:
        The person's row, with when the phone last spoke (`seen_at`), when it may store as much
        again as if it had stored nothing (`full_at`), and whether it has a PIN (`has_pin`).
    """
    return tx.one(
        """
        SELECT people.*, seen_at, full_at,
            EXISTS (SELECT 1 FROM pins WHERE pins.token_sha256 = sessions.token_sha256) AS has_pin
        FROM sessions JOIN people USING (user_id)
        WHERE token_sha256 = :hash AND created_at > :begun_after AND seen_at > :seen_after
            AND is_member
        """,
        hash=token_sha256,
        begun_after=tx.now - SESSION_S,
        seen_after=tx.now - SESSION_IDLE_S,
    )


def of_session(tx: Transaction, token_sha256: bytes) -> Person | None:
    """The person that a phone speaks for; None for an expired session."""
    row = look_up_session(tx, token_sha256)
    return None if row is None else rows.person(row)


def require_session(tx: Transaction, token_sha256: bytes) -> Row:
    """A session as `look_up_session` finds it; nothing is changed for a phone without one.

    Raises:
        Unauthorized: The phone speaks for nobody any more.
    """
    row = look_up_session(tx, token_sha256)
    if row is None:
        raise Unauthorized
    return row


def who_asked(tx: Transaction, token_sha256: bytes) -> Person | None:
    """Who asked to come in with this token, let in since or not."""
    row = tx.one(
        "SELECT people.* FROM sessions JOIN people USING (user_id) WHERE token_sha256 = :hash",
        hash=token_sha256,
    )
    return None if row is None else rows.person(row)


def sessions_of(tx: Transaction, person: Person) -> list[Row]:
    """A person's sessions, with their ids, the oldest first."""
    return tx.all(
        "SELECT rowid AS session_id, token_sha256, created_at, seen_at FROM sessions"
        " WHERE user_id = :user_id ORDER BY created_at, rowid",
        user_id=person.user_id,
    )


def see_session(tx: Transaction, token_sha256: bytes) -> None:
    """Note that a phone speaks now."""
    tx.run(
        "UPDATE sessions SET seen_at = :now WHERE token_sha256 = :hash",
        hash=token_sha256,
        now=tx.now,
    )


def count_stored(tx: Transaction, token_sha256: bytes, noted_at: int, full_in_s: int) -> None:
    """Note how much a phone has stored lately, if that differs from what is noted.

    Args:
        noted_at: The session's `full_at`; nonsense where the clock was set.
        full_in_s: How long it takes until it may store as much again as if it had not.
    """
    if abs(full_in_s - max(noted_at - tx.now, 0)) <= STORED_NOTED_S:
        return
    tx.run(
        "UPDATE sessions SET full_at = :full_at WHERE token_sha256 = :hash",
        hash=token_sha256,
        full_at=tx.now + full_in_s,
    )


def end_session(tx: Transaction, token_sha256: bytes) -> None:
    """Let a phone speak for nobody."""
    tx.run("DELETE FROM sessions WHERE token_sha256 = :hash", hash=token_sha256)


def end_sessions(tx: Transaction, chat_id: ChatId) -> None:
    """Let no phone speak for the person of this chat."""
    tx.run("DELETE FROM sessions WHERE user_id = :chat_id", chat_id=chat_id)


def forget_expired(tx: Transaction) -> None:
    """Remove the sessions that have expired."""
    tx.run(
        "DELETE FROM sessions WHERE created_at <= :begun_after OR seen_at <= :seen_after",
        begun_after=tx.now - SESSION_S,
        seen_after=tx.now - SESSION_IDLE_S,
    )
