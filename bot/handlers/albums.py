"""Two patients in one album: their pictures become two cases, at a button."""

from typing import Any

from telegram.ext import BaseHandler

from bot.domain.messages import About, MessageRole
from bot.handlers.context import Context
from bot.handlers.corrections import correctable
from bot.handlers.intake import received
from bot.handlers.permissions import Press, on_button
from bot.locale import translator
from bot.replies import corrections, people
from bot.replies.buttons import Action


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes the button that splits a case."""
    return [on_button(Action.SPLIT, split)]


async def split(press: Press, context: Context) -> str | None:
    """Make a case of its own of the later pictures, once it is said which they are."""
    t, store = translator(context.language), context.services.store
    case, first = await correctable(press, context), press.number(1)
    count = 0 if case is None else len(case.pictures)
    if count == corrections.FIRST_TO_SPLIT_OFF and not first:
        first = corrections.FIRST_TO_SPLIT_OFF
    if case is None or count < corrections.FIRST_TO_SPLIT_OFF:
        return people.stale_button(t)
    if not first:
        about = About(reading_id=case.reading_id, role=MessageRole.NOTICE)
        await context.say(corrections.split_asked(case, t), about=about)
        return None
    other = await store.albums.split(case.case_id, first, by=context.actor, received=received)
    if other is None:
        return people.stale_button(t)
    now = await store.cases.get(case.case_id) or case
    about = About(reading_id=other.reading_id, role=MessageRole.NOTICE)
    await context.say(corrections.split_off(now, other, t), about=about)
    return None
