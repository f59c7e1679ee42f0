"""`/stats` tells how soon a human eye fell on what was urgent, and how far supervisors agree."""

import pytest

from bot.domain.cases import Outcome
from bot.domain.ids import ChatId
from bot.domain.messages import Attachment, Outgoing, Reply
from bot.domain.oversight import Agreement, Oversight
from bot.domain.people import Person, Role
from inference.contract import Reading, Urgency
from tests.bot_conversation import SUPERVISOR, WORKER, Conversation, words
from tests.bot_world import Clinic, outbox, reading

CRITICAL = reading("FINDINGS: Left tension pneumothorax.\nURGENCY: critical")
ROUTINE = reading("FINDINGS: Clear lungs.\nURGENCY: routine")
MINUTE = 60.0


@pytest.mark.parametrize(
    ("agreed", "signed", "low", "high"),
    [(9, 10, 0.596, 0.982), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (50, 100, 0.404, 0.596)],
)
def test_the_interval_is_wilsons(agreed: int, signed: int, low: float, high: float) -> None:
    """Values of the table in Newcombe, Stat. Med. 17, 1998, and computed by hand."""
    found = Agreement(urgency=Urgency.URGENT, model="m", agreed=agreed, signed=signed)
    assert found.interval == pytest.approx((low, high), abs=0.001)


async def month(chat: Conversation) -> Oversight:
    ward = chat.clinic
    ward.clock.advance(1)
    since = ward.clock.now().fromtimestamp(0, tz=ward.clock.now().tzinfo)
    return await ward.store.supervisors.oversight(since, ward.clock.now())


async def looked_at_after(
    chat: Conversation, worker: Person, minutes: float | None, made: Reading
) -> int:
    """A case that a supervisor opens so long after it was sent, None for never."""
    case = await chat.case(worker, made)
    if minutes is not None:
        chat.clinic.clock.advance(minutes * MINUTE)
        await chat.presses(SUPERVISOR, f"case:{case.case_id}")
        chat.clinic.clock.advance(-minutes * MINUTE)
    return case.case_id


async def test_the_time_to_the_first_look_counts_what_nobody_has_seen_as_the_longest(
    chat: Conversation,
) -> None:
    await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    for minutes in (1, 2, 3, None):
        await looked_at_after(chat, worker, minutes, CRITICAL)
    for minutes in (None, None, 5):
        await looked_at_after(chat, worker, minutes, ROUTINE)
    critical, routine = (await month(chat)).looks
    assert (critical.urgency, critical.cases, critical.seen) == (Urgency.CRITICAL, 4, 3)
    assert (critical.p50_s, critical.p90_s) == (3 * MINUTE, None)
    assert (routine.seen, routine.p50_s) == (1, None)


async def test_a_sender_who_is_a_supervisor_has_looked_when_they_sign_off(
    chat: Conversation,
) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    case = await chat.case(supervisor, CRITICAL)
    await chat.presses(supervisor, f"case:{case.case_id}")
    (unseen,) = (await month(chat)).looks
    assert unseen.seen == 0
    await chat.presses(supervisor, f"agree:{case.case_id}")
    (seen,) = (await month(chat)).looks
    assert seen.seen == 1


async def test_a_case_that_was_withdrawn_is_not_counted(chat: Conversation) -> None:
    await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    for _ in range(2):
        await chat.case(worker, CRITICAL)
    await chat.presses(worker, "withdraw:1:picture:yes")
    found = await month(chat)
    assert (found.answered, [looks.cases for looks in found.looks]) == (1, [1])


async def test_agreement_is_told_by_urgency_and_model_with_an_interval(
    chat: Conversation,
) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    for number in range(1, 5):
        await chat.case(worker, CRITICAL)
        await chat.presses(supervisor, f"{'disagree' if number == 1 else 'agree'}:{number}")
    await chat.case(worker, ROUTINE)
    await chat.presses(worker, "outcome:1:died")
    await chat.presses(worker, "outcome:5:done_here")
    found = await month(chat)
    assert (found.answered, found.signed) == (5, 4)
    assert [(a.urgency, a.model, a.agreed, a.signed) for a in found.agreements] == [
        (Urgency.CRITICAL, "medgemma-4b-it", 3, 4)
    ]
    assert found.outcomes == {Outcome.DIED: 1, Outcome.DONE_HERE: 1}

    told, picture = await chat.types(supervisor, "/stats")

    said = words([told])
    for part in (
        "Signed off: 4 of 5 (80%)",
        "🔴 CRITICAL: 4 of 4 looked at, half in less than a minute, ",
        "🟢 Routine: 0 of 1 looked at",
        "🔴 CRITICAL, medgemma-4b-it: 3 of 4 (30–95\u00a0%)",  # noqa: RUF001 - a range
        "Outcomes: Treated here 1 · Died 1",
    ):
        assert part in said, part
    assert picture.attachment is not None
    assert picture.attachment.is_picture


async def test_without_a_case_there_is_no_chart(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    assert len(await chat.types(supervisor, "/stats")) == 1


async def test_the_chart_goes_out_as_a_photo_and_a_table_as_a_document(ward: Clinic) -> None:
    for name in ("chart.png", "table.csv"):
        file = Attachment(file_name=name, data=b"of the month")
        told = Outgoing(key=name, chat_id=ChatId(7), reply=Reply(text=name), attachment=file)
        await ward.store.outbox.add(told)
        delivery = await ward.store.outbox.take([])
        assert delivery is not None
        await outbox(ward).deliver_one(delivery)
    assert [sent["caption"] for sent in ward.server.sent("sendPhoto")] == ["chart.png"]
    assert [sent["caption"] for sent in ward.server.sent("sendDocument")] == ["table.csv"]
