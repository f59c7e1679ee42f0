"""What a bot says of itself, by key and language: its name, its descriptions, its menu buttons."""

from gateway.store.database import Database, Transaction

NAME = "name"


class ProfileStore:
    """What was said, and what is said where nothing was.

    Args:
        database: Open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, key: str, language_code: str = "") -> str | None:
        """What is said in a language, else in all that have nothing of their own."""
        return await self._database.read(
            lambda tx: _get(tx, key, language_code) or _get(tx, key, "")
        )

    async def put(self, key: str, value: str, language_code: str = "") -> None:
        """Say something else; an empty value takes away what was said."""
        await self._database.write(lambda tx: _put(tx, key, language_code, value))


def _get(tx: Transaction, key: str, language_code: str) -> str | None:
    row = tx.one(
        "SELECT value FROM profile WHERE key = :key AND language_code = :language_code",
        key=key,
        language_code=language_code,
    )
    return None if row is None else str(row["value"])


def _put(tx: Transaction, key: str, language_code: str, value: str) -> None:
    tx.run(
        "INSERT OR REPLACE INTO profile VALUES (:key, :language_code, :value)",
        key=key,
        language_code=language_code,
        value=value,
    )
