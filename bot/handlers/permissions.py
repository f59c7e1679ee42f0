"""The one place where roles are checked, for commands and for buttons.

The gate has let only enrolled people pass; what is left to ask is whether their role is enough. A
button is always acknowledged, so that no phone waits for it, and one that is old or forged is
answered in words.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler

from bot.domain.audit import Act
from bot.domain.ids import MessageId
from bot.handlers.context import Context
from bot.locale import translator
from bot.replies import people
from bot.replies.buttons import Action, arguments, pressed
from bot.replies.commands import Command

MAX_NUMBER_DIGITS = 18


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes buttons that nobody else knows; tried after every other."""
    return [CallbackQueryHandler(answer_stale_button)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A pressed button.

    Args:
        arguments: What it was made with; comes from outside.
        message_id: The message it stands under, None if that is too old.
    """

    arguments: tuple[str, ...]
    message_id: MessageId | None

    def text(self, place: int) -> str:
        """An argument, empty where there is none."""
        return self.arguments[place] if place < len(self.arguments) else ""

    def number(self, place: int) -> int:
        """A number among the arguments, 0 where there is none: nothing has it."""
        text = self.text(place)
        valid = text.isascii() and text.isdigit() and len(text) <= MAX_NUMBER_DIGITS
        return int(text) if valid else 0


OnCommand = Callable[[Context], Awaitable[None]]
OnPress = Callable[[Press, Context], Awaitable[str | None]]
"""Serves a press; returns what to show on the button, if anything."""


def on_command(command: Command, serve: OnCommand) -> CommandHandler[Context, None]:
    """A handler for a command, for those whose role is high enough."""

    async def guarded(_update: Update, context: Context) -> None:
        await serve_allowed(command, serve, context)

    return CommandHandler(command, guarded)


async def serve_allowed(command: Command, serve: OnCommand, context: Context) -> None:
    """Serve a command if the role of this update's person is high enough; say so if not."""
    if context.sender.role.at_least(command.least_role):
        await serve(context)
    else:
        words = people.not_allowed(command.least_role, translator(context.language))
        await context.say(words, entry=context.actor.does(Act.REFUSED, f"/{command}"))


def on_button(action: Action, serve: OnPress) -> CallbackQueryHandler[Context, None]:
    """A handler for a button, for those whose role is high enough."""

    async def guarded(update: Update, context: Context) -> None:
        text: str | None = people.stale_button(translator(context.language))
        press = _press(update)
        if press is not None and context.sender.role.at_least(action.least_role):
            text = await serve(press, context)
        elif press is not None:
            refused = context.actor.does(Act.REFUSED, action)
            await context.services.store.audit.add(refused)
        await context.acknowledge(update, text)

    return CallbackQueryHandler(guarded, pressed(action))


async def answer_stale_button(update: Update, context: Context) -> None:
    """Say that a button is no longer valid."""
    await context.acknowledge(update, people.stale_button(translator(context.language)))


def _press(update: Update) -> Press | None:
    """The press; None without data, which PTB takes for a match of any pattern."""
    query = update.callback_query
    if query is None or not query.data:
        return None
    return Press(
        arguments=tuple(arguments(query.data)),
        message_id=None if query.message is None else MessageId(query.message.message_id),
    )
