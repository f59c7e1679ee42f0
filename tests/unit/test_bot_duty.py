"""Who is on duty hears first, and the next shift of a ward finds what the last one left."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.audit import Act
from bot.domain.cases import Case
from bot.domain.duty import SAID_LASTS, Duty, hours, parse_plan
from bot.domain.people import Person, Role
from inference.contract import Language
from tests.alarm_world import Hours, clinic_in_lagos
from tests.bot_conversation import (
    ADMIN,
    OTHER,
    SUPERVISOR,
    WORKER,
    Conversation,
    buttons,
    words,
)
from tests.bot_world import Clinic, actor, reading

CRITICAL = reading("FINDINGS: Left tension pneumothorax.\nURGENCY: critical")
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
WEEK = (0, 1, 2, 3, 4)
THIRD = 21


@pytest.fixture(autouse=True)
def lagos() -> Iterator[None]:
    with clinic_in_lagos():
        yield


@pytest.mark.parametrize(
    ("typed", "days", "when"),
    [
        ("Mon-Fri 07:00-15:00", WEEK, "07:00-15:00"),
        ("mon – fri 7–15", WEEK, "07:00-15:00"),  # noqa: RUF001 - phones write it so
        ("lun.-ven. 7h30-15h", WEEK, "07:30-15:00"),
        ("Lundi-Vendredi 7h-15h", WEEK, "07:00-15:00"),
        ("seg-sex 07.00-15.00", WEEK, "07:00-15:00"),
        ("Litinin-Jumma'a 07:00-15:00", None, ""),
        ("Lit-Jum 07:00-15:00", WEEK, "07:00-15:00"),
        ("Sáb 19:00-07:00", (5,), "19:00-07:00"),
        ("Sat-Mon 19-7", (5, 6, 0), "19:00-07:00"),
        ("22:00-06:00", (0, 1, 2, 3, 4, 5, 6), "22:00-06:00"),
        ("Sun 0-24", (6,), "00:00-00:00"),
        ("Mon 25:00-26:00", None, ""),
        ("Mon 07:60-08:00", None, ""),
        ("Funday 07:00-15:00", None, ""),
        ("always", None, ""),
        ("", None, ""),
        (",", None, ""),
    ],
)
def test_shifts_are_understood_as_people_type_them(
    typed: str, days: tuple[int, ...] | None, when: str
) -> None:
    plan = parse_plan(typed)
    if days is None:
        assert plan is None
    else:
        assert plan is not None
        assert [(shift.days, hours(shift)) for shift in plan] == [(days, when)]


def test_several_shifts_are_typed_one_after_the_other_and_one_bad_one_spoils_all() -> None:
    plan = parse_plan("Mon-Fri 07:00-15:00, Sat 19:00-07:00; Sun 8-12")
    assert plan is not None
    assert len(plan) == 3
    assert parse_plan("Mon-Fri 07:00-15:00, Sat") is None
    assert parse_plan(", ".join(["Mon 7-8"] * 15)) is None


@pytest.mark.parametrize(
    ("plan", "utc", "is_on"),
    [
        ("Mon 07:00-15:00", "2026-03-02T05:59", False),
        ("Mon 07:00-15:00", "2026-03-02T06:00", True),
        ("Mon 07:00-15:00", "2026-03-02T14:00", False),
        ("Mon 07:00-15:00", "2026-03-03T08:00", False),
        ("Sat 19:00-07:00", "2026-03-07T20:00", True),
        ("Sat 19:00-07:00", "2026-03-08T05:00", True),
        ("Sat 19:00-07:00", "2026-03-08T06:00", False),
        ("Sat 19:00-07:00", "2026-03-07T05:00", False),
        ("Sun 19:00-07:00", "2026-03-02T02:00", True),  # over the end of the week
        ("Sun 0-24", "2026-03-08T12:00", True),
    ],
)
def test_a_shift_is_in_the_clinics_time_and_may_pass_midnight(
    plan: str, utc: str, is_on: bool
) -> None:
    duty = Duty(plan=parse_plan(plan) or ())
    assert duty.is_on(datetime.fromisoformat(utc).replace(tzinfo=UTC)) is is_on


def test_what_somebody_says_comes_before_the_plan_and_does_not_hold_for_ever() -> None:
    plan = parse_plan("Mon 07:00-15:00") or ()
    off = Duty(plan=plan, said=False, said_until=MONDAY + SAID_LASTS)
    assert not off.is_on(MONDAY + timedelta(hours=8))
    assert off.is_on(MONDAY + timedelta(days=7, hours=8))
    on = Duty(said=True, said_until=MONDAY + SAID_LASTS)
    assert on.is_on(MONDAY)
    assert not on.is_on(MONDAY + SAID_LASTS)
    assert not on.is_on(MONDAY - timedelta(days=365))  # the clock was set back


async def alarmed(chat: Conversation) -> set[int]:
    """Who hears of an alarm at its first call."""
    worker = await chat.clinic.enrol(THIRD, name="Zainab")
    await chat.alarm(worker, CRITICAL)
    return {int(message.chat_id) for message in await chat.delivered()}


async def test_whoever_is_on_duty_hears_first_and_the_others_at_the_second_call(
    chat: Conversation, ward: Clinic
) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    await chat.enrol(ADMIN, Role.ADMIN)
    assert "You are on duty." in words(await chat.presses(supervisor, "duty:on"))
    assert await alarmed(chat) == {SUPERVISOR}
    hours = Hours(ward)
    caller = hours.caller()
    hours.pass_by(10)
    await caller.call_due()
    assert {int(message.chat_id) for message in await chat.delivered()} == {SUPERVISOR, ADMIN}


async def test_where_nobody_is_on_duty_everybody_hears_at_once(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    await chat.enrol(ADMIN, Role.ADMIN)
    await chat.types(supervisor, "/duty Mon-Fri 19:00-07:00")
    worker = await chat.enrol(WORKER)
    await chat.types(worker, "/duty on")  # health workers are told of nobody's alarm
    assert await alarmed(chat) == {SUPERVISOR, ADMIN}


async def test_the_plan_of_shifts_says_who_hears_first(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    admin = await chat.enrol(ADMIN, Role.ADMIN)
    planned = await chat.types(supervisor, "/duty Mon-Fri 07:00-15:00, Sat 19:00-07:00")
    assert "Mon - Fri 07:00-15:00" in words(planned)
    assert await alarmed(chat) == {SUPERVISOR}
    await chat.types(supervisor, "/duty off")
    await chat.types(admin, "/duty on")
    assert await alarmed(chat) == {ADMIN}


async def test_somebody_on_duty_who_sent_the_case_leaves_the_others_to_hear(
    chat: Conversation,
) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    await chat.enrol(ADMIN, Role.ADMIN)
    await chat.types(supervisor, "/duty on")
    await chat.alarm(supervisor, CRITICAL)
    assert [int(message.chat_id) for message in await chat.delivered()] == [ADMIN]


async def test_duty_tells_how_it_stands_and_how_to_change_it(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    told = await chat.types(supervisor, "/duty")
    assert "You are off duty." in words(told)
    assert "Nobody is on duty: an alarm is told to everybody at once." in words(told)
    assert buttons(told) == ["duty:on", "duty:off"]
    await chat.types(supervisor, "/duty Mon 07:00-15:00")
    told = await chat.types(supervisor, "/duty")
    assert "Your shifts: Mon 07:00-15:00" in words(told)
    assert "On duty now: Person 3" in words(told)
    assert "Person 3" not in words(await chat.types(worker, "/duty"))
    await chat.types(supervisor, "/duty none")
    assert "Your shifts" not in words(await chat.types(supervisor, "/duty"))
    assert "I do not understand these shifts" in words(await chat.types(worker, "/duty nights"))


async def test_days_are_written_as_the_reader_writes_them(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR, Language.FRENCH)
    assert "lun. - ven. 07:00-15:00" in words(await chat.types(supervisor, "/duty lun-ven 7h-15h"))


async def ward_of_two(chat: Conversation) -> tuple[Person, Person, Case]:
    """The nurse of the night, who went home, and the one of the day; a case that was answered."""
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    night, day = await chat.enrol(WORKER), await chat.enrol(OTHER)
    for person in (night, day):
        await chat.types(supervisor, f"/ward {person.name} = Maternity")
    return night, day, await chat.case(night, CRITICAL)


async def test_the_next_shift_of_a_ward_opens_what_the_last_one_left(chat: Conversation) -> None:
    night, day, case = await ward_of_two(chat)
    assert "no such case" in words(await chat.types(day, "/case 1"))
    assert "while you are on duty" in words(await chat.types(day, "/shift"))
    said = await chat.presses(day, "duty:on")
    assert "The last shift of your ward left 1 case: /shift" in words(said)
    listed = await chat.types(day, "/shift")
    assert "Maternity · 1 case" in words(listed)
    assert "C-0001" in words(listed)
    assert night.name in words(listed)
    assert buttons(listed) == ["case:1"]
    assert "tension pneumothorax" in words(await chat.presses(day, "case:1"))
    card = await chat.last_message_id()
    assert "Question on case C-0001" in words(await chat.types(day, "Which side?", reply_to=card))
    entries = [each for each in await chat.clinic.store.audit.newest(9) if each.act is Act.VIEWED]
    assert [(each.name, each.subject) for each in entries] == [(day.name, case.code)]


async def test_all_that_the_last_shift_left_is_listed_page_by_page(chat: Conversation) -> None:
    night, day, _ = await ward_of_two(chat)
    for _number in range(18):
        await chat.case(night)
    assert "left 19 cases" in words(await chat.presses(day, "duty:on"))
    said, seen = await chat.types(day, "/shift"), list[str]()
    for turns in (["shift:12"], ["shift:0", "shift:4"], ["shift:0"]):
        assert "Maternity · 19 cases" in words(said)
        seen += [data for data in buttons(said) if data.startswith("case:")]
        assert [data for data in buttons(said) if data.startswith("shift:")] == turns
        assert said[0].edits == (None if len(seen) == 8 else 900)
        said = await chat.presses(day, turns[-1])
    assert seen == [f"case:{number}" for number in range(19, 0, -1)]
    assert "case:19" in buttons(said)


async def test_a_case_whose_sender_is_on_duty_is_not_left_to_anybody(chat: Conversation) -> None:
    night, day, _ = await ward_of_two(chat)
    await chat.presses(night, "duty:on")
    assert "left" not in words(await chat.presses(day, "duty:on"))
    assert "left no case" in words(await chat.types(day, "/shift"))


@pytest.mark.parametrize("why", ["another ward", "no ward", "off duty", "older than a day"])
async def test_a_case_stays_closed_to_whom_it_was_not_left(chat: Conversation, why: str) -> None:
    _, day, _ = await ward_of_two(chat)
    await chat.presses(day, "duty:on")
    if why == "another ward":
        await chat.types(SUPERVISOR, f"/ward {day.name} = Surgery")
    if why == "no ward":
        await chat.types(SUPERVISOR, f"/ward {day.name} =")
    if why == "off duty":
        await chat.presses(day, "duty:off")
    if why == "older than a day":
        chat.clinic.clock.advance(25 * 3600)
        await chat.presses(day, "duty:on")
    assert "C-0001" not in words(await chat.types(day, "/shift"))
    assert "no such case" in words(await chat.types(day, "/case 1"))
    assert "tension" not in words(await chat.presses(day, "case:1"))
    for listed in ("/cases", "/cases all"):
        assert "C-0001" not in words(await chat.types(day, listed))


async def test_a_case_that_was_withdrawn_is_left_to_nobody(chat: Conversation) -> None:
    night, day, _ = await ward_of_two(chat)
    await chat.presses(night, "withdraw:1:twice:yes")
    await chat.presses(day, "duty:on")
    assert "left no case" in words(await chat.types(day, "/shift"))
    assert "no such case" in words(await chat.types(day, "/case 1"))


async def test_a_supervisor_says_who_belongs_to_which_ward(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    await chat.enrol(WORKER)
    assert "Nobody belongs to a ward." in words(await chat.types(supervisor, "/ward"))
    assert "Several people have this name" in words(
        await chat.types(supervisor, "/ward person = Maternity")
    )
    assert "Nobody has this name" in words(await chat.types(supervisor, "/ward Zzz = Maternity"))
    assert "Nobody has this name" in words(await chat.types(supervisor, "/ward = Maternity"))
    said = await chat.types(
        supervisor, f"/ward Person {WORKER} =  the   <b>Maternity</b> " + "x" * 90
    )
    assert "&lt;b&gt;Maternity" in words(said)
    listed = words(await chat.types(supervisor, "/ward"))
    assert "the &lt;b&gt;Maternity" in listed
    assert f"• Person {WORKER}" in listed
    await chat.types(supervisor, f"/ward Person {WORKER} =")
    assert "Nobody belongs to a ward." in words(await chat.types(supervisor, "/ward"))


async def test_somebody_whose_name_is_within_anothers_is_meant_by_the_whole_of_it(
    chat: Conversation,
) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    for user_id, name in ((31, "Amina"), (32, "Amina Bello")):
        await chat.clinic.enrol(user_id, name=name)
    assert "Amina belongs to: Maternity" in words(
        await chat.types(supervisor, "/ward amina = Maternity")
    )


async def test_the_same_update_served_again_says_it_once(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    by = actor(supervisor)
    for _ in range(2):
        await chat.clinic.store.roster.say(on=True, by=by)
    entries = await chat.clinic.store.audit.newest(20)
    assert [each.subject for each in entries].count("duty on") == 1
