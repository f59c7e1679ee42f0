"""Taking back what was sent, as long as it has no answer; trying again what failed.

A case that is being read can be taken back too: the analyst loses its claim and stops.
"""

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler

from bot.domain import About, Case, CaseId, MessageRole, Outgoing, ReadingId, Reply
from bot.handlers.visit import Visit
from bot.locale import translator
from bot.replies import people, queue
from bot.replies.buttons import Action, arguments, pressed
from bot.replies.commands import Command


def handlers() -> list[BaseHandler[Any, Visit, None]]:
    """What takes `/cancel` and the buttons to cancel and to try again."""
    return [
        CommandHandler(Command.CANCEL, cancel_newest),
        CallbackQueryHandler(cancel_pressed, pressed(Action.CANCEL)),
        CallbackQueryHandler(try_again, pressed(Action.TRY_AGAIN)),
    ]


async def cancel_newest(_update: Update, visit: Visit) -> None:
    """Take back what the person asked last and has no answer to."""
    store, t, key = visit.desk.store, translator(visit.language), visit.next_key()
    if await store.outbox.knows(key):
        return  # this update was served before a crash: another case must not go too
    reading_id = await store.readings.newest_open(visit.sender.user_id)
    case = None if reading_id is None else await store.cases.of_reading(reading_id)
    if reading_id is None or case is None:
        await visit.say(queue.nothing_to_cancel(t))
        return
    words = _words(case, reading_id, visit)
    told = Outgoing(key=key, chat_id=visit.chat, reply=words)
    if not await _cancel(reading_id, words, visit, told):
        await visit.say(queue.too_late_to_cancel(case, t))


async def cancel_pressed(update: Update, visit: Visit) -> None:
    """Take back the reading whose button was pressed."""
    store, t = visit.desk.store, translator(visit.language)
    reading_id = ReadingId(_number(update))
    case = await store.cases.of_reading(reading_id)
    if case is None or not visit.sender.may_see(case):
        await visit.acknowledge(update, people.stale_button(t))
    elif await _cancel(reading_id, _words(case, reading_id, visit), visit):
        await visit.acknowledge(update)
    else:
        await visit.acknowledge(update, people.stale_button(t))


async def try_again(update: Update, visit: Visit) -> None:
    """Give a failed case new attempts."""
    store, t = visit.desk.store, translator(visit.language)
    case = await store.cases.get(CaseId(_number(update)))
    if case is None or not visit.sender.may_see(case):
        await visit.acknowledge(update, people.stale_button(t))
    elif await store.readings.requeue(case.reading_id, visit.desk.clock.now()):
        await visit.acknowledge(update)
        await visit.say(queue.queued_again(case, t))
    else:
        await visit.acknowledge(update, people.stale_button(t))


async def _cancel(reading_id: ReadingId, words: Reply, visit: Visit, *told: Outgoing) -> bool:
    """Cancel, closing the "received" message, all or none."""
    closing = Outgoing(
        key=f"reading:{reading_id}:cancelled",
        chat_id=visit.chat,
        reply=words,
        about=About(reading_id=reading_id, role=MessageRole.RECEIVED),
        edits_received=True,
    )
    now = visit.desk.clock.now()
    sender = visit.sender.user_id
    return await visit.desk.store.readings.cancel(reading_id, sender, [closing, *told], now)


def _words(case: Case, reading_id: ReadingId, visit: Visit) -> Reply:
    t = translator(visit.language)
    if reading_id == case.reading_id:
        return queue.cancelled(case, t)
    return queue.question_cancelled(case, t)


def _number(update: Update) -> int:
    """The number a button was made with, 0 for one that carries none: nothing has it."""
    data = update.callback_query.data if update.callback_query is not None else None
    number = next(iter(arguments(data or "")), "")
    return int(number) if number.isdecimal() and len(number) < 19 else 0
