"""An analyst over a clinic, and what became of the cases that it read."""

import asyncio

from bot.analyst import Analyst
from bot.domain.cases import Case
from bot.domain.ids import ChatId, MessageId
from bot.domain.messages import Mark, Reply
from bot.marked_film import FilmMarker
from bot.progress import MarkAsked, Show, Sleep
from inference.contract import Executor
from tests.bot_world import Clinic


async def unshown(_chat_id: ChatId, _message_id: MessageId, _reply: Reply) -> None:
    """Shows nothing."""


async def unmarked(_chat_id: ChatId, _message_id: MessageId, _mark: Mark | None) -> None:
    """Marks nothing."""


async def instantly(_seconds: float) -> None:
    """Sleeps no longer than others take to have their turn."""
    await asyncio.sleep(0)


def analyst(
    ward: Clinic,
    executor: Executor,
    *,
    show: Show = unshown,
    mark: MarkAsked = unmarked,
    sleep: Sleep = asyncio.sleep,
) -> Analyst:
    """The clinic's analyst."""
    return Analyst(
        store=ward.store,
        executor=executor,
        clock=ward.clock,
        waits=ward.services.settings.call_waits(),
        show=show,
        mark=mark,
        mark_film=FilmMarker(ward.store.pictures, ward.services.pictures).mark,
        sleep=sleep,
    )


async def now_of(ward: Clinic, case: Case) -> Case:
    """A case as it stands."""
    found = await ward.store.cases.get(case.case_id)
    assert found is not None
    return found


async def outbox_texts(ward: Clinic, chat_id: int) -> list[str]:
    """What waits to be delivered to a chat, in order; it is taken as delivered."""
    texts = []
    busy: list[int] = []
    while (delivery := await ward.store.outbox.take(busy)) is not None:
        if delivery.chat_id == chat_id:
            texts.append(delivery.message.reply.text)
        message_id = MessageId(9000 + delivery.outbox_id)
        await ward.store.outbox.sent(delivery, message_id)
    return texts
