"""What is stored is damaged, gone, or half made: the doctor finds it, and the rest is served."""

from contextlib import closing
from pathlib import Path

import pytest

from deploy.doctor.checks import Level
from deploy.doctor.examination import check_database, check_pictures
from storage.keys import Purpose
from storage.layout import BOT_DATABASE, PICTURES
from storage.opening import unlocked
from storage.sqlcipher import connect
from tests.faults.conftest import Note
from tests.faults.damage import flip_byte
from tests.faults.films import film
from tests.faults.ledger import replies, whole_chat
from tests.faults.rig import Rig, rigged
from tests.keys import bot_store_at

ROOM = "What is stored is damaged"

PAGE_BYTES = 4096
DAMAGE = {"gone": Path.unlink, "changed by one byte": flip_byte}


@pytest.mark.parametrize("damage", DAMAGE)
async def test_a_picture_that_cannot_be_read_is_found_and_the_rest_is_served(
    tmp_path: Path, note: Note, damage: str
) -> None:
    async with rigged(tmp_path) as rig:
        # Given a case that waits behind another
        held = tmp_path / "held"
        held.touch()
        rig.always("bot", held=str(held))
        await rig.start()
        phone = await rig.phone()
        await rig.ledger.send(phone, film(0))
        await rig.reading_begun()
        waiting = await rig.ledger.send(phone, film(1))
        # When its picture is damaged
        file, code = await _picture_of_newest_case(rig)
        DAMAGE[damage](file)
        held.unlink()
        await rig.ledger.send(phone, film(2))
        # Then it is given up in words, the others are answered, and the doctor knows
        await rig.ledger.balance(failing=[waiting["message_id"]])
        said = replies(await whole_chat(phone), waiting["message_id"])
        assert any("could not be read" in text for text in said)
        with unlocked(rig.home, None) as keyring:
            line = check_pictures(rig.home, keyring)
        assert (line.level, code in line.words) == (Level.FAULT, True)
        note(
            fault=f"a stored picture is {damage}, before it is read",
            how="in the file itself",
            result="its case given up in words to its sender; doctor: FAULT, with the case's"
            " number; the others answered",
        )


async def _picture_of_newest_case(rig: Rig) -> tuple[Path, str]:
    case = await rig.newest_case(2)
    name = case.pictures[0].name
    return next((rig.home / PICTURES).rglob(name)), case.code


async def test_a_changed_byte_in_the_database_is_found_and_the_rest_is_served(
    tmp_path: Path, note: Note
) -> None:
    async with rigged(tmp_path) as rig:
        # Given a database of which a page is damaged that holds nothing but invites
        await rig.start()
        phone = await rig.phone()
        await rig.ledger.send(phone, film(0))
        await rig.ledger.balance()
        await rig.stop()
        flip_byte(rig.home / BOT_DATABASE, (_page_of(rig, "invites") - 1) * PAGE_BYTES + 99)
        # When a film is sent
        await rig.start()
        await rig.ledger.send(phone, film(1))
        # Then it is answered, and the doctor knows
        balance = await rig.ledger.balance()
        with unlocked(rig.home, None) as keyring:
            assert check_database(rig.home, BOT_DATABASE, keyring).level is Level.FAULT
        note(
            fault="a byte of the database is changed",
            how="in a page of its own table, with the parts stopped",
            result=f"doctor: FAULT, with SQLite's words; {balance.in_words()}",
        )


def _page_of(rig: Rig, table: str) -> int:
    query = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
    with (
        unlocked(rig.home, None) as keyring,
        closing(connect(rig.home / BOT_DATABASE, keyring, Purpose.BOT_DATABASE)) as connection,
    ):
        return int(connection.execute(query, (table,)).fetchone()[0])


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ("bot", {"crash_in_migration": 1}),
        ("bot", {"crash_in_migration": 15}),
        ("bot", {"crash_in_migration": 25}),
        ("gateway", {"crash_in_gateway_migration": 20}),
        ("gateway", {"crash_in_gateway_migration": 100}),
    ],
)
async def test_a_migration_that_is_cut_off_is_done_by_the_next_start(
    tmp_path: Path, note: Note, part: str, fault: dict[str, int]
) -> None:
    async with rigged(tmp_path) as rig:
        rig.once(part, **fault)
        await rig.start()
        await rig.says("ended (by signal SIGKILL)")
        phone = await rig.phone()
        await rig.ledger.send(phone, film())
        balance = await rig.ledger.balance()
        async with bot_store_at(rig.home) as store:
            assert await store.people.everyone()
        ((_, after),) = fault.items()
        what = "statements" if part == "bot" else "of SQLite's steps"
        note(
            fault=f"the {part}'s migration is cut off after {after} {what}",
            how="SIGKILL within the transaction",
            result=f"the next start does it; {balance.in_words()}",
        )
