"""A reading is seen while it is made, and what fails to be shown costs nothing."""

from bot.domain.cases import CaseStatus
from bot.domain.ids import ChatId, MessageId
from bot.domain.messages import Mark, Reply
from inference.errors import RequestRefused
from inference.fake import Answer, ScriptedExecutor
from tests.analyst_world import analyst, instantly, now_of, outbox_texts
from tests.bot_world import START, URGENT_TEXT, Clinic


async def test_a_slow_reading_shows_its_growth_and_those_waiting_their_place(
    ward: Clinic,
) -> None:
    sender = await ward.enrol(7)
    await ward.open_case(sender)
    await ward.open_case(sender)
    await outbox_texts(ward, 7)
    texts: list[str] = []

    async def show(_chat_id: ChatId, _message_id: MessageId, reply: Reply) -> None:
        texts.append(reply.text)

    slow = Answer(text=URGENT_TEXT, delay_s=0.5, pieces=5)
    await analyst(ward, ScriptedExecutor([slow]), show=show, sleep=instantly).work_once()
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

    slow = ScriptedExecutor([Answer(text=URGENT_TEXT, delay_s=0.5)])
    await analyst(ward, slow, show=show, sleep=instantly).work_once()
    assert any(second.code in text for text in texts)
    assert not any(third.code in text for text in texts)


async def test_what_is_asked_is_marked_while_it_is_read_and_no_longer_once_it_failed(
    ward: Clinic,
) -> None:
    case = await ward.open_case(await ward.enrol(7))
    marked: list[tuple[MessageId, Mark | None]] = []

    async def mark(_chat_id: ChatId, message_id: MessageId, mark: Mark | None) -> None:
        marked.append((message_id, mark))

    refusing = ScriptedExecutor([Answer(text=URGENT_TEXT, delay_s=0.2, error=RequestRefused())])
    await analyst(ward, refusing, mark=mark, sleep=instantly).work_once()
    assert marked == [(case.message_id, Mark.READING), (case.message_id, None)]


async def test_progress_that_fails_costs_no_reading(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    await outbox_texts(ward, 7)

    async def broken(_chat_id: ChatId, _message_id: MessageId, _reply: Reply) -> None:
        raise ValueError

    slow = ScriptedExecutor([Answer(text=URGENT_TEXT, delay_s=0.2)])
    assert await analyst(ward, slow, show=broken, sleep=instantly).work_once()
    assert (await now_of(ward, case)).status is CaseStatus.ANSWERED
