"""A database in memory, for tests that need a store and no disk.

It holds the contract of `storage.database.Database`: a contract suite runs on both.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from typing import Self, TypeVar, cast

from sqlcipher3 import dbapi2
from typing_extensions import override

from storage.database import Database, Transaction, Work, commit
from storage.migrations import migrate
from storage.signals import Signals

T = TypeVar("T")


class MemoryDatabase(Database):
    """One connection in memory, whose transactions run on the event loop.

    Args:
        migrations: See `storage.migrations`.
        clock: Unix seconds.
    """

    def __init__(
        self, migrations: Sequence[str], signals: Signals, clock: Callable[[], float] = time.time
    ) -> None:
        self.signals = signals
        self._clock = clock
        self._migrations = migrations
        self._connection: sqlite3.Connection = cast(
            "sqlite3.Connection", dbapi2.connect(":memory:", isolation_level=None)
        )

    @override
    async def __aenter__(self) -> Self:
        self._connection.row_factory = dbapi2.Row
        self._connection.execute("PRAGMA foreign_keys = ON")
        migrate(self._connection, self._migrations)
        return self

    @override
    async def __aexit__(self, *_: object) -> None:
        self._connection.close()

    @override
    async def read(self, query: Work[T]) -> T:
        self._connection.execute("PRAGMA query_only = ON")
        try:
            return query(Transaction(self._connection, self._clock()))
        finally:
            self._connection.execute("PRAGMA query_only = OFF")

    @override
    async def empty_log(self) -> None:
        pass  # it has none

    @override
    async def _commit(self, work: Work[T], synchronous: str) -> T:
        result, topics = commit(self._connection, work, self._clock())
        asyncio.get_running_loop().call_soon(self.signals.send, topics)
        return result
