"""Joining: an invite code makes a person, accepting the terms allows pictures.

Both may be done again and change nothing.
"""

import asyncio
from typing import Any

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import BaseHandler, CommandHandler

from bot.domain.messages import Attachment, Reply
from bot.domain.names import NAME_MAX_CHARS
from bot.domain.people import Person
from bot.errors import InviteError, InviteNotNeeded
from bot.gateway_methods import GatewayMethods
from bot.handlers import menu
from bot.handlers.context import Context
from bot.handlers.permissions import Press, on_button
from bot.locale import translator
from bot.replies import people, qr_picture
from bot.replies.buttons import Action
from bot.replies.commands import Command
from bot.replies.markup import words_of
from inference.contract import Language


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes `/start`, from anybody, and the buttons under the terms."""
    return [
        CommandHandler(Command.START, start),
        on_button(Action.ACCEPT_TERMS, accept_terms),
        on_button(Action.FULL_TERMS, show_full_terms),
    ]


async def start(update: Update, context: Context) -> None:
    """Enrol somebody who brings a code; greet whoever is enrolled."""
    if context.args:
        await _redeem(context.args[0], update, context)
    elif context.person is None or context.person.revoked_at is not None:
        await context.say(people.ask_for_invite(translator(_language(update, context))))
    else:
        await _greet(context.person, context)


async def accept_terms(press: Press, context: Context) -> str | None:
    """Note that a person accepted the terms, and say what can be done now."""
    person = await context.services.store.people.accept_terms(
        context.sender.user_id, by=context.actor
    )
    if person is None:
        return people.stale_button(translator(context.language))
    t = translator(person.language)
    if press.message_id is not None:
        await context.say(people.terms(t, accepted=True), edits=press.message_id)
    await context.say(people.terms_accepted(t))
    return None


async def show_full_terms(_press: Press, context: Context) -> str | None:
    """Show the addresses of the full terms, to be scanned."""
    drawn = await asyncio.to_thread(qr_picture.addresses, *people.FULL_TERMS)
    picture = Attachment(file_name="terms.png", data=drawn)
    await context.say(people.full_terms(translator(context.language)), attachment=picture)
    return None


async def _redeem(code: str, update: Update, context: Context) -> None:
    language, newcomer = _language(update, context), context.person is None
    user = update.effective_user
    name = ("" if user is None else user.full_name)[:NAME_MAX_CHARS] or "?"
    try:
        person = await context.services.store.people.redeem_invite(
            code,
            user_id=context.user,
            chat_id=context.chat,
            name=name,
            language=language,
            by=context.actor,
        )
    except InviteNotNeeded:
        if context.person is not None:
            await context.say(people.enrolled_already(context.person, translator(language)))
    except InviteError as error:
        problem = people.invite_problem(error, translator(language))
        if not await _tell_page(problem, context):
            await context.say(problem)
    else:
        await _greet(person, context)
        if newcomer and person.name != name:
            await context.say(people.name_taken(person, translator(language)))


async def _tell_page(problem: Reply, context: Context) -> bool:
    """Say on the page where somebody joins why they cannot; False where there is no such page."""
    try:
        return await GatewayMethods(context.bot).refuse_join(context.chat, words_of(problem.text))
    except TelegramError:
        return False


async def _greet(person: Person, context: Context) -> None:
    t = translator(person.language)
    await context.say(people.welcome(person, t))
    if person.accepted_terms_at is None:
        await context.say(people.terms(t))
    await menu.show_commands(context, person)


def _language(update: Update, context: Context) -> Language:
    """The person's own; else the phone's, where the bot speaks it; else the clinic's."""
    if context.person is not None:
        return context.person.language
    user = update.effective_user
    code = (user.language_code if user is not None else None) or ""
    spoken = code.partition("-")[0].lower()
    return Language(spoken) if spoken in set(Language) else context.language
