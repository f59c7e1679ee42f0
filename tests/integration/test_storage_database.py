"""The database with cancelled callers, beside other processes, and on files of other releases."""

import asyncio
import inspect
import multiprocessing
import random
import threading
from collections.abc import Hashable, Iterable
from contextlib import closing
from functools import partial
from pathlib import Path

import aiosqlite
import pytest
from sqlcipher3 import dbapi2
from typing_extensions import override

from machine.faults import in_words
from storage.database import Database, DatabaseFile, Transaction, open_writer
from storage.errors import NewerDatabase
from storage.keys import Purpose
from storage.migrations import migrate, scripts_of
from storage.signals import Signals
from tests.keys import KEYRING

MIGRATIONS = (
    "CREATE TABLE halves (writer INTEGER, half INTEGER, PRIMARY KEY (writer, half)) STRICT;",
)
WRITERS = 1000


def file_at(path: Path, *more: str) -> DatabaseFile:
    return DatabaseFile(
        path=path,
        keyring=KEYRING,
        purpose=Purpose.BOT_DATABASE,
        migrations=(*MIGRATIONS, *more),
    )


def write_both_halves(tx: Transaction, writer: int) -> int:
    for half in (1, 2):
        tx.run("INSERT INTO halves VALUES (:writer, :half)", writer=writer, half=half)
    tx.signal(writer)
    return writer


async def test_writers_cancelled_at_random_leave_whole_commits_each_with_its_signal(
    tmp_path: Path,
) -> None:
    """Whether a write was under way, or had not begun, when its caller was cancelled."""
    dice = random.Random(7)  # noqa: S311
    signalled: set[Hashable] = set()

    class Recorded(Signals):
        @override
        def send(self, topics: Iterable[Hashable]) -> None:
            signalled.update(topics)

    async with Database(file_at(tmp_path / "x.db"), Recorded()) as database:
        waits: list[float] = []
        done = asyncio.Event()

        async def read_meanwhile() -> None:
            loop = asyncio.get_running_loop()
            while not done.is_set():
                begun = loop.time()
                await database.read(lambda tx: tx.one("SELECT count(*) FROM halves"))
                waits.append(loop.time() - begun)

        async def write(writer: int) -> None:
            way = database.write if writer % 10 == 0 else database.note
            assert await way(lambda tx: write_both_halves(tx, writer)) == writer

        async with asyncio.TaskGroup() as group:
            reader = group.create_task(read_meanwhile())
            writers = [asyncio.create_task(write(n)) for n in range(WRITERS)]  # noqa: TID251
            for task in dice.sample(writers, WRITERS // 2):
                await asyncio.sleep(dice.choice((0, 0, 0.0005)))
                task.cancel()
            ends = await asyncio.gather(*writers, return_exceptions=True)
            done.set()
            await reader
        cancelled = [end for end in ends if isinstance(end, asyncio.CancelledError)]
        assert cancelled
        assert len(cancelled) + sum(end is None for end in ends) == WRITERS
    # closing waited for the cancelled ones that were begun
    connection = open_writer(file_at(tmp_path / "x.db"))
    assert not connection.in_transaction
    counts = connection.execute("SELECT writer, count(*) FROM halves GROUP BY writer").fetchall()
    connection.close()
    assert {halves for _, halves in counts} == {2}
    assert {writer for writer, _ in counts} == signalled
    assert len(counts) >= WRITERS - len(cancelled)
    assert waits


async def test_a_write_that_fails_when_its_caller_has_gone_is_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """By its kind alone: what it says may quote a patient's data."""
    begun, gone = threading.Event(), threading.Event()

    def fail(_tx: Transaction) -> None:
        begun.set()
        gone.wait()
        raise dbapi2.OperationalError("Okafor's disk is full")

    async with Database(file_at(tmp_path / "x.db"), Signals()) as database:
        async with asyncio.TaskGroup() as group:
            writing = group.create_task(database.write(fail))
            await asyncio.to_thread(begun.wait)
            writing.cancel()
        gone.set()
        await database.read(lambda tx: tx.one("SELECT count(*) FROM halves"))
    (record,) = (record for record in caplog.records if record.name == "storage.database")
    assert record.getMessage() == "the database failed for a task that has ended: OperationalError"
    assert "Okafor" not in caplog.text


async def test_a_reader_never_waits_for_a_writer(tmp_path: Path) -> None:
    """The writer is in the middle of its transaction, and stays there until the read is done."""
    in_the_middle, read = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(tx: Transaction) -> None:
        write_both_halves(tx, 1)
        loop.call_soon_threadsafe(in_the_middle.set)
        asyncio.run_coroutine_threadsafe(read.wait(), loop).result(timeout=60)

    async with (
        Database(file_at(tmp_path / "x.db"), Signals()) as database,
        asyncio.TaskGroup() as group,
    ):
        group.create_task(database.write(slow))
        await in_the_middle.wait()
        row = await database.read(lambda tx: tx.one("SELECT count(*) AS n FROM halves"))
        assert row is not None
        assert row["n"] == 0
        read.set()


async def test_a_signal_is_sent_although_the_caller_was_cancelled(tmp_path: Path) -> None:
    async with Database(file_at(tmp_path / "x.db"), Signals()) as database:
        with database.signals.listen(5) as listener:
            task = asyncio.create_task(  # noqa: TID251
                database.write(lambda tx: write_both_halves(tx, 5))
            )
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await listener.wait(60)


async def test_a_write_that_is_cancelled_in_the_middle_is_whole(tmp_path: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work(tx: Transaction) -> None:
        tx.run("INSERT INTO halves VALUES (1, 1)")
        begun.set()
        go_on.wait(60)
        tx.run("INSERT INTO halves VALUES (1, 2)")
        tx.signal(1)

    async with Database(file_at(tmp_path / "x.db"), Signals()) as database:
        with database.signals.listen(1) as listener:
            async with asyncio.TaskGroup() as group:
                request = group.create_task(database.write(work))
                await asyncio.to_thread(begun.wait, 60)
                request.cancel()
            go_on.set()
            assert await listener.wait(60)
        assert len(await database.read(lambda tx: tx.all("SELECT * FROM halves"))) == 2


async def test_a_write_beside_a_cut_of_the_log_is_stored(tmp_path: Path) -> None:
    """What is forgotten leaves SQLite's log last of all; others write right behind that."""
    async with Database(file_at(tmp_path / "x.db"), Signals()) as database:
        for n in range(20):
            await asyncio.gather(
                database.empty_log(),
                database.write(partial(write_both_halves, writer=n)),
            )
        assert len(await database.read(lambda tx: tx.all("SELECT * FROM halves"))) == 40


async def test_a_cancelled_write_that_has_not_begun_is_done_before_the_file_is_closed(
    tmp_path: Path,
) -> None:
    async with Database(file_at(tmp_path / "x.db"), Signals()) as database:
        tasks = [
            asyncio.create_task(database.write(lambda tx, n=n: write_both_halves(tx, n)))  # type: ignore[misc]  # noqa: TID251
            for n in range(20)
        ]
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
    assert all(task.cancelled() for task in tasks)
    connection = open_writer(file_at(tmp_path / "x.db"))
    (halves,) = connection.execute("SELECT count(*) FROM halves").fetchone()
    connection.close()
    assert halves == 40


def test_aiosqlite_still_has_the_private_names_that_the_database_stands_on() -> None:
    """Pinned below 0.23: whoever lifts the pin learns here what to look at."""
    assert isinstance(inspect.getattr_static(aiosqlite.Connection, "_conn"), property)
    assert inspect.iscoroutinefunction(aiosqlite.Connection._execute)


async def test_a_file_of_a_newer_release_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    open_writer(file_at(path, "CREATE TABLE later (n INTEGER) STRICT;")).close()
    before = path.read_bytes()
    with pytest.raises(NewerDatabase) as refused:
        async with Database(file_at(path), Signals()):
            pass
    assert "newer release" in (in_words(refused.value) or "")
    assert path.read_bytes() == before


def _open(path: Path) -> None:
    open_writer(
        file_at(path, *(f"CREATE TABLE t{n} (n INTEGER) STRICT;" for n in range(30)))
    ).close()


def test_processes_that_migrate_at_the_same_time_agree(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    processes = [
        multiprocessing.get_context("fork").Process(target=_open, args=(path,)) for _ in "1234"
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]


def test_migrating_twice_is_migrating_once() -> None:
    with closing(dbapi2.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, MIGRATIONS)
        before = connection.execute("SELECT sql FROM sqlite_schema").fetchall()
        migrate(connection, MIGRATIONS)
        assert connection.execute("SELECT sql FROM sqlite_schema").fetchall() == before


def test_a_migration_that_fails_leaves_the_version_before_it(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with pytest.raises(dbapi2.OperationalError):
        open_writer(file_at(path, "CREATE TABLE fine (n INTEGER) STRICT; CREATE TABLE halves (n);"))
    connection = open_writer(file_at(path, "CREATE TABLE fine (n INTEGER) STRICT;"))
    assert connection.execute("PRAGMA user_version").fetchone()[0] == 2
    connection.close()


@pytest.mark.parametrize("package", ["bot.store", "gateway.store"])
def test_both_stores_number_their_migrations_without_a_gap(package: str) -> None:
    assert all(script.rstrip().endswith(";") for script in scripts_of(package))


async def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    open_writer(file_at(path)).close()
    path.write_bytes(path.read_bytes()[:16] + b"\xff" * 8192)
    with pytest.raises(dbapi2.DatabaseError) as damaged:
        async with Database(file_at(path), Signals()):
            pass
    assert str(path) in str(getattr(damaged.value, "__notes__", ()))
