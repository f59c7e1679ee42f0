"""SQL of what a phone is told as it happens, kept so that a phone can resume where it was cut off.

An event of a message only points at it: whoever resumes sees the message as it is now.
"""

import json
import sqlite3
from dataclasses import dataclass

from gateway.schemas.objects import JsonObject
from gateway.schemas.records import ChatId, Message, MessageId
from gateway.store import members, messages, rows
from gateway.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened in a chat; exactly one of `message` and `body` is given."""

    event_id: int
    chat_id: ChatId
    kind: str
    message: Message | None = None
    body: JsonObject | None = None


def add_message(tx: Transaction, kind: str, chat_id: ChatId, message_id: MessageId) -> None:
    """Say that a message is new or was edited; of several edits, the last one stands."""
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
    tx.touch(*members.listeners(tx, chat_id))


def add(tx: Transaction, kind: str, chat_id: ChatId, body: JsonObject) -> None:
    """Say something else of a chat."""
    tx.run(
        "INSERT INTO events (chat_id, kind, body, created_at)"
        " VALUES (:chat_id, :kind, :body, :now)",
        chat_id=chat_id,
        kind=kind,
        body=rows.dump(body),
        now=tx.now,
    )
    tx.touch(*members.listeners(tx, chat_id))


def newest_id(tx: Transaction, chat_id: ChatId) -> int:
    """The id of the newest event that a chat's person sees, 0 if there is none."""
    (event_id,) = tx.run(
        "SELECT COALESCE(MAX("
        "(SELECT MAX(event_id) FROM events WHERE events.chat_id = seen.id)"
        f"), 0) FROM {members.SEEN} AS seen",
        chat_id=chat_id,
    ).fetchone()
    return int(event_id)


def after(tx: Transaction, chat_id: ChatId, event_id: int, limit: int) -> list[Event]:
    """A chat's events after one, oldest first, less those of messages that are gone."""
    found = tx.run(
        f"SELECT * FROM events WHERE chat_id IN {members.SEEN} AND event_id > :event_id"
        " AND (message_id IS NULL OR message_id IN (SELECT message_id FROM messages))"
        " ORDER BY event_id LIMIT :limit",
        chat_id=chat_id,
        event_id=event_id,
        limit=limit,
    ).fetchall()
    return [_event(tx, row) for row in found]


def forget(tx: Transaction, before: int) -> None:
    """Forget the events from before a time."""
    tx.run("DELETE FROM events WHERE created_at < :before", before=before)


def _event(tx: Transaction, row: sqlite3.Row) -> Event:
    return Event(
        event_id=row["event_id"],
        chat_id=ChatId(row["chat_id"]),
        kind=row["kind"],
        message=messages.find(tx, row["chat_id"], row["message_id"]),
        body=None if row["body"] is None else json.loads(row["body"]),
    )
