"""An act and its row in the audit log: neither is ever stored without the other.

A row is refused once, as a disk fault would; the update is then handled again.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlcipher3 import dbapi2

from bot.domain.audit import Act
from bot.domain.ids import CaseId
from bot.domain.people import Role
from bot.domain.retention import Retention
from bot.handlers.context import SERVICES
from inference.contract import EngineInfo, EngineState, EngineStatus
from storage.database import Transaction
from tests.bot_conversation import ADMIN, STRANGER, WORKER, Conversation
from tests.bot_world import Clinic

Update = dict[str, Any]
Prepare = Callable[[Conversation], Awaitable[Update]]
"""Brings a clinic to where somebody may do something; returns the update by which they do it."""


ALBUM = {"media_group_id": "g"}


async def joins(chat: Conversation) -> Update:
    code = await chat.invite(await chat.enrol(ADMIN, Role.ADMIN))
    return chat.message(STRANGER, f"/start {code}", None, "en")


async def accepts(chat: Conversation) -> Update:
    return chat.press(await chat.clinic.enrol(WORKER, accepts=False), "terms")


async def invites_somebody(chat: Conversation) -> Update:
    return chat.press(await chat.enrol(ADMIN, Role.ADMIN), "invite:health_worker")


async def cancels_an_invite(chat: Conversation) -> Update:
    admin = await chat.enrol(ADMIN, Role.ADMIN)
    await chat.invite(admin)
    (invite,) = await chat.clinic.store.invites.open()
    return chat.press(admin, f"uninvite:{invite.invite_id}")


async def revokes(chat: Conversation) -> Update:
    await chat.enrol(WORKER)
    return chat.press(await chat.enrol(ADMIN, Role.ADMIN), f"revoke!:{WORKER}")


async def sends(chat: Conversation) -> Update:
    update = chat.message(await chat.enrol(WORKER), "", None, "en")
    chat.clinic.server.files["film"] = b"a film"
    size = {"file_id": "film", "file_unique_id": "f", "width": 640, "height": 480}
    del update["message"]["text"]
    update["message"] |= {"photo": [size], "caption": "cough"}
    return update


async def asks(chat: Conversation) -> Update:
    worker = await chat.enrol(WORKER)
    await chat.case(worker)
    await chat.types(worker, "/case 1")
    return chat.message(worker, "Which side?", await chat.last_message_id(), "en")


async def compares(chat: Conversation) -> Update:
    worker = await chat.enrol(WORKER)
    for _ in range(2):
        await chat.case(worker, caption="ref 4471")
    engine = EngineInfo(model="medgemma-1.5-4b-it", tier=None, practice=False)
    status = EngineStatus(state=EngineState.READY, engine=engine)
    chat.application.bot_data[SERVICES] = replace(chat.clinic.services, engine=lambda: status)
    return chat.press(worker, "compare:2:1")


async def reviews(chat: Conversation) -> Update:
    await chat.case(await chat.enrol(WORKER))
    return chat.press(await chat.enrol(ADMIN, Role.ADMIN), "disagree:1")


async def takes_an_alarm(chat: Conversation) -> Update:
    admin = await chat.enrol(ADMIN, Role.ADMIN)
    await chat.alarm(await chat.enrol(WORKER))
    await chat.delivered()
    return chat.press(admin, "take:1")


async def gives_an_alarm_back(chat: Conversation) -> Update:
    await chat.serve(await takes_an_alarm(chat))
    return chat.press(ADMIN, "giveback:1")


async def says_the_outcome(chat: Conversation) -> Update:
    worker = await chat.enrol(WORKER)
    await chat.case(worker)
    return chat.press(worker, "outcome:1:referred")


async def names_the_place(chat: Conversation) -> Update:
    await chat.serve(await says_the_outcome(chat))
    return chat.message(WORKER, "Regional Hospital", None, "en")


async def notes_a_review(chat: Conversation) -> Update:
    await chat.serve(await reviews(chat))
    return chat.message(ADMIN, "The left lung, not the right.", None, "en")


async def tells_the_age(chat: Conversation) -> Update:
    worker = await chat.enrol(WORKER)
    await chat.clinic.open_case(worker)
    await chat.delivered()
    return chat.press(worker, "age:1:41")


async def corrects_the_sex(chat: Conversation) -> Update:
    worker = await chat.enrol(WORKER)
    await chat.case(worker)
    await chat.presses(worker, "set:1:sex:male")
    return chat.press(worker, "set:1:sex:female")


async def has_it_read_again(chat: Conversation) -> Update:
    await chat.serve(await corrects_the_sex(chat))
    return chat.press(WORKER, "reread:1")


async def withdraws(chat: Conversation) -> Update:
    worker = await chat.enrol(WORKER)
    await chat.case(worker)
    return chat.press(worker, "withdraw:1:twice:yes")


async def brings_back(chat: Conversation) -> Update:
    await chat.serve(await withdraws(chat))
    return chat.press(WORKER, "unwithdraw:1")


async def splits(chat: Conversation) -> Update:
    await chat.serve((first := await sends(chat)) | {"message": first["message"] | ALBUM})
    second = chat.message(WORKER, "", None, "en")
    more = {"photo": first["message"]["photo"]} | ALBUM
    await chat.serve(
        {"message": {k: v for k, v in second["message"].items() if k != "text"} | more}
    )
    return chat.press(WORKER, "split:1")


async def chooses_a_language(chat: Conversation) -> Update:
    return chat.press(await chat.enrol(WORKER), "language:fr")


async def says_that_they_are_on_duty(chat: Conversation) -> Update:
    return chat.press(await chat.enrol(WORKER), "duty:on")


async def plans_shifts(chat: Conversation) -> Update:
    return chat.message(await chat.enrol(WORKER), "/duty Mon-Fri 7-15", None, "en")


async def puts_into_a_ward(chat: Conversation) -> Update:
    await chat.enrol(WORKER)
    admin = await chat.enrol(ADMIN, Role.ADMIN)
    return chat.message(admin, f"/ward Person {WORKER} = Maternity", None, "en")


async def takes_back(chat: Conversation) -> Update:
    worker = await chat.enrol(WORKER)
    await chat.clinic.open_case(worker)
    await chat.delivered()
    return chat.message(worker, "/cancel", None, "en")


async def tries_again(chat: Conversation) -> Update:
    update = await takes_back(chat)
    claim = await chat.clinic.store.claims.take(timedelta(minutes=1))
    assert claim is not None
    await chat.clinic.store.claims.fail(claim, "EngineStopped", [])
    return chat.press(update["message"]["from"]["id"], "again:1")


async def forgets(chat: Conversation) -> Update:
    await chat.case(await chat.enrol(WORKER), caption="ref 2231")
    return chat.press(await chat.enrol(ADMIN, Role.ADMIN), "forget!:1:1")


async def views(chat: Conversation) -> Update:
    await chat.case(await chat.enrol(WORKER))
    return chat.message(await chat.enrol(ADMIN, Role.ADMIN), "/case 1", None, "en")


async def lists(chat: Conversation) -> Update:
    return chat.message(await chat.enrol(WORKER), "/cases", None, "en")


async def searches(chat: Conversation) -> Update:
    return chat.message(await chat.enrol(ADMIN, Role.ADMIN), "/search cough", None, "en")


async def exports(chat: Conversation) -> Update:
    return chat.message(await chat.enrol(ADMIN, Role.ADMIN), "/export today", None, "en")


async def is_refused(chat: Conversation) -> Update:
    return chat.message(await chat.enrol(WORKER), "/people", None, "en")


ACTS: list[tuple[Prepare, Act]] = [
    (joins, Act.JOINED),
    (accepts, Act.ACCEPTED),
    (invites_somebody, Act.INVITED),
    (cancels_an_invite, Act.UNINVITED),
    (revokes, Act.REVOKED),
    (sends, Act.SENT),
    (asks, Act.ASKED),
    (compares, Act.COMPARED),
    (reviews, Act.REVIEWED),
    (takes_an_alarm, Act.TOOK),
    (gives_an_alarm_back, Act.GAVE_BACK),
    (says_the_outcome, Act.ENDED),
    (names_the_place, Act.CHANGED),
    (notes_a_review, Act.CHANGED),
    (tells_the_age, Act.CHANGED),
    (corrects_the_sex, Act.CORRECTED),
    (has_it_read_again, Act.READ_AGAIN),
    (withdraws, Act.WITHDREW),
    (brings_back, Act.BROUGHT_BACK),
    (splits, Act.SPLIT),
    (chooses_a_language, Act.CHANGED),
    (says_that_they_are_on_duty, Act.CHANGED),
    (plans_shifts, Act.CHANGED),
    (puts_into_a_ward, Act.CHANGED),
    (takes_back, Act.CHANGED),
    (tries_again, Act.CHANGED),
    (forgets, Act.FORGOT),
    (views, Act.VIEWED),
    (lists, Act.LISTED),
    (searches, Act.SEARCHED),
    (exports, Act.EXPORTED),
    (is_refused, Act.REFUSED),
]
ELSEWHERE = {
    *(Act.BACKED_UP, Act.RESTORED, Act.CHANGED_KEY, Act.COPIED_KEY),  # change no database
    Act.PIN,  # is the gateway's; the row is all that the bot keeps of it
    Act.EXPIRED,  # below: nobody does it
    Act.TRIED,  # nobody is let in by it: tests/attacks
    Act.ROLLED_BACK,  # found, not done: tests/attacks/test_rollback.py
    *(Act.ALARMED, Act.CALLED),  # nor these: test_bot_alarm_calls.py
}

REFUSED = (
    "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'disk is full'); END"
)


async def stored(ward: Clinic) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""

    def query(tx: Transaction) -> dict[str, list[tuple[object, ...]]]:
        tables = tx.all("SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE TABLE%'")
        names = [str(table["name"]) for table in tables]
        return {
            name: [tuple(row) for row in tx.all(f"SELECT * FROM {name}")]  # noqa: S608
            for name in names
        }

    return await ward.database.read(query)


async def rows_of(ward: Clinic, act: Act) -> int:
    return [entry.act for entry in await ward.store.audit.newest(100)].count(act)


async def refuse_rows(ward: Clinic) -> None:
    await ward.database.write(lambda tx: tx.run(REFUSED))


async def take_rows(ward: Clinic) -> None:
    await ward.database.write(lambda tx: tx.run("DROP TRIGGER full"))


def test_every_act_is_looked_at() -> None:
    assert {act for _, act in ACTS} | ELSEWHERE == set(Act)


@pytest.mark.parametrize(("prepare", "act"), ACTS, ids=[prepare.__name__ for prepare, _ in ACTS])
async def test_an_act_whose_row_cannot_be_stored_is_not_done_and_done_again_it_is_noted_once(
    chat: Conversation, prepare: Prepare, act: Act
) -> None:
    ward, update = chat.clinic, await prepare(chat) | {"update_id": 77}
    before, noted = await stored(ward), await rows_of(ward, act)
    await refuse_rows(ward)
    with pytest.raises(dbapi2.IntegrityError, match="disk is full"):
        await chat.serve(update, 77)
    assert await stored(ward) == before
    await take_rows(ward)
    await chat.serve(update, 77)
    after = await stored(ward)
    assert {name for name in after if after[name] != before[name]} > {"audit"}
    for _ in range(2):
        await chat.serve(update, 77)
    assert await rows_of(ward, act) == noted + 1


async def test_cases_that_are_too_old_are_not_chosen_without_a_row(chat: Conversation) -> None:
    ward, kept = chat.clinic, Retention(cases=timedelta(days=30))
    await chat.case(await chat.enrol(WORKER))
    await ward.sign_off(CaseId(1))
    ward.clock.advance(31 * 86_400)
    before = await stored(ward)
    await refuse_rows(ward)
    with pytest.raises(dbapi2.IntegrityError, match="disk is full"):
        await ward.store.expiry.mark_expired_for_deletion(kept, ward.clock.now(), 10)
    assert await stored(ward) == before
    await take_rows(ward)
    assert len(await ward.store.expiry.mark_expired_for_deletion(kept, ward.clock.now(), 10)) == 1
    assert await ward.store.expiry.mark_expired_for_deletion(kept, ward.clock.now(), 10) == ()
    assert await rows_of(ward, Act.EXPIRED) == 1
