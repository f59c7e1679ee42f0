"""Brings a database's schema up to date: numbered `.sql` files, appended to and never changed.

Knows `user_version`. Must not know tables.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from importlib.resources import files

from storage.errors import NewerDatabase


def scripts_of(package: str) -> tuple[str, ...]:
    """The migrations in a package's folder `migrations`, oldest first.

    Raises:
        ValueError: Their numbers have a gap, or two have the same.
    """
    folder = files(package) / "migrations"
    scripts = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    numbers = [int(script.name.partition("_")[0]) for script in scripts]
    if numbers != list(range(1, len(scripts) + 1)):
        raise ValueError(f"{package}: migrations are numbered {numbers}")
    return tuple(script.read_text(encoding="utf-8") for script in scripts)


def migrate(connection: sqlite3.Connection, scripts: Sequence[str]) -> None:
    """Apply the migrations that a database lacks, each atomic with the version it makes.

    Two processes may do so at the same time: whoever comes second finds nothing to do.

    Args:
        scripts: All migrations, oldest first.

    Raises:
        NewerDatabase: A newer release wrote the file.
    """
    while (version := _version(connection)) < len(scripts):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _version(connection) == version:  # no other process was faster
                for statement in _statements(scripts[version]):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {version + 1}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    if version > len(scripts):
        raise NewerDatabase


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    """Cut a script into statements; `executescript` would commit first."""
    statement = ""
    for piece in script.split(";")[:-1]:
        statement += piece + ";"
        if sqlite3.complete_statement(statement):  # a trigger has semicolons within
            yield statement
            statement = ""
