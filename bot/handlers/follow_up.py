"""Texts: one that replies to a case is a question about it, any other gets short help."""

from typing import Any

from telegram import Message, Update
from telegram.ext import BaseHandler, MessageHandler, filters

from bot.domain.audit import Act
from bot.domain.cases import Case, CaseStatus, Place
from bot.domain.ids import MessageId, ReadingId
from bot.domain.messages import About, MessageRole, Outgoing
from bot.handlers.patient import note_typed_facts, tells_of_a_patient
from bot.handlers.review import take_awaited_note, take_note
from bot.handlers.visit import Visit
from bot.locale import translator
from bot.replies import people, pictures, queue


def handlers() -> list[BaseHandler[Any, Visit, None]]:
    """What takes texts; tried after every command and picture."""
    return [
        MessageHandler(filters.COMMAND, answer_unknown_command),
        MessageHandler(filters.TEXT & filters.REPLY, ask),
        MessageHandler(filters.ALL, answer_anything_else),
    ]


async def ask(update: Update, visit: Visit) -> None:
    """Queue a question about the case that the message replies to."""
    message = update.message
    if message is None or message.text is None or await take_note(message, visit):
        return
    case = await _case_replied_to(message, visit)
    if case is None or not visit.sender.may_see(case):
        await visit.say(pictures.wanted(translator(visit.language)))
    elif case.status is not CaseStatus.ANSWERED:
        if await note_typed_facts(case, message.text, visit):
            return
        reply = queue.not_answered_yet(case, translator(visit.language))
        await visit.say(reply, reply_to=message.message_id)
    elif not case.pictures:
        reply = queue.pictures_gone(case, translator(visit.language))
        await visit.say(reply, reply_to=message.message_id)
    else:
        await _queue_question(case, message.text, MessageId(message.message_id), visit)


async def answer_unknown_command(_update: Update, visit: Visit) -> None:
    """Say that there is no such command."""
    await visit.say(people.no_such_command(translator(visit.language)))


async def answer_anything_else(update: Update, visit: Visit) -> None:
    """Take age and sex, or a reason, typed without a reply; say what can be sent to all else."""
    message = update.message
    if message is None:
        return
    text, t = message.text or "", translator(visit.language)
    cases = await visit.desk.store.cases.unanswered(visit.sender.user_id, limit=2)
    if len(cases) > 1 and tells_of_a_patient(text):
        await visit.say(queue.which_case(t))
    elif len(cases) == 1 and await note_typed_facts(cases[0], text, visit):
        return
    elif not await take_awaited_note(text, visit):
        await visit.say(pictures.wanted(t))


async def _case_replied_to(message: Message, visit: Visit) -> Case | None:
    replied = message.reply_to_message
    if replied is None:
        return None
    return await visit.desk.store.cases.of_message(visit.chat, MessageId(replied.message_id))


async def _queue_question(case: Case, question: str, message_id: MessageId, visit: Visit) -> None:
    sender = visit.sender

    def received(reading_id: ReadingId, place: Place) -> Outgoing:
        return Outgoing(
            key=f"reading:{reading_id}:received",
            chat_id=visit.chat,
            reply=queue.received_question(reading_id, case, place, translator(sender.language)),
            reply_to=message_id,
            about=About(reading_id=reading_id, role=MessageRole.RECEIVED),
        )

    await visit.audit(Act.ASKED, case.code)
    await visit.desk.store.readings.ask(
        case,
        question,
        asked_by=sender.user_id,
        chat_id=visit.chat,
        message_id=message_id,
        language=sender.language,
        now=visit.desk.clock.now(),
        received=received,
    )
