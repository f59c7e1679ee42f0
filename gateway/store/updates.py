"""The updates that wait for the bot, and the presses of buttons that it may still answer.

An update is kept until the bot confirms it, however long that takes; its id never goes back.
"""

import json
from collections.abc import Sequence

from gateway.schemas.objects import JsonObject
from gateway.schemas.records import ChatId, MessageId
from gateway.store import events, rows
from gateway.store.database import Database, Transaction

QUERIES_KEPT_S = 24 * 3600

# What `allowed_updates` = [] stands for (Bot API, getUpdates).
NOT_BY_DEFAULT = frozenset(
    {"chat_member", "message_reaction", "message_reaction_count", "edgerad_session"}
)


class UpdateStore:
    """The queue from which the bot is told, by polls or by a webhook.

    Args:
        database: Open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pending(self, limit: int) -> list[JsonObject]:
        """The oldest updates that wait for the bot."""
        return await self._database.read(lambda tx: _pending(tx, limit))

    async def count(self) -> int:
        """How many updates wait for the bot."""
        return await self._database.read(_count)

    async def confirm(self, offset: int) -> None:
        """Forget the updates that the bot has.

        Args:
            offset: As the bot gave it: all before it are confirmed; a negative one keeps the last
                so many.
        """

        def work(tx: Transaction) -> None:
            _confirm(tx, offset if offset >= 0 else _first_of_last(tx, -offset))

        await self._database.write(work)

    async def drop(self) -> None:
        """Forget all updates that wait."""
        await self._database.write(lambda tx: _confirm(tx, None))

    async def allowed(self) -> tuple[str, ...]:
        """The kinds of update that the bot wants; empty for the default ones."""
        return await self._database.read(_allowed)

    async def allow(self, kinds: Sequence[str]) -> None:
        """Keep the kinds of update that the bot wants from now on."""
        await self._database.write(lambda tx: _allow(tx, kinds))

    async def chat_of_query(self, query_id: str) -> ChatId | None:
        """The chat where a button was pressed, while that can still be answered."""

        def work(tx: Transaction) -> ChatId | None:
            _forget_queries(tx, tx.now - QUERIES_KEPT_S)
            return _chat_of_query(tx, query_id)

        return await self._database.write(work)


def enqueue(
    tx: Transaction,
    kind: str,
    payload: JsonObject,
    chat_id: ChatId,
    message_id: MessageId | None = None,
) -> None:
    """Add an update, unless the bot said that it wants none of its kind."""
    wanted = _allowed(tx)
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


def add_query(tx: Transaction, query_id: str, chat_id: ChatId) -> None:
    """Keep a callback query so that it can be answered."""
    tx.run(
        "INSERT INTO callback_queries VALUES (:query_id, :chat_id, :now)",
        query_id=query_id,
        chat_id=chat_id,
        now=tx.now,
    )


def _pending(tx: Transaction, limit: int) -> list[JsonObject]:
    found = tx.run("SELECT * FROM updates ORDER BY update_id LIMIT :limit", limit=limit)
    return [
        {"update_id": row["update_id"], row["kind"]: json.loads(row["payload"])} for row in found
    ]


def _count(tx: Transaction) -> int:
    (number,) = tx.run("SELECT COUNT(*) FROM updates").fetchone()
    return int(number)


def _first_of_last(tx: Transaction, number: int) -> int:
    """The id from which on the last `number` updates stand; 0 if there are no more than that."""
    row = tx.one(
        "SELECT update_id FROM updates ORDER BY update_id DESC LIMIT 1 OFFSET :skip",
        skip=number - 1,
    )
    return 0 if row is None else int(row["update_id"])


def _confirm(tx: Transaction, before: int | None) -> None:
    """Forget the updates before an id, or all, and tell the phones whose messages were in them."""
    delivered: dict[ChatId, list[MessageId]] = {}
    gone = tx.run(
        "DELETE FROM updates WHERE :before IS NULL OR update_id < :before"
        " RETURNING chat_id, message_id, kind",
        before=before,
    )
    for row in gone.fetchall():
        if row["kind"] == "message":
            delivered.setdefault(row["chat_id"], []).append(row["message_id"])
    for chat_id, message_ids in delivered.items():
        body: JsonObject = {"message_ids": message_ids, "state": "delivered"}
        events.add(tx, "state", chat_id, body)


def _allowed(tx: Transaction) -> tuple[str, ...]:
    (kinds,) = tx.run("SELECT allowed_updates FROM polling").fetchone()
    return tuple(json.loads(kinds))


def _allow(tx: Transaction, kinds: Sequence[str]) -> None:
    tx.run("UPDATE polling SET allowed_updates = :kinds", kinds=rows.dump(list(kinds)))


def _chat_of_query(tx: Transaction, query_id: str) -> ChatId | None:
    row = tx.one("SELECT chat_id FROM callback_queries WHERE query_id = :id", id=query_id)
    return None if row is None else ChatId(row["chat_id"])


def _forget_queries(tx: Transaction, before: int) -> None:
    tx.run("DELETE FROM callback_queries WHERE created_at < :before", before=before)
