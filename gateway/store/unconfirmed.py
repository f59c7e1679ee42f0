"""SQL of people who joined and were never let in: with a wrong code, or none at all.

Whoever was let in once, or put into a group, is none: what others said names them.
"""

from gateway.schemas.records import ChatId, StoredFile
from gateway.store import messages
from gateway.store.people import SESSION_IDLE_S
from storage.database import Transaction

KEPT_S = SESSION_IDLE_S
"""From when they joined; and for as long as their phone may come back."""

AT_ONCE = 50
"""Others write between two transactions."""


def forget(tx: Transaction) -> tuple[int, list[StoredFile]]:
    """Forget some of those who joined long ago, with all that they sent.

    Returns:
        How many, and the files that nobody has any more; fewer than `AT_ONCE` if no more are left.
    """
    found = tx.all(_FOUND, before=tx.now - KEPT_S, most=AT_ONCE)
    return len(found), [file for row in found for file in _forget(tx, ChatId(row["user_id"]))]


def _forget(tx: Transaction, chat_id: ChatId) -> list[StoredFile]:
    files = messages.delete_chat(tx, chat_id)
    tx.run("DELETE FROM callback_queries WHERE chat_id = :chat_id", chat_id=chat_id)
    tx.run("DELETE FROM commands WHERE scope = 'chat:' || :chat_id", chat_id=chat_id)
    tx.run("DELETE FROM people WHERE user_id = :chat_id", chat_id=chat_id)
    return files


# The bot may still have to answer an update.
_FOUND = """
SELECT user_id FROM people
WHERE NOT stays AND joined_at <= :before
    AND user_id NOT IN (SELECT user_id FROM sessions)
    AND user_id NOT IN (SELECT chat_id FROM updates)
LIMIT :most
"""
