"""What is stored is whole: commits, rings, cancellation, migrations, tokens."""

import asyncio
import sqlite3
import threading
from pathlib import Path
from typing import cast

import pytest
from sqlcipher3 import dbapi2

from gateway.schemas.records import Document, Draft, FileId, StoredFile
from gateway.store import schema
from gateway.store.bells import Bells, Fleeting
from gateway.store.database import Database, Transaction
from gateway.store.people import SESSION_IDLE_S, SESSION_S
from gateway.store.store import EVENTS_KEPT_S, Store
from tests.gateway_store import Time
from tests.keys import KEYRING

FILM = Document(
    file_id=FileId("f"), file_unique_id="u", file_name="x", mime_type="image/jpeg", file_size=3
)


async def test_a_unit_of_work_that_fails_leaves_nothing(tmp_path: Path, time: Time) -> None:
    def work(tx: Transaction) -> None:
        tx.run(
            "INSERT INTO people (name, joined_at) VALUES ('x', :now)",
            now=tx.now,
        )
        raise RuntimeError

    async with Database(tmp_path / "gateway.db", KEYRING, Bells(), time) as database:
        with pytest.raises(RuntimeError):
            await database.write(work)
        rows = await database.read(lambda tx: tx.run("SELECT * FROM people").fetchall())
    assert rows == []


async def test_a_message_that_comes_in_while_the_log_is_cut_is_stored(
    tmp_path: Path, time: Time
) -> None:
    """What is forgotten leaves SQLite's log last of all; others write right behind that."""

    def work(tx: Transaction) -> None:
        tx.run("INSERT INTO people (name, joined_at) VALUES ('x', :now)", now=tx.now)

    async with Database(tmp_path / "gateway.db", KEYRING, Bells(), time) as database:
        for _ in range(20):
            await asyncio.gather(database.empty_log(), database.write(work))
        (row,) = await database.read(
            lambda tx: tx.run("SELECT count(*) AS n FROM people").fetchall()
        )
    assert row["n"] == 20


async def test_a_request_that_is_cancelled_leaves_a_whole_transaction(
    tmp_path: Path, time: Time
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work(tx: Transaction) -> None:
        tx.run(
            "INSERT INTO people (user_id, name, joined_at) VALUES (1, 'one', :now)",
            now=tx.now,
        )
        begun.set()
        go_on.wait(10)
        tx.run(
            "INSERT INTO people (user_id, name, joined_at) VALUES (2, 'two', :now)",
            now=tx.now,
        )
        tx.touch("updates")

    bells = Bells()
    async with Database(tmp_path / "gateway.db", KEYRING, bells, time) as database:
        with bells.listen("updates") as listener:
            async with asyncio.TaskGroup() as group:
                request = group.create_task(database.write(work))
                await asyncio.to_thread(begun.wait, 10)
                request.cancel()
            go_on.set()
            assert await listener.wait(10)
        names = await database.read(lambda tx: [r["name"] for r in tx.run("SELECT * FROM people")])
    assert names == ["one", "two"]


async def test_a_listener_that_is_rung_before_it_waits_is_woken(store: Store) -> None:
    with store.bells.listen("updates") as listener:
        await store.join("Ama", None, b"hash", "code")
        assert await listener.wait(10)
        assert not await listener.wait(0)


async def test_a_fleeting_event_is_for_who_listens_now(store: Store) -> None:
    person = await store.join("Ama", None, b"hash", "code")
    early = Fleeting(kind="action", body={})
    store.bells.tell(person.chat_id, early)
    with store.bells.listen(person.chat_id) as listener:
        late = Fleeting(kind="answer", body={})
        store.bells.tell(person.chat_id, late)
        assert list(listener.fleeting) == [late]


async def test_people_get_ids_that_a_lost_database_does_not_hand_out_again(store: Store) -> None:
    people = [await store.join("x", None, bytes([n]), "code") for n in range(20)]
    assert len({p.user_id for p in people}) == 20
    assert max(p.user_id for p in people) - min(p.user_id for p in people) > 10**9


async def test_update_ids_start_from_the_clock(store: Store) -> None:
    await store.join("Ama", None, b"hash", "code")
    (update,) = await store.updates.pending(10)
    assert cast("int", update["update_id"]) > 1_700_000_000


async def test_many_edits_leave_one_event_and_old_events_are_forgotten(
    store: Store, time: Time
) -> None:
    person = await store.join("Ama", None, b"hash", "code")
    (sent,) = await store.send(person, [Draft(text="0")])
    for number in range(5):
        draft = Draft(text=str(number + 1))
        await store.change(person.chat_id, sent.message_id, lambda _, draft=draft: draft)  # type: ignore[misc]  # a default binds the loop's value
    events = await store.events_after(person, 0)
    assert [(e.kind, e.message and e.message.text) for e in events][1:] == [
        ("message", "5"),
        ("edited", "5"),
    ]
    time.now += EVENTS_KEPT_S + 1
    await store.forget_old()
    assert await store.events_after(person, 0) == []
    await store.send(person, [Draft(text="after")])
    assert (await store.events_after(person, 0))[0].event_id > events[-1].event_id


async def test_events_of_many_messages_that_are_gone_hide_none_that_come_after(
    store: Store,
) -> None:
    person = await store.join("Ama", None, b"hash", "code")
    begun = await store.newest_event_id(person)
    gone = await store.send(person, [Draft(text="gone")] * 250)
    await store.send(person, [Draft(text="here")])
    await store.delete(person.chat_id, [message.message_id for message in gone])
    events = await store.events_after(person, begun)
    assert [event.kind for event in events] == ["message", "deleted"]


async def test_whoever_was_never_let_in_is_forgotten_with_all_that_they_sent(
    store: Store, time: Time
) -> None:
    """And nobody else: not who may come back, was let in once, or is named in a group."""
    stranger, revoked, waiting, grouped, idle = [
        await store.join(name, None, name.encode(), "code")
        for name in ("stranger", "revoked", "waiting", "grouped", "idle")
    ]
    film = StoredFile(file_id=FILM.file_id, file_unique_id="u", path="p", size_bytes=3, media=FILM)
    await store.receive(stranger, "1", [Draft(text="let me in", document=FILM)], [film])
    await store.let_in(revoked)
    await store.shut_out(revoked)
    ward = await store.groups.create("Ward 7")
    await store.groups.add(ward, [grouped])
    await store.updates.drop()
    await store.receive(waiting, "1", [Draft(text="is the bot away?")])
    time.now += SESSION_IDLE_S - 60
    assert await store.sessions.find(b"idle") is not None
    time.now += 60

    assert await store.forget_old() == [film]

    known = [await store.person(p.chat_id) for p in (stranger, revoked, waiting, grouped, idle)]
    assert [person and person.name for person in known] == [
        *(None, "revoked", "waiting", "grouped", "idle")
    ]
    assert await store.newest_messages(stranger, 10) == []
    assert await store.files.paths() == frozenset()
    assert await store.person(ward.chat_id) is not None


async def test_a_session_ends_when_the_phone_was_silent_too_long(store: Store, time: Time) -> None:
    await store.join("Ama", None, b"hash", "code")
    for _ in range(3):
        time.now += SESSION_IDLE_S - 1
        assert await store.sessions.find(b"hash") is not None
    time.now += SESSION_IDLE_S + 1
    assert await store.sessions.find(b"hash") is None


async def test_a_session_ends_after_a_year_however_busy_it_was(store: Store, time: Time) -> None:
    await store.join("Ama", None, b"hash", "code")
    for _ in range(SESSION_S // SESSION_IDLE_S):
        time.now += SESSION_IDLE_S - 1
        assert await store.sessions.find(b"hash") is not None
    time.now += SESSION_IDLE_S - 1
    assert await store.sessions.find(b"hash") is None


async def test_a_phones_language_chooses_its_commands(store: Store) -> None:
    person = await store.join("Ama", "fr-CI", b"hash", "code")
    assert await store.commands.offered_to(person) == ()
    assert person.language_code == "fr-CI"


def connect(path: Path) -> sqlite3.Connection:
    return cast("sqlite3.Connection", dbapi2.connect(str(path), isolation_level=None))


def test_a_migration_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = cast(
        "sqlite3.Connection", dbapi2.connect(str(tmp_path / "x.db"), isolation_level=None)
    )
    schema.migrate(connection)
    monkeypatch.setattr(
        schema, "MIGRATIONS", (*schema.MIGRATIONS, "CREATE TABLE extra (x) STRICT; nonsense;")
    )
    with pytest.raises(dbapi2.Error):
        schema.migrate(connection)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(schema.MIGRATIONS) - 1,)
    assert connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'extra'").fetchone() is None
    connection.close()


def test_migrating_twice_is_migrating_once(tmp_path: Path) -> None:
    connection = cast(
        "sqlite3.Connection", dbapi2.connect(str(tmp_path / "x.db"), isolation_level=None)
    )
    schema.migrate(connection)
    before = connection.execute("SELECT sql FROM sqlite_schema").fetchall()
    schema.migrate(connection)
    assert connection.execute("SELECT sql FROM sqlite_schema").fetchall() == before
    connection.close()
