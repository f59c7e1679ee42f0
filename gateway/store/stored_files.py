"""SQL of files."""

from gateway.schemas.records import ChatId, FileId, StoredFile
from gateway.store import members, rows
from gateway.store.database import Transaction


def add(tx: Transaction, file: StoredFile) -> None:
    """Name a file that is on disk."""
    tx.run(
        "INSERT INTO files VALUES (:file_id, :unique_id, :path, :size_bytes, :media, :now)",
        file_id=file.file_id,
        unique_id=file.file_unique_id,
        path=file.path,
        size_bytes=file.size_bytes,
        media=rows.dump_media(file.media),
        now=tx.now,
    )


def find(tx: Transaction, file_id: FileId) -> StoredFile | None:
    """The file of this id."""
    row = tx.one("SELECT * FROM files WHERE file_id = :file_id", file_id=file_id)
    return None if row is None else rows.stored_file(row)


def at_path(tx: Transaction, path: str) -> StoredFile | None:
    """The file at this path."""
    row = tx.one("SELECT * FROM files WHERE path = :path", path=path)
    return None if row is None else rows.stored_file(row)


def in_chat(tx: Transaction, chat_id: ChatId, file_id: FileId) -> StoredFile | None:
    """The file of this id, if a message of the chat, or of a group its person is in, holds it."""
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


def forget_unheld(tx: Transaction, file_id: FileId) -> StoredFile | None:
    """Forget a file unless a message holds it; the file if it was forgotten."""
    row = tx.one(
        "DELETE FROM files WHERE file_id = :file_id"
        " AND file_id NOT IN (SELECT file_id FROM message_files) RETURNING *",
        file_id=file_id,
    )
    return None if row is None else rows.stored_file(row)


def of_newcomers(tx: Transaction, chat_id: ChatId) -> tuple[int, int]:
    """How many messages with files a newcomer sent, and how many bytes all newcomers together."""
    row = tx.run(
        """
        SELECT count(DISTINCT CASE chat_id WHEN :chat_id THEN message_id END),
            coalesce(sum(size_bytes), 0)
        FROM people
        JOIN messages ON messages.chat_id = people.user_id AND NOT from_bot
        JOIN message_files USING (message_id) JOIN files USING (file_id)
        WHERE NOT is_member
        """,
        chat_id=chat_id,
    ).fetchone()
    return row[0], row[1]


def paths(tx: Transaction) -> frozenset[str]:
    """The paths of all files."""
    return frozenset(row["path"] for row in tx.run("SELECT path FROM files"))
