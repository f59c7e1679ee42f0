"""Questions about a case: put to the model, or answered otherwise where it must not be asked.

A question that replies to nothing is taken as about the case that was answered last, once whoever
asks has said so.
"""

from datetime import timedelta
from typing import Any

from telegram.ext import BaseHandler

from bot.captions.statements import asks, is_correction, says_mistake
from bot.captions.treatment import asks_for_treatment
from bot.domain.cases import Case, CaseStatus, QueuePosition
from bot.domain.ids import CaseId, MessageId, ReadingId
from bot.domain.messages import About, MessageRole, Outgoing, Reply
from bot.handlers.context import Context
from bot.handlers.corrections import offer
from bot.handlers.history import visible_case
from bot.handlers.patient import note_typed_facts
from bot.handlers.permissions import Press, on_button
from bot.locale import translator
from bot.replies import corrections, people, questions, queue
from bot.replies.buttons import Action

RIGHT_AFTER = timedelta(minutes=30)
"""For how long after an answer a question that replies to nothing may be about it."""


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes the buttons that ask."""
    return [on_button(Action.ASK, ask_for), on_button(Action.ABOUT, take_about)]


async def put(case: Case, text: str, message_id: MessageId, context: Context) -> ReadingId | None:
    """Put a question about a case to the model; None if it was answered otherwise."""
    if await _is_served_otherwise(case, text, message_id, context):
        return None
    return await _queue(case, text, message_id, context)


async def offer_about(text: str, message_id: MessageId, context: Context) -> bool:
    """Ask whether a question that replies to nothing is about the case that was answered last.

    Returns:
        False if it is no question, or nothing was answered just now.
    """
    t = translator(context.language)
    if text and asks_for_treatment(text):
        await context.say(questions.for_a_guideline(t), reply_to=message_id)
        return True
    if not text or not asks(text):
        return False
    since = context.services.clock.now() - RIGHT_AFTER
    case = await context.services.store.readings.just_answered(context.chat, since)
    if case is None:
        return False
    about = About(reading_id=case.reading_id, role=MessageRole.NOTICE)
    await context.say(questions.about(case, text, message_id, t), reply_to=message_id, about=about)
    return True


async def ask_for(press: Press, context: Context) -> str | None:
    """Ask for a question about a case."""
    t, case = translator(context.language), await visible_case(CaseId(press.number(0)), context)
    if case is None:
        return people.stale_button(t)
    about = About(reading_id=case.reading_id, role=MessageRole.NOTICE)
    await context.say(questions.what_to_ask(case, t), about=about)
    return None


async def take_about(press: Press, context: Context) -> str | None:
    """Put the question of which it was asked what it is about, or say how to ask otherwise."""
    t, case = translator(context.language), await visible_case(CaseId(press.number(0)), context)
    message_id = MessageId(press.number(1))
    text = await context.services.store.inbox.text_of(context.chat, message_id)
    if case is None or text is None or press.message_id is None:
        return people.stale_button(t)
    if press.text(2) == questions.YES:
        asked = await put(case, text, message_id, context)
        await _close(press.message_id, questions.about(case, text, message_id, t), asked, context)
    else:
        await context.say(questions.asked_elsewhere(t), edits=press.message_id)
    return None


async def _close(
    message_id: MessageId, reply: Reply, asked: ReadingId | None, context: Context
) -> None:
    """Take away the buttons; all of it, where "received" takes its place."""
    closing = Outgoing(
        key=context.next_key(),
        chat_id=context.chat,
        reply=Reply(text=reply.text),
        edits=message_id,
        gives_way_to=None if asked is None else _received_key(asked),
    )
    await context.services.store.outbox.add(closing)


def _received_key(reading_id: ReadingId) -> str:
    return f"reading:{reading_id}:received"


async def _is_served_otherwise(
    case: Case, text: str, message_id: MessageId, context: Context
) -> bool:
    """Answer a reply to a case that is no question to the model, or cannot be one."""
    t, answered = translator(context.language), case.status is CaseStatus.ANSWERED
    sounds = is_correction if answered else says_mistake
    if case.withdrawal is not None:
        await context.say(corrections.is_withdrawn(case, t), reply_to=message_id)
    elif await offer(case, text, message_id, context, sounds=sounds):
        return True
    elif not answered:
        if not await note_typed_facts(case, text, context):
            await context.say(queue.not_answered_yet(case, t), reply_to=message_id)
    elif not case.pictures:
        await context.say(queue.pictures_gone(case, t), reply_to=message_id)
    elif asks_for_treatment(text):
        await context.say(questions.for_a_guideline(t), reply_to=message_id)
    else:
        return False
    return True


async def _queue(
    case: Case, question: str, message_id: MessageId, context: Context
) -> ReadingId | None:
    sender = context.sender

    def received(reading_id: ReadingId, place: QueuePosition) -> Outgoing:
        return Outgoing(
            key=_received_key(reading_id),
            chat_id=context.chat,
            reply=queue.received_question(reading_id, case, place, translator(sender.language)),
            reply_to=message_id,
            about=About(reading_id=reading_id, role=MessageRole.RECEIVED),
        )

    return await context.services.store.readings.ask(
        case,
        question,
        asked_by=sender.user_id,
        chat_id=context.chat,
        message_id=message_id,
        language=sender.language,
        received=received,
        by=context.actor,
    )
