"""Comparing a film with an older one of the same patient: a person confirms that it is the same.

Nothing is compared by itself. Both cases must be open to whoever asks.
"""

from typing import Any

from telegram.ext import BaseHandler

from bot.domain.cases import Case, QueuePosition
from bot.domain.comparisons import FilmPair, pair_of
from bot.domain.ids import CaseId, MessageId, ReadingId
from bot.domain.messages import About, MessageRole, Outgoing
from bot.handlers.context import Context
from bot.handlers.history import visible_case
from bot.handlers.permissions import Press, on_button
from bot.locale import translator
from bot.replies import comparison, people, queue
from bot.replies.buttons import Action


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes the button that compares two films."""
    return [on_button(Action.COMPARE, compare)]


async def compare(press: Press, context: Context) -> str | None:
    """Queue a comparison of two films that a person has confirmed to be one patient's."""
    t = translator(context.language)
    case = await visible_case(CaseId(press.number(0)), context)
    prior = await visible_case(CaseId(press.number(1)), context)
    films = None if case is None or prior is None else pair_of(case, prior)
    if case is None or films is None or press.message_id is None:
        return people.stale_button(t)
    engine = context.services.engine().engine
    if engine is not None and not engine.compares:
        return comparison.not_by_this_model(t)
    if await _queue(case, films, press.message_id, context) is None:
        return people.stale_button(t)
    return None


async def _queue(
    case: Case, films: FilmPair, message_id: MessageId, context: Context
) -> ReadingId | None:
    sender, t = context.sender, translator(context.language)

    def received(reading_id: ReadingId, place: QueuePosition) -> Outgoing:
        return Outgoing(
            key=f"reading:{reading_id}:received",
            chat_id=context.chat,
            reply=queue.received_comparison(reading_id, case, films.with_, place, t),
            reply_to=message_id,
            about=About(reading_id=reading_id, role=MessageRole.RECEIVED),
        )

    return await context.services.store.comparisons.ask(
        case,
        films,
        words=comparison.asked(films.with_, t),
        asked_by=sender.user_id,
        chat_id=context.chat,
        message_id=message_id,
        language=sender.language,
        received=received,
        by=context.actor,
    )
