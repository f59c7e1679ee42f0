"""Texts: one that replies to a case is a question about it, any other gets short help."""

from typing import Any

from telegram import Message, Update
from telegram.ext import BaseHandler, MessageHandler, filters

from bot.captions.statements import is_correction, says_mistake
from bot.domain.cases import Case, CaseStatus, QueuePosition
from bot.domain.ids import MessageId, ReadingId
from bot.domain.messages import About, MessageRole, Outgoing
from bot.handlers.asking import take_answer
from bot.handlers.context import Context
from bot.handlers.corrections import offer, take_awaited
from bot.handlers.history import is_open_to_sender
from bot.handlers.outcome import take_awaited_place, take_place
from bot.handlers.patient import note_typed_facts, tells_of_a_patient
from bot.handlers.review import take_awaited_note, take_note
from bot.locale import translator
from bot.replies import corrections, people, pictures, queue


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
    if await take_answer(message, context):
        return
    case = await _case_replied_to(message, context)
    if await take_awaited(message.text, context, case=case):
        return
    if case is None or not await is_open_to_sender(case, context):
        await context.say(pictures.wanted(translator(context.language)))
    elif not await _is_served_otherwise(case, message, message.text, context):
        await _queue_question(case, message.text, MessageId(message.message_id), context)


async def _is_served_otherwise(case: Case, message: Message, text: str, context: Context) -> bool:
    """Answer a reply to a case that is no question to the model, or cannot be one."""
    t, answered = translator(context.language), case.status is CaseStatus.ANSWERED
    if case.withdrawal is not None:
        await context.say(corrections.is_withdrawn(case, t), reply_to=message.message_id)
    elif await offer(case, message, context, sounds=is_correction if answered else says_mistake):
        return True
    elif not answered:
        if not await note_typed_facts(case, text, context):
            await context.say(queue.not_answered_yet(case, t), reply_to=message.message_id)
    elif not case.pictures:
        await context.say(queue.pictures_gone(case, t), reply_to=message.message_id)
    else:
        return False
    return True


async def answer_unknown_command(_update: Update, context: Context) -> None:
    """Say that there is no such command."""
    await context.say(people.no_such_command(translator(context.language)))


async def answer_anything_else(update: Update, context: Context) -> None:
    """Take age and sex, or a reason, typed without a reply; say what can be sent to all else."""
    message = update.message
    if message is None:
        return
    text, t = message.text or "", translator(context.language)
    if text and await take_awaited(text, context):
        return
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
