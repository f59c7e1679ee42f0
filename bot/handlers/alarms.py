"""Somebody takes an alarm, or gives it back; all who were called see it, and so does the sender."""

from collections.abc import Callable
from functools import partial
from typing import Any

from telegram.ext import BaseHandler

from bot.domain.alarms import Alarm, AlarmState
from bot.domain.ids import CaseId
from bot.domain.messages import About, MessageRole, Outgoing, Reply
from bot.domain.people import Person
from bot.handlers.context import Context
from bot.handlers.permissions import Press, on_button
from bot.locale import Translator, translator
from bot.replies import alarms, people
from bot.replies.buttons import Action


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes the buttons under an alarm."""
    return [on_button(Action.TAKE, take), on_button(Action.GIVE_BACK, give_back)]


async def take(press: Press, context: Context) -> str | None:
    """Take an alarm, and let all others see who has it."""
    t, me = translator(context.language), context.sender
    alarm = await take_case(CaseId(press.number(0)), context)
    if alarm is None:
        return people.stale_button(t)
    is_mine = alarm.state is AlarmState.TAKEN and alarm.taken_by == me.user_id
    return alarms.you_have_it(alarm, t) if is_mine else alarms.has_it(alarm, t)


async def take_case(case_id: CaseId, context: Context) -> Alarm | None:
    """Let the sender of an update take a case's alarm; None if it has none.

    Returns:
        The alarm as it is then: theirs, somebody else's or quiet.
    """
    store = context.services.store.alarms
    found = await store.of_case(case_id)
    if found is None:
        return None
    told = await _sender_told(found, alarms.somebody_comes, context)
    return await store.take(case_id, by=context.actor, words=_taken, told=told)


async def give_back(press: Press, context: Context) -> str | None:
    """Let one's own alarm ring again."""
    store, case_id = context.services.store.alarms, CaseId(press.number(0))
    found = await store.of_case(case_id)
    told = [] if found is None else await _sender_told(found, alarms.somebody_cannot, context)
    words = partial(given_back, context.sender.name)
    if await store.give_back(case_id, by=context.actor, words=words, told=told):
        return None
    return people.stale_button(translator(context.language))


def given_back(giver: str, alarm: Alarm, reader: Person) -> Reply:
    """Words an alarm that has no taker any more."""
    return alarms.given_back(alarm, giver, translator(reader.language))


async def _sender_told(
    alarm: Alarm, words: Callable[[str, str, Translator], Reply], context: Context
) -> list[Outgoing]:
    """What whoever sent a case hears of its taker, unless that is the same person."""
    case, me = alarm.case, context.sender
    sender = await context.services.store.people.find(case.sender_id)
    if sender is None or sender.user_id == me.user_id:
        return []
    return [
        Outgoing(
            key=context.next_key(),
            chat_id=case.chat_id,
            reply=words(case.code, me.name, translator(sender.language)),
            reply_to=case.message_id,
            about=About(reading_id=case.reading_id, role=MessageRole.NOTICE),
        )
    ]


def _taken(alarm: Alarm, reader: Person) -> Reply:
    return alarms.taken(alarm, reader, translator(reader.language))
