"""What looks urgent is told before its text is written, once, and stays on record."""

import asyncio
from typing import Any

import pytest

from bot.domain.alarms import AlarmState
from bot.domain.audit import Actor
from bot.domain.cases import Case, CaseStatus
from bot.domain.ids import MessageId
from bot.domain.messages import Outgoing, Reply
from bot.domain.people import Role
from bot.store.listing import CaseFilter
from bot.store.topics import Topic
from inference.contract import Language, ScoredUrgency, Urgency
from inference.errors import EngineStopped
from inference.scripted import ScriptedAnswer, ScriptedExecutor
from tests.analyst_world import analyst, instantly, now_of
from tests.bot_world import URGENT_TEXT, Clinic


class Hesitant(ScriptedExecutor):
    """Says how urgent a picture looks, and its text only when it is told to."""

    def __init__(self, scored: Urgency, text: str = URGENT_TEXT) -> None:
        self.scored = ScoredUrgency(urgency=scored, margin=2.0)
        self.finish = asyncio.Event()
        super().__init__(default=ScriptedAnswer(text=text, scored=self.scored), sleep=self._wait)

    async def _wait(self, _delay_s: float) -> None:
        await self.finish.wait()


async def notices(ward: Clinic) -> list[tuple[int, str]]:
    """What is told to supervisors, in order; it is taken as delivered."""
    told = []
    while (delivery := await ward.store.outbox.take([])) is not None:
        if delivery.removes:
            await ward.store.outbox.removed(delivery)
            continue
        if ":early:" in delivery.message.key or ":notice:" in delivery.message.key:
            told.append((int(delivery.chat_id), delivery.message.reply.text))
        await ward.store.outbox.sent(delivery, MessageId(8000 + delivery.outbox_id))
    return told


async def test_supervisors_hear_of_what_looks_critical_before_its_text_is_written(
    ward: Clinic,
) -> None:
    await ward.enrol(1, Role.SUPERVISOR)
    case = await ward.open_case(await ward.enrol(7))
    executor = Hesitant(Urgency.CRITICAL)
    with ward.store.signals.listen(Topic.OUTBOX) as messages:
        work = asyncio.get_running_loop().create_task(
            analyst(ward, executor, sleep=instantly).work_once()
        )
        while not (told := await notices(ward)):
            await messages.wait(5)
    assert [(chat, "CRITICAL, first look" in text) for chat, text in told] == [(1, True)]
    assert (await now_of(ward, case)).status is CaseStatus.READING
    executor.finish.set()
    assert await work
    answered = (await now_of(ward, case)).reading
    assert answered is not None
    assert answered.scored == executor.scored
    assert answered.urgency is Urgency.CRITICAL
    ((chat, text),) = await notices(ward)
    assert chat == 1
    assert "Two urgency results differ" in text


async def test_an_alarm_that_a_later_attempt_repeats_is_told_once(
    ward: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ward.enrol(1, Role.SUPERVISOR)
    await ward.open_case(await ward.enrol(7))
    raised = asyncio.Event()
    raise_alarm = ward.store.claims.raise_alarm

    async def note(*told: Any) -> None:
        await raise_alarm(*told)
        raised.set()

    async def until_raised(_delay_s: float) -> None:
        await raised.wait()

    monkeypatch.setattr(ward.store.claims, "raise_alarm", note)
    alarm = ScoredUrgency(urgency=Urgency.CRITICAL, margin=2.0)
    failing = ScriptedAnswer(scored=alarm, pieces=1, error=EngineStopped())
    reader = analyst(ward, ScriptedExecutor(default=failing, sleep=until_raised), sleep=instantly)
    told = []
    for _ in range(2):
        raised.clear()
        assert await reader.work_once()
        ward.clock.advance(60)
        told.append(len(await notices(ward)))
    assert told == [1, 0]


@pytest.mark.parametrize("later", [Urgency.URGENT, Urgency.ROUTINE])
async def test_an_alarm_stays_on_record_however_mild_a_later_attempt_looks(
    ward: Clinic, later: Urgency
) -> None:
    """A lower tier may see it otherwise; the supervisors were told, and the graver counts."""
    await ward.enrol(1, Role.SUPERVISOR)
    case = await ward.open_case(await ward.enrol(7))
    alarm = ScoredUrgency(urgency=Urgency.CRITICAL, margin=2.0)
    raising = Hesitant(alarm.urgency)
    with ward.store.signals.listen(Topic.OUTBOX) as messages:
        work = asyncio.get_running_loop().create_task(
            analyst(ward, raising, sleep=instantly).work_once()
        )
        while len(await notices(ward)) < 1:
            await messages.wait(5)
    work.cancel()
    await asyncio.wait([work])
    mild = ScriptedAnswer(
        text="FINDINGS: Clear.\nURGENCY: routine", scored=ScoredUrgency(urgency=later, margin=1.0)
    )
    assert await analyst(ward, ScriptedExecutor([mild]), sleep=instantly).work_once()
    answered = (await now_of(ward, case)).reading
    assert answered is not None
    assert answered.urgency is Urgency.CRITICAL
    assert answered.scored == raising.scored
    ((_, text),) = await notices(ward)
    assert "Two urgency results differ" in text


async def test_what_looks_routine_disturbs_nobody_before_its_text(ward: Clinic) -> None:
    await ward.enrol(1, Role.SUPERVISOR)
    await ward.open_case(await ward.enrol(7))
    calm = ScoredUrgency(urgency=Urgency.ROUTINE, margin=2.0)
    answer = ScriptedAnswer(text="URGENCY: routine", scored=calm, delay_s=0.1)
    await analyst(ward, ScriptedExecutor([answer]), sleep=instantly).work_once()
    assert await notices(ward) == []


async def test_a_routine_text_after_an_alarming_first_sight_is_told_as_a_contradiction(
    ward: Clinic,
) -> None:
    await ward.enrol(1, Role.SUPERVISOR)
    case = await ward.open_case(await ward.enrol(7))
    alarm = ScoredUrgency(urgency=Urgency.CRITICAL, margin=0.1)
    quick = ScriptedAnswer(text="FINDINGS: Clear.\nURGENCY: routine", scored=alarm)
    await analyst(ward, ScriptedExecutor([quick])).work_once()
    ((_, text),) = await notices(ward)  # a quick answer needs no early notice
    assert "CRITICAL" in text
    assert "In its text: 🟢 Routine" in text
    urgent = await ward.store.cases.page(CaseFilter(urgent=True), limit=5)
    assert [found.case_id for found in urgent] == [case.case_id]


async def answers(ward: Clinic, case: Case, answer: str, message_id: int = 900) -> None:
    """Ask a question about a case, and have it answered."""
    await ward.store.readings.ask(
        case,
        "What else is there?",
        asked_by=case.sender_id,
        chat_id=case.chat_id,
        message_id=MessageId(message_id),
        language=Language.ENGLISH,
        by=Actor.at_the_machine(),
        received=lambda number, _place: Outgoing(
            key=f"q{number}", chat_id=case.chat_id, reply=Reply(text="received")
        ),
    )
    executor = ScriptedExecutor([ScriptedAnswer(text=answer)])
    assert await analyst(ward, executor).work_once()


async def test_an_answer_to_a_question_that_names_something_graver_alarms_for_its_case(
    ward: Clinic,
) -> None:
    await ward.enrol(1, Role.SUPERVISOR)
    case = await ward.open_case(await ward.enrol(7))
    routine = ScriptedAnswer(text="FINDINGS: Clear.\nURGENCY: routine")
    await analyst(ward, ScriptedExecutor([routine])).work_once()
    assert await notices(ward) == []

    await answers(ward, case, "There is free air under the diaphragm.")

    ((told, text),) = await notices(ward)
    assert told == 1
    assert "CRITICAL" in text
    assert "“There is free air under the diaphragm.”" in text
    urgent = await ward.store.cases.page(CaseFilter(urgent=True), limit=5)
    assert [found.case_id for found in urgent] == [case.case_id]
    reading = (await now_of(ward, case)).reading
    assert reading is not None
    assert reading.urgency is Urgency.CRITICAL


async def test_an_answer_that_names_what_its_case_is_known_for_alarms_nobody_again(
    ward: Clinic,
) -> None:
    await ward.enrol(1, Role.SUPERVISOR)
    case = await ward.open_case(await ward.enrol(7))
    critical = ScriptedAnswer(text="FINDINGS: Free air.\nURGENCY: critical")
    await analyst(ward, ScriptedExecutor([critical])).work_once()
    assert len(await notices(ward)) == 1

    await answers(ward, case, "Yes: free air under the right diaphragm.")

    assert await notices(ward) == []


async def test_a_critical_answer_about_a_critical_case_that_was_signed_off_rings_again(
    ward: Clinic,
) -> None:
    """Whoever signed it off had not heard of it."""
    await ward.enrol(1, Role.SUPERVISOR)
    case = await ward.open_case(await ward.enrol(7))
    critical = ScriptedAnswer(text="FINDINGS: Free air.\nURGENCY: critical")
    await analyst(ward, ScriptedExecutor([critical])).work_once()
    assert len(await notices(ward)) == 1
    await ward.sign_off(case.case_id)

    await answers(ward, case, "The gallbladder cannot be seen.")
    assert await notices(ward) == []

    await answers(ward, case, "Yes: free air under the right diaphragm.", 901)

    ((told, text),) = await notices(ward)
    assert told == 1
    assert "CRITICAL" in text
    alarm = await ward.store.alarms.of_case(case.case_id)
    assert alarm is not None
    assert (alarm.state, alarm.round) == (AlarmState.RINGING, 2)


async def test_a_routine_text_that_names_a_critical_finding_alarms(ward: Clinic) -> None:
    await ward.enrol(1, Role.SUPERVISOR)
    await ward.open_case(await ward.enrol(7))
    named = ScriptedAnswer(text="IMPRESSION: Tension pneumothorax.\nURGENCY: routine")
    await analyst(ward, ScriptedExecutor([named])).work_once()
    ((_, text),) = await notices(ward)
    assert "Raised because the text says: “Tension pneumothorax.”" in text
