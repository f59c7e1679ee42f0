"""A gateway of the first release opens with everything that it held."""

import sqlite3
from pathlib import Path
from typing import cast

import pytest
from sqlcipher3 import dbapi2

from gateway.schemas.records import ChatId, FileKind
from storage import sqlcipher
from storage.errors import NewerDatabase
from storage.keys import Purpose
from tests.gateway_store import MIGRATIONS, Time, chats_at, write_as_newer_release
from tests.keys import KEYRING

DOCUMENT = (
    '{"file_id":"f","file_unique_id":"u","file_name":"a.csv","mime_type":"text/csv","file_size":3}'
)
ROWS = """
    INSERT INTO people VALUES (7, 'Ama', 'en', 1);
    INSERT INTO files VALUES ('f', 'u', 'documents/x.csv', 3, 'DOCUMENT', 1);
    INSERT INTO messages (message_id, chat_id, from_bot, date, text, entities, media)
        VALUES (11, 7, 1, 1, 'cases', '[]', 'DOCUMENT');
    INSERT INTO message_files VALUES ('f', 11);
    INSERT INTO updates (kind, payload, chat_id, message_id) VALUES ('message', '{}', 7, 11);
""".replace("DOCUMENT", DOCUMENT)


async def test_what_the_first_release_kept_is_there_after_every_migration(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    connection = cast("sqlite3.Connection", dbapi2.connect(str(path), isolation_level=None))
    connection.executescript(f"{MIGRATIONS[0]} PRAGMA user_version = 1; {ROWS}")
    connection.close()
    sqlcipher.reseal(path, KEYRING, Purpose.GATEWAY_DATABASE)
    async with chats_at(path, Time()) as store:
        person = await store.person(ChatId(7))
        assert person is not None
        (found,) = await store.newest_messages(person, 10)
        message = found.message()
        assert message.document is not None
        assert (message.text, message.document.kind) == ("cases", FileKind.DOCUMENT)
        assert (message.keyboard, message.quote, message.is_protected) == (None, None, False)
        assert await store.files.seen_by(person, message.document.file_id) is not None
        assert await store.updates.count() == 1


async def test_a_file_that_a_newer_release_wrote_is_refused_and_left_as_it_was(
    tmp_path: Path,
) -> None:
    path = tmp_path / "gateway.db"
    write_as_newer_release(path)
    before = path.read_bytes()
    with pytest.raises(NewerDatabase):
        async with chats_at(path, Time()):
            pass
    assert path.read_bytes() == before
