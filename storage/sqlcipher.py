"""Databases encrypted by SQLCipher, with a key of the ring.

Knows SQLCipher. Must not know tables. Temporary tables stay in memory; the write-ahead log is
encrypted as the file is. A file begins with 16 bytes that SQLCipher salts its checksums with; here
they follow from the key, so that a file says which key it needs, and two programs that make it at
once agree.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import cast

from sqlcipher3 import dbapi2

from storage import durable
from storage.errors import InUse
from storage.keys import Key, Keyring, Purpose

BUSY_TIMEOUT_MS = 10_000
START_BYTES = 16
CACHED_STATEMENTS = 512
"""More than a store has with its migrations: planning one anew costs more than running it."""
PLAIN_START = b"SQLite format 3\0"
PLAIN_SUFFIX = ".unsealed"
"""What an unencrypted file is called while its encrypted copy takes its place."""

Connection = sqlite3.Connection
"""sqlcipher3 is the standard module built on another library, and ships no types of its own."""


def connect(path: Path, keyring: Keyring, purpose: Purpose) -> Connection:
    """Open a database, or make one with the key in use.

    Args:
        path: The file; its folder must exist.
        keyring: The keys, one of which opens it.
        purpose: Which database it is.

    Returns:
        A connection in autocommit mode that one thread at a time may use. If no key opens the
        file, or it is damaged, its first statement raises `DatabaseError`.
    """
    key = key_of(path, keyring, purpose) or keyring.current
    return _open(path, _raw(key, purpose))


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Have errors of a database say in a note which file it was.

    Raises:
        DatabaseError: As it came, with the note.
    """
    try:
        yield
    except dbapi2.DatabaseError as error:
        error.add_note(str(path))
        raise


def key_of(path: Path, keyring: Keyring, purpose: Purpose) -> Key | None:
    """The key that a file was encrypted with; None if it is none of these, or there is no file."""
    start = _start_of(path)
    return next((key for key in keyring.keys if _start(key, purpose) == start), None)


def is_plain(path: Path) -> bool:
    """Whether a file is a database that is not encrypted."""
    return _start_of(path) == PLAIN_START


def reseal(path: Path, keyring: Keyring, purpose: Purpose) -> None:
    """Bring a database to the key in use: from no key, or from one before it.

    May be cut off and called again: at any moment the file is the old one or the new one, whole.

    Args:
        purpose: Which database it is.

    Raises:
        InUse: If a program has it open.
    """
    plain = path.with_name(path.name + PLAIN_SUFFIX)
    for cut_off in path.parent.glob(f".{path.name}.*{durable.DRAFT}"):
        cut_off.unlink()
    if key_of(path, keyring, purpose) != keyring.current:
        with _alone(path, keyring, purpose) as connection, durable.draft_of(path) as draft:
            _copy(connection, draft, _raw(keyring.current, purpose))
            if is_plain(path):
                plain.unlink(missing_ok=True)
                plain.hardlink_to(path)
            draft.replace(path)
            durable.sync_folder(path.parent)
    durable.wipe(plain)


@contextmanager
def _alone(path: Path, keyring: Keyring, purpose: Purpose) -> Iterator[Connection]:
    """The only connection to a database, whose log is merged into the file."""
    opened = _open(path, None) if is_plain(path) else connect(path, keyring, purpose)
    with closing(opened) as connection:
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
        except dbapi2.OperationalError as error:
            raise InUse from error
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        yield connection


def _copy(connection: Connection, target: Path, key: str) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (epoch,) = connection.execute("PRAGMA application_id").fetchone()
    connection.execute("ATTACH DATABASE ? AS sealed KEY ?", (str(target), key))
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("SELECT sqlcipher_export('sealed')")
    connection.execute(f"PRAGMA sealed.user_version = {version}")
    connection.execute(f"PRAGMA sealed.application_id = {epoch}")
    connection.execute("COMMIT")  # the copy is on the disk now
    connection.execute("DETACH DATABASE sealed")


def _open(path: Path, key: str | None) -> Connection:
    connection = dbapi2.connect(
        str(path),
        isolation_level=None,
        check_same_thread=False,
        cached_statements=CACHED_STATEMENTS,
    )
    connection.execute("PRAGMA cipher_log_level = NONE")  # it writes to standard error by itself
    connection.execute("PRAGMA cipher_memory_security = ON")  # wipes what it frees
    if key is not None:
        connection.execute(f'PRAGMA key = "{key}"')
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.row_factory = dbapi2.Row
    return cast("Connection", connection)


def _raw(key: Key, purpose: Purpose) -> str:
    """A key as SQLCipher takes it unstretched, for it is random already, with the file's start."""
    return f"x'{(key.derive(purpose) + _start(key, purpose)).hex()}'"


def _start(key: Key, purpose: Purpose) -> bytes:
    return key.derive(purpose, salt=b"start of file", length_bytes=START_BYTES)


def _start_of(path: Path) -> bytes:
    if not path.exists():
        return b""
    with path.open("rb") as file:
        return file.read(START_BYTES)
