"""The audit log: what stands in it, that it is only added to, and that tampering is found."""

from datetime import timedelta

import pytest
from sqlcipher3 import dbapi2

from bot.domain.audit import Act, Actor
from bot.domain.ids import ChatId, UserId
from bot.domain.people import Role
from bot.locale import translator
from bot.replies import audit as replies
from inference.contract import Language
from storage.database import Transaction
from tests.bot_talk import Talk
from tests.bot_world import Clinic

ENROLMENT = [Act.INVITED, Act.JOINED, Act.ACCEPTED]
LATER = Actor.at_the_machine().does(Act.SENT, "C-9")


async def some_entries(ward: Clinic) -> None:
    for number in range(5):
        nurse = Actor(user_id=UserId(7), occasion=str(number))
        await ward.store.audit.add(nurse.does(Act.VIEWED, f"C-000{number}"))


async def talk(ward: Clinic) -> Talk:
    talk = Talk(ward)
    await talk.start()
    return talk


async def tamper(ward: Clinic, *statements: str) -> None:
    """Do what somebody does who has the key and means to hide something."""

    def work(tx: Transaction) -> None:
        tx.run("DROP TRIGGER audit_is_not_changed")
        tx.run("DROP TRIGGER audit_is_not_shortened")
        for statement in statements:
            tx.run(statement)

    await ward.database.write(work)


async def test_a_log_that_nobody_touched_is_in_order(ward: Clinic) -> None:
    assert (await ward.store.audit.verify()).fault is None
    await some_entries(ward)
    found = await ward.store.audit.verify()
    assert (found.entries, found.fault) == (5, None)
    await ward.store.audit.add(LATER)
    later = await ward.store.audit.verify(found.head)
    assert (later.entries, later.knows_noted) == (6, True)


SWAP = (
    "UPDATE audit SET audit_id = 99 WHERE audit_id = 2",
    "UPDATE audit SET audit_id = 2 WHERE audit_id = 3",
    "UPDATE audit SET audit_id = 3 WHERE audit_id = 99",
)


@pytest.mark.parametrize(
    ("statements", "entries", "fault"),
    [
        (["UPDATE audit SET subject = 'C-0099' WHERE audit_id = 3"], 2, "entry 3 was changed"),
        (["UPDATE audit SET actor = 8 WHERE audit_id = 1"], 0, "entry 1 was changed"),
        (["UPDATE audit SET at = at + 60 WHERE audit_id = 5"], 4, "entry 5 was changed"),
        (["DELETE FROM audit WHERE audit_id = 2"], 1, "entry 2 is missing"),
        (["DELETE FROM audit WHERE audit_id = 5"], 4, "the last 1 are missing"),
        (["DELETE FROM audit"], 0, "the last 5 are missing"),
        (["DELETE FROM sqlite_sequence WHERE name = 'audit'"], 5, "count of entries was changed"),
        (SWAP, 1, "entry 2 was changed"),
    ],
    ids=["edited", "actor", "time", "dropped", "last dropped", "all dropped", "count", "reordered"],
)
async def test_an_entry_that_was_edited_dropped_or_moved_is_found(
    ward: Clinic, statements: list[str], entries: int, fault: str
) -> None:
    await some_entries(ward)
    await tamper(ward, *statements)
    found = await ward.store.audit.verify()
    assert found.entries == entries
    assert found.fault is not None
    assert fault in found.fault


async def test_a_log_that_was_written_anew_does_not_hold_the_head_that_was_noted(
    ward: Clinic,
) -> None:
    await some_entries(ward)
    head = (await ward.store.audit.verify()).head
    await tamper(ward, "DELETE FROM audit", "DELETE FROM sqlite_sequence WHERE name = 'audit'")
    await some_entries(ward)
    await ward.store.audit.add(LATER)
    assert (await ward.store.audit.verify(head)).knows_noted  # the same entries: the same log
    tamper_free = await ward.store.audit.verify("00" * 32)
    assert not tamper_free.knows_noted


async def test_an_end_that_was_cut_off_without_a_trace_is_found_by_a_head_that_was_noted(
    ward: Clinic,
) -> None:
    """Whoever has the key can set the count back too; the last backup said the head."""
    await some_entries(ward)
    head = await ward.store.audit.add(Actor.at_the_machine().does(Act.BACKED_UP, "edgerad.tar"))
    assert (await ward.store.audit.verify(head.upper())).knows_noted
    await tamper(
        ward,
        "DELETE FROM audit WHERE audit_id > 3",
        "UPDATE sqlite_sequence SET seq = 3 WHERE name = 'audit'",
    )
    found = await ward.store.audit.verify(head)
    assert (found.fault, found.knows_noted) == (None, False)


@pytest.mark.parametrize("statement", ["UPDATE audit SET subject = ''", "DELETE FROM audit"])
async def test_the_database_itself_refuses_to_change_the_log(ward: Clinic, statement: str) -> None:
    await some_entries(ward)

    with pytest.raises(dbapi2.IntegrityError, match="only added to"):
        await ward.database.write(lambda tx: tx.run(statement))


async def test_the_same_doing_is_noted_once_however_often_it_is_handled(ward: Clinic) -> None:
    visitor = await talk(ward)
    nurse = await ward.enrol(7)
    update = await visitor.photo(nurse, caption="F 41 cough")
    await visitor.again(update)
    acts = [entry.act for entry in await ward.store.audit.newest(10)]
    assert acts == [Act.SENT, *reversed(ENROLMENT)]


async def test_a_day_stands_in_the_log_and_says_nothing_of_a_patient(ward: Clinic) -> None:
    visitor = await talk(ward)
    chief = await ward.enrol(1, Role.ADMIN, name="Dr Mensah")
    nurse = await ward.enrol(7)
    await visitor.photo(nurse, caption="F 41 quillaja ref 778123")
    await visitor.text(nurse, "/case C-0001")
    await visitor.text(nurse, "/search quillaja")
    await visitor.text(chief, "/search quillaja")
    await visitor.text(chief, "/cases")
    await visitor.text(chief, "/export today")
    await visitor.text(chief, "/invite health_worker")
    await visitor.press(chief, "revoke!:7", 5)
    noted = [(e.name, e.act, e.subject) for e in reversed(await ward.store.audit.newest(20))]
    assert noted[2 * len(ENROLMENT) :] == [
        ("Amina", Act.SENT, "C-0001"),
        ("Amina", Act.VIEWED, "C-0001"),
        ("Amina", Act.REFUSED, "/search"),
        ("Dr Mensah", Act.SEARCHED, "1 C-0001"),
        ("Dr Mensah", Act.LISTED, "today C-0001"),
        ("Dr Mensah", Act.EXPORTED, "today"),
        ("Dr Mensah", Act.INVITED, "health_worker"),
        ("Dr Mensah", Act.REVOKED, "7"),
    ]
    assert (await ward.store.audit.verify()).fault is None


@pytest.mark.parametrize("role", [Role.HEALTH_WORKER, Role.SUPERVISOR])
async def test_the_log_is_for_administrators_alone(ward: Clinic, role: Role) -> None:
    visitor = await talk(ward)
    person = await ward.enrol(7, role)
    await visitor.text(person, "/audit")
    (refused,) = await visitor.texts()
    assert refused.startswith("This is for administrators.")
    (entry,) = await ward.store.audit.newest(1)
    assert (entry.act, entry.subject) == (Act.REFUSED, "/audit")


async def test_a_revoked_person_with_their_old_code_is_not_noted_as_joined(ward: Clinic) -> None:
    visitor, machine = await talk(ward), Actor.at_the_machine()
    expires_at = ward.clock.now() + timedelta(hours=1)
    code = await ward.store.people.create_invite(Role.SUPERVISOR, expires_at, by=machine)
    person = await ward.store.people.redeem_invite(
        code,
        user_id=UserId(7),
        chat_id=ChatId(7),
        name="Amina",
        language=Language.ENGLISH,
        by=machine,
    )
    await ward.store.people.revoke(person.user_id, by=machine)
    await visitor.text(person, f"/start {code}")
    (said,) = await visitor.texts()
    assert "Welcome" not in said
    acts = [entry.act for entry in await ward.store.audit.newest(5)]
    assert acts == [Act.REVOKED, Act.JOINED, Act.INVITED]


async def test_an_administrator_reads_who_did_what(ward: Clinic) -> None:
    t = translator(Language.ENGLISH)
    assert [reply.text for reply in replies.audit([], t)] == ["Nothing has been noted yet."]
    visitor = await talk(ward)
    chief = await ward.enrol(1, Role.ADMIN, name="Dr Mensah")
    await some_entries(ward)
    await visitor.text(chief, "/audit")
    (shown,) = await visitor.texts()
    assert "viewed C-0004" in shown.splitlines()[0]
