"""The two database files as an operator sees them: whole or not, and copied while in use.

Knows where they lie and SQLite's own tools. Must not know their tables: the stores do.
"""

from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlcipher3 import dbapi2

from bot.domain.ids import CaseId
from bot.domain.retention import Retention
from bot.store import database_file
from bot.store.expiry import RetentionState, retention_state
from bot.store.pictures import unreadable
from storage.database import Work, read_once
from storage.keys import Keyring
from storage.layout import DATABASES, Layout
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
    return _ask_bot(home, keyring, lambda tx: unreadable(tx, folder)) or []


def _ask_bot(home: Path, keyring: Keyring, query: Work[T], now: float = 0.0) -> T | None:
    file = database_file(home, keyring)
    if not file.path.exists() or is_plain(file.path):
        return None
    return read_once(file, query, now)
