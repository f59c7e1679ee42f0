"""Texts: one that replies to a case is a question about it, any other gets short help."""

from typing import Any

from telegram import Message, Update
from telegram.ext import BaseHandler, MessageHandler, filters

from bot.domain.cases import Case
from bot.domain.ids import MessageId
from bot.handlers.asking import take_answer
from bot.handlers.context import Context
from bot.handlers.corrections import take_awaited
from bot.handlers.history import is_open_to_sender
from bot.handlers.outcome import take_awaited_place, take_place
from bot.handlers.patient import note_typed_facts, tells_of_a_patient
from bot.handlers.questions import offer_about, put
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
    if await take_answer(message, context):
        return
    case = await _case_replied_to(message, context)
    if await take_awaited(message.text, context, case=case):
        return
    if case is None or not await is_open_to_sender(case, context):
        await context.say(pictures.wanted(translator(context.language)))
    else:
        await put(case, message.text, MessageId(message.message_id), context)


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
    elif not await _is_awaited(text, MessageId(message.message_id), context):
        await context.say(pictures.wanted(t))


async def _is_awaited(text: str, message_id: MessageId, context: Context) -> bool:
    """Take a text for what it follows: a disagreement, a referral, an answer."""
    return (
        await take_awaited_note(text, context)
        or await take_awaited_place(text, context)
        or await offer_about(text, message_id, context)
    )


async def _case_replied_to(message: Message, context: Context) -> Case | None:
    replied = message.reply_to_message
    if replied is None:
        return None
    return await context.services.store.cases.of_message(
        context.chat, MessageId(replied.message_id)
    )
