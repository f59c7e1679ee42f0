"""What is deleted by age or by a patient's reference: that, all of it, and nothing else."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path

import pytest

from bot import retention
from bot.domain.audit import Act, Actor
from bot.domain.cases import Case
from bot.domain.ids import UserId
from bot.domain.people import Role
from bot.domain.retention import ChatDeletion, Retention
from bot.errors import ClockJumped
from bot.retention import Deleter
from bot.store import deletion, expiry
from bot.store.deletion import Scope
from storage.database import Transaction
from storage.layout import BOT_DATABASE
from storage.leftovers import leftover_folder
from tests.bot_conversation import Conversation, words
from tests.bot_world import Clinic, reading

DAY_S = 24 * 3600.0
A_MONTH = Retention(cases=timedelta(days=30))
ROUTINE = "FINDINGS: Clear.\nIMPRESSION: Normal.\nURGENCY: routine\nRECOMMENDATION: None."


class Chats:
    """The gateway's side: remembers what it was to forget."""

    def __init__(self) -> None:
        self.told: list[ChatDeletion] = []
        self.is_away = False

    async def __call__(self, forgetting: ChatDeletion) -> None:
        if self.is_away:
            raise ConnectionError
        self.told.append(forgetting)


def deleter(ward: Clinic, chats: Chats) -> Deleter:
    return Deleter(store=ward.store, home=ward.home, clock=ward.clock, forget=chats)


async def left(ward: Clinic) -> list[str]:
    """The codes of the cases that are there."""
    cases = [await ward.store.cases.get(each) for each in range(1, 20)]  # type: ignore[arg-type]
    return [case.code for case in cases if case is not None]


async def pass_days(ward: Clinic, days: int) -> None:
    """Let days pass on which the bot runs."""
    while days > 0:
        ward.clock.advance(min(days, 30) * DAY_S)
        days -= 30
        await ward.store.expiry.has_jumped(ward.clock.now())


async def a_case(chat: Conversation, text: str = ROUTINE, caption: str = "cough") -> Case:
    sender = await chat.clinic.store.people.find(UserId(7)) or await chat.clinic.enrol(7)
    return await chat.case(sender, reading(text), caption)


async def test_a_case_goes_after_its_days_and_a_younger_one_stays(chat: Conversation) -> None:
    """EDGERAD_KEEP_CASES_DAYS: by the day it was sent."""
    ward, chats = chat.clinic, Chats()
    old = await a_case(chat)
    await pass_days(ward, 20)
    await a_case(chat)
    await pass_days(ward, 11)
    (gone,) = await deleter(ward, chats).sweep(A_MONTH)
    assert (gone.case_id, gone.scope, gone.held) == (old.case_id, Scope.CASE, False)
    assert await left(ward) == ["C-0002"]
    with pytest.raises(FileNotFoundError):
        await ward.store.pictures.get(old.pictures[0].name)
    assert old.code in chats.told[0].words


async def test_a_dry_run_names_exactly_what_a_real_run_deletes_and_changes_nothing(
    chat: Conversation,
) -> None:
    ward = chat.clinic
    for _ in range(3):
        await a_case(chat)
    await a_case(chat, text=reading().text)
    await pass_days(ward, 31)
    told = await ward.store.expiry.expired(A_MONTH)
    assert len(await left(ward)) == 4
    gone = await deleter(ward, Chats()).sweep(A_MONTH)
    assert gone == tuple(each for each in told if not each.held)
    assert await left(ward) == [f"C-{each.case_id:04d}" for each in told if each.held] == ["C-0004"]


async def test_an_urgent_case_stays_until_somebody_has_signed_it_off(chat: Conversation) -> None:
    ward = chat.clinic
    case = await a_case(chat, text=reading().text)
    await pass_days(ward, 31)
    assert await deleter(ward, Chats()).sweep(A_MONTH) == ()
    await ward.sign_off(case.case_id)
    assert len(await deleter(ward, Chats()).sweep(A_MONTH)) == 1


async def test_a_case_that_waits_to_be_read_stays_however_old(chat: Conversation) -> None:
    ward = chat.clinic
    await ward.open_case(await ward.enrol(7))
    await pass_days(ward, 40)
    assert await deleter(ward, Chats()).sweep(A_MONTH) == ()
    assert await left(ward) == ["C-0001"]


async def test_pictures_may_go_before_their_case_whose_words_stay(chat: Conversation) -> None:
    """EDGERAD_KEEP_PICTURES_DAYS."""
    ward, chats = chat.clinic, Chats()
    case = await a_case(chat)
    await pass_days(ward, 11)
    retention = Retention(cases=timedelta(days=30), pictures=timedelta(days=10))
    (gone,) = await deleter(ward, chats).sweep(retention)
    assert gone.scope is Scope.PICTURES
    assert chats.told[0].files_only
    kept = await ward.store.cases.get(case.case_id)
    assert kept is not None
    assert (kept.pictures, kept.caption, kept.reading) == ((), case.caption, case.reading)
    assert await deleter(ward, Chats()).sweep(retention) == ()
    with pytest.raises(FileNotFoundError):
        await ward.store.pictures.get(case.pictures[0].name)


async def test_a_question_about_a_case_without_pictures_is_answered_in_words(
    chat: Conversation,
) -> None:
    ward = chat.clinic
    nurse = await ward.enrol(7)
    await chat.case(nurse, reading(ROUTINE))
    await pass_days(ward, 11)
    await deleter(ward, Chats()).sweep(Retention(pictures=timedelta(days=10)))
    said = await chat.types(nurse, "/case 1")
    assert [message.picture for message in said] == [None]
    answer = await chat.types(nurse, "Which side?", reply_to=await chat.last_message_id())
    assert "no longer kept" in answer[0].reply.text


async def test_with_nothing_set_everything_is_kept(chat: Conversation) -> None:
    ward, chats = chat.clinic, Chats()
    await a_case(chat)
    await pass_days(ward, 4000)
    assert await deleter(ward, chats).sweep(Retention()) == ()
    assert (await left(ward), chats.told) == (["C-0001"], [])


async def test_a_clock_that_jumped_deletes_nothing_until_somebody_vouches_for_it(
    chat: Conversation,
) -> None:
    """A battery that died, or a year typed wrong, must not cost the clinic its cases."""
    ward = chat.clinic
    await a_case(chat)
    await pass_days(ward, 1)
    ward.clock.advance(400 * DAY_S)
    for _ in range(2):
        with pytest.raises(ClockJumped):
            await deleter(ward, Chats()).sweep(A_MONTH)
        ward.clock.advance(DAY_S)
    assert await left(ward) == ["C-0001"]
    assert len(await deleter(ward, Chats()).sweep(A_MONTH, vouched=True)) == 1


async def test_a_clock_that_jumps_while_old_cases_are_deleted_deletes_no_younger_ones(
    chat: Conversation,
) -> None:
    """Time servers put a clock right at any moment, also the wrong way."""
    ward, chats = chat.clinic, Chats()
    await a_case(chat)
    await pass_days(ward, 29)
    await a_case(chat)
    await pass_days(ward, 2)
    began = ward.clock.now()

    async def forget(deletion: ChatDeletion) -> None:
        await chats(deletion)
        ward.clock.advance(400 * DAY_S)

    sweeper = Deleter(store=ward.store, home=ward.home, clock=ward.clock, forget=forget)
    assert [each.case_id for each in await sweeper.sweep(A_MONTH)] == [1]
    assert await left(ward) == ["C-0002"]
    assert chats.told[-1].before == began - timedelta(days=30)


async def test_a_case_that_was_sent_while_the_clock_stood_in_the_past_is_not_taken_for_old(
    chat: Conversation,
) -> None:
    ward = chat.clinic
    await a_case(chat)
    await pass_days(ward, 29)
    await a_case(chat)
    ward.clock.advance(-3000 * DAY_S)
    await a_case(chat)
    ward.clock.advance(3000 * DAY_S)
    await pass_days(ward, 2)
    assert [each.case_id for each in await deleter(ward, Chats()).sweep(A_MONTH)] == [1]
    assert await left(ward) == ["C-0002", "C-0003"]


async def test_a_deletion_that_was_cut_off_is_finished_later(chat: Conversation) -> None:
    """What is to go is written down before anything is done; a case's row goes last."""
    ward, chats = chat.clinic, Chats()
    case = await a_case(chat, caption="ref 2231")
    chats.is_away = True
    await ward.store.deletion.mark_patient_for_deletion(case.case_id, 1, by=Actor.at_the_machine())
    with pytest.raises(ConnectionError):
        await deleter(ward, chats).finish()
    assert await left(ward) == ["C-0001"]
    chats.is_away = False
    await deleter(ward, chats).finish()
    assert await left(ward) == []
    assert len(chats.told) == 1


async def test_words_that_a_crash_left_in_the_index_go_with_the_next_look(
    chat: Conversation,
) -> None:
    """A deleted case's words stand in the index, marked, until it was merged."""
    ward = chat.clinic
    case = await a_case(chat, caption="zanzibarite ref 2231")
    await a_case(chat, caption="quillaja")
    await ward.store.deletion.mark_patient_for_deletion(case.case_id, 1, by=Actor.at_the_machine())
    await ward.store.deletion.erase(await ward.store.deletion.pending_deletions(10))
    assert b"zanzibarite" in await raw_index(ward)
    await deleter(ward, Chats()).finish()
    left = await raw_index(ward)
    assert b"zanzibarite" not in left
    assert b"quillaja" in left


async def raw_index(ward: Clinic) -> bytes:
    """What the tables hold in which FTS5 keeps the index: words of deleted cases too."""

    return b"".join(row["block"] for row in await ward.database.read(lambda tx: tx.all(_BLOCKS)))


_BLOCKS = "SELECT block FROM case_words_data"


async def test_files_that_a_crash_left_behind_go_with_the_orphans(chat: Conversation) -> None:
    ward = chat.clinic
    case = await a_case(chat, caption="ref 2231")
    await ward.store.deletion.mark_patient_for_deletion(case.case_id, 1, by=Actor.at_the_machine())
    await ward.store.deletion.erase(await ward.store.deletion.pending_deletions(10))
    assert await ward.store.pictures.get(case.pictures[0].name)
    ward.clock.advance(10_000 * DAY_S)
    assert await ward.store.pictures.remove_orphans(ward.clock.now()) == 1


async def test_a_case_that_somebody_asks_about_meanwhile_is_spared(chat: Conversation) -> None:
    ward = chat.clinic
    nurse = await ward.enrol(7)
    await chat.case(nurse, reading(ROUTINE))
    await pass_days(ward, 31)
    await ward.store.expiry.mark_expired_for_deletion(A_MONTH, ward.clock.now(), limit=10)
    await chat.types(nurse, "/case 1")
    await chat.types(nurse, "Which side?", reply_to=await chat.last_message_id())
    await deleter(ward, Chats()).finish()
    assert await left(ward) == ["C-0001"]


async def test_the_log_says_how_much_went_and_nothing_of_whom(chat: Conversation) -> None:
    ward = chat.clinic
    await a_case(chat)
    await pass_days(ward, 31)
    await deleter(ward, Chats()).sweep(A_MONTH)
    (entry,) = [e for e in await ward.store.audit.newest(9) if e.act is Act.EXPIRED]
    assert (entry.subject, entry.name) == ("cases: 1, pictures: 1", None)


async def test_a_case_without_a_known_reference_is_forgotten_by_its_code(
    chat: Conversation,
) -> None:
    """A caption may name the patient in any words: nobody may be past forgetting."""
    ward = chat.clinic
    chief = await ward.enrol(1, Role.SUPERVISOR)
    for caption in ("ref 2231", "Pat. 2231", "REF 2231"):
        await a_case(chat, caption=caption)
    for slip in ("/forget 2232", "/forget 2", "/forget C-0004"):
        assert "/forget C-0012" in words(await chat.types(chief, slip))
    said = await chat.types(chief, "/forget C-0002")
    assert "C-0002: no other case has its reference" in words(said)
    await chat.presses(chief, "forget!:2:1")
    await deleter(ward, Chats()).finish()
    assert await left(ward) == ["C-0001", "C-0003"]
    said = await chat.types(chief, "/forget c1")
    assert "C-0001 and all with the same reference: 2 cases" in words(said)
    await chat.presses(chief, "forget!:3:2")
    await deleter(ward, Chats()).finish()
    assert await left(ward) == []


async def test_much_that_is_too_old_goes_in_parts_between_which_cases_are_accepted(
    chat: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large archive that gets a limit: no choice and no deletion takes long at a time."""
    ward, chats = chat.clinic, Chats()
    for name, size in (("CHOSEN", 3), ("FORGOTTEN", 2), ("ERASED", 1)):
        monkeypatch.setattr(retention, f"{name}_AT_ONCE", size)
    for _ in range(5):
        await a_case(chat)
    await pass_days(ward, 31)
    assert len(await deleter(ward, chats).sweep(A_MONTH)) == 5
    assert await left(ward) == []
    told = [len(forgetting.words) for forgetting in chats.told]
    assert told == [2, 1, 2, 0], "the last is by age alone"
    noted = [e.subject for e in await ward.store.audit.newest(9) if e.act is Act.EXPIRED]
    assert noted == ["cases: 2, pictures: 2", "cases: 3, pictures: 3"]


async def test_a_case_that_comes_in_while_the_log_is_cut_is_stored(ward: Clinic) -> None:
    """What is deleted leaves SQLite's log last of all; others write right behind that."""
    database = ward.database
    sender = await ward.enrol(7)
    for _ in range(20):
        await asyncio.gather(database.empty_log(), ward.open_case(sender))
    assert len(await left(ward)) == 19


async def test_what_goes_is_found_without_a_walk_through_all_cases(ward: Clinic) -> None:
    """Each of these questions is asked while nobody else may write."""

    def look(tx: Transaction) -> list[str]:
        query = f"{expiry._EXPIRED} {expiry._LIMIT}"
        plan = tx.all(f"EXPLAIN QUERY PLAN {query}", **expiry._bounds(tx, A_MONTH, tx.now), limit=9)
        plan += tx.all(f"EXPLAIN QUERY PLAN {deletion._PENDING}", limit=9)
        return [row["detail"] for row in plan if row["detail"].split()[1] in {"c", "d"}]

    assert await ward.database.read(look) == [
        "SEARCH c USING INDEX cases_by_time (created_at<?)",
        "SCAN d",
        "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)",
    ]


def moved_aside(ward: Clinic, days: int, written: int) -> Path:
    """What a restore moved aside so many days from now, with a file that was written then."""
    now = ward.clock.now()
    folder = leftover_folder(ward.home, now + timedelta(days=days))
    (folder / "bot").mkdir(parents=True)
    (folder / BOT_DATABASE).touch()
    at = (now + timedelta(days=written)).timestamp()
    os.utime(folder / BOT_DATABASE, (at, at))
    return folder


async def test_what_a_restore_moved_aside_goes_with_its_cases(chat: Conversation) -> None:
    """By the daily sweep, which needs nobody; not what was moved while the clock was wrong."""
    ward = chat.clinic
    old, young = moved_aside(ward, -31, -32), moved_aside(ward, -29, -30)
    by_a_wrong_clock = moved_aside(ward, -20000, -1)
    await deleter(ward, Chats()).sweep(Retention(pictures=timedelta(days=1)))
    assert old.exists(), "cases are kept for ever"
    await deleter(ward, Chats()).sweep(A_MONTH)
    assert [path.exists() for path in (old, young, by_a_wrong_clock)] == [False, True, True]
