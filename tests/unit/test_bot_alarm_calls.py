"""What is urgent is somebody's: it is taken by a named person, or called again, louder."""

from collections import Counter
from datetime import timedelta

import pytest

from bot.domain.alarms import Alarm, AlarmState
from bot.domain.audit import Act
from bot.domain.cases import Case
from bot.domain.ids import CaseId
from bot.domain.messages import Outgoing
from bot.domain.people import Person, Role
from inference.contract import Reading, ScoredUrgency, Urgency
from tests.alarm_world import Hours
from tests.bot_conversation import (
    ADMIN,
    OTHER,
    STALE,
    SUPERVISOR,
    WORKER,
    Conversation,
    buttons,
    words,
)
from tests.bot_world import Clinic, actor, reading

CRITICAL = reading("FINDINGS: Left tension pneumothorax.\nURGENCY: critical")
URGENT = reading()


@pytest.fixture
def hours(ward: Clinic) -> Hours:
    return Hours(ward)


async def staff(chat: Conversation) -> tuple[Person, Person, Person]:
    """A health worker, a supervisor and an administrator."""
    return (
        await chat.enrol(WORKER),
        await chat.enrol(SUPERVISOR, Role.SUPERVISOR),
        await chat.enrol(ADMIN, Role.ADMIN),
    )


async def rung(chat: Conversation) -> tuple[Case, Person, Person, Person]:
    """A critical case that everybody was told of."""
    worker, supervisor, admin = await staff(chat)
    case = await chat.alarm(worker, CRITICAL)
    await chat.delivered()
    return case, worker, supervisor, admin


async def alarm_of(ward: Clinic, case: Case) -> Alarm:
    found = await ward.store.alarms.of_case(case.case_id)
    assert found is not None
    return found


def told(messages: list[Outgoing]) -> Counter[int]:
    """How many new messages each chat got."""
    return Counter(int(m.chat_id) for m in messages if m.edits is None and m.edits_key is None)


async def acts(ward: Clinic) -> list[tuple[Act, str]]:
    """What was done to alarms, oldest first."""
    kinds = {Act.ALARMED, Act.CALLED, Act.TOOK, Act.GAVE_BACK, Act.REVIEWED}
    entries = await ward.store.audit.newest(50)
    return [(each.act, each.subject) for each in reversed(entries) if each.act in kinds]


async def test_whoever_takes_an_alarm_is_named_in_everybodys_message_of_it(
    chat: Conversation,
) -> None:
    worker, supervisor, admin = await staff(chat)
    case = await chat.alarm(worker, CRITICAL)
    first = await chat.delivered()
    assert told(first) == {supervisor.chat_id: 1, admin.chat_id: 1}
    assert buttons(first) == ["take:1", "case:1"] * 2

    said = await chat.presses(supervisor, "take:1")

    edits = {m.chat_id: m for m in said if m.edits is not None}
    assert set(edits) == {supervisor.chat_id, admin.chat_id}
    assert "C-0001: Person 3 has it, since 2 Mar 2026" in words([edits[admin.chat_id]])
    assert buttons([edits[admin.chat_id]]) == ["case:1"]
    assert "you have it" in words([edits[supervisor.chat_id]])
    assert told(said) == {worker.chat_id: 1}
    assert "Person 3 has taken your case" in words(said)
    taken = await alarm_of(chat.clinic, case)
    assert (taken.state, taken.taken_by) == (AlarmState.TAKEN, supervisor.user_id)
    assert await acts(chat.clinic) == [
        (Act.ALARMED, "C-0001 critical"),
        (Act.TOOK, "C-0001"),
    ]


async def test_whoever_has_an_alarm_is_told_so_and_asked_no_more_to_take_it(
    chat: Conversation,
) -> None:
    worker, supervisor, _ = await staff(chat)
    case = await chat.alarm(worker, URGENT)
    await chat.delivered()
    await chat.presses(supervisor, "take:1")
    assert "C-0001: you have it" in (chat.button_answers()[-1] or "")
    card = await chat.types(supervisor, "/case 1")
    assert "giveback:1" in buttons(card)
    assert "take:1" not in buttons(card)
    await follow_up(chat, case, URGENT)
    said = await chat.delivered()
    assert told(said) == {SUPERVISOR: 1}, "new, because they wait for it"
    assert "You have this case." in words(said)
    assert set(buttons(said)) == {"case:1", "giveback:1"}


async def test_an_alarm_has_one_taker_and_the_second_hears_who_it_is(chat: Conversation) -> None:
    case, _, supervisor, admin = await rung(chat)
    await chat.presses(supervisor, "take:1")
    assert await chat.presses(admin, "take:1") == []
    assert "Person 3 has it" in (chat.button_answers()[-1] or "")
    assert (await alarm_of(chat.clinic, case)).taken_by == supervisor.user_id


async def test_a_message_of_an_alarm_that_is_on_its_way_still_changes_too(
    chat: Conversation,
) -> None:
    """A phone that was away gets the alarm, and at once who has it."""
    worker, supervisor, admin = await staff(chat)
    case = await chat.alarm(worker, CRITICAL)
    store = chat.clinic.store
    on_its_way = await store.outbox.take([])
    assert on_its_way is not None
    await store.alarms.take(
        case.case_id, by=actor(admin), words=lambda _a, _p: on_its_way.message.reply, told=[]
    )
    await store.outbox.sent(on_its_way, await chat.last_message_id())
    said = await chat.delivered()
    assert [(m.chat_id, m.edits is not None) for m in said] == [
        (admin.chat_id, False),
        (supervisor.chat_id, True),
        (admin.chat_id, True),
    ]
    said = await chat.presses(admin, "giveback:1")
    edits = [message for message in said if message.edits is not None]
    assert len(edits) == 2  # an edit was not taken for another message of the alarm


async def test_what_nobody_takes_is_called_again_by_all_then_by_administrators_then_by_the_sender(
    chat: Conversation, hours: Hours
) -> None:
    case, worker, supervisor, admin = await rung(chat)
    caller = hours.caller()
    calls = []
    for _ in range(24):
        hours.pass_by(5)
        await caller.call_due()
        if said := await chat.delivered():
            minutes = (chat.clinic.clock.now() - case.created_at).total_seconds() / 60
            calls.append((minutes, said))
    assert [minutes for minutes, _ in calls] == [10, 20, 40, 80]
    second, third, *later = [said for _, said in calls]
    assert told(second) == {supervisor.chat_id: 1, admin.chat_id: 1}
    assert "🔔 Call 2" in words(second)
    assert "Nobody has taken this case for about 10\u00a0minutes." in words(second)
    assert "administrator" not in words(second)
    assert "take:1" in buttons(second)
    for said in (third, *later):
        assert told(said) == {worker.chat_id: 1, supervisor.chat_id: 1, admin.chat_id: 1}
        by_chat = {m.chat_id: words([m]) for m in said}
        assert "You are an administrator: find somebody" in by_chat[admin.chat_id]
        assert "administrator" not in by_chat[supervisor.chat_id]
        assert "C-0001: nobody has opened this." in by_chat[worker.chat_id]
        assert "Go and call a clinician now." in by_chat[worker.chat_id]
    assert "🔔🔔 Call 3" in words(third)
    assert await acts(chat.clinic) == [
        (Act.ALARMED, "C-0001 critical"),
        *((Act.CALLED, f"C-0001 {number}") for number in (2, 3, 4, 5)),
    ]


async def in_chat(chat: Conversation, person: Person) -> list[int]:
    """The messages of alarms that stand in somebody's chat."""
    query = "SELECT message_id FROM messages WHERE chat_id = :chat AND role = 'alarm'"
    found = await chat.clinic.database.read(lambda tx: tx.all(query, chat=person.chat_id))
    return [int(row["message_id"]) for row in found]


async def test_however_often_it_is_called_one_message_of_an_alarm_stands_in_each_chat(
    chat: Conversation, hours: Hours
) -> None:
    case, _, supervisor, admin = await rung(chat)
    first = await in_chat(chat, supervisor)
    caller = hours.caller()
    for _ in range(24):
        hours.pass_by(5)
        await caller.call_due()
        await chat.delivered()
    newest = await in_chat(chat, supervisor)
    assert len(newest) == len(await in_chat(chat, admin)) == 1
    assert newest > first
    said = await chat.presses(supervisor, "take:1")
    assert [m.chat_id for m in said if m.edits is not None] == [supervisor.chat_id, admin.chat_id]
    assert (await alarm_of(chat.clinic, case)).taken_by == supervisor.user_id


async def test_an_answer_that_says_no_worse_changes_the_message_that_is_there(
    chat: Conversation,
) -> None:
    case, _, supervisor, admin = await rung(chat)
    await follow_up(chat, case, CRITICAL)
    said = await chat.delivered()
    assert told(said) == {}
    assert {m.chat_id for m in said} == {supervisor.chat_id, admin.chat_id}
    assert buttons(said) == ["take:1", "case:1"] * 2


async def test_an_answer_that_says_worse_calls_anew_and_the_message_before_gives_way(
    chat: Conversation,
) -> None:
    worker, supervisor, admin = await staff(chat)
    case = await chat.alarm(worker, URGENT)
    await chat.delivered()
    await follow_up(chat, case, CRITICAL)
    said = await chat.delivered()
    assert told(said) == {supervisor.chat_id: 1, admin.chat_id: 1}
    assert len([m for m in said if m.gives_way_to is not None]) == 2
    assert len(await in_chat(chat, supervisor)) == 1


async def test_an_urgent_case_waits_longer_than_a_critical_one(
    chat: Conversation, hours: Hours
) -> None:
    worker, *_ = await staff(chat)
    await chat.alarm(worker, URGENT)
    caller = hours.caller()
    for minutes, calls in ((29, 1), (1, 2), (29, 2), (1, 3)):
        hours.pass_by(minutes)
        await caller.call_due()
        assert (await alarm_of(chat.clinic, await found(chat, 1))).calls == calls


async def found(chat: Conversation, case_id: int) -> Case:
    case = await chat.clinic.store.cases.get(CaseId(case_id))
    assert case is not None
    return case


async def test_the_calls_grow_rarer_but_never_end(chat: Conversation, hours: Hours) -> None:
    await rung(chat)
    caller = hours.caller()
    days = []
    for _ in range(10):
        for _ in range(24):
            hours.pass_by(60)
            await caller.call_due()
        days.append(told(await chat.delivered())[WORKER])
    assert days[0] <= 8
    assert set(days[2:]) == {1}


async def test_what_somebody_has_opened_is_still_to_be_taken(
    chat: Conversation, hours: Hours
) -> None:
    _, worker, supervisor, _ = await rung(chat)
    await chat.types(supervisor, "/case 1")
    caller = hours.caller()
    for _ in range(2):
        hours.pass_by(10)
        await caller.call_due()
    said = [m for m in await chat.delivered() if m.chat_id == worker.chat_id]
    assert "nobody has taken this" in words(said)
    assert "opened" not in words(said)


@pytest.mark.parametrize("ends", ["take:1", "agree:1", "disagree:1"])
async def test_what_was_taken_or_signed_off_is_not_called_again(
    chat: Conversation, hours: Hours, ends: str
) -> None:
    _, _, supervisor, _ = await rung(chat)
    await chat.presses(supervisor, ends)
    hours.pass_by(600)
    await hours.caller().call_due()
    assert await chat.delivered() == []


async def test_messages_of_an_alarm_say_that_the_case_was_signed_off(chat: Conversation) -> None:
    _, _, supervisor, admin = await rung(chat)
    said = await chat.presses(supervisor, "agree:1")
    (edit,) = [m for m in said if m.chat_id == admin.chat_id]
    assert "Person 3 has signed it off" in edit.reply.text
    assert buttons([edit]) == ["case:1"]
    assert await chat.presses(admin, "take:1") == []
    assert chat.button_answers()[-1] == "C-0001 needs nobody any more."


async def test_whoever_took_an_alarm_can_give_it_back_and_it_is_called_at_once(
    chat: Conversation, hours: Hours
) -> None:
    _, _, supervisor, admin = await rung(chat)
    await chat.presses(supervisor, "take:1")
    assert await chat.presses(admin, "giveback:1") == []
    assert chat.button_answers()[-1] == STALE
    said = await chat.presses(supervisor, "giveback:1")
    assert buttons(said) == ["take:1", "case:1"] * 2
    assert "Person 3 cannot see to it" in words([m for m in said if m.chat_id == WORKER])
    assert "Person 3 gave it back. Nobody has it." in words(said)
    await hours.caller().call_due()
    assert told(await chat.delivered()) == {supervisor.chat_id: 1, admin.chat_id: 1}
    await chat.presses(admin, "take:1")
    assert [act for act, _ in await acts(chat.clinic)] == [
        Act.ALARMED,
        Act.TOOK,
        Act.GAVE_BACK,
        Act.CALLED,
        Act.TOOK,
    ]


async def test_an_alarm_rings_again_when_its_taker_loses_access(
    chat: Conversation, hours: Hours
) -> None:
    _, _, supervisor, admin = await rung(chat)
    await chat.presses(supervisor, "take:1")
    said = await chat.presses(admin, f"revoke!:{supervisor.user_id}")
    assert "Person 3 gave it back. Nobody has it." in words(said)
    await hours.caller().call_due()
    assert told(await chat.delivered()) == {admin.chat_id: 1}


async def test_a_restart_goes_on_and_calls_what_fell_due_meanwhile_once(
    chat: Conversation, hours: Hours
) -> None:
    worker, *_ = await staff(chat)
    for _ in range(3):
        await chat.alarm(worker, CRITICAL)
    await chat.delivered()
    hours.pass_by(300)  # without power
    caller = hours.caller()
    await caller.begin()
    for _ in range(3):
        await caller.call_due()
    assert told(await chat.delivered()) == {SUPERVISOR: 3, ADMIN: 3}
    hours.pass_by(10)
    await caller.call_due()
    assert told(await chat.delivered()) == {SUPERVISOR: 3, ADMIN: 3, WORKER: 3}


@pytest.mark.parametrize("by_hours", [24 * 365 * 20, 3, -3, -24 * 365 * 20])
async def test_a_clock_that_is_set_changes_nothing_of_what_is_left_of_the_wait(
    chat: Conversation, hours: Hours, by_hours: float
) -> None:
    await rung(chat)
    caller = hours.caller()
    hours.pass_by(4)
    await caller.call_due()
    hours.set_clock(by_hours)
    await caller.call_due()
    hours.pass_by(5)
    await caller.call_due()
    assert await chat.delivered() == []
    hours.pass_by(1)
    await caller.call_due()
    assert told(await chat.delivered()) == {SUPERVISOR: 1, ADMIN: 1}


async def test_a_machine_that_starts_in_the_past_waits_no_longer_than_it_would_anew(
    chat: Conversation, hours: Hours
) -> None:
    """Without a battery the clock begins at some old date: nothing may be silent until then."""
    await rung(chat)
    hours.set_clock(-24 * 365 * 10)
    caller = hours.caller()
    await caller.begin()
    hours.pass_by(10)
    await caller.call_due()
    assert told(await chat.delivered()) == {SUPERVISOR: 1, ADMIN: 1}


async def test_a_clock_that_jumps_to_and_fro_silences_nothing(
    chat: Conversation, hours: Hours
) -> None:
    await rung(chat)
    caller = hours.caller()
    for minute in range(10):
        hours.set_clock(5 if minute % 2 else -5)
        hours.pass_by(1)
        await caller.call_due()
    assert told(await chat.delivered()) == {SUPERVISOR: 1, ADMIN: 1}


async def test_a_call_that_is_made_twice_is_one_call(chat: Conversation, hours: Hours) -> None:
    await rung(chat)
    hours.pass_by(10)
    store, now = chat.clinic.store.alarms, chat.clinic.clock.now()
    waits = chat.clinic.services.settings.call_waits()
    (due,) = await store.due(now)
    wait = waits.after(2, due.urgency)
    assert [await store.call(due, [], now, wait) for _ in range(2)] == [True, False]
    assert (await alarm_of(chat.clinic, due.case)).calls == 2


async def test_a_call_that_was_worded_before_somebody_took_the_case_is_not_made(
    chat: Conversation, hours: Hours
) -> None:
    _, _, supervisor, _ = await rung(chat)
    hours.pass_by(10)
    store, now = chat.clinic.store.alarms, chat.clinic.clock.now()
    (due,) = await store.due(now)
    await chat.presses(supervisor, "take:1")
    assert not await store.call(due, [], now, now - now)


async def test_a_call_whose_audit_entry_cannot_be_stored_is_not_made(
    chat: Conversation, hours: Hours
) -> None:
    case, *_ = await rung(chat)
    ward = chat.clinic
    await ward.database.write(
        lambda tx: tx.run(
            "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'full'); END"
        )
    )
    hours.pass_by(10)
    caller = hours.caller()
    assert not await caller.call_due()
    assert await chat.delivered() == []
    await ward.database.write(lambda tx: tx.run("DROP TRIGGER full"))
    assert await caller.call_due()
    assert (await alarm_of(ward, case)).calls == 2


async def test_an_alarm_that_cannot_be_called_keeps_no_other_from_being_called(
    chat: Conversation, hours: Hours
) -> None:
    worker, *_ = await staff(chat)
    first, second = [await chat.alarm(worker, CRITICAL) for _ in range(2)]
    await chat.delivered()
    await chat.clinic.database.write(
        lambda tx: tx.run(
            """CREATE TRIGGER broken BEFORE UPDATE ON alarms WHEN NEW.case_id = 1
            BEGIN SELECT raise(ABORT, 'broken'); END"""
        )
    )
    hours.pass_by(10)
    assert not await hours.caller().call_due()
    assert (await alarm_of(chat.clinic, first)).calls == 1
    assert (await alarm_of(chat.clinic, second)).calls == 2


async def test_what_was_cancelled_or_forgotten_is_quiet(chat: Conversation, hours: Hours) -> None:
    worker, supervisor, _ = await staff(chat)
    forgotten, cancelled = await chat.alarm(worker, CRITICAL), await chat.clinic.open_case(worker)
    claim = await chat.clinic.store.claims.take(timedelta(minutes=1))
    assert claim is not None
    early = ScoredUrgency(urgency=Urgency.CRITICAL, margin=1.0)
    raised = chat.clinic.raised(claim, CRITICAL)
    await chat.clinic.store.claims.raise_alarm(claim, early, raised)
    await chat.delivered()
    await chat.presses(supervisor, f"forget!:{forgotten.case_id}:1")
    await chat.presses(worker, f"cancel:{cancelled.reading_id}")
    hours.pass_by(10)
    await hours.caller().call_due()
    assert await chat.delivered() == []
    states = [await alarm_of(chat.clinic, case) for case in (forgotten, cancelled)]
    assert [each.state for each in states] == [AlarmState.QUIET] * 2


async def test_what_looks_graver_later_is_called_as_something_graver(
    chat: Conversation, hours: Hours
) -> None:
    worker, *_ = await staff(chat)
    case = await chat.alarm(worker, URGENT)
    await follow_up(chat, case, CRITICAL)
    graver = await alarm_of(chat.clinic, case)
    assert (graver.urgency.value, graver.calls, graver.round) == ("critical", 1, 1)
    await chat.delivered()
    hours.pass_by(10)
    await hours.caller().call_due()
    assert "CRITICAL" in words(await chat.delivered())


async def follow_up(chat: Conversation, case: Case, made: Reading) -> None:
    """A question about a case whose answer raises an alarm."""
    await chat.clinic.ask(await found(chat, case.case_id))
    await chat.delivered()
    await chat.clinic.answer(made)


async def test_an_alarm_that_was_taken_rings_anew_only_as_something_graver(
    chat: Conversation,
) -> None:
    worker, supervisor, admin = await staff(chat)
    case = await chat.alarm(worker, URGENT)
    await chat.delivered()
    await chat.presses(supervisor, "take:1")
    await follow_up(chat, case, URGENT)
    assert told(await chat.delivered()) == {supervisor.chat_id: 1}
    assert (await alarm_of(chat.clinic, case)).state is AlarmState.TAKEN
    await follow_up(chat, case, CRITICAL)
    assert told(await chat.delivered()) == {supervisor.chat_id: 1, admin.chat_id: 1}
    assert (await alarm_of(chat.clinic, case)).state is AlarmState.RINGING


async def test_a_case_that_was_signed_off_rings_anew_when_a_later_answer_alarms(
    chat: Conversation, hours: Hours
) -> None:
    case, _, supervisor, admin = await rung(chat)
    await chat.presses(supervisor, "agree:1")
    await follow_up(chat, case, CRITICAL)
    assert told(await chat.delivered()) == {supervisor.chat_id: 1, admin.chat_id: 1}
    again = await alarm_of(chat.clinic, case)
    assert (again.state, again.round, again.calls) == (AlarmState.RINGING, 2, 1)
    hours.pass_by(10)
    await hours.caller().call_due()
    assert told(await chat.delivered()) == {supervisor.chat_id: 1, admin.chat_id: 1}


async def test_urgent_cases_of_a_release_without_alarms_are_told_of_once_at_the_start(
    chat: Conversation, hours: Hours
) -> None:
    worker, supervisor, admin = await staff(chat)
    for made in (URGENT, CRITICAL, reading("FINDINGS: Clear.\nURGENCY: routine")):
        await chat.case(worker, made)
    signed = await chat.case(worker, URGENT)
    await chat.clinic.sign_off(signed.case_id)
    await hours.caller().begin()
    said = await chat.delivered()
    assert told(said) == {supervisor.chat_id: 1, admin.chat_id: 1}
    assert "2 urgent cases from before the update were signed off by nobody." in words(said)
    assert "cases:urgent:0" in buttons(said)
    await hours.caller().begin()
    assert await chat.delivered() == []


async def test_a_health_worker_takes_no_alarm(chat: Conversation) -> None:
    await rung(chat)
    other = await chat.enrol(OTHER)
    assert await chat.presses(other, "take:1") == []
    assert chat.button_answers()[-1] == STALE
