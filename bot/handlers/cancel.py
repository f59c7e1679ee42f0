"""Taking back what was sent, as long as it has no answer; trying again what failed.

A case that is being read can be taken back too: the analyst loses its claim and stops.
"""

from typing import Any

from telegram.ext import BaseHandler

from bot.domain.cases import Case
from bot.domain.ids import CaseId, ReadingId
from bot.domain.messages import About, MessageRole, Outgoing, Reply
from bot.handlers.context import Context
from bot.handlers.history import visible_case
from bot.handlers.permissions import Press, on_button, on_command
from bot.locale import translator
from bot.replies import people, queue
from bot.replies.buttons import Action
from bot.replies.commands import Command


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes `/cancel` and the buttons to cancel and to try again."""
    return [
        on_command(Command.CANCEL, cancel_newest),
        on_button(Action.CANCEL, cancel_pressed),
        on_button(Action.TRY_AGAIN, try_again),
    ]


async def cancel_newest(context: Context) -> None:
    """Take back what the person asked last and has no answer to."""
    store, t, key = context.services.store, translator(context.language), context.next_key()
    if await store.outbox.knows(key):
        return  # this update was served before a crash: another case must not go too
    reading_id = await store.readings.newest_open(context.sender.user_id)
    case = None if reading_id is None else await store.cases.of_reading(reading_id)
    if reading_id is None or case is None:
        await context.say(queue.nothing_to_cancel(t))
        return
    words = _words(case, reading_id, context)
    told = Outgoing(key=key, chat_id=context.chat, reply=words)
    if not await _cancel(reading_id, words, context, told):
        await context.say(queue.too_late_to_cancel(case, t))


async def cancel_pressed(press: Press, context: Context) -> str | None:
    """Take back the reading whose button was pressed."""
    reading_id = ReadingId(press.number(0))
    case = await context.services.store.cases.of_reading(reading_id)
    if case is not None and await _cancel(reading_id, _words(case, reading_id, context), context):
        return None
    return people.stale_button(translator(context.language))


async def try_again(press: Press, context: Context) -> str | None:
    """Give a failed case new attempts."""
    t = translator(context.language)
    case = await visible_case(CaseId(press.number(0)), context)
    if (
        case is None
        or not case.pictures
        or not await context.services.store.readings.requeue(case.reading_id, by=context.actor)
    ):
        return people.stale_button(t)
    await context.say(queue.queued_again(case, t), about=_as_received(case, context))
    return None


def _as_received(case: Case, context: Context) -> About | None:
    """In its own chat the word that a case waits again is its "received" message from then on."""
    if context.chat != case.chat_id:
        return None
    return About(reading_id=case.reading_id, role=MessageRole.RECEIVED)


async def _cancel(reading_id: ReadingId, words: Reply, context: Context, *told: Outgoing) -> bool:
    """Cancel, closing the "received" message, all or none."""
    closing = Outgoing(
        key=f"reading:{reading_id}:cancelled",
        chat_id=context.chat,
        reply=words,
        about=About(reading_id=reading_id, role=MessageRole.RECEIVED),
        edits_received=True,
    )
    return await context.services.store.readings.cancel(
        reading_id, [closing, *told], by=context.actor
    )


def _words(case: Case, reading_id: ReadingId, context: Context) -> Reply:
    t = translator(context.language)
    if reading_id == case.reading_id:
        return queue.cancelled(case, t)
    return queue.question_cancelled(case, t)
