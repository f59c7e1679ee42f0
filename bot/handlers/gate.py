"""Who is let in: enrolled people who accepted the terms, in their own chat.

Comes before every other handler. Everybody else gets one polite answer to a message and nothing
more. A group chat gets nothing at all: a case must not be read out to whoever is in it.
"""

from typing import Any

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import ApplicationHandlerStop, BaseHandler, TypeHandler

from bot.domain.ids import UserId
from bot.domain.people import Person
from bot.handlers.context import Context
from bot.locale import translator
from bot.replies import people
from bot.replies.buttons import Action

GROUP = -1
"""PTB's handler group of the gate: before the others."""

_OPEN_COMMANDS = {"start"}
_NEW_PEOPLES_COMMANDS = {"start", "language"}
_NEW_PEOPLES_BUTTONS = {Action.ACCEPT_TERMS, Action.FULL_TERMS, Action.LANGUAGE}


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """The gate."""
    return [TypeHandler(Update, admit)]


async def admit(update: Update, context: Context) -> None:
    """Let an update through, or answer and stop it.

    Raises:
        ApplicationHandlerStop: It goes no further.
    """
    chat, user = update.effective_chat, update.effective_user
    if user is None or chat is None or chat.type != ChatType.PRIVATE:
        raise ApplicationHandlerStop
    person = await context.services.store.people.find(UserId(user.id))
    context.begin(update, person)
    if not _may_pass(update, person):
        await _refuse(update, context, person)
        raise ApplicationHandlerStop


def _may_pass(update: Update, person: Person | None) -> bool:
    if person is not None and person.may_ask:
        return True
    if person is None or person.revoked_at is not None:
        return _command(update) in _OPEN_COMMANDS
    return _command(update) in _NEW_PEOPLES_COMMANDS or _button(update) in _NEW_PEOPLES_BUTTONS


async def _refuse(update: Update, context: Context, person: Person | None) -> None:
    t = translator(context.language)
    if update.callback_query is not None:
        await context.acknowledge(update, people.stale_button(t))
    elif person is None or person.revoked_at is not None:
        await context.say(people.not_enrolled(t))
    else:
        await context.say(people.terms(t))


def _command(update: Update) -> str:
    text = (update.message.text if update.message is not None else None) or ""
    name = text.split(maxsplit=1)[0] if text.strip() else ""
    return name[1:].partition("@")[0].lower() if name.startswith("/") else ""


def _button(update: Update) -> str:
    data = update.callback_query.data if update.callback_query is not None else None
    return (data or "").partition(":")[0]
