"""The bot's data folder, opened by a later program, an older one, and after a failed upgrade."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from bot.domain.ids import CaseId
from bot.errors import StoreTooNew
from bot.store import database
from bot.store.database import migrate, migrations, open_writer
from tests.bot_world import START
from tests.keys import KEYRING, bot_store_at

FIRST_RELEASE = """
INSERT INTO people VALUES (7, 7, 'Amina', 'health_worker', 'fr', 1.0, 2.0, NULL);
INSERT INTO cases (case_id, sender_id, chat_id, message_id, created_at, caption)
    VALUES (42, 7, 7, 5, 3.0, 'toux');
INSERT INTO readings (case_id, asked_by, chat_id, message_id, language, asked_at, ready_at)
    VALUES (42, 7, 7, 5, 'fr', 3.0, 3.0);
INSERT INTO updates (update_id, chat_id, body, received_at, ready_at) VALUES (9, 7, '{}', 1, 1);
"""


def first_version(path: Path) -> None:
    """Write a data folder as the first release left it."""
    path.parent.mkdir(parents=True)
    with closing(dbapi2.connect(str(path), isolation_level=None)) as connection:
        connection.executescript(migrations()[0])
        connection.executescript(FIRST_RELEASE)
        connection.execute("PRAGMA user_version = 1")


async def test_what_the_first_release_wrote_is_all_there_after_every_migration(
    tmp_path: Path,
) -> None:
    first_version(tmp_path / "bot" / "bot.db")
    async with bot_store_at(tmp_path) as store:
        case = await store.cases.get(CaseId(42))
        assert case is not None
        assert (case.code, case.caption, case.sender_name) == ("C-0042", "toux", "Amina")
        update = await store.inbox.take([], START)
        assert update is not None
        assert update.update_id == 9


def test_migrations_run_once_and_leave_a_sound_file(tmp_path: Path) -> None:
    with closing(dbapi2.connect(str(tmp_path / "x.db"), isolation_level=None)) as connection:
        migrate(connection)
        migrate(connection)
        assert connection.execute("PRAGMA user_version").fetchone() == (len(migrations()),)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_migration_that_fails_leaves_the_file_at_the_version_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = [*migrations(), "CREATE TABLE half (x);\nSELECT no_such_function();\n"]
    monkeypatch.setattr(database, "migrations", lambda: scripts)
    with closing(dbapi2.connect(str(tmp_path / "x.db"), isolation_level=None)) as connection:
        with pytest.raises(dbapi2.OperationalError):
            migrate(connection)
        assert connection.execute("PRAGMA user_version").fetchone() == (len(scripts) - 1,)
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE name = 'half'")
        assert tables.fetchall() == []


async def test_a_data_folder_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "bot" / "bot.db"
    first_version(path)
    with closing(dbapi2.connect(str(path), isolation_level=None)) as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(StoreTooNew):
        async with bot_store_at(tmp_path):
            pass


def test_two_programs_that_open_a_new_folder_at_once_both_find_it_ready(tmp_path: Path) -> None:
    def open_and_close(_number: int) -> int:
        with closing(open_writer(tmp_path / "x.db", KEYRING)) as connection:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])

    with ThreadPoolExecutor(4) as threads:
        versions = list(threads.map(open_and_close, range(4)))
    assert versions == [len(migrations())] * 4
