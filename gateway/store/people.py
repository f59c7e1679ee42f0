"""SQL of people and of their phones' sessions, whose tokens are kept as hashes alone."""

from gateway.schemas.records import ChatId, Person, UserId
from gateway.store import rows
from gateway.store.database import Transaction


def add(tx: Transaction, person: Person) -> None:
    """Add a person who joins now."""
    tx.run(
        "INSERT INTO people VALUES (:user_id, :name, :language_code, :now)",
        user_id=person.user_id,
        name=person.name,
        language_code=person.language_code,
        now=tx.now,
    )


def find(tx: Transaction, user_id: UserId | ChatId) -> Person | None:
    """The person of this id, or of this private chat."""
    row = tx.one("SELECT * FROM people WHERE user_id = :user_id", user_id=user_id)
    return None if row is None else rows.person(row)


def add_session(tx: Transaction, token_sha256: bytes, person: Person) -> None:
    """Let a phone speak for a person."""
    tx.run(
        "INSERT INTO sessions VALUES (:token_sha256, :user_id, :now)",
        token_sha256=token_sha256,
        user_id=person.user_id,
        now=tx.now,
    )


def of_session(tx: Transaction, token_sha256: bytes) -> Person | None:
    """The person that a phone speaks for."""
    row = tx.one(
        "SELECT people.* FROM sessions JOIN people USING (user_id) WHERE token_sha256 = :hash",
        hash=token_sha256,
    )
    return None if row is None else rows.person(row)


def end_session(tx: Transaction, token_sha256: bytes) -> None:
    """Let a phone speak for nobody."""
    tx.run("DELETE FROM sessions WHERE token_sha256 = :hash", hash=token_sha256)
