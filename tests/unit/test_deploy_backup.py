import stat
import tarfile
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from bot import store as bot_store
from deploy import databases
from deploy.backups import archive
from deploy.backups.archive import ArchiveUnusable
from deploy.backups.backup import BackupFailed, back_up
from gateway.store import store as gateway_store
from storage.database import open_writer
from storage.keys import Purpose
from storage.layout import BOT_DATABASE, DATABASES, FEATURES, GATEWAY_DATABASE, PICTURES, SECRETS
from storage.opening import unlocked
from storage.sealed_folder import SealedFolder
from storage.sqlcipher import connect
from tests.keys import KEYRING
from tests.unpacking import unpack


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder with a row committed only to the write-ahead log, a picture and a token."""
    folder = tmp_path / "data"
    for path in DATABASES:
        (folder / path).parent.mkdir(parents=True)
    SealedFolder(folder / PICTURES, KEYRING).add("ab/abcd", BytesIO(b"a picture"))
    SealedFolder(folder / FEATURES, KEYRING, Purpose.CACHE).add(
        "ef", BytesIO(b"what was seen of it")
    )
    token = folder / "secrets/bot_token"
    token.parent.mkdir()
    token.write_text("a token")
    return folder


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A key file that holds the tests' key."""
    path = tmp_path / "key"
    path.write_text(KEYRING.as_text())
    return path


@pytest.fixture
def in_use(home: Path) -> list[dbapi2.Connection]:
    """Both databases, open and written to, as by a serving system."""
    connections: list[dbapi2.Connection] = []
    chats = gateway_store.database_file(home / GATEWAY_DATABASE, KEYRING)
    for file in (bot_store.database_file(home, KEYRING), chats):
        connection = open_writer(file)
        connection.execute("CREATE TABLE written (code TEXT) STRICT")
        connection.execute("INSERT INTO written VALUES ('C-0001')")
        connections.append(connection)
    return connections


def test_a_backup_of_a_serving_system_holds_all_that_was_committed(
    home: Path, key_file: Path, in_use: list[dbapi2.Connection], tmp_path: Path
) -> None:
    in_use[0].execute("BEGIN IMMEDIATE")
    in_use[0].execute("INSERT INTO written VALUES ('C-0002')")  # not committed yet
    target, restored = tmp_path / "clinic.tar", tmp_path / "restored"

    summary = back_up(home, target, key_file)

    assert summary.files == 5
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    unpack(target, restored)
    for path in DATABASES:
        assert databases.check(restored, path, KEYRING) == "ok"
        with closing(connect(restored / path, KEYRING, DATABASES[path])) as copied:
            assert [row["code"] for row in copied.execute("SELECT * FROM written")] == ["C-0001"]
    assert SealedFolder(restored / PICTURES, KEYRING).read("ab/abcd") == b"a picture"
    assert not (restored / FEATURES).exists()  # it is made anew
    secrets = SealedFolder(restored / SECRETS, KEYRING, Purpose.SECRETS)
    assert secrets.read("bot_token") == b"a token"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "clinic.tar",
        "data",
        "key",
        "restored",
    ]


def test_an_archive_that_does_not_read_back_the_same_replaces_no_older_one(
    home: Path,
    key_file: Path,
    in_use: list[dbapi2.Connection],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = tmp_path / "clinic.tar"
    target.write_bytes(b"yesterday's")
    monkeypatch.setattr(archive, "_hash_of", lambda _path: "a hash of something else")
    with pytest.raises(ArchiveUnusable, match="does not read back"):
        back_up(home, target, key_file, force=True)
    assert target.read_bytes() == b"yesterday's"
    assert not list(tmp_path.glob(".edgerad-backup-*"))


def test_a_damaged_database_is_no_backup(
    home: Path, key_file: Path, in_use: list[dbapi2.Connection], tmp_path: Path
) -> None:
    with unlocked(home, key_file):
        pass
    for connection in in_use:
        connection.close()
    (home / BOT_DATABASE).write_bytes(b"this is no database" * 1000)
    with pytest.raises(BackupFailed, match="it is damaged"):
        back_up(home, tmp_path / "clinic.tar", key_file)


def test_an_empty_folder_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="nothing to back up"):
        back_up(tmp_path / "nowhere", tmp_path / "clinic.tar")


def test_a_target_that_cannot_be_written_is_said_in_words(
    home: Path, key_file: Path, in_use: list[dbapi2.Connection], tmp_path: Path
) -> None:
    with pytest.raises(BackupFailed, match="Is the disk connected"):
        back_up(home, tmp_path / "no such stick" / "clinic.tar", key_file)


def test_an_archive_that_is_there_is_replaced_only_when_told_so(
    home: Path, key_file: Path, in_use: list[dbapi2.Connection], tmp_path: Path
) -> None:
    target = tmp_path / "clinic.tar"
    target.write_bytes(b"yesterday's")
    with pytest.raises(BackupFailed, match="--force"):
        back_up(home, target, key_file)
    assert target.read_bytes() == b"yesterday's"
    back_up(home, target, key_file, force=True)
    assert tarfile.is_tarfile(target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
