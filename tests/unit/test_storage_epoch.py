"""The record of the newest data: what passes for it, and what is taken for an older copy."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from storage.epoch import Epoch, EpochKeeper, EpochRecord, Finding, Why
from storage.errors import Damaged
from storage.keys import Keyring, Purpose
from storage.layout import BOT_DATABASE, GATEWAY_DATABASE, Layout
from storage.opening import seal_all
from storage.sealed_folder import SealedFolder
from storage.signals import Signals
from storage.sqlcipher import connect, reseal
from storage.testing import MemoryDatabase
from tests.keys import KEYRING

NOW = 1_780_000_000.0


@pytest.fixture
def record(tmp_path: Path) -> EpochRecord:
    return EpochRecord(tmp_path, KEYRING)


def judged(record: EpochRecord, held: int, path: Path = BOT_DATABASE) -> list[Why]:
    return [finding.why for finding in record.judge(lambda: {path: held}, NOW)]


def stepped(record: EpochRecord, held: int = 0, path: Path = BOT_DATABASE) -> int:
    number, _ = record.begin(path, held, NOW)
    record.settle(path)
    return number


def test_a_new_folder_and_one_of_release_0_1_are_taken_as_they_are(record: EpochRecord) -> None:
    assert judged(record, 0) == []
    assert stepped(record) > 0
    assert judged(record, 0, GATEWAY_DATABASE) == [], "the other part starts a moment later"


def test_a_step_goes_up_and_whatever_was_before_it_is_older(record: EpochRecord) -> None:
    first = stepped(record)
    second = stepped(record, first)
    assert second > first
    assert judged(record, second) == []
    assert judged(record, first) == judged(record, 0) == [Why.OLDER]
    assert judged(record, second + 1) == [Why.OTHER]
    assert record.findings() == [], "judging changes nothing"


def test_a_crash_between_record_and_database_is_no_older_copy_however_often(
    record: EpochRecord,
) -> None:
    held = stepped(record)
    for _ in range(3):  # begun, and the power went before the database had it
        _, finding = record.begin(BOT_DATABASE, held, NOW)
        assert finding is None
    held, finding = record.begin(BOT_DATABASE, held, NOW)
    assert finding is None
    assert judged(record, held) == []  # and now the database has it, and the record is not settled
    assert judged(record, stepped(record, held)) == []


def test_the_databases_of_two_folders_with_one_key_have_different_numbers(tmp_path: Path) -> None:
    numbers = {stepped(EpochRecord(tmp_path / str(each), KEYRING)) for each in range(3)}
    assert len(numbers) > 1


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b"{}"),
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: shutil.rmtree(path.parent),
    ],
    ids=["removed", "forged", "cut", "folder removed"],
)
def test_a_record_that_is_gone_or_damaged_makes_every_database_unknown(
    tmp_path: Path, record: EpochRecord, harm: Callable[[Path], None]
) -> None:
    held = stepped(record)
    harm(Layout(tmp_path).epoch / "epoch")
    assert judged(record, held) == [Why.UNKNOWN]
    _, finding = record.begin(BOT_DATABASE, held, NOW)
    assert finding == Finding(database="bot/bot.db", why=Why.UNKNOWN, at=NOW)
    assert record.findings() == [finding]
    record.accept()
    assert record.findings() == []


async def test_a_part_says_what_it_finds_and_goes_on_from_there(
    record: EpochRecord, caplog: pytest.LogCaptureFixture
) -> None:
    async with MemoryDatabase((), Signals()) as database:
        epoch = Epoch(database)
        keeper = EpochKeeper(record, BOT_DATABASE, epoch, lambda: NOW)
        assert await keeper.step() is None
        await epoch.put(await epoch.get() - 1)
        finding = await keeper.step()
        assert finding is not None
        assert finding.why is Why.OLDER
        assert "bot/bot.db is older than EdgeRad's sealed record" in caplog.text
        assert await keeper.step() is None


async def test_a_full_disk_keeps_no_part_from_serving(
    record: EpochRecord, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async with MemoryDatabase((), Signals()) as database:
        keeper = EpochKeeper(record, BOT_DATABASE, Epoch(database), lambda: NOW)
        with monkeypatch.context() as patch:
            patch.setattr(SealedFolder, "put", full)
            await keeper.try_step()
        assert "was not kept: OSError" in caplog.text
        assert await keeper.step() is None, "nor is it taken for an older copy afterwards"


def test_whose_access_was_taken_away_is_known_without_the_database(record: EpochRecord) -> None:
    assert record.revoked() == frozenset()
    record.put_revoked([7, 3])
    stepped(record)
    assert record.revoked() == {3, 7}


def test_the_record_follows_a_change_of_the_key(tmp_path: Path, record: EpochRecord) -> None:
    held = stepped(record)
    rotated = KEYRING.with_new_key()
    seal_all(tmp_path, rotated)
    alone = Keyring(rotated.keys[:1])
    assert judged(EpochRecord(tmp_path, alone), held) == []
    with pytest.raises(Damaged):
        SealedFolder(Layout(tmp_path).epoch, KEYRING, Purpose.EPOCH).read("epoch")


def test_a_database_keeps_its_number_when_it_is_copied_or_sealed_anew(tmp_path: Path) -> None:
    path, copy = tmp_path / "bot.db", tmp_path / "copy.db"
    with closing(connect(path, KEYRING, Purpose.BOT_DATABASE)) as database:
        database.execute("CREATE TABLE t (x TEXT) STRICT")
        database.execute("PRAGMA application_id = 77")
        database.execute("VACUUM INTO ?", (str(copy),))
    rotated = KEYRING.with_new_key()
    reseal(path, rotated, Purpose.BOT_DATABASE)
    for file in (path, copy):
        with closing(connect(file, rotated, Purpose.BOT_DATABASE)) as database:
            assert database.execute("PRAGMA application_id").fetchone()[0] == 77
