"""What is known of the files on disk: their ids, their media, and who may fetch them."""

from collections.abc import Sequence

from gateway.schemas.records import FileId, Person, StoredFile
from gateway.store import members, rows
from gateway.store.transactions import DatabaseStore, reading
from storage.database import Row, Transaction


class StoredFiles(DatabaseStore):
    """Queries over files."""

    @reading
    def find(self, tx: Transaction, file_id: FileId) -> StoredFile | None:
        """The file of this id."""
        return with_id(tx, file_id)

    @reading
    def at(self, tx: Transaction, path: str) -> StoredFile | None:
        """The file at this path."""
        return _file(tx.one("SELECT * FROM files WHERE path = :path", path=path))

    @reading
    def seen_by(self, tx: Transaction, person: Person, file_id: FileId) -> StoredFile | None:
        """The file of this id, if a message of the person's chat or groups holds it."""
        row = tx.one(
            f"""
            SELECT files.* FROM files
            JOIN message_files USING (file_id) JOIN messages USING (message_id)
            WHERE file_id = :file_id AND chat_id IN {members.SEEN}
            """,
            file_id=file_id,
            chat_id=person.chat_id,
        )
        return _file(row)

    @reading
    def paths(self, tx: Transaction) -> frozenset[str]:
        """The paths of all files."""
        return frozenset(paths(tx))


def with_id(tx: Transaction, file_id: FileId) -> StoredFile | None:
    """The file of this id."""
    return _file(tx.one("SELECT * FROM files WHERE file_id = :file_id", file_id=file_id))


def paths(tx: Transaction) -> list[str]:
    """Where in the folder of files all of them are."""
    return [row["path"] for row in tx.run("SELECT path FROM files ORDER BY path")]


def add(tx: Transaction, files: Sequence[StoredFile]) -> None:
    """Add files that are on disk."""
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
    return _file(
        tx.one(
            "DELETE FROM files WHERE file_id = :file_id"
            " AND file_id NOT IN (SELECT file_id FROM message_files) RETURNING *",
            file_id=file_id,
        )
    )


def _file(row: Row | None) -> StoredFile | None:
    return None if row is None else rows.stored_file(row)
