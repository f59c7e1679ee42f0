"""What a bot says of itself, by key and language: its name, its descriptions, its menu buttons."""

from gateway.store.transactions import DatabaseStore, reading, writing
from storage.database import Transaction

NAME = "name"


class ProfileStore(DatabaseStore):
    """The values, by key and language."""

    @reading
    def get(self, tx: Transaction, key: str, language_code: str = "") -> str | None:
        """The value in a language, else the one for all languages without their own."""
        for language in dict.fromkeys((language_code, "")):
            row = tx.one(
                "SELECT value FROM profile WHERE key = :key AND language_code = :language",
                key=key,
                language=language,
            )
            if row is not None and row["value"]:
                return str(row["value"])
        return None

    @writing
    def put(self, tx: Transaction, key: str, value: str, language_code: str = "") -> None:
        """Put a value; an empty one removes the one before."""
        tx.run(
            "INSERT OR REPLACE INTO profile VALUES (:key, :language_code, :value)",
            key=key,
            language_code=language_code,
            value=value,
        )
