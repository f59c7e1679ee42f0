"""A backup is restored into a scratch folder before it counts, and put back by one command."""

import asyncio
import hashlib
import json
import os
import tarfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from bot.domain.audit import Actor
from bot.domain.ids import ChatId, UserId
from bot.domain.people import Role
from bot.settings import BotSettings
from bot.store import open_store
from deploy import databases, older_data
from deploy.backups.archive import ArchiveUnusable
from deploy.backups.backup import BackupFailed, back_up
from deploy.backups.restore import NotEmpty, NothingToFinish, finish, restore, verify
from gateway.store.store import database_file
from inference.contract import Language
from machine.clock import SystemClock
from storage.database import open_writer
from storage.epoch import EpochKeeper, EpochRecord
from storage.errors import StorageError
from storage.home import AlreadyRunning, Holder, RestoreCutOff, hold, problem
from storage.keys import Key, Keyring
from storage.layout import BOT_DATABASE, DATABASES, GATEWAY_DATABASE, PICTURES
from storage.opening import unlocked
from storage.sealed_folder import SealedFolder
from storage.sqlcipher import is_plain
from tests.cut_off import cut_off_after
from tests.keys import KEYRING
from tests.migration.test_bot_migrations import first_version

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NOW_AND_LATER = SystemClock().now() + timedelta(days=1)
MACHINE = Actor.at_the_machine()


class At:
    """A clock that is set by hand."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_text(KEYRING.as_text())
    return path


async def make_home(home: Path, key_file: Path, picture: bytes = b"a lung") -> Path:
    """A data folder with an invite, a chat's database, a picture, a token and a model."""
    with unlocked(home, key_file) as keyring:
        async with open_store(home, keyring, SystemClock()) as store:
            await store.people.create_invite(
                Role.SUPERVISOR, NOW + timedelta(days=1), by=Actor.at_the_machine()
            )
        open_writer(database_file(home / GATEWAY_DATABASE, keyring)).close()
        SealedFolder(home / PICTURES, keyring).add("ab/cd", BytesIO(picture))
    for name in ("secrets/bot_token", "models/medgemma/weights"):
        (home / name).parent.mkdir(parents=True)
        (home / name).write_bytes(b"kept")
    return home


@pytest.fixture
async def home(tmp_path: Path, key_file: Path) -> Path:
    return await make_home(tmp_path / "data", key_file)


@pytest.fixture
def archive(home: Path, key_file: Path, tmp_path: Path) -> Path:
    return back_up(home, tmp_path / "clinic.tar", key_file, clock=At(NOW)).archive


def picture_in(home: Path) -> bytes:
    return SealedFolder(home / PICTURES, KEYRING).read("ab/cd")


def test_a_backup_is_restored_into_a_new_folder(
    archive: Path, key_file: Path, tmp_path: Path
) -> None:
    summary = restore(archive, tmp_path / "new", key_file, NOW)
    assert summary.made_at == "2026-11-24 08:00 UTC"
    assert picture_in(tmp_path / "new") == b"a lung"
    for path in DATABASES:
        assert databases.check(tmp_path / "new", path, KEYRING) == "ok"
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert {path.name for path in (tmp_path / "new").iterdir()} == {
        *("bot", "epoch", "gateway", "secrets", "sealed-with", "locks")
    }


async def test_a_restored_backup_is_no_older_copy_and_who_was_revoked_since_stays_out(
    home: Path, key_file: Path, tmp_path: Path
) -> None:
    settings = BotSettings(_env_file=None, home=home, key_file=key_file)
    record = EpochRecord(home, KEYRING)
    async with open_store(home, KEYRING, SystemClock()) as store:
        code = await store.people.create_invite(Role.HEALTH_WORKER, NOW_AND_LATER, by=MACHINE)
        person = await store.people.redeem_invite(
            code,
            user_id=UserId(7),
            chat_id=ChatId(7),
            name="Amina",
            language=Language.ENGLISH,
            by=MACHINE,
        )
        keeper = EpochKeeper(record, BOT_DATABASE, store.epoch, lambda: 0.0)
        await keeper.step()
        archive = back_up(home, tmp_path / "older.tar", key_file).archive
        await store.people.revoke(person.user_id, by=MACHINE)
        record.put_revoked([person.user_id])
        await keeper.step()
    restore(archive, home, key_file, NOW, force=True)
    assert older_data.noticed(home, KEYRING) == []
    assert await asyncio.to_thread(older_data.revoke_after_restore, settings) == 1
    async with open_store(home, KEYRING, SystemClock()) as store:
        (found,) = await store.people.everyone()
        assert found.revoked_at is not None
        assert await EpochKeeper(record, BOT_DATABASE, store.epoch, lambda: 0.0).step() is None


def test_what_is_no_archive_is_said_before_anything_is_asked(
    home: Path, key_file: Path, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("Dear doctor")
    with pytest.raises(ArchiveUnusable, match=r"notes\.txt is no backup"):
        restore(notes, home, key_file, NOW)
    with pytest.raises(ArchiveUnusable, match="there is no such file"):
        restore(tmp_path / "gone.tar", home, key_file, NOW)


def test_cases_that_are_there_are_moved_aside_only_when_told_so_and_models_stay(
    archive: Path, home: Path, key_file: Path
) -> None:
    SealedFolder(home / PICTURES, KEYRING).add("ef/gh", BytesIO(b"of today"))
    with pytest.raises(NotEmpty, match="--force"):
        restore(archive, home, key_file, NOW)
    assert not (home / ".unpacking").exists()
    restore(archive, home, key_file, NOW, force=True)
    assert picture_in(home) == b"a lung"
    assert not (home / "bot/pictures/ef/gh").exists()
    assert (home / "before-restore-2026-11-24T080000Z/bot/pictures/ef/gh").exists()
    assert (home / "models/medgemma/weights").exists()


@pytest.mark.parametrize("holder", Holder)
def test_nothing_is_restored_under_a_running_system(
    archive: Path, home: Path, key_file: Path, holder: Holder
) -> None:
    with hold(home, holder), pytest.raises(AlreadyRunning):
        restore(archive, home, key_file, NOW, force=True)
    assert picture_in(home) == b"a lung"


@pytest.mark.parametrize("renames", range(9))
def test_cut_off_anywhere_it_has_changed_nothing_or_is_finished_later(
    archive: Path, home: Path, key_file: Path, renames: int
) -> None:
    with cut_off_after(renames, "rename"):
        restore(archive, home, key_file, NOW, force=True)
    if (home / ".restoring").exists():
        with pytest.raises(RestoreCutOff, match="restore --finish"), hold(home, Holder.BOT):
            pass
        assert "--finish" in problem(home)
        finish(home, NOW)
    else:
        assert not (home / ".unpacking").exists()
    assert picture_in(home) == b"a lung"
    for path in DATABASES:
        assert databases.check(home, path, KEYRING) == "ok"
    with hold(home, Holder.BOT):
        pass


def test_there_is_nothing_to_finish_where_nothing_was_cut_off(home: Path) -> None:
    with pytest.raises(NothingToFinish):
        finish(home, NOW)


def test_verifying_changes_nothing_and_says_what_an_archive_holds(
    archive: Path, home: Path, key_file: Path
) -> None:
    before = sorted(home.rglob("*"))
    words = verify(archive, key_file).in_words()
    assert "5 files" in words
    assert "2026-11-24 08:00 UTC" in words
    assert sorted(home.rglob("*")) == before


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_an_archive_that_was_cut_short_is_refused(archive: Path, key_file: Path, at: float) -> None:
    whole = archive.read_bytes()
    archive.write_bytes(whole[: int(len(whole) * at)])
    with pytest.raises(ArchiveUnusable):
        verify(archive, key_file)


def test_an_archive_with_a_flipped_byte_is_refused(archive: Path, key_file: Path) -> None:
    damaged = bytearray(archive.read_bytes())
    damaged[2048] ^= 1
    archive.write_bytes(damaged)
    with pytest.raises(ArchiveUnusable, match="does not read back"):
        verify(archive, key_file)


def test_a_tar_of_something_else_is_no_backup(tmp_path: Path, key_file: Path) -> None:
    (tmp_path / "holiday.jpg").touch()
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        tar.add(tmp_path / "holiday.jpg", "holiday.jpg")
    with pytest.raises(ArchiveUnusable, match="is no backup"):
        verify(tmp_path / "other.tar", key_file)


def test_an_archive_that_climbs_out_of_its_folder_is_refused(
    tmp_path: Path, key_file: Path
) -> None:
    with tarfile.open(tmp_path / "evil.tar", "w") as tar:
        tar.addfile(tarfile.TarInfo("../escaped"), BytesIO())
    with pytest.raises(ArchiveUnusable):
        verify(tmp_path / "evil.tar", key_file)
    assert not list(tmp_path.rglob("escaped"))


def with_another_entry(archive: Path, entry: tarfile.TarInfo, made: Path) -> Path:
    """An archive that lists an empty file, or a link, as one of its own."""
    with tarfile.open(archive) as tar, tarfile.open(made, "w") as target:
        for each in tar:
            content = (tar.extractfile(each) or BytesIO()).read()
            if each.name == "backup.json":
                listed = json.loads(content)
                if entry.isreg():
                    listed["files"][entry.name] = hashlib.sha256(b"").hexdigest()
                content = json.dumps(listed).encode()
                each.size = len(content)
            target.addfile(each, BytesIO(content))
        target.addfile(entry)
    return made


@pytest.mark.parametrize(
    "name", ["models/medgemma/weights", "locks/keys", ".restoring/x", "epoch/epoch"]
)
def test_an_archive_that_holds_more_than_a_backup_does_is_not_put_in_place(
    archive: Path, home: Path, key_file: Path, tmp_path: Path, name: str
) -> None:
    made = with_another_entry(archive, tarfile.TarInfo(name), tmp_path / "more.tar")
    with pytest.raises(ArchiveUnusable, match="it holds"):
        restore(made, home, key_file, NOW, force=True)
    assert picture_in(home) == b"a lung"
    assert not (home / "before-restore-2026-11-24T080000Z").exists()


@pytest.mark.parametrize("target", ["../bot/pictures", "/etc"])
def test_an_archive_with_a_link_is_refused(
    archive: Path, key_file: Path, tmp_path: Path, target: str
) -> None:
    """Whoever sweeps the files of chats would sweep elsewhere."""
    entry = tarfile.TarInfo("gateway/files")
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    with pytest.raises(ArchiveUnusable):
        verify(with_another_entry(archive, entry, tmp_path / "linked.tar"), key_file)


def test_what_is_restored_is_its_owners_alone_whatever_the_archive_says(
    archive: Path, tmp_path: Path, key_file: Path
) -> None:
    with tarfile.open(archive) as tar, tarfile.open(tmp_path / "open.tar", "w") as opened:
        for entry in tar:
            entry.mode = 0o777
            opened.addfile(entry, tar.extractfile(entry))
    restore(tmp_path / "open.tar", tmp_path / "new", key_file, NOW)
    assert (tmp_path / "new/secrets/bot_token").stat().st_mode & 0o777 == 0o600


def test_without_its_key_a_backup_is_not_put_in_place(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "other").write_text(Keyring((Key(bytes(32)),)).as_text())
    with pytest.raises(StorageError, match="EDGERAD_KEY_FILE"):
        restore(archive, tmp_path / "new", tmp_path / "other", NOW)
    assert not (tmp_path / "new" / "bot").exists()


async def test_a_backup_of_the_first_release_is_sealed_and_opened_by_this_one(
    tmp_path: Path, key_file: Path
) -> None:
    old = tmp_path / "old"
    first_version(old / BOT_DATABASE)
    (old / "backup.json").write_text(_first_manifest(old))
    with tarfile.open(tmp_path / "first.tar", "w") as tar:
        tar.add(old / BOT_DATABASE, "bot/bot.db")
        tar.add(old / "backup.json", "backup.json")
    home = await make_home(tmp_path / "data", key_file)
    restore(tmp_path / "first.tar", home, key_file, NOW, force=True)
    with unlocked(home, key_file) as keyring:
        assert not is_plain(home / BOT_DATABASE)
        async with open_store(home, keyring, SystemClock()) as store:
            assert [person.name for person in await store.people.everyone()] == ["Amina"]


def _first_manifest(old: Path) -> str:
    with closing(dbapi2.connect(str(old / BOT_DATABASE))) as database:
        database.execute("PRAGMA journal_mode = DELETE")
    digest = hashlib.sha256((old / BOT_DATABASE).read_bytes()).hexdigest()
    return json.dumps({"format": 1, "files": {"bot/bot.db": digest}})


def test_in_a_folder_the_newest_archives_are_kept_and_nothing_else_is_touched(
    home: Path, key_file: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "edgerad-notes.tar").touch()
    for day in range(4):
        back_up(home, stick, key_file, keep=2, clock=At(NOW + timedelta(days=day)))
    assert sorted(path.name for path in stick.iterdir()) == [
        "edgerad-2026-11-26T080000Z.tar",
        "edgerad-2026-11-27T080000Z.tar",
        "edgerad-notes.tar",
    ]


def test_a_clock_that_went_back_does_not_cost_the_backup_just_made(
    home: Path, key_file: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    back_up(home, stick, key_file, keep=1, clock=At(NOW))
    made = back_up(home, stick, key_file, keep=1, clock=At(datetime(1970, 1, 1, tzinfo=UTC)))
    assert list(stick.iterdir()) == [made.archive]


def test_keeping_some_archives_needs_a_folder(home: Path, key_file: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="needs a folder"):
        back_up(home, tmp_path / "clinic.tar", key_file, keep=2)


def test_a_full_disk_is_said_in_words_and_leaves_nothing_behind(
    home: Path, key_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(BackupFailed, match="the disk is full"):
            back_up(home, tmp_path / "clinic.tar", key_file)
    assert not list(tmp_path.glob("*clinic*")) + list(tmp_path.glob(".edgerad-*"))
