"""Texts: one that replies to a case is a question about it, any other gets short help."""

from typing import Any

from telegram import Message, Update
from telegram.ext import BaseHandler, MessageHandler, filters

from bot.domain.cases import Case, CaseStatus, QueuePosition
from bot.domain.ids import MessageId, ReadingId
from bot.domain.messages import About, MessageRole, Outgoing
from bot.handlers.context import Context
from bot.handlers.history import is_open_to_sender
from bot.handlers.outcome import take_awaited_place, take_place
from bot.handlers.patient import note_typed_facts, tells_of_a_patient
from bot.handlers.review import take_awaited_note, take_note
from bot.locale import translator
from bot.replies import people, pictures, queue


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes texts; tried after every command and picture."""
    return [
        MessageHandler(filters.COMMAND, answer_unknown_command),
        MessageHandler(filters.TEXT & filters.REPLY, ask),
        MessageHandler(filters.ALL, answer_anything_else),
    ]


async def ask(update: Update, context: Context) -> None:
    """Queue a question about the case that the message replies to."""
    message = update.message
    if message is None or message.text is None:
        return
    if await take_note(message, context) or await take_place(message, context):
        return
    case = await _case_replied_to(message, context)
    if case is None or not await is_open_to_sender(case, context):
        await context.say(pictures.wanted(translator(context.language)))
    elif case.status is not CaseStatus.ANSWERED:
        if await note_typed_facts(case, message.text, context):
            return
        reply = queue.not_answered_yet(case, translator(context.language))
        await context.say(reply, reply_to=message.message_id)
    elif not case.pictures:
        reply = queue.pictures_gone(case, translator(context.language))
        await context.say(reply, reply_to=message.message_id)
    else:
        await _queue_question(case, message.text, MessageId(message.message_id), context)


async def answer_unknown_command(_update: Update, context: Context) -> None:
    """Say that there is no such command."""
    await context.say(people.no_such_command(translator(context.language)))


async def answer_anything_else(update: Update, context: Context) -> None:
    """Take age and sex, or a reason, typed without a reply; say what can be sent to all else."""
    message = update.message
    if message is None:
        return
    text, t = message.text or "", translator(context.language)
    cases = await context.services.store.cases.unanswered(context.sender.user_id, limit=2)
    if len(cases) > 1 and tells_of_a_patient(text):
        await context.say(queue.which_case(t))
    elif len(cases) == 1 and await note_typed_facts(cases[0], text, context):
        return
    elif not (await take_awaited_note(text, context) or await take_awaited_place(text, context)):
        await context.say(pictures.wanted(t))


async def _case_replied_to(message: Message, context: Context) -> Case | None:
    replied = message.reply_to_message
    if replied is None:
        return None
    return await context.services.store.cases.of_message(
        context.chat, MessageId(replied.message_id)
    )


async def _queue_question(
    case: Case, question: str, message_id: MessageId, context: Context
) -> None:
    sender = context.sender

    def received(reading_id: ReadingId, place: QueuePosition) -> Outgoing:
        return Outgoing(
            key=f"reading:{reading_id}:received",
            chat_id=context.chat,
            reply=queue.received_question(reading_id, case, place, translator(sender.language)),
            reply_to=message_id,
            about=About(reading_id=reading_id, role=MessageRole.RECEIVED),
        )

    await context.services.store.readings.ask(
        case,
        question,
        asked_by=sender.user_id,
        chat_id=context.chat,
        message_id=message_id,
        language=sender.language,
        received=received,
        by=context.actor,
    )
