"""What a database promises the stores: the real one and the one in memory pass the same tests."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from storage.database import Database, DatabaseFile, Transaction
from storage.keys import Purpose
from storage.signals import Signals
from storage.testing import MemoryDatabase
from tests.keys import KEYRING

MIGRATIONS = (
    "CREATE TABLE films (name TEXT PRIMARY KEY) STRICT;",
    """
    CREATE TABLE readings (name TEXT NOT NULL REFERENCES films) STRICT;
    CREATE TRIGGER no_change BEFORE UPDATE ON readings BEGIN
        SELECT raise(ABORT, 'never'); SELECT 1;
    END;
    """,
)
NOW = 1_764_000_000.5


@pytest.fixture(params=["on the disk", "in memory"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    def clock() -> float:
        return NOW

    file = DatabaseFile(
        path=tmp_path / "bot" / "x.db",
        keyring=KEYRING,
        purpose=Purpose.BOT_DATABASE,
        migrations=MIGRATIONS,
    )
    on_disk = request.param == "on the disk"
    made = (
        Database(file, Signals(), clock)
        if on_disk
        else MemoryDatabase(MIGRATIONS, Signals(), clock)
    )
    async with made as database:
        yield database


def names(tx: Transaction) -> list[str]:
    return [row["name"] for row in tx.all("SELECT name FROM films ORDER BY name")]


@pytest.mark.parametrize("way", ["write", "note"])
async def test_what_a_transaction_wrote_is_read_afterwards(database: Database, way: str) -> None:
    def work(tx: Transaction) -> float:
        tx.run("INSERT INTO films VALUES (:name)", name="PA")
        tx.run_many("INSERT INTO films VALUES (:name)", [{"name": "LATERAL"}])
        return tx.now

    assert await getattr(database, way)(work) == NOW
    assert await database.read(names) == ["LATERAL", "PA"]


async def test_a_transaction_that_raises_changes_nothing_and_signals_nothing(
    database: Database,
) -> None:
    def work(tx: Transaction) -> None:
        tx.run("INSERT INTO films VALUES (:name)", name="PA")
        tx.signal("films")
        raise LookupError

    with database.signals.listen("films") as films:
        with pytest.raises(LookupError):
            await database.write(work)
        assert not await films.wait(0.05)
    assert await database.read(names) == []


async def test_a_signal_comes_once_its_transaction_is_committed(database: Database) -> None:
    def work(tx: Transaction) -> None:
        tx.run("INSERT INTO films VALUES (:name)", name="PA")
        tx.signal("films", "queue")

    with (
        database.signals.listen("films") as films,
        database.signals.listen("queue", "others") as queue,
        database.signals.listen("others") as others,
    ):
        await database.write(work)
        assert await films.wait(10)
        assert await queue.wait(10)
        assert not await others.wait(0.01)
        assert not await films.wait(0.01)


async def test_a_signal_between_two_looks_is_not_lost(database: Database) -> None:
    with database.signals.listen("films") as films:
        await database.write(lambda tx: tx.signal("films"))
        await asyncio.sleep(0)
        assert await films.wait(10)


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(dbapi2.OperationalError):
        await database.read(lambda tx: tx.run("INSERT INTO films VALUES ('PA')"))
    assert await database.read(names) == []
    await database.write(lambda tx: tx.run("INSERT INTO films VALUES ('PA')"))


async def test_foreign_keys_and_triggers_hold(database: Database) -> None:
    with pytest.raises(dbapi2.IntegrityError):
        await database.write(lambda tx: tx.run("INSERT INTO readings VALUES ('none')"))
    await database.write(lambda tx: tx.run("INSERT INTO films VALUES ('PA')"))
    await database.write(lambda tx: tx.run("INSERT INTO readings VALUES ('PA')"))
    with pytest.raises(dbapi2.IntegrityError, match="never"):
        await database.write(lambda tx: tx.run("UPDATE readings SET name = 'PA'"))


async def test_one_row_or_none_is_found(database: Database) -> None:
    query = "SELECT name FROM films WHERE name = :name"
    assert await database.read(lambda tx: tx.one(query, name="PA")) is None
    await database.write(lambda tx: tx.run("INSERT INTO films VALUES ('PA')"))
    row = await database.read(lambda tx: tx.one(query, name="PA"))
    assert row is not None
    assert row["name"] == "PA"


async def test_the_log_can_be_emptied_between_transactions(database: Database) -> None:
    await database.write(lambda tx: tx.run("INSERT INTO films VALUES ('PA')"))
    await database.empty_log()
    assert await database.read(names) == ["PA"]
