"""The two database files as an operator sees them: whole or not, and copied while in use.

Knows where they lie and SQLite's own tools. Must not know their tables.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

PATHS = (Path("bot/bot.db"), Path("gateway/gateway.db"))
"""Database files, relative to the data folder."""

BUSY_TIMEOUT_MS = 10_000

DatabaseError = dbapi2.DatabaseError
"""What SQLite says of a file that is damaged or no database."""


def sqlite_version() -> str:
    """Which SQLite the parts store with.

    Returns:
        Such as `3.53.0`.
    """
    version: str = dbapi2.sqlite_version
    return version


def check(path: Path) -> str:
    """Have SQLite look a database over.

    Args:
        path: The database file; it may be in use.

    Returns:
        `ok`, or SQLite's words on what is wrong.
    """
    try:
        with _open(path) as connection:
            return str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except DatabaseError as error:
        return str(error)


def copy(source: Path, target: Path) -> None:
    """Copy a database as it stands at one moment, also while it is in use.

    Args:
        source: The database file.
        target: The copy, which must not exist yet; it is whole without a journal beside it.
    """
    with _open(source) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


@contextmanager
def _open(path: Path) -> Iterator[Any]:
    with closing(dbapi2.connect(f"file:{path}?mode=rw", uri=True)) as connection:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        yield connection
