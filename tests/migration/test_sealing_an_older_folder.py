"""A data folder of the first release, which encrypted nothing, is sealed at the first start."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from storage import sqlcipher
from storage.errors import InUse
from storage.keys import Purpose
from storage.layout import BOT_DATABASE, GATEWAY_DATABASE, GATEWAY_FILES, PICTURES
from storage.opening import unlocked
from storage.sealed_folder import SealedFolder
from storage.sqlcipher import connect
from tests.cut_off import cut_off_after
from tests.gateway_store import MIGRATIONS
from tests.keys import bot_store_at
from tests.migration.test_bot_migrations import first_version

PLANTED = (b"Amina", b"toux", b"bonjour docteur", b"JFIF of a lung")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """What the first release left, in the middle of a day: a write-ahead log and pictures."""
    folder = tmp_path / "data"
    first_version(folder / BOT_DATABASE)
    (folder / "gateway").mkdir()
    with closing(dbapi2.connect(str(folder / GATEWAY_DATABASE), isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript(MIGRATIONS[0])
        db.execute("PRAGMA user_version = 1")
        db.execute("INSERT INTO people VALUES (7, 'Amina', 'fr', 1)")
        db.execute(
            "INSERT INTO messages (chat_id, from_bot, date, text, entities)"
            " VALUES (7, 0, 1, 'bonjour docteur', '[]')"
        )
    for name in ("bot/pictures/ab/abcd", "gateway/files/photos/x.jpg"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes(b"JFIF of a lung")
    return folder


def planted_in(home: Path) -> list[bytes]:
    everything = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    return [each for each in PLANTED if each in everything]


async def test_all_of_it_is_there_and_none_of_it_can_be_read(home: Path) -> None:
    assert planted_in(home) == list(PLANTED)
    async with bot_store_at(home) as store:
        (person,) = await store.people.everyone()
        assert person.name == "Amina"
        assert await store.pictures.get("abcd") == b"JFIF of a lung"
    assert planted_in(home) == []
    with unlocked(home, None) as keyring:
        path = home / GATEWAY_DATABASE
        with closing(connect(path, keyring, Purpose.GATEWAY_DATABASE)) as db:
            assert db.execute("SELECT text FROM messages").fetchone()[0] == "bonjour docteur"
            assert db.execute("PRAGMA user_version").fetchone()[0] == 1
            assert db.execute("SELECT seq FROM sqlite_sequence").fetchone()[0] > 1_700_000_000
        photos = SealedFolder(home / GATEWAY_FILES, keyring)
        assert photos.read("photos/x.jpg") == b"JFIF of a lung"


@pytest.mark.parametrize("writes", range(5))
def test_cut_off_anywhere_it_goes_on_at_the_next_start(home: Path, writes: int) -> None:
    with cut_off_after(writes, "replace"), unlocked(home, None):
        pass
    with unlocked(home, None) as keyring:
        assert SealedFolder(home / PICTURES, keyring).read("ab/abcd") == b"JFIF of a lung"
    assert planted_in(home) == []


def test_an_older_edgerad_that_still_runs_on_the_folder_is_not_pulled_from_under(
    home: Path,
) -> None:
    with closing(dbapi2.connect(str(home / BOT_DATABASE), isolation_level=None)) as running:
        running.execute("PRAGMA journal_mode = WAL")
        running.execute("SELECT * FROM people").fetchone()
        with pytest.raises(InUse), unlocked(home, None):
            pass
        assert running.execute("SELECT name FROM people").fetchone() == ("Amina",)
    assert sqlcipher.is_plain(home / BOT_DATABASE)
