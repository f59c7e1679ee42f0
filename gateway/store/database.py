"""The SQLite file: one thread that writes, one that reads, each with its own connection.

A unit of work is a plain function that runs whole in its thread, inside one transaction. So a
request that is cancelled half-way never leaves half a transaction, and the event loop never waits
for the disk.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar, cast

from sqlcipher3 import dbapi2

from gateway.store.bells import Bells, Topic
from gateway.store.schema import migrate
from storage import sqlcipher
from storage.keys import Keyring, Purpose

T = TypeVar("T")
Value = str | int | float | bytes | None
Clock = Callable[[], float]

DiskFault = dbapi2.OperationalError
"""The database could not be read or written now: the disk is full, or somebody else holds it."""


class Transaction:
    """What a unit of work works with.

    Args:
        connection: Inside a transaction.
        now: The time of the unit of work, unix seconds.
    """

    def __init__(self, connection: sqlite3.Connection, now: int) -> None:
        self._connection = connection
        self.now = now
        self.touched: set[Topic] = set()

    def run(self, sql: str, **values: Value) -> sqlite3.Cursor:
        """Run one statement with named parameters."""
        return self._connection.execute(sql, values)

    def run_all(self, sql: str, rows: Iterable[dict[str, Value]]) -> None:
        """Run one statement for many sets of parameters."""
        self._connection.executemany(sql, rows)

    def one(self, sql: str, **values: Value) -> sqlite3.Row | None:
        """The first row of a query."""
        return cast("sqlite3.Row | None", self.run(sql, **values).fetchone())

    def touch(self, *topics: Topic) -> None:
        """Ring these topics' bells once this has been committed."""
        self.touched.update(topics)


class Database:
    """An async context manager that owns the connections and their threads."""

    def __init__(self, path: Path, keyring: Keyring, bells: Bells, clock: Clock) -> None:
        self._path = path
        self._bells = bells
        self._clock = clock
        self._writer = _Lane("gateway-writer", path, keyring)
        self._reader = _Lane("gateway-reader", path, keyring)

    async def __aenter__(self) -> "Database":
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        await self._writer.run(migrate)
        await self._reader.run(lambda connection: connection.execute("PRAGMA query_only = ON"))
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self._reader.close)
        await asyncio.to_thread(self._writer.close)

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run a unit of work in a write transaction, then ring its bells.

        Args:
            work: Runs in the writer's thread; what it raises rolls everything back.

        Returns:
            What `work` returns.
        """
        loop = asyncio.get_running_loop()
        now = int(self._clock())

        def transaction(connection: sqlite3.Connection) -> T:
            result, touched = _commit(connection, work, now)
            if touched:
                loop.call_soon_threadsafe(self._bells.ring, touched)
            return result

        return await self._writer.run(transaction)

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run a unit of work on one snapshot of what has been committed.

        Args:
            work: Runs in the reader's thread; must not write.

        Returns:
            What `work` returns.
        """
        now = int(self._clock())

        def transaction(connection: sqlite3.Connection) -> T:
            connection.execute("BEGIN")
            try:
                return work(Transaction(connection, now))
            finally:
                connection.execute("ROLLBACK")

        return await self._reader.run(transaction)

    async def empty_log(self) -> None:
        """Move all that is committed into the file, and cut the write-ahead log to nothing."""
        # to the statement's end: while it is under way, the next transaction could not commit
        await self._writer.run(lambda c: c.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())


class _Lane:
    """One thread with one connection; units of work run there one after another."""

    def __init__(self, name: str, path: Path, keyring: Keyring) -> None:
        self._path = path
        self._keyring = keyring
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._own = threading.local()

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        future = asyncio.get_running_loop().run_in_executor(self._pool, self._with, work)
        return await asyncio.shield(future)

    def close(self) -> None:
        self._pool.submit(self._close_connection)
        self._pool.shutdown()

    def _with(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if not hasattr(self._own, "connection"):
            with sqlcipher.named(self._path):
                self._own.connection = _connect(self._path, self._keyring)
        return work(self._own.connection)

    def _close_connection(self) -> None:
        if hasattr(self._own, "connection"):
            self._own.connection.close()


def _commit(
    connection: sqlite3.Connection, work: Callable[[Transaction], T], now: int
) -> tuple[T, set[Topic]]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        transaction = Transaction(connection, now)
        result = work(transaction)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result, transaction.touched


def _connect(path: Path, keyring: Keyring) -> sqlite3.Connection:
    connection = sqlcipher.connect(path, keyring, Purpose.GATEWAY_DATABASE)
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    # sqlcipher3 is the standard module built on another library, and has no stubs of its own.
    return cast("sqlite3.Connection", connection)
