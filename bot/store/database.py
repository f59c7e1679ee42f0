"""The database file: two connections, each in a thread of its own, and the migrations.

Knows SQLite. Must not know what is stored in it. A query is a plain function of a connection; a
transaction is one such function, run whole in the writer's thread, so that cancelling the task
that awaits it can never leave it half done.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from sqlcipher3 import dbapi2

from bot.errors import StoreTooNew
from storage.keys import Keyring, Purpose
from storage.sqlcipher import BUSY_TIMEOUT_MS, connect, named

DiskFault = dbapi2.OperationalError
"""The disk is full, fails, or is held by somebody else: what was to be written is not."""

Connection = Any
"""A `sqlcipher3.dbapi2.Connection`; the package ships no types."""

Row = Any
"""A `sqlcipher3.dbapi2.Row`."""

T = TypeVar("T")

WAL_RETRY_S = 0.02


class Database:
    """One file: reads run beside the single writer (WAL); a commit is on the disk (FULL)."""

    def __init__(self, path: Path, keyring: Keyring) -> None:
        self._path = path
        self._keyring = keyring
        self._writer_thread = ThreadPoolExecutor(1, thread_name_prefix="store-write")
        self._reader_thread = ThreadPoolExecutor(1, thread_name_prefix="store-read")
        self._writer: Connection = None
        self._reader: Connection = None

    async def open(self) -> None:
        """Open the file, made with its folder where missing, and bring its schema up to date."""
        loop = asyncio.get_running_loop()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._writer = await loop.run_in_executor(
            self._writer_thread, open_writer, self._path, self._keyring
        )
        self._reader = await loop.run_in_executor(
            self._reader_thread, _open_reader, self._path, self._keyring
        )

    async def close(self) -> None:
        """Finish what was begun and close the file."""
        loop = asyncio.get_running_loop()
        if self._reader is not None:
            await loop.run_in_executor(self._reader_thread, self._reader.close)
        if self._writer is not None:
            await loop.run_in_executor(self._writer_thread, self._writer.close)
        self._reader_thread.shutdown()
        self._writer_thread.shutdown()

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run a query on what is committed.

        Returns:
            What the query returns.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._reader_thread, query, self._reader)

    async def write(self, transaction: Callable[[Connection], T]) -> T:
        """Run a transaction: all of it is on the disk on return, or none of it was done.

        Returns:
            What the transaction returns.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._writer_thread, _in_transaction, self._writer, transaction
        )

    async def empty_log(self) -> None:
        """Move all that is committed into the file, and cut the write-ahead log to nothing."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._writer_thread, _empty_log, self._writer)

    async def note(self, transaction: Callable[[Connection], T]) -> T:
        """Run a transaction that outlives a crash of the program, but maybe not a power cut.

        For what is done again without harm if it is lost: it saves a wait for the disk. The next
        `write` puts it on the disk too.

        Returns:
            What the transaction returns.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._writer_thread, _in_quick_transaction, self._writer, transaction
        )


def open_writer(path: Path, keyring: Keyring) -> Connection:
    """Open a file for writing with its schema up to date.

    Returns:
        A connection in autocommit mode.
    """
    with named(path):
        connection = _connect(path, keyring)
        _use_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        migrate(connection)
    return connection


def _use_wal(connection: Connection) -> None:
    """Turn a new file to WAL; where two programs open it at once, SQLite itself does not wait."""
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except dbapi2.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(WAL_RETRY_S)
        else:
            return


def migrations() -> list[str]:
    """The SQL of every migration, oldest first; appended to, never changed once released."""
    folder = files("bot.store") / "migrations"
    scripts = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return [script.read_text(encoding="utf-8") for script in scripts]


def migrate(connection: Connection) -> None:
    """Apply the migrations that this file lacks, each atomic with the version it makes.

    Another process may do the same at the same time: whoever comes second finds nothing to do.

    Raises:
        StoreTooNew: A newer program wrote the file.
    """
    scripts = migrations()
    while (version := _version(connection)) < len(scripts):
        _in_transaction(connection, partial(_apply, scripts=scripts, version=version))
    if version > len(scripts):
        raise StoreTooNew


def _apply(connection: Connection, scripts: list[str], version: int) -> None:
    if _version(connection) != version:
        return  # another process was faster
    for statement in _statements(scripts[version]):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {version + 1}")


def _version(connection: Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    """Cut a script into statements; each ends a line (`executescript` would commit first)."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if dbapi2.complete_statement(statement):
            yield statement
            statement = ""


def _open_reader(path: Path, keyring: Keyring) -> Connection:
    connection = _connect(path, keyring)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _connect(path: Path, keyring: Keyring) -> Connection:
    connection = connect(path, keyring, Purpose.BOT_DATABASE)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _empty_log(connection: Connection) -> None:
    """To the statement's end: while it is under way, the next transaction could not commit."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _in_quick_transaction(connection: Connection, transaction: Callable[[Connection], T]) -> T:
    connection.execute("PRAGMA synchronous = NORMAL")
    try:
        return _in_transaction(connection, transaction)
    finally:
        connection.execute("PRAGMA synchronous = FULL")


def _in_transaction(connection: Connection, transaction: Callable[[Connection], T]) -> T:
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = transaction(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result
