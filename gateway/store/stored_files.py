"""What is known of the files on disk: their ids, their media, and who may fetch them."""

from collections.abc import Sequence

from gateway.schemas.records import ChatId, FileId, Person, StoredFile
from gateway.store import members, rows
from gateway.store.database import Database, Transaction


class StoredFiles:
    """Queries over files.

    Args:
        database: Open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, file_id: FileId) -> StoredFile | None:
        """The file of this id."""
        return await self._database.read(lambda tx: _find(tx, file_id))

    async def at(self, path: str) -> StoredFile | None:
        """The file at this path."""
        return await self._database.read(lambda tx: _at(tx, path))

    async def seen_by(self, person: Person, file_id: FileId) -> StoredFile | None:
        """The file of this id, if a message of the person's chat or groups holds it."""
        return await self._database.read(lambda tx: _in_chat(tx, person.chat_id, file_id))

    async def of_newcomers(self, person: Person) -> tuple[int, int]:
        """How many messages with files a newcomer sent, and how many bytes all newcomers did."""
        return await self._database.read(lambda tx: _of_newcomers(tx, person.chat_id))

    async def paths(self) -> frozenset[str]:
        """The paths of all files."""
        return await self._database.read(_paths)


def add(tx: Transaction, files: Sequence[StoredFile]) -> None:
    """Name files that are on disk."""
    for file in files:
        tx.run(
            "INSERT INTO files VALUES (:file_id, :unique_id, :path, :size_bytes, :media, :now)",
            file_id=file.file_id,
            unique_id=file.file_unique_id,
            path=file.path,
            size_bytes=file.size_bytes,
            media=rows.dump_media(file.media),
            now=tx.now,
        )


def forget_unheld(tx: Transaction, file_id: FileId) -> StoredFile | None:
    """Forget a file unless a message holds it; the file if it was forgotten."""
    row = tx.one(
        "DELETE FROM files WHERE file_id = :file_id"
        " AND file_id NOT IN (SELECT file_id FROM message_files) RETURNING *",
        file_id=file_id,
    )
    return None if row is None else rows.stored_file(row)


def _find(tx: Transaction, file_id: FileId) -> StoredFile | None:
    row = tx.one("SELECT * FROM files WHERE file_id = :file_id", file_id=file_id)
    return None if row is None else rows.stored_file(row)


def _at(tx: Transaction, path: str) -> StoredFile | None:
    row = tx.one("SELECT * FROM files WHERE path = :path", path=path)
    return None if row is None else rows.stored_file(row)


def _in_chat(tx: Transaction, chat_id: ChatId, file_id: FileId) -> StoredFile | None:
    row = tx.one(
        f"""
        SELECT files.* FROM files
        JOIN message_files USING (file_id) JOIN messages USING (message_id)
        WHERE file_id = :file_id AND chat_id IN {members.SEEN}
        """,
        file_id=file_id,
        chat_id=chat_id,
    )
    return None if row is None else rows.stored_file(row)


def _of_newcomers(tx: Transaction, chat_id: ChatId) -> tuple[int, int]:
    row = tx.run(
        """
        SELECT count(DISTINCT CASE chat_id WHEN :chat_id THEN message_id END),
            coalesce(sum(size_bytes), 0)
        FROM people
        JOIN messages ON messages.chat_id = people.user_id AND NOT from_bot
        JOIN message_files USING (message_id) JOIN files USING (file_id)
        WHERE NOT is_member AND user_id > 0
        """,
        chat_id=chat_id,
    ).fetchone()
    return row[0], row[1]


def _paths(tx: Transaction) -> frozenset[str]:
    return frozenset(row["path"] for row in tx.run("SELECT path FROM files"))
