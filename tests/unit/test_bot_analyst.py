"""The analyst: one claim seen to its end, whatever the engine does."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

import pytest
from typing_extensions import override

from bot.analyst import Analyst
from bot.domain.cases import Case, CaseStatus
from bot.domain.ids import ChatId, MessageId
from bot.domain.messages import Mark, Reply
from bot.domain.people import Role
from bot.store.claims import MAX_FAILURES
from bot.store.database import DiskFault
from bot.store.listing import CaseFilter
from inference.contract import (
    EngineState,
    EngineStatus,
    Executor,
    FirstUrgency,
    PartialText,
    Reading,
    ReadRequest,
    ScoredUrgency,
    Urgency,
)
from inference.errors import DeadlineExceeded, EngineAway, EngineStopped, RequestRefused
from inference.fake import Answer, ScriptedExecutor
from tests import background
from tests.bot_world import START, URGENT_TEXT, Clinic

WITHIN_S = 10
LONG_LEASE = timedelta(days=1)
Shown = list[tuple[ChatId, MessageId, str]]


class GatedExecutor:
    """Reads until it is told to finish."""

    def __init__(self) -> None:
        self.reading = asyncio.Event()
        self.finish = asyncio.Event()
        self.cancelled = False
        self.inner = ScriptedExecutor([Answer(text=URGENT_TEXT)])

    async def read(
        self,
        request: ReadRequest,
        on_partial: PartialText,
        on_urgency: FirstUrgency | None = None,
    ) -> Reading:
        self.reading.set()
        try:
            await self.finish.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        return await self.inner.read(request, on_partial, on_urgency)

    def status(self) -> EngineStatus:
        return self.inner.status()


class FailedExecutor(ScriptedExecutor):
    """An engine that cannot run for now."""

    @override
    def status(self) -> EngineStatus:
        return EngineStatus(state=EngineState.FAILED)


class Roomy:
    """An engine that reads several at once, each until it is told to finish."""

    def __init__(self, slots: int) -> None:
        self._slots = slots
        self._inner = ScriptedExecutor()
        self.reading: list[str] = []
        self.begun = asyncio.Event()
        self.finish = asyncio.Event()

    async def read(
        self,
        request: ReadRequest,
        on_partial: PartialText,
        on_urgency: FirstUrgency | None = None,
    ) -> Reading:
        self.reading.append(request.request_id)
        self.begun.set()
        await self.finish.wait()
        return await self._inner.read(request, on_partial)

    def status(self) -> EngineStatus:
        return EngineStatus(state=EngineState.READY, slots=self._slots)

    async def until_reading(self, count: int) -> None:
        async with asyncio.timeout(WITHIN_S):
            while len(self.reading) < count:
                self.begun.clear()
                await self.begun.wait()


def working(ward: Clinic, executor: Executor) -> AbstractAsyncContextManager[None]:
    """Have the loop run while the block does."""
    return background.running(analyst(ward, executor).work())


class Enough(Exception):
    """Ends a loop that runs for ever."""


def analyst(
    ward: Clinic,
    executor: Executor,
    shown: Shown | None = None,
    marked: list[tuple[MessageId, Mark | None]] | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Analyst:
    async def show(chat_id: ChatId, message_id: MessageId, reply: Reply) -> None:
        if shown is not None:
            shown.append((chat_id, message_id, reply.text))

    async def mark(_chat_id: ChatId, message_id: MessageId, mark: Mark | None) -> None:
        if marked is not None:
            marked.append((message_id, mark))

    return Analyst(
        store=ward.store, executor=executor, clock=ward.clock, show=show, mark=mark, sleep=sleep
    )


async def unmarked(_chat_id: ChatId, _message_id: MessageId, _mark: Mark | None) -> None:
    """Marks nothing."""


async def outbox_texts(ward: Clinic, chat_id: int) -> list[str]:
    """What waits to be delivered to a chat, in order; it is taken as delivered."""
    texts = []
    busy: list[int] = []
    while (delivery := await ward.store.outbox.take(busy, ward.clock.now())) is not None:
        if delivery.chat_id == chat_id:
            texts.append(delivery.message.reply.text)
        message_id = MessageId(9000 + delivery.outbox_id)
        await ward.store.outbox.sent(delivery, message_id, ward.clock.now())
    return texts


async def now_of(ward: Clinic, case: Case) -> Case:
    found = await ward.store.cases.get(case.case_id)
    assert found is not None
    return found


async def test_a_case_is_read_stored_and_answered_with_its_code(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    executor = ScriptedExecutor()
    assert await analyst(ward, executor).work_once()
    answered = await now_of(ward, case)
    assert answered.status is CaseStatus.ANSWERED
    assert answered.answered_at == START
    assert executor.requests[0].pictures == (b"a film",)
    assert executor.requests[0].patient.indication == "cough for 3 weeks"
    texts = await outbox_texts(ward, 7)
    assert texts[0] == "received"
    assert case.code in texts[1]
    assert "PRACTICE MODEL" in texts[1]


async def test_nothing_waiting_is_no_work(ward: Clinic) -> None:
    assert not await analyst(ward, ScriptedExecutor()).work_once()


async def test_every_supervisor_hears_of_an_urgent_case_and_its_sender_only_once(
    ward: Clinic,
) -> None:
    boss = await ward.enrol(1, Role.SUPERVISOR)
    await ward.enrol(2, Role.ADMIN)
    revoked = await ward.enrol(3, Role.SUPERVISOR)
    await ward.store.people.revoke(revoked.user_id, START)
    await ward.open_case(boss)
    await analyst(ward, ScriptedExecutor([Answer(text=URGENT_TEXT)])).work_once()
    keys = []
    while (delivery := await ward.store.outbox.take([], ward.clock.now())) is not None:
        keys.append((delivery.chat_id, delivery.message.key))
        await ward.store.outbox.sent(delivery, MessageId(len(keys)), START)
    notices = [chat_id for chat_id, key in keys if "notice" in key]
    assert notices == [2]


async def test_a_routine_case_disturbs_no_supervisor(ward: Clinic) -> None:
    await ward.enrol(1, Role.SUPERVISOR)
    await ward.open_case(await ward.enrol(7))
    routine = Answer(text="FINDINGS: Clear lungs.\nURGENCY: routine")
    await analyst(ward, ScriptedExecutor([routine])).work_once()
    assert await outbox_texts(ward, 1) == []


async def test_a_failed_attempt_is_made_again_later_and_answered_once(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    reader = analyst(ward, ScriptedExecutor([Answer(error=EngineStopped())]))
    assert await reader.work_once()
    assert (await now_of(ward, case)).status is CaseStatus.WAITING
    assert not await reader.work_once()
    ward.clock.advance(5)
    assert await reader.work_once()
    assert (await now_of(ward, case)).status is CaseStatus.ANSWERED
    texts = await outbox_texts(ward, 7)
    assert sum("Opacity" in text for text in texts) == 1


async def test_a_reading_that_took_too_long_lets_the_others_go_first(ward: Clinic) -> None:
    amina = await ward.enrol(7)
    slow, other = await ward.open_case(amina), await ward.open_case(amina)
    reader = analyst(ward, ScriptedExecutor([Answer(error=DeadlineExceeded())]))
    assert await reader.work_once()
    ward.clock.advance(60)
    assert await reader.work_once()
    statuses = [(await now_of(ward, case)).status for case in (slow, other)]
    assert statuses == [CaseStatus.WAITING, CaseStatus.ANSWERED]
    ward.clock.advance(600)
    assert await reader.work_once()
    assert (await now_of(ward, slow)).status is CaseStatus.ANSWERED


async def test_a_disk_that_fails_costs_a_case_no_attempt(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    full = DiskFault("database or disk is full")
    faults = [Answer(error=full)] * MAX_FAILURES

    async def at_once(_seconds: float) -> None:
        await asyncio.sleep(0)

    reader = analyst(ward, ScriptedExecutor([*faults, Answer()]), sleep=at_once)
    for _ in range(MAX_FAILURES):
        assert await reader.work_once()
        assert (await now_of(ward, case)).status is CaseStatus.WAITING
    assert await reader.work_once()
    assert (await now_of(ward, case)).status is CaseStatus.ANSWERED


async def test_after_the_last_attempt_sender_and_supervisors_are_told(ward: Clinic) -> None:
    await ward.enrol(1, Role.SUPERVISOR)
    case = await ward.open_case(await ward.enrol(7))
    stopped = Answer(error=EngineStopped())
    reader = analyst(ward, ScriptedExecutor(default=stopped))
    for _ in range(MAX_FAILURES):
        assert await reader.work_once()
        ward.clock.advance(60)
    failed = await now_of(ward, case)
    assert (failed.status, failed.failure) == (CaseStatus.FAILED, "EngineStopped")
    assert not await reader.work_once()
    deliveries = []
    while (delivery := await ward.store.outbox.take([], ward.clock.now())) is not None:
        deliveries.append((delivery.chat_id, delivery.message.reply.text))
        await ward.store.outbox.sent(delivery, MessageId(len(deliveries)), START)
    assert any(chat == 7 and case.code in text for chat, text in deliveries)
    assert any(chat == 1 and case.code in text for chat, text in deliveries)


async def test_a_refused_request_is_given_up_at_once(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    await analyst(ward, ScriptedExecutor([Answer(error=RequestRefused())])).work_once()
    assert (await now_of(ward, case)).status is CaseStatus.FAILED


async def test_a_case_whose_picture_is_gone_ends_with_a_message_not_with_the_bot(
    ward: Clinic,
) -> None:
    case = await ward.open_case(await ward.enrol(7))
    await ward.store.pictures.remove(case.pictures[0].name)
    reader = analyst(ward, ScriptedExecutor())
    for _ in range(MAX_FAILURES):
        assert await reader.work_once()
        ward.clock.advance(60)
    assert (await now_of(ward, case)).status is CaseStatus.FAILED


async def test_taking_a_case_back_stops_its_reading_and_sends_no_answer(ward: Clinic) -> None:
    amina = await ward.enrol(7)
    case = await ward.open_case(amina)
    executor = GatedExecutor()
    work = asyncio.get_running_loop().create_task(analyst(ward, executor).work_once())
    await executor.reading.wait()
    assert await ward.store.readings.cancel(case.reading_id, amina.user_id, [], START)
    assert await work
    assert executor.cancelled
    assert (await now_of(ward, case)).status is CaseStatus.CANCELLED
    assert await outbox_texts(ward, 7) == ["received"]


async def test_a_clean_stop_puts_the_reading_back_at_no_cost(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    executor = GatedExecutor()
    work = asyncio.get_running_loop().create_task(analyst(ward, executor).work_once())
    await executor.reading.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert (await now_of(ward, case)).status is CaseStatus.WAITING
    assert await analyst(ward, ScriptedExecutor()).work_once()
    assert (await now_of(ward, case)).status is CaseStatus.ANSWERED


async def test_after_a_kill_what_was_being_read_is_read_again_at_once(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    assert await ward.store.claims.take(LONG_LEASE, ward.clock.now()) is not None
    reader = analyst(ward, ScriptedExecutor())
    work = asyncio.get_running_loop().create_task(reader.work())
    while (await now_of(ward, case)).status is not CaseStatus.ANSWERED:
        await ward.store.bells.outbox.wait(5)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work


async def test_a_slow_reading_shows_its_growth_and_those_waiting_their_place(
    ward: Clinic,
) -> None:
    sender = await ward.enrol(7)
    await ward.open_case(sender)
    await ward.open_case(sender)
    await outbox_texts(ward, 7)
    shown: Shown = []

    async def instant(_seconds: float) -> None:
        await asyncio.sleep(0)

    slow = Answer(text=URGENT_TEXT, delay_s=0.5, pieces=5)
    await analyst(ward, ScriptedExecutor([slow]), shown, sleep=instant).work_once()
    texts = [text for _, _, text in shown]
    assert any("C-0001" in text and "Left pneumothorax" in text for text in texts)
    assert any("C-0002" in text for text in texts)


async def test_a_case_taken_back_while_others_see_their_place_is_not_shown_as_waiting(
    ward: Clinic,
) -> None:
    sender = await ward.enrol(7)
    await ward.open_case(sender)
    second, third = await ward.open_case(sender), await ward.open_case(sender)
    await outbox_texts(ward, 7)
    texts = []

    async def show(_chat_id: ChatId, _message_id: MessageId, reply: Reply) -> None:
        texts.append(reply.text)
        if second.code in reply.text:
            await ward.store.readings.cancel(third.reading_id, sender.user_id, [], START)

    async def instant(_seconds: float) -> None:
        await asyncio.sleep(0)

    slow = ScriptedExecutor([Answer(text=URGENT_TEXT, delay_s=0.5)])
    reader = Analyst(
        store=ward.store,
        executor=slow,
        clock=ward.clock,
        show=show,
        mark=unmarked,
        sleep=instant,
    )
    await reader.work_once()
    assert any(second.code in text for text in texts)
    assert not any(third.code in text for text in texts)


async def test_the_same_case_read_twice_under_two_claims_is_answered_once(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    executor = GatedExecutor()
    work = asyncio.get_running_loop().create_task(analyst(ward, executor).work_once())
    await executor.reading.wait()
    ward.clock.advance(600)
    await ward.store.claims.sweep(ward.clock.now())
    assert await analyst(ward, ScriptedExecutor([Answer(text=URGENT_TEXT)])).work_once()
    executor.finish.set()
    assert await work
    texts = await outbox_texts(ward, 7)
    assert sum("Left pneumothorax" in text for text in texts) == 1
    assert (await now_of(ward, case)).status is CaseStatus.ANSWERED


async def test_what_is_asked_is_marked_while_it_is_read_and_no_longer_once_it_failed(
    ward: Clinic,
) -> None:
    case = await ward.open_case(await ward.enrol(7))
    marked: list[tuple[MessageId, Mark | None]] = []

    async def instant(_seconds: float) -> None:
        await asyncio.sleep(0)

    refusing = ScriptedExecutor([Answer(text=URGENT_TEXT, delay_s=0.2, error=RequestRefused())])
    await analyst(ward, refusing, marked=marked, sleep=instant).work_once()
    assert marked == [(case.message_id, Mark.READING), (case.message_id, None)]


async def test_progress_that_fails_costs_no_reading(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    await outbox_texts(ward, 7)

    async def broken(_chat_id: ChatId, _message_id: MessageId, _reply: Reply) -> None:
        raise ValueError

    async def instant(_seconds: float) -> None:
        await asyncio.sleep(0)

    reader = Analyst(
        store=ward.store,
        executor=ScriptedExecutor([Answer(text=URGENT_TEXT, delay_s=0.2)]),
        clock=ward.clock,
        show=broken,
        mark=unmarked,
        sleep=instant,
    )
    assert await reader.work_once()
    assert (await now_of(ward, case)).status is CaseStatus.ANSWERED


async def test_an_answer_that_cannot_be_worded_is_given_up_not_tried_for_ever(
    ward: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unspeakable(*_: object) -> list[Reply]:
        raise ValueError

    monkeypatch.setattr("bot.replies.reading.answer", unspeakable)
    case = await ward.open_case(await ward.enrol(7))
    reader = analyst(ward, ScriptedExecutor())
    for _ in range(MAX_FAILURES):
        assert await reader.work_once()
        ward.clock.advance(60)
    assert (await now_of(ward, case)).status is CaseStatus.FAILED


async def test_while_the_engine_is_down_cases_wait_and_use_up_no_attempt(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    waits: list[float] = []

    async def sleep(wait_s: float) -> None:
        waits.append(wait_s)
        if len(waits) == 3:
            raise Enough

    with pytest.raises(ExceptionGroup) as ended:
        await analyst(ward, FailedExecutor(), sleep=sleep).work()
    assert ended.group_contains(Enough, depth=1)

    waiting = await now_of(ward, case)
    assert waiting.status is CaseStatus.WAITING
    assert waiting.attempt == 0


async def test_as_many_cases_are_read_at_once_as_the_engine_has_slots(ward: Clinic) -> None:
    amina = await ward.enrol(7)
    cases = [await ward.open_case(amina) for _ in range(3)]
    executor = Roomy(slots=2)
    async with working(ward, executor):
        await executor.until_reading(2)
        assert (await now_of(ward, cases[2])).status is CaseStatus.WAITING
        executor.finish.set()
        await executor.until_reading(3)
    names = [f"reading:{case.reading_id}:1" for case in cases]
    assert set(executor.reading[:2]) == set(names[:2])  # side by side: either may be there first
    assert executor.reading[2:] == names[2:]


async def test_a_clean_stop_puts_all_that_are_being_read_back(ward: Clinic) -> None:
    amina = await ward.enrol(7)
    cases = [await ward.open_case(amina) for _ in range(2)]
    executor = Roomy(slots=2)
    async with working(ward, executor):
        await executor.until_reading(2)
    assert {(await now_of(ward, case)).status for case in cases} == {CaseStatus.WAITING}


async def test_each_of_several_cases_being_read_can_be_taken_back(ward: Clinic) -> None:
    amina = await ward.enrol(7)
    cases = [await ward.open_case(amina) for _ in range(2)]
    executor = Roomy(slots=2)
    async with working(ward, executor):
        await executor.until_reading(2)
        for case in cases:
            await ward.store.readings.cancel(case.reading_id, amina.user_id, [], START)
        await ward.open_case(amina)
        await executor.until_reading(3)  # in the room that the two gave up
    assert {(await now_of(ward, case)).status for case in cases} == {CaseStatus.CANCELLED}


async def test_an_engine_that_is_away_costs_a_case_no_attempt(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    reader = analyst(ward, ScriptedExecutor([Answer(error=EngineAway())] * MAX_FAILURES))
    for _ in range(MAX_FAILURES + 1):
        assert await reader.work_once()
    assert (await now_of(ward, case)).status is CaseStatus.ANSWERED


class Hesitant(ScriptedExecutor):
    """Says how urgent a picture looks, and its text only when it is told to."""

    def __init__(self, scored: Urgency, text: str = URGENT_TEXT) -> None:
        self.scored = ScoredUrgency(urgency=scored, margin=2.0)
        self.finish = asyncio.Event()
        super().__init__(default=Answer(text=text, scored=self.scored), sleep=self._wait)

    async def _wait(self, _delay_s: float) -> None:
        await self.finish.wait()


async def instantly(_seconds: float) -> None:
    await asyncio.sleep(0)


async def notices(ward: Clinic) -> list[tuple[int, str]]:
    """What is told to supervisors, in order; it is taken as delivered."""
    told = []
    while (delivery := await ward.store.outbox.take([], ward.clock.now())) is not None:
        if ":early:" in delivery.message.key or ":notice:" in delivery.message.key:
            told.append((int(delivery.chat_id), delivery.message.reply.text))
        await ward.store.outbox.sent(delivery, MessageId(8000 + delivery.outbox_id), START)
    return told


async def test_supervisors_hear_of_what_looks_critical_before_its_text_is_written(
    ward: Clinic,
) -> None:
    await ward.enrol(1, Role.SUPERVISOR)
    case = await ward.open_case(await ward.enrol(7))
    executor = Hesitant(Urgency.CRITICAL)
    work = asyncio.get_running_loop().create_task(
        analyst(ward, executor, sleep=instantly).work_once()
    )
    while not (told := await notices(ward)):
        await ward.store.bells.outbox.wait(5)
    assert [(chat, "CRITICAL at first sight" in text) for chat, text in told] == [(1, True)]
    assert (await now_of(ward, case)).status is CaseStatus.READING
    executor.finish.set()
    assert await work
    answered = (await now_of(ward, case)).reading
    assert answered is not None
    assert answered.scored == executor.scored
    assert answered.urgency is Urgency.CRITICAL
    ((chat, text),) = await notices(ward)
    assert chat == 1
    assert "The model contradicts itself" in text


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
    failing = Answer(scored=alarm, pieces=1, error=EngineStopped())
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
    work = asyncio.get_running_loop().create_task(
        analyst(ward, raising, sleep=instantly).work_once()
    )
    while len(await notices(ward)) < 1:
        await ward.store.bells.outbox.wait(5)
    work.cancel()
    await asyncio.wait([work])
    mild = Answer(
        text="FINDINGS: Clear.\nURGENCY: routine", scored=ScoredUrgency(urgency=later, margin=1.0)
    )
    assert await analyst(ward, ScriptedExecutor([mild]), sleep=instantly).work_once()
    answered = (await now_of(ward, case)).reading
    assert answered is not None
    assert answered.urgency is Urgency.CRITICAL
    assert answered.scored == raising.scored
    ((_, text),) = await notices(ward)
    assert "The model contradicts itself" in text


async def test_what_looks_routine_disturbs_nobody_before_its_text(ward: Clinic) -> None:
    await ward.enrol(1, Role.SUPERVISOR)
    await ward.open_case(await ward.enrol(7))
    calm = ScoredUrgency(urgency=Urgency.ROUTINE, margin=2.0)
    answer = Answer(text="URGENCY: routine", scored=calm, delay_s=0.1)
    await analyst(ward, ScriptedExecutor([answer]), sleep=instantly).work_once()
    assert await notices(ward) == []


async def test_a_routine_text_after_an_alarming_first_sight_is_told_as_a_contradiction(
    ward: Clinic,
) -> None:
    await ward.enrol(1, Role.SUPERVISOR)
    case = await ward.open_case(await ward.enrol(7))
    alarm = ScoredUrgency(urgency=Urgency.CRITICAL, margin=0.1)
    quick = Answer(text="FINDINGS: Clear.\nURGENCY: routine", scored=alarm)
    await analyst(ward, ScriptedExecutor([quick])).work_once()
    ((_, text),) = await notices(ward)  # a quick answer needs no early notice
    assert "CRITICAL" in text
    assert "In its text: 🟢 Routine" in text
    urgent = await ward.store.cases.page(CaseFilter(urgent=True), limit=5)
    assert [found.case_id for found in urgent] == [case.case_id]
