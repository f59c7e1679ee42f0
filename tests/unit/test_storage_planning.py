"""Statements are planned once: SQLite asks its authorizer while it plans, not while it runs."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from gateway.schemas.records import Draft
from gateway.store import messages
from machine.project import PROJECT_ROOT
from storage.database import Database, Transaction
from tests.gateway_store import Time, chats_at, joined_session

_BARE_LIMIT = re.compile(r"LIMIT :\w+(?! \+ 0)\b")


async def planned(database: Database, work: Callable[[], Awaitable[object]]) -> int:
    """How often SQLite asks about something that it plans, while the work is done."""
    asked = []

    def allow(*about: object) -> int:
        asked.append(about)
        return int(dbapi2.SQLITE_OK)

    def watch(tx: Transaction) -> None:
        tx._connection.set_authorizer(allow)  # forgets all plans

    await database.read(watch)
    await database.write(watch)
    await work()  # plans what it needs
    asked.clear()
    await work()
    return len(asked)


async def test_what_a_gateway_does_all_day_is_planned_once_whatever_the_limits(
    tmp_path: Path,
) -> None:
    limits = iter(range(1, 100))

    async with chats_at(tmp_path / "x.db", Time()) as store:
        person = (await joined_session(store)).person

        async def a_message_on_its_way() -> None:
            session = await store.sessions.find(b"hash")
            assert session is not None
            await store.receive(session, str(next(limits)), [Draft(text="cough")])
            (sent,) = await store.send(person, [Draft(text="Findings: none")])
            await store.newest_messages(person, next(limits), sent.message_id)
            await store.messages_after(person, 0, next(limits))
            await store.events_after(session, sent.message_id)
            await store.updates.pending(next(limits))

        assert await planned(store.database, a_message_on_its_way) == 0


async def test_no_edit_and_no_forgetting_reads_the_events_of_everybody(tmp_path: Path) -> None:
    """Only events of edits are indexed by their message: a message is stored more often."""
    said: list[str] = []

    def plans(tx: Transaction) -> list[str]:
        asked = [statement for statement in said if statement.startswith("DELETE FROM events")]
        return [
            " ".join(row["detail"] for row in tx.all(f"EXPLAIN QUERY PLAN {statement}"))
            for statement in asked
        ]

    async with chats_at(tmp_path / "x.db", Time()) as store:
        person = (await joined_session(store)).person
        (sent,) = await store.send(person, [Draft(text="1")])
        await store.database.write(lambda tx: tx._connection.set_trace_callback(said.append))
        await store.change(person.chat_id, sent.message_id, lambda _: Draft(text="2"))
        await store.database.write(lambda tx: messages.forget(tx, [sent.message_id]))
        edit, forgetting = await store.database.write(plans)
    assert "INDEX edits_of_message" in edit
    assert "events_of_chat (chat_id=?)" in forgetting


@pytest.mark.parametrize("folder", ["bot/store", "gateway/store"])
def test_no_query_has_a_limit_that_is_planned_anew_each_time(folder: str) -> None:
    for module in (PROJECT_ROOT / folder).glob("*.py"):
        assert not _BARE_LIMIT.search(module.read_text()), module
