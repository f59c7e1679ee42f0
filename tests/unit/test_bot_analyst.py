"""The analyst: one claim seen to its end, whatever the engine does."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import pytest
from typing_extensions import override

from bot.analyst import IDLE_WAIT_S
from bot.domain.audit import Actor
from bot.domain.cases import CaseStatus
from bot.domain.ids import MessageId
from bot.domain.messages import Outgoing, Reply
from bot.domain.people import Role
from bot.store.claims import MAX_FAILURES
from bot.store.topics import Topic
from inference.contract import (
    EngineState,
    EngineStatus,
    Executor,
    PictureKind,
    ReadingEvent,
    ReadRequest,
    View,
)
from inference.errors import DeadlineExceeded, EngineAway, EngineStopped, RequestRefused
from inference.scripted import ScriptedAnswer, ScriptedExecutor
from storage.database import DiskFault
from storage.signals import Listener
from tests import background
from tests.analyst_world import analyst, instantly, now_of, outbox_texts
from tests.bot_world import START, URGENT_TEXT, Clinic, actor

WITHIN_S = 10
PATIENTLY_S = 60
LONG_LEASE = timedelta(days=1)


class GatedExecutor:
    """Reads until it is told to finish."""

    def __init__(self) -> None:
        self.reading = asyncio.Event()
        self.finish = asyncio.Event()
        self.cancelled = False
        self.inner = ScriptedExecutor([ScriptedAnswer(text=URGENT_TEXT)])

    async def read(self, request: ReadRequest) -> AsyncGenerator[ReadingEvent, None]:
        self.reading.set()
        try:
            await self.finish.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        async for event in self.inner.read(request):
            yield event

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

    async def read(self, request: ReadRequest) -> AsyncGenerator[ReadingEvent, None]:
        self.reading.append(request.request_id)
        self.begun.set()
        await self.finish.wait()
        async for event in self._inner.read(request):
            yield event

    def status(self) -> EngineStatus:
        return EngineStatus(state=EngineState.READY, slots=self._slots)

    async def until_reading(self, count: int) -> None:
        async with asyncio.timeout(WITHIN_S):
            while len(self.reading) < count:
                self.begun.clear()
                await self.begun.wait()


class Leaving(Roomy):
    """An engine that is away once it is told to leave, and then there again."""

    def __init__(self, slots: int) -> None:
        super().__init__(slots)
        self.leave = asyncio.Event()

    @override
    async def read(self, request: ReadRequest) -> AsyncGenerator[ReadingEvent, None]:
        if not self.reading:
            self.reading.append(request.request_id)
            self.begun.set()
            await self.leave.wait()
            raise EngineAway
        async for event in super().read(request):
            yield event


def working(ward: Clinic, executor: Executor) -> AbstractAsyncContextManager[None]:
    """Have the loop run while the block does."""
    return background.running(analyst(ward, executor).work())


class Enough(Exception):
    """Ends a loop that runs for ever."""


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
    await ward.store.people.revoke(revoked.user_id, by=Actor.at_the_machine())
    await ward.open_case(boss)
    await analyst(ward, ScriptedExecutor([ScriptedAnswer(text=URGENT_TEXT)])).work_once()
    keys = []
    while (delivery := await ward.store.outbox.take([])) is not None:
        keys.append((delivery.chat_id, delivery.message.key))
        await ward.store.outbox.sent(delivery, MessageId(len(keys)))
    notices = [chat_id for chat_id, key in keys if "notice" in key]
    assert notices == [2]


async def test_a_routine_case_disturbs_no_supervisor(ward: Clinic) -> None:
    await ward.enrol(1, Role.SUPERVISOR)
    await ward.open_case(await ward.enrol(7))
    routine = ScriptedAnswer(text="FINDINGS: Clear lungs.\nURGENCY: routine")
    await analyst(ward, ScriptedExecutor([routine])).work_once()
    assert await outbox_texts(ward, 1) == []


async def test_a_failed_attempt_is_made_again_later_and_answered_once(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    reader = analyst(ward, ScriptedExecutor([ScriptedAnswer(error=EngineStopped())]))
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
    reader = analyst(ward, ScriptedExecutor([ScriptedAnswer(error=DeadlineExceeded())]))
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
    faults = [ScriptedAnswer(error=full)] * MAX_FAILURES

    async def at_once(_seconds: float) -> None:
        await asyncio.sleep(0)

    reader = analyst(ward, ScriptedExecutor([*faults, ScriptedAnswer()]), sleep=at_once)
    for _ in range(MAX_FAILURES):
        assert await reader.work_once()
        assert (await now_of(ward, case)).status is CaseStatus.WAITING
    assert await reader.work_once()
    assert (await now_of(ward, case)).status is CaseStatus.ANSWERED


@pytest.mark.parametrize("write", ["take", "complete", "release"])
async def test_the_loop_outlives_a_disk_that_fails_for_a_while(
    ward: Clinic, monkeypatch: pytest.MonkeyPatch, write: str
) -> None:
    """Of each write of a reading; where not even putting it back works, its claim expires."""
    case = await ward.open_case(await ward.enrol(7))
    claims, failed = type(ward.store.claims), asyncio.Event()
    works, fails = getattr(claims, write), iter([True] * 3)

    async def failing(*args: object, **named: object) -> object:
        if next(fails, False):
            failed.set()
            raise DiskFault("database or disk is full")
        return await works(*args, **named)

    monkeypatch.setattr(claims, write, failing)
    first = ScriptedAnswer(error=EngineAway()) if write == "release" else ScriptedAnswer()
    reader = analyst(ward, ScriptedExecutor([first, ScriptedAnswer()]), sleep=instantly)
    async with background.running(reader.work()), asyncio.timeout(PATIENTLY_S):
        await failed.wait()
        if write == "release":
            ward.clock.advance(61)
            await reader.sweep_once()
        while (await now_of(ward, case)).status is not CaseStatus.ANSWERED:  # noqa: ASYNC110 - a row
            await asyncio.sleep(0.01)


async def test_after_the_last_attempt_sender_and_supervisors_are_told(ward: Clinic) -> None:
    await ward.enrol(1, Role.SUPERVISOR)
    case = await ward.open_case(await ward.enrol(7))
    stopped = ScriptedAnswer(error=EngineStopped())
    reader = analyst(ward, ScriptedExecutor(default=stopped))
    for _ in range(MAX_FAILURES):
        assert await reader.work_once()
        ward.clock.advance(60)
    failed = await now_of(ward, case)
    assert (failed.status, failed.failure) == (CaseStatus.FAILED, "EngineStopped")
    assert not await reader.work_once()
    deliveries = []
    while (delivery := await ward.store.outbox.take([])) is not None:
        deliveries.append((delivery.chat_id, delivery.message.reply.text))
        await ward.store.outbox.sent(delivery, MessageId(len(deliveries)))
    assert any(chat == 7 and case.code in text for chat, text in deliveries)
    assert any(chat == 1 and case.code in text for chat, text in deliveries)


@pytest.mark.parametrize(
    ("caption", "kind"), [("itchy rash", PictureKind.SKIN), ("M 45", PictureKind.CHEST)]
)
async def test_the_model_is_told_the_kind_of_picture_and_a_chest_film_where_nobody_said(
    ward: Clinic, caption: str, kind: PictureKind
) -> None:
    await ward.open_case(await ward.enrol(7), caption=caption)
    engine = ScriptedExecutor()
    await analyst(ward, engine).work_once()
    assert engine.requests[-1].kind is kind


async def test_the_model_is_told_the_view_of_each_picture_in_order(ward: Clinic) -> None:
    sender = await ward.enrol(7)
    await ward.open_case(sender, caption="CXR PA")
    await ward.open_case(sender, caption="rash, from near")
    await ward.open_case(sender, caption="cough")
    engine = ScriptedExecutor()
    for _ in range(3):
        await analyst(ward, engine).work_once()
    assert [asked.views for asked in engine.requests] == [(View.PA,), (View.NEAR,), ()]


async def test_a_refused_request_is_given_up_at_once(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    await analyst(ward, ScriptedExecutor([ScriptedAnswer(error=RequestRefused())])).work_once()
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
    assert await ward.store.readings.cancel(case.reading_id, [], by=actor(amina))
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
    assert await ward.store.claims.take(LONG_LEASE) is not None
    reader = analyst(ward, ScriptedExecutor())
    with ward.store.signals.listen(Topic.OUTBOX) as messages:
        work = asyncio.get_running_loop().create_task(reader.work())
        while (await now_of(ward, case)).status is not CaseStatus.ANSWERED:
            await messages.wait(5)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work


async def test_the_same_case_read_twice_under_two_claims_is_answered_once(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    executor = GatedExecutor()
    work = asyncio.get_running_loop().create_task(analyst(ward, executor).work_once())
    await executor.reading.wait()
    ward.clock.advance(600)
    await ward.store.claims.sweep()
    assert await analyst(ward, ScriptedExecutor([ScriptedAnswer(text=URGENT_TEXT)])).work_once()
    executor.finish.set()
    assert await work
    texts = await outbox_texts(ward, 7)
    assert sum("Left pneumothorax" in text for text in texts) == 1
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
            await ward.store.readings.cancel(case.reading_id, [], by=actor(amina))
        await ward.open_case(amina)
        await executor.until_reading(3)  # in the room that the two gave up
    assert {(await now_of(ward, case)).status for case in cases} == {CaseStatus.CANCELLED}


async def test_an_engine_that_is_away_costs_a_case_no_attempt(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    reader = analyst(ward, ScriptedExecutor([ScriptedAnswer(error=EngineAway())] * MAX_FAILURES))
    for _ in range(MAX_FAILURES + 1):
        assert await reader.work_once()
    assert (await now_of(ward, case)).status is CaseStatus.ANSWERED


async def test_a_case_that_was_put_back_is_taken_again_at_once_also_beside_free_room(
    ward: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is room and nothing waits, the loop sleeps: it must hear of what comes back."""
    case = await ward.open_case(await ward.enrol(7))
    wait, asleep = Listener.wait, asyncio.Event()

    async def noting(listener: Listener, timeout_s: float) -> bool:
        if timeout_s == IDLE_WAIT_S:
            asleep.set()
        return await wait(listener, timeout_s)

    executor = Leaving(slots=2)
    async with working(ward, executor):
        await executor.until_reading(1)
        monkeypatch.setattr(Listener, "wait", noting)
        ward.store.signals.send([Topic.READINGS])
        await asleep.wait()
        executor.leave.set()
        await executor.until_reading(2)
    assert executor.reading == [f"reading:{case.reading_id}:{attempt}" for attempt in (1, 2)]


async def test_no_question_tells_the_model_a_name_a_phone_or_a_record_number(ward: Clinic) -> None:
    amina = await ward.enrol(7)
    opened = await ward.open_case(amina)
    engine = ScriptedExecutor()
    reader = analyst(ward, engine, sleep=instantly)
    await reader.work_once()
    for number, question in enumerate(
        ["Is it TB? Name: Awa Diallo, tel 76 12 34 56", "And the left side? ref 2231"], start=500
    ):
        case = await now_of(ward, opened)
        await ward.store.readings.ask(
            case,
            question,
            asked_by=amina.user_id,
            chat_id=amina.chat_id,
            message_id=MessageId(number),
            language=amina.language,
            received=lambda reading_id, _place: Outgoing(
                key=f"q{reading_id}", chat_id=amina.chat_id, reply=Reply(text="received")
            ),
            by=actor(amina),
        )
        await reader.work_once()
    asked = engine.requests[-1]
    assert asked.question == "And the left side?"
    assert [turn.question for turn in asked.history] == ["Is it TB?"]
