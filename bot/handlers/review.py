"""A supervisor signs cases off, and says why: at once, or by replying to the confirmation.

The sender is told where the supervisor disagrees.
"""

from datetime import timedelta
from typing import Any

from telegram import Message
from telegram.ext import BaseHandler

from bot.domain.audit import Act
from bot.domain.cases import Case, CaseStatus
from bot.domain.ids import CaseId, MessageId
from bot.domain.messages import About, MessageRole
from bot.handlers.guard import Press, on_button
from bot.handlers.history import say_end_of_card, visible_case
from bot.handlers.visit import Visit
from bot.locale import translator
from bot.replies import people, review
from bot.replies.buttons import Action

NOTE_MAX_CHARS = 1000

NOTE_AWAITED = timedelta(minutes=10)
"""For how long after a disagreement a text that replies to nothing is its reason."""


def handlers() -> list[BaseHandler[Any, Visit, None]]:
    """What takes the buttons that sign a case off."""
    return [on_button(Action.AGREE, agree), on_button(Action.DISAGREE, disagree)]


async def agree(press: Press, visit: Visit) -> str | None:
    """Sign a case off with the reading."""
    return await _sign_off(press, visit, agrees=True)


async def disagree(press: Press, visit: Visit) -> str | None:
    """Sign a case off against the reading, and warn its sender."""
    return await _sign_off(press, visit, agrees=False)


async def take_note(message: Message, visit: Visit) -> bool:
    """Keep a text that replies to the confirmation of a sign-off as its note.

    Returns:
        False if the text replies to anything else.
    """
    replied = message.reply_to_message
    if replied is None or message.text is None or not visit.sender.role.sees_all_cases:
        return False
    store, replied_id = visit.desk.store.cases, MessageId(replied.message_id)
    if await store.role_of_message(visit.chat, replied_id) is not MessageRole.REVIEW:
        return False
    case = await store.of_message(visit.chat, replied_id)
    return case is not None and await _keep_note(case, message.text, visit)


async def take_awaited_note(text: str, visit: Visit) -> bool:
    """Keep a text that follows a disagreement as its note.

    Returns:
        False if no note is awaited from this person.
    """
    if not text or not visit.sender.role.sees_all_cases:
        return False
    since = visit.desk.clock.now() - NOTE_AWAITED
    case = await visit.desk.store.cases.awaiting_note(visit.chat, visit.sender.user_id, since)
    return case is not None and await _keep_note(case, text, visit)


async def _keep_note(case: Case, text: str, visit: Visit) -> bool:
    store, note = visit.desk.store.cases, text[:NOTE_MAX_CHARS]
    if not await store.note_review(case.case_id, visit.sender.user_id, note):
        return False
    await visit.audit(Act.CHANGED, case.code)
    noted = await store.get(case.case_id) or case
    await visit.say(review.review_noted(noted, translator(visit.language)))
    await _warn_sender(noted, visit)
    return True


async def _sign_off(press: Press, visit: Visit, *, agrees: bool) -> str | None:
    t = translator(visit.language)
    store = visit.desk.store.cases
    case = await visible_case(CaseId(press.number(0)), visit)
    if case is None or case.status is not CaseStatus.ANSWERED:
        return people.stale_button(t)
    by, now = visit.sender.user_id, visit.desk.clock.now()
    if not await store.review(case.case_id, by, now, agrees=agrees):
        return review.reviewed_by_another(case, t)
    await visit.audit(Act.REVIEWED, case.code)
    signed = await store.get(case.case_id) or case
    about = About(reading_id=case.reading_id, role=MessageRole.REVIEW)
    if press.message_id is not None:
        await say_end_of_card(signed, visit, edits=press.message_id)
    await visit.say(review.reviewed(signed, t), about=about)
    await _warn_sender(signed, visit)
    return None


async def _warn_sender(case: Case, visit: Visit) -> None:
    if case.review_agrees or case.sender_id == visit.sender.user_id:
        return
    sender = await visit.desk.store.people.find(case.sender_id)
    if sender is None or sender.revoked_at is not None:
        return
    await visit.say(
        review.reviewed_notice(case, visit.sender, translator(sender.language)),
        chat_id=case.chat_id,
        reply_to=case.message_id,
        about=About(reading_id=case.reading_id, role=MessageRole.NOTICE),
    )
