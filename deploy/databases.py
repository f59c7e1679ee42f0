"""The two database files as an operator sees them: whole or not, and copied while in use.

Knows where they lie and SQLite's own tools. Must not know their tables: the stores do.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlcipher3 import dbapi2

from bot import store as bot_store
from bot.domain.ids import CaseId
from bot.domain.retention import Retention
from bot.store import pictures
from bot.store.audit import last_backup_at
from bot.store.expiry import RetentionState, retention_state
from bot.store.queue_position import in_queue
from gateway.store import store as gateway_store
from gateway.store import stored_files
from storage.database import DatabaseFile, Work, read_once
from storage.keys import Keyring
from storage.layout import DATABASES, GATEWAY_FILES, PICTURES, Layout
from storage.sealed_folder import SealedFolder
from storage.sqlcipher import connect, is_plain

T = TypeVar("T")

DatabaseError = dbapi2.DatabaseError
"""What SQLite says of a file that is damaged or no database."""


def sqlite_version() -> str:
    """Which SQLite the parts store with, such as `3.53.0`."""
    version: str = dbapi2.sqlite_version
    return version


def check(home: Path, path: Path, keyring: Keyring) -> str:
    """Have SQLite look a database over.

    Args:
        path: One of `DATABASES`, which is there; it may be in use.
        keyring: The keys to it.

    Returns:
        `ok`, or SQLite's words on what is wrong.
    """
    try:
        with closing(_opened(home / path, path, keyring)) as connection:
            return str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except DatabaseError as error:
        return str(error)


def _opened(file: Path, path: Path, keyring: Keyring) -> Any:
    """A connection; the first release's backups are not encrypted."""
    return dbapi2.connect(str(file)) if is_plain(file) else connect(file, keyring, DATABASES[path])


def copy(home: Path, path: Path, target: Path, keyring: Keyring) -> None:
    """Copy a database as it stands at one moment, also while it is in use.

    Args:
        path: One of `DATABASES`, which is there.
        target: The copy, encrypted likewise, which must not exist yet; it is whole without a
            journal beside it.
        keyring: The keys to it.
    """
    with closing(connect(home / path, keyring, DATABASES[path])) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def retention_standing(
    home: Path, keyring: Keyring, policy: Retention, now: datetime
) -> RetentionState | None:
    """Have the bot's store say what is older than it is kept; the bot may be serving.

    Args:
        keyring: The keys to it.
        policy: How long things are kept.

    Returns:
        It; None where there is no database yet.

    Raises:
        DatabaseError: If the database itself cannot be read.
    """
    return _ask_bot(home, keyring, lambda tx: retention_state(tx, policy), now.timestamp())


@dataclass(frozen=True, slots=True)
class Standing:
    """What the bot has to do, and when its data were last kept elsewhere.

    Args:
        in_queue: Readings that wait or are under way.
        backup_at: When the last backup was made; None without one.
    """

    in_queue: int
    backup_at: datetime | None


def standing(home: Path, keyring: Keyring) -> Standing | None:
    """Have the bot's store say what waits; the bot may be serving.

    Args:
        keyring: The keys to it.

    Returns:
        It; None where there is no database yet.

    Raises:
        DatabaseError: If the database itself cannot be read.
    """
    return _ask_bot(home, keyring, lambda tx: Standing(in_queue(tx), last_backup_at(tx)))


def unreadable_pictures(home: Path, keyring: Keyring) -> list[CaseId]:
    """Have the bot's store open every picture; the bot may be serving.

    Args:
        keyring: The keys to it.

    Returns:
        The cases of which a picture is gone or damaged; none where there is no database yet.

    Raises:
        DatabaseError: If the database itself cannot be read.
    """
    folder = SealedFolder(Layout(home).pictures, keyring)
    return _ask_bot(home, keyring, lambda tx: pictures.unreadable(tx, folder)) or []


def named_files(home: Path, keyring: Keyring) -> Iterator[tuple[Path, str]]:
    """The sealed files that both stores name.

    Yields:
        One of `SEALED_FOLDERS`, and the file's name in it.
    """
    for name in _ask_bot(home, keyring, pictures.places) or []:
        yield PICTURES, name
    chats = gateway_store.database_file(Layout(home).gateway_database, keyring)
    for name in _ask(chats, stored_files.paths) or []:
        yield GATEWAY_FILES, name


def schema_version(home: Path, path: Path, keyring: Keyring) -> int:
    """How many migrations a database has been through.

    Args:
        path: One of `DATABASES`, which is there.
    """
    return _pragma("user_version", home, path, keyring)


def epoch(home: Path, path: Path, keyring: Keyring) -> int:
    """The epoch that stands in a database, 0 for none; see `storage.epoch`.

    Args:
        path: One of `DATABASES`, which is there.
    """
    return _pragma("application_id", home, path, keyring)


def _pragma(name: str, home: Path, path: Path, keyring: Keyring) -> int:
    with closing(_opened(home / path, path, keyring)) as connection:
        return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _ask_bot(home: Path, keyring: Keyring, query: Work[T], now: float = 0.0) -> T | None:
    return _ask(bot_store.database_file(home, keyring), query, now)


def _ask(file: DatabaseFile, query: Work[T], now: float = 0.0) -> T | None:
    if not file.path.exists() or is_plain(file.path):
        return None
    return read_once(file, query, now)
