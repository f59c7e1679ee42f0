"""What a person can do and in which language: the command menu, `/help`, `/language`."""

import logging
from contextlib import suppress
from typing import Any

from telegram import BotCommand, BotCommandScopeChat
from telegram.error import TelegramError
from telegram.ext import BaseHandler

from bot.domain.audit import Act
from bot.domain.people import Person
from bot.handlers.guard import Press, on_button, on_command
from bot.handlers.visit import Visit
from bot.locale import translator
from bot.replies import commands, people
from bot.replies.buttons import Action
from bot.replies.commands import Command
from inference.contract import Language

log = logging.getLogger(__name__)


def handlers() -> list[BaseHandler[Any, Visit, None]]:
    """What takes `/help`, `/language` and the buttons of the languages."""
    return [
        on_command(Command.HELP, give_help),
        on_command(Command.LANGUAGE, ask_language),
        on_button(Action.LANGUAGE, set_language),
    ]


async def give_help(visit: Visit) -> None:
    """Tell a person what their role can do."""
    await visit.say(commands.help_text(visit.sender, translator(visit.language)))


async def ask_language(visit: Visit) -> None:
    """Offer the languages."""
    await visit.say(people.choose_language(translator(visit.language)))


async def set_language(press: Press, visit: Visit) -> str | None:
    """Write to a person in the chosen language from now on."""
    chosen = press.text(0)
    if chosen not in set(Language):
        return people.stale_button(translator(visit.language))
    language = Language(chosen)
    await visit.say(people.language_chosen(translator(language)), edits=press.message_id)
    await speak(language, visit)
    await _tell_page(language, visit)
    return None


async def speak(language: Language, visit: Visit) -> None:
    """Write to this update's person in a language from now on."""
    person = await visit.desk.store.people.set_language(visit.sender.user_id, language)
    if person is None:
        return
    await visit.audit(Act.CHANGED, f"language {language}")
    if person.accepted_terms_at is None:
        await visit.say(people.terms(translator(language)), chat_id=person.chat_id)
    await show_commands(visit, person)


async def _tell_page(language: Language, visit: Visit) -> None:
    """Let the phone's page speak it too, where the server has one."""
    asked = {"chat_id": visit.sender.chat_id, "language_code": language}
    with suppress(TelegramError):
        await visit.bot.do_api_request("edgeradSetLanguage", api_kwargs=asked)


async def show_commands(visit: Visit, person: Person) -> None:
    """Put the commands of a person's role into the menu of their chat, in their language.

    A menu that fails to change is no reason to fail: `/help` says the same.
    """
    t = translator(person.language)
    menu = [
        BotCommand(command, commands.describe(command, person.role, t))
        for command in commands.commands_of(person.role)
    ]
    scope = BotCommandScopeChat(person.chat_id)
    try:
        if person.revoked_at is None:
            await visit.bot.set_my_commands(menu, scope=scope)
        else:
            await visit.bot.delete_my_commands(scope=scope)
    except TelegramError as error:
        log.warning("the command menu was not changed: %s", type(error).__name__)
