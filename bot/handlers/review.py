"""A supervisor signs cases off, and says why: at once, or by replying to the confirmation.

The sender is told whether the supervisor agrees, and what that person wrote.
"""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from telegram import Message
from telegram.ext import BaseHandler

from bot.domain.alarms import Alarm
from bot.domain.cases import Case, CaseStatus
from bot.domain.ids import CaseId
from bot.domain.messages import About, MessageRole, Outgoing, Reply
from bot.domain.people import Person
from bot.handlers.context import Context
from bot.handlers.history import say_end_of_card, visible_case
from bot.handlers.permissions import Press, on_button
from bot.handlers.standing import restate
from bot.locale import translator
from bot.replies import alarms, people, review
from bot.replies.buttons import Action

NOTE_MAX_CHARS = 1000

NOTE_AWAITED = timedelta(minutes=10)
"""For how long after a disagreement a text that replies to nothing is its reason."""


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes the buttons that sign a case off."""
    return [on_button(Action.AGREE, agree), on_button(Action.DISAGREE, disagree)]


async def agree(press: Press, context: Context) -> str | None:
    """Sign a case off with the reading."""
    return await _sign_off(press, context, agrees=True)


async def disagree(press: Press, context: Context) -> str | None:
    """Sign a case off against the reading."""
    return await _sign_off(press, context, agrees=False)


async def take_note(message: Message, context: Context) -> bool:
    """Keep a text that replies to the confirmation of a sign-off as its note.

    Returns:
        False if the text replies to anything else.
    """
    if message.text is None or not context.sender.role.sees_all_cases:
        return False
    case = await context.case_replied_to(message, MessageRole.REVIEW)
    return case is not None and await _keep_note(case, message.text, context)


async def take_awaited_note(text: str, context: Context) -> bool:
    """Keep a text that follows a disagreement as its note.

    Returns:
        False if no note is awaited from this person.
    """
    if not text or not context.sender.role.sees_all_cases:
        return False
    since = context.services.clock.now() - NOTE_AWAITED
    case = await context.services.store.reviews.awaiting_note(
        context.chat, context.sender.user_id, since
    )
    return case is not None and await _keep_note(case, text, context)


async def _keep_note(case: Case, text: str, context: Context) -> bool:
    store, note = context.services.store, text[:NOTE_MAX_CHARS]
    if not await store.reviews.note(case.case_id, note, by=context.actor):
        return False
    noted = await store.cases.get(case.case_id) or case
    await context.say(review.review_noted(noted, translator(context.language)))
    await _tell_sender(noted, context)
    return True


async def _sign_off(press: Press, context: Context, *, agrees: bool) -> str | None:
    t = translator(context.language)
    store = context.services.store
    case = await visible_case(CaseId(press.number(0)), context)
    if case is None or case.status is not CaseStatus.ANSWERED:
        return people.stale_button(t)
    words = partial(_signed_off, context.sender.name)
    if not await store.reviews.sign_off(case.case_id, by=context.actor, agrees=agrees, words=words):
        return review.reviewed_by_another(case, t)
    signed = await store.cases.get(case.case_id) or case
    about = About(reading_id=case.reading_id, role=MessageRole.REVIEW)
    if press.message_id is not None:
        await say_end_of_card(signed, context, edits=press.message_id)
    await context.say(review.reviewed(signed, t), about=about)
    await _tell_sender(signed, context)
    return None


def _signed_off(reviewer: str, alarm: Alarm, reader: Person) -> Reply:
    return alarms.signed_off(alarm, reviewer, translator(reader.language))


async def _tell_sender(case: Case, context: Context) -> None:
    """Say it on the answer, and in one notice: a note's takes the place of the verdict's."""
    await restate(case.case_id, context)
    if case.sender_id == context.sender.user_id:
        return
    sender = await context.services.store.people.find(case.sender_id)
    if sender is None or sender.revoked_at is not None:
        return
    prefix, store = f"case:{case.case_id}:review:", context.services.store
    notice = Outgoing(
        key=f"{prefix}{context.actor.occasion}",
        chat_id=case.chat_id,
        reply=review.reviewed_notice(case, context.sender, translator(sender.language)),
        reply_to=case.message_id,
        about=About(reading_id=case.reading_id, role=MessageRole.NOTICE),
    )
    over = [
        replace(notice, key=f"over:{each}", reply_to=None, edits_key=each, gives_way_to=notice.key)
        for each in sorted(await store.outbox.keys(prefix) - {notice.key})
    ]
    await store.outbox.add(notice, *over)
