"""SQL of people who asked to come in, and whom the bot has not let in.

Whoever was let in once, or put into a group, is not among them: others' messages name them.
"""

from gateway.schemas.records import ChatId, Person, StoredFile
from gateway.store import messages, people
from storage.database import Transaction

KEPT_S = 24 * 3600
"""From when they asked, for a bot that says nothing; with its no they are gone at once."""

AT_ONCE = 50
"""Others write between two transactions."""


def count(tx: Transaction) -> int:
    """How many wait for the bot's word."""
    [row] = tx.all(
        "SELECT count(*) AS waiting FROM people WHERE NOT stays AND joined_at > :since",
        since=tx.now - KEPT_S,
    )
    return int(row["waiting"])


def refuse(tx: Transaction, person: Person) -> list[StoredFile] | None:
    """Forget a person who waits, with what the bot was told of them, and wake their phone.

    Returns:
        The files that nobody has any more; None if they are not one who waits.
    """
    row = tx.one("SELECT 1 FROM people WHERE user_id = :id AND NOT stays", id=person.user_id)
    if row is None:
        return None
    tx.run("DELETE FROM updates WHERE chat_id = :chat_id", chat_id=person.chat_id)
    tx.signal(person.chat_id)
    return _forget(tx, person.chat_id)


def forget(tx: Transaction) -> tuple[int, list[StoredFile]]:
    """Forget some of those who asked long ago, with all that was said.

    Returns:
        How many, and the files that nobody has any more; fewer than `AT_ONCE` if no more are left.
    """
    found = tx.all(_FOUND, before=tx.now - KEPT_S, most=AT_ONCE)
    return len(found), [file for row in found for file in _forget(tx, ChatId(row["user_id"]))]


def _forget(tx: Transaction, chat_id: ChatId) -> list[StoredFile]:
    files = messages.delete_chat(tx, chat_id)
    tx.run("DELETE FROM callback_queries WHERE chat_id = :chat_id", chat_id=chat_id)
    tx.run("DELETE FROM commands WHERE scope = 'chat:' || :chat_id", chat_id=chat_id)
    people.end_sessions(tx, chat_id)
    tx.run("DELETE FROM people WHERE user_id = :chat_id", chat_id=chat_id)
    return files


# The bot may still have to answer an update.
_FOUND = """
SELECT user_id FROM people
WHERE NOT stays AND joined_at <= :before AND user_id NOT IN (SELECT chat_id FROM updates)
LIMIT :most + 0
"""
