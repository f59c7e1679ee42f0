"""What a person can do and in which language: the command menu, `/help`, `/language`."""

import logging
from contextlib import suppress
from typing import Any

from telegram import BotCommand, BotCommandScopeChat
from telegram.error import TelegramError
from telegram.ext import BaseHandler

from bot.domain.people import Person
from bot.gateway_methods import GatewayMethods
from bot.handlers.context import Context
from bot.handlers.permissions import Press, on_button, on_command
from bot.locale import translator
from bot.replies import commands, people
from bot.replies.buttons import Action
from bot.replies.commands import Command
from inference.contract import Language

log = logging.getLogger(__name__)


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes `/help`, `/language` and the buttons of the languages."""
    return [
        on_command(Command.HELP, give_help),
        on_command(Command.LANGUAGE, ask_language),
        on_button(Action.LANGUAGE, set_language),
    ]


async def give_help(context: Context) -> None:
    """Tell a person what their role can do."""
    t, has_sms = translator(context.language), context.services.settings.has_sms
    await context.say(commands.help_text(context.sender, t, has_sms=has_sms))


async def ask_language(context: Context) -> None:
    """Offer the languages."""
    await context.say(people.choose_language(translator(context.language)))


async def set_language(press: Press, context: Context) -> str | None:
    """Write to a person in the chosen language from now on."""
    chosen = press.text(0)
    if chosen not in set(Language):
        return people.stale_button(translator(context.language))
    language = Language(chosen)
    await speak(language, context)
    await context.say(people.language_chosen(translator(language)), edits=press.message_id)
    await _tell_page(language, context)
    return None


async def speak(language: Language, context: Context) -> None:
    """Write to this update's person in a language from now on."""
    person = await context.services.store.people.set_language(
        context.sender.user_id, language, by=context.actor
    )
    if person is None:
        return
    if person.accepted_terms_at is None:
        await context.say(people.terms(translator(language)), chat_id=person.chat_id)
    await show_commands(context, person)


async def _tell_page(language: Language, context: Context) -> None:
    """Let the phone's page speak it too, where the server has one."""
    with suppress(TelegramError):
        await GatewayMethods(context.bot).set_language(context.sender.chat_id, language)


async def show_commands(context: Context, person: Person) -> None:
    """Put the commands of a person's role into the menu of their chat, in their language.

    A menu that fails to change is no reason to fail: `/help` says the same.
    """
    t = translator(person.language)
    menu = [
        BotCommand(command, commands.describe(command, person.role, t))
        for command in commands.commands_of(person.role, has_sms=context.services.settings.has_sms)
    ]
    scope = BotCommandScopeChat(person.chat_id)
    try:
        if person.revoked_at is None:
            await context.bot.set_my_commands(menu, scope=scope)
        else:
            await context.bot.delete_my_commands(scope=scope)
    except TelegramError as error:
        log.warning("the command menu was not changed: %s", type(error).__name__)
