"""The sender hears what became of a case, and whoever may open it says how it ended."""

import csv
import io

import pytest

from bot.domain.alarms import AlarmState
from bot.domain.cases import Case, Outcome
from bot.domain.ids import CaseId
from bot.domain.messages import Outgoing
from bot.domain.people import Person, Role
from tests.alarm_world import Hours
from tests.bot_conversation import (
    OTHER,
    STALE,
    SUPERVISOR,
    WORKER,
    Conversation,
    buttons,
    words,
)
from tests.bot_world import reading

CRITICAL = reading("FINDINGS: Left tension pneumothorax.\nURGENCY: critical")
ROUTINE = reading("FINDINGS: Clear lungs.\nURGENCY: routine")
UNKNOWN = reading("FINDINGS: Left tension pneumothorax.")


def to(person: Person, messages: list[Outgoing]) -> str:
    """What somebody is told."""
    return words([message for message in messages if message.chat_id == person.chat_id])


async def now_of(chat: Conversation, case: Case) -> Case:
    found = await chat.clinic.store.cases.get(case.case_id)
    assert found is not None
    return found


@pytest.mark.parametrize("made", [CRITICAL, UNKNOWN])
async def test_the_sender_hears_once_who_has_opened_a_case_that_somebody_must_see(
    chat: Conversation, made: object
) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    case = await chat.case(worker, CRITICAL if made is CRITICAL else UNKNOWN)
    said = await chat.presses(supervisor, "case:1")
    assert to(worker, said) == "👁 C-0001: Person 3 has opened it."
    assert to(worker, await chat.presses(supervisor, "case:1")) == ""
    seen = await now_of(chat, case)
    assert (seen.seen_by, seen.seen_at) == (supervisor.user_id, chat.clinic.clock.now())


async def test_a_case_that_looks_routine_or_ones_own_is_opened_without_a_word(
    chat: Conversation,
) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    await chat.case(worker, ROUTINE)
    own = await chat.case(supervisor, CRITICAL)
    assert to(worker, await chat.presses(supervisor, "case:1")) == ""
    await chat.presses(supervisor, "case:2")
    assert (await now_of(chat, own)).seen_at is None
    await chat.types(worker, "/case 1")  # the sender's own eyes are not the first
    assert (await now_of(chat, own)).seen_at is None


async def test_the_sender_hears_that_the_supervisor_agrees_and_what_to_do(
    chat: Conversation,
) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    await chat.case(worker, CRITICAL)
    said = await chat.presses(supervisor, "agree:1")
    assert "☑ C-0001: Person 3 agrees with the reading." in to(worker, said)
    assert "tell the sender what to do" in to(supervisor, said)
    confirmation = chat.id_of(said, "signed off")
    noted = await chat.types(supervisor, "needle, now", reply_to=confirmation)
    assert "What to do:" in to(worker, noted)
    assert "needle, now" in to(worker, noted)


async def test_an_outcome_is_asked_for_noted_and_shown(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    case = await chat.case(worker, ROUTINE)
    assert "outcome:1" in buttons(await chat.types(worker, "/case 1"))
    asked = await chat.presses(worker, "outcome:1")
    assert buttons(asked) == [f"outcome:1:{outcome}" for outcome in Outcome]
    said = await chat.presses(worker, "outcome:1:died")
    assert "C-0001, outcome: Died." in words(said)
    assert "Outcome: Died, 2 Mar 2026" in words(await chat.types(worker, "/case 1"))
    ended = await now_of(chat, case)
    assert (ended.outcome, ended.outcome_by) == (Outcome.DIED, worker.user_id)
    await chat.presses(worker, "outcome:1:done_here")
    assert (await now_of(chat, case)).outcome is Outcome.DONE_HERE


async def test_the_place_of_a_referral_is_the_next_message_or_a_reply(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    case = await chat.case(worker, ROUTINE)
    assert "To where?" in words(await chat.presses(worker, "outcome:1:referred"))
    asked = await chat.last_message_id()
    assert "place is kept" in words(await chat.types(worker, "<b>Regional</b> Hospital"))
    assert (await now_of(chat, case)).referred_to == "<b>Regional</b> Hospital"
    assert "&lt;b&gt;Regional" in words(await chat.types(worker, "/case 1"))
    assert "Send a photo" in words(await chat.types(worker, "thank you"))
    await chat.types(worker, "District Hospital", reply_to=asked)
    assert (await now_of(chat, case)).referred_to == "District Hospital"
    await chat.presses(worker, "outcome:1:lost")
    assert (await now_of(chat, case)).referred_to is None


async def test_a_text_long_after_a_referral_is_no_place(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    case = await chat.case(worker, ROUTINE)
    await chat.presses(worker, "outcome:1:referred")
    chat.clinic.clock.advance(11 * 60)
    assert "Send a photo" in words(await chat.types(worker, "good morning"))
    assert (await now_of(chat, case)).referred_to is None


async def test_an_outcome_ends_the_alarm_and_all_who_were_called_and_the_sender_hear_it(
    chat: Conversation,
) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    second = await chat.enrol(4, Role.ADMIN)
    worker = await chat.enrol(WORKER)
    case = await chat.alarm(worker, CRITICAL)
    await chat.delivered()
    said = await chat.presses(supervisor, "outcome:1:referred")
    told = "C-0001, outcome: Referred. Said by Person 3."
    assert to(worker, said) == told
    assert to(second, said) == told
    assert [m.edits is not None for m in said if m.chat_id == second.chat_id] == [True]
    alarm = await chat.clinic.store.alarms.of_case(case.case_id)
    assert alarm is not None
    assert alarm.state is AlarmState.QUIET
    hours = Hours(chat.clinic)
    hours.pass_by(60)
    await hours.caller().call_due()
    assert await chat.delivered() == []


@pytest.mark.parametrize(
    ("outcome", "by_worker", "by_supervisor"),
    [
        (Outcome.REFERRED, AlarmState.QUIET, AlarmState.QUIET),
        (Outcome.DIED, AlarmState.QUIET, AlarmState.QUIET),
        (Outcome.DONE_HERE, AlarmState.RINGING, AlarmState.QUIET),
        (Outcome.LOST, AlarmState.RINGING, AlarmState.QUIET),
    ],
)
async def test_what_a_health_worker_treats_or_cannot_find_is_still_for_a_supervisor_to_see(
    chat: Conversation, outcome: Outcome, by_worker: AlarmState, by_supervisor: AlarmState
) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    await chat.alarm(worker, CRITICAL)
    await chat.delivered()
    for person, state in ((worker, by_worker), (supervisor, by_supervisor)):
        await chat.presses(person, f"outcome:1:{outcome}")
        alarm = await chat.clinic.store.alarms.of_case(CaseId(1))
        assert alarm is not None
        assert alarm.state is state


async def test_nobody_says_the_outcome_of_a_case_that_they_may_not_open(
    chat: Conversation,
) -> None:
    worker, other = await chat.enrol(WORKER), await chat.enrol(OTHER)
    case, withdrawn = await chat.case(worker, ROUTINE), await chat.case(worker, ROUTINE)
    waiting = await chat.clinic.open_case(worker)
    await chat.delivered()
    await chat.presses(worker, f"withdraw:{withdrawn.case_id}:twice:yes")
    for who, data in (
        (other, "outcome:1"),
        (other, "outcome:1:died"),
        (worker, "outcome:1:resurrected"),
        (worker, f"outcome:{waiting.case_id}:died"),
        (worker, f"outcome:{withdrawn.case_id}:died"),
        (worker, "outcome"),
    ):
        assert await chat.presses(who, data) == []
        assert chat.button_answers()[-1] == STALE
    assert (await now_of(chat, case)).outcome is None


async def test_a_case_with_an_outcome_is_not_left_to_the_next_shift(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    night, day = await chat.enrol(WORKER), await chat.enrol(OTHER)
    for person in (night, day):
        await chat.types(supervisor, f"/ward {person.name} = Maternity")
    await chat.case(night, ROUTINE)
    await chat.types(day, "/duty on")
    assert "C-0001" in words(await chat.types(day, "/shift"))
    assert "outcome:1" in buttons(await chat.presses(day, "case:1"))
    said = await chat.presses(day, "outcome:1:done_here")
    assert "Said by Person 2." in to(night, said)
    assert "left no case" in words(await chat.types(day, "/shift"))


async def test_the_card_of_an_alarm_that_rings_can_take_it(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    await chat.alarm(worker, CRITICAL)
    await chat.delivered()
    card = await chat.types(supervisor, "/case 1")
    assert "take:1" in buttons(card)
    assert "Nobody has taken this case yet." in words(card)
    assert "take:1" not in buttons(await chat.types(worker, "/case 1"))
    await chat.presses(supervisor, "take:1")
    card = await chat.types(worker, "/case 1")
    assert "Person 3 has it" in words(card)


async def test_the_table_says_who_looked_first_and_what_became_of_a_case(
    chat: Conversation,
) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    await chat.case(worker, CRITICAL)
    await chat.presses(supervisor, "case:1")
    await chat.presses(worker, "outcome:1:referred")
    await chat.types(worker, "Regional Hospital")
    chat.clinic.clock.advance(1)
    (table,) = await chat.types(supervisor, "/export all")
    assert table.attachment is not None
    (row,) = csv.DictReader(io.StringIO(table.attachment.data.decode("utf-8-sig")))
    names = ("seen_by", "outcome", "outcome_by", "referred_to")
    assert [row[name] for name in names] == [
        *("Person 3", "referred", "Person 1", "Regional Hospital"),
    ]
    assert row["seen_at"] == row["outcome_at"] == "2026-03-02T08:00:00+00:00"
