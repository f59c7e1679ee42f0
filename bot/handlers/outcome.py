"""What became of a case, by buttons; a referral's place in words.

Whoever may open the case may say it. Its sender is told where somebody else did. It ends the case's
alarm if the patient is gone, or if somebody says it who may sign off: what a health worker treats
here, or cannot find, is still for a supervisor to see.
"""

from datetime import timedelta
from functools import partial
from typing import Any

from telegram import Message
from telegram.ext import BaseHandler

from bot.domain.alarms import Alarm
from bot.domain.cases import Case, Outcome
from bot.domain.ids import CaseId
from bot.domain.messages import About, MessageRole, Outgoing, Reply
from bot.domain.people import Person
from bot.handlers.context import Context
from bot.handlers.history import visible_case
from bot.handlers.permissions import Press, on_button
from bot.locale import translator
from bot.replies import outcome, people
from bot.replies.buttons import Action

PLACE_MAX_CHARS = 200
PLACE_AWAITED = timedelta(minutes=10)
"""For how long after a referral a text that replies to nothing is its place."""


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes the buttons that say what became of a case."""
    return [on_button(Action.OUTCOME, say_outcome)]


async def say_outcome(press: Press, context: Context) -> str | None:
    """Note what became of a case, or ask."""
    t = translator(context.language)
    case = await visible_case(CaseId(press.number(0)), context)
    if case is None or not outcome.may_end(case):
        return people.stale_button(t)
    if not press.text(1):
        await context.say(outcome.choose(case, t))
        return None
    if press.text(1) not in set(Outcome):
        return people.stale_button(t)
    await _record(case, Outcome(press.text(1)), context)
    return None


async def take_place(message: Message, context: Context) -> bool:
    """Keep a text that replies to the question for a place as that place.

    Returns:
        False if the text replies to anything else.
    """
    if message.text is None:
        return False
    case = await context.case_replied_to(message, MessageRole.OUTCOME)
    return case is not None and await _keep_place(case, message.text, context)


async def take_awaited_place(text: str, context: Context) -> bool:
    """Keep a text that follows a referral as its place.

    Returns:
        False if no place is awaited from this person.
    """
    if not text:
        return False
    since = context.services.clock.now() - PLACE_AWAITED
    case = await context.services.store.outcomes.awaiting_place(
        context.chat, context.sender.user_id, since
    )
    return case is not None and await _keep_place(case, text, context)


async def _record(case: Case, ended: Outcome, context: Context) -> None:
    me = context.sender
    ends = ended.ends_urgency or me.role.sees_all_cases
    await context.services.store.outcomes.record(
        case.case_id,
        ended,
        by=context.actor,
        words=partial(_words, ended, me) if ends else None,
        told=await _sender_told(case, ended, context),
    )
    about = About(reading_id=case.reading_id, role=MessageRole.OUTCOME)
    await context.say(outcome.noted(case, ended, translator(me.language)), about=about)


async def _keep_place(case: Case, place: str, context: Context) -> bool:
    store = context.services.store
    place = place[:PLACE_MAX_CHARS]
    if not await store.outcomes.name_place(case.case_id, place, by=context.actor):
        return False
    kept = await store.cases.get(case.case_id) or case
    await context.say(outcome.place_noted(kept, translator(context.language)))
    return True


async def _sender_told(case: Case, ended: Outcome, context: Context) -> list[Outgoing]:
    sender = await context.services.store.people.find(case.sender_id)
    if sender is None or sender.user_id == context.sender.user_id:
        return []
    return [
        Outgoing(
            key=context.next_key(),
            chat_id=case.chat_id,
            reply=outcome.told(case, ended, context.sender, translator(sender.language)),
            reply_to=case.message_id,
            about=About(reading_id=case.reading_id, role=MessageRole.NOTICE),
        )
    ]


def _words(ended: Outcome, by: Person, alarm: Alarm, reader: Person) -> Reply:
    return outcome.told(alarm.case, ended, by, translator(reader.language))
