"""SQL of what a phone is told as it happens, kept so that a phone can resume where it was cut off.

An event of a message only points at it: whoever resumes sees the message as it is now.
"""

import heapq
import json
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter

from gateway.schemas.objects import JsonObject
from gateway.schemas.records import ChatId, Message, MessageId, Person
from gateway.store import members, messages, rows
from gateway.store.signals import Fleeting
from storage.database import Row, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened in a chat; exactly one of `found` and `body` is given."""

    event_id: int
    chat_id: ChatId
    kind: str
    found: messages.Found | None = None
    body: JsonObject | None = None

    @property
    def message(self) -> Message | None:
        """What it is about, as it is now; to be read in a thread where there are many."""
        return None if self.found is None else self.found.message()


def add_message(tx: Transaction, kind: str, chat_id: ChatId, message_id: MessageId) -> None:
    """Add an event of a message that is new or was edited; of several edits, the last one stays."""
    if kind == "edited":
        tx.run("DELETE FROM events WHERE message_id = :id AND kind = 'edited'", id=message_id)
    tx.run(
        "INSERT INTO events (chat_id, kind, message_id, created_at)"
        " VALUES (:chat_id, :kind, :message_id, :now)",
        chat_id=chat_id,
        kind=kind,
        message_id=message_id,
        now=tx.now,
    )
    tx.signal(*members.listeners(tx, chat_id))


def add(tx: Transaction, kind: str, chat_id: ChatId, body: JsonObject) -> None:
    """Add an event of a chat that is about no single message."""
    tx.run(
        "INSERT INTO events (chat_id, kind, body, created_at)"
        " VALUES (:chat_id, :kind, :body, :now)",
        chat_id=chat_id,
        kind=kind,
        body=rows.dump(body),
        now=tx.now,
    )
    tx.signal(*members.listeners(tx, chat_id))


def fleeting(tx: Transaction, chat: Person, kind: str, body: JsonObject) -> list[Fleeting]:
    """An event for each phone that shows a chat, which nobody keeps."""
    if chat.is_group:
        kind, body = f"group_{kind}", {**body, "chat_id": chat.chat_id}
    return [
        Fleeting(chat_id=chat_id, kind=kind, body=body)
        for chat_id in members.listeners(tx, chat.chat_id)
    ]


def newest_id(tx: Transaction, chat_id: ChatId) -> int:
    """The id of the newest event that a chat's person sees, 0 if there is none."""
    [row] = tx.all(
        "SELECT COALESCE(MAX("
        "(SELECT MAX(event_id) FROM events WHERE events.chat_id = seen.id)"
        f"), 0) AS newest_id FROM {members.SEEN} AS seen",
        chat_id=chat_id,
    )
    return int(row["newest_id"])


def after(tx: Transaction, chat_id: ChatId, event_id: int, limit: int) -> list[Event]:
    """The events that a chat's person sees after one, oldest first.

    Those of messages that are gone are left out.
    """
    each = [
        tx.all(_AFTER, chat_id=seen, event_id=event_id, limit=limit)
        for seen in members.seen_by(tx, chat_id)
    ]
    found = heapq.merge(*each, key=itemgetter("event_id"))
    return [_event(tx, row) for row in islice(found, limit)]


def forget(tx: Transaction, before: float) -> None:
    """Forget the events from before a time."""
    tx.run("DELETE FROM events WHERE created_at < :before", before=before)


def _event(tx: Transaction, row: Row) -> Event:
    return Event(
        event_id=row["event_id"],
        chat_id=ChatId(row["chat_id"]),
        kind=row["kind"],
        found=messages.look_up(tx, row["chat_id"], row["message_id"]),
        body=None if row["body"] is None else json.loads(row["body"]),
    )


# One chat at a time: over several at once SQLite builds two tables for each query.
_AFTER = """
SELECT * FROM events WHERE chat_id = :chat_id AND event_id > :event_id
    AND (message_id IS NULL OR EXISTS (
        SELECT 1 FROM messages WHERE messages.message_id = events.message_id
    ))
ORDER BY event_id LIMIT :limit + 0
"""
