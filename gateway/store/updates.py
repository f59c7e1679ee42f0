"""The updates that wait for the bot, and the presses of buttons that it may still answer.

An update is kept until the bot confirms it, however long that takes; its id never goes back.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from gateway.schemas.objects import JsonObject
from gateway.schemas.records import ChatId, MessageId
from gateway.store import events, rows
from gateway.store.signals import UPDATES, Fleeting
from gateway.store.transactions import DatabaseStore, reading, writing
from storage.database import Database, Transaction

QUERIES_KEPT_S = 24 * 3600
_NO_UPDATE = (1 << 63) - 1
"""More than any update's id."""

# What `allowed_updates` = [] stands for (Bot API, getUpdates).
NOT_BY_DEFAULT = frozenset(
    {
        "chat_member",
        "message_reaction",
        "message_reaction_count",
        "edgerad_session",
        "edgerad_attempts",
        "edgerad_sms",
    }
)


class UpdateStore(DatabaseStore):
    """The queue of updates, which the bot polls or a webhook delivers."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._turn = asyncio.Lock()
        self._handed_out = 0

    async def begin(self) -> None:
        """Take all that waits for what an earlier run has handed out: nobody knows."""
        self._handed_out = await self._newest_id()

    async def pending(self, limit: int) -> list[JsonObject]:
        """The oldest updates that wait for the bot, which from then on may have them."""
        async with self._turn:
            found = await self._oldest(limit)
            if found:
                self._handed_out = max(self._handed_out, int(str(found[-1]["update_id"])))
            return found

    @asynccontextmanager
    async def held_back(self) -> AsyncIterator[int]:
        """Hand nothing out while the block runs; gives the newest id that the bot may have."""
        async with self._turn:
            yield self._handed_out

    @reading
    def _newest_id(self, tx: Transaction) -> int:
        [row] = tx.all("SELECT coalesce(max(update_id), 0) AS newest FROM updates")
        return int(row["newest"])

    @reading
    def _oldest(self, tx: Transaction, limit: int) -> list[JsonObject]:
        found = tx.all("SELECT * FROM updates ORDER BY update_id LIMIT :limit + 0", limit=limit)
        return [
            {"update_id": row["update_id"], row["kind"]: json.loads(row["payload"])}
            for row in found
        ]

    @reading
    def count(self, tx: Transaction) -> int:
        """How many updates wait for the bot."""
        [row] = tx.all("SELECT count(*) AS waiting FROM updates")
        return int(row["waiting"])

    @writing
    def confirm(self, tx: Transaction, offset: int) -> None:
        """Forget the updates that the bot has.

        Args:
            offset: As the bot gave it: all before it are confirmed; a negative one keeps the last
                so many.
        """
        confirm(tx, offset if offset >= 0 else _first_of_last(tx, -offset))

    @writing
    def drop(self, tx: Transaction) -> None:
        """Forget all updates that wait."""
        confirm(tx, None)

    @writing
    def allow(self, tx: Transaction, kinds: Sequence[str]) -> None:
        """Keep the kinds of update that the bot wants from now on."""
        allow(tx, kinds)

    @writing
    def answer_query(self, tx: Transaction, query_id: str, body: JsonObject) -> bool:
        """Tell whoever pressed a button the bot's answer; False if that was too long ago."""
        tx.run(
            "DELETE FROM callback_queries WHERE created_at < :before",
            before=tx.now - QUERIES_KEPT_S,
        )
        row = tx.one("SELECT chat_id FROM callback_queries WHERE query_id = :id", id=query_id)
        if row is None:
            return False
        tx.signal(Fleeting(chat_id=row["chat_id"], kind="answer", body=body))
        return True


def enqueue(
    tx: Transaction,
    kind: str,
    payload: JsonObject,
    chat_id: ChatId,
    message_id: MessageId | None = None,
) -> bool:
    """Add an update; False if the bot said that it wants none of its kind."""
    wanted = allowed(tx)
    is_wanted = kind in wanted or (not wanted and kind not in NOT_BY_DEFAULT)
    if is_wanted:
        tx.run(
            "INSERT INTO updates (kind, payload, chat_id, message_id)"
            " VALUES (:kind, :payload, :chat_id, :message_id)",
            kind=kind,
            payload=rows.dump(payload),
            chat_id=chat_id,
            message_id=message_id,
        )
        tx.signal(UPDATES)
    return is_wanted


def add_query(tx: Transaction, query_id: str, chat_id: ChatId) -> None:
    """Keep a callback query so that it can be answered."""
    tx.run(
        "INSERT INTO callback_queries VALUES (:query_id, :chat_id, :now)",
        query_id=query_id,
        chat_id=chat_id,
        now=tx.now,
    )


def confirm(tx: Transaction, before: int | None) -> None:
    """Forget the updates before an id, or all, and tell the phones whose messages were in them."""
    delivered: dict[ChatId, list[MessageId]] = {}
    # not by RETURNING: SQLite keeps its rows in a table of their own, made for each statement
    end = _NO_UPDATE if before is None else before
    gone = tx.all(
        "SELECT chat_id, message_id FROM updates WHERE update_id < :end AND kind = 'message'",
        end=end,
    )
    tx.run("DELETE FROM updates WHERE update_id < :end", end=end)
    for row in gone:
        delivered.setdefault(row["chat_id"], []).append(row["message_id"])
    for chat_id, message_ids in delivered.items():
        body: JsonObject = {"message_ids": message_ids, "state": "delivered"}
        events.add(tx, "state", chat_id, body)


def allowed(tx: Transaction) -> tuple[str, ...]:
    """The kinds of update that the bot wants; empty for the default ones."""
    [row] = tx.all("SELECT allowed_updates FROM polling")
    return tuple(json.loads(row["allowed_updates"]))


def allow(tx: Transaction, kinds: Sequence[str]) -> None:
    """Keep the kinds of update that the bot wants from now on."""
    tx.run("UPDATE polling SET allowed_updates = :kinds", kinds=rows.dump(list(kinds)))


def _first_of_last(tx: Transaction, number: int) -> int:
    """The id from which on the last `number` updates stand; 0 if there are no more than that."""
    row = tx.one(
        "SELECT update_id FROM updates ORDER BY update_id DESC LIMIT 1 OFFSET :skip",
        skip=number - 1,
    )
    return 0 if row is None else int(row["update_id"])
