"""SQL of the updates that wait for the bot, and of the press of a button.

An update is kept until the bot confirms it, however long that takes; its id never goes back.
"""

import json
from collections.abc import Iterable

from gateway.schemas.objects import JsonObject
from gateway.schemas.records import ChatId, MessageId
from gateway.store import rows
from gateway.store.database import Transaction

# What `allowed_updates` = [] stands for (Bot API, getUpdates).
NOT_BY_DEFAULT = frozenset(
    {"chat_member", "message_reaction", "message_reaction_count", "edgerad_session"}
)


def enqueue(
    tx: Transaction,
    kind: str,
    payload: JsonObject,
    chat_id: ChatId,
    message_id: MessageId | None = None,
) -> None:
    """Add an update, unless the bot said that it wants none of its kind."""
    wanted = allowed(tx)
    if kind in wanted or (not wanted and kind not in NOT_BY_DEFAULT):
        tx.run(
            "INSERT INTO updates (kind, payload, chat_id, message_id)"
            " VALUES (:kind, :payload, :chat_id, :message_id)",
            kind=kind,
            payload=rows.dump(payload),
            chat_id=chat_id,
            message_id=message_id,
        )
        tx.touch("updates")


def pending(tx: Transaction, limit: int) -> list[JsonObject]:
    """The oldest updates that wait."""
    found = tx.run("SELECT * FROM updates ORDER BY update_id LIMIT :limit", limit=limit)
    return [
        {"update_id": row["update_id"], row["kind"]: json.loads(row["payload"])} for row in found
    ]


def count(tx: Transaction) -> int:
    """How many updates wait."""
    (number,) = tx.run("SELECT COUNT(*) FROM updates").fetchone()
    return int(number)


def first_of_last(tx: Transaction, number: int) -> int:
    """The id from which on the last `number` updates stand; 0 if there are no more than that."""
    row = tx.one(
        "SELECT update_id FROM updates ORDER BY update_id DESC LIMIT 1 OFFSET :skip",
        skip=number - 1,
    )
    return 0 if row is None else int(row["update_id"])


def confirm(tx: Transaction, before: int | None) -> dict[ChatId, list[MessageId]]:
    """Forget the updates before an id.

    Args:
        tx: A write transaction.
        before: The first id that stays; None forgets all.

    Returns:
        The messages that were delivered with them, by chat.
    """
    delivered: dict[ChatId, list[MessageId]] = {}
    gone = tx.run(
        "DELETE FROM updates WHERE :before IS NULL OR update_id < :before"
        " RETURNING chat_id, message_id, kind",
        before=before,
    )
    for row in gone.fetchall():
        if row["kind"] == "message":
            delivered.setdefault(row["chat_id"], []).append(row["message_id"])
    return delivered


def allowed(tx: Transaction) -> tuple[str, ...]:
    """The kinds the bot wants; empty for the default ones."""
    (kinds,) = tx.run("SELECT allowed_updates FROM polling").fetchone()
    return tuple(json.loads(kinds))


def allow(tx: Transaction, kinds: Iterable[str]) -> None:
    """Keep the kinds the bot wants from now on."""
    tx.run("UPDATE polling SET allowed_updates = :kinds", kinds=rows.dump(list(kinds)))


def add_query(tx: Transaction, query_id: str, chat_id: ChatId) -> None:
    """Keep a callback query so that it can be answered."""
    tx.run(
        "INSERT INTO callback_queries VALUES (:query_id, :chat_id, :now)",
        query_id=query_id,
        chat_id=chat_id,
        now=tx.now,
    )


def chat_of_query(tx: Transaction, query_id: str) -> ChatId | None:
    """The chat where a button was pressed."""
    row = tx.one("SELECT chat_id FROM callback_queries WHERE query_id = :id", id=query_id)
    return None if row is None else ChatId(row["chat_id"])


def forget_queries(tx: Transaction, before: int) -> None:
    """Forget the callback queries from before a time."""
    tx.run("DELETE FROM callback_queries WHERE created_at < :before", before=before)
