"""A reading is seen while it is made, and what fails to be shown costs nothing."""

import asyncio

from bot.domain.cases import CaseStatus
from bot.domain.ids import ChatId, MessageId
from bot.domain.messages import Mark, Reply
from inference.errors import RequestRefused
from inference.scripted import ScriptedAnswer, ScriptedExecutor
from tests.analyst_world import analyst, instantly, now_of, outbox_texts
from tests.bot_world import URGENT_TEXT, Clinic, actor

WITHIN_S = 10


class Watched(ScriptedExecutor):
    """Gives each half of its answer once the event for it has come: something was shown."""

    def __init__(self, answer: ScriptedAnswer, first: asyncio.Event, second: asyncio.Event) -> None:
        self._events = iter((first, second))
        super().__init__([answer], sleep=self._wait)

    async def _wait(self, _delay_s: float) -> None:
        async with asyncio.timeout(WITHIN_S):
            await next(self._events).wait()


async def test_a_slow_reading_shows_its_growth_and_those_waiting_their_place(
    ward: Clinic,
) -> None:
    sender = await ward.enrol(7)
    await ward.open_case(sender)
    await ward.open_case(sender)
    await outbox_texts(ward, 7)
    placed, grown = asyncio.Event(), asyncio.Event()

    async def show(_chat_id: ChatId, _message_id: MessageId, reply: Reply) -> None:
        if "C-0002" in reply.text:
            placed.set()
        if "C-0001" in reply.text and "Left pneumothorax" in reply.text:
            grown.set()

    slow = Watched(ScriptedAnswer(text=URGENT_TEXT, pieces=2), placed, grown)
    async with slow:
        await analyst(ward, slow, show=show, sleep=instantly).work_once()
    assert placed.is_set()
    assert grown.is_set()


async def test_a_reading_that_waits_for_its_model_is_not_said_to_be_read(ward: Clinic) -> None:
    """The model may load for minutes, or never: no answer is to be expected then."""
    await ward.open_case(await ward.enrol(7))
    await outbox_texts(ward, 7)
    looked, shown = asyncio.Event(), asyncio.Event()
    waits: list[float] = []

    async def show(_chat_id: ChatId, _message_id: MessageId, _reply: Reply) -> None:
        shown.set()

    async def mark(_chat_id: ChatId, _message_id: MessageId, _mark: Mark | None) -> None:
        shown.set()

    async def sleep(wait_s: float) -> None:
        waits.append(wait_s)
        if len(waits) == 10:
            looked.set()
        await asyncio.sleep(0)

    loading = Watched(ScriptedAnswer(text=URGENT_TEXT, pieces=2), looked, shown)
    reader = analyst(ward, loading, show=show, mark=mark, sleep=sleep)
    async with asyncio.timeout(WITHIN_S), asyncio.TaskGroup() as tasks:
        working = tasks.create_task(reader.work_once())
        await looked.wait()
        assert not shown.is_set()
        async with loading:  # the model is there
            await working
    assert shown.is_set()


async def test_a_reading_that_begins_at_once_says_when_its_answer_can_be_expected(
    ward: Clinic,
) -> None:
    """Where nobody waits, the "received" message with its time is seen for a moment only."""
    sender = await ward.enrol(7)
    begun: list[str] = []
    for _ in range(2):
        case = await ward.open_case(sender)
        await outbox_texts(ward, 7)
        shown = asyncio.Event()

        async def show(_chat_id: ChatId, _message_id: MessageId, reply: Reply) -> None:
            if "being read now" in reply.text:
                begun.append(reply.text)
            shown.set()  # noqa: B023 - the reading ends within this turn

        slow = Watched(ScriptedAnswer(text=URGENT_TEXT, pieces=2), shown, shown)
        async with slow:
            await analyst(ward, slow, show=show, sleep=instantly).work_once()
        assert (await now_of(ward, case)).status is CaseStatus.ANSWERED
    first, second = begun
    assert "Expected answer" not in first, "nothing was read yet to judge by"
    assert "Expected answer: in less than a minute." in second


async def test_a_case_taken_back_while_others_see_their_place_is_not_shown_as_waiting(
    ward: Clinic,
) -> None:
    sender = await ward.enrol(7)
    await ward.open_case(sender)
    second, third = await ward.open_case(sender), await ward.open_case(sender)
    await outbox_texts(ward, 7)
    texts = []
    placed, grown = asyncio.Event(), asyncio.Event()

    async def show(_chat_id: ChatId, _message_id: MessageId, reply: Reply) -> None:
        texts.append(reply.text)
        if second.code in reply.text:
            await ward.store.readings.cancel(third.reading_id, [], by=actor(sender))
            placed.set()
        if "Left pneumothorax" in reply.text:  # the places were shown before
            grown.set()

    slow = Watched(ScriptedAnswer(text=URGENT_TEXT, pieces=2), placed, grown)
    async with slow:
        await analyst(ward, slow, show=show, sleep=instantly).work_once()
    assert grown.is_set()
    assert any(second.code in text for text in texts)
    assert not any(third.code in text for text in texts)


async def test_what_is_asked_is_marked_while_it_is_read_and_no_longer_once_it_failed(
    ward: Clinic,
) -> None:
    case = await ward.open_case(await ward.enrol(7))
    marked: list[tuple[MessageId, Mark | None]] = []
    seen = asyncio.Event()

    async def mark(_chat_id: ChatId, message_id: MessageId, mark: Mark | None) -> None:
        marked.append((message_id, mark))
        seen.set()

    refusing = Watched(ScriptedAnswer(pieces=2, error=RequestRefused()), seen, seen)
    async with refusing:
        await analyst(ward, refusing, mark=mark, sleep=instantly).work_once()
    assert marked == [(case.message_id, Mark.READING), (case.message_id, None)]


async def test_progress_that_fails_costs_no_reading(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    await outbox_texts(ward, 7)
    tried = asyncio.Event()

    async def broken(_chat_id: ChatId, _message_id: MessageId, _reply: Reply) -> None:
        tried.set()
        raise ValueError

    slow = Watched(ScriptedAnswer(text=URGENT_TEXT, pieces=2), tried, tried)
    async with slow:
        assert await analyst(ward, slow, show=broken, sleep=instantly).work_once()
    assert (await now_of(ward, case)).status is CaseStatus.ANSWERED
