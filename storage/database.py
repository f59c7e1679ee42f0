"""One encrypted SQLite file: a connection that writes, and one that reads beside it.

Knows transactions, migrations and signals. Must not know tables. A transaction is one plain
function that runs whole in its connection's thread, so cancelling the task that awaits it leaves
nothing half done. It stands on two private names of aiosqlite, `_execute` and `_conn`: by the
public interface a transaction is a task switch for each statement, and a cancelled one stays open.
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import aiosqlite
from sqlcipher3 import dbapi2

from storage.keys import Keyring, Purpose
from storage.migrations import migrate
from storage.signals import Signals
from storage.sqlcipher import BUSY_TIMEOUT_MS, connect, named

DiskFault = dbapi2.OperationalError
"""The disk is full or fails, or another process holds the file: nothing was written."""

Value = str | int | float | bytes | None
Row = sqlite3.Row

T = TypeVar("T")

_WAL_RETRY_S = 0.02

log = logging.getLogger(__name__)


class Transaction:
    """What the statements of one transaction are run with.

    SQLite plans a query anew whenever a parameter has changed that is its whole `LIMIT`: some 300
    allocations, each locked and wiped. So stores write `LIMIT :limit + 0`, which is planned once.

    Args:
        connection: Inside a transaction.
        now: Unix seconds when it was asked for.
    """

    def __init__(self, connection: sqlite3.Connection, now: float) -> None:
        self._connection = connection
        self.now = now
        self.topics: set[Hashable] = set()

    def run(self, sql: str, /, **values: Value) -> sqlite3.Cursor:
        """Run a statement with named parameters."""
        return self._connection.execute(sql, values)

    def run_many(self, sql: str, rows: Iterable[Mapping[str, Value]]) -> None:
        """Run a statement once for each set of parameters."""
        self._connection.executemany(sql, rows)

    def one(self, sql: str, /, **values: Value) -> Row | None:
        """The first row of a query, or of a statement's `RETURNING`."""
        row: Row | None = self.run(sql, **values).fetchone()
        return row

    def all(self, sql: str, /, **values: Value) -> list[Row]:
        """Every row of a query, or of a statement's `RETURNING`."""
        return self.run(sql, **values).fetchall()

    def signal(self, *topics: Hashable) -> None:
        """Wake whoever listens to these topics, once this is committed."""
        self.topics.update(topics)


Work = Callable[[Transaction], T]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseFile:
    """Which file, and what opens it.

    Args:
        path: Made, with its folder, where it is missing.
        migrations: The schema: see `storage.migrations`.
    """

    path: Path
    keyring: Keyring
    purpose: Purpose
    migrations: Sequence[str]


class Database:
    """An async context manager: entered, the file is open and its schema up to date.

    Args:
        signals: Sent after each commit that asked for it.
        clock: Unix seconds; what it returns is `Transaction.now`.
    """

    def __init__(
        self, file: DatabaseFile, signals: Signals, clock: Callable[[], float] = time.time
    ) -> None:
        self.signals = signals
        self._file = file
        self._clock = clock
        self._opened = AsyncExitStack()
        self._synchronous = ""

    async def __aenter__(self) -> Self:
        """Open both connections.

        Raises:
            NewerDatabase: A newer release wrote the file.
            DatabaseError: It cannot be opened; a note names it.
        """
        async with AsyncExitStack() as opened:
            self._writer = await _Connection.to(partial(open_writer, self._file))
            opened.push_async_callback(self._writer.close)
            self._reader = await _Connection.to(partial(_open_reader, self._file))
            opened.push_async_callback(self._reader.close)
            self._opened = opened.pop_all()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Finish what was begun, and close the file."""
        await self._opened.aclose()

    async def write(self, work: Work[T]) -> T:
        """Run a transaction: on return all of it is on the disk; if it raised, none of it is.

        Its signals are sent after the commit, also where the caller was cancelled meanwhile.

        Args:
            work: Runs in the writer's thread.

        Raises:
            DiskFault: Nothing was written.
        """
        return await self._commit(work, synchronous="FULL")

    async def note(self, work: Work[T]) -> T:
        """Run a transaction that outlives a crash of the program, but maybe not a power cut.

        For what may be done again without harm: it saves a wait for the disk. The next `write`
        puts it on the disk too.
        """
        return await self._commit(work, synchronous="NORMAL")

    async def read(self, query: Work[T]) -> T:
        """Run a query on one snapshot of what is committed, beside any writer.

        Args:
            query: Runs in the reader's thread; what it writes is refused.
        """
        now = self._clock()
        return await self._reader.whole(lambda connection: _read(connection, query, now))

    async def empty_log(self) -> None:
        """Move all that is committed into the file, and cut the write-ahead log to nothing."""
        # fetched to the end: a checkpoint under way would keep the next transaction from committing
        await self._writer.whole(lambda c: c.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())

    async def _commit(self, work: Work[T], synchronous: str) -> T:
        loop, now = asyncio.get_running_loop(), self._clock()

        def transaction(connection: sqlite3.Connection) -> T:
            self._synchronise(connection, synchronous)
            result, topics = commit(connection, work, now)
            if topics:
                loop.call_soon_threadsafe(self.signals.send, topics)
            return result

        return await self._writer.whole(transaction)

    def _synchronise(self, connection: sqlite3.Connection, synchronous: str) -> None:
        """Have commits wait for the disk, or not; SQLite plans this pragma anew each time."""
        if self._synchronous != synchronous:
            connection.execute(f"PRAGMA synchronous = {synchronous}")
            self._synchronous = synchronous


class _Connection(aiosqlite.Connection):
    """aiosqlite's connection, with a call that runs one function whole in its thread."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)

    @classmethod
    async def to(cls, connector: Callable[[], sqlite3.Connection]) -> Self:
        """Connect; outside of aiosqlite, whose thread outlives a connector that fails."""
        opened = await asyncio.to_thread(connector)
        connection = cls(lambda: opened)
        _ = await connection
        return connection

    async def whole(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run a function in the connection's thread, to its end whatever becomes of the caller.

        It is in the thread's queue before anything is awaited, and so before `close`. If it fails
        when its caller has gone, the log says so: there is nobody else to tell.

        Raises:
            CancelledError: The caller is to go; the function still runs.
        """
        caller_has_gone = False

        def watched(connection: sqlite3.Connection) -> T:
            try:
                return work(connection)
            except Exception as error:
                if caller_has_gone:
                    kind = type(error).__name__  # its message may quote a value
                    log.error("the database failed for a task that has ended: %s", kind)  # noqa: TRY400
                raise

        try:
            result: T = await self._execute(watched, self._conn)  # type: ignore[no-untyped-call]
        except asyncio.CancelledError:
            caller_has_gone = True
            raise
        return result


def commit(
    connection: sqlite3.Connection, work: Work[T], now: float
) -> tuple[T, frozenset[Hashable]]:
    """Run a transaction on a connection in autocommit mode.

    Returns:
        What the work returned, and the topics that it wants signalled.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        transaction = Transaction(connection, now)
        result = work(transaction)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result, frozenset(transaction.topics)


def read_once(file: DatabaseFile, query: Work[T], now: float) -> T:
    """Run a query on a file that may be in use, and leave its schema as it is."""
    with closing(_open_reader(file)) as connection:
        return _read(connection, query, now)


def open_writer(file: DatabaseFile) -> sqlite3.Connection:
    """Open a file for writing, with its schema up to date, in autocommit mode."""
    file.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with named(file.path):
        connection = _open(file)
        _use_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        migrate(connection, file.migrations)
    return connection


def _open_reader(file: DatabaseFile) -> sqlite3.Connection:
    connection = _open(file)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _open(file: DatabaseFile) -> sqlite3.Connection:
    connection = connect(file.path, file.keyring, file.purpose)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    """Turn a new file to WAL; where two programs open it at once, SQLite itself does not wait."""
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except dbapi2.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_WAL_RETRY_S)
        else:
            return


def _read(connection: sqlite3.Connection, query: Work[T], now: float) -> T:
    connection.execute("BEGIN")
    try:
        return query(Transaction(connection, now))
    finally:
        connection.execute("ROLLBACK")
